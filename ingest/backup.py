"""Back a library up into one file, and restore it from there."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from ingest.check import find_flaws
from ingest.database import digest_contents
from ingest.disk import explain_errors
from ingest.durable import rename_durably, sync_file
from ingest.lock import lock_library
from ingest.repair import Repair, repair_locked
from ingest.salvage import replace_database
from ingest.schema import FILE_NAME, FORMAT, connect
from ingest.sound import open_database, read_file_state
from ingest.spare import SPARE_NAME, copy_database, has_library
from ingest.state import DamagedDatabase, LibraryState, read_state, write_state
from ingest.upgrade import describe_newer_format, upgrade_database


class WouldOverwrite(FileExistsError):
    """What is to be written is there already, and was not said to be replaced."""


def back_up_library(path: Path, file: Path, *, force: bool = False) -> int:
    """Copy the database of the library in folder `path` into `file`; return the bytes of it.

    The library may be asked and written meanwhile. Raises FileNotFoundError, WouldOverwrite unless
    `force` is set, DamagedDatabase, and OSError for what cannot be written or read.
    """
    if file.is_dir() or not file.parent.is_dir():
        raise NotADirectoryError(f"{file} cannot be written; name a file in a folder that is there")
    if file.exists() and not force:
        raise WouldOverwrite(f"{file} is there already; replace it with --force")
    with closing(open_database(path).connection) as connection:
        if read_state(connection) is None:
            raise FileNotFoundError(path / FILE_NAME)
        with explain_errors(file.parent, sqlite3.OperationalError):
            copy_database(connection, file)
    return file.stat().st_size


def restore_library(path: Path, file: Path, *, force: bool = False) -> Repair:
    """Make the library in folder `path` what it was when `file` was made, and index it.

    The file is checked first. Readers go on, and see it at their next refresh. Raises
    FileNotFoundError, WouldOverwrite if there is a library, unless `force` is set, LibraryBusy,
    DamagedDatabase, OSError and sqlite3.Error.
    """
    if not file.is_file():
        raise FileNotFoundError(file)
    if flaws := find_flaws(file):
        raise DamagedDatabase(f"{flaws[0]}; nothing was changed")
    state = read_file_state(file)
    if state is not None and state.format > FORMAT:
        raise DamagedDatabase(describe_newer_format(file, state))
    path.mkdir(parents=True, exist_ok=True)
    with lock_library(path):
        if has_library(path) and not force:
            raise WouldOverwrite(f"{path} has a library already; replace it with --force")
        known = (read_file_state(path / name) for name in (FILE_NAME, SPARE_NAME))
        revisions = [item.revision for item in known if item]
        _put_as_spare(path, file, max(revisions, default=0))
        replace_database(path)
        return repair_locked(path)


def _put_as_spare(path: Path, file: Path, revision: int) -> None:
    """Put a copy of a sound database, as a revision after `revision`, as the spare copy."""
    partial = path / f"{SPARE_NAME}.restored"
    with closing(connect(file)) as connection:
        copy_database(connection, partial)
    with closing(connect(partial)) as connection:
        state = read_state(connection)
        if state is None:
            raise DamagedDatabase(f"{file} holds no library")
        if state.format < FORMAT:
            state = upgrade_database(connection, state)
        with connection:
            _renumber(connection, state, max(revision, state.revision) + 1)
    sync_file(partial)
    rename_durably(partial, path / SPARE_NAME)


def _renumber(connection: sqlite3.Connection, state: LibraryState, revision: int) -> None:
    """Make what a database shows a later revision, which is to be indexed; the rest goes."""
    # Before the first publication what is staged is shown.
    shown = state.revision or 1
    gone = "DELETE FROM articles WHERE added > ? OR removed <= ?"
    connection.execute(gone, (shown, shown))
    connection.execute("UPDATE articles SET removed = NULL, added = ?", (revision,))
    contents = digest_contents(connection, revision)
    state = replace(state, revision=revision, generation="", manifest="", contents=contents)
    write_state(connection, state)
