"""How much room an ingest needs on the disk: what it replaces goes only when the new is whole."""

from collections.abc import Iterable
from pathlib import Path

from ingest.schema import FILE_NAME
from ingest.write import list_stored_files

MIN_FREE_BYTES = 20_000_000
# The database, its copy and the indexes take so many times the bytes of a text; in files of other
# kinds little is text.
_TIMES_TEXT, _TIMES_OTHER = 16, 2
_TEXTS = {".txt", ".md"}


def estimate_space(store: Path, files: Iterable[Path]) -> int:
    """Return about how many bytes must be free for an ingest of `files` into a library.

    The next indexes and the next copy of the database lie beside the present ones for a while; what
    files add that are not stored yet is told by their size.
    """
    stored = list_stored_files(store)
    added = sum(_estimate(file) for file in files if str(file) not in stored)
    generations = store / "generations"
    folders = generations.iterdir() if generations.exists() else ()
    largest = max((_measure_folder(folder) for folder in folders), default=0)
    return MIN_FREE_BYTES + _measure(store / FILE_NAME) + largest + added


def _estimate(file: Path) -> int:
    return _measure(file) * (_TIMES_TEXT if file.suffix.lower() in _TEXTS else _TIMES_OTHER)


def _measure_folder(folder: Path) -> int:
    return sum(_measure(file) for file in folder.rglob("*"))


def _measure(file: Path) -> int:
    """Return the bytes of a file, 0 for one that is gone by now or is a folder."""
    try:
        return file.stat().st_size if file.is_file() else 0
    except OSError:
        return 0
