"""Restricting questions: what a scope holds, and that nothing from outside it is ever shown."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import Bot
from bot.cite import REFUSAL, Answer
from bot.scope import EVERYTHING, BadScope, Scope, find_articles
from ingest.clean import Article
from ingest.sync import sync
from tests.articles import WordEmbedder
from tests.libraries import check_law, open_words_bot, write_texts

TEMPLATE = """---
title: The harbour of {place}
date: {date}
topics: [{topics}]
---

The harbour of {place} opened in {year}. Its {tower} is {height} metres tall.

## Article {number}: the ferry

The ferry of {place} carries {height} passengers to Minsk. Nobody may swim near it.
"""
PLACES = {
    "oslo": ("2023-12-31", "Ports, North", 1901, "lighthouse"),
    "lima": ("2024-01-01", "Ports", 1902, "lighthouse"),
    "cairo": ("2024-06-30", "Rivers", 1903, "crane"),
    "hanoi": ("2024-12-31", "Rivers, South", 1904, "crane"),
    "quito": ("", "South", 1905, "lighthouse"),
    "riga": ("2025-07-01", "north", 1906, "crane"),
}
QUESTIONS = (
    "When did the harbour of Cairo open?",
    "How tall is the lighthouse?",
    "What does Article 4 say?",
    "What does the newest article say of the ferry?",
    "Who may swim, according to the article on the harbour of Lima?",
    "Is the lighthouse of Oslo or the crane of Riga taller?",
    "What is the difference between the harbour of Quito and the harbour of Hanoi?",
    "Does the ferry carry zebras to Iceland?",
    "What is it?",
)


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """A bot that never refuses for doubt, on six articles with dates and topics."""
    folder = tmp_path_factory.mktemp("scope")
    texts = {
        f"{name}.md": TEMPLATE.format(
            place=name.title(), date=day, topics=topics, year=year, tower=tower,
            number=number, height=10 * number,
        )
        for number, (name, (day, topics, year, tower)) in enumerate(PLACES.items(), 1)
    }  # fmt: skip
    with open_words_bot(write_texts(folder / "articles", texts), folder / "library") as opened:
        yield opened


def choose(bot: Bot, scope: Scope) -> set[str]:
    """Return the ids of the articles in a scope."""
    return {item.article_id for item in find_articles(scope, bot.store.list_articles())}


def list_shown(answer: Answer) -> set[str]:
    """Return the ids of all articles that an answer shows."""
    return {item.article_id for item in (*answer.citations, *answer.nearest)}


@pytest.mark.parametrize(
    ("scope", "wanted"),
    [
        (EVERYTHING, "oslo lima cairo hanoi quito riga"),
        (Scope(articles=frozenset({"lima", "riga"})), "lima riga"),
        (Scope(topics=frozenset({"ports"})), "oslo lima"),
        (Scope(topics=frozenset({"NORTH", "South"})), "oslo hanoi quito riga"),
        (Scope(since="2024"), "lima cairo hanoi riga"),
        (Scope(until="2024"), "oslo lima cairo hanoi"),
        (Scope(since="2024", until="2024"), "lima cairo hanoi"),
        (Scope(since="2024-06", until="2024-06"), "cairo"),
        (Scope(since="2024-06-30", until="2024-06-30"), "cairo"),
        (Scope(since="2024-07", until="2024-12-30"), ""),
        (Scope(frozenset({"oslo", "lima"}), frozenset({"ports"}), since="2024"), "lima"),
    ],
)
def test_articles_in_a_scope(bot: Bot, scope: Scope, wanted: str) -> None:
    if wanted:
        assert choose(bot, scope) == set(wanted.split())
    else:
        with pytest.raises(BadScope, match=r"no article .* since 2024-07 until 2024-12-30"):
            choose(bot, scope)


def make_dated(day: str | None) -> Article:
    return Article("a", "a.txt", "A", "A", (), "", "", published=day)


@given(
    day=st.dates(date(2023, 11, 1), date(2025, 2, 28)),
    bounds=st.tuples(*[st.dates(date(2023, 11, 1), date(2025, 2, 28))] * 2).map(sorted),
    lengths=st.tuples(*[st.sampled_from((4, 7, 10))] * 2),
)
def test_a_range_holds_the_days_from_its_first_to_its_last(
    day: date, bounds: list[date], lengths: tuple[int, int]
) -> None:
    since, until = (bound.isoformat()[:n] for bound, n in zip(bounds, lengths, strict=True))
    # As text, "-99" comes after every month and day, and a first day needs no "-01".
    first, last = since, f"{until}-99"
    assert Scope(since=since, until=until).holds(make_dated(day.isoformat())) is (
        first <= day.isoformat() <= last
    )


@pytest.mark.parametrize(("day", "held"), [("2024", True), ("2024-05", False), (None, False)])
def test_coarse_dates_are_held_where_they_may_lie_within(day: str | None, held: bool) -> None:
    assert Scope(since="2024-06", until="2024-08-15").holds(make_dated(day)) is held


@pytest.mark.parametrize(
    "value",
    ["", "24", "2024-1", "2024-13", "2023-02-29", "2024-06-19T10", "June 2024", "0000", "٢٠٢٤"],
)
@pytest.mark.parametrize("name", ["since", "until"])
def test_a_bad_date_is_named_with_the_form_wanted(name: str, value: str) -> None:
    with pytest.raises(BadScope, match=rf"{name} {re.escape(repr(value))} .*YYYY-MM-DD"):
        Scope(since=value) if name == "since" else Scope(until=value)


def test_names_that_are_no_set_are_told_so() -> None:
    for names in ("lima", ["lima"]):
        with pytest.raises(BadScope, match=r"articles is .*lima.*; give a frozenset"):
            Scope(articles=names)  # type: ignore[arg-type]
    with pytest.raises(BadScope, match="since 2025 is no date"):
        Scope(since=2025)  # type: ignore[arg-type]


def test_a_range_that_ends_before_it_begins() -> None:
    with pytest.raises(BadScope, match="since 2025 is after until 2024-12"):
        Scope(since="2025", until="2024-12")
    Scope(since="2024-12-05", until="2024")


def test_unknown_articles_and_topics_are_named(bot: Bot) -> None:
    with pytest.raises(BadScope, match=r"no article 'limo' in the library; did you mean 'lima'\?"):
        bot.ask("What?", scope=Scope(articles=frozenset({"limo", "oslo"})))
    with pytest.raises(BadScope, match=r"no topic 'Zebras' in .*; there are 'Ports', "):
        bot.search("What?", scope=Scope(topics=frozenset({"Zebras"})))


def test_described_in_words() -> None:
    assert EVERYTHING.describe() == "all articles"
    assert Scope(frozenset("ba"), frozenset({"trade"}), "2024-06", "2025").describe() == (
        "articles a, b; topic trade; published since 2024-06 until 2025"
    )
    assert Scope(until="2024").describe() == "published until 2024"


@settings(max_examples=25)
@given(
    st.sampled_from(QUESTIONS),
    st.frozensets(st.sampled_from(tuple(PLACES)), min_size=1, max_size=5),
    st.sampled_from((None, "2023", "2024", "2024-06", "2025")),
    st.sampled_from(((), (("What of the harbour of Oslo?", "It opened in 1901."),))),
)
def test_nothing_from_outside_is_ever_shown(
    bot: Bot,
    question: str,
    articles: frozenset[str],
    since: str | None,
    history: tuple[tuple[str, str], ...],
) -> None:
    scope = Scope(articles, since=since)
    try:
        inside = choose(bot, scope)
    except BadScope:
        with pytest.raises(BadScope, match="no article in the library"):
            bot.explain(question, history, scope=scope)
        return
    trace = bot.explain(question, history, scope=scope)
    check_law(trace.answer, bot.store)
    assert list_shown(trace.answer) <= inside
    read = {item.passage.stored.article.article_id for item in trace.passages}
    found = {p.stored.article.article_id for p in bot.search(question, 50, history, scope=scope)}
    assert read and read <= inside and found == inside


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_scope_of_all_articles_changes_no_answer(bot: Bot, question: str) -> None:
    free = bot.ask(question)
    bound = bot.ask(question, scope=Scope(articles=frozenset(PLACES)))
    wording = free.text.replace("No article mentions", "No article of those chosen mentions")
    assert bound == replace(free, text=wording, timings=bound.timings)


def test_references_are_those_of_the_scope(bot: Bot) -> None:
    question = "What does the newest article say?"
    bounds = {"riga": EVERYTHING, "hanoi": Scope(until="2024"), "oslo": Scope(until="2023")}
    for wanted, scope in bounds.items():
        [note] = [note for note in bot.explain(question, scope=scope).notes if " is date " in note]
        assert f"is date {wanted} " in note


def test_names_that_stand_outside_only_are_missing(bot: Bot) -> None:
    strict = Bot(bot.store, WordEmbedder(), reader=bot.parts.reader, threshold=1.1)
    question = "How tall is the lighthouse of Lima?"
    assert strict.ask(question).text == REFUSAL
    lima, oslo = (Scope(articles=frozenset({name})) for name in ("lima", "oslo"))
    assert strict.ask(question, scope=lima).text == REFUSAL
    assert strict.ask(question, scope=oslo).text == (
        f"{REFUSAL} No article of those chosen mentions Lima."
    )


def test_a_stream_stays_in_the_scope(bot: Bot) -> None:
    scope = Scope(topics=frozenset({"rivers"}))
    parts = list(bot.stream("When did the harbours open?", scope=scope))
    assert parts and all(list_shown(answer) <= {"cairo", "hanoi"} for answer in parts)
    assert parts[-1].citations


def test_a_scope_follows_the_library(tmp_path: Path) -> None:
    folder = write_texts(tmp_path / "articles", {"a.txt": "The mill of Accra\n\nThe mill is red."})
    scope = Scope(articles=frozenset({"a"}))
    with open_words_bot(folder, tmp_path / "library") as bot:
        assert bot.ask("What colour is the mill?", scope=scope).citations[0].quote.endswith("red.")
        write_texts(folder, {"a.txt": "The mill of Accra\n\nThe mill is blue."})
        sync([folder], tmp_path / "library", WordEmbedder())
        assert bot.ask("What colour is the mill?", scope=scope).citations[0].quote.endswith("blue.")
