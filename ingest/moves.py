"""Tell which stored files lie under another name now: by their content, as nothing else is kept."""

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from ingest.write import StoredFile


def find_moves(stored: Mapping[str, StoredFile], files: Iterable[Path]) -> dict[str, str]:
    """Return the new path of each stored file that is gone and whose bytes one of `files` holds.

    `stored` is what the library has, by path. A file of `files` that is stored itself was not
    moved; the others are read only if a stored one is gone.
    """
    gone = {item.file_sha256: name for name, item in stored.items() if not os.path.lexists(name)}
    moves: dict[str, str] = {}
    for file in files if gone else ():
        if str(file) not in stored and (name := gone.pop(_hash_file(file), "")):
            moves[name] = str(file)
    return moves


def _hash_file(file: Path) -> str:
    """Return the sha256 of a regular file, nothing of one that cannot be read."""
    try:
        # A pipe or a device could keep its reader waiting for ever.
        if not stat.S_ISREG(file.stat().st_mode):
            return ""
        with file.open("rb") as data:
            return hashlib.file_digest(data, "sha256").hexdigest()
    except OSError:
        return ""
