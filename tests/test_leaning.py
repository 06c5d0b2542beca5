"""Which sentences lean on the one before them."""

import pytest

from bot.leaning import leans_on_before


@pytest.mark.parametrize(
    "sentence",
    [
        "This was denied.",
        "However, they left.",
        "Its harbour is deep.",
        "The latter was signed.",
        "In that case the other one sends help.",
        "After this the bridge was closed.",
    ],
)
def test_what_leans(sentence: str) -> None:
    assert leans_on_before(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "It is said that he left.",
        "Thisbe left.",
        "In 1931 the bridge was opened.",
        "After the war it was closed.",
        "Hisham was there.",
        "",
    ],
)
def test_what_stands_alone(sentence: str) -> None:
    assert not leans_on_before(sentence)
