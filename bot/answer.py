"""Answer a question from a library: the whole line from question to cited sentences."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.catalogue import Catalogue
from bot.choose import choose_sentences
from bot.cite import REFUSAL, Answer, Citation, cite
from bot.judge import Judges
from bot.language import ENGLISH_ONLY, is_english
from bot.read import Finding, ReadPassage
from bot.reader import OnnxReader, Reader
from bot.retrieve import Passage
from bot.search import History, Parts, Search
from ingest.clean import clean_text
from ingest.embed import DEFAULT_MODEL, Embedder, load_embedder, model_folder
from ingest.store import Store

MAX_QUESTION_LETTERS = 4_000
# Passages that the reader reads for an answer, for one with sides, and for a search.
_READ, _READ_WITH_SIDES, _READ_SEARCH = 6, 3, 20
_NEAREST = 3
# A mark around nearly all of a sentence would say nothing.
_MARK_SHARE = 0.8


class BadQuestion(ValueError):
    """A question that cannot be asked; the message says why."""


@dataclass(frozen=True, slots=True)
class Trace:
    """How an answer came about: passages and sentences with their scores, and what was kept.

    `notes` say in words what was done to the question: a follow-up completed, turns left out, the
    articles that it names.
    """

    answer: Answer
    passages: tuple[ReadPassage, ...]
    findings: tuple[Finding, ...]
    kept: tuple[Finding, ...]
    missing_words: tuple[str, ...]
    notes: tuple[str, ...]


class Bot:
    """Answers questions from one library, each sentence the exact words of an article.

    Any number of threads may ask at once. Close it, or use it with `with`.
    """

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        *,
        reader: Reader | None = None,
        judges: Judges | None = None,
        threshold: float | None = None,
    ) -> None:
        """Make a bot of parts; without them it has the trained reader and what was fitted to it.

        `threshold` is the confidence below which it refuses.
        """
        self.store = store
        self.parts = Parts(
            store=store,
            embedder=embedder,
            reader=reader or OnnxReader(),
            judges=judges or Judges.load(),
            catalogue=Catalogue(store),
        )
        self.threshold = self.parts.judges.threshold if threshold is None else threshold

    @classmethod
    def open(
        cls, path: str | Path, *, threshold: float | None = None, use_vector_index: bool = False
    ) -> Self:
        """Open the library in folder `path`. Raises NoLibrary.

        `use_vector_index` is for a long-lived server of a large library: see `Store`.
        """
        store = Store(Path(path), use_vector_index=use_vector_index)
        embedder = load_embedder(store.model, model_folder(Path(path), store.model))
        return cls(store, embedder, threshold=threshold)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the library's files."""
        self.store.close()

    def ask(self, question: str, history: History = ()) -> Answer:
        """Answer a question, or refuse. Raises BadQuestion for an empty or over-long one.

        `history` are the questions and answer texts of the conversation so far, oldest first.
        """
        return self.explain(question, history).answer

    def stream(self, question: str, history: History = ()) -> Iterator[Answer]:
        """Yield the answer as it grows, sentence by sentence; the last one is whole."""
        answer = self.ask(question, history)
        for count in range(1, len(answer.citations)):
            begun = answer.citations[:count]
            yield replace(answer, text=_join_quotes(begun), citations=begun)
        yield answer

    def search(self, question: str, limit: int = 10, history: History = ()) -> list[Passage]:
        """Return the passages for a question, best first; the reader has read the first ones."""
        search = Search(self.parts, check_question(question), history)
        candidates = search.retrieve(max(limit, _READ_SEARCH))
        read = search.read(search.question.text, candidates[:_READ_SEARCH])
        ordered = sorted(read, key=lambda item: -item.score)
        return [item.passage for item in ordered][:limit] + candidates[_READ_SEARCH:limit]

    def explain(self, question: str, history: History = ()) -> Trace:
        """Answer a question and say how: the trace holds the answer."""
        question = check_question(question)
        self.store.refresh()
        clock = _Clock()
        if self.store.model == DEFAULT_MODEL and not is_english(question):
            return _refuse_language(question, clock)
        search = Search(self.parts, question, history)
        clock.stop("understand")
        passages = search.retrieve(_READ_WITH_SIDES if search.question.sides else _READ)
        clock.stop("retrieve")
        read = search.read_until_sure(passages)
        by_side = [search.find_side(side, read) for side in search.question.sides]
        findings, confidence = search.judge(read)
        kept = []
        if confidence >= self.threshold:
            kept = choose_sentences(search.question, findings, by_side)
        clock.stop("read")
        answer = Answer(
            question=question,
            asked=search.question.text,
            text="",
            refused=not kept,
            confidence=confidence,
            citations=tuple(_cite_finding(*item) for item in enumerate(kept, 1)),
            nearest=tuple(
                _cite_passage(number, item.passage)
                for number, item in enumerate(sorted(read, key=lambda item: -item.score), 1)
                if not kept and number <= _NEAREST
            ),
            timings={},
        )
        text = _join_quotes(answer.citations) or _word_refusal(search.find_missing_names())
        return Trace(
            answer=replace(answer, text=text, timings=clock.read()),
            passages=tuple(read),
            findings=tuple(findings),
            kept=tuple(kept),
            missing_words=tuple(search.weights.missing),
            notes=tuple(search.notes),
        )


def check_question(question: str) -> str:
    """Return a question made safe. Raises BadQuestion for an empty or over-long one."""
    text = clean_text(question)
    if not any(char.isalnum() for char in text):
        raise BadQuestion("the question is empty; ask in words")
    if len(question) > MAX_QUESTION_LETTERS:
        raise BadQuestion(
            f"the question has {len(question):,} characters; ask it in {MAX_QUESTION_LETTERS:,}"
        )
    return text


def _word_refusal(missing: Sequence[str]) -> str:
    """Return the refusal, and which names no article mentions."""
    if not missing:
        return REFUSAL
    listed = " or ".join(filter(None, (", ".join(missing[:-1]), missing[-1])))
    return f"{REFUSAL} No article mentions {listed}."


def _refuse_language(question: str, clock: "_Clock") -> Trace:
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


def _join_quotes(citations: tuple[Citation, ...]) -> str:
    """Return the text of an answer: each quote with its marker."""
    return " ".join(f"{citation.quote} [{citation.number}]" for citation in citations)


def _cite_finding(number: int, finding: Finding) -> Citation:
    stored = finding.passage.stored
    span = finding.span
    if span and span[1] - span[0] > _MARK_SHARE * (finding.end - finding.start):
        span = None
    return cite(number, stored.article, finding.start, finding.end, stored.chunk.heading, span)


def _cite_passage(number: int, passage: Passage) -> Citation:
    chunk = passage.stored.chunk
    return cite(number, passage.stored.article, chunk.start, chunk.end, chunk.heading)


class _Clock:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self._started = self._last = time.perf_counter()
        self._stages: dict[str, float] = {}

    def stop(self, stage: str) -> None:
        now = time.perf_counter()
        self._stages[stage] = round((now - self._last) * 1000, 2)
        self._last = now

    def read(self) -> dict[str, float]:
        total = round((time.perf_counter() - self._started) * 1000, 2)
        return {**self._stages, "total": total}
