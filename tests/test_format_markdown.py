"""Markdown: front matter, headings, items and tables without their markup."""

import pytest

from ingest.formats.block import Block, Metadata
from ingest.formats.markdown import parse_markdown


def blocks(text: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in parse_markdown(text).blocks]


def test_front_matter() -> None:
    parsed = parse_markdown(
        "---\ntitle: Two ministers\nauthors: [Jane Doe, Li Na]\ndate: 2024-11-02\n"
        "source: https://example.org/a\ndescription: In short.\ntags: rail, trade\n"
        "sources:\n  - example.org/b\n---\nBody text.\n"
    )
    assert parsed.metadata == Metadata(
        title="Two ministers",
        author="Jane Doe, Li Na",
        published="2024-11-02",
        url="https://example.org/a",
        summary="In short.",
        topics=("rail", "trade"),
        sources=("example.org/b",),
    )
    assert parsed.blocks == (Block("paragraph", "Body text."),) and parsed.warnings == ()


def test_front_matter_that_is_not_yaml_is_warned_of() -> None:
    for front in ("title: a: b", "date: 2024-13-45", "title: [open", "[" * 1500):
        parsed = parse_markdown(f"---\n{front}\n---\nBody.\n")
        assert [block.text for block in parsed.blocks] == ["Body."]
        assert len(parsed.warnings) == 1 and "front matter" in parsed.warnings[0], front


def test_front_matter_of_other_shapes_is_passed_over() -> None:
    assert parse_markdown("---\n- a\n- b\n---\nBody.\n").metadata == Metadata()
    assert parse_markdown("---\nauthor: {name: X}\ntags: {a: b}\n---\nB.\n").metadata == Metadata()


def test_aliases_do_not_grow() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    parsed = parse_markdown("---\n" + "\n".join([*lines, "title: *a11"]) + "\n---\nBody.\n")
    assert parsed.metadata.title is None


def test_top_heading_is_the_title() -> None:
    parsed = parse_markdown("# Two *ministers*\n\nBody.\n\n## Next\n\nMore.\n")
    assert parsed.metadata.title == "Two ministers"
    assert parsed.blocks[1] == Block("heading", "Next", 2)


def test_front_matter_title_wins_over_the_top_heading() -> None:
    parsed = parse_markdown("---\ntitle: From front\n---\n# From heading\n\nBody.\n")
    assert parsed.metadata.title == "From front"
    assert [block.text for block in parsed.blocks] == ["Body."]


def test_markup_is_dropped_and_words_are_kept() -> None:
    text = (
        'A **bold** [link](https://example.org "t") and `code`,\nwrapped ![a map](m.png) &amp; on.'
    )
    assert blocks(text) == [("paragraph", "A bold link and code, wrapped a map & on.")]


def test_lists_tables_quotes_and_code() -> None:
    text = (
        "1. one\n2. two\n   - inner\n\n| a | b |\n|---|---|\n| c | d |\n\n> quoted\n\n"
        "```python\nx < y\n```\n"
    )
    assert blocks(text) == [
        ("item", "1. one"), ("item", "2. two"), ("item", "inner"), ("item", "a | b"),
        ("item", "c | d"), ("paragraph", "quoted"), ("paragraph", "x < y"),
    ]  # fmt: skip


def test_html_in_markdown_shows_its_text_only() -> None:
    text = (
        "<div>\nSeen &amp; read\n<!-- not > seen -->\n<script>var a = 1;</script>\n</div>\n\n"
        "Line with <b>bold</b>."
    )
    found = blocks(text)
    assert [" ".join(block.split()) for _, block in found] == ["Seen & read", "Line with bold."]


@pytest.mark.parametrize(
    "between",
    ["Opened in 1902.\n\nClosed in 1950.", "Prices: five euros.", "\nA rule stands above.",
     "- Lima\n- Oslo"],
)  # fmt: skip
def test_prose_between_two_rules_is_kept(between: str) -> None:
    parsed = parse_markdown(f"---\n{between}\n\n---\nBody.\n")
    said = " ".join(block.text for block in parsed.blocks)
    for word in between.replace("- ", "").split():
        assert word in said
    assert "Body." in said and parsed.metadata == Metadata()


def test_keys_of_front_matter_may_be_capitals() -> None:
    assert parse_markdown("---\nTitle: Harbours\n---\nB.\n").metadata.title == "Harbours"


def test_items_are_numbered_as_shown() -> None:
    text = "5) five\n1) six\n   - inner\n     - 7\n\n   more of six\n"
    assert blocks(text) == [
        ("item", "5) five"), ("item", "6) six"), ("item", "inner"), ("item", "7"),
        ("item", "more of six"),
    ]  # fmt: skip


def test_an_empty_cell_keeps_its_place() -> None:
    text = "| day | early | late |\n|---|---|---|\n| Friday | | Jonas |\n| | | |\n"
    assert ("item", "Friday | – | Jonas") in blocks(text)
    assert not any(set(line) <= set(" |–") for _, line in blocks(text) if line)


@pytest.mark.parametrize(
    ("line", "author", "published"),
    [
        ("*Last updated: 14 May 2025*", None, "2025-05-14"),
        ("**Date:** 2025-03-12", None, "2025-03-12"),
        ("By Gerda Holm — 9 October 2024", "Gerda Holm", "2024-10-09"),
        ("By then it was over.", None, None),
    ],
)
def test_a_byline_is_read_and_stays(line: str, author: str | None, published: str | None) -> None:
    parsed = parse_markdown(f"# Title\n\n{line}\n\nText of the article.\n")
    assert (parsed.metadata.author, parsed.metadata.published) == (author, published)
    assert parsed.blocks[0].text == line.replace("*", "")


def test_front_matter_wins_over_a_byline() -> None:
    metadata = parse_markdown("---\nauthor: A\ndate: 2020-01-02\n---\nBy B — 3 May 2021\n").metadata
    assert (metadata.author, metadata.published) == ("A", "2020-01-02")
