"""The truth of a library: one SQLite file with articles, passages and vectors.

Every row of an article carries the revision that added it and the one that removed it, so readers
see the published revision whole while the next one is being written. Rows have checksums, and what
does not match its own is never returned.
"""

import hashlib
import json
import logging
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ingest.chunk import Chunk
from ingest.clean import Article, Heading
from ingest.embed import Vectors
from ingest.schema import FILE_NAME, FORMAT, connect, has_column, has_table
from ingest.seal import seal_article, seal_vector
from ingest.state import LibraryState, create_tables, read_state

# Said here, too, so that most need to know this module alone.
__all__ = [
    "FILE_NAME",
    "FORMAT",
    "LibraryState",
    "connect",
    "create_tables",
    "has_table",
    "read_state",
]

# The number that no article reaches: all are shown.
ALL_ARTICLES = 2**63 - 1
ARTICLE_COLUMNS = (
    "article_id, path, title, text, headings, sha256, file_sha256, author, published, url, "
    "summary, topics, sources"
)
# The plus keeps the planner from searching by the last condition, which seldom excludes a row.
VISIBLE = (
    "a.added <= :revision AND (a.removed IS NULL OR a.removed > :revision) AND +a.number <= :last"
)
log = logging.getLogger(__name__)


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


def digest_contents(connection: sqlite3.Connection, revision: int) -> str:
    """Return a hash of all that a revision shows, as the seals of its articles have it."""
    rows = connection.execute(
        f"SELECT a.article_id, a.seal FROM articles a WHERE {VISIBLE} ORDER BY a.article_id",
        {"revision": revision, "last": ALL_ARTICLES},
    )
    return hashlib.sha256(json.dumps(rows.fetchall()).encode()).hexdigest()


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
        f"SELECT {ARTICLE_COLUMNS} FROM articles a WHERE {VISIBLE} {only} "
        "ORDER BY title, article_id",
        {"revision": revision, "article_id": article_id, "last": last},
    )
    return list(filter(None, map(_to_article, rows)))


def read_articles_of_other_models(connection: sqlite3.Connection, model: str) -> list[Article]:
    """Return the articles, staged ones too, whose vectors are not of `model`."""
    rows = connection.execute(
        f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE removed IS NULL AND model != ?", (model,)
    )
    return list(filter(None, map(_to_article, rows)))


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
        "SELECT p.number, p.start, p.stop, p.heading, p.sentences, a.number FROM passages p "
        f"JOIN articles a ON a.number = p.article WHERE {VISIBLE} {only} ORDER BY p.number",
        {"revision": revision, "wanted": wanted, "article_id": article_id, "last": last},
    )
    # Not joined: a long text would be read again for each of its passages.
    select_article = f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE number = ?"
    articles: dict[int, Article | None] = {}
    for number, start, stop, heading, sentences, row in rows:
        if row not in articles:
            articles[row] = _to_article(connection.execute(select_article, (row,)).fetchone())
        article = articles[row]
        if article is None:
            continue
        try:
            spans = tuple((first, last) for first, last in json.loads(sentences))
        except (ValueError, TypeError):
            log.error("a passage of %r is damaged; repair: footnote repair", article.article_id)
            continue
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
        f"WHERE {VISIBLE} AND a.article_id IN (SELECT value FROM json_each(:wanted)) "
        "ORDER BY p.number",
        {"revision": revision, "wanted": json.dumps(list(article_ids)), "last": last},
    )
    return [number for (number,) in rows]


def read_vectors(
    connection: sqlite3.Connection, revision: int, dimensions: int, last: int = ALL_ARTICLES
) -> tuple[list[int], Vectors]:
    """Return the numbers of all passages of a revision and their vectors, (n, dimensions).

    Damaged ones are left out.
    """
    seal = "v.seal" if has_column(connection, "vectors", "seal") else "NULL"
    rows = connection.execute(
        f"SELECT p.number, v.vector, v.key, {seal} FROM passages p "
        "JOIN articles a ON a.number = p.article "
        f"JOIN vectors v ON v.key = p.vector WHERE {VISIBLE} ORDER BY p.number",
        {"revision": revision, "last": last},
    ).fetchall()
    sound = [row for row in rows if row[3] is None or row[3] == seal_vector(row[2], row[1])]
    if len(sound) < len(rows):
        log.error("%d vectors are damaged; repair the library: footnote repair",
                  len(rows) - len(sound))  # fmt: skip
    matrix = np.frombuffer(b"".join(row[1] for row in sound), dtype="<f4")
    return [row[0] for row in sound], matrix.reshape(-1, dimensions)


def count_visible(connection: sqlite3.Connection, revision: int) -> tuple[int, int]:
    """Return how many articles and passages a revision shows."""
    articles, passages = connection.execute(
        "SELECT COUNT(DISTINCT a.number), COUNT(p.number) FROM articles a "
        f"LEFT JOIN passages p ON p.article = a.number WHERE {VISIBLE}",
        {"revision": revision, "last": ALL_ARTICLES},
    ).fetchone()
    return int(articles), int(passages)


def count_articles(connection: sqlite3.Connection, revision: int) -> tuple[int, int]:
    """Return how many articles a revision shows, and the number of the last one's row."""
    articles, last = connection.execute(
        f"SELECT COUNT(*), COALESCE(MAX(a.number), 0) FROM articles a WHERE {VISIBLE}",
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
    rows = [
        (chunk.start, chunk.end, chunk.heading, json.dumps(chunk.sentences), key)
        for chunk, key in passages
    ]
    spelled = [(*row[:-1], row[-1].hex()) for row in rows]
    seal = seal_article((*columns, recipe, model), spelled)
    cursor = connection.execute(
        f"INSERT INTO articles (added, recipe, model, seal, {ARTICLE_COLUMNS}) "
        f"VALUES (?, ?, ?, ?{', ?' * len(columns)})",
        (revision, recipe, model, seal, *columns),
    )
    connection.executemany(
        "INSERT INTO passages (article, start, stop, heading, sentences, vector) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        ((cursor.lastrowid, *row) for row in rows),
    )


def insert_vectors(connection: sqlite3.Connection, vectors: Iterable[tuple[bytes, bytes]]) -> None:
    """Add vectors under their keys, little-endian float32; one that is there stays."""
    connection.executemany(
        "INSERT OR IGNORE INTO vectors (key, vector, seal) VALUES (?, ?, ?)",
        ((key, vector, seal_vector(key, vector)) for key, vector in vectors),
    )


def compute_seal(connection: sqlite3.Connection, number: int) -> int:
    """Return the seal that an article's rows should have as they lie there."""
    columns = connection.execute(
        f"SELECT {ARTICLE_COLUMNS}, recipe, model FROM articles WHERE number = ?", (number,)
    ).fetchone()
    passages = connection.execute(
        "SELECT start, stop, heading, sentences, lower(hex(vector)) FROM passages "
        "WHERE article = ? ORDER BY number",
        (number,),
    ).fetchall()
    return seal_article(columns, passages)


def vector_key(model: str, text: str) -> bytes:
    """Return the key of a text's vector: the same text under the same model is embedded once."""
    return hashlib.sha256(f"{model}\0{text}".encode()).digest()


def has_its_hash(text: object, sha256: str) -> bool:
    """Tell whether a stored text is the one that was stored."""
    if not isinstance(text, str):
        return False
    return hashlib.sha256(text.encode(errors="replace")).hexdigest() == sha256


def _to_article(columns: Sequence[Any]) -> Article | None:
    """Return the article of a row; None if it is not the one that was stored."""
    (article_id, path, title, text, headings, sha256, file_sha256, author, published, url,
     summary, topics, sources) = columns  # fmt: skip
    try:
        if not has_its_hash(text, sha256):
            raise ValueError("its text has another hash")
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
    except (ValueError, TypeError) as error:
        log.error("%r is damaged (%s) and not shown; repair: footnote repair", article_id, error)
        return None
