"""Plain text: paragraphs between blank lines, the first line as title, a byline."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate, pairwise

from ingest.formats.block import Block, Metadata, ParsedFile, split_paragraphs
from ingest.formats.byline import read_byline

MAX_TITLE_WORDS = 20
MAX_HEADING_WORDS = 12
# A file with a longer line is not hard-wrapped: each of its lines is a block.
MAX_WRAP_LETTERS = 200
# A line of less than this share of the wrap width was ended by its writer.
MIN_FULL_LINE = 0.6
MAX_PATH_LETTERS = 40
_LIST_MARKER = re.compile(r"(?:(?P<bullet>[-*•])|\d{1,2}\.)\s+(?=\S)")
_NUMBERED_HEADING = re.compile(
    r"\A(?:Article|Section|Chapter|Part|Annex|Title)\s+(?:\d+|[IVXLC]+)\b[^.!?]*\Z", re.IGNORECASE
)


def parse_text(text: str) -> ParsedFile:
    """Read plain text; its first line is the title when it is short and no sentence."""
    blocks = list(split_blocks(text))
    metadata = Metadata()
    if len(blocks) > 1 and blocks[0].kind != "item" and is_title(blocks[0].text):
        metadata = replace(metadata, title=blocks.pop(0).text)
    while blocks and (known := read_byline(blocks[0].text, metadata)):
        metadata = known
        del blocks[0]
    return ParsedFile(tuple(blocks), metadata)


def is_title(line: str) -> bool:
    """Tell whether a line can stand as a title: short, and not a sentence."""
    line = line.strip()
    return 0 < len(line.split()) <= MAX_TITLE_WORDS and not line.endswith((".", ":", ";", ","))


def is_heading(line: str) -> bool:
    """Tell whether a lone line is a heading: numbered like "Article 4", or wholly capitals."""
    if len(line.split()) > MAX_HEADING_WORDS:
        return False
    return bool(_NUMBERED_HEADING.match(line)) or (
        line.isupper() and len(line) > 3 and not line.endswith((".", ","))
    )


def split_blocks(text: str) -> Iterator[Block]:
    """Yield headings, paragraphs and list items, lines joined where they were wrapped."""
    lengths = [_measure_line(line) for line in text.split("\n")]
    is_wrapped = max(lengths) <= MAX_WRAP_LETTERS
    width = _find_wrap_width(lengths)
    for paragraph in split_paragraphs(text):
        lines = [line.strip() for line in paragraph.split("\n")]
        block = lines[:1]
        for line, following in pairwise(lines):
            wrapped = is_wrapped and _is_full(line, following, width)
            if wrapped and not _LIST_MARKER.match(following):
                block.append(following)
            else:
                yield _to_block(" ".join(block))
                block = [following]
        yield _to_block(" ".join(block))


def _measure_line(line: str) -> int:
    """Return a line's length, addresses left out that no wrapping could have cut."""
    words = [word for word in line.split() if "/" not in word or len(word) <= MAX_PATH_LETTERS]
    return len(" ".join(words))


def _find_wrap_width(lengths: list[int]) -> int:
    """Return the length of line that half of all letters stand in, or in a longer one.

    The longest line is no measure: a title may be longer than the lines that were wrapped.
    """
    total = sum(lengths)
    before = accumulate(sorted(lengths, reverse=True), initial=0)
    rows = zip(before, sorted(lengths, reverse=True), strict=False)
    return [length for start, length in rows if 2 * start <= total][-1]


def _is_full(line: str, following: str, width: int) -> bool:
    """Tell whether a line was ended by the wrap width rather than by its writer."""
    word = following.split(maxsplit=1)[0]
    return len(line) >= MIN_FULL_LINE * width or len(line) + 1 + len(word) > width


def _to_block(text: str) -> Block:
    text = " ".join(text.split())
    if marker := _LIST_MARKER.match(text):
        # The number of an item is said in the text around it; a bullet says nothing.
        return Block("item", text[marker.end() :] if marker["bullet"] else text)
    if is_heading(text):
        return Block("heading", text, 2)
    return Block("paragraph", text)
