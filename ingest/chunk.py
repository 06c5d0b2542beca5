"""Cut an article into passages: whole sentences, about 120 words, never across a heading."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sentencex import get_sentence_boundaries

from ingest.clean import PARAGRAPH_BREAK, Article

PASSAGE_WORDS = 120
# "3.", "(a)", "Step 7.", "Tack –": no sentence, but the beginning of the one that follows.
_LABEL = re.compile(
    r"(?:(?:[A-Z]\w* )?\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-z]|[ivx]{1,4})[.)]|(?:\S+ ){0,4}[–—:])\Z"
)
# The cutter takes a paragraph that begins with a bracket for one sentence.
_MARKER = re.compile(r"\((?:\d{1,3}|[a-z]|[ivx]{1,4})\)\s+(?=\S)")
# "It is 850 m. Another account ..." is cut by nobody: "m." might be a name's.
_AFTER_UNIT = re.compile(r"(?<=\d [mgtlJKWVNs]\.)\s+(?=[A-Z][a-z])")
# Letters that stand for one word where a script writes no spaces, and in endless "words".
_WORD_LETTERS = 7


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: `text[start:end]` of its article, the heading above it and its sentences.

    `sentences` are (start, end) offsets in the article's text, in order, within the passage.
    """

    article_id: str
    start: int
    end: int
    heading: str
    sentences: tuple[tuple[int, int], ...]


def chunk_article(article: Article, words: int = PASSAGE_WORDS) -> list[Chunk]:
    """Cut an article into passages of at most about `words` words.

    The passages cover all text but headings and white space; sections are cut into equal parts.
    """
    chunks = []
    for start, end, heading in split_sections(article):
        sentences = list(split_sentences(article.text, start, end, words))
        for group in _group_sentences(article.text, sentences, words):
            chunks.append(
                Chunk(article.article_id, group[0][0], group[-1][1], heading, tuple(group))
            )
    return chunks


def split_sections(article: Article) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, heading path) of the text between headings."""
    path: list[tuple[int, str]] = []
    start = 0
    for heading in article.headings:
        yield start, heading.start, " › ".join(title for _, title in path)
        path = [part for part in path if part[0] < heading.level]
        path.append((heading.level, article.text[heading.start : heading.end]))
        start = heading.end
    yield start, len(article.text), " › ".join(title for _, title in path)


def split_sentences(text: str, start: int, end: int, words: int) -> Iterator[tuple[int, int]]:
    """Yield (start, end) of the sentences of `text[start:end]`, stripped of white space.

    A sentence of more than `words` words is cut at white space.
    """
    while start < end:
        stop = text.find(PARAGRAPH_BREAK, start, end)
        stop = end if stop < 0 else stop
        marker = _MARKER.match(text, start, stop)
        # Where the label begins that the next sentence goes on from.
        label = start if marker else stop
        body = marker.end() if marker else start
        for first, last in _find_boundaries(text, body, stop):
            first, label = min(first, label), stop
            if last < stop and _LABEL.match(text, first, last):
                label = first
            elif first < last:
                yield from _cut_sentence(text, first, last, words)
        if label < stop:
            yield from _cut_sentence(text, *_strip(text, label, stop), words)
        start = stop + len(PARAGRAPH_BREAK)


def _find_boundaries(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    for boundary in get_sentence_boundaries("en", text[start:stop]):
        first, last = start + boundary["start_index"], start + boundary["end_index"]
        for unit in _AFTER_UNIT.finditer(text, first, last):
            yield _strip(text, first, unit.start())
            first = unit.end()
        yield _strip(text, first, last)


def count_words(text: str) -> int:
    """Return the number of words, long runs of letters counted as several."""
    return max(len(text.split()), len(text) // _WORD_LETTERS // 2)


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _cut_sentence(text: str, start: int, end: int, words: int) -> Iterator[tuple[int, int]]:
    limit = words * _WORD_LETTERS * 2
    while end - start > limit or count_words(text[start:end]) > words:
        cut = min(start + limit, end - 1)
        parts = text[start:cut].split(maxsplit=words)
        if len(parts) > words:
            cut = text.rindex(parts[words], start, cut)
        elif (space := text.rfind(" ", start + 1, cut)) > start:
            cut = space
        first, last = _strip(text, start, cut)
        if first < last:
            yield first, last
        start, end = _strip(text, cut, end)
    if start < end:
        yield start, end


def _group_sentences(
    text: str, sentences: list[tuple[int, int]], words: int
) -> Iterator[list[tuple[int, int]]]:
    """Yield runs of sentences of nearly equal length, none of many more than `words` words."""
    sizes = [count_words(text[start:end]) for start, end in sentences]
    parts = max(1, -(-sum(sizes) // words))
    aim = sum(sizes) / parts
    group: list[tuple[int, int]] = []
    size = 0
    for sentence, length in zip(sentences, sizes, strict=True):
        if group and (size + length > words or size + length / 2 > aim):
            yield group
            group, size = [], 0
        group.append(sentence)
        size += length
    if group:
        yield group
