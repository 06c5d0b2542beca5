"""Word documents: blocks, properties, damaged and hostile files."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.formats.docx import UnreadableDocx, parse_docx
from tests.articles import write_docx


def reason(data: bytes) -> str:
    with pytest.raises(UnreadableDocx) as caught:
        parse_docx(data)
    return str(caught.value)


def rewrite(data: bytes, name: str, content: bytes) -> bytes:
    """Return a zip with one member's content replaced."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            new.writestr(entry, content if entry == name else old.read(entry))
    return packed.getvalue()


@pytest.fixture
def document(tmp_path: Path) -> bytes:
    path = write_docx(tmp_path / "a.docx", "Two lines", ["Lead.", "# Next", "Body."], "Jane Doe")
    return path.read_bytes()


def test_blocks_and_title(document: bytes) -> None:
    parsed = parse_docx(document)
    assert (parsed.metadata.title, parsed.metadata.author) == ("Two lines", "Jane Doe")
    assert [(block.kind, block.text, block.level) for block in parsed.blocks] == [
        ("paragraph", "Lead.", 0), ("heading", "Next", 1), ("paragraph", "Body.", 0),
    ]  # fmt: skip


def test_lists_tables_and_date() -> None:
    document = Document()
    document.core_properties.created = datetime(2024, 11, 2, tzinfo=UTC)
    document.add_paragraph("First", style="List Bullet")
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(table.rows[0].cells, ["a", "b", "c"], strict=True):
        cell.text = text
    merged = table.rows[1].cells[0].merge(table.rows[1].cells[2])
    merged.text = "wide"
    data = io.BytesIO()
    document.save(data)
    parsed = parse_docx(data.getvalue())
    assert [(block.kind, block.text) for block in parsed.blocks] == [
        ("item", "First"), ("item", "a | b | c"), ("item", "wide | wide | wide"),
    ]  # fmt: skip
    assert parsed.metadata.published == "2024-11-02"


def test_cut_document(document: bytes) -> None:
    assert "cannot be unpacked" in reason(document[: len(document) // 2])


def test_damaged_parts(document: bytes) -> None:
    for start in range(0, len(document), 997):
        damaged = document[:start] + b"\xff" * 40 + document[start + 40 :]
        try:
            parse_docx(damaged)
        except UnreadableDocx as error:
            assert "damaged" in str(error) or "hostile" in str(error)


def test_broken_xml(document: bytes) -> None:
    assert "a damaged .docx" in reason(rewrite(document, "word/document.xml", b"<w:document"))


def test_bomb_is_refused_before_it_is_unpacked(document: bytes) -> None:
    bomb = rewrite(document, "word/document.xml", b" " * 50_000_000)
    assert len(bomb) < 200_000 and "likely hostile" in reason(bomb)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("part", ["word/document.xml", "_rels/.rels", "[Content_Types].xml"])
def test_entities_are_refused(document: bytes, part: str, encoding: str) -> None:
    xml = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode(encoding)
    assert "entities" in reason(rewrite(document, part, xml))


def test_hidden_and_deleted_text_is_left_out_and_the_rest_kept() -> None:
    document = Document()
    paragraph = document.add_paragraph("Seen. ")
    paragraph.add_run("Hidden.").font.hidden = True
    style = document.styles.add_style("Secret", WD_STYLE_TYPE.CHARACTER)
    style.font.hidden = True
    paragraph.add_run("Hidden by a style.", style)
    tracked = document.add_paragraph("Before ")
    for tag, text in (("ins", "<w:t>inserted</w:t>"), ("del", "<w:delText>deleted</w:delText>")):
        mark = f'<w:{tag} {nsdecls("w")} w:id="1" w:author="a"><w:r>{text}</w:r></w:{tag}>'
        tracked._p.append(parse_xml(mark))
    control = (
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>"
    )
    document.element.body.insert(0, parse_xml(control))
    cells = document.add_table(rows=1, cols=2).rows[0].cells
    cells[0].text = cells[1].text = "5"
    cells[1].add_table(rows=1, cols=1).rows[0].cells[0].text = "within"
    data = io.BytesIO()
    document.save(data)
    parsed = parse_docx(data.getvalue())
    assert [block.text for block in parsed.blocks] == [
        "In a control.", "Seen.", "Before inserted", "5 | 5 | within",
    ]  # fmt: skip
    assert parsed.warnings == ("2 hidden pieces of text left out",)
