"""Numbers and dates: one value for all the ways to write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.facts import agree, find_facts, measure_gap


def read(text: str) -> list[tuple[str, str]]:
    return [(fact.kind, fact.value) for fact in find_facts(text)]


@pytest.mark.parametrize(
    ("kind", "value", "ways"),
    [
        ("number", "10000", "10,000|10 000|10\u00a0000|10000|ten thousand|10 thousand|10k"),
        ("number", "1500000", "1.5 million|1.5m|1,500,000|1.5mn"),
        ("number", "250", "250|two hundred and fifty"),
        ("percent", "22.6", "22.6 percent|22.6%|22.6 per cent|22.6 %"),
        ("percent", "25", "25%|twenty-five percent"),
        ("money", "1500000 $", "$1.5 million|1.5 million dollars|US$1.5m|1.5 million US dollars"),
        ("date", "2023-11-02", "2 November 2023|November 2, 2023|Nov. 2, 2023|02.11.2023|2023-11-02"
                               "|2nd of November 2023|2 Nov 2023"),
        ("date", "--11-02", "2 November|Nov. 2|02.11.|November 2nd"),
        ("date", "2024-05", "May 2024|May, 2024"),
        ("ordinal", "3", "third|3rd"),
        ("year", "2023", "2023"),
    ],
)  # fmt: skip
def test_all_ways_to_write_a_fact_are_one(kind: str, value: str, ways: str) -> None:
    for way in ways.split("|"):
        assert read(f"It had {way} there.") == [(kind, value)], way


@pytest.mark.parametrize(
    "days",
    ["18–19 October 2023", "18 and 19 October 2023", "18 to 19.10.2023", "October 18 and 19, 2023"],
)
def test_two_days_of_one_month_are_two_dates(days: str) -> None:
    assert read(f"He was there on {days}.") == [("date", "2023-10-18"), ("date", "2023-10-19")]


@pytest.mark.parametrize(
    "text",
    [
        "one of them",
        "the M1989 guns",
        "ES-x",
        "no one",
        "It may march on.",
        "someone",
        "tend",
        "the 1990s",
    ],
)
def test_what_is_no_number(text: str) -> None:
    assert read(text) == []


def test_facts_stand_where_they_are_said_to() -> None:
    text = "On 17 June 2024 trade of $34.4 million was up 9 times."
    assert [text[fact.start : fact.end] for fact in find_facts(text)] == [
        "17 June 2024", "$34.4 million", "9",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "given", "agreed"),
    [
        ("2024", "17 June 2024", True),
        ("June 2024", "17 June 2024", True),
        ("17 June", "17 June 2024", True),
        ("17 June 2024", "17 June", False),
        ("17 June 2024", "17 June 2023", False),
        ("2023", "17 June 2024", False),
        ("34 million", "34 million dollars", True),
        ("$34 million", "34 million", False),
        ("$34 million", "€34 million", False),
        ("5", "5 percent", False),
        ("1718", "1,718", True),
    ],
)
def test_what_follows_from_what(said: str, given: str, agreed: bool) -> None:
    (one,), (other,) = find_facts(f"by {said}."), find_facts(f"by {given}.")
    assert agree(one, other) is agreed


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    for fact in find_facts(text):
        assert 0 <= fact.start < fact.end <= len(text) and fact.value


@given(st.integers(1_000, 10**9))
def test_grouping_changes_nothing(number: int) -> None:
    ways = (f"{number:,}", f"{number:,}".replace(",", " "), str(number))
    assert len({read(f"of {way} it")[0][1] for way in ways}) == 1


@pytest.mark.parametrize(
    ("unit", "gap"), [("day", "14"), ("week", "2"), ("month", "1"), ("year", "")]
)
def test_the_time_between_two_dates(unit: str, gap: str) -> None:
    one, other = find_facts("From 20 May 2021 to 3 June 2021.")
    assert measure_gap(one, other, unit) == gap and measure_gap(other, one, unit) == ""


def test_numbers_of_resolutions_are_no_dates() -> None:
    assert read("They opposed ES-11/7.") == [("number", "11"), ("number", "7")]


def test_one_of_a_unit_is_a_number() -> None:
    assert read("It ends one year after notice.") == [("number", "1")]


def test_a_day_that_its_month_does_not_have_is_no_time_from() -> None:
    one, other = find_facts("From 31 June 2021 to 10 July 2021.")
    assert measure_gap(one, other, "day") == ""
