"""Word documents: numbers of lists and headings, cells that span rows and columns, powers."""

import io
from collections.abc import Sequence
from typing import Any

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.formats.block import Block
from ingest.formats.docx import parse_docx

W = nsdecls("w")
# A list of sections by numbers, parts by letters, and points by both: 1., (a), 1.a.i
LEVELS = [("decimal", "%1."), ("lowerLetter", "(%2)"), ("lowerRoman", "%1.%2.%3")]


def read(document: Any) -> list[str]:
    return [block.text for block in read_blocks(document)]


def read_blocks(document: Any) -> tuple[Block, ...]:
    data = io.BytesIO()
    document.save(data)
    parsed = parse_docx(data.getvalue())
    assert parsed.warnings == ()
    return parsed.blocks


def define(document: Any, pattern: int, levels: Sequence[tuple[str, str]], start: int = 1) -> None:
    """Add a pattern of lists and a list of it, both of the id `pattern`."""
    xml = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (kind, text) in enumerate(levels)
    )
    numbering = document.part.numbering_part.element
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="{pattern}">{xml}</w:abstractNum>')
    )
    define_list(document, pattern, pattern)


def define_list(document: Any, number: int, pattern: int, override: str = "") -> None:
    xml = f'<w:num {W} w:numId="{number}"><w:abstractNumId w:val="{pattern}"/>{override}</w:num>'
    document.part.numbering_part.element.append(parse_xml(xml))


def add(document: Any, text: str, number: int, depth: int = 0, style: str = "Normal") -> Any:
    paragraph = document.add_paragraph(text, style=style)
    xml = f'<w:numPr {W}><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    paragraph._p.get_or_add_pPr().append(parse_xml(xml))
    return paragraph


def test_numbers_by_style_are_counted_each_for_itself() -> None:
    document = Document()
    for text, style in [
        ("Call 999.", "List Number"), ("Radio the warden.", "List Number"),
        ("A bullet.", "List Bullet"), ("Other list.", "List Number 2"),
        ("Stay.", "List Number"), ("Plain.", "Normal"),
    ]:  # fmt: skip
        document.add_paragraph(text, style=style)
    assert [(block.kind, block.text) for block in read_blocks(document)] == [
        ("item", "1. Call 999."), ("item", "2. Radio the warden."), ("item", "A bullet."),
        ("item", "1. Other list."), ("item", "3. Stay."), ("paragraph", "Plain."),
    ]  # fmt: skip


def test_levels_begin_again_and_name_those_above() -> None:
    document = Document()
    define(document, 90, LEVELS)
    for text, depth in [("A", 0), ("b", 1), ("c", 1), ("d", 2), ("E", 0), ("f", 1), ("g", 2)]:
        add(document, text, 90, depth)
    assert read(document) == ["1. A", "(a) b", "(b) c", "1.b.i d", "2. E", "(a) f", "2.a.i g"]


def test_headings_are_numbered_as_they_are_shown() -> None:
    document = Document()
    define(document, 90, [("upperRoman", "Article %1"), ("decimalZero", "%2")], start=4)
    add(document, "Scope", 90, 0, "Heading 1")
    add(document, "Terms", 90, 1, "Heading 2")
    found = [(block.kind, block.text, block.level) for block in read_blocks(document)]
    # The first heading became the title.
    assert found == [("heading", "04 Terms", 2)]


def test_a_list_that_begins_anew_and_one_that_goes_on() -> None:
    document = Document()
    define(document, 90, LEVELS)
    define_list(document, 91, 90)
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    define_list(document, 92, 90, again)
    for number in (90, 91, 92, 92):
        add(document, "item", number)
    assert read(document) == ["1. item", "2. item", "5. item", "6. item"]


def test_a_style_made_of_another_and_a_paragraph_taken_out_of_its_list() -> None:
    document = Document()
    style = document.styles.add_style("Steps", WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["List Number"]
    circle = document.styles.add_style("Circle", WD_STYLE_TYPE.PARAGRAPH)
    circle.base_style = circle
    document.add_paragraph("First", style="Steps")
    add(document, "No number", 0, 0, "Steps")
    document.add_paragraph("Round", style="Circle")
    add(document, "Unknown list", 77)
    document.add_paragraph("Second", style="List Number")
    assert read(document) == ["1. First", "No number", "Round", "Unknown list", "2. Second"]


def test_deleted_items_are_not_counted_and_empty_ones_are() -> None:
    document = Document()
    document.add_paragraph("One", style="List Number")
    deleted = document.add_paragraph(style="List Number")
    deleted._p.get_or_add_pPr().append(parse_xml(f"<w:rPr {W}><w:del w:id='1'/></w:rPr>"))
    document.add_paragraph("Two", style="List Number")
    document.add_paragraph(style="List Number")
    document.add_paragraph("Four", style="List Number")
    assert read(document) == ["1. One", "2. Two", "4. Four"]


def test_a_document_without_lists_has_no_numbers() -> None:
    document = Document()
    [name] = [key for key, one in document.part.rels.items() if "numbering" in one.reltype]
    del document.part.rels[name]
    document.add_paragraph("One", style="List Number")
    assert read(document) == ["One"]


def make_table(document: Any, rows: Sequence[Sequence[str]]) -> Any:
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for cells, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, texts, strict=True):
            cell.text = text
    return table


def test_cells_that_span_rows_are_said_in_each() -> None:
    document = Document()
    rows = [
        ["Item", "Where", "Who"],
        ["Quad", "Barn", "wardens"],
        ["Saw", "", "all"],
        ["Oar", "", ""],
    ]
    table = make_table(document, rows)
    table.cell(1, 1).merge(table.cell(2, 1)).text = "Barn"
    assert read(document) == [
        "Item | Where | Who", "Quad | Barn | wardens", "Saw | Barn | all", "Oar | – | –",
    ]  # fmt: skip


def test_cells_that_span_columns_and_both() -> None:
    document = Document()
    rows = [["Day", "Open", ""], ["", "from", "to"], ["Mon", "closed", ""], ["Tue", "", ""]]
    table = make_table(document, rows)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "Day"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "Open"
    table.cell(2, 1).merge(table.cell(3, 2)).text = "closed"
    assert read(document) == [
        "Day | Open | Open", "Day | from | to", "Mon | closed | closed", "Tue | closed | closed",
    ]  # fmt: skip


def test_a_title_in_a_table_is_said_once_and_long_texts_are() -> None:
    document = Document()
    long = "All of the boats that are longer than ten metres. " * 9
    table = make_table(document, [["Dues", ""], ["Boat", "Due"], [long, ""], ["Yacht", ""]])
    for row in (0, 2):
        table.cell(row, 0).merge(table.cell(row, 1)).text = ["Dues", "", long][row]
    table.cell(0, 0).add_table(rows=1, cols=1).cell(0, 0).text = "of 1950"
    assert read(document) == ["Dues | of 1950", "Boat | Due", f"{long.strip()} | –", "Yacht | –"]


def test_rows_that_begin_later_or_end_sooner() -> None:
    document = Document()
    table = make_table(document, [["a", "b", "c"], ["x", "y", "z"]])
    row = table.rows[1]._tr
    for place, tag in ((0, "gridBefore"), (-1, "gridAfter")):
        row.remove(row.tc_lst[place])
        row.get_or_add_trPr().append(parse_xml(f'<w:{tag} {W} w:val="1"/>'))
    assert read(document) == ["a | b | c", "– | y | –"]


def test_numbers_in_cells() -> None:
    document = Document()
    table = make_table(document, [["", "Call"], ["", "Stay"]])
    for row in table.rows:
        row.cells[0].paragraphs[0].style = document.styles["List Number"]
    assert read(document) == ["1. | Call", "2. | Stay"]


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["10", "^3", " tons"], "10^3 tons"),
        (["10", "^-", "^12", " m"], "10^-12 m"),
        (["40 m", "^2", ", see", "^1", " there"], "40 m2, see1 there"),
        (["the 5", "^th", " of 3", "^ 4 ", "."], "the 5th of 3^4."),
        (["1", "^1", "/2 cups"], "1 1/2 cups"),
    ],
)
def test_raised_numbers_stay_apart_from_digits(pieces: list[str], text: str) -> None:
    document = Document()
    paragraph = document.add_paragraph()
    for piece in pieces:
        paragraph.add_run(piece.lstrip("^")).font.superscript = piece.startswith("^") or None
    assert read(document) == [text]
