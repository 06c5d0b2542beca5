"""PDF: the text layer put back into paragraphs, and the document properties."""

import re
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from statistics import median

from pypdf import PdfReader
from pypdf.errors import DependencyError

from ingest.formats.block import Block, Metadata, ParsedFile
from ingest.formats.text import is_heading, is_title
from ingest.limits import Limits

_SENTENCE_END = (".", "!", "?", "”", '"', ":", "…")
_PAGE_NUMBER = re.compile(r"page\s+\d{1,4}|(?:page\s+)?\d{1,4}\s*(?:/|of)\s*\d{1,4}", re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,4}")
_HEADING_START = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*\.?\s+)?[^\W\d_a-z]")
_NO_TITLE = re.compile(r"\A(?:untitled.*|microsoft word - .*|.*\.\w{2,5})\Z", re.IGNORECASE)


class UnreadablePdf(ValueError):
    """A PDF without text for us; the message is the reason."""


def parse_pdf(data: bytes, limits: Limits | None = None) -> ParsedFile:
    """Read a PDF's text layer. Raises UnreadablePdf for a damaged, locked or scanned one."""
    limits = limits or Limits()
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadablePdf("the PDF needs a password; save it without one")
        if len(reader.pages) > limits.pages:
            raise UnreadablePdf(limits.tell_excess("pages", f"{len(reader.pages):,} pages"))
        pages = [(page.extract_text() or "").splitlines() for page in reader.pages]
        metadata = _read_properties(reader)
    except (UnreadablePdf, MemoryError):
        raise
    except DependencyError as error:
        raise UnreadablePdf("the PDF is encrypted; save it without encryption") from error
    # pypdf lets errors of many kinds through on damaged objects; all mean the same to a user.
    except Exception as error:
        raise UnreadablePdf(f"a damaged PDF ({type(error).__name__}: {error})") from error
    if not any(line.strip() for page in pages for line in page):
        raise UnreadablePdf("the PDF has no text layer (scanned?); run text recognition on it")
    blocks = list(_join_lines(_drop_page_furniture(pages)))
    if metadata.title is None and blocks and is_title(blocks[0].text):
        metadata = Metadata(blocks.pop(0).text, metadata.author, metadata.published)
    elif blocks and blocks[0].text == metadata.title:
        blocks.pop(0)
    return ParsedFile(tuple(blocks), metadata)


def _read_properties(reader: PdfReader) -> Metadata:
    properties = reader.metadata
    if properties is None:
        return Metadata()
    title = (properties.title or "").strip()
    try:
        created = properties.creation_date
    except ValueError:
        created = None
    return Metadata(
        title=title if title and not _NO_TITLE.match(title) else None,
        author=(properties.author or "").strip() or None,
        published=created.date().isoformat() if created else None,
    )


def _drop_page_furniture(pages: list[list[str]]) -> list[str]:
    """Drop page numbers, and first or last lines that most pages repeat; return all lines."""
    pages = [[line.strip() for line in page if line.strip()] for page in pages]
    edges = Counter(line for page in pages for line in {*page[:1], *page[-1:]})
    repeated = {line for line, count in edges.items() if count > 2 and count * 2 > len(pages)}
    pages = [[line for line in page if line not in repeated] for page in pages]
    # A number alone may be a table's: it is the page's where it counts the pages.
    steps = Counter(
        int(line) - place
        for place, page in enumerate(pages)
        for line in {*page[:1], *page[-1:]}
        if _NUMBER.fullmatch(line)
    )

    def is_page_number(line: str, place: int) -> bool:
        if not _NUMBER.fullmatch(line):
            return bool(_PAGE_NUMBER.fullmatch(line))
        step = int(line) - place
        return step == 1 or steps[step] > 1

    return [
        line
        for place, page in enumerate(pages)
        for at, line in enumerate(page)
        if at not in {0, len(page) - 1} or not is_page_number(line, place)
    ]


def _join_lines(lines: list[str]) -> Iterator[Block]:
    """Yield paragraphs: a line ends one when it is short and ends a sentence."""
    if not lines:
        return
    width = median(sorted(map(len, lines))[len(lines) // 2 :])
    paragraph: list[str] = []
    for line, following in pairwise([*lines, ""]):
        is_lone = _stands_alone(line, paragraph, following, 0.7 * width)
        if is_heading(line) or is_lone:
            yield from _close(paragraph)
            paragraph = []
            yield Block("heading", line, 2)
            continue
        paragraph.append(line)
        if len(line) < 0.85 * width and line.endswith(_SENTENCE_END):
            yield from _close(paragraph)
            paragraph = []
    yield from _close(paragraph)


def _stands_alone(line: str, paragraph: list[str], following: str, short: float) -> bool:
    """Tell whether a line is a heading between the lines so far of a paragraph and the next line.

    After a full line that ends a sentence the paragraph may go on, and a number may be an item's:
    then what follows must begin anew and be no cell of a table.
    """
    if len(line) >= short or not is_title(line):
        return False
    if not paragraph and line[:1].isupper():
        return True
    begins_anew = following[:1].isupper() and (
        len(following) >= short or following.endswith(_SENTENCE_END)
    )
    before = paragraph[-1] if paragraph else "."
    is_ended = before.endswith(_SENTENCE_END) and not before.endswith(":")
    return is_ended and begins_anew and bool(_HEADING_START.match(line))


def _close(lines: list[str]) -> Iterator[Block]:
    """Yield one paragraph of its lines, words that were broken at a line end joined again."""
    if lines:
        text = re.sub(r"(\w)[\u00ad-]\n(?=[a-z])", r"\1", "\n".join(lines))
        yield Block("paragraph", " ".join(text.split()))
