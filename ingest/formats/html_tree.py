"""A web page's tree made ready for the extractor: what it would lose is written out in it."""

import re
from collections.abc import Iterator
from typing import Any

from ingest.formats.hidden import STRUCK_TAGS, is_hidden
from ingest.formats.html_shapes import frame_body, reshape_page

# Behind a word, so that it is not taken for a button; no text has it.
SHIELD = "\ufffc"
# What a cell may hold to be repeated in the rows that it spans, all cells together, how far one may
# span, and in which columns: else a small page could become a large text.
_MAX_REPEATED, _MAX_REPEATED_IN_ALL = 200, 500_000
_MAX_SPAN, _MAX_COLUMNS = 1000, 100
_LONE_WORD = re.compile(rf"\A(\s*[^\s{SHIELD}]+)(\s*)\Z")
_FILE_LINK = re.compile(
    r"(?i)\.(?:pdf|docx?|od[tsp]|rtf|xlsx?|pptx?|csv|zip|tiff?|jpe?g|png|epub|txt)(?:[?#]|\Z)"
)


def prepare_tree(tree: Any) -> int:
    """Change a page's tree in place; return how many hidden elements with a text were removed."""
    hidden = _drop_hidden(tree)
    _number_items(tree)
    _repeat_spanning_cells(tree)
    reshape_page(tree)
    return hidden


def protect_words(tree: Any) -> None:
    """Keep the extractor from words that it would take for what is around an article."""
    frame_body(tree)
    _unlink_words(tree)
    _shield_words(tree)


def _drop_hidden(tree: Any) -> int:
    """Remove the elements that a reader of the page would not see; return how many had a text."""
    hidden = [
        element
        for element in tree.iter("*")
        if element.tag in STRUCK_TAGS
        or is_hidden(element.attrib, (above.attrib for above in element.iterancestors()))
    ]
    count = 0
    for element in hidden:
        if element.getparent() is not None:
            count += any(text.strip() for text in element.itertext())
            element.drop_tree()
    return count


def _number_items(tree: Any) -> None:
    """Write the numbers of ordered lists into their items, as a browser shows them."""
    for ordered in tree.iter("ol"):
        if ordered.get("type", "1") == "1" and ordered.get("reversed") is None:
            number = _read_number(ordered.get("start"), 1)
            for item in ordered.iterchildren("li"):
                number = _read_number(item.get("value"), number)
                item.text = f"{number}. {(item.text or '').lstrip()}"
                number += 1


def _read_number(text: str | None, instead: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text) else instead


def _repeat_spanning_cells(tree: Any) -> None:
    """Write the text of a cell that spans rows into each of them, so that each says all it means.

    Short texts only; of a longer one an empty cell keeps the place.
    """
    left = _MAX_REPEATED_IN_ALL
    for section in tree.iter("table", "thead", "tbody", "tfoot"):
        spanning: dict[int, tuple[str, int]] = {}
        for row in section.iterchildren("tr"):
            left -= _fill_row(row, spanning, left)


def _fill_row(row: Any, spanning: dict[int, tuple[str, int]], most: int) -> int:
    """Put the cells that span a row from above into it; return how many letters they have.

    `spanning` has text and rows left for each column, and is brought up to date.
    """
    above = {column: text for column, (text, _) in spanning.items()}
    for column, (text, rows) in list(spanning.items()):
        if rows > 1:
            spanning[column] = (text, rows - 1)
        else:
            del spanning[column]
    column = letters = 0
    own = list(row.iterchildren("td", "th"))
    for cell in own:
        while column in above:
            letters += _insert_cell(row, row.index(cell), above[column], most - letters)
            column += 1
        width = min(max(_read_number(cell.get("colspan"), 1), 1), _MAX_SPAN)
        # 0 is to the end of the section.
        rows = _read_number(cell.attrib.pop("rowspan", None), 1) or _MAX_SPAN
        if rows > 1 and column < _MAX_COLUMNS:
            text = " ".join("".join(_list_texts(cell)).split())
            for place in range(min(width, _MAX_COLUMNS - column)):
                spanning[column + place] = ("" if place else text, min(rows, _MAX_SPAN) - 1)
        column += width
    while own and column in above:
        letters += _insert_cell(row, len(row), above[column], most - letters)
        column += 1
    return letters


def _insert_cell(row: Any, place: int, text: str, most: int) -> int:
    """Insert a cell into a row, empty where its text is too long; return its letters."""
    cell = row.makeelement("td")
    cell.text = text if len(text) <= min(most, _MAX_REPEATED) else ""
    row.insert(place, cell)
    return len(cell.text)


def _list_texts(cell: Any) -> Iterator[str]:
    """Yield the pieces of a cell's text, of a long one only the first."""
    letters = 0
    for text in cell.itertext():
        yield f"{text} "
        letters += len(text)
        if letters > 2 * _MAX_REPEATED:
            return


def _unlink_words(tree: Any) -> None:
    """Take links for plain words where they are no menu, for the extractor leaves menus out.

    That is a link to a file, and one in a list's item that says as much beside it.
    """
    links = [link for link in tree.iter("a") if _FILE_LINK.search(link.get("href") or "")]
    for item in tree.iter("li"):
        inside = list(item.iter("a"))
        linked = sum(len(link.text_content()) for link in inside)
        if inside and 2 * linked <= len(" ".join(item.text_content().split())):
            links += inside
    for link in dict.fromkeys(links):
        link.drop_tag()


def _shield_words(tree: Any) -> None:
    """Keep the extractor from emptying cells and items that are one word: "PDF", "E-mail".

    The word may be marked up there, as a link or a paragraph.
    """
    for element in tree.iter("td", "th", "li"):
        for part in element.iter("*"):
            part.text = _shield(part.text)
            if part is not element:
                part.tail = _shield(part.tail)


def _shield(text: str | None) -> str | None:
    """Return a text, with a shield behind its word if it is one word that has none yet."""
    return text and _LONE_WORD.sub(rf"\1{SHIELD}\2", text)
