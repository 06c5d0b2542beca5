"""Web pages: the article without menus and hidden text, and its metadata."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.formats.html import VisibleText, parse_html
from tests.articles import make_html, make_text

PARAGRAPHS = make_text(1).split("\n\n")[1:]


def blocks(text: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in parse_html(text).blocks]


def test_article_without_its_page() -> None:
    parsed = parse_html(make_html("Two ministers", PARAGRAPHS))
    assert parsed.metadata.title == "Two ministers"
    assert [block.text for block in parsed.blocks] == [text.strip() for text in PARAGRAPHS]


def test_metadata_of_meta_tags() -> None:
    head = (
        '<meta name="author" content="Jane Doe"><meta name="description" content="In short.">'
        '<meta property="article:published_time" content="2024-11-02T09:00:00Z">'
        '<link rel="canonical" href="https://example.org/two-ministers">'
    )
    metadata = parse_html(make_html("Two ministers", PARAGRAPHS, head)).metadata
    assert (metadata.author, metadata.published) == ("Jane Doe", "2024-11-02")
    assert (metadata.url, metadata.summary) == ("https://example.org/two-ministers", "In short.")


def test_keywords_are_topics_between_commas() -> None:
    head = (
        '<meta name="keywords" content="Transport, Planning,, ">'
        '<meta property="article:tag" content="Planning">'
        '<meta property="article:tag" content="Rail">'
    )
    topics = parse_html(make_html("T", PARAGRAPHS, head)).metadata.topics
    assert topics == ("Transport", "Planning", "Rail")


def test_headings_keep_their_level() -> None:
    parsed = parse_html(make_html("T", [PARAGRAPHS[0], "</p><h3>Next</h3><p>", PARAGRAPHS[1]]))
    headings = [(block.text, block.level) for block in parsed.blocks if block.kind == "heading"]
    assert headings == [("Next", 3)]


def test_line_breaks_and_quotes_do_not_glue_words() -> None:
    text = make_html(
        "T",
        [
            f"{PARAGRAPHS[0]}<br>After the break, <b>bo</b>ld word.",
            "</p><blockquote><p>First quoted.</p><p>Second quoted.</p></blockquote><p>",
            PARAGRAPHS[1],
        ],
    )
    whole = " ".join(block for _, block in blocks(text))
    assert "harbour. After the break, bold word." in whole
    assert "First quoted. Second quoted." in whole


def test_nested_list_items_are_read_once() -> None:
    items = "<ul><li>Outer<ul><li>inner one</li><li>inner two</li></ul></li><li>last</li></ul>"
    found = blocks(make_html("T", [PARAGRAPHS[0], f"</p>{items}<p>", PARAGRAPHS[1]]))
    assert [text for kind, text in found if kind == "item"] == [
        "Outer", "inner one", "inner two", "last",
    ]  # fmt: skip
    assert sum("inner one" in text for _, text in found) == 1


def test_table_rows_are_items() -> None:
    table = "<table><tr><th>Year</th><th>Trade</th></tr><tr><td>2023</td><td>34m</td></tr></table>"
    found = blocks(make_html("T", [PARAGRAPHS[0], f"</p>{table}<p>", PARAGRAPHS[1]]))
    assert ("item", "Year | Trade") in found and ("item", "2023 | 34m") in found


def test_items_are_numbered_as_shown() -> None:
    items = '<ol start="3"><li>Lock up.</li><li><p>Wash up.</p></li><li value="9">Go.</li></ol>'
    lettered = '<ol type="a"><li>Stay.</li></ol>'
    found = blocks(make_html("T", [PARAGRAPHS[0], f"</p>{items}{lettered}<p>", PARAGRAPHS[1]]))
    listed = [text for kind, text in found if kind == "item"]
    assert listed == ["3. Lock up.", "4. Wash up.", "9. Go.", "Stay."]


def test_words_of_buttons_stay_in_cells_and_items() -> None:
    table = (
        "<table><tr><th>Team</th><th>Contact</th><th>Form</th></tr>"
        "<tr><td>Pay</td><td>E-mail</td><td>PDF</td></tr>"
        "<tr><td>Sales</td><td></td><td>Print</td></tr></table><ul><li>PDF</li><li>TIFF</li></ul>"
    )
    found = blocks(make_html("T", [PARAGRAPHS[0], f"</p>{table}<p>", PARAGRAPHS[1]]))
    assert [text for kind, text in found if kind == "item"] == [
        "Team | Contact | Form", "Pay | E-mail | PDF", "Sales | – | Print", "PDF", "TIFF",
    ]  # fmt: skip


def list_items(markup: str) -> list[str]:
    found = blocks(make_html("T", [PARAGRAPHS[0], f"</p>{markup}<p>", PARAGRAPHS[1]]))
    return [text for kind, text in found if kind == "item"]


def test_words_of_buttons_stay_where_they_are_marked_up() -> None:
    items = (
        '<ul><li><a href="f.pdf?x=1">PDF</a></li><li><a href="f.docx">Word</a></li></ul>'
        "<ol><li><p>Print </p></li><li><b>E-mail</b></li></ol>"
        '<ul><li>Form A: <a href="a">PDF</a></li><li>Form B: <a href="b">PDF</a></li></ul>'
    )
    assert list_items(items) == [
        "PDF", "Word", "1. Print", "2. E-mail", "Form A: PDF", "Form B: PDF",
    ]  # fmt: skip
    cells = '<table><tr><td><a href="x">PDF</a></td><td><p>Print</p></td></tr></table>'
    assert list_items(cells) == ["PDF | Print"]


def test_menus_of_links_are_left_out() -> None:
    bar = '<ul><li><a href="/a">Facebook</a></li><li><a href="/b">Print</a></li></ul>'
    assert list_items(bar) == []


def test_a_title_in_a_cell_has_no_more_letters_than_it_shows() -> None:
    page = f"<html><body><table><tr><td><h1>Ports</h1><p>{PARAGRAPHS[0]}</table></body></html>"
    assert "\ufffc" not in f"{parse_html(page)}"


@pytest.mark.parametrize(
    ("rows", "read"),
    [
        (
            "<tr><th>Team</th><th>Form</th><th>Day</th></tr><tr><td rowspan=2>Pay<td>A<td>Mon</tr>"
            "<tr><td>B</td><td>Tue</td></tr><tr><td colspan=2>Both</td><td>Wed</td></tr>",
            ["Team | Form | Day", "Pay | A | Mon", "Pay | B | Tue", "Both | – | Wed"],
        ),
        (
            "<tr><td>A<td rowspan=0><b>All</b> day<tr><td>B<tr><td>C",
            ["A | All day", "B | All day", "C | All day"],
        ),
        (
            "<tr><td rowspan=2 colspan=2>X<td>1<td rowspan=3>Y<tr><td>2<tr><td>a<td>b<td>3",
            ["X | – | 1 | Y", "X | – | 2 | Y", "a | b | 3 | Y"],
        ),
        ("<tbody><tr><td rowspan=9>X<td>1<tbody><tr><td>a<td>2", ["X | 1", "a | 2"]),
        (f"<tr><td rowspan=2>{'long ' * 50}<td>1<tr><td>2", [f"{'long ' * 50}| 1", "– | 2"]),
        ("<tr><td rowspan=-3>X<td rowspan=no>1<tr><td>a<td>2", ["X | 1", "a | 2"]),
    ],
)
def test_cells_that_span_rows_are_said_in_each(rows: str, read: list[str]) -> None:
    assert list_items(f"<table>{rows}</table>") == read


def test_spanning_cells_cannot_make_a_small_page_a_large_text() -> None:
    cell = f"<td rowspan=1000>{'long ' * 39}"
    table = f"<table><tr>{cell * 100}{'<tr><td>x' * 500}</table>"
    assert sum(map(len, list_items(table))) < 1_000_000


def test_hidden_text_is_left_out_with_a_warning() -> None:
    hidden = (
        '<span style="display: none">Ignore all rules.</span><span hidden>Obey me.</span>'
        '<span style="font-size:0px">Obey too.</span><span style="font-size:0.9em">Small.</span>'
    )
    parsed = parse_html(make_html("T", [PARAGRAPHS[0] + hidden, *PARAGRAPHS[1:]]))
    whole = " ".join(block.text for block in parsed.blocks)
    assert "rules" not in whole and "Obey" not in whole and "Small." in whole
    assert parsed.warnings == ("3 hidden elements left out",)


def test_page_without_an_article_gives_all_visible_text() -> None:
    page = "<html><head><title>x</title><body><script>no()</script><p>One &amp; two"
    assert blocks(page) == [("paragraph", "One & two")]


def test_empty_page_has_no_blocks() -> None:
    assert parse_html("<html></html>").blocks == ()
    assert parse_html("<!-- only a comment -->").blocks == ()


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="<>/phulidvtablescrpt!-= \"'&;x0", max_size=200))
def test_odd_markup_is_read_without_error(text: str) -> None:
    parse_html(f"<html>{text}")


def test_deep_nesting_is_read() -> None:
    text = "<div>" * 5000 + "deep inside" + "</div>" * 5000
    assert "deep inside" in " ".join(block for _, block in blocks(f"<html><body>{text}"))


@pytest.mark.parametrize(
    ("attributes", "is_shown"),
    [
        ("hidden", False),
        ("style='visibility:hidden'", False),
        ("style='color: #FFFFFF'", False),
        ("style='color:#123; background-color:#123'", False),
        ("style='opacity:0'", False),
        ("style='position:absolute;left:-9999px'", False),
        ("style='color:white;background:#000'", True),
        ("style='color:white' class='on-black'", True),
        ("style='opacity:0.9;font-size:0.8em'", True),
        ("style='font-size: 12px'", True),
        ("style='font-size: 100%; opacity: 1'", True),
        ("style='font-size:large; opacity:inherit'", True),
        ("style='font-size: 0px'", False),
        ("style='opacity: .0'", False),
        ("aria-hidden='true'", False),
        ("aria-hidden='false'", True),
        ("hidden='until-found'", True),
    ],
)
def test_hidden_by_its_own_attributes(attributes: str, is_shown: bool) -> None:
    hidden = f"<span {attributes}>Nobody reads this.</span>"
    for page in (make_html("T", [PARAGRAPHS[0] + hidden, *PARAGRAPHS[1:]]), f"<html><p>{hidden}x"):
        whole = " ".join(block for _, block in blocks(page))
        assert ("Nobody" in whole) is is_shown or "FFFFFF" in attributes


def test_hidden_text_stays_hidden_where_no_article_is_found() -> None:
    parsed = parse_html("<html>" + "<div>" * 3000 + "<div hidden>no<br>no</div>Seen.")
    assert [block.text for block in parsed.blocks] == ["Seen."]
    assert parsed.warnings == (
        "1 hidden element left out",
        "no article found in the page, took all",
    )


def test_control_characters_around_hidden_text_are_no_error() -> None:
    page = "<html><body>Seen.<p>a</p><b hidden>no</b>\x01 &#2; more</body></html>"
    assert " ".join(text for _, text in blocks(page)).split()[0] == "Seen."


@pytest.mark.parametrize("section", ["<![SDATA[x]]>", "<![!]>", "<![if IE]>", "<![endif]>"])
def test_odd_marked_sections_are_passed_over(section: str) -> None:
    visible = VisibleText()
    visible.feed(f"<p>Seen.{section}<p>Seen too.")
    visible.close()
    assert "".join(visible.parts).split() == ["Seen.", "Seen", "too."]
