"""What may be asked, checked before anything is looked up."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.asked import MAX_QUESTION_LETTERS, BadQuestion, check_history, check_question


@given(st.text(max_size=100))
def test_a_question_comes_back_safe_or_is_empty(question: str) -> None:
    try:
        checked = check_question(question)
    except BadQuestion as error:
        assert "empty" in str(error)
        return
    assert any(char.isalnum() for char in checked)
    assert not {"Cc", "Cs"} & {unicodedata.category(char) for char in checked if char not in "\n\t"}
    assert check_question(checked) == checked


def test_a_question_is_as_long_as_allowed_and_no_longer() -> None:
    assert check_question("a" * MAX_QUESTION_LETTERS)
    with pytest.raises(BadQuestion, match="has 4,001 characters; ask it in 4,000"):
        check_question("a" * (MAX_QUESTION_LETTERS + 1))


@pytest.mark.parametrize("history", [[], [("Who?", "Kim.")], (["Who?", "Kim."],)])
def test_history_is_pairs_of_texts(history: list[tuple[str, str]]) -> None:
    check_history(history)


@pytest.mark.parametrize("turn", [{"question": "Who?", "answer": "Kim."}, ("Who?",), "ab", (1, 2)])
def test_other_turns_are_named(turn: object) -> None:
    with pytest.raises(TypeError, match=r"history holds .*; give pairs"):
        check_history([turn])  # type: ignore[list-item]
