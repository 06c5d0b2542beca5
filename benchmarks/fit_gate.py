"""Fit what decides whether passages support a sentence: `python -m benchmarks.fit_gate DATA`.

It learns from sentences made by rule out of `DATA`, a data set of encyclopaedia passages (see
`benchmarks/datasets.py`), and from the half of `paraphrases.jsonl` that may be looked at; of both,
from what nothing else in the gate holds back. Writes bot/weights/gate.json.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import typer

from benchmarks.datasets import read_dataset
from benchmarks.library import make_article
from benchmarks.paraphrases import read_paraphrases
from benchmarks.planted import OTHER_HEARSAY, Planter, cut_passages
from bot.aliases import learn_aliases
from bot.gate import Gate, Support
from bot.judge import WEIGHTS, Features, Judge
from bot.word import take_markers

FEATURES = ("sentence", "new", "order")
# Lies of each kind, and five times as many true sentences, made by rule.
COUNT = 150
# A sentence written by hand counts as much as some made by rule, which are all alike.
BY_HAND, BY_RULE = 3.0, 0.25
# Of the false sentences written by hand, the share that may be shown.
SHOWN = 0.025
# Lets all pass that only the model of support would hold back.
OPEN = Support(Judge({}, 0.0), 0.0)


@dataclass(frozen=True, slots=True)
class Example:
    """What support is judged by for a sentence, if it is true, and how much it counts."""

    features: Features
    is_true: bool
    weight: float


def make_examples(folder: Path, seed: int = 1) -> Iterator[Example]:
    """Yield examples from sentences made by rule."""
    made = (make_article(*item[::-1]) for item in enumerate(read_dataset(folder).documents))
    articles = [article for article in made if article is not None]
    aliases = learn_aliases(article.text for article in articles)
    planter = Planter(cut_passages(articles), aliases, seed, OTHER_HEARSAY)
    for case in (*planter.make_truths(5 * COUNT), *planter.make_lies(COUNT)):
        text, numbers = take_markers(case.text)
        verdict = Gate(case.passages, aliases, OPEN).check(text, numbers)
        if verdict.features and not verdict.reason:
            yield Example(verdict.features, case.kind == "true", BY_RULE)


def read_examples() -> tuple[list[Example], int]:
    """Return examples from sentences written by hand, and how many false ones there are."""
    paraphrases, aliases = read_paraphrases()
    seen = [item for item in paraphrases if item.half == "seen"]
    examples = []
    for item in seen:
        verdict = Gate([item.passage], aliases, OPEN).check(item.said, (1,))
        if verdict.features and not verdict.reason:
            examples.append(Example(verdict.features, item.is_true, BY_HAND))
    return examples, sum(not item.is_true for item in seen)


def fit(folder: Path) -> dict[str, Any]:
    """Return the fitted model and the least probability that passes, as gate.json holds them."""
    from sklearn.linear_model import LogisticRegression

    by_hand, false = read_examples()
    examples = [*make_examples(folder), *by_hand]
    model = LogisticRegression(class_weight="balanced", C=1.0).fit(
        _list_rows(examples),
        [example.is_true for example in examples],
        sample_weight=[example.weight for example in examples],
    )
    rates = model.predict_proba(_list_rows(by_hand))[:, 1]
    pairs = list(zip(rates, by_hand, strict=True))
    lies = sorted((rate for rate, example in pairs if not example.is_true), reverse=True)
    threshold = round(float(lies[int(SHOWN * false)]) + 0.001, 3)
    return {
        "made_by": f"python -m benchmarks.fit_gate ../shared/data/{folder.name}",
        "true": sum(example.is_true for example in examples),
        "false": sum(not example.is_true for example in examples),
        "weights": {
            name: round(float(weight), 4)
            for name, weight in zip(FEATURES, model.coef_[0], strict=True)
        },
        "constant": round(float(model.intercept_[0]), 4),
        "threshold": threshold,
    }


def _list_rows(examples: list[Example]) -> "np.typing.NDArray[np.float64]":
    return np.array([[example.features[name] for name in FEATURES] for example in examples])


def main(data: Path) -> None:
    """Fit on a data set and write bot/weights/gate.json."""
    fitted = fit(data)
    (WEIGHTS / "gate.json").write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(fitted, indent=2))


if __name__ == "__main__":
    typer.run(main)
