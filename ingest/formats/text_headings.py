"""Tell which lines of plain text are headings: by number, by capitals, and by standing alone."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ingest.formats.block import Block, Metadata
from ingest.formats.buttons import BUTTONS, PERHAPS_BUTTON
from ingest.formats.byline import read_byline

MAX_HEADING_WORDS = 12
# After "Section 8.", and of a line that stands alone.
MAX_NAME_WORDS = 8
_LEAST_LETTERS = 4
# What a heading stands before is a paragraph of so many words, ended as a sentence is.
MIN_PROSE_WORDS = 12
_LABEL = r"\A(?P<label>Article|Section|Chapter|Part|Annex|Title)\s+(?:\d+|[IVXLC]+)\b"
_NUMBERED = re.compile(rf"{_LABEL}[^.!?]*\Z", re.IGNORECASE)
_NAMED = re.compile(rf"{_LABEL}\.\s+(?P<name>\S[^.!?]*[^\s.!?,;:])\Z", re.IGNORECASE)
# In a document that has several of them, the first holds the others.
_RANKS = {"title": 1, "part": 1, "annex": 1, "chapter": 2, "section": 3, "article": 3}
_PLAIN_RANK, _LONE_RANK = 1, 4
LIST_MARKER = re.compile(r"(?:(?P<bullet>[-*•])|\d{1,2}\.)\s+(?=\S)")
_COUNTED = re.compile(r"\A\d{1,2}\.\s+(?P<name>.+)\Z")
_PROSE_END = re.compile(r"""[.!?:]["'”’)]*\Z""")
# The words that a sentence or a letter begins with, and no heading.
_NO_HEADING = re.compile(
    r"""(?ix)\A(?:I|he|she|it|we|they|you|there|this|that|these|those|dear|hello|hi|yours|regards
    |sincerely|best|kind|warm|with|thanks|thank|cc|ps)\b"""
)
# Years, and a number at the end: "Expeditions of 1957", "Phase 2".
_HEADING_NUMBERS = re.compile(r"\b(?:1\d|20)\d\d(?:[–/-]\d\d(?:\d\d)?)?\b|(?<=\s)\d{1,2}\Z")
# Of addresses, links, labels and quotes.
_ODD = re.compile(r"""[\d@|:;<>=_…"“”«»]|\bwww\.""")


@dataclass(frozen=True, slots=True)
class Line:
    """A block of a text on one line; `is_alone` between blank lines, as it was written."""

    text: str
    is_alone: bool


def is_heading(line: str) -> bool:
    """Tell whether a lone line is a heading: numbered like "Article 4", or wholly capitals."""
    if len(line.split()) > MAX_HEADING_WORDS:
        return False
    return bool(_NUMBERED.match(line)) or (
        line.isupper() and len(line) > 3 and not line.endswith((".", ","))
    )


def find_headings(lines: Sequence[Line]) -> dict[int, Block]:
    """Return the headings among the lines of a text, by their places."""
    ranks: dict[int, int] = {}
    for place in range(len(lines)):
        rank = _rank_line(lines, place, ranks)
        # "ARTICLE 4" and below it "MUTUAL DEFENCE".
        if rank == _PLAIN_RANK < ranks.get(place - 1, 0):
            rank = _LONE_RANK
        if rank:
            ranks[place] = rank
    # The first line is likely the title.
    below = {rank for place, rank in ranks.items() if place}
    levels = {rank: level for level, rank in enumerate(sorted(below), 2)}
    return {
        place: Block("heading", lines[place].text, levels.get(rank, 2))
        for place, rank in ranks.items()
    }


def _rank_line(lines: Sequence[Line], place: int, ranks: Mapping[int, int]) -> int:
    """Return how high the heading is that a line is, from 1 for the highest; 0 for none."""
    text = lines[place].text
    if LIST_MARKER.match(text):
        return _PLAIN_RANK if _is_counted_heading(lines, place) else 0
    labelled = _NAMED.match(text)
    if labelled and len(labelled["name"].split()) > MAX_NAME_WORDS:
        labelled = None
    if labelled or is_heading(text):
        labelled = labelled or _NUMBERED.match(text)
        return _RANKS[labelled["label"].lower()] if labelled else _PLAIN_RANK
    is_lone = lines[place].is_alone and _may_be_lone_heading(text)
    return _LONE_RANK if is_lone and _stands_as_heading(lines, place, ranks) else 0


def _is_counted_heading(lines: Sequence[Line], place: int) -> bool:
    """Tell whether a line is "6. PLANNING APPLICATIONS" and no item of a list in capitals."""
    beside = [_read_counted(line.text) for line in lines[max(0, place - 1) : place + 2]]
    name = _read_counted(lines[place].text)
    is_item = place + 1 == len(lines) or sum(map(bool, beside)) > 1
    return bool(name) and not is_item and (lines[place].is_alone or " " in name)


def _read_counted(text: str) -> str:
    """Return the capitals after a line's number, "" if it is not such a line."""
    match = _COUNTED.match(text)
    return match["name"] if match and is_heading(match["name"]) and match["name"].isupper() else ""


def _may_be_lone_heading(text: str) -> bool:
    """Tell whether a line has the form of "Early life": no address, greeting, button or quote."""
    if len(text.split()) > MAX_NAME_WORDS or len(text) < _LEAST_LETTERS or text.isupper():
        return False
    if not text[0].isupper() or not (text[-1].isalnum() or text[-1] == ")"):
        return False
    if _ODD.search(_HEADING_NUMBERS.sub("", text)) or _NO_HEADING.match(text):
        return False
    # "Corn Exchange, Harbury" is a place.
    if any(part.strip()[:1].isupper() for part in text.split(",")[1:]):
        return False
    return not (BUTTONS.match(text) or PERHAPS_BUTTON.match(text))


def _stands_as_heading(lines: Sequence[Line], place: int, ranks: Mapping[int, int]) -> bool:
    """Tell whether a short line stands where a heading may: before a paragraph, and by itself.

    Several short lines are verse, an address or a signature. Below the title may be a name.
    """
    text = lines[place].text
    following = lines[place + 1].text if place + 1 < len(lines) else ""
    if len(following.split()) < MIN_PROSE_WORDS or not _PROSE_END.search(following):
        return False
    above = place - 1
    while above > 0 and read_byline(lines[above].text, Metadata()):
        above -= 1
    if above <= 0:
        return place > 0 and not (" " in text and text == text.title())
    before = lines[above]
    is_short = len(before.text.split()) <= MAX_NAME_WORDS and not _PROSE_END.search(before.text)
    return (
        above in ranks or not (is_short and before.is_alone) or bool(LIST_MARKER.match(before.text))
    )
