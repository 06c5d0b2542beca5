"""The page's HTML: what it shows of answers and articles, with everything escaped."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.cite import REFUSAL, Answer, cite
from bot.page import (
    link_to_quote,
    read_turns,
    render_answer,
    render_article,
    render_article_page,
    render_welcome,
)
from ingest.clean import Article, Heading

TEXT = "The first sentence. The second one.\n\nArticle 4\n\nEach party helps."
ARTICLE = Article(
    article_id="treaty",
    path="/articles/treaty.md",
    title="The treaty",
    text=TEXT,
    headings=(Heading(37, 46, 2),),
    sha256="0" * 64,
    file_sha256="1" * 64,
    published="2024-06-19",
    sources=("example.org/treaty",),
)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def make_answer(article: Article = ARTICLE, *, refused: bool = False) -> Answer:
    citation = cite(1, article, 0, 19, "Lead")
    text = REFUSAL if refused else f"{citation.quote} [1]"
    cited, nearest = ((), (citation,)) if refused else ((citation,), ())
    return Answer("What?", "What?", text, refused, 0.9, cited, nearest, {})


def test_an_answer_links_each_number_to_its_quote() -> None:
    html = render_answer(make_answer())
    assert "The first sentence.<a" in html and 'class="cite"' in html
    assert "/a/treaty?start=0&amp;end=19#quote" in html
    assert "The treaty › Lead" in html and "2024-06-19" in html


def test_the_exact_answer_is_bold() -> None:
    answer = make_answer()
    marked = replace(answer.citations[0], span=(4, 9))
    html = render_answer(replace(answer, citations=(marked,)))
    assert "The <b>first</b> sentence.<a" in html


def test_a_follow_up_shows_how_it_was_understood() -> None:
    answer = replace(make_answer(), asked="What <of> the treaty?")
    assert "Understood as: What &lt;of&gt; the treaty?" in render_answer(answer)
    assert "Understood as" not in render_answer(make_answer())


def test_turns_are_read_back_from_the_chat() -> None:
    """Gradio keeps the messages as HTML; links, sources and notes are no part of the answer."""
    article = replace(ARTICLE, text="Fish & <chips> are good.", title="Sources of fish")
    answer = replace(make_answer(article), asked="What then?", citations=(
        replace(cite(1, article, 0, 24), span=(0, 4)),
    ))  # fmt: skip
    shown = render_answer(answer)
    messages: list[dict[str, Any]] = [
        {"role": "user", "content": [{"type": "text", "text": "What?"}]},
        {"role": "assistant", "content": [{"type": "text", "text": shown}]},
        {"role": "user", "content": "And then?"},
        {"role": "assistant", "content": render_answer(make_answer(refused=True))},
        {"role": "user", "content": "Not answered yet"},
    ]
    assert read_turns(messages) == [
        ("What?", "Fish & <chips> are good."),
        ("And then?", f"{REFUSAL}"),
    ]


def test_a_refusal_shows_the_nearest_passages() -> None:
    html = render_answer(make_answer(refused=True))
    assert REFUSAL in html and 'class="answer refusal"' in html
    assert "<blockquote>The first sentence.</blockquote>" in html


def test_an_answer_is_one_line_so_that_markdown_leaves_it_alone() -> None:
    article = replace(ARTICLE, text="One\n\ntwo three four five.")
    assert "\n" not in render_answer(make_answer(article))


@pytest.mark.parametrize("refused", [False, True])
def test_hostile_words_are_escaped_in_answers(refused: bool) -> None:
    article = replace(ARTICLE, title=HOSTILE, text=HOSTILE, author=HOSTILE, article_id='"><b>')
    html = render_answer(make_answer(article, refused=refused))
    assert "<script" not in html and "<img" not in html and "<b>" not in html


def test_hostile_words_are_escaped_in_articles() -> None:
    article = replace(
        ARTICLE, title=HOSTILE, text=HOSTILE, author=HOSTILE, sources=(HOSTILE,), headings=()
    )
    for html in (render_article_page(article, 3, 9), render_welcome([article])):
        assert "<script" not in html and "<img" not in html


def test_an_article_has_its_headings_byline_and_sources() -> None:
    html = render_article(ARTICLE)
    assert "<h2>The treaty</h2>" in html and "<h3>Article 4</h3>" in html
    assert "<p>Each party helps.</p>" in html and "<li>example.org/treaty</li>" in html
    assert '<p class="byline">2024-06-19</p>' in html and "<mark" not in html


def test_the_quote_is_marked_exactly() -> None:
    assert '<mark id="quote">The second one.</mark>' in render_article(ARTICLE, 20, 35)


def test_a_mark_over_two_paragraphs_has_one_anchor() -> None:
    html = render_article(ARTICLE, 20, len(TEXT))
    assert html.count('id="quote"') == 1 and html.count("<mark") == 3


@pytest.mark.parametrize(("start", "end"), [(0, 0), (9, 3), (-5, 0), (900, 999)])
def test_offsets_out_of_range_mark_nothing(start: int, end: int) -> None:
    assert "<mark" not in render_article(ARTICLE, start, end)


def test_a_link_holds_id_and_offsets() -> None:
    parts = urlsplit(link_to_quote(cite(1, replace(ARTICLE, article_id="a/b c?"), 4, 9)))
    assert parts.path == "/a/a%2Fb%20c%3F" and parts.fragment == "quote"
    assert parse_qs(parts.query) == {"start": ["4"], "end": ["9"]}


def test_the_welcome_counts_articles_and_names_their_dates() -> None:
    html = render_welcome([ARTICLE, replace(ARTICLE, published="2023-01-02")])
    assert "2 articles, dated 2023-01-02 to 2024-06-19" in html
    assert html.count("<li>") == 2
