"""What a list item or a table's row says only with what stands above it: "Members must not:"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.english import MONTHS
from bot.places import find_heading, list_headings_above
from bot.question import Question
from bot.read import Finding
from ingest.chunk import PASSAGE_WORDS, split_sentences
from ingest.clean import PARAGRAPH_BREAK, Article

# So far up a list or table its beginning is looked for, and so many items a lead-in brings.
_BLOCKS = 2_000
_ITEMS = 6
_ITEM_WORDS = 60
CELLS = " | "
_MARKER = re.compile(r"\(?(?P<number>\d{1,3}|[a-z]|[ivx]{1,5})[.)]\s")
_ENDS = (".", "!", "?")
# "Dark mode." is a fragment; a quotation is none.
_FRAGMENT_WORDS = 4
# "Meeting of 4 March", "1961: the treaty", but not "How it compares with 1961".
_DATED = re.compile(rf"(?i)\b(?:{'|'.join(MONTHS)})\b|(?:\A|[–—:,(]\s?)(?:1[5-9]|20)\d\d\b")
_CLOSED = (*_ENDS, ":", "”", '"', "’", ")")
Span = tuple[int, int]


def add_leads(chosen: Sequence[Finding], question: Question) -> list[Finding]:
    """Return sentences, each item of a list after what introduces it, each row after its header.

    What is only understood below its heading comes after that: "Dark mode." of a version, what was
    decided on a day. A sentence that introduces a list ("… if:") brings its items, where it is the
    last, or where steps or a list are asked for. The steps of "How do I …?" stand as they do in
    their section.
    """
    wants_items = question.wants_all or question.asks_how
    if wants_items:
        chosen = _order_items(chosen)
    added: dict[tuple[str, int], Finding] = {}

    def add(finding: Finding) -> None:
        added.setdefault((finding.passage.stored.article.article_id, finding.start), finding)

    by_place = {(item.passage.stored.article.article_id, item.start): item for item in chosen}
    for finding in chosen:
        article = finding.passage.stored.article
        lead = find_lead(article, finding.start) or _find_telling_heading(finding, question)
        if lead is not None:
            known = by_place.get((article.article_id, lead[0]))
            add(known or replace(finding, start=lead[0], end=lead[1], span=None))
        add(finding)
    return _bring_items(list(added.values()), wants_items=wants_items)


def _bring_items(sentences: Sequence[Finding], *, wants_items: bool) -> list[Finding]:
    """Return sentences with the items of the lists that they introduce, once each."""
    by_place = {(item.passage.stored.article.article_id, item.start): item for item in sentences}
    added: dict[tuple[str, int], Finding] = {}
    for place, finding in by_place.items():
        added.setdefault(place, finding)
        is_last = finding is sentences[-1]
        article = finding.passage.stored.article
        if not introduces(article, finding.end) or not (wants_items or is_last):
            continue
        for start, end in find_items(article, finding.end):
            key = (article.article_id, start)
            item = by_place.get(key, replace(finding, start=start, end=end, span=None))
            added.setdefault(key, item)
    return list(added.values())


def _find_telling_heading(finding: Finding, question: Question) -> Span | None:
    """Return the heading without which a sentence is not understood, None if it is.

    That is the one above a fragment that is a block of its own, and the one with the date that is
    asked for and that the sentence lacks.
    """
    article, text = finding.passage.stored.article, finding.text
    above = list_headings_above(article, finding.start)
    if not above or above[0].start == finding.start:
        return None
    if question.lacks_date(text):
        for heading in above:
            if _DATED.search(article.text[heading.start : heading.end]):
                return heading.start, heading.end
    before = article.text[: finding.start].endswith(PARAGRAPH_BREAK)
    after = article.text.startswith(PARAGRAPH_BREAK, finding.end)
    is_block = before and (after or finding.end == len(article.text))
    is_short = len(text.split()) <= _FRAGMENT_WORDS or not text.endswith(_CLOSED)
    is_short = is_short and not introduces(article, finding.end)
    if is_block and is_short and CELLS not in text and not _MARKER.match(text):
        return above[0].start, above[0].end
    return None


def introduces(article: Article, end: int) -> bool:
    """Return whether what ends at a position introduces a list: "Members must not:", "only if"."""
    text = article.text
    if text[end - 1 : end] == ":":
        return True
    below = end + len(PARAGRAPH_BREAK)
    goes_on = text.startswith(PARAGRAPH_BREAK, end) and _MARKER.match(text, below) is not None
    return goes_on and text[end - 1 : end].isalnum() and not _begins_heading(article, below)


def _begins_heading(article: Article, position: int) -> bool:
    heading = find_heading(article, position)
    return heading is not None and heading.start == position


def _order_items(chosen: Sequence[Finding]) -> list[Finding]:
    """Return sentences with the numbered items of each section in the order of their places."""
    ordered = list(chosen)
    sections: dict[tuple[str, str], list[int]] = {}
    for at, finding in enumerate(chosen):
        if _MARKER.match(finding.text):
            chunk = finding.passage.stored.chunk
            sections.setdefault((chunk.article_id, chunk.heading), []).append(at)
    for places in sections.values():
        items = sorted((chosen[at] for at in places), key=lambda item: item.start)
        for at, item in zip(places, items, strict=True):
            ordered[at] = item
    return ordered


def find_lead(article: Article, position: int) -> Span | None:
    """Return the sentence that the list item or table row at `position` needs, None for none.

    It ends with a colon, or is the beginning of a sentence that small letters go on with ("Do not
    take it" / "if you are ill"); of a table it is the first row.
    """
    text = article.text
    if position and not text.startswith(PARAGRAPH_BREAK, position - len(PARAGRAPH_BREAK)):
        return None
    end = text.find(PARAGRAPH_BREAK, position)
    line = text[position : end if end >= 0 else len(text)]
    heading = find_heading(article, position)
    above = _list_above(text, position, heading.end if heading else 0)
    if CELLS in line:
        return _find_header(text, line, above)
    marker = _MARKER.match(line)
    if marker is None and not line[:1].islower() and line.endswith(_ENDS):
        return None
    kind = below = _tell_kind(marker)
    for start, stop in above:
        block = text[start:stop]
        beside = _tell_kind(_MARKER.match(block))
        # What introduces "(i)" and "(ii)" of "(a)" does not introduce "(b)".
        if block.endswith(":") and below == kind and (not beside or beside != kind):
            return _find_last_sentence(text, start, stop)
        if line[:1].islower() and not block[:1].islower():
            return None if block.endswith(_ENDS) else (start, stop)
        # A whole sentence ends a list of fragments; between marked items one may stand.
        if block.endswith(_ENDS) and not marker:
            return None
        below = beside
    return None


def find_items(article: Article, position: int) -> list[Span]:
    """Return the first items of the list that a sentence ending at `position` introduces."""
    text = article.text
    following = (head.start for head in article.headings if head.start >= position)
    limit = next(following, len(text))
    items: list[Span] = []
    start = position + len(PARAGRAPH_BREAK)
    while start < limit and len(items) < _ITEMS and text.startswith(PARAGRAPH_BREAK, start - 2):
        end = text.find(PARAGRAPH_BREAK, start)
        end = end if end >= 0 else len(text)
        line = text[start:end]
        is_item = _MARKER.match(line) or line[:1].islower() or not line.endswith(_ENDS)
        # Bullets may be sentences, too; a paragraph has several.
        is_sentence = len(list(split_sentences(text, start, end, PASSAGE_WORDS))) == 1
        if not (is_item or is_sentence) or len(line.split()) > _ITEM_WORDS:
            break
        items.append((start, end))
        start = end + len(PARAGRAPH_BREAK)
    return items


def _list_above(text: str, position: int, floor: int) -> Iterator[Span]:
    """Yield the blocks above a position, the nearest first, down to `floor`."""
    for _ in range(_BLOCKS):
        end = position - len(PARAGRAPH_BREAK)
        if end <= floor:
            return
        position = text.rfind(PARAGRAPH_BREAK, floor, end) + len(PARAGRAPH_BREAK)
        position = position if position >= len(PARAGRAPH_BREAK) + floor else floor
        yield position, end
        if position <= floor:
            return


def _find_header(text: str, line: str, above: Iterator[Span]) -> Span | None:
    """Return the first row of a table, None for a row that is the first."""
    rows: list[Span] = []
    for start, end in above:
        if text.count(CELLS, start, end) != line.count(CELLS):
            break
        rows.append((start, end))
    # The first row of a table that is longer was not reached.
    return rows[-1] if 0 < len(rows) < _BLOCKS else None


def _find_last_sentence(text: str, start: int, end: int) -> Span:
    return list(split_sentences(text, start, end, PASSAGE_WORDS))[-1]


def _tell_kind(marker: re.Match[str] | None) -> str:
    """Return what a list is numbered with, "" for no numbers."""
    if marker is None:
        return ""
    number = marker["number"]
    return "digit" if number.isdigit() else "roman" if set(number) <= set("ivx") else "letter"
