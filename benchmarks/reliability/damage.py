"""Row: files of a library cut, changed, removed or exchanged; found, answered around, repaired."""

import hashlib
import logging
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from unittest.mock import patch

from benchmarks.reliability.row import main_of
from ingest.repair import find_all_flaws, repair_library
from ingest.schema import FILE_NAME
from ingest.spare import SPARE_NAME
from ingest.store import NoLibrary, Store
from ingest.sync import sync
from tests.articles import WordEmbedder, write_articles

_ARTICLES = 40
_QUICK = 3


@dataclass(frozen=True, slots=True)
class Damage:
    """One way to damage a library: a file of it, and what becomes of that file."""

    file: str
    kind: str
    do: Callable[[Path, Path, Random], None]

    def __str__(self) -> str:
        return f"{self.file} {self.kind}"


def run(quick: bool, seed: int) -> dict[str, object]:
    """Damage a copy of one library in each way, open it, repair it, and compare all of it."""
    chance = Random(seed)
    chosen = chance.sample(VARIANTS, _QUICK) if quick else VARIANTS
    found_at_open, found, answered, repaired = 0, 0, 0, 0
    failures: list[str] = []
    # What is found is logged as an error each time.
    logging.disable(logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="damage-") as name, indexed_if_small():
        folder = Path(name).resolve()
        before, other = make_libraries(folder)
        wanted = read_all(before)
        for number, damage in enumerate(chosen):
            library = shutil.copytree(before, folder / f"{number}")
            damage.do(library, other, chance)
            opened, answers = open_damaged(library)
            flaws = find_all_flaws(library)
            lost = repair_library(library).lost
            whole = not lost and read_all(library) == wanted and not find_all_flaws(library)
            found_at_open += bool(opened)
            found += bool(opened or flaws)
            answered += answers == wanted[0]
            repaired += whole
            told = {"found": opened or flaws, "answered": answers == wanted[0], "repaired": whole}
            failures += [f"{damage}: not {what}" for what, holds in told.items() if not holds]
            shutil.rmtree(library)
    logging.disable(logging.NOTSET)
    return {
        "variants": len(chosen),
        "found_when_opened": found_at_open,
        "found": found,
        "answered_meanwhile": answered,
        "repaired_to_all_texts_and_vectors": repaired,
        "failures": failures,
    }


def indexed_if_small() -> AbstractContextManager[object]:
    """Have the vector index opened in so small a library, too."""
    return patch("ingest.generation.SCANNED_PASSAGES", 0)


def make_libraries(folder: Path) -> tuple[Path, Path]:
    """Make a library of two revisions; return it as it is now, and as it was."""
    articles, library = folder / "articles", folder / "library"
    write_articles(articles, _ARTICLES)
    sync([articles], library, WordEmbedder())
    older = shutil.copytree(library, folder / "older")
    write_articles(articles, _ARTICLES, version=1)
    sync([articles], library, WordEmbedder())
    with Store(library, use_vector_index=True) as store:
        assert store.wait_for_index()
    return library, older


def read_all(library: Path) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Return the texts of a library by id, and each passage's words with its vector's hash."""
    with Store(library) as store:
        texts = {item.article_id: item.text for item in store.list_articles()}
        numbers = store.find_passages(texts)
        passages = store.get_passages(numbers.tolist())
    with closing(sqlite3.connect(library / FILE_NAME)) as connection:
        rows = connection.execute(
            "SELECT p.number, v.vector FROM passages p JOIN vectors v ON v.key = p.vector"
        ).fetchall()
    hashes = {number: hashlib.sha256(vector).hexdigest() for number, vector in rows}
    return texts, sorted((passages[n].text, hashes[n]) for n in passages)


def open_damaged(library: Path) -> tuple[tuple[str, ...], dict[str, str]]:
    """Open a damaged library as a server does; return what it noticed and the texts it shows."""
    try:
        with Store(library, use_vector_index=True) as store:
            store.wait_for_index()
            return store.flaws, {item.article_id: item.text for item in store.list_articles()}
    except NoLibrary as error:
        return (str(error),), {}


def find_file(library: Path, pattern: str) -> Path:
    """Return the file of a library that a pattern names."""
    return sorted(library.glob(pattern))[0]


def cut(pattern: str) -> Damage:
    """Return the damage of a file cut at any place."""

    def do(library: Path, other: Path, chance: Random) -> None:
        file = find_file(library, pattern)
        os.truncate(file, chance.randrange(file.stat().st_size))

    return Damage(pattern, "truncated", do)


def flip(pattern: str, what: str = "") -> Damage:
    """Return the damage of one bit flipped: anywhere, or in something that is stored."""

    def do(library: Path, other: Path, chance: Random) -> None:
        file = find_file(library, pattern)
        data = bytearray(file.read_bytes())
        place = find_place(library, data, what, chance)
        data[place] ^= 1 << chance.randrange(8)
        file.write_bytes(data)

    return Damage(pattern, f"with a bit flipped{what and f' in a {what}'}", do)


def find_place(library: Path, data: bytearray, what: str, chance: Random) -> int:
    """Return an offset in a file: anywhere, or in a text, a vector or a page's head.

    Much of a database is unused or belongs to a past revision; flips there change nothing.
    """
    if what == "page's head":
        return 4096 * chance.randrange(1, len(data) // 4096)
    if what == "file's head":
        return chance.randrange(16)
    if what in {"text", "vector"}:
        with closing(sqlite3.connect(library / FILE_NAME)) as connection:
            rows = connection.execute(
                "SELECT cast(substr(a.text, 40, 90) AS BLOB), v.vector FROM passages p "
                "JOIN articles a ON a.number = p.article JOIN vectors v ON v.key = p.vector "
                "WHERE a.removed IS NULL ORDER BY p.number"
            ).fetchall()
        stored = chance.choice(rows)[what == "vector"]
        return data.index(stored) + chance.randrange(len(stored))
    return chance.randrange(len(data))


def lose(pattern: str) -> Damage:
    """Return the damage of a file or folder that is gone."""

    def do(library: Path, other: Path, chance: Random) -> None:
        file = find_file(library, pattern)
        shutil.rmtree(file) if file.is_dir() else file.unlink()

    return Damage(pattern, "missing", do)


def exchange(pattern: str) -> Damage:
    """Return the damage of a file put in from an older state of the library."""

    def do(library: Path, other: Path, chance: Random) -> None:
        shutil.copy(find_file(other, pattern), find_file(library, pattern))

    return Damage(pattern, "exchanged for an older one", do)


def empty(pattern: str) -> Damage:
    """Return the damage of a file without content."""

    def do(library: Path, other: Path, chance: Random) -> None:
        find_file(library, pattern).write_bytes(b"")

    return Damage(pattern, "emptied", do)


def grow(pattern: str) -> Damage:
    """Return the damage of a file ten times as large, as a torn graph of Chroma's becomes."""

    def do(library: Path, other: Path, chance: Random) -> None:
        file = find_file(library, pattern)
        os.truncate(file, 10 * max(file.stat().st_size, 1000))

    return Damage(pattern, "ten times as large", do)


_WORDS, _VECTORS = "generations/*/words", "generations/*/vectors"
VARIANTS: list[Damage] = [
    *(make(file) for file in (FILE_NAME, SPARE_NAME) for make in (cut, lose, exchange, empty)),
    *(flip(FILE_NAME, what) for what in ("text", "vector", "page's head", "file's head") * 2),
    *(flip(SPARE_NAME, what) for what in ("text", "vector", "file's head")),
    *(cut(FILE_NAME) for _ in range(2)),
    *(make(f"{_WORDS}/*.{kind}") for kind in ("idx", "term", "store") for make in (cut, flip)),
    *(make(f"{_WORDS}/meta.json") for make in (cut, flip, lose, exchange)),
    *(make(f"{_VECTORS}/*/data_level0.bin") for make in (cut, flip, lose, exchange)),
    *(make(f"{_VECTORS}/chroma.sqlite3") for make in (cut, lose, empty)),
    flip(f"{_VECTORS}/*/header.bin"),
    grow(f"{_VECTORS}/*/link_lists.bin"),
    flip("generations/*/held"),
    lose("generations/*/held"),
    lose("generations/*"),
    lose("generations"),
]

if __name__ == "__main__":
    main_of(run, "damage")
