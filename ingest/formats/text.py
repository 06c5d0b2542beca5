"""Plain text: paragraphs between blank lines, the first line as title, a byline."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from ingest.formats.block import Block, Metadata, ParsedFile, split_paragraphs
from ingest.formats.byline import read_byline
from ingest.formats.text_headings import LIST_MARKER, Line, find_headings
from ingest.formats.text_headings import is_heading as is_heading

MAX_TITLE_WORDS = 20
# A file with a longer line is not hard-wrapped: each of its lines is a block.
MAX_WRAP_LETTERS = 200
# A line of less than this share of the wrap width was ended by its writer.
MIN_FULL_LINE = 0.6
MAX_PATH_LETTERS = 40


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


def split_blocks(text: str) -> Iterator[Block]:
    """Yield headings, paragraphs and list items."""
    lines = list(_join_lines(text))
    headings = find_headings(lines)
    for place, line in enumerate(lines):
        yield headings.get(place) or _to_block(line.text)


def _join_lines(text: str) -> Iterator[Line]:
    """Yield the lines of a text, joined where they were wrapped."""
    lengths = [_measure_line(line) for line in text.split("\n")]
    is_wrapped = max(lengths) <= MAX_WRAP_LETTERS
    width = _find_wrap_width(lengths)
    for paragraph in split_paragraphs(text):
        lines = [line.strip() for line in paragraph.split("\n")]
        block = lines[:1]
        for line, following in pairwise(lines):
            wrapped = is_wrapped and _is_full(line, following, width)
            if wrapped and not LIST_MARKER.match(following):
                block.append(following)
            else:
                yield _make_line(block, is_alone=False)
                block = [following]
        yield _make_line(block, is_alone=len(lines) == 1)


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


def _make_line(parts: Sequence[str], *, is_alone: bool) -> Line:
    return Line(" ".join(" ".join(parts).split()), is_alone)


def _to_block(text: str) -> Block:
    if marker := LIST_MARKER.match(text):
        # The number of an item is said in the text around it; a bullet says nothing.
        return Block("item", text[marker.end() :] if marker["bullet"] else text)
    return Block("paragraph", text)
