"""What every format is read into: blocks in reading order, and what the file says of itself."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

EMPTY_CELL = "–"
Kind = Literal["heading", "paragraph", "item"]

_ISO_DATE = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?!\d)")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAY_FIRST = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)? ([A-Z][a-z]{2,8})\.?,? (\d{4})\b")
_MONTH_FIRST = re.compile(r"\b([A-Z][a-z]{2,8})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (with its level, 1 the highest), a paragraph or a list item."""

    kind: Kind
    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a file says of itself; `published` is an ISO date."""

    title: str | None = None
    author: str | None = None
    published: str | None = None
    url: str | None = None
    summary: str | None = None
    topics: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """A file's blocks and metadata, and what was lost or odd while reading it.

    `left_out` are texts that were not taken for the article's, but may be.
    """

    blocks: tuple[Block, ...]
    metadata: Metadata
    warnings: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def read_date(value: object) -> str | None:
    """Return an ISO date for a date, or for a text that begins with or plainly holds one."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    text = str(value or "")
    if match := _ISO_DATE.search(text):
        return _checked_date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.search(text):
        return _checked_date(int(match[3]), _month_number(match[2]), int(match[1]))
    if match := _MONTH_FIRST.search(text):
        return _checked_date(int(match[3]), _month_number(match[1]), int(match[2]))
    return None


def join_cells(cells: Iterable[str]) -> str:
    """Return a table's row as a line, "" if all is empty; an empty cell keeps its place."""
    row = list(cells)
    return " | ".join(cell or EMPTY_CELL for cell in row) if any(row) else ""


def _month_number(name: str) -> int:
    abbreviation = name[:3].lower()
    return _MONTHS.index(abbreviation) + 1 if abbreviation in _MONTHS else 0


def _checked_date(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def split_paragraphs(text: str) -> Iterable[str]:
    """Yield the non-empty stretches of a text between blank lines."""
    return (part.strip() for part in re.split(r"\n[^\S\n]*\n", text) if part.strip())
