"""The date that a page tells of itself; one that a sentence or a table has is another's."""

import re
from copy import deepcopy
from typing import Any

from ingest.formats.block import read_date

_CELLS = ("td", "th", "dd", "caption", "figcaption", "blockquote")
_LINES = ("p", "li")
# A line of fewer words may be "Posted on 14 May 2025 by Jane Doe".
_PROSE_WORDS = 10
_SENTENCE_END = re.compile(r"""[.!?]["'”’)]*\s*\Z""")


def find_page_date(tree: Any, url: str | None) -> str | None:
    """Return the ISO date of a page: of its address, meta tags, JSON-LD, or a line of its own.

    htmldate would else take the first date that the article mentions.
    """
    from htmldate import find_date

    bare = deepcopy(tree)
    for element in list(bare.iter(*_CELLS, *_LINES)):
        if _is_anothers(element):
            _empty(element)
    try:
        found = find_date(bare, url=url, extensive_search=False, original_date=True)
    # It is not written for what odd pages may hold.
    except (TypeError, ValueError):
        return None
    return read_date(found)


def _is_anothers(element: Any) -> bool:
    # Bylines are lists, too: <li class="date">.
    if element.tag in _CELLS or (element.tag == "li" and not element.get("class")):
        return True
    text = element.text_content()
    words = len(text.split())
    return words > _PROSE_WORDS or (words > 3 and bool(_SENTENCE_END.search(text)))


def _empty(element: Any) -> None:
    """Remove all that is in an element; what follows it stays."""
    element.text = None
    for child in list(element):
        element.remove(child)
