"""HTML: the article without its page, by trafilatura; metadata from meta tags and JSON-LD."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from ingest.formats.block import Block, Metadata, ParsedFile, read_date

_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])", re.IGNORECASE
)
_NOT_TEXT = frozenset({"script", "style", "noscript", "template", "head", "title"})
# Of trafilatura's output: emphasis, links and struck text.
_INLINE_TAGS = frozenset({"hi", "ref", "del"})
_BLOCK_TAGS = frozenset(
    {
        "p", "div", "section", "article", "main", "li", "ul", "ol", "tr", "table",
        "h1", "h2", "h3", "h4", "h5", "h6",
        "br", "blockquote", "pre", "body",
    }
)  # fmt: skip


def parse_html(text: str) -> ParsedFile:
    """Read the article of a web page: navigation, banners and comments are left out.

    Where the page is too odd for the extractor, all its visible text is taken instead.
    """
    # Imported here: a second of imports that other formats need not wait for.
    from lxml import html as lxml_html
    from trafilatura import bare_extraction

    try:
        tree = lxml_html.document_fromstring(text.encode("utf-8"), _utf8_parser())
    except (ValueError, lxml_html.etree.ParserError):
        return ParsedFile(_read_visible_text(text), Metadata())
    hidden = _drop_hidden(tree)
    warnings = (f"{hidden} hidden elements left out",) if hidden else ()
    document = bare_extraction(tree, include_comments=False, favor_recall=True, with_metadata=True)
    if document is None:
        visible = lxml_html.tostring(tree, encoding="unicode") if hidden else text
        blocks = _read_visible_text(visible)
        return ParsedFile(blocks, Metadata(), (*warnings, "no article found in the page, took all"))
    fields: Any = document
    metadata = Metadata(
        title=fields.title,
        author=fields.author,
        published=read_date(fields.date),
        url=fields.url,
        summary=fields.description,
        topics=tuple(fields.tags or ()),
    )
    blocks = tuple(_walk_body(fields.body))
    if blocks and blocks[0].kind == "heading" and blocks[0].text == metadata.title:
        blocks = blocks[1:]
    return ParsedFile(blocks, metadata, warnings)


def _utf8_parser() -> Any:
    from lxml import html as lxml_html

    return lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)


def _drop_hidden(tree: Any) -> int:
    """Remove the elements that a reader of the page would not see; return how many."""
    hidden = [
        element
        for element in tree.iter("*")
        if element.get("hidden") is not None or _HIDDEN_STYLE.search(element.get("style") or "")
    ]
    for element in hidden:
        if element.getparent() is not None:
            element.drop_tree()
    return len(hidden)


def _walk_body(body: Any) -> Iterator[Block]:
    """Yield the blocks of trafilatura's output tree (its tags: head, p, item, row, quote, code)."""
    for element in body:
        if element.tag == "head":
            level = int(str(element.get("rend") or "h2")[-1])
            yield Block("heading", _read_line(element), level)
        elif element.tag == "table":
            for row in element.iter("row"):
                cells = [_read_line(cell, with_lists=True) for cell in row.iter("cell")]
                yield Block("item", " | ".join(filter(None, cells)))
        else:
            if element.tag != "list":
                yield Block("paragraph", _read_line(element))
            for item in element.iter("item"):
                yield Block("item", _read_line(item))


def _read_line(element: Any, *, with_lists: bool = False) -> str:
    """Return an element's text on one line; lists in it are blocks of their own."""
    return " ".join(_join_text(element, with_lists).split())


def _join_text(element: Any, with_lists: bool) -> str:
    parts = [element.text or ""]
    for child in element:
        # Only inline markup can stand in the middle of a word.
        gap = "" if child.tag in _INLINE_TAGS else " "
        inner = "" if child.tag == "list" and not with_lists else _join_text(child, with_lists)
        parts += gap, inner, gap, child.tail or ""
    return "".join(parts)


class _VisibleText(HTMLParser):
    """Collect the text between tags; no tree, so no nesting is too deep for it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # The end tag of a page's head may be left out.
        self._skipping = 0 if tag == "body" else self._skipping + (tag in _NOT_TEXT)
        if tag in _BLOCK_TAGS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._skipping -= tag in _NOT_TEXT and self._skipping > 0
        if tag in _BLOCK_TAGS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self.parts.append(data)


def _read_visible_text(text: str) -> tuple[Block, ...]:
    parser = _VisibleText()
    parser.feed(text)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).split("\n"))
    return tuple(Block("paragraph", line) for line in lines if line)
