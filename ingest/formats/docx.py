"""Word .docx: paragraphs, headings, lists and table rows, and the document properties."""

import re
import zipfile
from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.part import XmlPart

from ingest.counts import count_of
from ingest.formats.block import Metadata, ParsedFile, read_date
from ingest.formats.docx_blocks import DocumentText
from ingest.limits import Limits

MAX_RATIO = 100


# In UTF-8, and in UTF-16 of either order.
_ENTITIES = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)")
# Drawing programs begin theirs with a document type.
_PICTURE = re.compile(r"(?i)word/media/.*\.svg\Z")


class UnreadableDocx(ValueError):
    """A .docx that cannot be read; the message is the reason."""


def parse_docx(data: bytes, limits: Limits | None = None) -> ParsedFile:
    """Read a Word document. Raises UnreadableDocx for a damaged or hostile one."""
    _check_archive(data, limits or Limits())
    try:
        document = Document(BytesIO(data))
        _require_no_entities(document)
        text = DocumentText(document)
        blocks = list(text.walk())
        metadata = _read_properties(document)
        warnings = _tell_left_out(document, text.hidden)
    except (UnreadableDocx, MemoryError):
        raise
    # python-docx raises whatever its XML and zip layers do; all mean the same to a user.
    except Exception as error:
        raise UnreadableDocx(f"a damaged .docx ({type(error).__name__})") from error
    if blocks and blocks[0].kind == "heading" and blocks[0].level <= 1:
        title = blocks[0].text
        if metadata.title in {None, title}:
            metadata = Metadata(title, metadata.author, metadata.published)
            blocks = blocks[1:]
    return ParsedFile(tuple(blocks), metadata, warnings)


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
                if _ENTITIES.search(archive.read(entry)) and not _PICTURE.match(entry.filename):
                    raise UnreadableDocx("its XML defines entities; likely hostile")
    except (UnreadableDocx, MemoryError):
        raise
    # zipfile lets errors of many kinds through on damaged archives.
    except Exception as error:
        raise UnreadableDocx("a damaged .docx (its zip cannot be unpacked)") from error


def _require_no_entities(document: WordDocument) -> None:
    """Refuse a document whose parts, parsed from wherever they lie, define entities after all."""
    for part in document.part.package.iter_parts():
        if isinstance(part, XmlPart) and part.element.getroottree().docinfo.internalDTD is not None:
            raise UnreadableDocx("its XML defines entities; likely hostile")


def _tell_left_out(document: WordDocument, hidden: int) -> tuple[str, ...]:
    notes = 0
    for part in document.part.package.iter_parts():
        if part.partname.endswith(("/footnotes.xml", "/endnotes.xml")):
            all_notes = len(re.findall(rb"<w:(?:foot|end)note\s", part.blob))
            # The lines between text and notes are kept as notes of a type.
            notes += all_notes - len(re.findall(rb"<w:(?:foot|end)note\s[^<>]*w:type=", part.blob))
    told = {
        f"{count_of(hidden, 'hidden piece')} of text": hidden,
        count_of(notes, "footnote"): notes,
    }
    return tuple(f"{what} left out" for what, count in told.items() if count)


def _read_properties(document: WordDocument) -> Metadata:
    properties = document.core_properties
    return Metadata(
        title=(properties.title or "").strip() or None,
        author=(properties.author or "").strip() or None,
        published=read_date(properties.created),
    )
