"""The list of articles: searched, filtered, sorted, and made anew when the library changes."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.page.library import MAX_SHOWN, Card, Order, Shelf, filter_cards, render_list
from bot.page.library_view import show_list
from bot.page.opening import OpenLibrary
from bot.page.scope import describe_scope, read_scope, render_chip, write_scope
from bot.page.strings import WORDS
from bot.scope import BadScope, Scope
from tests.page_articles import HOSTILE

pytest_plugins = ["tests.library_fixtures"]

ENGLISH = WORDS["en"]
CARDS = [
    Card("a", "Bridges of Rajin", "2024-06-19", ("roads", "rail"), "example.org", "On bridges."),
    Card("b", "A treaty", "2023", ("law",), "articles", ""),
    Card("c", "The bridge treaty", None, (), "articles", ""),
]


def find(**filters: object) -> str:
    return "".join(card.article_id for card in filter_cards(CARDS, **filters))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({}, "bac"),
        ({"search": "BRIDGE"}, "ac"),
        ({"search": "treaty bridge"}, "c"),
        ({"search": "nothing"}, ""),
        ({"topics": ["law", "rail"]}, "ba"),
        ({"origins": ["articles"]}, "bc"),
        ({"since": "2024"}, "a"),
        ({"until": "2023-12"}, "b"),
        ({"since": "2023", "until": "2024-06"}, "ba"),
        ({"since": "2024-06-20"}, ""),
        ({"since": "2023-05"}, "ba"),
    ],
)
def test_filters_combine(filters: Mapping[str, object], found: str) -> None:
    assert find(**filters) == found


@pytest.mark.parametrize(("order", "found"), [("newest", "abc"), ("oldest", "bac")])
def test_articles_sort_by_date_undated_ones_last(order: Order, found: str) -> None:
    assert find(order=order) == found


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        ("2024-13", "", "“2024-13” is no date; write 2024, 2024-06 or 2024-06-19."),
        ("", " soon", "“soon” is no date; write 2024, 2024-06 or 2024-06-19."),
        ("2024", "2023", "2024 is after 2023; swap the two dates."),
        (" 2023 ", "2024-02-29", "Articles: 1 of 3"),
    ],
)
def test_a_wrong_date_is_told(since: str, until: str, told: str) -> None:
    filters = ["treaty", "title", [], [], since, until]
    count, listed = show_list(CARDS, filters, Scope(), ENGLISH)
    assert f">{told}</p>" in count
    # The other filters hold.
    assert listed.count("<li>") == (1 if "Articles" in told else 2)
    in_russian, _ = show_list(CARDS, filters, Scope(), WORDS["ru"])
    assert "is" not in in_russian.partition(">")[2]


def test_a_list_links_and_has_boxes_only_where_one_may_choose() -> None:
    html = render_list(CARDS, ENGLISH)
    assert html.count("<li>") == 3 and 'href="/a/a"' in html and "<input" not in html
    html = render_list(CARDS, ENGLISH, ["b"])
    assert html.count("<input") == 3 and html.count(" checked") == 1


def test_a_long_list_is_cut_and_an_empty_one_says_so() -> None:
    many = [Card(str(number), "x", None, (), "", "") for number in range(MAX_SHOWN + 5)]
    assert render_list(many, ENGLISH).count("<li>") == MAX_SHOWN
    assert ENGLISH["none_found"] in render_list([], ENGLISH)


def test_hostile_titles_are_escaped() -> None:
    card = Card('"><b>', HOSTILE, HOSTILE, (HOSTILE,), HOSTILE, HOSTILE)
    html = render_list([card], ENGLISH, []) + render_chip(
        Scope(frozenset({'"><b>'})), ENGLISH, [card]
    )
    assert "<script" not in html and "<img" not in html and "<b>" not in html


def test_the_shelf_holds_the_library(library: Path) -> None:
    opened = OpenLibrary(library)
    try:
        shelf = Shelf(opened)
        cards = shelf.list_cards()
        assert len(cards) == 24 and shelf.list_cards() is cards
        assert all(card.published and card.topics and card.origin == "corpus" for card in cards)
    finally:
        opened.close()


def test_a_scope_is_kept_as_json_and_told_in_words() -> None:
    scope = Scope(frozenset({"a", "b"}), frozenset({"law"}), "2023", "2024-06")
    assert read_scope(write_scope(scope)) == scope
    assert describe_scope(scope, ENGLISH) == "2 articles, law, dated 2023 – 2024-06"
    assert describe_scope(Scope(frozenset({"a"})), ENGLISH, CARDS) == "Bridges of Rajin"
    assert read_scope(None) == read_scope({}) == read_scope("x") == Scope()
    assert describe_scope(Scope(), ENGLISH) == render_chip(Scope(), ENGLISH, CARDS) == ""
    with pytest.raises(BadScope, match="soon"):
        read_scope({"since": "soon"})
