"""Names in questions, and names that stand nowhere in a library."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.aliases import learn_aliases
from bot.names import find_missing_names, find_names
from ingest.words import stem_words
from tests.libraries import MakeBot

pytest_plugins = ["tests.library_fixtures"]

TEXTS = (
    "The National Tide Service (NTS) measures tides. Erdoğan and Müller came from Rajin (Najin).",
    "Choe Son-hui met Kim Jong Un. The DPRK and the United States spoke; so did North Korea.",
    "The People’s Harbour Board met in Iceland, and the NTS saw it in Iceland.",
)
ALIASES = learn_aliases(TEXTS)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Which Arctic island did Iceland's Ann Lee buy?", ("Arctic", "Iceland", "Ann Lee")),
        ("How large was Russia–North Korea trade in 2023?", ("Russia", "North Korea")),
        ("What did US-Japan talks in May bring?", ("US", "Japan")),
        ("Did Lee Jae-myung fire KN-23 missiles?", ("Lee Jae-myung", "KN-23")),
        ("What was the Soviet-era debt?", ("Soviet",)),
        ("Who runs the Institute for the Study of War?", ("Institute for the Study of War",)),
        ("Is NATO for Ukraine?", ("NATO", "Ukraine")),
        ("What did President Emmanuel Macron say on Monday?", ("Emmanuel Macron",)),
        ("Did the People's Harbour Board see The Hague?", ("People's Harbour Board", "The Hague")),
        ("What does Article 4 of the UN Charter say?", ("UN Charter",)),
        ("What does Article IV say to J. R. Smith and me?", ("J. R. Smith",)),
        ("Kim Jong Un met whom?", ("Kim Jong Un",)),
        ("Iceland, Norway and Peru: who voted?", ("Iceland", "Norway", "Peru")),
        ("Casualties in Kursk?", ("Kursk",)),
        ("Describe the treaty. Explain it.", ()),
        ("WHAT DID THE SHIPS CARRY?", ()),
        ("What Is The Population Of Iceland?", ()),
        ("what is the population of iceland?", ()),
        ("Who did I say I'd met in June?", ()),
        ("NATO?", ("NATO",)),
        ("", ()),
    ],
)  # fmt: skip
def test_names_in_questions(question: str, names: tuple[str, ...]) -> None:
    assert find_names(question) == names


def test_names_of_the_library_are_found_in_shouted_questions_and_at_the_start() -> None:
    assert find_names("WHAT DID THE NTS SEE IN ICELAND?", ALIASES) == ("NTS", "ICELAND")
    assert find_names("Iceland joined when?", ALIASES) == ("Iceland",)
    assert find_names("Harbours joined when?", ALIASES) == ()


def count_in(texts: tuple[str, ...], stem: str) -> int:
    return sum(stem in stem_words(text) for text in texts)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What is the population of Iceland?", ()),
        ("What is the population of Greenland?", ("Greenland",)),
        ("Did Emmanuel Macron meet Kim Jong Un?", ("Emmanuel Macron",)),
        ("Did Recep Erdogan meet Choe Sonhui?", ()),
        ("What does the University of Greenland say?", ("University of Greenland",)),
        ("What does the Greenland Ministry say?", ("Greenland Ministry",)),
        ("What did Norwegian sailors say?", ()),
        ("What did the Democratic People's Republic of Korea say?", ()),
        ("Where is Najin?", ()),
        ("Greenlanders say what?", ()),
    ],
)
def test_names_that_stand_nowhere(question: str, missing: tuple[str, ...]) -> None:
    assert find_missing_names(question, lambda stem: count_in(TEXTS, stem), ALIASES) == missing


def test_missing_names_of_a_real_library(make_bot: MakeBot) -> None:
    store = make_bot({"a.txt": "Oslo\n\nOslo lies on a fjord. Ann Lee lives in Oslo."}).store
    aliases = learn_aliases(article.text for article in store.list_articles())
    ask = "Did Ann Lee move from Oslo to Reykjavik?"
    assert find_missing_names(ask, store.count_passages_with, aliases) == ("Reykjavik",)


@given(st.text(max_size=300))
def test_any_question_is_read(question: str) -> None:
    for name in find_names(question, ALIASES):
        assert name and name in question
    assert len(ALIASES.expand(question)) <= 12
    assert find_missing_names(question, lambda _: 1, ALIASES) == ()
