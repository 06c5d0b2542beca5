"""Find damage in a library's database: in its structure, in its rows, in what it should hold."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from ingest.database import compute_seal, digest_contents, has_its_hash
from ingest.schema import FORMAT, connect
from ingest.seal import seal_vector
from ingest.state import DamagedDatabase, LibraryState, read_state

EMPTY = "it holds no library"
# What SQLite reports of a file that is not as it should be; other errors, such as of a full disk or
# of a lock, say nothing about what is stored.
_DAMAGE = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_DAMAGE_WHEN_READING = {sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ}


def find_flaws(file: Path, *, deep: bool = True) -> tuple[str, ...]:
    """Return what is wrong with a database file; nothing for a sound one.

    Without `deep` only the file's head and the state are looked at, which takes a millisecond;
    else all of it is read, some 100 MB a second. Raises sqlite3.Error for what is no damage.
    """
    if not file.exists():
        return (f"{file} is missing",)
    try:
        with closing(connect(file)) as connection:
            _check_size(file, connection)
            found = examine(connection) if deep else _examine_state(connection)
            return tuple(f"{file}: {flaw}" for flaw in found)
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return (f"{file}: {error}",)


def is_damage(error: sqlite3.Error) -> bool:
    """Tell whether an error means that a file is damaged."""
    if isinstance(error, DamagedDatabase):
        return True
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return code & 0xFF in _DAMAGE or code in _DAMAGE_WHEN_READING


def examine(connection: sqlite3.Connection) -> Iterator[str]:
    """Yield what is wrong with an open database. Raises sqlite3.DatabaseError."""
    for (told,) in connection.execute("PRAGMA quick_check(3)"):
        if told != "ok":
            yield str(told)
    yield from _examine_state(connection)
    state = read_state(connection)
    if state is None or state.format > FORMAT:
        return
    for number, article_id in connection.execute("SELECT number, article_id FROM articles"):
        if not is_sound_article(connection, number, state):
            yield f"the article {article_id!r} is damaged"
    if state.contents and state.contents != digest_contents(connection, state.revision):
        yield f"it does not show the articles of revision {state.revision}"


def is_sound_article(connection: sqlite3.Connection, number: int, state: LibraryState) -> bool:
    """Tell whether an article, its passages and their vectors are what was stored."""
    seal = "seal" if state.format == FORMAT else "NULL"
    text, sha256, sealed = connection.execute(
        f"SELECT text, sha256, {seal} FROM articles WHERE number = ?", (number,)
    ).fetchone()
    if not has_its_hash(text, sha256):
        return False
    if sealed is not None and sealed != compute_seal(connection, number):
        return False
    return find_vectors(connection, number, state) is not None


def find_vectors(
    connection: sqlite3.Connection, number: int, state: LibraryState
) -> list[tuple[bytes, bytes]] | None:
    """Return the (key, vector) of an article's passages, None if any is damaged or missing."""
    seal = "v.seal" if state.format == FORMAT else "NULL"
    rows = connection.execute(
        f"SELECT p.vector, v.vector, {seal} FROM passages p "
        "LEFT JOIN vectors v ON v.key = p.vector WHERE p.article = ? ORDER BY p.number",
        (number,),
    ).fetchall()
    for key, vector, sealed in rows:
        # Format 1 has no seals.
        if not isinstance(vector, bytes) or sealed not in (None, seal_vector(key, vector)):
            return None
    return [(key, vector) for key, vector, _ in rows]


def _examine_state(connection: sqlite3.Connection) -> Iterator[str]:
    if read_state(connection) is None:
        yield EMPTY


def _check_size(file: Path, connection: sqlite3.Connection) -> None:
    """Compare a file's size with what SQLite wrote. Raises sqlite3.DatabaseError.

    All by SQLite: to open and close its file by other means would take away the locks that this
    process has on it, and with them the log that its other connections read.
    """
    [page_size] = connection.execute("PRAGMA page_size").fetchone()
    [pages] = connection.execute("PRAGMA page_count").fetchone()
    size, log = page_size * pages, file.with_name(f"{file.name}-wal")
    # While a log is written back, the head may be ahead of the rest.
    if file.stat().st_size < size and not (log.exists() and log.stat().st_size):
        raise DamagedDatabase(f"it has {file.stat().st_size} of {size} bytes")
