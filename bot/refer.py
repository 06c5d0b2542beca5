"""Resolve references: "Article 4", "section 2(b)", "the second article", "the piece on the summit".

A reference goes to a section, a sentence or a whole article by number, position, title, author or
date, without any search.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain, islice

from bot.aliases import Aliases
from bot.label_index import LabelIndex
from bot.labels import (
    ASKED_ORDINAL,
    TOPIC_END,
    begins_label,
    cut_before,
    is_part_of_document,
    read_ordinal,
)
from bot.places import find_section_end
from bot.reference import Reference, References
from bot.topics import (
    NAMED_ARTICLE,
    NAMED_SECTION,
    QUOTED,
    TOPIC_LETTERS,
    Description,
    Topics,
    ends_noun,
    is_author,
    stem_topic,
)
from ingest.clean import Article, Heading

MAX_REFERENCES = 8
# Names and quotations that are looked up of one question, of each kind.
_NAMES_READ = 12
_AGE = re.compile(
    r"(?i)\b(?:(newest|latest|most recent)|(?:oldest|earliest))\s"
    r"(?:article|piece|story|essay|post|entry)\b"
)


def resolve_references(
    question: str, articles: Sequence[Article], aliases: Aliases | None = None
) -> References:
    """Return what a question refers to in articles; for many questions make a ReferenceIndex."""
    return ReferenceIndex(articles, aliases).resolve(question)


class ReferenceIndex:
    """The headings, labels, titles, authors and dates of articles, in the library's order.

    Indexed when first asked for. Any number of threads may resolve at once.
    """

    def __init__(self, articles: Sequence[Article], aliases: Aliases | None = None) -> None:
        self.articles = tuple(articles)
        self._aliases = aliases
        # The same titles, sentences and sections are weighed for question after question.
        self._stem = lru_cache(maxsize=4096)(lambda text: stem_topic(text, aliases))
        self._labels = LabelIndex(self.articles, self._stem, lambda: self._topics)
        self._numbers = {item.article_id: number for number, item in enumerate(self.articles)}

    def resolve(self, question: str, order: Sequence[str] = ()) -> References:
        """Return what a question refers to, the surest first.

        `order` are the ids of articles as the reader sees them ("the second article"), for
        instance those cited last; without it the order of the library is meant.
        """
        found: dict[tuple[str, int, int], Reference] = {}
        labelled, missing = self._labels.resolve(question)
        parts = (
            labelled,
            self._resolve_articles(question, order),
            self._resolve_sections(question),
            self._resolve_quoted(question),
        )
        for item in chain.from_iterable(parts):
            key = (item.article_id, item.start, item.end)
            if key not in found or found[key].weight < item.weight:
                found[key] = item
        best = sorted(found.values(), key=lambda item: -item.weight)
        return References(tuple(best[:MAX_REFERENCES]), missing)

    @cached_property
    def _topics(self) -> "Topics":
        return Topics(self.articles, self._aliases)

    def _resolve_articles(self, question: str, order: Sequence[str]) -> Iterator[Reference]:
        """Yield whole articles named by position, age, topic, author or date."""
        yield from self._resolve_position(question, order)
        for match in islice(NAMED_ARTICLE.finditer(question), _NAMES_READ):
            if not ends_noun(question, match):
                continue
            described = Description.read(question, match)
            chosen, kind, weight = self._choose_articles(described)
            words = question[match.start() : described.end].strip()
            for number in chosen:
                yield self._refer(number, kind, words, weight)

    def _choose_articles(self, described: "Description") -> tuple[list[int], str, float]:
        """Return the articles that fit a description, what told them, and how sure it is."""
        fitting = [
            number
            for number, article in enumerate(self.articles)
            if (not described.author or is_author(described.author, article.author))
            and (article.published or "").startswith(described.date)
        ]
        kind = "author" if described.author else "date" if described.date else ""
        if described.topic:
            best = self._topics.find_article(described.topic, fitting if kind else None)
            if best is not None:
                return [best[0]], "title", best[1]
            # The words before "article" need not be a topic: "the long article by Anna Berg".
            if not kind or described.is_certain:
                return [], "", 0.0
        if not kind or len(fitting) > MAX_REFERENCES:
            return [], "", 0.0
        return fitting, kind, 0.95 if len(fitting) == 1 else 0.6

    def _resolve_position(self, question: str, order: Sequence[str]) -> Iterator[Reference]:
        numbers = [self._numbers[name] for name in order if name in self._numbers]
        numbers = numbers or list(range(len(self.articles)))
        for match in islice(ASKED_ORDINAL.finditer(question), _NAMES_READ):
            if is_part_of_document(question, match) or not ends_noun(question, match):
                continue
            ordinal = read_ordinal(match["ordinal"])
            if ordinal is not None and numbers and ordinal <= len(numbers):
                chosen = numbers[ordinal - 1] if ordinal else numbers[-1]
                yield self._refer(chosen, "position", match[0], 0.9 if order else 0.7)
        dated = [n for n in numbers if self.articles[n].published]
        for match in islice(_AGE.finditer(question), _NAMES_READ) if dated else ():
            pick = max if match[1] else min
            chosen = pick(dated, key=lambda n: self.articles[n].published or "")
            yield self._refer(chosen, "date", match[0], 0.8)

    def _resolve_sections(self, question: str) -> Iterator[Reference]:
        """Yield sections named by what they are about."""
        for match in islice(NAMED_SECTION.finditer(question), _NAMES_READ):
            topic = cut_before(question[match.end() :][:TOPIC_LETTERS], TOPIC_END)
            if found := self._topics.find_heading(topic):
                (number, heading), weight = found
                # "The article on X" is a section only where sections are called articles.
                labelled = begins_label(self.articles[number].text, heading.start)
                if labelled or match["noun"].lower() != "article":
                    words = question[match.start() : match.end() + len(topic)]
                    yield self._refer(number, "heading", words, weight, heading)

    def _resolve_quoted(self, question: str) -> Iterator[Reference]:
        """Yield the article or sections whose name stands in quotation marks."""
        for match in islice(QUOTED.finditer(question), _NAMES_READ):
            for number, heading in self._topics.find_exact(match[1]):
                kind, weight = ("heading", 0.95) if heading else ("title", 1.0)
                yield self._refer(number, kind, match[0], weight, heading)

    def _refer(
        self, number: int, kind: str, words: str, weight: float, heading: Heading | None = None
    ) -> Reference:
        """Return the reference to an article, or to the section of a heading in it."""
        article = self.articles[number]
        start, end = 0, len(article.text)
        if heading:
            start, end = heading.start, find_section_end(article, heading)
        return Reference(article.article_id, start, end, kind, words, round(weight, 3))
