"""How many lies does the gate let through? `python -m benchmarks.lies`, on corpus/, as JSON."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from benchmarks.library import report_progress
from benchmarks.planted import Case, Planter, cut_passages
from bot.aliases import Aliases, learn_aliases
from bot.gate import Gate, Support
from bot.word import take_markers
from ingest.chunk import PASSAGE_WORDS
from ingest.clean import Article
from ingest.limits import Limits
from ingest.load import find_files, read_file
from ingest.read import read_article

CORPUS = Path(__file__).parent.parent / "corpus"


def read_articles(folder: Path = CORPUS) -> list[Article]:
    """Return the articles of a folder as a library would hold them."""
    articles = []
    for path in find_files([folder]):
        if path.name != "README.md":
            reading = read_article(read_file(path), path.stem, PASSAGE_WORDS, None, Limits())
            articles.append(reading.article)
    return articles


def check(case: Case, aliases: Aliases, support: Support | None = None) -> str:
    """Return why a sentence is held back, empty if it passes."""
    text, numbers = take_markers(case.text)
    return Gate(case.passages, aliases, support).check(text, numbers).reason


def count_lies(truths: Sequence[Case], lies: Sequence[Case], aliases: Aliases) -> dict[str, Any]:
    """Return how many lies of each kind pass and how many true sentences are held back."""
    support = Support.load()
    held, passed, planted = Counter[str](), Counter[str](), Counter[str]()
    for case in truths:
        if reason := check(case, aliases, support):
            held[case.way] += 1
            report_progress(f"HELD ({case.way}) {case.text}\n   {reason}")
    for case in lies:
        planted[case.kind] += 1
        if not check(case, aliases, support):
            passed[case.kind] += 1
            report_progress(f"PASSED ({case.kind}, {case.way}) {case.text}\n   {case.source}")
    return {
        "lies": {kind: {"planted": planted[kind], "passed": passed[kind]} for kind in planted},
        "true": {"said": len(truths), "held": sum(held.values()), "held_by_way": dict(held)},
    }


def main(
    count: Annotated[int, typer.Option(help="Lies of each kind.")] = 50,
    seed: int = 0,
) -> None:
    """Print how many planted lies pass and how many true sentences are held back."""
    articles = read_articles()
    aliases = learn_aliases(article.text for article in articles)
    planter = Planter(cut_passages(articles), aliases, seed)
    truths, lies = planter.make_truths(4 * count), planter.make_lies(count)
    print(json.dumps(count_lies(truths, lies, aliases), indent=2))


if __name__ == "__main__":
    typer.run(main)
