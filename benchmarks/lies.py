"""How many lies does the gate let through? `python -m benchmarks.lies`, on corpus/, as JSON.

`--fit DATA` fits what decides on support on another text (a data set of encyclopaedia passages,
see `benchmarks/datasets.py`) and writes bot/weights/gate.json.
"""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks.datasets import read_dataset
from benchmarks.library import make_article, report_progress
from benchmarks.planted import OTHER_HEARSAY, Case, Planter, cut_passages
from bot.aliases import Aliases, learn_aliases
from bot.gate import Gate, Support
from bot.judge import WEIGHTS, Judge
from bot.word import take_markers
from ingest.chunk import PASSAGE_WORDS
from ingest.clean import Article
from ingest.limits import Limits
from ingest.load import find_files, read_file
from ingest.read import read_article

CORPUS = Path(__file__).parent.parent / "corpus"
FEATURES = ("sentence", "passage", "new", "order")
# Of the true sentences that nothing else holds back, the share that may be.
WRONGLY_HELD = 0.01
SLACK = 0.25
# Lets all pass that only the model of support would hold back.
OPEN = Support(Judge({}, 0.0), 0.0)


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


def fit(folder: Path, seed: int = 1, count: int = 150) -> dict[str, Any]:
    """Fit the model of support on lies planted in a data set's passages, that nothing else finds.

    Writes bot/weights/gate.json and returns what it holds.
    """
    from sklearn.linear_model import LogisticRegression

    documents = read_dataset(folder).documents
    made = (make_article(document, place) for place, document in enumerate(documents))
    articles = [article for article in made if article is not None]
    aliases = learn_aliases(article.text for article in articles)
    planter = Planter(cut_passages(articles), aliases, seed, OTHER_HEARSAY)
    rows, labels = [], []
    for case in (*planter.make_truths(5 * count), *planter.make_lies(count)):
        text, numbers = take_markers(case.text)
        verdict = Gate(case.passages, aliases, OPEN).check(text, numbers)
        if verdict.features is None or verdict.reason:
            if case.kind == "true":
                report_progress(f"HELD ({case.way}) {case.text}\n   {verdict.reason}")
            continue
        rows.append([verdict.features[name] for name in FEATURES])
        labels.append(case.kind == "true")
        if case.kind != "true":
            report_progress(f"LEFT ({case.kind}, {case.way}) {case.text}\n   {case.source}")
    model = LogisticRegression(class_weight="balanced", C=1.0).fit(np.array(rows), labels)
    rates = model.predict_proba(np.array(rows))[:, 1]
    truths = sorted(rate for rate, label in zip(rates, labels, strict=True) if label)
    false = sorted((r for r, label in zip(rates, labels, strict=True) if not label), reverse=True)
    strict = truths[int(WRONGLY_HELD * len(truths))]
    left = sum(rate >= strict for rate in false)
    # What is true by rule is nearer to the passages than what models write: of the thresholds that
    # let these lies pass and no more, one nearer to the lies than to the truths.
    threshold = round(float(SLACK * strict + (1 - SLACK) * false[left]), 3)
    return {
        "made_by": f"python -m benchmarks.lies --fit ../shared/data/{folder.name}",
        "true": len(truths),
        "lies": len(labels) - len(truths),
        "lies_passed": int(left),
        "between": [round(float(false[left]), 3), round(float(strict), 3)],
        "weights": {
            name: round(float(w), 4) for name, w in zip(FEATURES, model.coef_[0], strict=True)
        },
        "constant": round(float(model.intercept_[0]), 4),
        "threshold": threshold,
    }


def main(
    fit_on: Annotated[Path | None, typer.Option("--fit", help="Fit on this data set.")] = None,
    count: Annotated[int, typer.Option(help="Lies of each kind.")] = 50,
    seed: int = 0,
) -> None:
    """Print how many planted lies pass and how many true sentences are held back."""
    if fit_on:
        fitted = fit(fit_on)
        (WEIGHTS / "gate.json").write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")
        print(json.dumps(fitted, indent=2))
        return
    articles = read_articles()
    aliases = learn_aliases(article.text for article in articles)
    planter = Planter(cut_passages(articles), aliases, seed)
    truths, lies = planter.make_truths(4 * count), planter.make_lies(count)
    print(json.dumps(count_lies(truths, lies, aliases), indent=2))


if __name__ == "__main__":
    typer.run(main)
