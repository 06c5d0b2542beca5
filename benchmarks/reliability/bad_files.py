"""Bad files of many classes among good ones: each is named with its reason, the good are stored."""

import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from benchmarks.reliability.hostile_documents import (
    make_costly_pdfs,
    make_pdfs,
    make_word_files,
)
from benchmarks.reliability.hostile_files import (
    LIMITS,
    BadFile,
    make_pages,
    make_places,
    make_texts,
)
from benchmarks.reliability.row import main_of
from ingest.store import Store
from ingest.sync import Report, sync
from tests.articles import WordEmbedder, make_html, make_pdf, make_text, write_docx

GOOD = 40
# Of a class, in a quick run.
_QUICK_FILES = 2
# What this user or system cannot make is left out and told.
_CANNOT_MAKE = (OSError, AttributeError, NotImplementedError)


def run(quick: bool, seed: int) -> dict[str, object]:
    """Ingest a folder of bad and good files once; check what is said of each."""
    return try_files(_make_all(seed, quick))


def try_files(bad: Iterable[BadFile]) -> dict[str, object]:
    """Ingest bad files with good ones between them; count, and list what did not hold."""
    with tempfile.TemporaryDirectory(prefix="footnote-bad-") as temporary:
        # A folder of its own for each side: links lead out of the first.
        root = Path(os.path.realpath(temporary)) / "articles"
        made, not_made = _write_bad(root, bad)
        good = _write_good(root)
        started = time.perf_counter()
        report = sync([root], Path(temporary) / "library", WordEmbedder(), limits=LIMITS)
        seconds = time.perf_counter() - started
        with Store(Path(temporary) / "library") as store:
            stored = {article.path for article in store.list_articles()}
    failures = [*_check_bad(made, report, stored), *_check_good(good, report, stored)]
    named = {failure.path for failure in report.failed}
    return {
        "bad_files": len(made),
        "classes": len({item.kind for item in made.values()}),
        "named_with_reason": sum(str(path) in named for path in made),
        "odd_but_read": sum(str(path) in stored for path in made),
        "could_not_be_made_here": not_made,
        "good_files": len(good),
        "good_files_stored": sum(str(path) in stored for path in good),
        "ingest_seconds": round(seconds, 1),
        "classes_and_files": dict(Counter(item.kind for item in made.values())),
        "failures": failures,
    }


def _make_all(seed: int, quick: bool) -> list[BadFile]:
    chance = random.Random(seed)
    makers = [make_texts(chance), make_pages(), make_pdfs(chance), make_word_files(chance)]
    if not quick:
        makers.append(make_costly_pdfs())
    counts = Counter[str]()
    chosen = []
    for item in chain(*makers, make_places()):
        counts[item.kind] += 1
        if not quick or counts[item.kind] <= _QUICK_FILES:
            chosen.append(item)
    return chosen


def _write_bad(root: Path, bad: Iterable[BadFile]) -> tuple[dict[Path, BadFile], list[str]]:
    made, not_made = {}, []
    for item in bad:
        # Between the good ones, in the order that files are read in.
        folder = root / item.kind
        folder.mkdir(parents=True, exist_ok=True)
        try:
            item.make(folder / item.name)
        except _CANNOT_MAKE as error:
            not_made.append(f"{item.name!a}: {error}")
        else:
            made[folder / item.name] = item
    return made, not_made


def _write_good(root: Path) -> list[Path]:
    """Write good files of each format, some into each folder, and return them."""
    folders = sorted(folder for folder in root.iterdir())
    paths = []
    for number in range(GOOD):
        path = folders[number % len(folders)] / f"good {number}"
        text = make_text(100 + number)
        match number % 4:
            case 0:
                path = path.with_suffix(".txt")
                path.write_text(text, encoding="utf-8")
            case 1:
                path = path.with_suffix(".html")
                path.write_text(make_html(f"T {number}", text.split("\n\n")[1:]), encoding="utf-8")
            case 2:
                path = path.with_suffix(".pdf")
                path.write_bytes(make_pdf([text.replace("\n\n", ". ").strip().split(". ")]))
            case _:
                path = write_docx(path.with_suffix(".docx"), f"T {number}", text.split("\n\n"))
        paths.append(path)
    return paths


def _check_bad(made: dict[Path, BadFile], report: Report, stored: set[str]) -> list[str]:
    reasons = {failure.path: failure.reason for failure in report.failed}
    failures = []
    for path, item in made.items():
        reason = reasons.get(str(path), "")
        if not reason and not (item.may_be_read and str(path) in stored):
            failures.append(f"{item.name!a}: nothing is said of it")
        elif reason and not any(word in reason for word in item.words):
            failures.append(f"{item.name!a}: {reason}")
    return failures


def _check_good(good: list[Path], report: Report, stored: set[str]) -> list[str]:
    reasons = {failure.path: failure.reason for failure in report.failed}
    return [
        f"{path.name} is not stored: {reasons.get(str(path), 'nothing is said of it')}"
        for path in good
        if str(path) not in stored
    ]


if __name__ == "__main__":
    main_of(run, "bad_files")
