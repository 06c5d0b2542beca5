"""What is published of a library: one row, whose commit is the publication."""

import os
import sqlite3
from dataclasses import asdict, dataclass, fields

from ingest.schema import FORMAT, SCHEMA, has_table
from ingest.seal import seal_values


class DamagedDatabase(sqlite3.DatabaseError):
    """A database that opens and yet is not what was written."""


@dataclass(frozen=True, slots=True)
class LibraryState:
    """The one row that says what is published, and how its vectors were made.

    `identity` is the library's own for life, in its copies too. `manifest` is the sha256 of the
    generation's list of files, `contents` that of what is shown; both are empty in format 1.
    """

    format: int
    model: str
    dimensions: int
    revision: int
    generation: str
    identity: str = ""
    manifest: str = ""
    contents: str = ""


def create_tables(connection: sqlite3.Connection, model: str, dimensions: int) -> LibraryState:
    """Make an empty library, in one transaction, and return its state."""
    statements = "".join(("BEGIN IMMEDIATE;", SCHEMA))
    connection.executescript(statements)
    state = LibraryState(FORMAT, model, dimensions, 0, "", os.urandom(16).hex())
    names = [*asdict(state), "seal"]
    places = ", ".join("?" * len(names))
    connection.execute(
        f"INSERT INTO library ({', '.join(names)}) VALUES ({places})", _seal_state(state)
    )
    connection.commit()
    return state


def read_state(connection: sqlite3.Connection) -> LibraryState | None:
    """Return what is published, None for a file without a library. Raises sqlite3.DatabaseError."""
    if not has_table(connection, "library"):
        return None
    cursor = connection.execute("SELECT * FROM library")
    row = cursor.fetchone()
    if row is None:
        return None
    values = dict(zip((column[0] for column in cursor.description), row, strict=True))
    known = [field.name for field in fields(LibraryState)]
    state = LibraryState(**{name: values[name] for name in known if name in values})
    if state.format == FORMAT and values["seal"] != _seal_state(state)[-1]:
        raise DamagedDatabase("the row that says what is published was changed")
    return state


def write_state(connection: sqlite3.Connection, state: LibraryState) -> None:
    """Put what is published; part of a transaction, whose commit is the publication."""
    names = ", ".join(f"{name} = ?" for name in [*asdict(state), "seal"])
    connection.execute(f"UPDATE library SET {names}", _seal_state(state))


def _seal_state(state: LibraryState) -> tuple[object, ...]:
    """Return the values of the state's row, its checksum last."""
    values = tuple(asdict(state).values())
    return (*values, seal_values(values))
