"""Choose the sentences of an answer: the best first, what it leans on, and as many as are asked."""

import re
from collections.abc import Sequence

from bot.leaning import leans_on_before
from bot.question import Question
from bot.read import Finding
from bot.redundancy import adds_nothing, asks_for_one, says_all
from bot.retrieve import find_content_words
from ingest.words import stem_words

MAX_SENTENCES = 3
MAX_LISTED = 6
# A further sentence may score this much less than the best one, in logits.
_MARGIN = 2.0
_MARGIN_LISTED = 2.5
_DIFFER = re.compile(r"(?i)\bdiffer")
# Scores this close tell nothing.
_NEAR_TIE = 0.3


def choose_sentences(
    question: Question, findings: Sequence[Finding], by_side: Sequence[Sequence[Finding]] = ()
) -> list[Finding]:
    """Return the sentences for an answer, each once; `findings` are best first.

    One to three, up to six where a list is asked for. With `by_side`, the findings for each side of
    a comparison, a sentence on all sides comes first, then every side's best. A sentence that leans
    on the one before ("This ...") comes after it, unless it is the best: that comes first. Where
    one thing is asked for, sentences that only repeat others of those are left out; none worse
    takes their place.
    """
    if not findings and not any(by_side):
        return []
    limit = MAX_LISTED if question.wants_all else MAX_SENTENCES
    margin = _MARGIN_LISTED if question.wants_all else _MARGIN
    worth = [item for item in findings if item.score >= findings[0].score - margin]
    comparing = _find_comparing(question, worth)
    # What differs is said in sentences on both; which is the larger, by one on each.
    best = comparing if _DIFFER.search(question.text) else comparing[:1]
    leaders = [*best, *(side[0] for side in by_side if side)]
    chosen: list[Finding] = []
    for finding in [*leaders, *worth]:
        if len(chosen) >= limit:
            break
        if not any(_says_the_same(finding, other) for other in chosen):
            chosen.append(finding)
            before = _find_before(finding, findings)
            if before is not None and before not in chosen and len(chosen) < limit:
                chosen.insert(max(1, len(chosen) - 1), before)
    return _drop_repeats(question, chosen) if asks_for_one(question) else chosen


def _find_comparing(question: Question, findings: Sequence[Finding]) -> list[Finding]:
    """Return the sentences that name all sides of a comparison, by what each has of its own."""
    sides = [set(find_content_words(side)) for side in question.sides]
    own = [side.difference(*(other for other in sides if other is not side)) for side in sides]
    if not own or not all(own):
        return []
    return [item for item in findings if set.union(*own) <= set(stem_words(item.text))]


def _drop_repeats(question: Question, chosen: Sequence[Finding]) -> list[Finding]:
    """Return sentences without those that add nothing; of near ties the fuller one stays.

    One that only repeated a sentence whose place a fuller one took comes back if that lacks it.
    """
    kept: list[Finding] = []
    for finding in chosen:
        if not (kept and adds_nothing(finding, kept, question)):
            lesser = [
                other
                for other in kept
                if other.score <= finding.score + _NEAR_TIE and says_all([finding], other, question)
            ]
            place = kept.index(lesser[0]) if lesser else len(kept)
            kept = [item for item in kept if item not in lesser]
            kept.insert(place, finding)
    for finding in chosen:
        if not adds_nothing(finding, kept, question) and not says_all(kept, finding, question):
            kept.append(finding)
    return kept


def _find_before(finding: Finding, findings: Sequence[Finding]) -> Finding | None:
    """Return the sentence that a sentence leans on, None if it stands alone."""
    if not leans_on_before(finding.text):
        return None
    earlier = [
        other
        for other in findings
        if other.passage.stored.number == finding.passage.stored.number
        and other.end <= finding.start
    ]
    return max(earlier, key=lambda other: other.end, default=None)


def _says_the_same(one: Finding, other: Finding) -> bool:
    return one.text == other.text
