"""Tell a file's kind by its content, and decode the text of one that is text."""

import codecs
import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

from ingest.load import FileBytes, UnreadableFile

Kind = Literal["text", "markdown", "html", "pdf", "docx", "mail", "table"]

# Longest first: the UTF-32 mark begins with the UTF-16 one.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HTML_START = re.compile(
    r"\A\s*(?:<\?xml[^>]*>\s*)?(?>(?><!--.*?-->)\s*)*"
    r"<(?:!doctype\s+html|html|head|body|article|main|section|div|h[1-6]|p|meta|title)\b",
    re.IGNORECASE | re.DOTALL,
)
_DECLARED_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
# A mail's first lines: "Received: …", or "From …" as some programs keep it.
_MAIL_START = re.compile(rb"\s*(?:[!-9;-~]+:|From )")
_FRONT_MATTER_START = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_MARKDOWN_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as it was read: its bytes, its kind and, for text formats, its decoded text."""

    path: Path
    kind: Kind
    data: bytes
    text: str
    sha256: str
    warnings: tuple[str, ...] = ()


def decode_file(file: FileBytes, encoding: str | None = None) -> SourceFile:
    """Tell a file's kind and decode it; `encoding` overrides what is told from its bytes.

    Raises UnreadableFile with the reason when there is no article in it.
    """
    path, data, digest = file.path, file.data, file.sha256
    if not data.strip():
        raise UnreadableFile(path, "the file is empty")
    if b"%PDF-" in data[:1024]:
        return SourceFile(path, "pdf", data, "", digest)
    if data.startswith(b"PK\x03\x04"):
        _require_docx(path, data)
        return SourceFile(path, "docx", data, "", digest)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(path, "an old Office file; save it as .docx and ingest that")
    if data.startswith(b"{\\rtf"):
        raise UnreadableFile(path, "an RTF file; save it as .docx and ingest that")
    if path.suffix.lower() == ".eml" and _MAIL_START.match(data):
        return SourceFile(path, "mail", data, "", digest)
    text, warnings = _decode(path, data, encoding)
    return SourceFile(path, _tell_text_kind(path, text), data, text, digest, warnings)


def _require_docx(path: Path, data: bytes) -> None:
    import zipfile

    try:
        names = zipfile.ZipFile(BytesIO(data)).namelist()
    # ValueError is that of a name inside it which is no text.
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise UnreadableFile(path, "a damaged zip or docx file") from None
    if "word/document.xml" not in names:
        raise UnreadableFile(path, "a zip file that is not a .docx document")


def _decode(path: Path, data: bytes, encoding: str | None) -> tuple[str, tuple[str, ...]]:
    """Decode by the given encoding, byte order mark, UTF-8, a declared charset, then a guess."""
    declared = _DECLARED_CHARSET.search(data[:2048])
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    candidates = [encoding] if encoding else [marked, "utf-8"]
    if declared and not encoding:
        candidates.append(declared[1].decode("ascii", "replace"))
    for name in filter(None, candidates):
        try:
            return _require_text(path, data.decode(name)), ()
        except LookupError:
            if encoding:
                raise UnreadableFile(path, f"there is no encoding {encoding!r}") from None
        except UnicodeError:
            if encoding:
                raise UnreadableFile(path, f"its bytes are not {encoding}") from None
    if b"\0" in data[:8192]:
        raise UnreadableFile(path, "binary data, not text")
    # Imported here: most files are UTF-8, and a process that reads them starts sooner without it.
    from charset_normalizer import from_bytes

    guess = from_bytes(data[:1_000_000]).best()
    if guess is None:
        raise UnreadableFile(path, "binary data or an unknown encoding; name it with --encoding")
    warning = f"encoding guessed as {guess.encoding}; name it with --encoding if letters look wrong"
    return _require_text(path, data.decode(guess.encoding, "replace")), (warning,)


def _require_text(path: Path, text: str) -> str:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    sample = text[:8192]
    control = sum(ord(char) < 32 and char not in "\n\t\f" for char in sample)
    if control * 20 > len(sample):
        raise UnreadableFile(path, "binary data, not text")
    return text


def _tell_text_kind(path: Path, text: str) -> Kind:
    if _HTML_START.match(text[:10_000]):
        return "html"
    # Nothing but its name tells a table from a text with commas.
    if path.suffix.lower() in {".csv", ".tsv"}:
        return "table"
    if path.suffix.lower() in {".md", ".markdown"} or _FRONT_MATTER_START.match(text):
        return "markdown"
    return "markdown" if len(_MARKDOWN_HEADING.findall(text)) >= 2 else "text"
