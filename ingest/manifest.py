"""The list of a generation's files, with sizes and hashes; the database holds the list's own hash.

Chroma adds a row to its SQLite file whenever it is opened: that file is hashed by its rows, without
those, and may grow.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

_GROWING = ".sqlite3"
_ADDED_ON_OPENING = 'INSERT INTO "acquire_write"'


class DamagedFile(RuntimeError):
    """A file of a generation that is not what was written; the message names it."""


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file as it was written: its name in the folder, bytes, and sha256 ("" if unknown)."""

    name: str
    size: int
    sha256: str


def write_manifest(folder: Path, file: Path) -> str:
    """List all files of a folder in `file`; return the sha256 of the list."""
    listed = [
        (path.relative_to(folder).as_posix(), path.stat().st_size, hash_file(path))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    data = json.dumps({name: [size, sha256] for name, size, sha256 in listed}).encode()
    file.write_bytes(data)
    return hashlib.sha256(data).hexdigest()


def read_manifest(data: bytes, sha256: str) -> list[ListedFile]:
    """Return the files of a list with that sha256 ("" for any). Raises DamagedFile."""
    if sha256 and hashlib.sha256(data).hexdigest() != sha256:
        raise DamagedFile("the list of files is damaged")
    try:
        # Format 1 lists sizes alone.
        listed = json.loads(data).items()
        pairs = [(name, item if isinstance(item, list) else (item, "")) for name, item in listed]
        return [ListedFile(name, int(size), sha256) for name, (size, sha256) in pairs]
    except (ValueError, AttributeError, TypeError) as error:
        raise DamagedFile("the list of files is damaged") from error


def check_sizes(folder: Path, files: Iterable[ListedFile]) -> None:
    """Compare sizes: a cut index can open, and then answer wrongly. Raises DamagedFile."""
    for file in files:
        path = folder / file.name
        size = path.stat().st_size if path.is_file() else -1
        if size < file.size or (size > file.size and path.suffix != _GROWING):
            raise DamagedFile(f"{path} has {max(size, 0)} of {file.size} bytes")


def check_hashes(folder: Path, files: Iterable[ListedFile]) -> None:
    """Compare what is in the files; their sizes have been compared. Raises DamagedFile."""
    for file in files:
        if file.sha256 and hash_file(folder / file.name) != file.sha256:
            raise DamagedFile(f"{folder / file.name} is not what was written")


def hash_file(path: Path) -> str:
    """Return the sha256 of a file, or of the rows of one that grows. Raises DamagedFile."""
    if path.suffix == _GROWING:
        return _hash_rows(path)
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash_rows(path: Path) -> str:
    digest = hashlib.sha256()
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            for line in database.iterdump():
                if not line.startswith(_ADDED_ON_OPENING):
                    digest.update(line.encode(errors="surrogatepass"))
            [[told]] = database.execute("PRAGMA quick_check(1)").fetchall()
    except (sqlite3.Error, ValueError) as error:
        raise DamagedFile(f"{path} is damaged: {error}") from error
    if told != "ok":
        raise DamagedFile(f"{path} is damaged: {told}")
    return digest.hexdigest()
