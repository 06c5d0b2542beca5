"""What a search finds and what a library holds, as every door gives them in JSON."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from bot.cite import Citation, cite
from bot.retrieve import Passage
from ingest.clean import Article

MAX_HITS = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, as a citation of it, and its score: higher is better."""

    score: float
    passage: Citation


@dataclass(frozen=True, slots=True)
class Hits:
    """The passages for a question, best first."""

    question: str
    hits: tuple[Hit, ...]

    @classmethod
    def of(cls, question: str, found: Iterable[Passage]) -> Self:
        """Return what was found for a question."""
        hits = []
        for number, item in enumerate(found, 1):
            chunk = item.stored.chunk
            passage = cite(number, item.stored.article, chunk.start, chunk.end, chunk.heading)
            hits.append(Hit(item.score, passage))
        return cls(question, tuple(hits))


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """An article without its text."""

    article_id: str
    title: str
    author: str | None
    published: str | None
    url: str | None
    summary: str | None
    topics: tuple[str, ...]
    sha256: str
    letters: int

    @classmethod
    def of(cls, article: Article) -> Self:
        """Return the entry of an article."""
        return cls(
            article_id=article.article_id,
            title=article.title,
            author=article.author,
            published=article.published,
            url=article.url,
            summary=article.summary,
            topics=article.topics,
            sha256=article.sha256,
            letters=len(article.text),
        )


@dataclass(frozen=True, slots=True)
class ArticleList:
    """Articles by title, and how many there are in all."""

    total: int
    articles: tuple[ArticleEntry, ...]
