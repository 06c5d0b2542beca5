"""Web pages: headings in plain markup, terms, captions, quotes, dates in sentences, powers."""

import pytest

from ingest.formats.html import parse_html
from tests.articles import make_html, make_text

PARAGRAPHS = make_text(1).split("\n\n")[1:]
SECTIONS = {
    "History": "The harbour was built in 1902 by the Fenwick company with stone from the quarry.",
    "Do not pay": "Dues are paid at the office before departure, and rowing boats pay nothing.",
    "Lighthouse": "In the storm of 1953 the lighthouse fell; a new one was lit three years later.",
    "Market": "The fish market is held every Friday at six, and children watch from the gallery.",
}
FLAT = "".join(f"<h2>{name}</h2><p>{text}</p>" for name, text in SECTIONS.items())
ROWS = "".join(f"<div class='block'><h2>{k}</h2><p>{v}</p></div>" for k, v in SECTIONS.items())
LISTS = "".join(f"<h2>{k}</h2><ul><li>{v}</li><li>Short</li></ul>" for k, v in SECTIONS.items())


def page(body: str) -> str:
    return (
        "<!DOCTYPE html><html><head><title>The harbour</title></head>"
        f"<body><h1>The harbour</h1>{body}</body></html>"
    )


def within(body: str) -> list[tuple[str, str]]:
    """Return kind and text of what stands between two paragraphs of an article."""
    parsed = parse_html(make_html("T", [PARAGRAPHS[0], f"</p>{body}<p>", PARAGRAPHS[1]]))
    found = [(block.kind, block.text) for block in parsed.blocks]
    assert found[0][1] == PARAGRAPHS[0].strip() and found[-1][1] == PARAGRAPHS[1].strip()
    return list(found[1:-1])


def line(body: str) -> str:
    [(_, text)] = within(f"<p>{body}</p>")
    return text


@pytest.mark.parametrize(
    "body",
    [
        FLAT,
        f"<div>{FLAT}</div>",
        f"<div id='page'>{FLAT}</div>",
        f"<div class='container'>{FLAT}</div>",
        f"<div class=wrap><div class=inner>{FLAT}</div></div>",
        f"<div id=content>{FLAT}</div>",
        f"<main>{FLAT}</main>",
        f"<article>{FLAT}</article>",
        f"<div>{ROWS}</div>",
        ROWS,
        f"<section>{ROWS}</section>",
        f"<table><tr><td>{FLAT}</td></tr></table>",
        f"<table><tr><td><a href=/>Home</a></td><td>{FLAT}</td></tr></table>",
    ],
)
def test_headings_of_plain_markup(body: str) -> None:
    parsed = parse_html(page(body))
    told = [(block.kind, block.text) for block in parsed.blocks if block.text != "Home"]
    kinds = [item for k, v in SECTIONS.items() for item in (("heading", k), ("paragraph", v))]
    assert told == kinds
    assert parsed.left_out == () and parsed.metadata.title == "The harbour"


def test_headings_before_lists_in_plain_markup() -> None:
    blocks = parse_html(page(f"<div>{LISTS}</div>")).blocks
    assert [block.text for block in blocks if block.kind == "heading"] == list(SECTIONS)
    assert sum(block.kind == "item" for block in blocks) == 2 * len(SECTIONS)


@pytest.mark.parametrize(
    "name", ["id='main'", "class='main-column'", "role='main'", "class='entry-content'"]
)
def test_an_element_that_is_named_the_article_is_taken_alone(name: str) -> None:
    beside = "<div><h3>Weather</h3><p>Rain is expected on the coast until the evening.</p></div>"
    blocks = parse_html(page(f"{beside}<div {name}>{FLAT}</div>")).blocks
    assert [block.text for block in blocks if block.kind == "heading"] == list(SECTIONS)
    assert not any("Rain" in block.text for block in blocks)


def test_comments_and_anchors_take_no_text_along() -> None:
    assert line("Go to <a href=x>x.org</a><!-- a --> and read it.") == "Go to x.org and read it."
    heading = "<div><h2><a name='use'></a>How to use it</h2></div><p>Turn the key.</p>"
    assert within(heading) == [("heading", "How to use it"), ("paragraph", "Turn the key.")]


def test_a_table_of_cells_with_headings_alone_stays_a_table() -> None:
    table = "<table><tr><td><h4>Boat</h4></td><td>Due</td></tr><tr><td>Yacht</td><td>12s</td></tr>"
    assert ("item", "Yacht | 12s") in within(f"{table}</table>")


def test_a_caption_is_no_row() -> None:
    rows = "<tr><th>Boat</th><th>Due</th></tr><tr><td>Yacht</td><td>12s</td></tr>"
    items = [("item", "Boat | Due"), ("item", "Yacht | 12s")]
    table = f"<table><caption>Dues <b>of</b> 1950</caption>{rows}</table>"
    assert within(table) == [("paragraph", "Dues of 1950"), *items]
    headed = f"<table><caption><h3>Dues</h3><p>Of 1950.</p></caption>{rows}</table>"
    assert within(headed) == [("heading", "Dues"), ("paragraph", "Of 1950."), *items]
    assert within(f"<table>{rows}</table>") == items


def test_terms_and_what_is_said_of_them_are_one_item() -> None:
    terms = (
        "<dl><dt>Hillcrest branch</dt><dd>Monday to Friday 12–19</dd>"
        "<dt>Old Town</dt><dt>Harbour</dt><dd>closed</dd><dd>Key at the <a href=x>shop</a>.</dd>"
        "<div class='meta'><dt>Is there Wi-Fi?</dt><dd><p>Yes.</p><p>It is free.</p></dd></div>"
        "<dt>E-mail</dt><dd>a@example.org</dd></dl>"
    )
    assert within(terms) == [
        ("item", "Hillcrest branch: Monday to Friday 12–19"),
        ("item", "Old Town, Harbour: closed; Key at the shop."),
        ("item", "Is there Wi-Fi? Yes. It is free."),
        ("item", "E-mail: a@example.org"),
    ]


def test_what_is_said_of_no_term_is_an_item_each() -> None:
    assert within("<dl><dd>It is late.</dd><dd>Indeed it is.<dt>Alone</dt></dl>") == [
        ("item", "It is late."), ("item", "Indeed it is."), ("item", "Alone"),
    ]  # fmt: skip


def test_terms_within_what_is_said() -> None:
    inner = "<dl><dt>Depth</dt><dd>7 m</dd></dl>"
    assert within(f"<dl><dt>Mole</dt><dd>Of stone. {inner}</dd></dl>") == [
        ("item", "Mole: Of stone."), ("item", "Depth: 7 m"),
    ]  # fmt: skip


def test_who_is_quoted_and_what_figures_say() -> None:
    quote = "<blockquote><p>It has cost more.</p><footer>— J. Fenwick, 1843</footer></blockquote>"
    assert within(quote) == [("paragraph", "It has cost more. — J. Fenwick, 1843")]
    figure = (
        "<figure><blockquote><p>It has cost more.</p></blockquote>"
        "<figcaption>— J. <b>Fenwick</b></figcaption></figure>"
        "<figure class='slide'><img alt='x'><figcaption>The mole in 1910.</figcaption></figure>"
        "<div class='wp-caption'><img><p class='wp-caption-text'>The pier in 1911.</p></div>"
        "<figure><img alt='nothing'></figure>"
    )
    assert [text for _, text in within(figure)] == [
        "It has cost more.", "— J. Fenwick", "The mole in 1910.", "The pier in 1911.",
    ]  # fmt: skip


def test_words_in_the_middle_of_sentences_are_kept() -> None:
    timed = "It opens on <time datetime='2024-05-05'>5 <b>May</b></time> at nine."
    assert line(timed) == "It opens on 5 May at nine."
    assert line("The <label>name</label> and <output>7</output>.") == "The name and 7."
    assert within("<menu><li>Fried fish</li></menu>") == [("item", "Fried fish")]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("10<sup>3</sup> tons", "10^3 tons"),
        ("10<sup>−3</sup> and <b>10</b><sup> 6 </sup>", "10^−3 and 10^6"),
        ("40 m<sup>2</sup>, see<sup>1</sup> there", "40 m2, see1 there"),
        ("the 5<sup>th</sup> of 7<sup>*</sup>", "the 5th of 7*"),
        ("in 1953<sup><a href='#n'>2</a></sup> and", "in 1953[2] and"),
        ("in 1953<a href='#n'><sup>2</sup></a> and", "in 1953[2] and"),
        ("1<sup>1</sup>/<sub>2</sub> cups", "1 1/2 cups"),
        ("H<sub>2</sub>O", "H2O"),
    ],
)
def test_raised_numbers_stay_apart_from_digits(markup: str, text: str) -> None:
    assert line(markup) == text


def test_struck_text_is_left_out_and_told() -> None:
    prices = "Now <s>£5</s> £4, <del>old</del> and <strike>gone</strike> and <ins>new</ins>."
    parsed = parse_html(make_html("T", [PARAGRAPHS[0], prices, PARAGRAPHS[1]]))
    assert "Now £4, and and new." in [block.text for block in parsed.blocks]
    assert parsed.warnings == ("3 hidden elements left out",)
    nested = parse_html("<html>" + "<div>" * 3000 + "Seen, <s>not <b>seen</b></s> seen.")
    assert [block.text for block in nested.blocks] == ["Seen, seen."]
