"""Word .docx: paragraphs, headings, lists and table rows, and the document properties."""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.table import Table
from docx.text.paragraph import Paragraph

from ingest.formats.block import Block, Metadata, ParsedFile, read_date
from ingest.limits import Limits

MAX_RATIO = 100
_HEADING_STYLE = re.compile(r"\AHeading (\d)\Z")


class UnreadableDocx(ValueError):
    """A .docx that cannot be read; the message is the reason."""


def parse_docx(data: bytes, limits: Limits | None = None) -> ParsedFile:
    """Read a Word document. Raises UnreadableDocx for a damaged or hostile one."""
    _check_archive(data, limits or Limits())
    try:
        document = Document(BytesIO(data))
        blocks = list(_walk_document(document))
        metadata = _read_properties(document)
    except MemoryError:
        raise
    # python-docx raises whatever its XML and zip layers do; all mean the same to a user.
    except Exception as error:
        raise UnreadableDocx(f"a damaged .docx ({type(error).__name__})") from error
    if blocks and blocks[0].kind == "heading" and blocks[0].level <= 1:
        title = blocks[0].text
        if metadata.title in {None, title}:
            metadata = Metadata(title, metadata.author, metadata.published)
            blocks = blocks[1:]
    return ParsedFile(tuple(blocks), metadata)


def _check_archive(data: bytes, limits: Limits) -> None:
    """Refuse an archive that unpacks to far more than it holds, or that defines XML entities."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            found = f"it unpacks to {unpacked / 1_000_000:.1f} MB"
            if unpacked > limits.unpacked_mb * 1_000_000:
                raise UnreadableDocx(limits.tell_excess("unpacked_mb", found))
            if unpacked > MAX_RATIO * max(len(data), 10_000):
                raise UnreadableDocx(f"{found}, over {MAX_RATIO} times its size; likely hostile")
            for entry in archive.infolist():
                if entry.filename.endswith(".xml") and b"<!DOCTYPE" in archive.read(entry):
                    raise UnreadableDocx("its XML defines entities; likely hostile")
    except (UnreadableDocx, MemoryError):
        raise
    # zipfile lets errors of many kinds through on damaged archives.
    except Exception as error:
        raise UnreadableDocx("a damaged .docx (its zip cannot be unpacked)") from error


def _walk_document(document: WordDocument) -> Iterator[Block]:
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            yield from _walk_table(part)
        elif text := " ".join(part.text.split()):
            yield _to_block(part, text)


def _to_block(paragraph: Paragraph, text: str) -> Block:
    style = str(paragraph.style.name) if paragraph.style is not None else ""
    if style == "Title":
        return Block("heading", text, 1)
    if match := _HEADING_STYLE.match(style):
        return Block("heading", text, int(match[1]))
    return Block("item" if style.startswith("List") else "paragraph", text)


def _walk_table(table: Table) -> Iterator[Block]:
    for row in table.rows:
        cells = [" ".join(cell.text.split()) for cell in row.cells]
        # A merged cell is listed once for each column that it spans.
        distinct = list(dict.fromkeys(filter(None, cells)))
        if distinct:
            yield Block("item", " | ".join(distinct))


def _read_properties(document: WordDocument) -> Metadata:
    properties = document.core_properties
    return Metadata(
        title=(properties.title or "").strip() or None,
        author=(properties.author or "").strip() or None,
        published=read_date(properties.created),
    )
