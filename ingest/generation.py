"""A generation: the word and vector index of one revision of the library, written once.

It is derived from the database and disposable. It is built under a partial name, renamed when it is
whole, and named in the database last; a reader holds it with a shared lock while it is open.
"""

import logging
import shutil
import threading
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import portalocker

from ingest.disk import explain_write_error
from ingest.durable import rename_durably, sync_folder, sync_tree
from ingest.embed import Vectors
from ingest.manifest import (
    DamagedFile,
    ListedFile,
    check_hashes,
    check_sizes,
    read_manifest,
    write_manifest,
)
from ingest.trial import try_index
from ingest.vectors import VectorIndex, write_vector_index
from ingest.words import WordIndex

# Locked by readers while they are open; lists the files of the generation.
_LOCK_NAME = "held"
# More than this is not hashed whenever a library is opened: it takes a tenth of a second.
_HASHED_BYTES = 32_000_000
# So many vectors are scanned in half a millisecond, sooner than Chroma finds any.
SCANNED_PASSAGES = 2_000
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

    def __init__(self, folder: Path, passages: int, manifest: str = "") -> None:
        """Open the word index of `folder` for that many passages.

        `manifest` is the hash of the list of its files ("" for any): sizes are always compared,
        the hashes of the word index if it is small. Raises DamagedGeneration.
        """
        if not (folder / _LOCK_NAME).exists():
            raise DamagedGeneration(f"{folder} is not there")
        self.folder = folder
        self.vectors: VectorIndex | None = None
        self._lock = threading.Lock()
        self._closed = False
        with ExitStack() as on_error:
            # A file that cannot be read is as bad as one that is not there.
            try:
                self._hold: IO[Any] = on_error.enter_context(_hold_folder(folder))
                self.files = read_manifest(self._hold.read(), manifest)
                check_sizes(folder, self.files)
                check_hashes(folder, _choose_words(self.files))
                self.words = _open_words(folder / "words", passages)
            except (DamagedGeneration, DamagedFile, OSError) as error:
                raise DamagedGeneration(f"{folder}: {error}") from error
            on_error.pop_all()

    def check_hashes(self) -> None:
        """Compare all files with what was written. Raises DamagedGeneration."""
        try:
            check_hashes(self.folder, self.files)
        except (DamagedFile, OSError) as error:
            raise DamagedGeneration(f"{self.folder}: {error}") from error

    @property
    def is_large(self) -> bool:
        """Whether its vector index is faster than to scan all vectors."""
        return len(self.words) > SCANNED_PASSAGES

    def open_vectors(self) -> None:
        """Open the vector index (seconds, for Chroma's import). Raises DamagedGeneration."""
        try:
            vectors = VectorIndex(self.folder / "vectors")
        # Chroma raises errors of many kinds on damaged files; all mean the same here.
        except Exception as error:
            raise DamagedGeneration(f"{self.folder / 'vectors'} does not open: {error}") from error
        if len(vectors) != len(self.words):
            count = f"{len(vectors)} of {len(self.words)} vectors"
            vectors.close()
            raise DamagedGeneration(f"{self.folder} has {count}")
        with self._lock:
            if self._closed:
                vectors.close()
            else:
                self.vectors = vectors

    def try_vectors(self) -> None:
        """Have another process try the vector index, the first time; then open it.

        It stays closed if there can be no such process. Raises DamagedGeneration.
        """
        try:
            sound = try_index(self.folder, len(self.words), self.files)
        except (DamagedFile, OSError) as error:
            raise DamagedGeneration(f"{self.folder}: {error}") from error
        if sound and not self._closed:
            self.open_vectors()

    def leave_to_parent(self) -> None:
        """Let go of the folder in a forked process; the parent goes on holding it."""
        if self.vectors is not None:
            self.vectors.leave_to_parent()
        self._hold.close()

    def close(self) -> None:
        """Let go of the files; the folder may then be removed."""
        with self._lock:
            self._closed = True
            if self.vectors is not None:
                self.vectors.close()
            self._hold.close()


def write_generation(
    folder: Path, passages: list[IndexedPassage], numbers: list[int], vectors: Vectors
) -> str:
    """Write the generation `folder`, whole or not at all; return the hash of its list of files.

    Raises OSError.
    """
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        manifest = _fill_generation(partial, passages, numbers, vectors)
        rename_durably(partial, folder)
        # The folder of all generations may be new, too.
        sync_folder(folder.parent.parent)
    # On a full disk tantivy raises ValueError and Chroma errors of its own.
    except Exception as error:
        # Before what is written so far makes room again.
        reason = explain_write_error(folder.parent, error)
        shutil.rmtree(partial, ignore_errors=True)
        raise OSError(f"{folder} cannot be written: {reason}") from error
    return manifest


def _fill_generation(
    partial: Path, passages: list[IndexedPassage], numbers: list[int], vectors: Vectors
) -> str:
    (partial / "words").mkdir(parents=True)
    WordIndex(partial / "words").add(
        (item.number, item.title, item.heading, item.text) for item in passages
    )
    write_vector_index(partial / "vectors", numbers, vectors)
    manifest = write_manifest(partial, partial / _LOCK_NAME)
    sync_tree(partial)
    return manifest


def remove_generations(parent: Path, keep: str) -> None:
    """Remove every generation but `keep` that no reader holds."""
    for folder in parent.iterdir() if parent.exists() else ():
        if folder.name != keep:
            _remove_generation(folder)


def _choose_words(files: list[ListedFile]) -> list[ListedFile]:
    """Return the files of the word index, none if they are large."""
    words = [file for file in files if file.name.startswith("words/")]
    return words if sum(file.size for file in words) <= _HASHED_BYTES else []


def _open_words(folder: Path, passages: int) -> WordIndex:
    try:
        words = WordIndex(folder)
    # tantivy raises ValueError or OSError by the kind of damage.
    except (ValueError, OSError) as error:
        raise DamagedGeneration(f"{folder} does not open: {error}") from error
    if len(words) != passages:
        raise DamagedGeneration(f"{folder} has {len(words)} of {passages} passages")
    return words


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
        try:
            # For writing, though nothing is written: over NFS no other file can be locked alone.
            file = (folder / _LOCK_NAME).open("rb+")
        except OSError:
            return
        with file:
            try:
                flags = portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING
                portalocker.lock(file, flags)
            except portalocker.LockException:
                return
            shutil.rmtree(folder, ignore_errors=True)
    # Windows does not remove the lock's file while it is open.
    shutil.rmtree(folder, ignore_errors=True)
