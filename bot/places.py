"""Find the heading, the section and the sentence of a position in an article."""

import re
from bisect import bisect_right

from bot.labels import Asked, Number, Place, begins_label
from ingest.clean import Article, Heading

SECTION_LETTERS = 1_000
LEAD_LETTERS = 400
_SENTENCE_LETTERS = 400
# What stands between the label of a paragraph and its text.
_ENDS = frozenset(".:–—)")
# So far the next number of a paragraph is looked for.
_PARAGRAPH_LETTERS = 8_000
_NUMBERED = re.compile(r"\n\n\d{1,3}(?:\.\d{1,3})*[.)]?\s")
_SENTENCE_END = re.compile(r"(?<!\b[Aa]rt)(?<!\b[Ss]ec)[.!?][\"”’)]*\s+(?=[^a-z\d])|\n")


def find_heading(article: Article, position: int) -> Heading | None:
    """Return the last heading that begins at or before a position."""
    place = bisect_right(article.headings, position, key=lambda head: head.start)
    return article.headings[place - 1] if place else None


def list_headings_above(article: Article, position: int) -> list[Heading]:
    """Return the heading of a position's section, then those of the sections that hold it."""
    above: list[Heading] = []
    place = bisect_right(article.headings, position, key=lambda head: head.start)
    for heading in reversed(article.headings[:place]):
        if not above or heading.level < above[-1].level:
            above.append(heading)
    return above


def find_section_end(article: Article, heading: Heading) -> int:
    """Return where a heading's section ends: at the next one of its level or a higher one."""
    place = bisect_right(article.headings, heading.start, key=lambda head: head.start)
    following = (head.start for head in article.headings[place:] if head.level <= heading.level)
    return next(following, len(article.text))


def find_sentence(text: str, position: int) -> tuple[int, int]:
    """Return start and end of the sentence around a position, cut where it is very long."""
    start = max(0, position - _SENTENCE_LETTERS)
    for match in _SENTENCE_END.finditer(text, start, position + 1):
        start = match.end()
    limit = min(len(text), position + 2 * _SENTENCE_LETTERS)
    end = _SENTENCE_END.search(text, position, limit)
    if end is None:
        return start, limit
    return start, end.start() if text[end.start()] == "\n" else end.start() + 1


def find_span(
    article: Article, place: Place, heading: Heading | None, asked: Asked
) -> tuple[int, int, float] | None:
    """Return start, end and certainty of what a place stands for, None if it is not asked for."""
    text = article.text
    if heading is not None and place.start < heading.end:
        end = find_section_end(article, heading)
        begins = place.start == heading.start
        labelled = begins_label(text, place.start)
        bare = 0.85 if asked.may_be_bare else 0.6
        certainty = (1.0 if begins else 0.9) if labelled else bare
        return _narrow(text, heading.start, end, place.number, asked.number, certainty)
    paragraph = place.start == 0 or text[place.start - 1] == "\n"
    if is_numbered(text, place):
        labelled = begins_label(text, place.start)
        if not labelled and not asked.may_be_bare:
            return None
        end = _find_paragraph_end(article, place)
        certainty = 0.9 if labelled else 0.7
        return _narrow(text, place.start, end, place.number, asked.number, certainty)
    start, end = find_sentence(text, place.start)
    if place.number[: len(asked.number)] != asked.number:
        return None
    return start, end, 0.85 if paragraph else 0.75 if start == place.start else 0.65


def is_numbered(text: str, place: Place) -> bool:
    """Tell whether a place numbers the paragraph that it begins: "2. Payment", "Step 7. Stir"."""
    begins = place.start == 0 or text[place.start - 1] == "\n"
    return begins and (
        text[place.end : place.end + 1] in _ENDS or not begins_label(text, place.start)
    )


def _find_paragraph_end(article: Article, place: Place) -> int:
    """Return where a numbered paragraph ends: before the next one numbered so, or a heading."""
    text = article.text
    end = text.find("\n", place.start) % (len(text) + 1)
    if not place.number[0].isdigit() or begins_label(text, place.start):
        return end
    after = _NUMBERED.search(text, end, end + _PARAGRAPH_LETTERS)
    following = bisect_right(article.headings, place.start, key=lambda head: head.start)
    heads = (head.start for head in article.headings[following:])
    return min(after.start() if after else end, next(heads, len(text)))


def _narrow(
    text: str, start: int, end: int, number: Number, asked: Number, certainty: float
) -> tuple[int, int, float] | None:
    """Return the part of section 2 that is 2(b), the section itself if it has no such part."""
    if number[: len(asked)] == asked:
        return start, end, certainty
    if number != asked[: len(number)]:
        return None
    for depth in range(len(number), len(asked)):
        part = re.compile(rf"\n\n(?:{'.'.join(asked[: depth + 1])}[.)]?|\(?{asked[depth]}[.)])\s")
        found = part.search(text, start, end)
        if found is None:
            return start, end, certainty * 0.7
        start = found.start() + 2
        after = re.compile(r"\n\n(?:\(?[a-z\d]{1,3}[.)]|[\d.]+)\s").search(text, start, end)
        end = after.start() if after else end
    return start, end, certainty
