"""Tell where articles answer a question for a number or a date differently."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import log

from bot.english import FUNCTION_WORDS
from bot.facts import Fact, agree, find_facts
from bot.question import Question
from bot.read import Finding
from bot.retrieve import Passage

# Of both answers the reader must be this sure: what it says of the passage (a logit), and the share
# of the passage's answer that the sentence has. With these, real disagreements and what only looks
# like one lay apart (see benchmarks/README.md).
_LEAST_ANSWERS, _LEAST_SHARE = 0.9, log(0.95)
_MAX_ANSWERS = 3
_MAX_WORDS = 5
# Copies read beside the passages, where they give another answer.
_MAX_COPIES = 2
_ANSWERING = {"date": {"date", "year"}, "number": {"number", "percent"}, "money": {"money"}}
# "More than 20" and "25" may both be so.
_BOUNDED = re.compile(
    r"(?i)\b(?:(?:more|less|fewer) than|over|above|under|below|at (?:least|most)|up to|nearly"
    r"|almost|as (?:many|much|few|little) as)\s\Z"
)
# Where several events are meant, each has a date of its own.
_AMONG_SEVERAL = re.compile(
    r"(?i)\b(?:first|latest|earliest|next|previous|again|ever"
    r"|(?:the|\w+[’']s|his|her|its|their) last)\b"
)
# What a number counts, behind it.
_COUNTED = re.compile(r"\s(?:[A-Za-z-]+\s)?(?P<noun>[A-Za-z]+)")
_PLURAL = re.compile(r"\s([a-z]+s)\b")
# From here on a number may be another one, rounded.
_LEAST_ROUNDED = 1000


def find_disagreement(question: Question, findings: Sequence[Finding]) -> list[tuple[str, Finding]]:
    """Return how articles answer differently: in what words, and the sentence, best first.

    `findings` are sentences, best first. The first answer is that of the best sentence, the others
    are those of other articles, each another one; none if no surely read sentence says otherwise.
    """
    if question.wants_all or question.sides or _AMONG_SEVERAL.search(question.text):
        return []
    told: list[tuple[Fact, Finding]] = []
    for finding in findings:
        fact = _find_answer(question, finding)
        if fact is None:
            if not told:
                return []
        elif all(
            _differ(fact, given)
            and finding.passage.stored.chunk.article_id != other.passage.stored.chunk.article_id
            for given, other in told
        ):
            told.append((fact, finding))
    told = told[:_MAX_ANSWERS]
    answers = [(quote, item) for quote, (_, item) in zip(_quote_alike(told), told, strict=True)]
    return answers if len(answers) > 1 else []


def list_otherwise(
    question: Question, findings: Sequence[Finding], copies: Sequence[Passage]
) -> list[Passage]:
    """Return copies of passages without the number or date that the best sentence answers with."""
    fact = _find_answer(question, findings[0]) if findings else None
    if fact is None:
        return []
    otherwise = []
    for copy in copies:
        facts = [item for item in find_facts(copy.stored.text) if _are_alike(item, fact)]
        if facts and all(_differ(fact, item) for item in facts):
            otherwise.append(copy)
    return otherwise[:_MAX_COPIES]


def word_disagreement(answers: Sequence[tuple[str, Finding]]) -> str:
    """Return in a sentence which article says what; "" for no answers."""
    if not answers:
        return ""
    said = [f"“{words}” in {_name(finding)}" for words, finding in answers]
    return f"The articles differ: {', '.join(said)}."


def _name(finding: Finding) -> str:
    article = finding.passage.stored.article
    return f"“{article.title}”" + (f" ({article.published})" if article.published else "")


def _find_answer(question: Question, finding: Finding) -> Fact | None:
    """Return the one number or date that a sentence surely answers with, None without one."""
    features = finding.features
    sure = features["answers"] >= _LEAST_ANSWERS and features["share"] >= _LEAST_SHARE
    if not sure or not finding.span:
        return None
    asked = question.kinds or _ANSWERING
    kinds = set().union(*(_ANSWERING.get(kind, set()) for kind in asked))
    first, last = (offset - finding.start for offset in finding.span)
    facts = [
        fact for fact in find_facts(finding.text)
        if fact.kind in kinds and fact.start < last and first < fact.end
    ]  # fmt: skip
    if len(facts) != 1 or _BOUNDED.search(finding.text, 0, facts[0].start):
        return None
    return facts[0]


def _quote_answer(fact: Fact, finding: Finding) -> str:
    """Return the exact answer, "28 days", or the number alone where that is long."""
    start, end = finding.span or (0, 0)
    answer = finding.passage.stored.article.text[start:end]
    return answer if len(answer.split()) <= _MAX_WORDS else finding.text[fact.start : fact.end]


def _quote_alike(told: Sequence[tuple[Fact, Finding]]) -> list[str]:
    """Return the exact answers, all numbers with their nouns if one has its own."""
    quotes = [_quote_answer(fact, item) for fact, item in told]
    rows = [(fact, item, quote) for (fact, item), quote in zip(told, quotes, strict=True)]
    nouns = sorted({_read_noun(*row) for row in rows} - {""})
    return [_add_noun(*row, nouns) for row in rows] if nouns else quotes


def _read_noun(fact: Fact, finding: Finding, quote: str) -> str:
    """Return what the number of a quote counts, "days" of "28 working days"; "" if it is alone."""
    number = finding.text[fact.start : fact.end]
    counted = _COUNTED.fullmatch(quote.partition(number)[2]) if fact.kind == "number" else None
    return counted["noun"] if counted else ""


def _add_noun(fact: Fact, finding: Finding, quote: str, nouns: Iterable[str]) -> str:
    """Return a quote that ends with its number with the noun behind it, if others have `nouns`.

    "28" becomes "28 days", or "28 working days", beside "25 days".
    """
    if fact.kind != "number" or not finding.text[: fact.end].endswith(quote):
        return quote
    for noun in nouns:
        behind = re.compile(rf"(?i)\s(?:[a-z-]+\s)?{re.escape(noun.removesuffix('s'))}s?\b")
        if match := behind.match(finding.text, fact.end):
            return quote + match[0]
    # A plural behind it is what it counts, be it another noun: "4 weeks".
    match = _PLURAL.match(finding.text, fact.end)
    return quote + match[0] if match and match[1] not in FUNCTION_WORDS else quote


def _are_alike(one: Fact, other: Fact) -> bool:
    return one.kind == other.kind or {one.kind, other.kind} == {"date", "year"}


def _differ(one: Fact, other: Fact) -> bool:
    """Tell whether two facts of one kind cannot both be so."""
    if not _are_alike(one, other) or agree(one, other) or agree(other, one):
        return False
    return one.kind in {"date", "year"} or not (_rounds_to(one, other) or _rounds_to(other, one))


def _rounds_to(exact: Fact, rounded: Fact) -> bool:
    """Tell whether a large number is another one, rounded: 14,830 and 15,000."""
    value, about = (Decimal(fact.value.split(" ")[0]) for fact in (exact, rounded))
    zeros = len(str(int(about))) - len(str(int(about)).rstrip("0"))
    return about >= _LEAST_ROUNDED and round(value, -zeros) == about
