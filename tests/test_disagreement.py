"""Where articles give different numbers or dates, both are cited and the answer says so."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Bot
from bot.cite import Answer
from bot.disagreement import find_disagreement, list_otherwise, word_disagreement
from bot.question import understand
from bot.read import Finding
from tests.libraries import MakeBot, check_law
from tests.test_redundancy import find

pytest_plugins = ["tests.library_fixtures"]

LEAVE = """---
title: Leave policy {year}
published: {year}-01-15
---

Full-time employees receive {days} days of annual leave per calendar year. Leave is taken in
agreement with the line manager, who answers within five working days. Up to 5 days may be carried
over into the following year, and they lapse on 31 March.
"""
CLINIC = (
    "# The clinic\n\nThe Lindgren clinic was founded in 1962 by two sisters. It has {} beds and a "
    "garden of its own.",
    "# Hospitals of the region\n\nThe smallest one is the Lindgren clinic. With {} beds it serves "
    "three valleys, and its director since 2016 is Marta Lind.",
)
BEDS = "How many beds does the Lindgren clinic have?"
OPENED = "When was the bridge of Riga opened?"
# A sentence of which the reader is as sure as it is of anything.
SURE = {"answers": 3.0, "share": 0.0}


def sure(text: str, answer: str, article: str = "a") -> Finding:
    """Return a finding of which the reader is sure, in an article of its own."""
    finding = find(text, answer, 8.0)
    stored = finding.passage.stored
    chunk = replace(stored.chunk, article_id=article)
    title = replace(stored.article, article_id=article, title=f"On {article}")
    stored = replace(stored, article=title, chunk=chunk)
    return replace(finding, passage=replace(finding.passage, stored=stored), features=SURE)


def tell(question: str, *findings: Finding) -> str:
    return word_disagreement(find_disagreement(understand(question), findings))


def ask_clinic(make_bot: MakeBot, one: str, other: str) -> Answer:
    texts = {"a.md": CLINIC[0].format(one), "b.md": CLINIC[1].format(other)}
    bot = make_bot(texts)
    answer = bot.ask(BEDS)
    check_law(answer, bot.store)
    return answer


@pytest.fixture
def policies(make_bot: MakeBot) -> Bot:
    """The rules of two years, alike but for a number, among other articles."""
    rules = {
        f"{year}.md": LEAVE.format(year=year, days=days) for year, days in ((2023, 25), (2024, 28))
    }
    others = {f"{n}.md": f"# Leave {n}\n\nLeave and employees, {n} of them." for n in range(8)}
    return make_bot(rules | others)


def test_last_years_rules_are_cited_beside_this_years(policies: Bot) -> None:
    answer = policies.ask("How many days of annual leave do full-time employees receive?")
    check_law(answer, policies.store)
    assert {item.title for item in answer.citations} == {"Leave policy 2023", "Leave policy 2024"}
    assert answer.note.startswith("The articles differ: “")
    assert "“28 days” in “Leave policy 2024” (2024-01-15)" in answer.note
    assert "“25 days” in “Leave policy 2023” (2023-01-15)" in answer.note
    same = policies.ask("On which day do carried over days of leave lapse?")
    assert not same.refused and not same.note


def test_numbers_of_two_articles_are_told_apart(make_bot: MakeBot) -> None:
    answer = ask_clinic(make_bot, "140", "165")
    assert "“140” in “The clinic”" in answer.note
    assert "“165” in “Hospitals of the region”" in answer.note
    assert all(any(n in item.quote for item in answer.citations) for n in ("140", "165"))


def test_one_number_in_two_forms_is_no_disagreement(make_bot: MakeBot) -> None:
    assert ask_clinic(make_bot, "140", "a hundred and forty").note == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It was opened in May 1931.", "It was opened on 3 May 1931."),
        ("It was opened in 1931.", "It was opened on 3 May 1931."),
        ("About 15,000 came.", "14,830 came."),
        ("More than 20 came.", "25 came."),
        ("It cost 12 million euros.", "It cost 11.8 million euros."),
        ("It took 40 percent.", "It took 50 pounds."),
    ],
)
def test_what_may_both_be_so_does_not_differ(one: str, other: str) -> None:
    findings = [sure(one, one.removesuffix(".")), sure(other, other.removesuffix("."), "b")]
    for question in (OPENED, "How many came?", "How much did it cost?", "What share was it?"):
        assert tell(question, *findings) == ""


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (OPENED, "3 May 1931", "13 May 1931"),
        (OPENED, "1931", "May 1932"),
        ("How many came?", "25", "30"),
        ("How many came?", "14,830", "14,000"),
        ("What did it cost?", "12 million euros", "15 million euros"),
        ("What is its top speed?", "17 knots", "19 knots"),
    ],
)
def test_what_cannot_both_be_so_differs(question: str, one: str, other: str) -> None:
    findings = [sure(f"It was {one}.", one), sure(f"It is {other}.", other, "b")]
    assert (
        tell(question, *findings) == f"The articles differ: “{one}” in “On a”, “{other}” in “On b”."
    )


@pytest.mark.parametrize(
    ("one", "other", "quoted"),
    [
        ("28 a year", "25 days", "28"),
        ("28 days of leave", "25 days", "28 days"),
        ("28 working days", "25 days", "28 working days"),
        ("1 day", "25 days", "1 day"),
        ("4 weeks", "25 days", "4 weeks"),
        ("28, as was agreed", "25 days", "28"),
        ("28 was said", "25 days", "28"),
        ("28 days", "twenty-five days", "28 days"),
        ("28 days", "25", "28"),
    ],
)
def test_a_number_has_its_noun_where_the_other_has(one: str, other: str, quoted: str) -> None:
    for first, second in (("a", "b"), ("b", "a")):
        findings = [
            sure(f"It is {one}.", one.split()[0].rstrip(","), first),
            sure(f"It is {other}.", other, second),
        ]
        for found in (findings, findings[::-1]):
            answers = find_disagreement(understand("How many are there?"), found)
            told = {finding.text: words for words, finding in answers}
            assert told == {f"It is {one}.": quoted, f"It is {other}.": other}
            assert all(words in text for text, words in told.items())


def test_only_sure_answers_of_several_articles_to_one_question_differ() -> None:
    one, other = sure("It was 1931.", "1931"), sure("It was 1950.", "1950", "b")
    assert tell(OPENED, one, other)
    assert not tell(OPENED, one, sure("It was 1950.", "1950"))
    assert not tell(OPENED, one, replace(other, features={**SURE, "answers": 0.8}))
    assert not tell(OPENED, one, replace(other, features={**SURE, "share": -0.1}))
    assert not tell(OPENED, replace(one, features={**SURE, "share": -0.1}), other)
    for several in (
        "When was it first opened?",
        "In which years was it opened?",
        "Which was opened earlier: Riga or Oslo?",
    ):
        assert not tell(several, one, other)
    assert tell("How long does the truce last?", sure("6 days.", "6"), sure("8 days.", "8", "b"))


def test_copies_are_read_only_where_they_answer_otherwise() -> None:
    best, question = sure("It was opened in 1931.", "1931"), understand(OPENED)
    same, otherwise, without = (
        sure(text, "It").passage
        for text in ("It was 1931.", "It was opened in 1932, not in 1999.", "It is open.")
    )
    assert list_otherwise(question, [best], [same, otherwise, without]) == [otherwise]
    assert list_otherwise(question, [], [otherwise]) == []


NUMBERS = st.sampled_from(["1931", "May 1931", "1932", "12", "12,000", "40 percent", "riga"])


@given(st.lists(st.tuples(NUMBERS, st.sampled_from("abc")), max_size=6))
def test_each_answer_is_its_articles_and_each_article_answers_once(
    said: list[tuple[str, str]],
) -> None:
    findings = [sure(f"It was {answer} then.", answer, article) for answer, article in said]
    for question in (OPENED, "How many came?", "What was it?"):
        told = find_disagreement(understand(question), findings)
        assert len(told) != 1
        assert all(words in finding.text for words, finding in told)
        articles = [finding.passage.stored.chunk.article_id for _, finding in told]
        assert len(set(articles)) == len(articles)
        assert not told or told[0][1] == findings[0]
