"""Does the right document come first? `python -m benchmarks.retrieval FOLDER`."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.datasets import BadDataSet, DataSet, Query, read_dataset, sample_queries
from benchmarks.library import map_documents, open_library, report_progress
from benchmarks.metrics import average, rate_ranking
from bot.answer import Bot
from bot.follow import Turn, make_standalone
from bot.retrieve import find_content_words, retrieve

# A document counts by its best passage, so ten documents need more passages than ten.
PASSAGES = 100
METHODS = ("bm25", "dense", "fused", "reread")
_PROGRESS_EVERY = 200

Results = dict[str, Any]
Turns = tuple[tuple[str, str], ...]
_Rankings = dict[str, dict[str, list[str]]]


def measure(bot: Bot, dataset: DataSet, queries: Sequence[Query]) -> Results:
    """Return the measures of each method over queries that have relevant documents.

    For conversations: with the last turn alone, with the history, and with the rewrite that a
    person made of the last turn where there is one (else the last turn); and the same for
    follow-ups alone, and for those of them that have a rewrite.
    """
    names = map_documents(dataset.documents)
    if not dataset.has_turns:
        return _average(_rank_all(bot, names, queries, lambda query: (query.text, ())), queries)
    ways: dict[str, Callable[[Query], tuple[str, Turns]]] = {
        "last_turn": lambda query: (query.text, ()),
        "with_history": lambda query: (query.text, query.history),
        "rewrite": lambda query: (query.rewrite or query.text, ()),
    }
    follow_ups = [query for query in queries if query.history]
    parts = {
        "follow_ups": follow_ups,
        "follow_ups_with_rewrite": [query for query in follow_ups if query.rewrite],
    }
    results: Results = {}
    for way, ask in ways.items():
        report_progress(way)
        rankings = _rank_all(bot, names, queries, ask)
        results[way] = _average(rankings, queries)
        for part, listed in parts.items():
            results.setdefault(part, {})[way] = _average(rankings, listed)
    return results


def _rank_all(
    bot: Bot,
    names: Mapping[str, str],
    queries: Sequence[Query],
    ask: Callable[[Query], tuple[str, Turns]],
) -> _Rankings:
    """Return the ranking of each query, by its id, and method."""
    rankings: _Rankings = {}
    for place, query in enumerate(queries):
        if place % _PROGRESS_EVERY == 0:
            report_progress(f"queries: {place} of {len(queries)}")
        rankings[query.query_id] = {
            method: list(dict.fromkeys(names[article] for article in articles))
            for method, articles in rank_articles(bot, *ask(query)).items()
        }
    return rankings


def rank_articles(bot: Bot, question: str, history: Turns) -> dict[str, list[str]]:
    """Return the articles of the best passages by each method, an article for each passage.

    The plain methods search for the question as it reads without its history.
    """
    turns = [Turn(*pair) for pair in history]
    alone = make_standalone(question, turns).question
    vector = bot.parts.embedder.encode([alone])[0]
    found = {
        "bm25": bot.store.search_words(find_content_words(alone), PASSAGES),
        "dense": bot.store.search_vector(vector, PASSAGES),
    }
    stored = bot.store.get_passages({number for hits in found.values() for number, _ in hits})
    ranked = {
        method: [stored[number].article.article_id for number, _ in hits]
        for method, hits in found.items()
    }
    passages = {
        "fused": retrieve(bot.store, alone, vector, PASSAGES),
        "reread": bot.search(question, PASSAGES, history),
    }
    for method, listed in passages.items():
        ranked[method] = [item.stored.article.article_id for item in listed]
    return ranked


def _average(rankings: _Rankings, queries: Sequence[Query]) -> Results:
    return {
        method: average(
            [rate_ranking(rankings[query.query_id][method], query.relevant) for query in queries]
        )
        for method in METHODS
    }


def main(
    folder: Annotated[Path, typer.Argument(help="corpus.jsonl, queries.jsonl, qrels.jsonl")],
    limit: Annotated[int | None, typer.Option(min=1, help="So many queries, by chance.")] = None,
    seed: Annotated[int, typer.Option(help="Of that chance.")] = 0,
    store: Annotated[Path | None, typer.Option(help="Keep the library there.")] = None,
) -> None:
    """Print nDCG, recall, reciprocal rank and first hits of each method as one JSON."""
    try:
        dataset = read_dataset(folder)
    except BadDataSet as error:
        raise typer.BadParameter(str(error)) from error
    queries = sample_queries(dataset.queries, lambda query: bool(query.relevant), limit, seed)
    with open_library(dataset.documents, store) as bot:
        print(json.dumps(measure(bot, dataset, queries), indent=2))


if __name__ == "__main__":
    typer.run(main)
