"""What the extractor leaves out of a web page is told, where it may be the article's."""

from pathlib import Path

import pytest

from ingest.clean import clean_article
from ingest.decode import decode_file
from ingest.formats.block import ParsedFile
from ingest.formats.html import parse_html
from ingest.load import read_file
from ingest.parse import parse_file
from tests.articles import make_html, make_text

PARAGRAPHS = make_text(1).split("\n\n")[1:]
SIDEBAR = "<div class='sidebar'><h3>Opening hours</h3><p>Monday to Friday.</p></div>"
ASIDE = "<aside><h4>Note</h4><p>Bring your <b>own</b> rope.</p><script>no()</script></aside>"


def parse(body: str) -> ParsedFile:
    return parse_html(make_html("T", [PARAGRAPHS[0], f"</p>{body}<p>", PARAGRAPHS[1]]))


def test_headings_and_paragraphs_that_are_left_out() -> None:
    assert parse(SIDEBAR).left_out == ("Opening hours", "Monday to Friday.")


def test_asides_and_footers_of_an_article_are_told_whole() -> None:
    footer = "<footer><p>Written by Ann Berg.</p></footer>"
    assert parse(ASIDE + footer).left_out == (
        "Note Bring your own rope.", "Written by Ann Berg.",
    )  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<p>Line one<br>line <b>tw</b>o, 10<sup>3</sup> <time>5 May</time><!-- none --></p>",
        "<ol><li><p>Lock up.</p></li></ol><p>Now <s>£5</s> £4<button>Share</button></p>",
        "<p hidden>Nobody reads this.</p><nav><h3>Sections</h3><p>All of them.</p></nav>",
        "<blockquote><p>First.</p><footer>— Ann</footer></blockquote><h3></h3><p> </p>",
        "<table><caption>Dues</caption><tr><td><p>Yacht</p></td><td>12s</td></tr></table>",
        "<dl><dt>Mole</dt><dd><p>Of stone.</p></dd></dl>",
        "<details><summary>So?</summary>No.</details>",
    ],
)
def test_what_is_kept_or_hidden_or_a_menu_is_not_told(body: str) -> None:
    assert parse(body).left_out == ()


def test_what_is_beside_an_article_is_not_told_but_its_headings() -> None:
    page = make_html("T", PARAGRAPHS)
    beside = f"<header><h2>Our site</h2></header><footer><h2>Contact</h2></footer>{ASIDE}"
    assert parse_html(page.replace("<article>", f"{beside}<article>")).left_out == ("Note",)


def test_it_is_quoted_as_left_overs_are(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    paragraphs = [PARAGRAPHS[0], f"</p>{SIDEBAR}<p>", PARAGRAPHS[1], "Follow us"]
    file.write_text(make_html("T", paragraphs), encoding="utf-8")
    source = decode_file(read_file(file), None)
    cleaned = clean_article(source, parse_file(source), "an-id")
    quoted = '"Opening hours", "Monday to Friday.", "Follow us"'
    assert cleaned.warnings == (f"left out as left-overs of a page: {quoted}",)
    assert cleaned.dropped == ("Opening hours", "Monday to Friday.", "Follow us")
