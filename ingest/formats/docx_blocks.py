"""The text of a Word document: paragraphs, lists, table rows, text boxes; not what it hides."""

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from docx.document import Document as WordDocument
from docx.text.paragraph import Paragraph

from ingest.formats.block import Block, join_cells
from ingest.formats.docx_numbers import ListNumbers
from ingest.formats.docx_rows import read_rows
from ingest.formats.raised import join_raised, mark_raised

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TEXT_BOX = f"{_W}txbxContent"
# What was deleted or moved away while changes were tracked, and what is said twice.
_LEFT_OUT = frozenset({f"{_W}del", f"{_W}moveFrom", _FALLBACK, _TEXT_BOX})
_GAPS = frozenset({f"{_W}tab", f"{_W}br", f"{_W}cr"})
_HEADING_STYLE = re.compile(r"\AHeading (\d)\Z")


class DocumentText:
    """Reads the blocks of one document; `hidden` counts the runs that Word does not show."""

    def __init__(self, document: WordDocument) -> None:
        self.hidden = 0
        self._document = document
        self._numbers = ListNumbers(document)
        self._hidden_styles = _find_hidden_styles(document.styles.element)

    def walk(self, element: Any | None = None) -> Iterator[Block]:
        """Yield the blocks of an element, of the whole document if none is given."""
        for child in self._document.element.body if element is None else element:
            if child.tag == f"{_W}p":
                # Asked for of each, for an empty one is counted, too.
                number = self._numbers.write_number(child)
                if text := self._read_line(child):
                    yield self._to_block(child, text, number)
                for box in child.iter(_TEXT_BOX):
                    # A box within another one is read with that.
                    above = {parent.tag for parent in takewhile(child.__ne__, box.iterancestors())}
                    if not above & {_FALLBACK, _TEXT_BOX}:
                        yield from self.walk(box)
            elif child.tag == f"{_W}tbl":
                yield from self._walk_table(child)
            # Content controls, tracked insertions and the like hold paragraphs of the text.
            elif isinstance(child.tag, str) and child.tag not in _LEFT_OUT:
                yield from self.walk(child)

    def _walk_table(self, table: Any) -> Iterator[Block]:
        for cells in read_rows(table, self._read_cell):
            if text := join_cells(cells):
                yield Block("item", text)

    def _read_cell(self, cell: Any) -> str:
        # Of a table within it, each cell is read as one of the row.
        own = (item for item in cell.iter(f"{_W}p") if next(item.iterancestors(f"{_W}tc")) is cell)
        lines = ((self._numbers.write_number(item) or "") + self._read_line(item) for item in own)
        return " ".join(filter(None, map(str.strip, lines)))

    def _to_block(self, element: Any, text: str, number: str | None) -> Block:
        # Its parent is only asked for the styles.
        paragraph = Paragraph(element, self._document)
        style = str(paragraph.style.name) if paragraph.style is not None else ""
        text = (number or "") + text
        if style == "Title":
            return Block("heading", text, 1)
        if match := _HEADING_STYLE.match(style):
            return Block("heading", text, int(match[1]))
        is_item = number is not None or style.startswith("List")
        return Block("item" if is_item else "paragraph", text)

    def _read_line(self, paragraph: Any) -> str:
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        is_hidden = style is not None and style.get(f"{_W}val") in self._hidden_styles
        return " ".join(join_raised("".join(self._read_runs(paragraph, is_hidden))).split())

    def _read_runs(self, element: Any, is_hidden: bool) -> Iterator[str]:
        for child in element:
            if child.tag in _LEFT_OUT:
                continue
            if child.tag == f"{_W}r" and self._is_hidden(child, is_hidden):
                self.hidden += 1
            elif child.tag == f"{_W}r" and _is_raised(child):
                yield mark_raised("".join(self._read_runs(child, is_hidden)))
            elif child.tag in (f"{_W}t", _MATH_TEXT):
                yield child.text or ""
            elif child.tag in _GAPS:
                yield " "
            elif child.tag == f"{_W}noBreakHyphen":
                yield "-"
            elif child.tag != f"{_W}pPr":
                yield from self._read_runs(child, is_hidden)

    def _is_hidden(self, run: Any, by_paragraph: bool) -> bool:
        properties = run.find(f"{_W}rPr")
        if properties is None:
            return by_paragraph
        if (own := _is_vanished(properties)) is not None:
            return own
        style = properties.find(f"{_W}rStyle")
        return by_paragraph or (style is not None and style.get(f"{_W}val") in self._hidden_styles)


def _is_raised(run: Any) -> bool:
    place = run.find(f"{_W}rPr/{_W}vertAlign")
    return place is not None and place.get(f"{_W}val") == "superscript"


def _find_hidden_styles(styles: Any) -> frozenset[str]:
    """Return the ids of styles whose letters are hidden."""
    return frozenset(
        str(style.get(f"{_W}styleId"))
        for style in styles.iter(f"{_W}style")
        if (properties := style.find(f"{_W}rPr")) is not None and _is_vanished(properties)
    )


def _is_vanished(properties: Any) -> bool | None:
    """Tell what properties of letters say of hiding them; None if they say nothing."""
    vanish = properties.find(f"{_W}vanish")
    return None if vanish is None else vanish.get(f"{_W}val") not in ("0", "false", "off")
