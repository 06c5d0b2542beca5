"""Article files of every format, built for the tests, and an embedder that needs no model."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from docx import Document

from ingest.embed import Vectors

SENTENCE = "The committee of {place} met on {day} May and agreed on plan {number} for the harbour."
PLACES = ("Oslo", "Lima", "Cairo", "Hanoi", "Quito", "Tunis", "Riga", "Accra", "Minsk", "Dakar")


class WordEmbedder:
    """A small real embedder: each word adds to a place of the vector that its hash names."""

    def __init__(self, model: str = "words-32", dimensions: int = 32) -> None:
        self.model = model
        self.dimensions = dimensions
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dimensions), rows of length 1."""
        self.texts.extend(texts)
        vectors = np.full((len(texts), self.dimensions), 0.001, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                digest = hashlib.sha256(f"{self.model} {word}".encode()).digest()
                vectors[row, digest[0] % self.dimensions] += 1 if digest[1] % 2 else -1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / lengths, dtype=np.float32)


def make_text(number: int, paragraphs: int = 3, version: int = 0) -> str:
    """Return a plain-text article with a title of its own; `version` changes one paragraph."""
    lines = [f"Report {number} on the harbour"]
    for paragraph in range(paragraphs):
        plan = number * 100 + paragraph + (version * 10_000 if paragraph == 0 else 0)
        sentences = (
            SENTENCE.format(place=PLACES[(number + day) % 10], day=day, number=plan + day)
            for day in range(1, 6)
        )
        lines.append(" ".join(sentences))
    return "\n\n".join(lines) + "\n"


def write_articles(folder: Path, count: int, version: int = 0) -> list[Path]:
    """Write `count` plain-text articles into a folder and return their files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"report-{number:02d}.txt" for number in range(count)]
    for number, file in enumerate(files):
        file.write_text(make_text(number, version=version), encoding="utf-8")
    return files


def make_html(title: str, paragraphs: Sequence[str], head: str = "") -> str:
    """Return a web page: an article between a menu and a footer."""
    body = "".join(f"<p>{paragraph}</p>\n" for paragraph in paragraphs)
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>"
        "<nav><a href='/'>Home</a> <a href='/news'>News</a></nav>"
        f"<article><h1>{title}</h1>{body}</article>"
        "<footer><a href='/imprint'>Imprint</a></footer></body></html>"
    )


def make_pdf(pages: Sequence[Sequence[str]], properties: Mapping[str, str] | None = None) -> bytes:
    """Return a PDF with the lines of each page as text (Latin-1), and document properties."""
    font = 3 + 2 * len(pages)
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
    ]
    for number, lines in enumerate(pages):
        shown = "".join(f"({_escape_pdf(line)}) Tj T*\n" for line in lines)
        stream = f"BT /F1 11 Tf 14 TL 60 780 Td\n{shown}ET".encode("latin-1")
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources "
            b"<< /Font << /F1 %d 0 R >> >> /Contents %d 0 R >>" % (font, 4 + 2 * number)
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(stream), stream))
    objects.append(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    )
    fields = "".join(f"/{key} ({_escape_pdf(text)}) " for key, text in (properties or {}).items())
    objects.append(f"<< {fields}>>".encode("latin-1"))
    return _join_pdf_objects(objects)


def _escape_pdf(text: str) -> str:
    return re.sub(r"([\\()])", r"\\\1", text)


def _join_pdf_objects(objects: Sequence[bytes]) -> bytes:
    """Return a PDF file of numbered objects, the first its catalogue, the last its properties."""
    data = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (size, len(objects))
    table = b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, rows)
    return bytes(data + table + trailer) + b"startxref\n%d\n%%%%EOF\n" % len(data)


def write_docx(path: Path, title: str, paragraphs: Sequence[str], author: str = "") -> Path:
    """Write a Word document with a title and paragraphs; one that begins "# " is a heading."""
    document = Document()
    document.core_properties.author = author
    document.add_heading(title, level=0)
    for paragraph in paragraphs:
        if paragraph.startswith("# "):
            document.add_heading(paragraph[2:], level=1)
        else:
            document.add_paragraph(paragraph)
    document.save(str(path))
    return path


def write_five_formats(folder: Path) -> dict[str, Path]:
    """Write one article of the title "The harbour of X" in each format; return them by kind."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "text": folder / "harbour-text.txt",
        "markdown": folder / "harbour-markdown.md",
        "html": folder / "harbour-html.html",
        "pdf": folder / "harbour-pdf.pdf",
        "docx": folder / "harbour-docx.docx",
    }
    bodies = {
        kind: [make_text(number).split("\n\n")[1], make_text(number).split("\n\n")[2].strip()]
        for number, kind in enumerate(files)
    }
    titles = {kind: f"The harbour in {kind}" for kind in files}
    text = "\n\n".join([titles["text"], *bodies["text"]])
    files["text"].write_text(text, encoding="utf-8")
    markdown = "\n\n".join([f"# {titles['markdown']}", "## Plans", *bodies["markdown"]])
    files["markdown"].write_text(markdown, encoding="utf-8")
    files["html"].write_text(make_html(titles["html"], bodies["html"]), encoding="utf-8")
    lines = [line for body in bodies["pdf"] for line in re.findall(r"[^.]+\.", body)]
    files["pdf"].write_bytes(make_pdf([lines], {"Title": titles["pdf"]}))
    write_docx(files["docx"], titles["docx"], bodies["docx"])
    return files
