"""The numbers that Word writes before paragraphs of numbered lists and headings, by counting."""

import re
from dataclasses import dataclass, field
from typing import Any

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import XmlPart

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# A style may be made of another one; a damaged file may go round in a circle.
_MAX_STYLES = 20
_MAX_LEVELS = 9
_ROMANS = {
    1000: "m", 900: "cm", 500: "d", 400: "cd", 100: "c", 90: "xc", 50: "l", 40: "xl", 10: "x",
    9: "ix", 5: "v", 4: "iv", 1: "i",
}  # fmt: skip
_MAX_ROMAN = 4000


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered: `text` as in "%1.%2."."""

    start: int
    format: str
    text: str
    style: str | None


@dataclass(slots=True)
class _List:
    """A list as paragraphs name it; lists of one pattern go on with each other's numbers."""

    pattern: str
    levels: dict[int, _Level]
    restarts: frozenset[int]
    is_met: bool = field(default=False)


class ListNumbers:
    """Counts the numbered paragraphs of a document; each is to be asked for once, in their order.

    As in ECMA-376 part 1, 17.9: by pattern and level, deeper levels begin again.
    """

    def __init__(self, document: WordDocument) -> None:
        self._lists = _read_lists(document)
        self._counts: dict[str, dict[int, int]] = {}
        self._styles = {
            style.get(f"{_W}styleId"): style
            for style in document.styles.element.iterchildren(f"{_W}style")
        }

    def write_number(self, paragraph: Any) -> str | None:
        """Return what stands before a paragraph, "1. ": "" for a bullet, None out of lists."""
        name, depth = self._find_list(paragraph)
        if name is None or (found := self._lists.get(name)) is None or depth not in found.levels:
            return None
        # The paragraph was deleted while changes were tracked.
        if paragraph.find(f"{_W}pPr/{_W}rPr/{_W}del") is not None:
            return None
        counts = self._counts.setdefault(found.pattern, {})
        restarts = frozenset() if found.is_met else found.restarts
        found.is_met = True
        for level in list(counts):
            if level > depth or level in restarts:
                del counts[level]
        for level in range(depth + 1):
            start = found.levels[level].start if level in found.levels else 1
            counts[level] = counts.get(level, start - (level == depth)) + (level == depth)
        return _write_levels(found.levels, counts, depth)

    def _find_list(self, paragraph: Any) -> tuple[str | None, int]:
        """Return the id of a paragraph's list and the level in it, by itself or by its style."""
        name = _read_value(paragraph.find(f"{_W}pPr/{_W}numPr/{_W}numId"))
        depth = _read_value(paragraph.find(f"{_W}pPr/{_W}numPr/{_W}ilvl"))
        style = _read_value(paragraph.find(f"{_W}pPr/{_W}pStyle"))
        for _ in range(_MAX_STYLES):
            element = self._styles.get(style)
            if name is not None or element is None:
                break
            name = _read_value(element.find(f"{_W}pPr/{_W}numPr/{_W}numId"))
            depth = depth or _read_value(element.find(f"{_W}pPr/{_W}numPr/{_W}ilvl"))
            if name is not None and depth is None:
                depth = self._find_level_of_style(name, style)
            style = _read_value(element.find(f"{_W}basedOn"))
        # 0 takes a paragraph out of the list of its style.
        return (None if name == "0" else name), _to_number(depth, 0)

    def _find_level_of_style(self, name: str, style: str | None) -> str | None:
        levels = self._lists[name].levels if name in self._lists else {}
        return next((str(depth) for depth, level in levels.items() if level.style == style), None)


def _read_lists(document: WordDocument) -> dict[str, _List]:
    """Return the lists that a document defines, by the ids that its paragraphs name them with."""
    parts = (relation for relation in document.part.rels.values() if not relation.is_external)
    part = next(
        (one.target_part for one in parts if one.reltype == RELATIONSHIP_TYPE.NUMBERING), None
    )
    if not isinstance(part, XmlPart):
        return {}
    patterns = {
        pattern.get(f"{_W}abstractNumId"): _read_levels(pattern)
        for pattern in part.element.iterchildren(f"{_W}abstractNum")
    }
    lists = {}
    for number in part.element.iterchildren(f"{_W}num"):
        pattern = _read_value(number.find(f"{_W}abstractNumId")) or ""
        levels = dict(patterns.get(pattern, {}))
        restarts = set()
        for override in number.iterchildren(f"{_W}lvlOverride"):
            depth = _to_number(override.get(f"{_W}ilvl"), 0)
            levels |= _read_levels(override)
            start = _read_value(override.find(f"{_W}startOverride"))
            if start is not None and depth in levels:
                old = levels[depth]
                levels[depth] = _Level(_to_number(start, 1), old.format, old.text, old.style)
                restarts.add(depth)
        lists[number.get(f"{_W}numId")] = _List(pattern, levels, frozenset(restarts))
    return lists


def _read_levels(element: Any) -> dict[int, _Level]:
    return {
        depth: _Level(
            start=_to_number(_read_value(level.find(f"{_W}start")), 1),
            format=_read_value(level.find(f"{_W}numFmt")) or "decimal",
            text=_read_value(level.find(f"{_W}lvlText")) or "",
            style=_read_value(level.find(f"{_W}pStyle")),
        )
        for level in element.iterchildren(f"{_W}lvl")
        if (depth := _to_number(level.get(f"{_W}ilvl"), 0)) < _MAX_LEVELS
    }


def _write_levels(levels: dict[int, _Level], counts: dict[int, int], depth: int) -> str:
    """Return the number of the level that is counted, with those above it that it names."""
    if levels[depth].format in ("bullet", "none"):
        return ""

    def write(match: re.Match[str]) -> str:
        level = int(match[1]) - 1
        known = levels.get(level)
        return _write_number(counts.get(level, 1), known.format if known else "decimal")

    text = re.sub(r"%([1-9])", write, levels[depth].text).strip()
    return f"{text} " if text else ""


def _write_number(number: int, format_: str) -> str:
    if format_ in ("lowerLetter", "upperLetter") and number > 0:
        # After z comes aa, then bb.
        letters = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9)
        return letters if format_ == "lowerLetter" else letters.upper()
    if format_ in ("lowerRoman", "upperRoman") and 0 < number < _MAX_ROMAN:
        roman = ""
        for value, letters in _ROMANS.items():
            roman += letters * (number // value)
            number %= value
        return roman if format_ == "lowerRoman" else roman.upper()
    return f"{number:02}" if format_ == "decimalZero" else str(number)


def _read_value(element: Any) -> str | None:
    return None if element is None else element.get(f"{_W}val")


def _to_number(text: str | None, instead: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else instead
