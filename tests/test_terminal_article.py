"""An article in the terminal: the quote marked, nothing lost between its parts."""

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from bot.anchor import Anchor
from bot.terminal_article import Sheet, lay_out_article, page_lines
from tests.page_articles import ARTICLE, TEXT


def make_console(*, styled: bool = False, height: int = 24) -> tuple[Console, io.StringIO]:
    file = io.StringIO()
    console = Console(
        file=file, force_terminal=styled, width=40, height=height, _environ={"TERM": "xterm"}
    )
    return console, file


def test_the_quote_is_marked_and_found() -> None:
    console, file = make_console()
    sheet = lay_out_article(console, ARTICLE, Anchor(20, 35, "same", ""))
    page_lines(console, sheet, None)
    assert "The first sentence. »The second one.«\n" in file.getvalue()
    assert file.getvalue().startswith("The treaty\n2024-06-19, /articles/treaty.md\n\n")
    assert "»" in sheet.lines[sheet.quote_line].plain


def test_styles_take_the_place_of_marks() -> None:
    console, file = make_console(styled=True)
    page_lines(console, lay_out_article(console, ARTICLE, Anchor(0, 19, "moved", "")), None)
    assert "\x1b[7mThe first sentence.\x1b[0m" in file.getvalue() and "»" not in file.getvalue()
    assert "\x1b[1mArticle 4\x1b[0m" in file.getvalue()


def test_a_quote_that_is_gone_is_not_marked() -> None:
    console, file = make_console()
    sheet = lay_out_article(console, ARTICLE, Anchor(0, 0, "gone", "Was there."))
    page_lines(console, sheet, None)
    assert "»" not in file.getvalue() and "Each party helps." in file.getvalue()


@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)), st.sampled_from("\r\x07\x1b\x85"))
def test_controls_do_not_move_the_mark(one: int, other: int, control: str) -> None:
    start, end = sorted((one, other))
    text = f"{control}{TEXT}"
    console, _ = make_console()
    article = replace(ARTICLE, text=text, headings=())
    sheet = lay_out_article(console, article, Anchor(start + 1, end + 1, "same", ""))
    body = " ".join(line.plain for line in sheet.lines)
    marked = body.partition("»")[2].partition("«")[0]
    assert "".join(marked.split()) == "".join(TEXT[start:end].split())


def answer(*replies: str) -> Iterator[str]:
    yield from replies


@pytest.mark.parametrize("quote_line", [0, 1, 17, 49])
def test_a_long_article_is_shown_in_parts(quote_line: int) -> None:
    console, file = make_console(height=12)
    replies = answer(*["b"] * 9, *[""] * 9)
    sheet = Sheet([Text(str(number)) for number in range(50)], quote_line)
    prompts: list[str] = []

    def ask(prompt: str) -> str:
        prompts.append(prompt)
        return next(replies)

    page_lines(console, sheet, ask)
    shown = file.getvalue().split()
    assert str(quote_line) in shown[:10] and set(shown) == set(map(str, range(50)))
    assert "41-50 of 50" in prompts[-1] and "1-10 of 50" in prompts[8]


@pytest.mark.parametrize("reply", ["q", "Quit"])
def test_it_ends_when_told(reply: str) -> None:
    console, file = make_console(height=1)
    page_lines(console, Sheet([Text("x")] * 50, 9), lambda prompt: reply)
    assert file.getvalue().count("x") == 4
