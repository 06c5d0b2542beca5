"""The page's words: the same ones in every language, with the same gaps."""

import re
from string import Formatter

import pytest

from bot.page.strings import WORDS, choose_language

GAPS = re.compile(r"\{(\w+)\}")
LETTERS = {"ru": re.compile("[А-Яа-яЁё]"), "ko": re.compile("[가-힣]")}
# The same in every script.
NEUTRAL = {"Markdown", "{number} / {count}"}


@pytest.mark.parametrize("language", sorted(WORDS))
def test_every_language_has_every_word_and_gap(language: str) -> None:
    words, english = WORDS[language], WORDS["en"]
    assert list(words) == list(english)
    for key, text in words.items():
        assert text.strip(), key
        assert sorted(GAPS.findall(text)) == sorted(GAPS.findall(english[key])), key
        list(Formatter().parse(text))


@pytest.mark.parametrize("language", sorted(LETTERS))
def test_every_word_is_in_the_script_of_its_language(language: str) -> None:
    letters = LETTERS[language]
    for key, text in WORDS[language].items():
        assert letters.search(text) or text in NEUTRAL, key


@pytest.mark.parametrize("language", sorted(WORDS))
def test_what_is_put_together_with_other_words_keeps_its_edges(language: str) -> None:
    words = WORDS[language]
    assert {key for key, text in words.items() if text != text.strip()} == {"source"}
    # It is followed by a full stop and a sentence.
    assert words["article_count"][-1] not in ".:"


def test_each_language_but_english_says_that_questions_are_asked_in_english() -> None:
    assert "по-английски" in WORDS["ru"]["ask_placeholder"]
    assert "영어" in WORDS["ko"]["ask_placeholder"]


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("fr-FR,fr;q=0.9", "en"),
        ("fr;q=0.9, en;q=0.8", "en"),
        ("*;q=x, en", "en"),
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", "ru"),
        ("ko-KR", "ko"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("KO-kr", "ko"),
        ("fr-FR, ru;q=0.5, ko;q=0.6, en;q=0.4", "ko"),
        ("en-US,en;q=0.9,ru;q=0.8", "en"),
    ],
)
def test_the_browsers_language_is_chosen_if_there_is_one(accept: str | None, language: str) -> None:
    assert choose_language(accept) == language
