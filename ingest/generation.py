"""A generation: the word and vector index of one revision of the library, written once.

It is derived from the database and disposable. It is built under a partial name, renamed when it is
whole, and named in the database last; a reader holds it with a shared lock while it is open.
"""

import json
import logging
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import portalocker

from ingest.embed import Vectors
from ingest.vectors import VectorIndex, write_vector_index
from ingest.words import WordIndex

# Locked by readers while they are open; holds the size of every file of the generation.
_LOCK_NAME = "held"
log = logging.getLogger(__name__)


class DamagedGeneration(RuntimeError):
    """A generation that is missing or does not open; the library is then searched without it."""


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """What the indexes need of a passage: its number and words; its vector is kept apart."""

    number: int
    title: str
    heading: str
    text: str


class Generation:
    """An open generation. Its vector index is opened on first use, or never: see `open_vectors`."""

    def __init__(self, folder: Path, passages: int) -> None:
        if not (folder / _LOCK_NAME).exists():
            raise DamagedGeneration(f"{folder} is not there")
        self.folder = folder
        self.vectors: VectorIndex | None = None
        self._hold: IO[Any] = _hold_folder(folder)
        try:
            _check_sizes(folder, self._hold)
            self.words = _open_words(folder / "words", passages)
        except DamagedGeneration:
            self._hold.close()
            raise

    def open_vectors(self) -> None:
        """Open the vector index (seconds, for Chroma's import). Raises DamagedGeneration."""
        try:
            self.vectors = VectorIndex(self.folder / "vectors")
        # Chroma raises errors of many kinds on damaged files; all mean the same here.
        except Exception as error:
            raise DamagedGeneration(f"{self.folder / 'vectors'} does not open: {error}") from error
        if len(self.vectors) != len(self.words):
            count = f"{len(self.vectors)} of {len(self.words)} vectors"
            raise DamagedGeneration(f"{self.folder} has {count}")

    def close(self) -> None:
        """Let go of the files; the folder may then be removed."""
        if self.vectors is not None:
            self.vectors.close()
        self._hold.close()


def write_generation(
    folder: Path, passages: list[IndexedPassage], numbers: list[int], vectors: Vectors
) -> None:
    """Write the generation `folder`, whole or not at all. Raises OSError."""
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        _fill_generation(partial, passages, numbers, vectors)
    # On a full disk tantivy raises ValueError and Chroma errors of its own.
    except Exception as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise OSError(f"{folder} cannot be written: {error}") from error
    partial.replace(folder)
    _sync_folder(folder.parent)


def _fill_generation(
    partial: Path, passages: list[IndexedPassage], numbers: list[int], vectors: Vectors
) -> None:
    (partial / "words").mkdir(parents=True)
    WordIndex(partial / "words").add(
        (item.number, item.title, item.heading, item.text) for item in passages
    )
    write_vector_index(partial / "vectors", numbers, vectors)
    sizes = {
        path.relative_to(partial).as_posix(): path.stat().st_size
        for path in partial.rglob("*")
        if path.is_file()
    }
    (partial / _LOCK_NAME).write_text(json.dumps(sizes), encoding="utf-8")
    _sync_to_disk(partial)


def remove_generations(parent: Path, keep: str) -> None:
    """Remove every generation but `keep` that no reader holds."""
    for folder in parent.iterdir() if parent.exists() else ():
        if folder.name != keep:
            _remove_generation(folder)


def _open_words(folder: Path, passages: int) -> WordIndex:
    try:
        words = WordIndex(folder)
    # tantivy raises ValueError or OSError by the kind of damage.
    except (ValueError, OSError) as error:
        raise DamagedGeneration(f"{folder} does not open: {error}") from error
    if len(words) != passages:
        raise DamagedGeneration(f"{folder} has {len(words)} of {passages} passages")
    return words


def _check_sizes(folder: Path, hold: IO[Any]) -> None:
    """Compare the files with what was written: a cut index can open, and then answer wrongly."""
    try:
        sizes: dict[str, int] = json.load(hold)
    except ValueError as error:
        raise DamagedGeneration(f"{folder / _LOCK_NAME} is damaged") from error
    for name, size in sizes.items():
        path = folder / name
        if not path.exists() or path.stat().st_size != size:
            raise DamagedGeneration(f"{path} is gone or was cut")


def _hold_folder(folder: Path) -> IO[Any]:
    file = (folder / _LOCK_NAME).open("rb")
    try:
        portalocker.lock(file, portalocker.LockFlags.SHARED | portalocker.LockFlags.NON_BLOCKING)
    except portalocker.LockException:
        # It is being removed this moment: the reader looks for the newer one.
        file.close()
        raise DamagedGeneration(f"{folder} is being removed") from None
    return file


def _remove_generation(folder: Path) -> None:
    """Remove a generation unless a reader holds it; none can take hold of it meanwhile."""
    if (folder / _LOCK_NAME).exists():
        with (folder / _LOCK_NAME).open("rb") as file:
            try:
                flags = portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING
                portalocker.lock(file, flags)
            except portalocker.LockException:
                return
            shutil.rmtree(folder, ignore_errors=True)
    # Windows does not remove the lock's file while it is open.
    shutil.rmtree(folder, ignore_errors=True)


def _sync_to_disk(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
        else:
            _sync_folder(path)
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
