"""The thesaurus: words that mean the same or the opposite, by their stems."""

import pytest

from bot.claim import read_key
from bot.thesaurus import are_like, is_word, knows, look_up


@pytest.mark.parametrize(
    ("one", "other"),
    [("help", "assistance"), ("replaced", "superseded"),
     ("banned", "prohibits"), ("troops", "soldiers"), ("built", "constructed")],
)  # fmt: skip
def test_words_that_mean_the_same(one: str, other: str) -> None:
    assert are_like(read_key(one), read_key(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("lawmakers", "journalists"),
        ("first", "last"),
        ("bridge", "treaty"),
    ],
)
def test_words_that_do_not(one: str, other: str) -> None:
    assert not are_like(read_key(one), read_key(other))


def test_opposites_and_words_of_two() -> None:
    assert "reject" in look_up("accept").against
    assert knows("turn_down") and are_like("turn_down", "reject")


def test_names_are_no_words() -> None:
    assert is_word(read_key("companies"))
    assert not is_word(read_key("turkey")) and not is_word("kozhemyako")
