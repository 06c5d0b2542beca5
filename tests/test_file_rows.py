"""The reliability rows on files: bad ones are named, mutated ones read or refused."""

import random
from pathlib import Path

from benchmarks.reliability import fuzz
from benchmarks.reliability.bad_files import try_files
from benchmarks.reliability.hostile_files import make_places, make_texts
from benchmarks.reliability.mutations import make_seeds, mutate
from ingest.isolate import open_parser


def test_mutated_files_are_read_or_refused(tmp_path: Path) -> None:
    seeds = make_seeds(tmp_path)
    with open_parser() as parser:
        for number in range(8):
            for suffix, data in seeds.items():
                mutated = mutate(suffix, data, random.Random(number))
                assert mutated == mutate(suffix, data, random.Random(number))
                outcome, reason = fuzz._read(parser, Path(f"{number}.{suffix}"), mutated)
                assert outcome != "uncaught", reason


def test_bad_files_are_named_and_the_good_ones_stored() -> None:
    texts = (item for item in make_texts(random.Random(0)) if item.kind in {"empty", "binary"})
    result = try_files([*texts, *make_places()])
    assert result["failures"] == []
    assert result["bad_files"] == result["named_with_reason"]
    assert result["good_files"] == result["good_files_stored"] == 40
