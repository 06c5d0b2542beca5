"""Find articles and sections by what a question calls them: title, subject, author, date."""

import math
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.aliases import Aliases
from bot.english import MONTHS, SMALL_WORDS
from bot.labels import SAME_KIND, TOPIC_END, VERBS, cut_before
from bot.spelling import fold_word, strip_marks
from ingest.clean import Article, Heading
from ingest.words import stem_words

NAMED_ARTICLE = re.compile(
    r"(?i)\b(?:the|this|that|your)\s(?P<before>(?:[\w’'–.,&-]+\s){0,7}?)"
    r"(?P<noun>article|piece|story|essay|post|entry|write-up)\b(?!\s\d)"
)
# What may follow such a noun; before another noun it is a part of that ("the story line").
_NOUN_END = re.compile(
    rf"(?i)['’]s\b|\s?[^\w\s]|\s*\Z|\s(?:{VERBS}|about|on|by|of|from|in|to|and|or|with|as|for|at|above"
    r"|below|here|there|not|also|titled|entitled|called|named|headlined|covering|discussing|dated"
    r"|published|written|concerning|dealing|you|i|we)\b"
)
# Words before "article" that tell nothing of its topic.
_PLAIN_TEXT = """
first second third fourth fifth last final next previous same other latest newest oldest earliest
recent most new old long short whole entire full above following news two three four an a the and or
of in on to for by with each every whose which treaty pact is are was were does do did
"""
_PLAIN_WORDS = frozenset(_PLAIN_TEXT.split())
_NTH = re.compile(r"\d+(?:st|nd|rd|th)")
_ASKS_BY_DO = re.compile(r"(?i)\b(?:do|does|did)\b")
NAMED_SECTION = re.compile(
    r"(?i)\b(?:the|this|that)\s(?P<noun>section|chapter|clause|article|part|passage|paragraph)\s"
    r"(?:about|on|titled|called|headed|entitled|dealing with|concerning)\s(?:the\s)?"
)
_ABOUT = re.compile(
    r"(?i),?\s(?:about|on|covering|discussing|titled|entitled|called|named|headlined|dealing with"
    r"|concerning|regarding)\s(?:the\s)?"
)
_BY = re.compile(
    r"(?i:,?\s(?:written\s)?by)\s(?:the\s)?(?P<author>[A-Z][\w.’'-]*(?:\s[A-Z][\w.’'-]*)*)"
)
_MONTH = "|".join(f"{month}|{month[:3]}\\.?" for month in MONTHS)
_DATE_TEXT = (
    rf"(?P<iso>\d{{4}}-\d\d(?:-\d\d)?)|(?:(?P<day>\d{{1,2}})\s)?(?P<month>{_MONTH})"
    rf"(?:\s(?P<day2>\d{{1,2}}),?)?\s(?P<year>\d{{4}})|(?P<only>(?:19|20)\d\d)\b"
)
_DATE = re.compile(rf"(?i)(?:{_DATE_TEXT})")
_DATED = re.compile(
    rf"(?i),?\s(?:of|from|dated|published(?:\son|\sin)?|that appeared (?:on|in))\s(?:{_DATE_TEXT})"
)
_PUBLISHED = re.compile(r"(?i),?\s(?:dated|published|from)\s(?=.{0,20}\d{4})")
QUOTED = re.compile(r"[\"“‘«]([^\"“”«»]{4,160}?)[\"”’»](?!\w)")
_Key = TypeVar("_Key")
# No title or heading is longer.
TOPIC_LETTERS = 200
_LEAST_SCORE = 0.6
_LEAST_LEAD = 0.1
_IDLE_STEMS = frozenset(
    stem_words(
        " ".join(SMALL_WORDS)
        + " article section chapter clause paragraph piece story about"
        + " what does do did say which who how"
    )
)


class Topics:
    """The words of titles and headings, to find the one that a phrase names."""

    def __init__(self, articles: Sequence[Article], aliases: Aliases | None) -> None:
        self._articles = articles
        self._aliases = aliases
        self._flat_titles = [f" {_flatten(article.title)} " for article in articles]
        self._titles = [self._read(article.title) for article in articles]
        self._headings = [
            [(head, self._read(article.text[head.start : head.end])) for head in article.headings]
            for article in articles
        ]
        self._topics = [self._read(" ".join(article.topics)) for article in articles]
        self._having: defaultdict[str, set[int]] = defaultdict(set)
        for number, title in enumerate(self._titles):
            for word in title.union(self._topics[number], *(w for _, w in self._headings[number])):
                self._having[word].add(number)

    def _read(self, name: str) -> frozenset[str]:
        """Return the stems of a title or heading, as written and with names in one spelling."""
        plain = stem_topic(name, None)
        return plain | stem_topic(name, self._aliases) if self._aliases else plain

    def read_names(self, number: int, position: int) -> frozenset[str]:
        """Return the stems of an article's title and of the heading above a position."""
        headings = self._headings[number]
        place = bisect_right(headings, position, key=lambda item: item[0].start)
        return self._titles[number] | headings[place - 1][1] if place else self._titles[number]

    def weigh(self, word: str) -> float:
        """Return how much a word tells: more the fewer articles have it in titles and headings."""
        count = len(self._having.get(word, ()))
        return math.log(1 + (len(self._articles) - count + 0.5) / (count + 0.5))

    def find_article(
        self, phrase: str, among: Iterable[int] | None = None
    ) -> tuple[int, float] | None:
        """Return the article that a phrase names and how sure it is, None without clear winner."""
        wanted = stem_topic(phrase, self._aliases)
        total = sum(map(self.weigh, wanted))
        having = set().union(*(self._having.get(word, set()) for word in wanted))
        flat = f" {_flatten(phrase)} "
        # "Who's who" has no telling word, and yet is a part of a title.
        having = having or {n for n, title in enumerate(self._flat_titles) if flat in title}
        allowed = having if among is None else having.intersection(among)
        scores = {number: self._score(number, wanted, total, flat) for number in allowed}
        return _choose_clear(scores)

    def _score(self, number: int, wanted: frozenset[str], total: float, flat: str) -> float:
        """Return how well a title, with a heading or the topics, holds the wanted words."""
        if flat == self._flat_titles[number]:
            return 2.0
        if not wanted:
            return 0.9
        title = self._titles[number]
        held = sum(map(self.weigh, wanted & title)) / total
        others = [words for _, words in self._headings[number]] + [self._topics[number]]
        wider = max(sum(map(self.weigh, wanted & (title | words))) for words in others) / total
        return max(held, 0.8 * wider) + 0.15 * len(wanted & title) / max(1, len(title))

    def find_heading(self, phrase: str) -> tuple[tuple[int, Heading], float] | None:
        """Return the section that a phrase names and how sure it is, None without clear winner."""
        wanted = stem_topic(phrase, self._aliases)
        total = sum(map(self.weigh, wanted))
        scores: dict[tuple[int, Heading], float] = {}
        for number in set().union(*(self._having.get(word, set()) for word in wanted)):
            title = sum(map(self.weigh, wanted & self._titles[number]))
            for heading, words in self._headings[number]:
                held = sum(map(self.weigh, wanted & words))
                score = (held + 0.4 * max(0.0, title - held)) / total
                if held:
                    scores[number, heading] = score + 0.1 * len(wanted & words) / len(words)
        return _choose_clear(scores)

    def find_exact(self, phrase: str) -> Iterator[tuple[int, Heading | None]]:
        """Yield the articles and headings with exactly this name."""
        wanted = stem_topic(phrase, self._aliases)
        flat = _flatten(phrase)
        having = (self._having.get(word, set()) for word in wanted)
        for number in set.intersection(*having) if wanted else set():
            article = self._articles[number]
            if _flatten(article.title) == flat:
                yield number, None
            for head in article.headings:
                if _flatten(article.text[head.start : head.end]) == flat:
                    yield number, head


def _choose_clear(scores: Mapping[_Key, float]) -> tuple[_Key, float] | None:
    """Return the best of some and its score, None if it is no good or the next is as good."""
    first, second = sorted((*scores.values(), 0.0, 0.0), reverse=True)[:2]
    if first < _LEAST_SCORE or first - second < _LEAST_LEAD:
        return None
    return next(key for key in scores if scores[key] == first), min(0.95, first)


@dataclass(frozen=True, slots=True)
class Description:
    """How a question describes an article: topic, author and date ("2024-03"), each may be ""."""

    topic: str
    author: str
    date: str
    is_certain: bool
    end: int

    @classmethod
    def read(cls, question: str, match: re.Match[str]) -> "Description":
        """Read the words around "article" in a question."""
        before = match["before"].strip()
        owner = re.search(r"(?:\A|\s)((?:[A-Z][\w.-]*\s)*[A-Z][\w.-]*)['’]s\Z", before)
        date = _DATE.fullmatch(before)
        words = before.lower().split()
        plain = date or not _PLAIN_WORDS.isdisjoint(words) or any(map(_NTH.fullmatch, words))
        described = cls(
            topic=before if owner or not plain else "",
            author=owner[1] if owner else "",
            date=_read_date(date) if date else "",
            is_certain=False,
            end=match.end(),
        )
        while (further := described._read_on(question)) is not None:
            described = further
        return described

    def _read_on(self, question: str) -> "Description | None":
        """Return the description with the next part of it ("by ...", "on ..."), None at its end."""
        rest = question[self.end :]
        if not self.author and (by := _BY.match(rest)):
            author = re.sub(r"['’]s?\Z", "", by["author"])
            return replace(self, author=author, end=self.end + by.end())
        if not self.date and (dated := _DATED.match(rest)):
            return replace(self, date=_read_date(dated), end=self.end + dated.end())
        if not self.is_certain and (about := _ABOUT.match(rest)):
            quoted = QUOTED.match(rest, about.end())
            topic = quoted[1] if quoted else _cut_topic(rest[about.end() :])
            end = quoted.end() if quoted else about.end() + len(topic)
            return replace(self, topic=topic, is_certain=True, end=self.end + end)
        return None


def ends_noun(question: str, match: re.Match[str]) -> bool:
    """Tell whether "article" or "story" ends its noun: not in "the two story lines"."""
    asks_what_it_does = _ASKS_BY_DO.search(question, 0, match.start())
    return bool(asks_what_it_does or _NOUN_END.match(question, match.end("noun")))


def _cut_topic(rest: str) -> str:
    """Return the phrase of a topic: up to a verb, or "by" an author or "of" a date."""
    topic = cut_before(rest[:TOPIC_LETTERS], TOPIC_END)
    ends = [match.start() for match in (_BY.search(topic), _PUBLISHED.search(topic)) if match]
    return topic[: min(ends, default=len(topic))]


def _read_date(match: re.Match[str]) -> str:
    """Return a date as the beginning of an ISO date."""
    if match["iso"] or match["only"]:
        return match["iso"] or match["only"]
    month = next(n for n, name in enumerate(MONTHS, 1) if name[:3] == match["month"][:3].lower())
    day = match["day"] or match["day2"]
    return f"{match['year']}-{month:02d}" + (f"-{int(day):02d}" if day else "")


def is_author(asked: str, author: str | None) -> bool:
    """Tell whether all words of the asked name are among an author's."""
    names = set(_flatten(author or "").split())
    return bool(names) and set(_flatten(asked).split()) <= names


def _flatten(text: str) -> str:
    """Return a text's words in lower case without marks, for comparing names."""
    plain = strip_marks(text).casefold().replace("'", "")
    return " ".join(re.findall(r"\w+", plain))


def stem_topic(text: str, aliases: Aliases | None) -> frozenset[str]:
    """Return the telling stems of a text, its names in one spelling."""
    words = re.findall(r"\w+(?:['’]\w+)*", aliases.normalise(text) if aliases else text)
    stems = stem_words(" ".join(map(fold_word, words)))
    return frozenset(SAME_KIND.get(stem, stem) for stem in stems) - _IDLE_STEMS
