"""Bring a library of an earlier format to today's, where it lies and in one transaction."""

import os
import sqlite3
from dataclasses import replace

from ingest.database import compute_seal, digest_contents
from ingest.schema import FORMAT
from ingest.seal import seal_vector
from ingest.state import LibraryState, write_state

# What format 1 lacks: checksums, and a name that a library's copies share.
_COLUMNS = (
    ("library", "identity TEXT NOT NULL DEFAULT ''"),
    ("library", "manifest TEXT NOT NULL DEFAULT ''"),
    ("library", "contents TEXT NOT NULL DEFAULT ''"),
    ("library", "seal INTEGER NOT NULL DEFAULT 0"),
    ("articles", "seal INTEGER NOT NULL DEFAULT 0"),
    ("vectors", "seal INTEGER NOT NULL DEFAULT 0"),
)


def upgrade_database(connection: sqlite3.Connection, state: LibraryState) -> LibraryState:
    """Add to a library of format 1 what format 2 has, and return its state; readers may read on."""
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        for table, column in _COLUMNS:
            connection.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
        connection.create_function("seal_vector", 2, seal_vector, deterministic=True)
        connection.execute("UPDATE vectors SET seal = seal_vector(key, vector)")
        numbers = connection.execute("SELECT number FROM articles").fetchall()
        connection.executemany(
            "UPDATE articles SET seal = ? WHERE number = ?",
            [(compute_seal(connection, number), number) for (number,) in numbers],
        )
        contents = digest_contents(connection, state.revision)
        state = replace(state, format=FORMAT, identity=os.urandom(16).hex(), contents=contents)
        write_state(connection, state)
    return state


def describe_newer_format(path: object, state: LibraryState) -> str:
    """Return what to do about a library that a later version has written."""
    return (
        f"{path} has store format {state.format}, this version reads up to {FORMAT}; "
        "update Footnote: git pull, then pip install -e ."
    )
