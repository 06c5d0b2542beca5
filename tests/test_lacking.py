"""What is asked for and plainly not given is a reason to refuse, said in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Bot
from bot.cite import REFUSAL
from bot.lacking import find_counted, find_lack
from tests.libraries import MakeBot
from tests.test_redundancy import find

pytest_plugins = ["tests.library_fixtures"]


def lack(question: str, *sentences: str, unknown: str = "") -> str:
    """Return what is lacking, without the words that are the same for all numbers and shares."""
    told = find_lack(question, [find(text) for text in sentences], lambda word: word != unknown)
    return told.removeprefix("The nearest sentences give ").removesuffix(".")


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("How many ships sailed?", "ships"),
        ("In 1931, how many Norwegian fishing boats were lost?", "Norwegian fishing boats"),
        ("How many people live there?", "people"),
        ("How many of them sailed?", ""),
        ("How many did the king see?", ""),
        ("How much fuel is left?", ""),
        ("How many ships, if any, sailed?", "ships"),
        ("How many yes, no and abstaining votes did it get?", ""),
    ],
)
def test_what_is_counted(question: str, counted: str) -> None:
    assert " ".join(find_counted(question)) == counted


@pytest.mark.parametrize(
    "sentence",
    [
        "The ships sailed on 7 May 1931 under resolution 2375.",
        "Article 4 and the KN-23 are of the 11th of May.",
        "They sailed.",
    ],
)
def test_dates_and_labels_are_no_number_of_ships(sentence: str) -> None:
    assert lack("How many ships sailed?", sentence) == "no number of ships"


@pytest.mark.parametrize(
    "sentence",
    [
        "In 1931, 64 sailed.",
        "Several ships sailed.",
        "No ship sailed.",
        "Of ships 3.5 million did.",
    ],
)
def test_any_count_will_do(sentence: str) -> None:
    assert not lack("How many ships sailed?", "They sailed in 1931.", sentence)


def test_the_number_is_of_those_who_are_named() -> None:
    question = "How many Soviet pilots were killed?"
    assert lack(question, "He had 200 Korean pilots trained.") == "no number of Soviet pilots"
    assert not lack(question, "He had 200 Soviet pilots trained.")
    assert not lack("How many Chinese soldiers came?", "China sent 300 soldiers.")
    assert not lack(
        "How many U.S. workers are there?", "The United States have 143 million workers."
    )
    assert not lack("How many French ships came?", "France sent 12 ships.")
    assert (
        lack("How many French ships came?", "Frisia sent 12 ships.") == "no number of French ships"
    )
    # It may be a slip of the pen.
    assert not lack(question, "He had 200 Korean pilots trained.", unknown="Soviet")


def test_a_unit_is_written_in_its_ways() -> None:
    assert not lack("How many pounds were found?", "Found were 105 kg (231 lb).", unknown="pounds")
    assert (
        lack("How many kilograms are there?", "There are two pieces.") == "no number of kilograms"
    )


def test_a_share_is_a_share() -> None:
    assert lack("What share did it get?", "It got 3 million in 2012 of all.") == ""
    assert lack("What share did it get?", "It got 3 million in 2012.") == "no share"
    assert not lack("What interest rate is paid?", "Paid are 4.5 percent.")
    assert lack("What interest rate is paid?", "Paid are 4.5 million.") == "no interest rate"


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Which hotel did she stay at?", "hotel"),
        ("In which large city was it opened?", "city"),
        ("What monthly wage do the workers get?", "wage"),
        ("How many tourists came?", "tourists"),
        ("What year did they come?", ""),
        ("Which of the hotels did she stay at?", ""),
        ("Which hotels in town were full?", ""),
        ("What did she eat?", ""),
        ("Which gostinitsa did she stay at?", ""),
        ("Which Kim was it?", ""),
        ("When did she come?", ""),
    ],
)
def test_a_kind_of_which_the_library_has_no_word(question: str, kind: str) -> None:
    sentence = "In May 2024 she and three others stayed at the Metropol."
    assert not lack(question, sentence)
    assert lack(question, sentence, unknown=kind) == (
        f"No article has the word “{kind}”" if kind else ""
    )


@given(st.text(max_size=60), st.text(min_size=1, max_size=60))
def test_any_words_can_be_read(question: str, sentence: str) -> None:
    for asking in ("How many", "What", "Which"):
        told = lack(f"{asking} {question}", sentence)
        assert told == "" or told.startswith("no ")
    assert find_lack(question, [], lambda word: True) == ""


def test_the_refusal_says_why(bot: Bot) -> None:
    answer = bot.ask("How many Soviet pilots were killed in the Korean War?")
    assert answer.refused and answer.confidence < bot.threshold
    assert answer.text == f"{REFUSAL} The nearest sentences give no number of Soviet pilots."


def test_the_refusal_names_a_word_that_no_article_has(bot: Bot) -> None:
    answer = bot.ask("Which hotel did Choe Son Hui stay at during her Moscow trip in autumn 2024?")
    assert answer.refused and answer.text == f"{REFUSAL} No article has the word “hotel”."


def test_a_name_that_no_article_mentions_is_refused(bot: Bot) -> None:
    question = "How did {} vote on the February 2023 resolution about a just peace in Ukraine?"
    answer = bot.ask(question.format("Mongolia"))
    assert answer.refused and answer.text == f"{REFUSAL} No article mentions Mongolia."
    # Nearly a name of the library, so perhaps it.
    assert not bot.ask(question.format("Nicaragwa")).refused


def test_a_bot_without_a_threshold_never_refuses(make_bot: MakeBot) -> None:
    bot = make_bot({"a.md": "Soviet ships passed the bridge of Riga in May 1950."}, threshold=0.0)
    assert not bot.ask("How many ships passed the bridge of Riga?").refused
