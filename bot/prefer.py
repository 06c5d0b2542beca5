"""Prefer sentences that the reader cannot tell to be meant: by place, form, code or table row."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.codes import compare_codes
from bot.leads import CELLS, find_lead
from bot.question import Question
from bot.read import Finding
from bot.reference import References
from bot.retrieve import find_content_words
from ingest.clean import PARAGRAPH_BREAK
from ingest.words import stem_words

# What a sentence of the place that is asked for gains, in logits, if the place is sure.
_REFERRED_SCORE = 4.0
# And one that says what something is, where that is asked.
_EXPLAINED_SCORE = 2.0
# And one that has the code that is asked for, "ES-11/3"; what one with another loses.
_CODE_SCORE = 3.0
# What rows lose if another one of their table has more of the words that are asked for, and what
# that one gains if it has several.
_OTHER_ROW, _ROW, _ROW_WORDS = -2.5, 1.0, 2
_PLACES = frozenset({"heading", "paragraph", "last"})


def prefer_sentences(
    findings: Sequence[Finding],
    question: Question,
    references: References,
    codes: Collection[str] = (),
) -> list[Finding]:
    """Return sentences, best first, by scores that are higher for what is asked for.

    That is the place that the question refers to, a section or numbered paragraph (sentences that
    only name "Article 4" are told apart by what they say), what a thing is, the code named, and the
    row of a table that has most of the question's words.
    """
    places = References(tuple(item for item in references.spans if item.kind in _PLACES))
    rows = _weigh_rows(findings, question)

    def weigh(finding: Finding, row: float) -> Finding:
        article_id = finding.passage.stored.article.article_id
        gain = _REFERRED_SCORE * places.weigh(article_id, finding.start, finding.end) + row
        gain += _EXPLAINED_SCORE * question.explains(finding.text)
        gain += _CODE_SCORE * _compare_codes(finding, codes) if codes else 0.0
        return replace(finding, score=finding.score + gain)

    weighed = map(weigh, findings, rows)
    return sorted(weighed, key=lambda item: -item.score)


def _compare_codes(finding: Finding, codes: Collection[str]) -> float:
    """Return what a sentence has of the codes asked for; without any, it has its paragraph's."""
    own = compare_codes(finding.text, codes)
    text = finding.passage.stored.article.text
    start = text.rfind(PARAGRAPH_BREAK, 0, finding.start) + 1
    end = text.find(PARAGRAPH_BREAK, finding.end)
    around = text[start : end if end >= 0 else len(text)]
    return own or max(0.0, compare_codes(around, codes))


def _weigh_rows(findings: Sequence[Finding], question: Question) -> list[float]:
    """Return what each sentence gains or loses as a row of a table, 0 for those that are none.

    The words of the header tell no row from another. Where a list is asked for, all may be meant.
    """
    if question.wants_all:
        return [0.0] * len(findings)
    asked = set(find_content_words(question.text))
    tables = [_find_table(finding) for finding in findings]
    shared = [
        len(asked.intersection(stem_words(finding.text)).difference(stem_words(table[1])))
        if table
        else 0
        for finding, table in zip(findings, tables, strict=True)
    ]
    most: dict[tuple[str, str], int] = {}
    for table, count in zip(tables, shared, strict=True):
        if table:
            most[table] = max(most.get(table, 0), count)
    return [
        0.0 if not table else _OTHER_ROW if count < most[table] else _ROW * (count >= _ROW_WORDS)
        for table, count in zip(tables, shared, strict=True)
    ]


def _find_table(finding: Finding) -> tuple[str, str] | None:
    """Return the article and header of a row's table, the header's own as well; None for text."""
    if CELLS not in finding.text:
        return None
    article = finding.passage.stored.article
    header = find_lead(article, finding.start)
    return article.article_id, article.text[slice(*header)] if header else finding.text
