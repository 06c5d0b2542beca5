"""The disk of a library: what a write that failed says of it."""

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FULL = "the disk is full"
_FULL_ERRORS = {errno.ENOSPC, errno.EDQUOT}
_FULL_WORDS = ("disk is full", "No space left", "Disk quota exceeded")
# More than any of the files holds back before it is written.
_PROBE_BYTES = 1_000_000


@contextmanager
def explain_errors(path: Path, *kinds: type[Exception]) -> Iterator[None]:
    """Raise OSError with the library and the reason for errors of some kinds."""
    try:
        yield
    except kinds as error:
        raise OSError(f"{path} cannot be written: {explain_write_error(path, error)}") from error


def explain_write_error(folder: Path, error: Exception) -> str:
    """Return why writing into `folder` failed, in words, a full disk always in the same ones.

    SQLite, tantivy and Chroma each have other words for it, some none: then it is tried out.
    """
    number = error.errno if isinstance(error, OSError) else None
    if number in _FULL_ERRORS or any(words in str(error) for words in _FULL_WORDS):
        return FULL
    tried = _try_to_write(folder)
    if tried is not None and tried.errno in _FULL_ERRORS:
        return FULL
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _try_to_write(folder: Path) -> OSError | None:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(_PROBE_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error
    return None
