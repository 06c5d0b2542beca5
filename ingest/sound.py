"""Open a library's database, or its spare copy as long as the database is damaged."""

import logging
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ingest.check import EMPTY, find_flaws, is_damage
from ingest.schema import FILE_NAME, connect
from ingest.spare import SPARE_NAME
from ingest.state import DamagedDatabase, LibraryState, read_state

# Larger databases are not read whole whenever they are opened: this much takes a tenth of a second.
_CHECKED_BYTES = 8_000_000
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OpenedDatabase:
    """An open database, its file, and what is wrong with the library's own one."""

    connection: sqlite3.Connection
    file: Path
    flaws: tuple[str, ...]


def open_database(path: Path) -> OpenedDatabase:
    """Open the database of the library in folder `path`; the spare copy if it is damaged.

    Without a sound copy what can be read of the damaged one is opened; rows that are damaged are
    not returned. Raises FileNotFoundError, and sqlite3.DatabaseError if nothing can be read.
    """
    main, spare = path / FILE_NAME, path / SPARE_NAME
    if not main.exists() and not spare.exists():
        raise FileNotFoundError(main)
    flaws = find_main_flaws(path)
    if not flaws or is_unmade(path, flaws):
        return OpenedDatabase(connect(main), main, ())
    if not find_flaws(spare):
        log.error("%s; answering from its spare copy: footnote repair --store %s", flaws[0], path)
        return OpenedDatabase(connect(spare), spare, flaws)
    log.error("%s; repair it: footnote repair --store %s", flaws[0], path)
    if read_file_state(main) is None:
        raise DamagedDatabase(flaws[0])
    return OpenedDatabase(connect(main), main, flaws)


def find_main_flaws(path: Path, *, deep: bool = False) -> tuple[str, ...]:
    """Return what is wrong with the database of a library, looking at all of it if it is small.

    With `deep` all of it is looked at in any case.
    """
    main, spare = path / FILE_NAME, path / SPARE_NAME
    small = main.exists() and main.stat().st_size <= _CHECKED_BYTES
    if flaws := find_flaws(main, deep=deep or small):
        return flaws
    state, copied = read_file_state(main), read_file_state(spare)
    if state and copied and is_swapped(path, state, copied):
        return (f"{main} is an older or another library's file than its spare copy",)
    return ()


def is_unmade(path: Path, flaws: tuple[str, ...]) -> bool:
    """Tell whether a database is only the beginning of one: its making was interrupted."""
    return not (path / SPARE_NAME).exists() and all(flaw.endswith(EMPTY) for flaw in flaws)


def read_file_state(file: Path) -> LibraryState | None:
    """Return the state in a database file, None if there is none to be read."""
    if not file.exists():
        return None
    try:
        with closing(connect(file)) as connection:
            return read_state(connection)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return None


def is_swapped(path: Path, state: LibraryState, copied: LibraryState) -> bool:
    """Tell whether a sound database is not the one that this library has published last.

    The copy is made after the publication, so it is never ahead. Of two libraries' files, the one
    is right whose generation lies there.
    """
    if state.identity == copied.identity:
        return state.revision < copied.revision
    generations = path / "generations"
    has_own = state.generation and (generations / state.generation).exists()
    has_copied = copied.generation and (generations / copied.generation).exists()
    return bool(has_copied and not has_own)
