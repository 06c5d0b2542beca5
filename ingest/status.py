"""How a library is: what it holds, its size on the disk, damage, files that changed since."""

from contextlib import closing
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from ingest.database import count_visible
from ingest.repair import find_generation_flaws, find_spare_flaws
from ingest.schema import FILE_NAME, FORMAT
from ingest.sound import find_main_flaws, open_database
from ingest.spare import SPARE_NAME
from ingest.state import DamagedDatabase, read_state
from ingest.upgrade import describe_newer_format
from ingest.write import list_stored_files


@dataclass(frozen=True, slots=True)
class Status:
    """A library as it is. Sizes are bytes; `changed` and `gone` are files since they were read."""

    path: str
    format: int
    model: str
    dimensions: int
    articles: int
    passages: int
    revision: int
    generation: str
    database_bytes: int
    spare_bytes: int
    index_bytes: int
    model_bytes: int
    flaws: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]

    @property
    def healthy(self) -> bool:
        """Whether nothing is damaged or missing."""
        return not self.flaws


def read_status(path: Path, *, deep: bool = False) -> Status:
    """Look a library over; with `deep` all of its database and all hashes of its indexes.

    Raises FileNotFoundError without a library, sqlite3.DatabaseError if nothing can be read.
    """
    opened = open_database(path)
    with closing(opened.connection) as connection:
        state = read_state(connection)
        if state is None:
            raise FileNotFoundError(path / FILE_NAME)
        if state.format > FORMAT:
            raise DamagedDatabase(describe_newer_format(path, state))
        articles, passages = count_visible(connection, state.revision)
        flaws = (
            *(find_main_flaws(path, deep=True) if deep else opened.flaws),
            *find_generation_flaws(path, connection, state, deep=deep),
            *find_spare_flaws(path, state, deep=deep),
        )
    changed, gone = find_stale_files(path)
    return Status(
        path=str(path),
        format=state.format,
        model=state.model,
        dimensions=state.dimensions,
        articles=articles,
        passages=passages,
        revision=state.revision,
        generation=state.generation,
        database_bytes=_measure(path / FILE_NAME),
        spare_bytes=_measure(path / SPARE_NAME),
        index_bytes=_measure(path / "generations"),
        model_bytes=_measure(path / "models"),
        flaws=tuple(dict.fromkeys(flaws)),
        changed=tuple(changed),
        gone=tuple(gone),
    )


def find_stale_files(path: Path) -> tuple[list[str], list[str]]:
    """Return the files that changed since they were ingested, and those that are gone."""
    changed, gone = [], []
    for name, stored in sorted(list_stored_files(path).items()):
        try:
            with Path(name).open("rb") as file:
                if file_digest(file, "sha256").hexdigest() != stored.file_sha256:
                    changed.append(name)
        except OSError:
            gone.append(name)
    return changed, gone


def _measure(path: Path) -> int:
    """Return the bytes of a file or of all files in a folder."""
    files = [path] if path.is_file() else path.rglob("*")
    return sum(file.stat().st_size for file in files if file.is_file())
