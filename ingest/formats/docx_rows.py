"""The rows of a Word table as lists of cells, each as long as the table is wide."""

from collections.abc import Callable, Iterator
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Word's own limit of columns.
_MAX_COLUMNS = 63
# A longer text is said once, else a small table could become a large text.
_MAX_REPEATED = 200


def read_rows(table: Any, read_cell: Callable[[Any], str]) -> Iterator[list[str]]:
    """Yield the rows of a table; a cell that spans rows or columns is said in each of them.

    Cells of a table within a cell are read as cells of the row. A first row of one cell is a title,
    and is said once.
    """
    above: dict[int, str] = {}
    is_first = True
    for row in table.iter(f"{_W}tr"):
        # The rows of a table within a cell are read with that cell.
        if next(row.iterancestors(f"{_W}tbl")) is table:
            own = [cell for cell in row.iter(f"{_W}tc") if _is_own(cell, row)]
            is_title = is_first and len(own) == 1
            texts, above = _read_row(row, above, read_cell, is_title)
            yield texts
            is_first = False


def _is_own(cell: Any, row: Any) -> bool:
    return next(cell.iterancestors(f"{_W}tr")) is row


def _read_row(
    row: Any, above: dict[int, str], read_cell: Callable[[Any], str], is_title: bool
) -> tuple[list[str], dict[int, str]]:
    """Return the cells' texts, and by column those of the cells that rows below may go on with."""
    texts = [""] * (0 if is_title else _read_number(row, "trPr/gridBefore", 0))
    spanned: dict[int, str] = {}
    column = len(texts)
    for cell in row.iter(f"{_W}tc"):
        if not _is_own(cell, row):
            texts.append(read_cell(cell))
            continue
        merge = cell.find(f"{_W}tcPr/{_W}vMerge")
        goes_on = merge is not None and merge.get(f"{_W}val") != "restart"
        text = above.get(column, "") if goes_on else read_cell(cell)
        again = text if len(text) <= _MAX_REPEATED else ""
        width = 1 if is_title else _read_number(cell, "tcPr/gridSpan", 1) or 1
        texts += [again if goes_on else text, *[again] * (width - 1)]
        spanned |= dict.fromkeys(range(column, column + width), text if merge is not None else "")
        column += width
    return texts + [""] * (0 if is_title else _read_number(row, "trPr/gridAfter", 0)), spanned


def _read_number(element: Any, path: str, instead: int) -> int:
    found = element.find("/".join(f"{_W}{tag}" for tag in path.split("/")))
    text = "" if found is None else found.get(f"{_W}val") or ""
    return min(int(text), _MAX_COLUMNS) if text.isdecimal() and len(text) < 9 else instead
