"""Tell whether a sentence adds anything to those that an answer has already."""

import re
from collections.abc import Sequence

from bot.question import Question
from bot.read import Finding
from bot.retrieve import STOP_WORDS
from ingest.words import stem_words

# The share of a sentence's own words that may be new though it adds nothing: "includes", "named".
_NEW_SHARE = 0.2
# A longer span is a clause, which may share another's words and say something else.
_MAX_SPAN_WORDS = 8
_FULL_NAME = re.compile(r"\b[A-Z][\w’'-]+ [A-Z][\w’'-]+")
_TELLING = re.compile(r"\b(?:\w*\d[\w.,]*|[A-Z][\w’'-]*)")


def asks_for_one(question: Question) -> bool:
    """Tell whether a question asks for one thing: no list, no count, no sides, not when and who."""
    several = question.wants_all or question.sides or "number" in question.kinds
    return not several and len(question.kinds) < 2


def adds_nothing(finding: Finding, kept: Sequence[Finding], question: Question) -> bool:
    """Tell whether a sentence only repeats those kept, in answer to a question for one thing.

    It does if they say all that it says, or if what answers in it answers in one of them; never if
    it holds a name or number of the question that they lack, or any full name where a person is
    asked for.
    """
    asked = _stem(question.text) | STOP_WORDS
    missing = _find_missing(finding, kept)
    if missing & asked or ("person" in question.kinds and _names_another(finding, missing)):
        return False
    return says_all(kept, finding, question) or any(
        _answers_alike(finding, other, asked) for other in kept
    )


def says_all(kept: Sequence[Finding], finding: Finding, question: Question) -> bool:
    """Tell whether sentences hold the names and numbers of another and nearly all its words.

    A word of the question that they lack is enough to tell it apart: "the association" may do what
    "the tenant" may, too.
    """
    asked = _stem(question.text)
    telling = (_stem(finding.text) & asked) - STOP_WORDS
    if telling.difference(*(_stem(other.text) for other in kept)):
        return False
    own = _stem(finding.text) - asked - STOP_WORDS
    new = own.difference(*(_stem(other.text) for other in kept))
    return not _find_missing(finding, kept) and len(new) <= _NEW_SHARE * len(own)


def _names_another(finding: Finding, missing: set[str]) -> bool:
    """Tell whether a sentence holds a full name of which every word is missing."""
    return any(_stem(name) <= missing for name in _FULL_NAME.findall(finding.text))


def _find_missing(finding: Finding, kept: Sequence[Finding]) -> set[str]:
    """Return the names and numbers of a sentence that others lack."""
    telling = _stem(" ".join(_TELLING.findall(finding.text))) - STOP_WORDS
    return telling.difference(*(_stem(other.text) for other in kept))


def _answers_alike(one: Finding, other: Finding, asked: set[str]) -> bool:
    """Tell whether the answer in a sentence stands in another one, in or around its answer."""
    first, second = _stem_span(one) - asked, _stem_span(other) - asked
    return bool(first & second) and first <= _stem(other.text)


def _stem_span(finding: Finding) -> set[str]:
    """Return the words of the exact answer, none if there is no short one."""
    start, end = finding.span or (0, 0)
    text = finding.passage.stored.article.text[start:end]
    return _stem(text) if len(text.split()) <= _MAX_SPAN_WORDS else set()


def _stem(text: str) -> set[str]:
    return set(stem_words(text))
