"""Say that the articles do not say: what they lack, or that only English is read."""

from collections.abc import Sequence

from bot.cite import REFUSAL, Answer
from bot.language import ENGLISH_ONLY
from bot.read import Finding
from bot.scope import EVERYTHING, Scope
from bot.search import Search
from bot.trace import Clock, Trace


def word_refusal(search: Search, findings: Sequence[Finding], scope: Scope) -> str:
    """Return the refusal, and which names no article of the scope mentions or what it lacks."""
    missing = tuple(dict.fromkeys(search.find_missing_names() + search.find_missing_labels()))
    if missing:
        listed = " or ".join(filter(None, (", ".join(missing[:-1]), missing[-1])))
        which = "No article" if scope == EVERYTHING else "No article of those chosen"
        return f"{REFUSAL} {which} mentions {listed}."
    lack = search.find_lack(findings)
    return f"{REFUSAL} {lack}" if lack else REFUSAL


def refuse_language(question: str, clock: Clock) -> Trace:
    """Refuse a question that is not in English, and say why."""
    answer = Answer(
        question=question,
        asked=question,
        text=f"{REFUSAL} {ENGLISH_ONLY}",
        refused=True,
        confidence=0.0,
        citations=(),
        nearest=(),
        timings=clock.read(),
    )
    return Trace(answer, (), (), (), (), ("the question is not in English",))
