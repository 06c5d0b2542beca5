"""Is the right sentence first, and is doubt in place? `python -m benchmarks.reading FOLDER`."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any

import typer

from benchmarks.datasets import BadDataSet, DataSet, Document, Query, read_dataset, sample_queries
from benchmarks.library import (
    locate_span,
    locate_text,
    name_article,
    open_library,
    report_progress,
)
from benchmarks.metrics import find_best_f1, rate_separation, rate_span
from bot.answer import Bot
from bot.cite import Answer, Citation
from ingest.store import Store

_PROGRESS_EVERY = 100

Results = dict[str, Any]
Places = dict[str, list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one query went; None where it cannot be judged by that measure."""

    query: Query
    confidence: float
    right_sentence: bool | None
    span_f1: float | None


def measure(bot: Bot, dataset: DataSet, queries: Sequence[Query]) -> Results:
    """Return the measures over queries; for conversations without and with their history."""
    judge = Judge(bot.store, dataset.documents)
    last_turn = _ask_all(bot, judge, queries, lambda query: bot.ask(query.text))
    if not dataset.has_turns:
        return summarise(last_turn)
    with_history = _ask_all(bot, judge, queries, lambda query: bot.ask(query.text, query.history))
    ways = {"last_turn": last_turn, "with_history": with_history}
    follow_ups = {
        way: summarise([item for item in outcomes if item.query.history])
        for way, outcomes in ways.items()
    }
    return {**{way: summarise(items) for way, items in ways.items()}, "follow_ups": follow_ups}


def summarise(outcomes: Sequence[Outcome]) -> Results:
    """Return the four measures; one that no query can be judged by is None."""
    positive = [item.confidence for item in outcomes if item.query.answerable is True]
    negative = [item.confidence for item in outcomes if item.query.answerable is False]
    return {
        "sentence_accuracy": _mean(
            [float(item.right_sentence) for item in outcomes if item.right_sentence is not None]
        ),
        "span_f1": _mean([item.span_f1 for item in outcomes if item.span_f1 is not None]),
        "auc": _round(rate_separation(positive, negative)),
        "best_f1": _round(find_best_f1(positive, negative)),
    }


class Judge:
    """Knows where the gold spans of queries stand in the stored articles."""

    def __init__(self, store: Store, documents: Sequence[Document]) -> None:
        self._store = store
        self._documents: Mapping[str, tuple[int, Document]] = {
            document.document_id: (place, document) for place, document in enumerate(documents)
        }

    def judge(self, query: Query, answer: Answer) -> Outcome:
        """Compare an answer with the gold one; an unanswerable query has none."""
        first = answer.citations[0] if answer.citations else None
        right, span_f1 = None, None
        if query.answerable is not False:
            places = self.locate_gold(query)
            right = _holds_gold(first, places) if places else None
            span_f1 = rate_span(read_span(first), query.answers) if query.answers else None
        return Outcome(query, answer.confidence, right, span_f1)

    def locate_gold(self, query: Query) -> Places:
        """Return the places of the gold spans, by the id of the article.

        Where a query has no spans, they are the places of its supporting sentences, or else of its
        answers, in the right documents. Empty if there are none.
        """
        right = [query.context_id] if query.context_id is not None else list(query.relevant)
        places: Places = {}
        for document_id in right:
            place, document = self._documents.get(document_id, (-1, None))
            article = self._store.get_article(name_article(place))
            if document is None or article is None:
                continue
            spans = [locate_span(article, document, *span) for span in query.spans]
            for text in () if query.spans else query.support or query.answers:
                spans.extend(locate_text(article, text))
            if found := [span for span in spans if span[0] < span[1]]:
                places[article.article_id] = found
        return places


def read_span(citation: Citation | None) -> str:
    """Return the words that a citation marks as the answer: its whole quote if it marks none."""
    if citation is None or citation.span is None:
        return citation.quote if citation else ""
    start, end = (offset - citation.start for offset in citation.span)
    return citation.quote[start:end]


def _holds_gold(citation: Citation | None, places: Places) -> bool:
    return citation is not None and any(
        start < citation.end and citation.start < end
        for start, end in places.get(citation.article_id, [])
    )


def _ask_all(
    bot: Bot, judge: Judge, queries: Sequence[Query], ask: Callable[[Query], Answer]
) -> list[Outcome]:
    outcomes = []
    for place, query in enumerate(queries):
        if place % _PROGRESS_EVERY == 0:
            report_progress(f"queries: {place} of {len(queries)}")
        outcomes.append(judge.judge(query, ask(query)))
    return outcomes


def _mean(values: Sequence[float]) -> float | None:
    return round(fmean(values), 4) if values else None


def _round(value: float | None) -> float | None:
    return round(value, 4) if value is not None else None


def main(
    folder: Annotated[Path, typer.Argument(help="corpus.jsonl, queries.jsonl, qrels.jsonl")],
    limit: Annotated[int | None, typer.Option(min=1, help="So many queries, by chance.")] = None,
    seed: Annotated[int, typer.Option(help="Of that chance.")] = 0,
    store: Annotated[Path | None, typer.Option(help="Keep the library there.")] = None,
) -> None:
    """Print sentence accuracy, span F1, and how well confidence tells answerable from not."""
    try:
        dataset = read_dataset(folder)
    except BadDataSet as error:
        raise typer.BadParameter(str(error)) from error
    queries = sample_queries(dataset.queries, lambda query: bool(query.text.strip()), limit, seed)
    with open_library(dataset.documents, store) as bot:
        print(json.dumps(measure(bot, dataset, queries), indent=2))


if __name__ == "__main__":
    typer.run(main)
