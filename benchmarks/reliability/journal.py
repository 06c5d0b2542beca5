"""What an ingest acknowledged before it was killed, and whether the library has all of it."""

import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.reliability.contents import find_disagreements
from ingest.schema import FILE_NAME
from ingest.store import NoLibrary, Store
from tests.articles import WordEmbedder, make_text, write_articles

MOST_SECONDS = 5.0


@dataclass(slots=True)
class Victim:
    """A library that is killed again and again while all of its articles change.

    `versions` is what must be stored of each article at least; -1 is nothing.
    """

    articles: Path
    library: Path
    count: int
    versions: list[int] = field(default_factory=list)
    version: int = -1
    kills: int = 0
    lost: int = 0
    unreadable: int = 0
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)

    @property
    def journal(self) -> Path:
        """The file into which an ingest writes how many files are stored."""
        return self.articles.parent / "journal"

    def change_articles(self) -> None:
        """Change every article, so that each ingest has all of its work to do."""
        self.versions = self.versions or [-1] * self.count
        self.version += 1
        write_articles(self.articles, self.count, version=self.version)
        self.journal.unlink(missing_ok=True)

    def examine(self, where: str) -> None:
        """Check the library after the ingest was killed, or done; note what was lost."""
        acknowledged = read_journal(self.journal)
        for number in range(acknowledged):
            self.versions[number] = self.version
        stored = read_versions(self.library, self.count, self.version)
        for number, (wanted, found) in enumerate(zip(self.versions, stored, strict=True)):
            if found < wanted:
                self.lost += 1
                self.failures.append(f"{where}: article {number} is of version {found}, "
                                     f"{wanted} was stored")  # fmt: skip
        self.versions = [max(pair) for pair in zip(self.versions, stored, strict=True)]
        # A kill may come before there is a library.
        if (self.library / FILE_NAME).exists() and max(self.versions) >= 0:
            self._open(where)

    def _open(self, where: str) -> None:
        started = time.perf_counter()
        try:
            with Store(self.library) as store:
                store.search_words(["harbour"], 5)
                seconds = time.perf_counter() - started
                faults = [*store.flaws, *find_disagreements(store, WordEmbedder())]
        except (NoLibrary, OSError, sqlite3.Error) as error:
            seconds, faults = time.perf_counter() - started, [f"does not open: {error}"]
        self.slowest = max(self.slowest, seconds)
        self.unreadable += bool(faults)
        if seconds > MOST_SECONDS:
            faults.append(f"usable after {seconds:.1f} s")
        self.failures += [f"{where}: {fault}" for fault in faults]

    def report(self) -> dict[str, object]:
        """Return the counts of a row."""
        return {
            "kills": self.kills,
            "committed_articles_lost": self.lost,
            "unreadable": self.unreadable,
            "slowest_opening_seconds": round(self.slowest, 2),
            "failures": self.failures,
        }


def write_journal(journal: Path, done: int) -> None:
    """Note that so many files are stored: a killed process leaves the note behind."""
    journal.write_text(str(done), encoding="utf-8")


def read_journal(journal: Path) -> int:
    """Return how many files an ingest said are stored."""
    text = journal.read_text(encoding="utf-8") if journal.exists() else ""
    # The process may have been killed while it wrote the note.
    return int(text) if text else 0


def read_versions(library: Path, count: int, newest: int) -> Sequence[int]:
    """Return the version of each article in the database, -1 for one that is not there."""
    if not (library / FILE_NAME).exists():
        return [-1] * count
    with closing(sqlite3.connect(library / FILE_NAME)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'articles'").fetchone():
            return [-1] * count
        rows = connection.execute("SELECT article_id, text FROM articles WHERE removed IS NULL")
        texts = dict(rows.fetchall())
    return [
        _find_version(texts.get(f"report-{number:02d}"), number, newest) for number in range(count)
    ]


def _find_version(text: str | None, number: int, newest: int) -> int:
    for version in range(newest, -1, -1):
        if make_text(number, version=version).split("\n\n", 1)[1].strip() == text:
            return version
    return -1
