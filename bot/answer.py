"""Answer a question from a library: the whole line from question to cited sentences."""

import math
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.cite import REFUSAL, Answer, Citation, cite
from bot.read import Finding, WordWeights, find_sentences
from bot.retrieve import Passage, retrieve
from ingest.clean import clean_text
from ingest.embed import Embedder, load_embedder, model_folder
from ingest.store import Store

MAX_QUESTION_LETTERS = 4_000
MAX_SENTENCES = 3
THRESHOLD = 0.4
_PASSAGES_READ = 8
_NEAREST = 3
# A further sentence must score at least this share of the best one.
_SHARE_OF_BEST = 0.8
_LEANS_ON_BEFORE = re.compile(
    r"\A(?:This|That|These|Those|It|Its|He|His|She|Her|They|Their|Both|Such)\b"
)


class BadQuestion(ValueError):
    """A question that cannot be asked; the message says why."""


@dataclass(frozen=True, slots=True)
class Trace:
    """How an answer came about: passages and sentences with their scores, and what was kept."""

    answer: Answer
    passages: tuple[Passage, ...]
    findings: tuple[Finding, ...]
    kept: tuple[Finding, ...]
    missing_words: tuple[str, ...]


class Bot:
    """Answers questions from one library, each sentence the exact words of an article.

    Any number of threads may ask at once. Close it, or use it with `with`.
    """

    def __init__(self, store: Store, embedder: Embedder, *, threshold: float = THRESHOLD) -> None:
        """Make a bot of parts; `threshold` is the confidence below which it refuses."""
        self.store = store
        self.embedder = embedder
        self.threshold = threshold

    @classmethod
    def open(
        cls, path: str | Path, *, threshold: float = THRESHOLD, use_vector_index: bool = False
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

    def ask(self, question: str) -> Answer:
        """Answer a question, or refuse. Raises BadQuestion for an empty or over-long one."""
        return self.explain(question).answer

    def stream(self, question: str) -> Iterator[Answer]:
        """Yield the answer as it grows, sentence by sentence; the last one is whole."""
        answer = self.ask(question)
        for count in range(1, len(answer.citations)):
            begun = answer.citations[:count]
            yield replace(answer, text=_join_quotes(begun), citations=begun)
        yield answer

    def search(self, question: str, limit: int = 10) -> list[Passage]:
        """Return the passages nearest to a question, best first."""
        question = check_question(question)
        vector = self.embedder.encode([question])[0]
        return retrieve(self.store, question, vector, limit)

    def explain(self, question: str) -> Trace:
        """Answer a question and say how: the trace holds the answer."""
        question = check_question(question)
        self.store.refresh()
        clock = _Clock()
        vector = self.embedder.encode([question])[0]
        clock.stop("embed")
        passages = retrieve(self.store, question, vector, _PASSAGES_READ)
        clock.stop("retrieve")
        findings = find_sentences(self.store, self.embedder, question, vector, passages)
        weights = WordWeights(self.store, question)
        confidence = rate_support(findings, weights)
        kept = choose_sentences(findings) if confidence >= self.threshold else []
        clock.stop("read")
        answer = _compose(question, kept, passages, confidence, clock)
        return Trace(answer, tuple(passages), tuple(findings), tuple(kept), tuple(weights.missing))


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


def rate_support(findings: list[Finding], weights: WordWeights) -> float:
    """Return the probability, 0 to 1, that the best sentence answers the question."""
    if not findings:
        return 0.0
    best = findings[0]
    covered = max(finding.context for finding in findings[:3])
    similarity = max(finding.similarity for finding in findings[:3])
    missing = len(weights.missing) / max(1, len(weights.weights))
    # Set by hand, near a logistic regression on SQuADShifts questions; a trained reader is to
    # take its place. Words that no article holds speak against an answer.
    logit = -5.0 + 5.1 * similarity + 4.45 * covered + 0.5 * best.kind - 2.0 * missing
    return round(1 / (1 + math.exp(-logit)), 4)


def choose_sentences(findings: list[Finding]) -> list[Finding]:
    """Return one to three sentences for the answer, in reading order within an article.

    A sentence that leans on the one before ("This ...") brings it along.
    """
    best = findings[0].score if findings else 0.0
    chosen: list[Finding] = []
    for finding in findings:
        if len(chosen) >= MAX_SENTENCES or finding.score < _SHARE_OF_BEST * best:
            break
        if any(_says_the_same(finding, other) for other in chosen):
            continue
        before = _find_before(finding, findings)
        if before is not None and before not in chosen and len(chosen) + 2 <= MAX_SENTENCES:
            chosen.append(before)
        chosen.append(finding)
    return _order(chosen)


def _find_before(finding: Finding, findings: list[Finding]) -> Finding | None:
    """Return the sentence that a sentence leans on, None if it stands alone."""
    if not _LEANS_ON_BEFORE.match(finding.text):
        return None
    earlier = [
        other
        for other in findings
        if other.passage is finding.passage and other.end <= finding.start
    ]
    return max(earlier, key=lambda other: other.end, default=None)


def _says_the_same(one: Finding, other: Finding) -> bool:
    return one.text == other.text


def _order(chosen: list[Finding]) -> list[Finding]:
    """Return sentences by article, the best one's first, and within an article as it has them."""
    articles = list(dict.fromkeys(item.passage.stored.article.article_id for item in chosen))
    return sorted(
        chosen,
        key=lambda item: (articles.index(item.passage.stored.article.article_id), item.start),
    )


def _compose(
    question: str,
    kept: list[Finding],
    passages: list[Passage],
    confidence: float,
    clock: "_Clock",
) -> Answer:
    citations = tuple(
        cite(number, item.passage.stored.article, item.start, item.end,
             item.passage.stored.chunk.heading)
        for number, item in enumerate(kept, 1)
    )  # fmt: skip
    nearest = [] if kept else passages[:_NEAREST]
    return Answer(
        question=question,
        text=_join_quotes(citations) or REFUSAL,
        refused=not kept,
        confidence=confidence,
        citations=citations,
        nearest=tuple(_cite_passage(*item) for item in enumerate(nearest, 1)),
        timings=clock.read(),
    )


def _join_quotes(citations: tuple[Citation, ...]) -> str:
    """Return the text of an answer: each quote with its marker."""
    return " ".join(f"{citation.quote} [{citation.number}]" for citation in citations)


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
