"""Plain text: headings by label, number, capitals or standing alone, and lines that are none."""

import pytest

from ingest.formats.text import parse_text

PROSE = (
    "The ministers met in the old harbour town and spoke for three hours about the new railway. "
    "They agreed that work should begin in spring."
)


def headings(text: str) -> list[tuple[str, int]]:
    blocks = parse_text(f"A title\n\n{PROSE}\n\n{text}").blocks
    return [(block.text, block.level) for block in blocks if block.kind == "heading"]


def kind(text: str) -> str:
    [block] = [block for block in parse_text(text).blocks if block.text not in (PROSE, "A title")]
    return block.kind


@pytest.mark.parametrize(
    "line",
    [
        "Early life",
        "Nigardsbreen",
        "Honours, awards and later years",
        "Expeditions of 1957–58",
        "Phase 2",
        "Life in Oslo (1930–1939)",
        "How it began",
        "Section 8. Animals",
        "PART II. ASSOCIATIONS AND LEASES",
        "Chapter IV. What the tenant owes",
        "6. PLANNING APPLICATIONS",
        "10. BUDGET 2025/26",
        "7. ALLOTMENTS",
    ],
)
def test_a_line_that_stands_alone_before_a_paragraph_is_a_heading(line: str) -> None:
    assert headings(f"{line}\n\n{PROSE}") == [(line, 2)]


@pytest.mark.parametrize(
    "line",
    [
        "Corn Exchange, Harbury",
        "12 Tanner Street",
        "Telephone 01453 555210",
        "jane@example.org",
        "Photo: Ann Lee",
        "Dear Sir or Madam",
        "Yours sincerely",
        "He never came back",
        "It was late.",
        "What now?",
        "The council said:",
        "Of the first kind,",
        "and then nothing",
        "“Nobody knows”",
        "— Josiah Fenwick",
        "Advertisement",
        "Share",
        "Share this on Facebook",
        "USA",
        "A line of nine words that is no heading",
        "Section 8. Animals may be kept only with the consent of the",
        "Section 8. Animals may be kept. Not all",
        "2. Scope",
        "1. NATO members:",
        "- UNESCO WORLD HERITAGE",
    ],
)
def test_a_line_that_is_no_heading(line: str) -> None:
    assert headings(f"{line}\n\n{PROSE}") == []


def test_every_line_stays_in_its_place() -> None:
    blocks = parse_text(
        f"A title\n\n{PROSE}\n\nEarly life\n\n{PROSE}\n\n- one\n\nWar years\n\n{PROSE}"
    )
    assert [(block.kind, block.text) for block in blocks.blocks] == [
        ("paragraph", PROSE), ("heading", "Early life"), ("paragraph", PROSE), ("item", "one"),
        ("heading", "War years"), ("paragraph", PROSE),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        f"Jane Doe\nTown Clerk\n\n{PROSE}",
        f"Jane Doe\n\nTown Clerk\n\n{PROSE}",
        f"Yours sincerely,\n\nJane Doe\n\n{PROSE}",
        f"Flour\n\nEggs\n\nButter\n\n{PROSE}",
        "Early life",
        "Early life\n\nShe was born in Kiel",
        "Early life\n\nShe was born in Kiel.",
        f"Early life\n{PROSE}",
        "Roses are red\n\nViolets are blue\n\nSugar is sweet\n\nAnd so are you",
        f"1. NATO\n\n2. UNESCO\n\n3. OPEC\n\n{PROSE}",
        f"1. NATO\n{PROSE}",
        "1. NATO AND OTHERS",
    ],
)
def test_lists_verse_and_signatures_have_no_headings(text: str) -> None:
    assert headings(text) == []


def test_below_the_title_a_name_is_none_and_other_lines_are() -> None:
    assert kind(f"A title\n\nJane Doe\n\n{PROSE}") == "paragraph"
    assert kind(f"A title\n\nEarly life\n\n{PROSE}") == "heading"
    assert kind(f"A title\n\nBy Jane Doe, 3 May 2024\n\nEarly life\n\n{PROSE}") == "heading"


def test_a_heading_with_a_number_needs_no_blank_line_below() -> None:
    text = f"6. PLANNING APPLICATIONS\n{PROSE}\n\nSection 2. Terms\n(a) land"
    assert headings(text) == [("6. PLANNING APPLICATIONS", 2), ("Section 2. Terms", 3)]


def test_parts_hold_sections_and_sections_hold_other_headings() -> None:
    text = "\n\n".join(
        ["PART I. GENERAL", "Section 1. Purpose", PROSE, "Duties", PROSE, "Part II", "ARTICLE 4",
         "MUTUAL DEFENCE", PROSE]
    )  # fmt: skip
    assert headings(text) == [
        ("PART I. GENERAL", 2), ("Section 1. Purpose", 3), ("Duties", 4), ("Part II", 2),
        ("ARTICLE 4", 3), ("MUTUAL DEFENCE", 4),
    ]  # fmt: skip
