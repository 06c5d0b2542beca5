"""The spare copy of a library's database: made after each publication, checked, and renamed whole.

It is what is left of text and vectors when the database itself is damaged; it takes as much space.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from ingest.check import find_flaws
from ingest.durable import rename_durably, sync_file
from ingest.schema import FILE_NAME
from ingest.state import DamagedDatabase

SPARE_NAME = "library.spare.sqlite"


def has_library(path: Path) -> bool:
    """Tell whether a folder has a library, be it only the spare copy of one."""
    return (path / FILE_NAME).exists() or (path / SPARE_NAME).exists()


def copy_database(connection: sqlite3.Connection, target: Path) -> None:
    """Copy an open database into the file `target`, whole and sound or not at all.

    By SQLite's online backup: the database may be read and written meanwhile. Raises
    DamagedDatabase, OSError and sqlite3.Error.
    """
    partial = target.with_name(f"{target.name}.partial")
    remove_database(partial)
    try:
        with closing(sqlite3.connect(partial)) as copy:
            # What is not whole is thrown away: no need for a journal.
            copy.execute("PRAGMA journal_mode = OFF")
            copy.execute("PRAGMA synchronous = OFF")
            connection.backup(copy)
            # One file, without a log beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
        if flaws := find_flaws(partial):
            raise DamagedDatabase(f"a copy for {target} is not sound: {flaws[0]}")
        sync_file(partial)
        remove_logs(target)
        rename_durably(partial, target)
    finally:
        remove_database(partial)


def remove_database(file: Path) -> None:
    """Remove a database and what SQLite keeps beside it."""
    remove_logs(file)
    file.unlink(missing_ok=True)


def remove_logs(file: Path) -> None:
    """Remove what SQLite keeps beside a database: another database must not be given its log."""
    for suffix in ("-wal", "-shm", "-journal"):
        file.with_name(f"{file.name}{suffix}").unlink(missing_ok=True)
