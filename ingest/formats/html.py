"""HTML: the article without its page, by trafilatura; metadata from meta tags and JSON-LD."""

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

from ingest.counts import count_of
from ingest.formats.block import Block, Metadata, ParsedFile, join_cells
from ingest.formats.hidden import STRUCK_TAGS, VOID_TAGS, is_hidden
from ingest.formats.html_dates import find_page_date
from ingest.formats.html_losses import find_lost, list_texts
from ingest.formats.html_tree import SHIELD, prepare_tree, protect_words

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
        return _read_all(text)
    try:
        hidden = prepare_tree(tree)
        texts = list_texts(tree)
        protect_words(tree)
        document: Any = bare_extraction(
            tree,
            include_comments=False,
            favor_recall=True,
            with_metadata=True,
            # Not its date, which is found below.
            date_extraction_params={"extensive_search": False},
        )
    # lxml cannot move text with control characters; cleaning takes them out.
    except ValueError:
        return _read_all(text)
    if document is None:
        return _read_all(text)
    warnings = _tell_hidden(hidden)
    metadata = _read_metadata(document, tree)
    blocks = tuple(_walk_body(document.body))
    lost = find_lost(texts, (*(block.text for block in blocks), metadata.title or ""))
    if blocks and blocks[0].kind == "heading" and blocks[0].text == metadata.title:
        blocks = blocks[1:]
    return ParsedFile(blocks, metadata, warnings, lost)


def _read_metadata(document: Any, tree: Any) -> Metadata:
    """Return what the extractor found in meta tags, JSON-LD and headings."""
    title, author, summary = (
        text and text.replace(SHIELD, "")
        for text in (document.title, document.author, document.description)
    )
    topics = _split_topics(document.tags or ())
    published = find_page_date(tree, document.url)
    return Metadata(title, author, published, document.url, summary, topics)


def _utf8_parser() -> Any:
    from lxml import html as lxml_html

    return lxml_html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)


def _read_all(text: str) -> ParsedFile:
    """Return all the visible text of a page that the extractor finds no article in."""
    parser = VisibleText()
    parser.feed(text)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).split("\n"))
    blocks = tuple(Block("paragraph", line) for line in lines if line)
    odd = ("no article found in the page, took all",) if blocks else ()
    return ParsedFile(blocks, Metadata(), (*_tell_hidden(parser.hidden), *odd))


def _tell_hidden(count: int) -> tuple[str, ...]:
    return (f"{count_of(count, 'hidden element')} left out",) if count else ()


def _split_topics(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the topics of meta tags; keywords stand in one, between commas."""
    topics = (topic.strip() for tag in tags for topic in tag.replace(SHIELD, "").split(","))
    return tuple(dict.fromkeys(filter(None, topics)))


def _walk_body(body: Any) -> Iterator[Block]:
    """Yield the blocks of trafilatura's output tree (its tags: head, p, item, row, quote, code)."""
    for element in body:
        if element.tag == "head":
            level = int(str(element.get("rend") or "h2")[-1])
            yield Block("heading", _read_line(element), level)
        elif element.tag == "table":
            for row in element.iter("row"):
                cells = [_read_line(cell, with_lists=True) for cell in row.iter("cell")]
                yield Block("item", join_cells(cells))
        else:
            if element.tag != "list":
                yield Block("paragraph", _read_line(element))
            for item in element.iter("item"):
                yield Block("item", _read_line(item))


def _read_line(element: Any, *, with_lists: bool = False) -> str:
    """Return an element's text on one line; lists in it are blocks of their own."""
    return " ".join(_join_text(element, with_lists).replace(SHIELD, "").split())


def _join_text(element: Any, with_lists: bool) -> str:
    parts = [element.text or ""]
    for child in element:
        # Only inline markup can stand in the middle of a word.
        gap = "" if child.tag in _INLINE_TAGS else " "
        inner = "" if child.tag == "list" and not with_lists else _join_text(child, with_lists)
        parts += gap, inner, gap, child.tail or ""
    return "".join(parts)


class VisibleText(HTMLParser):
    """Collect the text between tags; no tree, so no nesting is too deep for it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.hidden = 0
        self._skipping = 0
        # The elements that are open within a hidden one, that one first.
        self._unseen: list[str] = []
        self._is_told = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line at a block, and skip what is no text or hidden."""
        # The end tag of a page's head may be left out.
        self._skipping = 0 if tag == "body" else self._skipping + (tag in _NOT_TEXT)
        is_unseen = tag in STRUCK_TAGS or is_hidden(dict(attrs))
        if tag not in VOID_TAGS and (self._unseen or is_unseen):
            self._unseen.append(tag)
        if tag in _BLOCK_TAGS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a line at a block, and what was skipped."""
        self._skipping -= tag in _NOT_TEXT and self._skipping > 0
        if tag in self._unseen:
            last = len(self._unseen) - 1 - self._unseen[::-1].index(tag)
            del self._unseen[last:]
            self._is_told = self._is_told and bool(self._unseen)
        if tag in _BLOCK_TAGS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep visible text."""
        if self._unseen:
            self.hidden += bool(data.strip()) and not self._is_told
            self._is_told = self._is_told or bool(data.strip())
        elif not self._skipping:
            self.parts.append(data)

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Pass over "<![SDATA[" and the like as browsers do, up to the next ">"."""
        try:
            return super().parse_marked_section(i, report)
        except AssertionError:
            # What Python's parser makes of one that it does not know.
            return self.parse_bogus_comment(i, report)
