"""A library of format 1 is read as it is, and brought to format 2 by the next writer."""

import sqlite3
from contextlib import closing
from pathlib import Path

from ingest.schema import FORMAT, connect
from ingest.state import read_state
from ingest.store import Store
from ingest.sync import sync
from tests.articles import WordEmbedder, write_articles

ADDED = (("library", "identity"), ("library", "manifest"), ("library", "contents"),
         ("library", "seal"), ("articles", "seal"), ("vectors", "seal"))  # fmt: skip


def make_old(library: Path) -> None:
    """Take from a library what format 1 did not have."""
    with closing(sqlite3.connect(library / "library.sqlite")) as connection, connection:
        for table, column in ADDED:
            connection.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        connection.execute("UPDATE library SET format = 1")


def read_all(library: Path) -> list[object]:
    with Store(library) as store:
        vector = WordEmbedder().encode(["the committee of Oslo"])[0]
        return [store.list_articles(), store.search_words(["oslo"], 9),
                store.search_vector(vector, 9)]  # fmt: skip


def test_format_1_is_read_and_upgraded(tmp_path: Path) -> None:
    articles, library = tmp_path / "articles", tmp_path / "library"
    write_articles(articles, 4)
    sync([articles], library, WordEmbedder())
    before = read_all(library)
    make_old(library)
    assert read_all(library) == before
    embedder = WordEmbedder()
    assert sync([articles], library, embedder).unchanged == 4
    assert embedder.texts == [] and read_all(library) == before
    with closing(connect(library / "library.sqlite")) as connection:
        state = read_state(connection)
        assert state is not None and state.format == FORMAT and state.identity and state.contents
        sound = "SELECT COUNT(*) FROM articles WHERE seal = 0"
        assert connection.execute(sound).fetchone() == (0,)
