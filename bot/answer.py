"""Answer a question from a library: the whole line from question to cited sentences."""

import time
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from bot.asked import History, check_history, check_question
from bot.catalogue import Catalogue, read_users_names
from bot.cells import mark_cell
from bot.choose import choose_sentences
from bot.cite import Answer, Citation, cite, join_sentences, quote_sentences
from bot.disagreement import find_disagreement, word_disagreement
from bot.gate import Gate
from bot.judge import Judges
from bot.language import is_english
from bot.leads import add_leads
from bot.model import Model, ModelFailed, open_model
from bot.prompt import write_prompt
from bot.question import Question
from bot.read import Finding, ReadPassage
from bot.reader import OnnxReader, Reader
from bot.refusal import refuse_language, word_refusal
from bot.retrieve import Passage
from bot.scope import EVERYTHING, Scope, Selections
from bot.search import Parts, Search
from bot.spans import span
from bot.trace import Clock, Trace, add_time, reword
from bot.word import Wording, word_answer
from ingest.embed import DEFAULT_MODEL, Embedder, load_embedder, model_folder
from ingest.store import Store

if TYPE_CHECKING:
    from bot.langchain import AnswerRunnable

# Passages that the reader reads for an answer, for one with sides, and at most for a search.
_READ, _READ_WITH_SIDES, _READ_SEARCH = 6, 3, 20
# So many passages are read for each that a search is to find, and _READ at least: of 106 questions
# all have the same first one as if 20 were read, and of the first three 19 in 20 are the same.
_READ_EACH = 2
_NEAREST = 3
# A question is looked up so often at most, each time because the library was changed meanwhile.
_TRIES = 3
# Seconds that a language model has for an answer.
TIME_LIMIT = 60.0
# A mark around nearly all of a sentence would say nothing.
_MARK_SHARE = 0.8


_Found = TypeVar("_Found")


class LibraryChanges(RuntimeError):
    """A library that was embedded anew each time it was looked into."""


class Bot:
    """Answers questions from one library, each sentence the exact words of an article.

    With a language model it words the answers, and each sentence of it is checked against the
    passages that it cites; where the articles do not say, it is not asked. Any number of threads
    may ask at once. Close it, or use it with `with`.
    """

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        *,
        reader: Reader | None = None,
        judges: Judges | None = None,
        threshold: float | None = None,
        model: Model | None = None,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        """Make a bot of parts; without them it has the trained reader and what was fitted to it.

        `threshold` is the confidence below which it refuses. `model` has `time_limit` seconds for
        an answer; after that the articles' own words are given.
        """
        self.model = model
        self.time_limit = time_limit
        self.store = store
        catalogue = Catalogue(store)
        self.parts = Parts(
            store=store,
            embedder=embedder,
            reader=reader or OnnxReader(),
            judges=judges or Judges.load(),
            catalogue=catalogue,
            selections=Selections(store, catalogue),
        )
        self.threshold = self.parts.judges.threshold if threshold is None else threshold

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        threshold: float | None = None,
        use_vector_index: bool = False,
        model: str | Model | None = None,
        model_url: str | None = None,
        time_limit: float = TIME_LIMIT,
    ) -> Self:
        """Open the library in folder `path`. Raises NoLibrary, BadAliasFile, and BadModel.

        `use_vector_index` is for a long-lived server of a large library: see `Store`. `model` is
        PROVIDER:NAME or a folder, `model_url` the address of a server: see `open_model`.
        """
        # A slip in them is told here, not after the first question.
        read_users_names(Path(path))
        if isinstance(model, str):
            model = open_model(model, model_url)
        store = Store(Path(path), use_vector_index=use_vector_index)
        embedder = load_embedder(store.model, model_folder(Path(path), store.model))
        return cls(store, embedder, threshold=threshold, model=model, time_limit=time_limit)

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

    def without_model(self) -> Self:
        """Return this bot as it is without its language model, on the same open library."""
        other = copy(self)
        other.model = None
        return other

    def ask(self, question: str, history: History = (), *, scope: Scope = EVERYTHING) -> Answer:
        """Answer a question, or refuse. Raises BadQuestion for an empty or over-long one.

        `history` are the questions and answer texts of the conversation so far, oldest first;
        raises TypeError for other than pairs. Nothing outside `scope` is cited or shown as near;
        raises BadScope for one without articles.
        """
        return self.explain(question, history, scope=scope).answer

    def stream(
        self, question: str, history: History = (), *, scope: Scope = EVERYTHING
    ) -> Iterator[Answer]:
        """Yield the answer as it grows, sentence by sentence; the last one is whole.

        Where a language model fails midway, the last one is in the articles' own words.
        """
        for trace in self._word(self._quote(question, history, scope), history):
            if trace.answer.model:
                yield trace.answer
        if trace.answer.model:
            return
        answer = trace.answer
        for count in range(1, len(answer.citations)):
            begun, said = answer.citations[:count], answer.sentences[:count]
            yield replace(answer, text=join_sentences(said), citations=begun, sentences=said)
        yield answer

    def search(
        self,
        question: str,
        limit: int = 10,
        history: History = (),
        *,
        scope: Scope = EVERYTHING,
    ) -> list[Passage]:
        """Return the passages for a question, best first; the reader has read the first ones.

        It reads twice as many as `limit`, 6 at least and 20 at most: the fewer, the faster.

        Raises as `ask` does, and ValueError for a `limit` below 1.
        """
        asked = check_question(question)
        check_history(history)
        if limit < 1:
            raise ValueError(f"limit is {limit}; ask for 1 passage or more")
        depth = min(max(_READ, _READ_EACH * limit), _READ_SEARCH)

        def look_up() -> list[Passage]:
            search = Search(self.parts, asked, history, scope)
            candidates = search.retrieve(max(limit, _READ_SEARCH), elsewhere=True)
            read = search.read(search.question.text, candidates[:depth])
            ordered = sorted(read, key=lambda item: -item.score)
            return [item.passage for item in ordered][:limit] + candidates[depth:limit]

        return self._look_up_whole(look_up)

    def explain(self, question: str, history: History = (), *, scope: Scope = EVERYTHING) -> Trace:
        """Answer a question and say how: the trace holds the answer."""
        *_, trace = self._word(self._quote(question, history, scope), history)
        return trace

    def _quote(self, question: str, history: History, scope: Scope) -> Trace:
        """Answer a question in the articles' own words, as they stand when it is asked."""
        asked = check_question(question)
        check_history(history)
        return self._look_up_whole(lambda: self._quote_shown(asked, history, scope))

    def _look_up_whole(self, look_up: Callable[[], _Found]) -> _Found:
        """Return what is looked up in one revision of the library, by the model that embedded it.

        The store may be refreshed at any time, by others who ask: passages that were found can be
        gone then, and vectors be another model's. So what was found before is looked up again.
        """
        for tries_left in reversed(range(_TRIES)):
            self.store.refresh()
            version = self.store.version
            model = self._fit_embedder()
            try:
                found = look_up()
            except ValueError:
                # The two models' vectors may be of different lengths.
                if self.store.version == version:
                    raise
                continue
            if self.store.version == version or (not tries_left and self.store.model == model):
                return found
        raise LibraryChanges(f"{self.store.path} is changed too often to be asked; ask again")

    def fit_embedder(self) -> Embedder:
        """Return the model that embedded the library as it is now. Raises ModelUnavailable."""
        self.store.refresh()
        self._fit_embedder()
        return self.parts.embedder

    def _fit_embedder(self) -> str:
        """Embed questions by the model that the library's vectors are of; return its name.

        Raises ModelUnavailable.
        """
        model = self.store.model
        if self.parts.embedder.model != model:
            embedder = load_embedder(model, model_folder(self.store.path, model))
            self.parts = replace(self.parts, embedder=embedder)
        return model

    def _quote_shown(self, question: str, history: History, scope: Scope) -> Trace:
        clock = Clock()
        if self.store.model == DEFAULT_MODEL and not is_english(question):
            return refuse_language(question, clock)
        with span("follow"):
            search = Search(self.parts, question, history, scope)
        clock.stop("understand")
        with span("retrieve"):
            limit = _READ_WITH_SIDES if search.question.sides else _READ
            passages, copies = search.retrieve_apart(limit)
        clock.stop("retrieve")
        with span("read"):
            read = search.read_until_sure(passages, self.threshold)
            by_side = [search.find_side(side, read) for side in search.question.sides]
            read += search.read_otherwise(read, copies)
            findings, confidence = search.judge(read)
            kept: list[Finding] = []
            note = ""
            if confidence >= self.threshold:
                chosen, note = _choose(search.question, findings, by_side)
                marked = [mark_cell(finding, search.question) for finding in chosen]
                kept = [_unmark_odd(search.question, finding) for finding in marked]
        clock.stop("read")
        citations = tuple(_cite_finding(*item) for item in enumerate(kept, 1))
        answer = Answer(
            question=question,
            asked=search.asked,
            text="",
            refused=not kept,
            confidence=confidence,
            citations=citations,
            nearest=() if kept else _cite_nearest(read, passages),
            timings={},
            sentences=quote_sentences(citations),
            note=note,
        )
        text = join_sentences(answer.sentences) or word_refusal(search, findings, scope)
        return Trace(
            answer=replace(answer, text=text, timings=clock.read()),
            passages=tuple(read),
            findings=tuple(findings),
            kept=tuple(kept),
            missing_words=tuple(search.weights.missing),
            notes=tuple(search.notes),
        )

    def as_runnable(self) -> "AnswerRunnable":
        """Return the bot as a step of a LangChain chain: question in, answer as JSON types out."""
        # Only those who use LangChain wait for its import.
        from bot.langchain import AnswerRunnable

        return AnswerRunnable(self)

    def _word(self, trace: Trace, history: History) -> Iterator[Trace]:
        """Yield a trace as the language model's sentences pass; the last one is whole.

        It is the trace as given, with a note, where the model fails or nothing of it passes.
        """
        if self.model is None or trace.answer.refused:
            yield trace
            return
        started = time.perf_counter()
        ordered = sorted(trace.passages, key=lambda item: -item.score)
        prompt = write_prompt(trace.answer.asked, [item.passage for item in ordered], history)
        trace = replace(trace, left_out=prompt.left_out)
        gate = Gate(prompt.passages, self.parts.catalogue.get()[0])
        wording, note = Wording(), ""
        try:
            with span("word"):
                for wording in word_answer(
                    self.model.stream(prompt.messages, self.time_limit), prompt, gate
                ):
                    if wording.passed:
                        yield reword(trace, wording, self.model.name)
        except ModelFailed as failure:
            note = f"{self.model.name} {failure}; these are the articles' own words."
        else:
            if wording.passed:
                answer = reword(trace, wording, self.model.name)
                yield add_time(answer, started)
                return
            note = (
                f"Nothing that {self.model.name} wrote was supported by the articles; these are "
                "their own words."
            )
        notes = " ".join(filter(None, (trace.answer.note, note)))
        quoted = replace(trace, answer=replace(trace.answer, note=notes), held=wording.held)
        yield add_time(quoted, started)


def _choose(
    question: Question, findings: Sequence[Finding], by_side: Sequence[Sequence[Finding]]
) -> tuple[list[Finding], str]:
    """Return the sentences of an answer, and where articles differ in words."""
    kept = choose_sentences(question, findings, by_side)
    differing = find_disagreement(question, findings)
    kept += [finding for _, finding in differing if finding not in kept]
    return add_leads(kept, question), word_disagreement(differing)


def _unmark_odd(question: Question, finding: Finding) -> Finding:
    """Return a sentence without a mark on words that cannot be the very answer."""
    if finding.span is None:
        return finding
    words = finding.passage.stored.article.text[slice(*finding.span)]
    return finding if question.may_be_answered_by(words) else replace(finding, span=None)


def _cite_finding(number: int, finding: Finding) -> Citation:
    stored = finding.passage.stored
    span = finding.span
    if span and span[1] - span[0] > _MARK_SHARE * (finding.end - finding.start):
        span = None
    return cite(number, stored.article, finding.start, finding.end, stored.chunk.heading, span)


def _cite_nearest(read: Sequence[ReadPassage], passages: Sequence[Passage]) -> tuple[Citation, ...]:
    """Return the nearest passages: those read, best first, then those found."""
    best = [item.passage for item in sorted(read, key=lambda item: -item.score)]
    known = {item.stored.number for item in best}
    nearest = [*best, *(item for item in passages if item.stored.number not in known)]
    return tuple(
        cite(number, stored.article, stored.chunk.start, stored.chunk.end, stored.chunk.heading)
        for number, stored in enumerate((item.stored for item in nearest[:_NEAREST]), 1)
    )
