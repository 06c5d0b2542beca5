"""Bad PDF and Word files by class, each with words of the reason that must be given for it."""

import io
import random
import zipfile
import zlib
from collections.abc import Iterator

from docx import Document
from pypdf import PdfReader, PdfWriter

from benchmarks.reliability.hostile_files import LINES, BadFile, of_bytes
from tests.articles import make_pdf


def make_pdfs(chance: random.Random) -> Iterator[BadFile]:
    """Yield PDFs that are damaged, locked or scanned."""
    whole = make_pdf([LINES], {"Title": "A title"})
    datas = {f"{size}.pdf": whole[:size] for size in chance.sample(range(10, 300), 10)}
    yield from of_bytes("cut pdf", datas, "damaged PDF", "no text layer")
    datas = {f"{number}.pdf": b"%PDF-1.7\n" + chance.randbytes(2000) for number in range(8)}
    yield from of_bytes("random pdf", datas, "damaged PDF", "no text layer")
    datas = {f"{pages}.pdf": make_pdf([[]] * pages) for pages in (1, 3, 100, 500, 2_000)}
    yield from of_bytes("scanned pdf", datas, "no text layer")
    datas = {
        f"{name}.pdf": _lock_pdf(whole, name)
        for name in ("RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256")
    }
    yield from of_bytes("locked pdf", datas, "needs a password", "encryption")
    kids = {"itself": b"[2 0 R]", "catalogue": b"[1 0 R 2 0 R]", "nothing": b"[99 0 R]"}
    datas = {f"{name}.pdf": whole.replace(b"[3 0 R]", kid) for name, kid in kids.items()}
    yield from of_bytes("cyclic pdf", datas, "damaged PDF", "no text layer")


def make_costly_pdfs() -> Iterator[BadFile]:
    """Yield PDFs that take seconds to make and to refuse."""
    datas = {f"{pages}.pdf": make_pdf([["x"]] * pages) for pages in (2_001, 5_000)}
    yield from of_bytes("pdf of many pages", datas, "pages, over the limit of 2,000")
    datas = {f"{megabytes}.pdf": _put_stream(_bomb(megabytes)) for megabytes in (50, 200, 500)}
    yield from of_bytes("pdf bomb", datas, "damaged PDF", "memory", "limit", "no text layer")
    work = b"q 1 0 0 1 0 0 cm Q "
    datas = {"slow.pdf": make_pdf([["x"]] * 24).replace(b"(x) Tj", b"(x) Tj " + work * 30_000)}
    yield from of_bytes("slow pdf", datas, "takes too long", "damaged PDF", "limit")


def _lock_pdf(data: bytes, algorithm: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt("secret", algorithm=algorithm)
    locked = io.BytesIO()
    writer.write(locked)
    return locked.getvalue()


def _bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(b" " * 1_000_000) for _ in range(megabytes)) + packer.flush()


def _put_stream(packed: bytes) -> bytes:
    """Return a PDF whose one page shows a packed stream."""
    head, _, rest = make_pdf([["x"]]).partition(b"<< /Length")
    tail = rest.partition(b"endstream")[2]
    length = b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
    return head + length + packed + b"\nendstream" + tail


def make_word_files(chance: random.Random) -> Iterator[BadFile]:
    """Yield Word files that are damaged or hostile, and other zips."""
    document = Document()
    for line in LINES:
        document.add_paragraph(line)
    data = io.BytesIO()
    document.save(data)
    whole = data.getvalue()
    datas = {f"{size}.docx": whole[:size] for size in chance.sample(range(100, len(whole)), 10)}
    yield from of_bytes("cut docx", datas, "damaged")
    parts = (
        "word/document.xml",
        "word/styles.xml",
        "docProps/core.xml",
        "[Content_Types].xml",
        "_rels/.rels",
        "word/_rels/document.xml.rels",
        "word/settings.xml",
    )
    hostile = (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    )
    for encoding in ("utf-8", "utf-16"):
        datas = {
            f"{encoding} {part.replace('/', '-')}.docx": _swap(
                whole, part, hostile.decode().encode(encoding)
            )
            for part in parts
        }
        yield from of_bytes("docx with entities", datas, "entities")
    broken = {
        "cut": b"<w:document",
        "nothing": b"",
        "text": b"hello",
        "nul": b"\0" * 99,
        "deep": b'<w:p xmlns:w="a">' * 100_000,
        "other": b"<html><body/></html>",
    }
    datas = {f"{name}.docx": _swap(whole, "word/document.xml", xml) for name, xml in broken.items()}
    yield from of_bytes("broken docx", datas, "damaged", "no text")
    datas = {
        f"{mb}.docx": _swap(whole, "word/document.xml", b" " * mb * 1_000_000)
        for mb in (10, 30, 55, 61, 80)
    }
    yield from of_bytes("docx bomb", datas, "unpacks to")
    names = {
        "xlsx": "xl/workbook.xml",
        "pptx": "ppt/presentation.xml",
        "jar": "META-INF/MANIFEST.MF",
        "zip": "notes.txt",
        "odt": "content.xml",
        "epub": "mimetype",
        "slip": "../../evil.txt",
    }
    datas = {f"{kind}.docx": _zip({name: b"hello"}) for kind, name in names.items()}
    yield from of_bytes("other zip", datas, "not a .docx")


def _zip(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def _swap(whole: bytes, name: str, data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        return _zip({item: archive.read(item) for item in archive.namelist()} | {name: data})
