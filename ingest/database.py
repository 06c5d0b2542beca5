"""The truth of a library: one SQLite file with articles, passages and vectors.

Every row of an article carries the revision that added it and the one that removed it, so readers
see the published revision whole while the next one is being written.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ingest.chunk import Chunk
from ingest.clean import Article, Heading
from ingest.embed import Vectors

FILE_NAME = "library.sqlite"
FORMAT = 1
# The number that no article reaches: all are shown.
ALL_ARTICLES = 2**63 - 1
_SCHEMA = """
CREATE TABLE library (
    format INTEGER NOT NULL, model TEXT NOT NULL, dimensions INTEGER NOT NULL,
    revision INTEGER NOT NULL, generation TEXT NOT NULL
);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, added INTEGER NOT NULL, removed INTEGER,
    article_id TEXT NOT NULL, path TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
    headings TEXT NOT NULL, sha256 TEXT NOT NULL, file_sha256 TEXT NOT NULL, author TEXT,
    published TEXT, url TEXT, summary TEXT, topics TEXT NOT NULL, sources TEXT NOT NULL,
    recipe TEXT NOT NULL, model TEXT NOT NULL
);
CREATE UNIQUE INDEX live_article ON articles (article_id) WHERE removed IS NULL;
CREATE TABLE passages (
    number INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    start INTEGER NOT NULL, stop INTEGER NOT NULL, heading TEXT NOT NULL, sentences TEXT NOT NULL,
    vector BLOB NOT NULL REFERENCES vectors (key)
);
CREATE INDEX passages_by_article ON passages (article);
CREATE INDEX passages_by_vector ON passages (vector);
CREATE TABLE vectors (key BLOB PRIMARY KEY, vector BLOB NOT NULL) WITHOUT ROWID;
"""
_ARTICLE_COLUMNS = (
    "article_id, path, title, text, headings, sha256, file_sha256, author, published, url, "
    "summary, topics, sources"
)
# The plus keeps the planner from searching by the last condition, which seldom excludes a row.
_VISIBLE = (
    "a.added <= :revision AND (a.removed IS NULL OR a.removed > :revision) AND +a.number <= :last"
)


@dataclass(frozen=True, slots=True)
class LibraryState:
    """The one row that says what is published, and how its vectors were made."""

    format: int
    model: str
    dimensions: int
    revision: int
    generation: str


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as it lies in the library: its number, its article and its place in the text."""

    number: int
    article: Article
    chunk: Chunk

    @property
    def text(self) -> str:
        """The words of the passage."""
        return self.article.text[self.chunk.start : self.chunk.end]


def connect(path: Path, *, write: bool = False) -> sqlite3.Connection:
    """Open a library's database; a writer commits through to the disk."""
    mode = "rwc" if write else "rw"
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, timeout=30, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    if write:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
    return connection


def create_tables(connection: sqlite3.Connection, model: str, dimensions: int) -> None:
    """Make an empty library, in one transaction."""
    statements = "".join(("BEGIN IMMEDIATE;", _SCHEMA))
    connection.executescript(statements)
    connection.execute("INSERT INTO library VALUES (?, ?, ?, 0, '')", (FORMAT, model, dimensions))
    connection.commit()


def read_state(connection: sqlite3.Connection) -> LibraryState | None:
    """Return what is published, None for a file without a library."""
    if not has_table(connection, "library"):
        return None
    row = connection.execute("SELECT * FROM library").fetchone()
    return LibraryState(*row) if row else None


def has_table(connection: sqlite3.Connection, name: str) -> bool:
    """Tell whether a library has a table; those added later are missing in older ones."""
    rows = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,))
    return rows.fetchone() is not None


def read_articles(
    connection: sqlite3.Connection,
    revision: int,
    article_id: str | None = None,
    last: int = ALL_ARTICLES,
) -> list[Article]:
    """Return the articles that a revision shows, by title; or the one of that id.

    Here and below, `last` leaves out the articles whose rows have a higher number.
    """
    only = "AND a.article_id = :article_id" if article_id is not None else ""
    rows = connection.execute(
        f"SELECT {_ARTICLE_COLUMNS} FROM articles a WHERE {_VISIBLE} {only} "
        "ORDER BY title, article_id",
        {"revision": revision, "article_id": article_id, "last": last},
    )
    return [_to_article(row) for row in rows]


def read_articles_of_other_models(connection: sqlite3.Connection, model: str) -> list[Article]:
    """Return the articles, staged ones too, whose vectors are not of `model`."""
    rows = connection.execute(
        f"SELECT {_ARTICLE_COLUMNS} FROM articles WHERE removed IS NULL AND model != ?", (model,)
    )
    return [_to_article(row) for row in rows]


def read_passages(
    connection: sqlite3.Connection,
    revision: int,
    numbers: Iterable[int] | None = None,
    article_id: str | None = None,
    last: int = ALL_ARTICLES,
) -> Iterator[StoredPassage]:
    """Yield the passages that a revision shows, in order of number.

    With `numbers` only those, with `article_id` only those of that article.
    """
    wanted = json.dumps(list(numbers)) if numbers is not None else None
    only = "AND p.number IN (SELECT value FROM json_each(:wanted))" if wanted else ""
    if article_id is not None:
        only += " AND a.article_id = :article_id"
    rows = connection.execute(
        "SELECT p.number, p.start, p.stop, p.heading, p.sentences, a.number, "
        f"{_ARTICLE_COLUMNS} FROM passages p JOIN articles a ON a.number = p.article "
        f"WHERE {_VISIBLE} {only} ORDER BY p.number",
        {"revision": revision, "wanted": wanted, "article_id": article_id, "last": last},
    )
    articles: dict[int, Article] = {}
    for number, start, stop, heading, sentences, row, *columns in rows:
        article = articles.setdefault(row, _to_article(columns))
        spans = tuple((first, last) for first, last in json.loads(sentences))
        yield StoredPassage(number, article, Chunk(article.article_id, start, stop, heading, spans))


def read_passage_numbers(
    connection: sqlite3.Connection,
    revision: int,
    article_ids: Iterable[str],
    last: int = ALL_ARTICLES,
) -> list[int]:
    """Return the numbers of all passages of some articles that a revision shows, ascending."""
    rows = connection.execute(
        "SELECT p.number FROM passages p JOIN articles a ON a.number = p.article "
        f"WHERE {_VISIBLE} AND a.article_id IN (SELECT value FROM json_each(:wanted)) "
        "ORDER BY p.number",
        {"revision": revision, "wanted": json.dumps(list(article_ids)), "last": last},
    )
    return [number for (number,) in rows]


def read_vectors(
    connection: sqlite3.Connection, revision: int, dimensions: int, last: int = ALL_ARTICLES
) -> tuple[list[int], Vectors]:
    """Return the numbers of all passages of a revision and their vectors, (n, dimensions)."""
    rows = connection.execute(
        "SELECT p.number, v.vector FROM passages p JOIN articles a ON a.number = p.article "
        f"JOIN vectors v ON v.key = p.vector WHERE {_VISIBLE} ORDER BY p.number",
        {"revision": revision, "last": last},
    ).fetchall()
    matrix = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4")
    return [row[0] for row in rows], matrix.reshape(-1, dimensions)


def count_visible(connection: sqlite3.Connection, revision: int) -> tuple[int, int]:
    """Return how many articles and passages a revision shows."""
    articles, passages = connection.execute(
        "SELECT COUNT(DISTINCT a.number), COUNT(p.number) FROM articles a "
        f"LEFT JOIN passages p ON p.article = a.number WHERE {_VISIBLE}",
        {"revision": revision, "last": ALL_ARTICLES},
    ).fetchone()
    return int(articles), int(passages)


def count_articles(connection: sqlite3.Connection, revision: int) -> tuple[int, int]:
    """Return how many articles a revision shows, and the number of the last one's row."""
    articles, last = connection.execute(
        f"SELECT COUNT(*), COALESCE(MAX(a.number), 0) FROM articles a WHERE {_VISIBLE}",
        {"revision": revision, "last": ALL_ARTICLES},
    ).fetchone()
    return int(articles), int(last)


def insert_article(
    connection: sqlite3.Connection,
    article: Article,
    revision: int,
    recipe: str,
    model: str,
    passages: Iterable[tuple[Chunk, bytes]],
) -> None:
    """Add an article and its passages, each with the key of its vector, as of `revision`."""
    columns = (
        article.article_id, article.path, article.title, article.text,
        json.dumps([[item.start, item.end, item.level] for item in article.headings]),
        article.sha256, article.file_sha256, article.author, article.published, article.url,
        article.summary, json.dumps(article.topics), json.dumps(article.sources),
    )  # fmt: skip
    cursor = connection.execute(
        f"INSERT INTO articles (added, recipe, model, {_ARTICLE_COLUMNS}) "
        f"VALUES (?, ?, ?{', ?' * len(columns)})",
        (revision, recipe, model, *columns),
    )
    connection.executemany(
        "INSERT INTO passages (article, start, stop, heading, sentences, vector) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (
            (cursor.lastrowid, item.start, item.end, item.heading, json.dumps(item.sentences), key)
            for item, key in passages
        ),
    )


def vector_key(model: str, text: str) -> bytes:
    """Return the key of a text's vector: the same text under the same model is embedded once."""
    return hashlib.sha256(f"{model}\0{text}".encode()).digest()


def _to_article(columns: Iterable[str]) -> Article:
    (article_id, path, title, text, headings, sha256, file_sha256, author, published, url,
     summary, topics, sources) = columns  # fmt: skip
    return Article(
        article_id=article_id,
        path=path,
        title=title,
        text=text,
        headings=tuple(Heading(*item) for item in json.loads(headings)),
        sha256=sha256,
        file_sha256=file_sha256,
        author=author,
        published=published,
        url=url,
        summary=summary,
        topics=tuple(json.loads(topics)),
        sources=tuple(json.loads(sources)),
    )
