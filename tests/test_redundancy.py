"""An answer says a thing once."""

from collections.abc import Sequence

from hypothesis import example, given
from hypothesis import strategies as st

from bot.choose import choose_sentences
from bot.question import understand
from bot.read import Finding
from bot.redundancy import adds_nothing, says_all
from bot.retrieve import Passage
from ingest.chunk import Chunk
from ingest.clean import Article
from ingest.database import StoredPassage

WORDS = ["Riga", "Oslo", "1931", "1950", "harbour", "opened", "dredged", "king", "ship", "the"]
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(
    lambda words: f"{' '.join(words)}."
)


def find(text: str, answer: str = "", score: float = 1.0, number: int = 0) -> Finding:
    """Return the finding of a sentence that is a whole article; `answer` is its span."""
    article = Article("a", "a.md", "", text, (), "", "")
    stored = StoredPassage(number, article, Chunk("a", 0, len(text), "", ((0, len(text)),)))
    start = text.find(answer)
    span = (start, start + len(answer)) if answer else None
    return Finding(Passage(stored, 0, None, 0, None, 0), 0, len(text), span, score, {})


def find_all(texts: Sequence[str]) -> list[Finding]:
    """Return the findings of sentences, each a little worse than the one before."""
    return [find(text, text[:5], -number / 10, number) for number, text in enumerate(texts)]


def choose(question: str, *findings: Finding) -> list[str]:
    return [item.text for item in choose_sentences(understand(question), findings)]


def test_the_same_answer_is_given_once() -> None:
    first = find("The committee was set up in 2006 and has 15 members.", "2006", 3.0)
    second = find("A resolution of 2006 set it up in New York.", "2006", 2.5)
    assert choose("When was the committee set up?", first, second) == [first.text]
    other = find("Another source says 2007.", "2007", 2.4)
    assert choose("When was the committee set up?", first, second, other) == [
        first.text,
        other.text,
    ]


def test_nothing_worse_takes_the_place_of_a_repeated_sentence() -> None:
    texts = ("It opened in May 1950.", "In May 1950 it opened.", "It was May 1950.", "It is red.")
    findings = [find(text, "May 1950", 3 - n / 10) for n, text in enumerate(texts[:3])]
    assert choose("When did it open?", *findings, find(texts[3], "red", 2.5)) == [texts[0]]


def test_lists_counts_and_questions_for_two_things_keep_all() -> None:
    first = find("Riga has 15 members.", "15 members", 3.0)
    second = find("There are 15 members in Riga.", "15 members", 2.5)
    for question in (
        "How many members does Riga have?",
        "Which members does Riga have?",
        "When did it open, and who paid?",
    ):
        assert choose(question, first, second) == [first.text, second.text]


def test_a_sentence_on_another_name_of_the_question_stays() -> None:
    first = find("Budanov counted 120 Koksan guns.", "Budanov", 3.0)
    second = find("Budanov counted 148 missiles.", "Budanov", 2.5)
    assert choose("Who spoke of 120 guns and 148 missiles?", first, second) == [
        first.text,
        second.text,
    ]


def test_another_subject_of_the_question_is_no_repetition() -> None:
    tenant = find("The tenant may give notice at any time, by 31 August.")
    club = find("The club may give notice by 31 August.")
    assert not says_all([tenant], club, understand("When can the club give notice?"))
    assert says_all([tenant], find("The tenant may give notice."), understand("When can one?"))


def test_another_person_is_no_repetition() -> None:
    first = find("Khrushchev and Kim signed the treaty in Riga.", "Khrushchev and Kim", 3.0)
    second = find("Zhou Enlai signed the treaty for China, and Kim too.", "Kim", 2.5)
    third = find("The treaty was signed by Kim.", "Kim", 2.4)
    assert choose("Who signed the treaty?", first, second, third) == [first.text, second.text]
    assert choose("What was signed?", first, second, third) == [first.text]


def test_of_near_ties_the_one_that_says_more_stays() -> None:
    short = find("The harbour was dredged in 1931.", "1931", 3.0)
    long = find("The harbour was dredged in 1931 by Riga.", "Riga", 2.9)
    question = "What happened to the harbour?"
    assert choose(question, short, long) == [long.text]
    assert choose(question, find(short.text, "1931", 4.0), long)[0] == short.text


@given(st.lists(SENTENCES, min_size=1, max_size=5))
@example(["1931.", "1931 Riga.", "Oslo 1931."])
def test_what_is_left_out_was_said(texts: list[str]) -> None:
    question = understand("Who opened the harbour?")
    findings = find_all(texts)
    kept = choose_sentences(question, findings)
    assert kept
    assert len({item.text for item in kept}) == len(kept)
    for item in findings[:3]:
        repeated = adds_nothing(item, kept, question) or says_all(kept, item, question)
        assert item in kept or repeated


@given(st.lists(SENTENCES, min_size=1, max_size=5))
def test_a_list_loses_only_equal_sentences(texts: list[str]) -> None:
    kept = choose("List all the ships.", *find_all(texts))
    assert kept == list(dict.fromkeys(texts))
