"""A restriction in the words of a command."""

import pytest

from bot.scope import BadScope, Scope
from bot.terminal_scope import read_scope_words


def test_restrictions_add_up() -> None:
    scope = read_scope_words("topic arms control since 2023 article a")
    assert scope == Scope(frozenset({"a"}), frozenset({"arms control"}), "2023")
    more = read_scope_words("article b until 2024-06 since 2022", scope)
    assert more == Scope(frozenset({"a", "b"}), frozenset({"arms control"}), "2022", "2024-06")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("arms", "'arms' is no restriction; write article, topic, since, until and a value"),
        ("topic", "topic wants a value"),
        ("since topic x", "since wants a value"),
        ("since then", "'then' is no date"),
        ("since 2024 until 2023", "swap them"),
    ],
)
def test_what_is_no_restriction_is_named(words: str, told: str) -> None:
    with pytest.raises(BadScope, match=told):
        read_scope_words(words)
