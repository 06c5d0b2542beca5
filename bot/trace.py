"""How an answer came about, and how long each part of it took."""

import time
from dataclasses import dataclass, replace

from bot.cite import Answer, join_sentences
from bot.read import Finding, ReadPassage
from bot.retrieve import Passage
from bot.word import Held, Wording


@dataclass(frozen=True, slots=True)
class Trace:
    """How an answer came about: passages and sentences with their scores, and what was kept.

    `notes` say in words what was done to the question: a follow-up completed, turns left out, the
    articles that it names. `held` are sentences of a language model that are not shown, and
    `left_out` the passages that there was no room to show it.
    """

    answer: Answer
    passages: tuple[ReadPassage, ...]
    findings: tuple[Finding, ...]
    kept: tuple[Finding, ...]
    missing_words: tuple[str, ...]
    notes: tuple[str, ...]
    held: tuple[Held, ...] = ()
    left_out: tuple[Passage, ...] = ()


class Clock:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self._stages: dict[str, float] = {}

    def stop(self, stage: str) -> None:
        """Count the time since the last stop, or the beginning, for a stage."""
        now = time.perf_counter()
        self._stages[stage] = round((now - self._last) * 1000, 2)
        self._last = now

    def read(self) -> dict[str, float]:
        """Return the milliseconds of each stage, and "total"."""
        total = round((time.perf_counter() - self._started) * 1000, 2)
        return {**self._stages, "total": total}


def reword(trace: Trace, wording: Wording, model: str) -> Trace:
    """Return a trace with the answer that a model has worded so far."""
    answer = replace(
        trace.answer,
        text=join_sentences(wording.sentences),
        sentences=wording.sentences,
        citations=wording.citations,
        model=model,
    )
    return replace(trace, answer=answer, held=wording.held)


def add_time(trace: Trace, started: float) -> Trace:
    """Return a trace with the milliseconds that the model took added to its timings."""
    taken = round((time.perf_counter() - started) * 1000, 2)
    timings = dict(trace.answer.timings)
    total = round(timings.pop("total", 0.0) + taken, 2)
    return replace(
        trace, answer=replace(trace.answer, timings={**timings, "model": taken, "total": total})
    )
