"""Bases of past forms, pasts of participles, and no guess at words that are neither."""

import pytest

from bot.verb_forms import find_base, find_past


@pytest.mark.parametrize(
    ("past", "base"),
    [
        ("signed", "sign"), ("ratified", "ratify"), ("stopped", "stop"), ("agreed", "agree"),
        ("founded", "found"), ("held", "hold"), ("wrote", "write"), ("set", "set"),
        ("written", None), ("bed", None), ("united", "unite"), ("Korea", None), ("", None),
    ],
)  # fmt: skip
def test_base(past: str, base: str | None) -> None:
    assert find_base(past) == base


@pytest.mark.parametrize(
    ("participle", "past"),
    [("written", "wrote"), ("signed", "signed"), ("held", "held"), ("wrote", None), ("red", None)],
)
def test_past(participle: str, past: str | None) -> None:
    assert find_past(participle) == past
