"""The database: what goes in comes out, and each revision shows its own rows."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ingest.chunk import chunk_article
from ingest.clean import Article, Heading
from ingest.database import (
    connect,
    count_visible,
    create_tables,
    insert_article,
    insert_vectors,
    read_articles,
    read_passages,
    read_state,
    read_vectors,
    vector_key,
)
from ingest.schema import FrozenConnection
from ingest.state import DamagedDatabase, LibraryState, write_state
from tests.articles import WordEmbedder

TEXT = "Rail\n\nOne. Two 😀."
ARTICLE = Article(
    article_id="two-lines", path="/a/two.txt", title="Zwei Länder 漢", text=TEXT,
    headings=(Heading(0, 4, 2),), sha256=hashlib.sha256(TEXT.encode()).hexdigest(), file_sha256="f",
    author="Jane", published=None,
    url="https://example.org", summary=None, topics=("a", "b"), sources=("c",),
)  # fmt: skip


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(tmp_path / "library.sqlite", write=True)) as connection:
        create_tables(connection, "words-32", 32)
        yield connection


def insert(connection: sqlite3.Connection, article: Article, revision: int) -> None:
    chunks = chunk_article(article)
    texts = [article.text[chunk.start : chunk.end] for chunk in chunks]
    keys = [vector_key("words-32", text) for text in texts]
    rows = zip(keys, WordEmbedder().encode(texts), strict=True)
    insert_vectors(connection, ((key, row.tobytes()) for key, row in rows))
    insert_article(
        connection, article, revision, "recipe", "words-32", zip(chunks, keys, strict=True)
    )
    connection.commit()


def test_new_library(connection: sqlite3.Connection) -> None:
    state = read_state(connection)
    assert state is not None
    assert (state.model, state.dimensions, state.revision, state.generation) == (
        "words-32", 32, 0, "",
    )  # fmt: skip


def test_writer_is_durable(connection: sqlite3.Connection) -> None:
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_reader_cannot_make_a_library(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        connect(tmp_path / "nothing.sqlite")
    with closing(connect(tmp_path / "empty.sqlite", write=True)) as empty:
        assert read_state(empty) is None


def test_what_goes_in_comes_out(connection: sqlite3.Connection) -> None:
    insert(connection, ARTICLE, 1)
    assert read_articles(connection, 1) == [ARTICLE] == read_articles(connection, 1, "two-lines")
    [passage] = read_passages(connection, 1)
    assert passage.chunk == chunk_article(ARTICLE)[0] and passage.article == ARTICLE
    assert passage.text == "One. Two 😀."
    numbers, matrix = read_vectors(connection, 1, 32)
    assert numbers == [passage.number]
    assert (matrix == WordEmbedder().encode([passage.text])).all()


def test_revisions_show_their_own_rows(connection: sqlite3.Connection) -> None:
    insert(connection, ARTICLE, 1)
    connection.execute("UPDATE articles SET removed = 2")
    insert(connection, ARTICLE, 2)
    assert [count_visible(connection, revision) for revision in (0, 1, 2)] == [
        (0, 0), (1, 1), (1, 1),
    ]  # fmt: skip
    [old], [new] = list(read_passages(connection, 1)), list(read_passages(connection, 2))
    assert old.number != new.number
    assert list(read_passages(connection, 2, [old.number, 999])) == []
    assert list(read_passages(connection, 2, [])) == []


def test_one_live_article_an_id(connection: sqlite3.Connection) -> None:
    insert(connection, ARTICLE, 1)
    with pytest.raises(sqlite3.IntegrityError):
        insert(connection, ARTICLE, 2)


def test_passages_go_with_their_article(connection: sqlite3.Connection) -> None:
    insert(connection, ARTICLE, 1)
    connection.execute("DELETE FROM articles")
    assert connection.execute("SELECT COUNT(*) FROM passages").fetchone() == (0,)


def test_vector_key_depends_on_model_and_text() -> None:
    assert len({vector_key("a", "b"), vector_key("a", "c"), vector_key("ab", ""),
                vector_key("b", "b")}) == 4  # fmt: skip


def test_damaged_text_and_vectors_are_not_returned(
    connection: sqlite3.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    insert(connection, ARTICLE, 1)
    connection.execute("UPDATE vectors SET vector = zeroblob(128)")
    numbers, matrix = read_vectors(connection, 1, 32)
    assert numbers == [] and matrix.shape == (0, 32)
    connection.execute("UPDATE articles SET text = 'Rail' || char(10, 10) || 'One. Twa 😀.'")
    assert read_articles(connection, 1) == [] == list(read_passages(connection, 1))
    assert "'two-lines' is damaged" in caplog.text and "1 vectors are damaged" in caplog.text


def test_changed_state_is_noticed(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE library SET revision = 3")
    with pytest.raises(DamagedDatabase):
        read_state(connection)
    write_state(connection, LibraryState(2, "other", 8, 3, "g"))
    state = read_state(connection)
    assert state is not None and (state.model, state.revision) == ("other", 3)


def test_reader_without_room_for_shared_memory_is_frozen(tmp_path: Path) -> None:
    file = tmp_path / "library.sqlite"
    with closing(connect(file, write=True)) as connection:
        create_tables(connection, "words-32", 32)
    # What a full disk and a read-only folder come to: the file cannot be made.
    (tmp_path / "library.sqlite-shm").symlink_to("nowhere")
    with closing(connect(file)) as connection:
        assert isinstance(connection, FrozenConnection)
        state = read_state(connection)
        assert state is not None and state.model == "words-32"
    (tmp_path / "library.sqlite-wal").write_bytes(b"not yet in the file itself")
    with closing(connect(file)) as connection:
        assert not isinstance(connection, FrozenConnection)
        with pytest.raises(sqlite3.OperationalError):
            read_state(connection)
