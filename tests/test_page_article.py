"""An article's HTML: its marks are exactly its quotes, its links and references are right."""

import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.anchor import Anchor
from bot.page.article import (
    Span,
    describe_anchor,
    link_to_original,
    render_article,
    write_reference,
)
from bot.page.strings import WORDS
from tests.page_articles import ARTICLE, HOSTILE, TEXT

ENGLISH = WORDS["en"]


def render(start: int = 0, end: int = 0, *others: Span, text: str = TEXT) -> str:
    anchor = Anchor(start, end, "same", text[start:end])
    return render_article(replace(ARTICLE, text=text), ENGLISH, anchor, others)


def test_an_article_has_its_headings_byline_and_sources() -> None:
    html = render_article(ARTICLE, ENGLISH)
    assert ">The treaty</h2>" in html and "<h3>Article 4</h3>" in html
    assert "<p>Each party helps.</p>" in html and "<li>example.org/treaty</li>" in html
    assert '<p class="byline">2024-06-19</p>' in html and "<mark" not in html


def test_the_quote_is_marked_and_the_others_lightly() -> None:
    html = render(20, 35, Span(0, 19))
    assert '<mark class="also">The first sentence.</mark> ' in html
    assert '<mark id="quote">The second one.</mark>' in html


def test_a_mark_over_two_paragraphs_has_one_anchor() -> None:
    html = render(20, len(TEXT))
    assert html.count('id="quote"') == 1 and html.count("<mark") == 3


@pytest.mark.parametrize(("start", "end"), [(0, 0), (9, 3), (900, 999)])
def test_offsets_out_of_range_mark_nothing(start: int, end: int) -> None:
    assert "<mark" not in render(start, end)


OFFSETS = st.integers(0, len(TEXT))


@given(OFFSETS, OFFSETS, st.lists(st.tuples(OFFSETS, OFFSETS), max_size=4))
def test_marked_text_is_the_quote_and_all_text_stays(
    start: int, end: int, others: list[tuple[int, int]]
) -> None:
    html = render(start, end, *(Span(*other) for other in others))
    marked = "".join(re.findall(r'<mark(?: id="quote")?>(.*?)</mark>', html))
    assert unescape(marked) == TEXT[start:end].replace("\n", "")
    body = html[html.index("</h2>") : html.index("</article>")]
    shown = unescape(re.sub("<[^>]*>", "", body)).replace("2024-06-19", "")
    assert shown == TEXT.replace("\n", "")


def test_a_moved_and_a_lost_quote_are_told() -> None:
    assert describe_anchor(None, ENGLISH) == describe_anchor(Anchor(0, 3, "same", "The"), ENGLISH)
    assert ENGLISH["quote_moved"] in describe_anchor(Anchor(5, 8, "moved", "The"), ENGLISH)
    gone = describe_anchor(Anchor(0, 0, "gone", HOSTILE), ENGLISH)
    assert "no longer" in gone and "<script" not in gone and "&lt;script" in gone
    html = render_article(ARTICLE, ENGLISH, Anchor(0, 0, "gone", "x"))
    assert "<mark" not in html


def test_hostile_words_are_escaped() -> None:
    hostile = replace(
        ARTICLE, title=HOSTILE, author=HOSTILE, sources=(HOSTILE,), article_id='"><b>'
    )
    html = render_article(replace(hostile, text=HOSTILE, headings=()), ENGLISH)
    assert "<script" not in html and "<img" not in html and "<b>" not in html


@pytest.mark.parametrize(
    ("quote", "fragment"),
    [
        ("", "https://example.org/a"),
        (
            "Well-known, isn't it?",
            "https://example.org/a#:~:text=Well%2Dknown%2C%20isn%27t%20it%3F",
        ),
        (
            "one two three four five six seven eight nine ten eleven twelve thirteen",
            "https://example.org/a#:~:text=one%20two%20three%20four%20five%20six,"
            "eight%20nine%20ten%20eleven%20twelve%20thirteen",
        ),
    ],
)
def test_the_original_is_linked_with_a_text_fragment(quote: str, fragment: str) -> None:
    article = replace(ARTICLE, url="https://example.org/a")
    assert link_to_original(article, quote) == fragment


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "file:///etc/passwd", "x"])
def test_only_web_addresses_are_linked(url: str | None) -> None:
    assert link_to_original(replace(ARTICLE, url=url), "quote") is None


def test_a_quote_is_copied_with_its_source() -> None:
    article = replace(ARTICLE, title="On [brackets]", author="A. Writer")
    address = "http://127.0.0.1/a/treaty#0-9"
    plain = write_reference(article, "The\nquote.", address, markdown=False)
    assert plain == f"“The quote.”\nOn [brackets], A. Writer, 2024-06-19\n{address}"
    marked_up = write_reference(article, "The\nquote.", address, markdown=True)
    assert marked_up == (
        f"> The quote.\n>\n> [On \\[brackets\\]]({address}), A. Writer, 2024-06-19"
    )
