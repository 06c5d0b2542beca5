"""PDF: paragraphs of the text layer, document properties, files that give no text."""

import io

import pytest
from pypdf import PdfReader, PdfWriter

from ingest.formats.pdf import UnreadablePdf, parse_pdf
from tests.articles import make_pdf

LINES = (
    "The committee of the harbour met on the first of May and agreed on a new rail-",
    "way line to the border, which is to be paid for by both sides in equal parts",
    "over ten years.",
    "A second paragraph follows here, with as many letters in its line as the first",
    "and it ends.",
)


def reason(data: bytes) -> str:
    with pytest.raises(UnreadablePdf) as caught:
        parse_pdf(data)
    return str(caught.value)


def test_lines_become_paragraphs() -> None:
    found = [block.text for block in parse_pdf(make_pdf([LINES])).blocks]
    assert found == [
        "The committee of the harbour met on the first of May and agreed on a new railway line to "
        "the border, which is to be paid for by both sides in equal parts over ten years.",
        "A second paragraph follows here, with as many letters in its line as the first and it "
        "ends.",
    ]


def test_properties() -> None:
    properties = {
        "Title": "Two (new) lines",
        "Author": "Jane Doe",
        "CreationDate": "D:20241102090000Z",
    }
    metadata = parse_pdf(make_pdf([LINES], properties)).metadata
    assert (metadata.title, metadata.author, metadata.published) == (
        "Two (new) lines", "Jane Doe", "2024-11-02",
    )  # fmt: skip


def test_title_of_a_word_processor_is_no_title() -> None:
    properties = {"Title": "Microsoft Word - draft.doc", "CreationDate": "some day"}
    metadata = parse_pdf(make_pdf([LINES], properties)).metadata
    assert metadata.title is None and metadata.published is None


def test_page_numbers_and_repeated_lines_are_dropped() -> None:
    pages = [["The Harbour Gazette", *LINES, f"Page {page} of 4"] for page in range(1, 5)]
    whole = " ".join(block.text for block in parse_pdf(make_pdf(pages)).blocks)
    assert "Gazette" not in whole and "Page" not in whole
    assert whole.count("railway line") == 4


def test_paragraph_goes_on_over_the_page() -> None:
    blocks = parse_pdf(make_pdf([LINES[:2], LINES[2:]])).blocks
    assert blocks[0].text.endswith("in equal parts over ten years.")


def test_heading_lines() -> None:
    blocks = parse_pdf(make_pdf([[*LINES, "Article 4", *LINES]])).blocks
    assert [block.text for block in blocks if block.kind == "heading"] == ["Article 4"]


FULL = "The harbour is open from six to twenty-two on all days of the year but for two."
PRICE = "A mooring place costs 35 euros a night."


@pytest.mark.parametrize(
    "heading", ["Mooring", "3. Mooring", "2.1 Fees for boats", "What does a night cost?"]
)
@pytest.mark.parametrize("before", [FULL, "It is open."])
def test_a_heading_on_its_own_line_is_no_part_of_a_sentence(before: str, heading: str) -> None:
    blocks = parse_pdf(make_pdf([["Harbour rules", FULL, before, heading, PRICE]])).blocks
    assert [block.text for block in blocks if block.kind == "heading"] == [heading]
    assert blocks[-1].text == PRICE


@pytest.mark.parametrize(
    "lines",
    [
        (FULL, "Prices", "begin at 3 euros."),
        (FULL.replace("two.", "as Ann"), "Smith", "Is away."),
        ("Bring these to the office on the first day of your stay, please, all of them:", "Forms",
         "Your passport."),
        (FULL, "Adult 12", "Child 6", "Senior 8"),
        (FULL, "1. boats", "A boat is long."),
    ],
)  # fmt: skip
def test_short_lines_of_a_paragraph_are_no_headings(lines: tuple[str, ...]) -> None:
    blocks = parse_pdf(make_pdf([["Harbour rules", FULL, *lines]])).blocks
    assert [block.text for block in blocks if block.kind == "heading"] == []


def test_damaged_pdf() -> None:
    assert "a damaged PDF" in reason(make_pdf([LINES])[:60])
    assert "a damaged PDF" in reason(b"%PDF-1.7 and nothing more")


def test_pdf_without_text() -> None:
    assert "no text layer" in reason(make_pdf([[]]))


def test_locked_pdf() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_pdf([LINES]))))
    writer.encrypt("secret", algorithm="RC4-128")
    data = io.BytesIO()
    writer.write(data)
    assert "needs a password" in reason(data.getvalue())


def test_pdf_locked_with_an_empty_password_is_read() -> None:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_pdf([LINES]))))
    writer.encrypt("", "owner", algorithm="RC4-128")
    data = io.BytesIO()
    writer.write(data)
    assert "railway line" in parse_pdf(data.getvalue()).blocks[0].text


def test_damaged_bytes_are_read_or_refused() -> None:
    data = make_pdf([LINES], {"Title": "Two lines", "CreationDate": "D:20241102090000Z"})
    for start in range(0, len(data), 7):
        damaged = data[:start] + b"(<[/99 " + data[start + 7 :]
        try:
            parse_pdf(b"%PDF-1.4" + damaged[8:])
        except UnreadablePdf as error:
            assert str(error)


def test_numbers_of_a_table_are_no_page_numbers() -> None:
    cells = ["Height in metres", "250", "Opened", "1984", "Visitors a year", "1200"]
    whole = " ".join(block.text for block in parse_pdf(make_pdf([["Figures", *cells]])).blocks)
    assert all(cell in whole for cell in cells)


@pytest.mark.parametrize("first", [1, 7])
def test_a_number_that_counts_the_pages_is_dropped(first: int) -> None:
    pages = [[*LINES, str(first + page)] for page in range(3)]
    whole = " ".join(block.text for block in parse_pdf(make_pdf(pages)).blocks)
    assert not any(letter.isdigit() for letter in whole)
