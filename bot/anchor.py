"""Where a quote stands in a text that has changed since it was quoted."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nsmallest
from typing import Literal

from bot.cite import CONTEXT_LETTERS
from ingest.store import Store

# A quote that stands more often than that is a word or two: the nearest ones will do.
_MAX_PLACES = 1000
# Each stands for one character, so that offsets stay.
_VARIANTS = str.maketrans(
    {char: "-" for char in "‐‑‒–—―−"}
    | {char: '"' for char in "“”„‟«»″"}
    | {char: "'" for char in "‘’‚‛‹›′"}
)
# Runs that are one character once white space does not count: dashes with what is around them, and
# white space. Single spaces need no change and are passed over.
_RUN = re.compile(r"\s*-[\s-]*|\s{2,}|[^\S ]")


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where quoted words stand now: `text[start:end]` of the article as the library shows it.

    "same": at the old offsets, letter for letter. "moved": elsewhere, or with other white space,
    dashes or quotation marks. "gone": nowhere, `start` and `end` are 0. `quote` is the words as
    they were quoted, empty if the text that they were taken from is not known.
    """

    start: int
    end: int
    state: Literal["same", "moved", "gone"]
    quote: str


def resolve_anchor(
    store: Store, article_id: str, start: int, end: int, sha256: str | None
) -> Anchor | None:
    """Find where `text[start:end]` of an article's present or past text stands now.

    `sha256` names that text, by 8 hexadecimal digits or more; None is the present one. None if
    there is no such article.
    """
    article = store.get_article(article_id)
    if article is None:
        return None
    text = article.text
    quoted = text if sha256 is None else store.get_text(article_id, sha256)
    if quoted is None or not 0 <= start < end <= len(quoted):
        return Anchor(0, 0, "gone", "")
    quote = quoted[start:end]
    if quoted == text:
        return Anchor(start, end, "same", quote)
    before = quoted[max(0, start - CONTEXT_LETTERS) : start]
    found = find_quote(text, quote, before, quoted[end : end + CONTEXT_LETTERS], near=start)
    if found is None:
        return Anchor(0, 0, "gone", quote)
    is_same = found == (start, end) and text[start:end] == quote
    return Anchor(*found, "same" if is_same else "moved", quote)


def find_quote(
    text: str, quote: str, before: str, after: str, *, near: int = 0
) -> tuple[int, int] | None:
    """Return the (start, end) of a quote in a text, None if it is not there.

    An exact occurrence is preferred to one that is equal but for white space and the kinds of
    dashes and quotation marks; of several, the one whose surroundings agree with `before` and
    `after` over the most letters, then the one nearest to the offset `near`. Takes time linear in
    the length of the text, but for the search of `str.find`.
    """
    if not quote.strip():
        return None
    start = _find_exact(text, quote, before, after, near)
    if start is not None:
        return start, start + len(quote)
    plain, starts = _normalise(text)
    wanted = _normalise(quote.strip())[0]
    context = (_normalise(before)[0], _normalise(after)[0])
    first = _find_exact(plain, wanted, *context, bisect_left(starts, near))
    if first is None:
        return None
    # A dash takes the white space around it along.
    start, end = starts[first], starts[first + len(wanted)]
    found = text[start:end]
    return end - len(found.lstrip()), start + len(found.rstrip())


def _find_exact(text: str, quote: str, before: str, after: str, near: int) -> int | None:
    """Return the start of the occurrence that agrees best with its context, then the nearest."""
    whole = [place + len(before) for place in _find_all(text, before + quote + after)]
    places = whole or list(_find_all(text, quote))
    if len(places) > _MAX_PLACES:
        places = nsmallest(_MAX_PLACES, places, key=lambda place: abs(place - near))

    def rank(place: int) -> tuple[int, int]:
        end = place + len(quote)
        ahead = text[max(0, place - len(before)) : place]
        agreeing = _count_common(before[::-1], ahead[::-1])
        agreeing += _count_common(after, text[end : end + len(after)])
        return -agreeing, abs(place - near)

    return min(places, key=rank, default=None)


def _find_all(text: str, part: str) -> Iterator[int]:
    """Yield where `part` stands, without overlaps: they would take quadratic time."""
    place = text.find(part)
    while place >= 0:
        yield place
        place = text.find(part, place + len(part))


def _count_common(one: str, other: str) -> int:
    """Return over how many letters two texts begin alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _normalise(text: str) -> tuple[str, list[int]]:
    """Return a text without the variants, and where each of its characters starts in `text`.

    The list ends with the length of `text`, so that character n is `text[starts[n]:starts[n+1]]`.
    """
    plain = text.translate(_VARIANTS)
    parts: list[str] = []
    starts: list[int] = []
    position = 0
    for run in _RUN.finditer(plain):
        parts += plain[position : run.start()], "-" if "-" in run[0] else " "
        starts.extend(range(position, run.start() + 1))
        position = run.end()
    parts.append(plain[position:])
    starts.extend(range(position, len(plain) + 1))
    return "".join(parts), starts
