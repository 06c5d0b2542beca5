"""Pages of the web that a library holds: where each came from, and what tells a newer one."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import astuple, dataclass
from pathlib import Path

from ingest.schema import FILE_NAME, connect, has_table

# Added to libraries when a page is first stored; without it there are none.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS pages (
    asked TEXT PRIMARY KEY, url TEXT NOT NULL, path TEXT NOT NULL, etag TEXT NOT NULL,
    modified TEXT NOT NULL, fetched_at TEXT NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was asked for at one address, and got from `url` into the file `path`.

    `etag` and `modified` are as the server told them, empty if it did not; `fetched_at` is ISO
    time in UTC.
    """

    asked: str
    url: str
    path: str
    etag: str = ""
    modified: str = ""
    fetched_at: str = ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a fetch of pages brought: the pages, and (address, reason) of those that failed.

    `gone` are pages that were stored and are not there any more; `notes` are for people.
    """

    pages: tuple[Page, ...] = ()
    gone: tuple[Page, ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


NOTHING = Gathered()


def list_pages(library: Path) -> dict[str, Page]:
    """Return the pages of a library by the address that was asked for; none without a library."""
    if not (library / FILE_NAME).exists():
        return {}
    with closing(connect(library / FILE_NAME)) as connection:
        return {page.asked: page for page in read_pages(connection)}


def read_pages(connection: sqlite3.Connection) -> list[Page]:
    """Return the pages of an open library."""
    if not has_table(connection, "pages"):
        return []
    return [Page(*row) for row in connection.execute("SELECT * FROM pages ORDER BY asked")]


def record_pages(
    connection: sqlite3.Connection, pages: Iterable[Page], gone: Iterable[Page]
) -> None:
    """Note pages, each in place of what was asked for at its address, and forget `gone` ones."""
    connection.execute(_SCHEMA)
    connection.executemany(
        "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?)", map(astuple, pages)
    )
    connection.executemany("DELETE FROM pages WHERE asked = ?", [(page.asked,) for page in gone])
