"""Make a sound database of what is sound in a damaged one and in its spare copy."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.check import find_flaws, find_vectors, is_damage, is_sound_article
from ingest.database import (
    ALL_ARTICLES,
    ARTICLE_COLUMNS,
    VISIBLE,
    compute_seal,
    digest_contents,
    insert_vectors,
)
from ingest.durable import rename_durably, sync_file
from ingest.lock import lock_feedback
from ingest.schema import FILE_NAME, connect
from ingest.sound import is_swapped, read_file_state
from ingest.spare import SPARE_NAME, copy_database, remove_database
from ingest.state import DamagedDatabase, LibraryState, create_tables, write_state

_COPIED = f"{ARTICLE_COLUMNS}, recipe, model"
_OWN_TABLES = ("library", "articles", "passages", "vectors")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Salvage:
    """How many articles came from the spare copy, and the ids of those that are in neither."""

    from_spare: int = 0
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Source:
    """An open database that articles may be taken from; its state is None if it is damaged."""

    connection: sqlite3.Connection
    state: LibraryState | None
    is_spare: bool


def salvage_database(path: Path) -> Salvage:
    """Put a sound database in place of the damaged one of the library in folder `path`.

    The published articles are taken, each from where it is sound, the database first; files that
    were stored since are to be ingested again. What replaces the database is first made its spare
    copy, so that it is never less than whole. The caller holds the writer's lock. Raises
    DamagedDatabase if nothing can be read.
    """
    target = path / f"{SPARE_NAME}.salvaged"
    remove_database(target)
    with ExitStack() as stack:
        sources = _open_sources(path, stack)
        state = next((source.state for source in sources if source.state), None)
        if state is None:
            raise DamagedDatabase(
                f"{path}: neither {FILE_NAME} nor {SPARE_NAME} can be read; "
                f"ingest the articles again: footnote ingest FOLDER --store ANOTHER_FOLDER"
            )
        salvaged = stack.enter_context(closing(sqlite3.connect(target)))
        result = _fill_database(salvaged, sources, state)
        if flaws := find_flaws(target):
            raise DamagedDatabase(flaws[0])
        with lock_feedback(path):
            # What readers have said of answers since the database was read.
            for source in sources:
                if not source.is_spare:
                    _copy_other_tables(source.connection, salvaged, "REPLACE")
            salvaged.commit()
            salvaged.close()
            sync_file(target)
            rename_durably(target, path / SPARE_NAME)
            replace_database(path)
    return result


def replace_database(path: Path) -> None:
    """Put a copy of the spare copy in place of the database; readers notice another file."""
    with closing(connect(path / SPARE_NAME)) as connection:
        copy_database(connection, path / FILE_NAME)


def _open_sources(path: Path, stack: ExitStack) -> list[_Source]:
    """Open what can be opened, the database first unless it is not this library's newest."""
    main, spare = path / FILE_NAME, path / SPARE_NAME
    state, copied = read_file_state(main), read_file_state(spare)
    sources = []
    for file, known in ((main, state), (spare, copied)):
        if file == main and state and copied and is_swapped(path, state, copied):
            continue
        if file.exists():
            connection = stack.enter_context(closing(connect(file)))
            sources.append(_Source(connection, known, file == spare))
    return sources


def _fill_database(
    target: sqlite3.Connection, sources: list[_Source], state: LibraryState
) -> Salvage:
    """Copy the sound articles of the sources into an empty database, and all other tables."""
    made = create_tables(target, state.model, state.dimensions)
    # A number that no reader has seen; a library that was never published stays so.
    revision = max(item.state.revision for item in sources if item.state)
    revision += 1 if revision else 0
    taken: dict[str, bool] = {}
    damaged: set[str] = set()
    with target:
        for source in sources:
            newest = not taken and not damaged
            for number, article_id, sound in _list_articles(source, state):
                # What an older copy has more was removed since.
                wanted = newest or article_id in damaged or source.state == state or (
                    source.state is not None and source.state.revision == state.revision
                )  # fmt: skip
                if not sound:
                    damaged.add(article_id)
                elif wanted and article_id not in taken:
                    _copy_article(source, number, target, revision or 1, state)
                    taken[article_id] = source.is_spare
            _copy_other_tables(source.connection, target)
        contents = digest_contents(target, revision)
        identity = state.identity or made.identity
        write_state(target, replace(made, revision=revision, identity=identity, contents=contents))
    return Salvage(sum(taken.values()), tuple(sorted(damaged - taken.keys())))


def _list_articles(source: _Source, state: LibraryState) -> Iterator[tuple[int, str, bool]]:
    """Yield number, id and soundness of the articles that a source shows, as far as it is read."""
    known = source.state or state
    shown = {"revision": known.revision or 1, "last": ALL_ARTICLES}
    try:
        rows = source.connection.execute(
            f"SELECT a.number, a.article_id FROM articles a WHERE {VISIBLE}", shown
        ).fetchall()
    except sqlite3.DatabaseError as error:
        _pass_over(error)
        return
    for number, article_id in rows:
        try:
            sound = is_sound_article(source.connection, number, known)
        except (sqlite3.DatabaseError, TypeError) as error:
            _pass_over(error)
            sound = False
        yield number, str(article_id), sound


def _copy_article(
    source: _Source, number: int, target: sqlite3.Connection, revision: int, state: LibraryState
) -> None:
    """Copy a sound article with its passages and vectors."""
    vectors = find_vectors(source.connection, number, source.state or state)
    insert_vectors(target, vectors or ())
    row = source.connection.execute(
        f"SELECT {_COPIED} FROM articles WHERE number = ?", (number,)
    ).fetchone()
    seal = compute_seal(source.connection, number)
    copied = target.execute(
        f"INSERT INTO articles (added, seal, {_COPIED}) VALUES (?, ?{', ?' * len(row)})",
        (revision, seal, *row),
    ).lastrowid
    passages = source.connection.execute(
        "SELECT start, stop, heading, sentences, vector FROM passages WHERE article = ? "
        "ORDER BY number",
        (number,),
    )
    target.executemany(
        "INSERT INTO passages (article, start, stop, heading, sentences, vector) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        ((copied, *passage) for passage in passages),
    )


def _copy_other_tables(
    source: sqlite3.Connection, target: sqlite3.Connection, known: str = "IGNORE"
) -> None:
    """Copy what else is kept, such as the history and feedback, as far as it can be read.

    `known` is what SQLite does with a row that is there already.
    """
    try:
        tables = source.execute(
            "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index') "
            "AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type = 'index'"
        ).fetchall()
    except sqlite3.DatabaseError as error:
        _pass_over(error)
        return
    there = {name for (name,) in target.execute("SELECT name FROM sqlite_master")}
    for name, sql in tables:
        try:
            if name not in there:
                target.execute(sql)
            if name not in _OWN_TABLES and sql.startswith("CREATE TABLE"):
                _copy_rows(source, target, name, known)
        except (sqlite3.DatabaseError, TypeError) as error:
            _pass_over(error)


def _copy_rows(
    source: sqlite3.Connection, target: sqlite3.Connection, table: str, known: str
) -> None:
    for row in source.execute(f'SELECT * FROM "{table}"'):
        places = ", ".join("?" * len(row))
        target.execute(f'INSERT OR {known} INTO "{table}" VALUES ({places})', row)


def _pass_over(error: Exception) -> None:
    """Log damage that is passed over; raise what is none."""
    if isinstance(error, sqlite3.Error) and not is_damage(error):
        raise error
    log.warning("passed over while salvaging: %s", error)
