"""Capitals that stand for governments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Bot
from bot.capitals import name_countries

pytest_plugins = ["tests.library_fixtures"]

# Stems, as the library counts them.
CITIES = {"riga", "oslo", "pari", "washington"}


def count(stem: str) -> int:
    """Return the passages of a library that has much on countries and little on their capitals."""
    return 3 if stem in CITIES else 10


@pytest.mark.parametrize(
    ("question", "read"),
    [
        ("Did Paris lend Oslo money?", "Did France lend Norway money?"),
        ("Which UN vote did Paris lose?", "Which UN vote did France lose?"),
        ("How did Washington reply to Chinese wishes?",
         "How did the United States reply to Chinese wishes?"),
        ("Who is the Kremlin's envoy?", "Who is Russia's envoy?"),
        ("When was Paris freed?", "When was Paris (France) freed?"),
    ],
)  # fmt: skip
def test_a_government_is_its_country(question: str, read: str) -> None:
    assert name_countries(question, count) == read


@pytest.mark.parametrize(
    "question",
    [
        "Which UN talks were held in Paris?",
        "What came of the Paris summit with Norway?",
        "Did George Washington like France?",
        "Does Paris lie in France?",
        "How do Riga and Oslo differ?",
        "Who founded the Paris–Oslo line?",
        "Which Norwegian teaches at Oslo University?",
    ],
)
def test_a_place_or_a_name_stays(question: str) -> None:
    assert name_countries(question, count) == question


def test_a_library_on_the_city_is_asked_about_the_city() -> None:
    question = "Which UN vote did Paris lose?"
    assert name_countries(question, lambda stem: 9 if stem == "pari" else 10) == question
    assert name_countries(question, lambda stem: 0) == question


@given(st.text(max_size=40), st.sampled_from(["Paris", "the Kremlin", "Addis Ababa"]))
def test_any_text_can_be_read(text: str, capital: str) -> None:
    read = name_countries(f"{text} {capital} {text}", count)
    assert name_countries(read, count) == read or capital in read


def test_the_question_is_shown_as_it_was_asked(bot: Bot) -> None:
    trace = bot.explain("How many shells did Seoul lend to Washington in 2023?")
    assert trace.answer.asked == trace.answer.question
    assert any(note.startswith("read as: How many shells did Seoul (South") for note in trace.notes)
    assert trace.answer.citations[0].article_id == "south-koreas-response"
