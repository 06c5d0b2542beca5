"""Where the folders that a library is kept equal to really were: a link may lead elsewhere now."""

import os
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

from ingest.schema import has_table

# Added to libraries when one is first made equal to folders; without it none was.
_SCHEMA = "CREATE TABLE IF NOT EXISTS roots (asked TEXT PRIMARY KEY, folder TEXT NOT NULL)"


def find_roots(roots: Iterable[Path]) -> dict[str, str]:
    """Return where each root really is now, by its name."""
    return {os.path.abspath(root): os.path.realpath(root) for root in roots}  # noqa: PTH100


def list_moved(connection: sqlite3.Connection, roots: Mapping[str, str]) -> list[Path]:
    """Return the places where some of the roots were before.

    Articles from there are no more among the root's: a release that a link named is another one.
    """
    if not has_table(connection, "roots"):
        return []
    before = dict(connection.execute("SELECT asked, folder FROM roots"))
    moved = {before[root] for root, folder in roots.items() if before.get(root, folder) != folder}
    return [Path(folder) for folder in sorted(moved)]


def record_roots(connection: sqlite3.Connection, roots: Mapping[str, str]) -> None:
    """Note where each root is now."""
    if roots:
        connection.execute(_SCHEMA)
        connection.executemany("INSERT OR REPLACE INTO roots VALUES (?, ?)", roots.items())
