"""A code with a number is that one and no other: "KN-23" is no "KN-25"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.codes import compare_codes, find_codes, has_code
from tests.libraries import MakeBot

pytest_plugins = ["tests.library_fixtures"]


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("What does ES-11/3 say of the KN-23?", ("ES-11/3", "KN-23")),
        ("Who flies F-16s, and the XR200's price?", ("F-16", "XR200")),
        ("What is the Hwasong-11A, in S/RES/1718?", ("Hwasong-11A", "S/RES/1718")),
        ("What happened in Oct-2024, mid-1931, FY2024 and Q3?", ()),
        ("Which Top-10 sites met the G7 on A4 under ISO 9001?", ()),
    ],
)
def test_codes_of_a_question(question: str, codes: tuple[str, ...]) -> None:
    assert find_codes(question) == codes


@pytest.mark.parametrize(
    ("text", "has"),
    [
        ("The KN-23 flew.", True),
        ("The kn 23 flew.", True),
        ("The KN23A flew.", True),
        ("The KN–23 flew.", True),
        ("The KN-230 flew.", False),
        ("The XKN-23 flew.", False),
        ("The KN-24 flew 23 km.", False),
    ],
)
def test_a_code_however_it_is_joined(text: str, has: bool) -> None:
    assert has_code(text, "KN-23") is has


def test_a_sentence_on_another_code_is_behind_one_on_none() -> None:
    subject = compare_codes("The KN-23 is a missile that flies low.", ["KN-23"])
    named = compare_codes("In May the North flew its KN-23 for the first time.", ["KN-23"])
    plain = compare_codes("It flew for the first time.", ["KN-23"])
    other = compare_codes("The KN-24 flew for the first time.", ["KN-23"])
    assert subject > named > plain > other
    assert compare_codes("The XR-24 flew.", ["KN-23"]) == plain


@given(st.text(max_size=200))
def test_every_code_found_is_in_its_question(text: str) -> None:
    for code in find_codes(text):
        assert has_code(text, code)


PUMPS = {
    "pumps.md": "# The pumps\n\nThe XR-200 lifts 40 litres of water a minute. "
    "The XR-300 lifts 65 litres of water a minute.\n\n"
    "The warranty of the XR-300 lasts three years.",
    "hoses.md": "# Hoses\n\nA hose of 10 metres fits every pump of the yard.",
}


def test_an_answer_is_on_the_code_that_is_asked_for(make_bot: MakeBot) -> None:
    bot = make_bot(PUMPS)
    for code, number in (("XR-200", "40"), ("XR-300", "65"), ("xr-300", "65")):
        answer = bot.ask(f"How many litres does the {code} lift a minute?")
        assert f"lifts {number} litres" in answer.sentences[0].text


def test_a_code_that_no_article_has_is_told(make_bot: MakeBot) -> None:
    answer = make_bot(PUMPS, threshold=0.35).ask("How many litres does the XR-400 lift a minute?")
    assert answer.refused
    assert "No article mentions XR-400." in answer.text
