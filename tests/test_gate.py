"""The gate: numbers, dates, names, negations and their places, sentence by sentence."""

import pytest

from benchmarks.planted import cut_passages
from bot.aliases import learn_aliases
from bot.gate import Gate, Support
from bot.judge import Judge
from tests.test_prompt import make_passage

BRIDGE = (
    "The Multilateral Sanctions Monitoring Team (MSMT) counted 10,000 men on 2 November 2023. "
    "King Harald of Norway opened the bridge in Oslo in 1931, twelve years before Haakon of Bergen "
    "closed the harbour. Trade rose from 28 million dollars in 2018 to 34.4 million dollars in "
    "2019, up more than 22 percent. Russia did not sign the treaty of Riga, but Latvia signed it. "
    "The first train left on 4 May."
)
PRICES = "The ticket costs 12 dollars. In 2024 nobody sold it for less, Anna Berg said."
VOYAGE = (
    "Mayor Olsen of Riga was invited by Anna Berg to come to Oslo. The council turned down the "
    "plan for the harbour on 3 May 2021. Four ships and five tugs left Riga on 10 May 2021 and "
    "were in Oslo on 12 May 2021. Olsen said on 14 May 2021 that the voyage had cost more than "
    "6,000 kroner of the 11,000 kroner of Oslo's Harbour Fund. The mayor did not survive his "
    "second voyage, and the office remained without a head for six weeks. Latvia had sent the tugs."
)
# Lets all pass that nothing but the model of support would hold back.
OPEN = Support(Judge({}, 0.0), 0.0)


@pytest.fixture(scope="module")
def gate() -> Gate:
    passages = [cut_passages([make_passage(text).stored.article])[0] for text in (BRIDGE, PRICES)]
    return Gate(passages, learn_aliases([BRIDGE, PRICES]), OPEN)


@pytest.mark.parametrize(
    "sentence",
    [
        "The MSMT counted ten thousand men on Nov. 2, 2023.",
        "The Multilateral Sanctions Monitoring Team counted 10 000 men in November 2023.",
        "In 1931 King Harald opened the bridge in Oslo.",
        "Haakon of Bergen closed the harbour 12 years later.",
        "Trade rose by 22% to $34.4m in 2019.",
        "From 2018 to 2019 trade rose from 28,000,000 dollars to 34.4 million.",
        "Russia did not sign the treaty of Riga.",
        "Latvia signed it.",
        "The 1st train left on May 4.",
        "In Oslo King Harald of Norway opened the bridge.",
    ],
)
def test_true_sentences_pass(gate: Gate, sentence: str) -> None:
    assert gate.check(sentence, (1,)).reason == ""


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The MSMT counted 1,000 men on 2 November 2023.", "“1,000” does not stand"),
        ("The MSMT counted 10,000 men on 3 November 2023.", "“3 November 2023” does not stand"),
        ("The MSMT counted 10,000 women on 2 May 2023.", "“2 May 2023” does not stand"),
        ("The CIA counted 10,000 men on 2 November 2023.", "“CIA” does not stand"),
        ("Haakon of Bergen opened the bridge in Oslo in 1931.", "where it has"),
        ("King Harald of Norway opened the bridge in Bergen in 1931.", "where it has"),
        ("Trade rose from 34.4 million dollars in 2018 to 28 million dollars in 2019.", "has"),
        ("Trade rose from 28 million dollars in 2019 to 34.4 million dollars.", "where it has"),
        ("Trade fell from 28 million dollars in 2018.", "opposite of “fell”"),
        ("Russia signed the treaty of Riga.", "opposite"),
        ("Latvia did not sign it.", "opposite"),
        ("Trade was up by less than 22 percent in 2019.", "opposite"),
        ("The last train left on 4 May.", "opposite of “last”"),
        ("The treaty was signed in Moscow.", "“Moscow” does not stand"),
        ("The ticket costs 12 dollars.", "does not stand in passage 1"),
        ("…", "nothing that can be checked"),
    ],
)
def test_lies_are_held_back(gate: Gate, sentence: str, reason: str) -> None:
    assert reason in gate.check(sentence, (1,)).reason


@pytest.fixture(scope="module")
def voyage() -> Gate:
    passage = cut_passages([make_passage(VOYAGE).stored.article])[0]
    return Gate([passage], learn_aliases([VOYAGE]), OPEN)


@pytest.mark.parametrize(
    "sentence",
    [
        "Anna Berg invited Olsen to Oslo.",
        "It was on 3 May 2021 that the council rejected the harbour plan.",
        "Two days after 10 May 2021 they were in Oslo.",
        "According to Olsen, the costs were over 6,000 kroner.",
        "The Harbour Fund held 11,000 kroner.",
        "Harbour Fund money of 11,000 kroner was there, Mayor Olsen said.",
        "The mayor died on the second voyage.",
        "Voyages cost more than 6,000 kroner.",
        "The tugs were sent by Latvia.",
    ],
)
def test_what_is_true_in_other_words_passes(voyage: Gate, sentence: str) -> None:
    assert voyage.check(sentence, (1,)).reason == ""


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Olsen of Riga invited Anna Berg to come over.", "has “Anna Berg” where it has"),
        ("It was on 3 May 2021 that the council approved the plan.", "opposite of “approved”"),
        ("Altogether five ships and four tugs went to sea.", "has “Four” where it has “five”"),
        ("After three days they were in Oslo.", "“three” does not stand"),
        ("The costs of it were over 11,000 kroner.", "has “6,000” where it has “11,000”"),
        ("According to Anna Berg, more than 6,000 kroner were spent.", "where it has “Anna Berg”"),
        ("For six months there was no head in the office.", "opposite of “months”"),
        ("They left Riga on 83 May 2021.", "“83” does not stand"),
    ],
)
def test_what_is_false_in_other_words_is_held_back(
    voyage: Gate, sentence: str, reason: str
) -> None:
    assert reason in voyage.check(sentence, (1,)).reason


def test_several_passages_support_together_and_each_is_quoted(gate: Gate) -> None:
    said = "King Harald opened the bridge in Oslo, and the ticket costs 12 dollars."
    assert "“12 dollars” does not stand in passage 1" in gate.check(said, (1,)).reason
    verdict = gate.check(said, (1, 2))
    assert verdict.reason == "" and [number for number, _, _ in verdict.quotes] == [1, 2]
    assert PRICES[slice(*verdict.quotes[1][1:])] == "The ticket costs 12 dollars."


def test_a_passage_that_has_nothing_to_do_with_it_is_not_cited(gate: Gate) -> None:
    verdict = gate.check("King Harald of Norway opened the bridge in Oslo in 1931.", (2, 1))
    assert [number for number, _, _ in verdict.quotes] == [1]


def test_numbers_that_no_passage_has_are_dropped(gate: Gate) -> None:
    verdict = gate.check("Russia did not sign the treaty of Riga.", (0, 1, 9))
    assert not verdict.reason and [number for number, _, _ in verdict.quotes] == [1]
    assert gate.check("Russia did not sign the treaty of Riga.", (9, 0)).reason == (
        "there is no passage 9"
    )


def test_what_stands_above_a_passage_counts_for_names(gate: Gate) -> None:
    assert gate.check("Anna Berg said that nobody sold it for less.", (2,)).reason == ""


def test_the_fitted_model_is_there() -> None:
    support = Support.load()
    assert 0 < support.threshold < 1 and support.judge.weights


@pytest.mark.parametrize(
    ("sentence", "numbers", "begins"),
    [
        ("The bridge of Oslo was opened by King Harald in 1932.", (1,), "King Harald of Norway"),
        ("Latvia refused to sign the treaty of Riga.", (1, 9), "Russia did not sign"),
        # Of a passage that does not say it, and of none.
        ("A ticket costs thirteen dollars.", (1,), "The ticket costs 12 dollars"),
        ("A ticket costs thirteen dollars.", (), "The ticket costs 12 dollars"),
        ("Bananas ripen faster in paper bags than in bowls.", (1,), ""),
        ("Trade.", (1,), ""),
        ("", (), ""),
    ],
)
def test_what_a_sentence_says_otherwise_is_found(
    gate: Gate, sentence: str, numbers: tuple[int, ...], begins: str
) -> None:
    found = gate.find_said(sentence, numbers)
    assert bool(found) is bool(begins)
    for number, start, end in found:
        text = (BRIDGE, PRICES)[number - 1]
        said = make_passage(text).stored.article.text[start:end]
        assert said.startswith(begins) and said in text


def test_without_passages_nothing_is_found() -> None:
    assert Gate([], learn_aliases([]), OPEN).find_said("The bridge was opened.", (1,)) == ()


def test_what_leans_on_a_sentence_comes_after_it() -> None:
    text = "An ally may be attacked. In that case the other one must send help at once."
    passage = cut_passages([make_passage(text).stored.article])[0]
    found = Gate([passage], learn_aliases([text]), OPEN).find_said(
        "The other must at once refuse to send help.", (1,)
    )
    stored = passage.stored.article.text
    assert [stored[start:end] for _, start, end in found] == [
        "An ally may be attacked.",
        "In that case the other one must send help at once.",
    ]
