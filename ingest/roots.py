"""Where the folders that a library is kept equal to really were: a link may lead elsewhere now."""

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from ingest.schema import has_table

# Added to libraries when one is first made equal to folders; without it none was.
_SCHEMA = "CREATE TABLE IF NOT EXISTS roots (asked TEXT PRIMARY KEY, folder TEXT NOT NULL)"


def exchange_roots(connection: sqlite3.Connection, roots: Iterable[Path]) -> list[Path]:
    """Note where each root is now; return the places where some of them were before.

    Articles from there are no more among the root's: a release that a link named is another one.
    """
    now = {os.path.abspath(root): os.path.realpath(root) for root in roots}  # noqa: PTH100
    before = (
        dict(connection.execute("SELECT asked, folder FROM roots"))
        if has_table(connection, "roots")
        else {}
    )
    connection.execute(_SCHEMA)
    connection.executemany("INSERT OR REPLACE INTO roots VALUES (?, ?)", now.items())
    moved = {before[asked] for asked, folder in now.items() if before.get(asked, folder) != folder}
    return [Path(folder) for folder in sorted(moved)]
