"""Make a damaged library whole: its database, its generation, its spare copy.

`python -m ingest.repair FOLDER` does so, which a server starts as a process of its own.
"""

import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ingest.check import find_flaws
from ingest.database import count_visible
from ingest.generation import DamagedGeneration, Generation, remove_generations
from ingest.lock import LibraryBusy, lock_library
from ingest.manifest import DamagedFile
from ingest.publish import renew_spare, write_indexes
from ingest.salvage import Salvage, salvage_database
from ingest.schema import FILE_NAME, FORMAT, connect
from ingest.sound import find_main_flaws, is_unmade, read_file_state
from ingest.spare import SPARE_NAME, has_library
from ingest.state import DamagedDatabase, LibraryState, read_state, write_state
from ingest.trial import try_index
from ingest.upgrade import describe_newer_format, upgrade_database


@dataclass(frozen=True, slots=True)
class Repair:
    """What was found and done; `lost` are ids of articles whose files must be ingested again."""

    flaws: tuple[str, ...]
    articles: int
    passages: int
    from_spare: int = 0
    lost: tuple[str, ...] = ()


def repair_library(path: Path) -> Repair:
    """Find all damage of the library in folder `path` and repair it; no file of it is read again.

    Raises FileNotFoundError, LibraryBusy, DamagedDatabase if nothing can be read, OSError and
    sqlite3.Error.
    """
    if not has_library(path):
        raise FileNotFoundError(path / FILE_NAME)
    with lock_library(path):
        return repair_locked(path)


def repair_locked(path: Path) -> Repair:
    """Do as `repair_library`; the caller holds the writer's lock."""
    flaws, salvage = mend_database(path, deep=True)
    with closing(connect(path / FILE_NAME, write=True)) as connection:
        state = read_state(connection)
        if state is None:
            return Repair(flaws, 0, 0)
        if state.format > FORMAT:
            raise DamagedDatabase(describe_newer_format(path, state))
        if state.format < FORMAT:
            state = upgrade_database(connection, state)
        if broken := find_generation_flaws(path, connection, state, deep=True):
            state = write_indexes(path, connection, state)
            with connection:
                write_state(connection, state)
        spare = find_spare_flaws(path, state, deep=True)
        if spare or broken:
            renew_spare(path, connection)
        remove_generations(path / "generations", state.generation)
        articles, passages = count_visible(connection, state.revision)
    found = (*flaws, *broken, *spare)
    return Repair(found, articles, passages, salvage.from_spare, salvage.lost)


def mend_database(path: Path, *, deep: bool = False) -> tuple[tuple[str, ...], Salvage]:
    """Put a sound database in place of a damaged one; return what was wrong and what was saved.

    `deep` as for `find_main_flaws`. The caller holds the writer's lock.
    """
    flaws = find_main_flaws(path, deep=deep) if has_library(path) else ()
    # What is only the beginning of a library is made by the writer.
    if not flaws or is_unmade(path, flaws):
        return (), Salvage()
    return flaws, salvage_database(path)


def find_generation_flaws(
    path: Path, connection: sqlite3.Connection, state: LibraryState, *, deep: bool = False
) -> tuple[str, ...]:
    """Return what is wrong with the published generation; `deep` compares all hashes."""
    if not state.generation and not state.revision:
        return ()
    if not state.generation:
        return (f"{path}: its indexes are not made yet",)
    _, passages = count_visible(connection, state.revision)
    folder = path / "generations" / state.generation
    try:
        with closing(Generation(folder, passages, state.manifest)) as generation:
            if deep:
                generation.check_hashes()
            if deep and generation.is_large:
                try_index(folder, passages, generation.files)
    except (DamagedGeneration, DamagedFile, OSError) as error:
        return (str(error),)
    return ()


def find_spare_flaws(path: Path, state: LibraryState, *, deep: bool = False) -> tuple[str, ...]:
    """Return what is wrong with the spare copy of a library in that state."""
    # Before the first publication there is none.
    if not state.revision:
        return ()
    if flaws := find_flaws(path / SPARE_NAME, deep=deep):
        return flaws
    copied = read_file_state(path / SPARE_NAME)
    if copied is None or (copied.identity, copied.revision) != (state.identity, state.revision):
        return (f"{path / SPARE_NAME} is not of revision {state.revision}",)
    return ()


def find_all_flaws(path: Path) -> tuple[str, ...]:
    """Return all that is wrong with a library, without its lock: a writer may be between steps."""
    if flaws := find_main_flaws(path, deep=True):
        return flaws
    with closing(connect(path / FILE_NAME)) as connection:
        state = read_state(connection)
        if state is None:
            return ()
        generation = find_generation_flaws(path, connection, state, deep=True)
    return (*generation, *find_spare_flaws(path, state, deep=True))


def _main(path: Path) -> None:
    print(repair_library(path) if find_all_flaws(path) else "all is well")


if __name__ == "__main__":
    try:
        _main(Path(sys.argv[1]))
    except (LibraryBusy, OSError, sqlite3.Error) as error:
        sys.exit(f"footnote: {error}")
