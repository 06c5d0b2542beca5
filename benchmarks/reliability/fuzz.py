"""Thousands of mutated files through the parsing process: nothing uncaught, memory limited."""

import hashlib
import random
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

from benchmarks.reliability.mutations import make_seeds, mutate
from benchmarks.reliability.row import main_of
from ingest.chunk import PASSAGE_WORDS
from ingest.isolate import Parser, open_parser
from ingest.limits import Limits
from ingest.load import FileBytes, UnreadableFile

LIMITS = Limits(memory_mb=600, seconds=20)
_FILES, _QUICK_FILES = 10_000, 400
# What no file may bring about: an exception that nobody foresaw, or a crash.
_UNCAUGHT = re.compile("the parser failed|crashed the parser|ended the parser|makes no sense")
_LIMITED = re.compile("takes too long|too much memory|over the limit")
_LOOK_EVERY = 20


def run(quick: bool, seed: int) -> dict[str, object]:
    """Read mutated files of all formats; count what became of them."""
    outcomes: Counter[str] = Counter()
    by_format: Counter[str] = Counter()
    failures: list[str] = []
    peak = 0.0
    with tempfile.TemporaryDirectory(prefix="footnote-fuzz-") as folder:
        seeds = make_seeds(Path(folder))
    with open_parser(LIMITS) as parser:
        for number in range(_QUICK_FILES if quick else _FILES):
            # Each file follows from the seed and its number alone, so that one can be made again.
            chance = random.Random(f"{seed} {number}")
            suffix = chance.choice(sorted(seeds))
            data = mutate(suffix, seeds[suffix], chance)
            outcome, told = _read(parser, Path(f"{number}.{suffix}"), data)
            outcomes[outcome] += 1
            by_format[suffix] += 1
            if outcome == "uncaught":
                failures.append(f"seed {seed}, file {number}.{suffix}: {told}")
            if number % _LOOK_EVERY == 0:
                peak = max(peak, _measure_memory(parser))
    return {
        "files": by_format.total(),
        "by_format": dict(by_format),
        "outcomes": dict(outcomes),
        "memory_limit_mb": LIMITS.memory_mb,
        "memory_peak_mb": peak,
        "failures": failures,
    }


def _read(parser: Parser, path: Path, data: bytes) -> tuple[str, str]:
    """Return what became of a file: read, refused, stopped at a limit, or uncaught."""
    file = FileBytes(path, data, hashlib.sha256(data).hexdigest())
    try:
        parser.read(file, "an-id", PASSAGE_WORDS, None)
    except UnreadableFile as error:
        if _UNCAUGHT.search(error.reason):
            return "uncaught", error.reason
        return ("limited" if _LIMITED.search(error.reason) else "refused"), error.reason
    return "read", ""


def _measure_memory(parser: Parser) -> float:
    """Return the most address space that the process ever had, in MB; 0 where none is told."""
    if sys.platform != "linux" or parser.child is None or not parser.child.is_ready():
        return 0.0
    try:
        status = Path(f"/proc/{parser.child.pid}/status").read_text(encoding="ascii")
    # It may end by itself at any time.
    except OSError:
        return 0.0
    found = re.search(r"VmPeak:\s+(\d+) kB", status)
    return round(int(found[1]) * 1024 / 1_000_000, 1) if found else 0.0


if __name__ == "__main__":
    main_of(run, "fuzz")
