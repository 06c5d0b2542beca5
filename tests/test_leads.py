"""What an item of a list or a row of a table is shown with."""

import hashlib

import pytest

from bot.leads import find_items, find_lead
from ingest.clean import Article, join_blocks
from ingest.formats.block import Block

RULES = [
    "Members must not:", "lend tools to others;", "smoke in the shed.", "The club meets at nine.",
]  # fmt: skip
LEASE = [
    "1. The Tenant shall not do any of this. It is barred to:", "(a) sublet:", "(i) a room;",
    "(ii) the whole.", "(b) keep animals.", "2. Payment is due on the third day.",
]  # fmt: skip
LEAFLET = ["Do not take Dolorex", "if you have an ulcer,", "if you are pregnant."]
TABLE = ["Staff of the desk.", "Day | Early | Late", "Monday | Ann | Ben", "Friday | – | Jo"]


def make_article(*blocks: str | Block) -> Article:
    made = [item if isinstance(item, Block) else Block("paragraph", item) for item in blocks]
    text, headings = join_blocks(tuple(made))
    return Article("rules", "a.txt", "Rules", text, headings, hashlib.sha256(b"").hexdigest(), "")


@pytest.mark.parametrize(
    ("blocks", "line", "lead"),
    [
        (RULES, 1, RULES[0]),
        (RULES, 2, RULES[0]),
        (RULES, 3, None),
        (LEASE, 1, "It is barred to:"),
        (LEASE, 2, LEASE[1]),
        (LEASE, 3, LEASE[1]),
        (LEASE, 4, "It is barred to:"),
        (LEASE, 5, None),
        (LEAFLET, 1, LEAFLET[0]),
        (LEAFLET, 2, LEAFLET[0]),
        (TABLE, 0, None),
        (TABLE, 1, None),
        (TABLE, 2, TABLE[1]),
        (TABLE, 3, TABLE[1]),
        (["We accept these:", "PDF", "TIFF", "Nothing else is read."], 2, "We accept these:"),
        (["We accept these:", "PDF", "TIFF", "Nothing else is read."], 3, None),
    ],
)
def test_an_item_is_introduced(blocks: list[str], line: int, lead: str | None) -> None:
    article = make_article(*blocks)
    found = find_lead(article, article.text.index(blocks[line]))
    assert (article.text[slice(*found)] if found else None) == lead


def test_a_heading_ends_the_search() -> None:
    article = make_article("Bring with you:", Block("heading", "Smoking", 2), "not allowed here")
    assert find_lead(article, article.text.index("not allowed")) is None


def test_a_table_may_follow_its_heading() -> None:
    article = make_article("Text.", Block("heading", "Shifts", 2), *TABLE[1:])
    found = find_lead(article, article.text.index("Friday"))
    assert found and article.text[slice(*found)] == TABLE[1]


def test_of_an_endless_table_no_row_is_the_first() -> None:
    article = make_article("Day | Early | Late", *[f"{n} | a | b" for n in range(2_100)])
    assert find_lead(article, article.text.index("2050 |")) is None
    assert find_lead(article, article.text.index("1050 |")) == (0, len("Day | Early | Late"))


def test_a_sentence_inside_a_block_needs_nothing() -> None:
    article = make_article("Members must not:", "smoke. nor drink.")
    assert find_lead(article, article.text.index("nor")) is None


def test_a_lead_brings_its_items() -> None:
    article = make_article(
        "Bring:", "a towel;", "soap.", "The bath opens at nine. It is hot.", "so"
    )
    items = find_items(article, len("Bring:"))
    assert [article.text[slice(*item)] for item in items] == ["a towel;", "soap."]
    assert find_items(article, len(article.text)) == []


def test_items_end_at_a_heading() -> None:
    article = make_article("Bring:", "a towel;", Block("heading", "Opening hours", 2), "nine")
    assert len(find_items(article, len("Bring:"))) == 1
