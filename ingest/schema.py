"""The file of a library: how it is opened, and which tables it has."""

import sqlite3
from functools import partial
from pathlib import Path

FILE_NAME = "library.sqlite"
# 1 had no checksums; a writer brings it to 2 (ingest/upgrade.py), readers read both.
FORMAT = 2
# How SQLite names the want of a file for shared memory: on a full disk, in a read-only folder.
_NO_SHARED_MEMORY = ("SQLITE_IOERR_SHM", "SQLITE_CANTOPEN", "SQLITE_READONLY")
SCHEMA = """
CREATE TABLE library (
    format INTEGER NOT NULL, model TEXT NOT NULL, dimensions INTEGER NOT NULL,
    revision INTEGER NOT NULL, generation TEXT NOT NULL, identity TEXT NOT NULL,
    manifest TEXT NOT NULL, contents TEXT NOT NULL, seal INTEGER NOT NULL
);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, added INTEGER NOT NULL, removed INTEGER,
    seal INTEGER NOT NULL,
    article_id TEXT NOT NULL, path TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
    headings TEXT NOT NULL, sha256 TEXT NOT NULL, file_sha256 TEXT NOT NULL, author TEXT,
    published TEXT, url TEXT, summary TEXT, topics TEXT NOT NULL, sources TEXT NOT NULL,
    recipe TEXT NOT NULL, model TEXT NOT NULL
);
CREATE UNIQUE INDEX live_article ON articles (article_id) WHERE removed IS NULL;
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, heading TEXT NOT NULL, sentences TEXT NOT NULL,
    vector BLOB NOT NULL REFERENCES vectors (key)
);
CREATE INDEX passages_by_article ON passages (article);
CREATE INDEX passages_by_vector ON passages (vector);
CREATE TABLE vectors (
    key BLOB PRIMARY KEY, vector BLOB NOT NULL, seal INTEGER NOT NULL
) WITHOUT ROWID;
"""


class FrozenConnection(sqlite3.Connection):
    """A reader's connection on a disk that cannot be written: it sees no later change."""


def connect(path: Path, *, write: bool = False) -> sqlite3.Connection:
    """Open a library's database; a writer commits through to the disk.

    On a disk that is full or read-only a reader gets a FrozenConnection.
    """
    connection = _open_file(path, "mode=rwc" if write else "mode=rw")
    if write:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    elif _lacks_shared_memory(path, connection):
        connection.close()
        return _open_file(path, "mode=ro&immutable=1", FrozenConnection)
    return connection


def has_table(connection: sqlite3.Connection, name: str) -> bool:
    """Tell whether a library has a table; those added later are missing in older ones."""
    rows = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,))
    return rows.fetchone() is not None


def has_column(connection: sqlite3.Connection, table: str, name: str) -> bool:
    """Tell whether a table has a column."""
    rows = connection.execute("SELECT 1 FROM pragma_table_info(?) WHERE name = ?", (table, name))
    return rows.fetchone() is not None


def _open_file(
    path: Path, options: str, kind: type[sqlite3.Connection] = sqlite3.Connection
) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?{options}",
        uri=True,
        timeout=30,
        check_same_thread=False,
        factory=kind,
    )
    # A damaged text is to be found by its checksum, not to end the reading of all others.
    connection.text_factory = partial(str, encoding="utf-8", errors="replace")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _lacks_shared_memory(path: Path, connection: sqlite3.Connection) -> bool:
    """Tell whether a reader cannot make the file by which it would share the log of a writer.

    It can do without if there is nothing in that log, as when the last one to use the library left.
    """
    try:
        connection.execute("PRAGMA schema_version")
    except sqlite3.OperationalError as error:
        log = path.with_name(f"{path.name}-wal")
        is_log_empty = not log.exists() or not log.stat().st_size
        return is_log_empty and error.sqlite_errorname.startswith(_NO_SHARED_MEMORY)
    # A file that is no database is told by whoever reads it.
    except sqlite3.DatabaseError:
        pass
    return False
