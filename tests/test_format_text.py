"""Plain text: title, byline, wrapped lines joined, other line breaks kept as blocks."""

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.text import is_heading, is_title, parse_text

PROSE = (
    "The ministers met in the old harbour town and spoke for three hours about the new railway. "
    "They agreed that work should begin in spring and that each side would pay for its own part."
)


def texts(text: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in parse_text(text).blocks]


def test_first_line_is_the_title() -> None:
    parsed = parse_text(f"Ministers meet again\n\n{PROSE}\n")
    assert parsed.metadata.title == "Ministers meet again"
    assert [block.text for block in parsed.blocks] == [PROSE]


def test_sentence_is_no_title() -> None:
    parsed = parse_text(f"The ministers met on Monday.\n\n{PROSE}")
    assert parsed.metadata.title is None
    assert parsed.blocks[0].text == "The ministers met on Monday."


def test_only_line_stays_text() -> None:
    parsed = parse_text("Nothing but this line")
    assert parsed.metadata.title is None and texts("Only this") == [("paragraph", "Only this")]
    assert parse_text("").blocks == ()


def test_byline_and_date() -> None:
    metadata = parse_text(f"A title\nBy Jane Doe\nNovember 2, 2024\n\n{PROSE}").metadata
    assert (metadata.title, metadata.author, metadata.published) == (
        "A title", "Jane Doe", "2024-11-02",
    )  # fmt: skip


@pytest.mark.parametrize("line", ["By Jane Doe, 3 May 2024", "Author: Jane Doe | 3 May 2024"])
def test_byline_with_date(line: str) -> None:
    metadata = parse_text(f"A title\n\n{line}\n\n{PROSE}").metadata
    assert (metadata.author, metadata.published) == ("Jane Doe", "2024-05-03")


def test_sentence_that_begins_with_by_is_text() -> None:
    parsed = parse_text(f"A title\n\nBy then the talks had failed.\n\n{PROSE}")
    assert parsed.metadata.author is None
    assert parsed.blocks[0].text == "By then the talks had failed."


@pytest.mark.parametrize("width", [50, 72, 100])
def test_wrapped_lines_are_joined(width: int) -> None:
    wrapped = textwrap.fill(PROSE, width)
    assert texts(f"{wrapped}\n\n{wrapped}") == [("paragraph", PROSE)] * 2


def test_wrapped_first_paragraph_is_not_cut_for_a_title() -> None:
    parsed = parse_text(textwrap.fill(PROSE, 72))
    assert parsed.metadata.title is None and parsed.blocks[0].text == PROSE


def test_long_title_or_address_does_not_unwrap_a_file() -> None:
    title = "A title of one line that is a good deal longer than the lines of text that it heads"
    address = "https://example.org/" + "a/b" * 80
    parsed = parse_text(f"{title}\n\n{textwrap.fill(PROSE, 60)}\n\n{address}\n")
    assert parsed.metadata.title == title
    assert [block.text for block in parsed.blocks] == [PROSE, address]


def test_each_line_of_an_unwrapped_file_is_a_block() -> None:
    long = f"{PROSE} {PROSE}"
    assert texts(f"Title\n{long}\nA short line\n{long}")[0:3] == [
        ("paragraph", long), ("paragraph", "A short line"), ("paragraph", long),
    ]  # fmt: skip


def test_short_line_in_a_wrapped_file_is_a_block() -> None:
    wrapped = textwrap.fill(PROSE, 72)
    assert texts(f"{wrapped}\n\nJane Doe\nLatest posts by Jane Doe (see all)\n") == [
        ("paragraph", PROSE),
        ("paragraph", "Jane Doe"),
        ("paragraph", "Latest posts by Jane Doe (see all)"),
    ]


def test_short_line_before_a_long_word_is_joined() -> None:
    address = "https://example.org/ministers/meet/in/the/harbour/town"
    wrapped = textwrap.fill(f"{PROSE} See {address} for all of it. {PROSE}", 60)
    assert f"{address} for" in texts(wrapped)[0][1] and len(texts(wrapped)) == 1


def test_list_items() -> None:
    item = textwrap.fill(PROSE, 72, subsequent_indent="  ")
    assert texts(f"{textwrap.fill(PROSE, 72)}\n- {item}\n* two\n• three\n1. four\n12. five") == [
        ("paragraph", PROSE),
        ("item", PROSE),
        ("item", "two"),
        ("item", "three"),
        ("item", "1. four"),
        ("item", "12. five"),
    ]


def test_headings_are_told() -> None:
    assert texts(f"Title\n\nARTICLE 4\n{PROSE}\n\nArticle IV\n\n{PROSE}") == [
        ("heading", "ARTICLE 4"),
        ("paragraph", PROSE),
        ("heading", "Article IV"),
        ("paragraph", PROSE),
    ]


def test_blank_lines_may_hold_any_white_space() -> None:
    assert len(texts(f"{PROSE}\n \u00a0\t\n{PROSE}\n\u00a0\n{PROSE}")) == 3


def test_title_and_heading_limits() -> None:
    assert is_title("word " * 20) and not is_title("word " * 21) and not is_title("Ends so:")
    assert is_heading("SECTION ONE") and not is_heading("USA") and not is_heading("SO IT ENDS.")
    assert not is_heading("Article 4 says that. And more")


@given(st.text(alphabet="ab- *1.\n\t\u00a0Ä漢", max_size=300))
def test_no_letter_is_lost(text: str) -> None:
    parsed = parse_text(text)
    kept = "".join(block.text for block in parsed.blocks) + (parsed.metadata.title or "")
    letters = "abÄ漢"
    assert sorted(c for c in kept if c in letters) == sorted(c for c in text if c in letters)
