"""Small linear models over named features, fitted on data: each turns features into a logit.

`weights/judges.json` holds them; `python -m training.fit` writes it. There are three: "passage"
orders passages, "sentence" orders sentences, and "support" says, calibrated, how probable it is
that the best sentence answers the question.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

WEIGHTS = Path(__file__).parent / "weights"

Features = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Judge:
    """A linear model: a weight for each feature it knows, and a constant."""

    weights: Mapping[str, float]
    constant: float

    def rate(self, features: Features) -> float:
        """Return the logit for features; a feature that the model does not know counts nothing."""
        known = (weight * features[name] for name, weight in self.weights.items())
        return self.constant + sum(known)


@dataclass(frozen=True, slots=True)
class Judges:
    """The three models, and the confidence below which a bot refuses unless told otherwise."""

    passage: Judge
    sentence: Judge
    support: Judge
    threshold: float

    @classmethod
    def load(cls, folder: Path = WEIGHTS) -> Self:
        """Read the fitted models from `judges.json` in `folder`."""
        data = json.loads((folder / "judges.json").read_text(encoding="utf-8"))
        models = {
            name: Judge(data[name]["weights"], data[name]["constant"])
            for name in ("passage", "sentence", "support")
        }
        return cls(**models, threshold=data["threshold"])


def to_probability(logit: float) -> float:
    """Return the probability, 0 to 1, of a logit."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))
