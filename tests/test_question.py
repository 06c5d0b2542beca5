"""The form of a question: kinds of answer, lists, sides of a comparison."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.question import split_sides, understand


@pytest.mark.parametrize(
    ("question", "sentence", "kind"),
    [
        ("When was it opened?", "It was opened on 3 May 1931.", 1),
        ("When was it opened?", "It is painted green.", 0),
        ("How many came?", "Some 12,000 came.", 1),
        ("How many came?", "Half a dozen came.", 1),
        ("How many came?", "Nobody came.", 0),
        ("Who drew it?", "It was drawn by Anna Berzina.", 1),
        ("Who drew it?", "It was drawn by hand.", 0),
        ("Why is it green?", "It is green.", 0.5),
        ("What did it cost?", "It cost 12 million dollars.", 1),
        ("What did it cost?", "It took 12 years.", 0),
        ("Who came, and when?", "The guests came in 1931.", 0.5),
        ("What did sheep pay in fees?", "A sheep paid 5d.", 1),
        ("Why was the budget refused?", "It was too late.", 0.5),
        ("Who voted against the budget?", "Anna Berzina did.", 1),
    ],
)
def test_kind_of_answer(question: str, sentence: str, kind: float) -> None:
    assert understand(question).match_kind(sentence) == kind


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        (
            "How does the 2024 treaty differ from the 1961 one?",
            ("the 2024 treaty", "the 1961 treaty"),
        ),
        ("How do the first figures and the later figures differ?",
         ("the first figures", "the later figures")),
        ("How does the ferry differ from the bridge?", ("the ferry", "the bridge")),
        ("How does the toll of 1931 compare with that of 1990?",
         ("the toll of 1931", "that of 1990")),
        ("What is the difference between Riga and Oslo in size?",
         ("Riga in size", "Oslo in size")),
        ("Which was longer in 1931: the bridge or the pier?",
         ("the bridge Which was longer in 1931", "the pier Which was longer in 1931")),
        ("Did Riga or Oslo build its harbour first?",
         ("Riga build its harbour first", "Oslo build its harbour first")),
        ("How did Riga's and Oslo's fees of 1931 differ?",
         ("Riga's fees of 1931", "Oslo's fees of 1931")),
        ("What is the difference between lines 4 and 5 on Sundays?",
         ("lines 4 on Sundays", "lines 5 on Sundays")),
        ("How do Riga, Oslo and Bergen differ?", ("Riga", "Oslo", "Bergen")),
        ("When was the bridge opened?", ()),
        ("How did the king open it and who came?", ()),
        ("Is it more than a mile long?", ()),
    ],
)  # fmt: skip
def test_sides(question: str, sides: tuple[str, ...]) -> None:
    assert split_sides(question) == sides


@pytest.mark.parametrize(
    ("question", "wants_all"),
    [
        ("Which countries belong to the league?", True),
        ("On what dates did it close?", True),
        ("List the members.", True),
        ("Which news agency told it?", False),
        ("When did it close?", False),
        ("Which ship was first?", False),
    ],
)
def test_lists(question: str, wants_all: bool) -> None:
    assert understand(question).wants_all is wants_all


def test_negation() -> None:
    assert understand("Which ship did not sail?").negated
    assert understand("Which ship didn’t sail?").negated
    assert not understand("Which ship sailed in a knot?").negated


@given(st.text(max_size=300))
def test_any_text_is_understood(text: str) -> None:
    question = understand(text)
    assert question.text == text and len(question.sides) != 1
    assert 0 <= question.match_kind(text) <= 1


def test_a_long_text_is_no_comparison() -> None:
    # The forms would take minutes to find none in this.
    assert split_sides("a" * 2000 + ", " + "b or " * 390 + ",x") == ()


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("What is the MSMT?", "MSMT"),
        ("who was Anna Berg", "Anna Berg"),
        ("What are the Geneva Talks?", "Geneva Talks"),
        ("What is the length of the old railway bridge at Riga?", ""),
        ("When was the MSMT made?", ""),
    ],
)
def test_what_is_to_be_explained(question: str, thing: str) -> None:
    assert understand(question).explained == thing


@pytest.mark.parametrize(
    ("sentence", "explains"),
    [
        ("The Monitoring Team (MSMT) is a group of 11 states.", True),
        ("The MSMT (a team) has been the watchdog since 2024.", True),
        ("The MSMT counted 100 missiles.", False),
        ("The MSMT was founded in 2024.", False),
        ("The MSMT is in Seoul.", False),
        ("It is what the MSMT says.", False),
    ],
)
def test_a_definition_is_known(sentence: str, explains: bool) -> None:
    assert understand("What is the MSMT?").explains(sentence) == explains
    assert not understand("When was the MSMT made?").explains(sentence)


@pytest.mark.parametrize(
    "question",
    [
        "Which UN Security Council resolutions were adopted in 2017?",
        "Who were the members of the panel?",
    ],
)
def test_lists_with_long_names_are_lists(question: str) -> None:
    assert understand(question).wants_all


@pytest.mark.parametrize(
    ("question", "words", "fits"),
    [
        ("Why did trade fall?", "Ushakov", False),
        ("Why did trade fall?", "the closed border", True),
        ("How did the North announce it?", "July 2022", False),
        ("How many came?", "5,000", True),
        ("Name all members of the team", "11", False),
        ("Which year was it?", "2022", True),
        ("When did Reed resign?", "treasurer", False),
        ("When did Reed resign?", "Friday", True),
        ("When did Reed resign?", "after the vote", True),
        ("When is it open?", "weekends", True),
    ],
)
def test_words_that_cannot_be_the_answer(question: str, words: str, fits: bool) -> None:
    assert understand(question).may_be_answered_by(words) == fits
