"""The small fitted models: their file, their arithmetic."""

import math

import pytest

from bot.judge import Judge, Judges, to_probability


def test_a_judge_is_a_weighted_sum() -> None:
    judge = Judge({"a": 2.0, "b": -1.0}, 0.5)
    assert judge.rate({"a": 1.0, "b": 3.0, "unknown": 99.0}) == pytest.approx(-0.5)
    with pytest.raises(KeyError):
        judge.rate({"a": 1.0})


def test_probabilities() -> None:
    assert to_probability(0) == 0.5
    assert to_probability(1e9) < 1 and to_probability(-1e9) > 0
    assert to_probability(1.5) == pytest.approx(1 / (1 + math.exp(-1.5)))


def test_the_shipped_models_are_whole() -> None:
    judges = Judges.load()
    assert 0 < judges.threshold < 1
    # What speaks for an answer must not count against it.
    assert judges.support.rate(dict.fromkeys(judges.support.weights, 0.0)) == pytest.approx(
        judges.support.constant
    )
    assert judges.passage.weights["relevance"] > 0 and judges.sentence.weights["share"] > 0
