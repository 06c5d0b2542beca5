"""Spellings: British and American words are one."""

import pytest

from bot.spelling import fold_word, spell_other_way


@pytest.mark.parametrize(
    ("british", "american"),
    [("defence", "defense"), ("labourers", "laborers"), ("programmes", "programs"),
     ("organisation", "organization"), ("recognised", "recognized"), ("centre", "center")],
)  # fmt: skip
def test_british_and_american_spellings_are_one(british: str, american: str) -> None:
    assert spell_other_way(british) == american and spell_other_way(american) == british
    assert fold_word(british) == fold_word(american) == american


@pytest.mark.parametrize("word", ["promise", "exercise", "surprising", "raised", "size", "prize"])
def test_words_with_one_spelling_keep_it(word: str) -> None:
    assert spell_other_way(word) is None
