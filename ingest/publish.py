"""Publish a revision: write its generation, commit the row that names it, renew the spare copy."""

import logging
import os
import sqlite3
from dataclasses import replace
from pathlib import Path

from ingest.check import is_damage
from ingest.database import count_visible, digest_contents, read_passages, read_vectors
from ingest.generation import IndexedPassage, write_generation
from ingest.spare import SPARE_NAME, copy_database
from ingest.state import DamagedDatabase, LibraryState

log = logging.getLogger(__name__)


def write_indexes(path: Path, connection: sqlite3.Connection, state: LibraryState) -> LibraryState:
    """Write a generation of `state.revision`; return the state that names it, to be committed.

    Raises OSError, and DamagedDatabase if not all passages and vectors can be read.
    """
    name = f"{state.revision:08d}-{os.urandom(4).hex()}"
    passages = [
        IndexedPassage(item.number, item.article.title, item.chunk.heading, item.text)
        for item in read_passages(connection, state.revision)
    ]
    numbers, vectors = read_vectors(connection, state.revision, state.dimensions)
    _, count = count_visible(connection, state.revision)
    if not count == len(passages) == len(numbers):
        told = f"{len(passages)} passages and {len(numbers)} vectors of {count} can be read"
        raise DamagedDatabase(f"{told}; repair the library: footnote repair --store {path}")
    manifest = write_generation(path / "generations" / name, passages, numbers, vectors)
    contents = digest_contents(connection, state.revision)
    return replace(state, generation=name, manifest=manifest, contents=contents)


def renew_spare(path: Path, connection: sqlite3.Connection) -> None:
    """Make the spare copy anew. Where there is no space for it the old one stays.

    Raises DamagedDatabase if the database itself is damaged.
    """
    try:
        copy_database(connection, path / SPARE_NAME)
    except (OSError, sqlite3.Error) as error:
        if isinstance(error, sqlite3.Error) and is_damage(error):
            raise
        log.warning("no spare copy of %s was made: %s", path, error)
