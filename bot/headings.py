"""Read the headings above passages as what they are: words that may answer by themselves.

"Office hours: Monday to Friday" and "Version 2.3 – 3 February 2025" tell what no sentence does.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.labels import begins_label
from bot.retrieve import Passage
from ingest.chunk import Chunk
from ingest.clean import Article, Heading

# A number or a colon, behind the heading's own number or label: "2.1 The mill" tells nothing.
_NUMBERING = re.compile(r"(?:§\s?)?\(?(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]+|[a-z])[.):]?\s+")
_TELLS = re.compile(r"\d|:\s")


def list_headings(passages: Iterable[Passage]) -> list[Passage]:
    """Return the headings that tell something, of the sections of passages, as passages."""
    found: dict[tuple[str, int], Passage] = {}
    for passage in passages:
        chunk, article = passage.stored.chunk, passage.stored.article
        for heading in _find_headings(article, chunk):
            if _tells(article.text[heading.start : heading.end]):
                found.setdefault((chunk.article_id, heading.start), _take(passage, heading))
    return list(found.values())


def _tells(heading: str) -> bool:
    """Return whether a heading may tell more than what its section is about."""
    if begins_label(heading, 0) or heading.endswith("?"):
        return False
    numbering = _NUMBERING.match(heading)
    return _TELLS.search(heading, numbering.end() if numbering else 0) is not None


def _find_headings(article: Article, chunk: Chunk) -> Iterator[Heading]:
    """Yield the heading of a passage's section, and those right above it."""
    below = None
    for heading in reversed([item for item in article.headings if item.end <= chunk.start]):
        if below is not None and article.text[heading.end : below.start].strip():
            return
        yield heading
        below = heading


def _take(passage: Passage, heading: Heading) -> Passage:
    """Return a heading as the passage that it would be."""
    span = (heading.start, heading.end)
    chunk = replace(passage.stored.chunk, start=span[0], end=span[1], heading="", sentences=(span,))
    return replace(passage, stored=replace(passage.stored, chunk=chunk))
