"""Restrict a question: to some articles, topics or dates, and what of a library that leaves."""

import re
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from bot.catalogue import Catalogue
from bot.refer import ReferenceIndex
from ingest.clean import Article
from ingest.snapshot import Numbers
from ingest.store import Store

_ISO_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
# Conversations keep their scope, and some go on at a time.
_SELECTIONS_KEPT = 8


class BadScope(ValueError):
    """A restriction that cannot be kept; the message names the value and what is wanted."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The articles that a question may be answered from; an empty one is the whole library.

    An article is in it that has one of the ids `articles`, one of `topics` (in capitals or not) and
    a date from `since` to `until`, both inclusive, as far as each is given. Dates are ISO: "2024",
    "2024-06" or "2024-06-19"; a year or month goes on to its last day. Raises BadScope for others.
    """

    articles: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    since: str | None = None
    until: str | None = None

    def __post_init__(self) -> None:
        for name, given in (("articles", self.articles), ("topics", self.topics)):
            # Of a string each letter would be a name, and a list has no hash.
            if not isinstance(given, frozenset):
                raise BadScope(f"{name} is {given!r:.80}; give a frozenset: frozenset({{'NAME'}})")
        for name, value in (("since", self.since), ("until", self.until)):
            if value is not None and not (isinstance(value, str) and _is_date(value)):
                raise BadScope(f"{name} {value!r} is no date; write YYYY, YYYY-MM or YYYY-MM-DD")
        if self.since and self.until and not _is_within(self.until, self.since, None):
            raise BadScope(f"since {self.since} is after until {self.until}; swap them")

    def describe(self) -> str:
        """Return the restriction in words."""
        parts = [
            f"{noun if len(names) == 1 else f'{noun}s'} {', '.join(sorted(names))}"
            for noun, names in (("article", self.articles), ("topic", self.topics))
            if names
        ]
        dates = (("since", self.since), ("until", self.until))
        if told := " ".join(f"{word} {day}" for word, day in dates if day):
            parts.append(f"published {told}")
        return "; ".join(parts) or "all articles"

    def holds(self, article: Article) -> bool:
        """Tell whether an article is in the scope."""
        if self.articles and article.article_id not in self.articles:
            return False
        if self.topics and _fold(self.topics).isdisjoint(_fold(article.topics)):
            return False
        return _is_within(article.published, self.since, self.until)


EVERYTHING = Scope()


def find_articles(scope: Scope, articles: Sequence[Article]) -> tuple[Article, ...]:
    """Return the articles of a library that are in a scope, in the order given.

    Raises BadScope if it names an id or a topic that none has, or if no article is in it.
    """
    _check_known("article", scope.articles, (item.article_id for item in articles), str)
    topics = (topic for item in articles for topic in item.topics)
    _check_known("topic", scope.topics, topics, _fold_name)
    found = tuple(filter(scope.holds, articles))
    if not found:
        raise BadScope(f"no article in the library is in this restriction: {scope.describe()}")
    return found


@dataclass(frozen=True, slots=True)
class Selection:
    """What a scope holds of a library: passage numbers, ascending, and its own references.

    `passages` is None for the whole library.
    """

    passages: Numbers | None
    references: ReferenceIndex


class Selections:
    """The selections of one library, made when first asked for and after each change.

    Any number of threads may ask.
    """

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self._store = store
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._library: ReferenceIndex | None = None
        self._known: dict[Scope, Selection] = {}

    def get(self, scope: Scope) -> Selection:
        """Return what a scope holds of the revision that is shown. Raises BadScope."""
        aliases, library = self._catalogue.get()
        if scope == EVERYTHING:
            return Selection(None, library)
        with self._lock:
            if self._library is not library:
                self._library = library
                self._known.clear()
            if scope not in self._known:
                articles = find_articles(scope, library.articles)
                numbers = self._store.find_passages(item.article_id for item in articles)
                if len(self._known) == _SELECTIONS_KEPT:
                    del self._known[next(iter(self._known))]
                self._known[scope] = Selection(numbers, ReferenceIndex(articles, aliases))
            return self._known[scope]


def _is_date(value: str) -> bool:
    """Tell whether a text is a year, a month or a day of the calendar."""
    if not _ISO_DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value + "-01-01"[len(value) - 4 :])
    except ValueError:
        return False
    return True


def _is_within(day: str | None, since: str | None, until: str | None) -> bool:
    """Tell whether a date is in a range; what one date leaves open, the other may fill."""
    if since is None and until is None:
        return True
    if not day:
        return False
    return (since is None or day[: len(since)] >= since[: len(day)]) and (
        until is None or day[: len(until)] <= until[: len(day)]
    )


def _fold(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(_fold_name, names))


def _fold_name(name: str) -> str:
    return name.strip().casefold()


def _check_known(
    kind: str, asked: Iterable[str], known: Iterable[str], fold: Callable[[str], str]
) -> None:
    """Raise BadScope for the first name that is not known, with one like it or some that are."""
    named = {fold(name): name for name in known}
    for name in sorted(asked):
        if fold(name) in named:
            continue
        if near := get_close_matches(fold(name), named, n=1):
            hint = f"; did you mean {named[near[0]]!r}?"
        else:
            some = ", ".join(map(repr, sorted(named.values())[:3]))
            hint = f"; there are {some}{', …' if len(named) > 3 else ''}" if named else ""
        raise BadScope(f"no {kind} {name!r} in the library{hint}")
