"""Find article files and read each one, telling its kind by content."""

import codecs
import hashlib
import os
import re
import stat
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Literal

from charset_normalizer import from_bytes

Kind = Literal["text", "markdown", "html", "pdf", "docx"]

ARTICLE_SUFFIXES = frozenset(
    {"", ".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf", ".docx"}
)
MAX_FILE_BYTES = 100_000_000
# What editors keep beside a file while it is open, or as it was: `x~`, Emacs's `#x#`, Word's `~$x`.
_EDITORS_COPY = re.compile(r"~\$.*|.*~|#.*#", re.DOTALL)

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
_FRONT_MATTER_START = re.compile(r"\A---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_MARKDOWN_HEADING = re.compile(r"^#{1,6} \S", re.MULTILINE)


class UnreadableFile(Exception):
    """A file that holds no article: `path` and a `reason` for people."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as it was read: its bytes, its kind and, for text formats, its decoded text."""

    path: Path
    kind: Kind
    data: bytes
    text: str
    sha256: str
    warnings: tuple[str, ...] = ()


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the article files at `paths`, folders searched through, in a stable order.

    Inside a folder hidden files, README files, editors' copies and files of other suffixes are
    passed over; a file that is named itself is always yielded. Raises FileNotFoundError for a path
    that is not there.
    """
    seen: set[Path] = set()
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(path)
        found = sorted(_walk_folder(path)) if path.is_dir() else [path]
        for file in found:
            resolved = _resolve(file)
            if resolved not in seen:
                seen.add(resolved)
                yield resolved


def _walk_folder(folder: Path) -> Iterator[Path]:
    root = _resolve(folder)
    for file in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        passed_over = file.stem.lower() == "readme" or _EDITORS_COPY.fullmatch(file.name)
        if hidden or passed_over or file.suffix.lower() not in ARTICLE_SUFFIXES or file.is_dir():
            continue
        # A link that leads out of the folder could bring in any file of the machine.
        if file.is_symlink() and not _resolve(file).is_relative_to(root):
            continue
        yield file


def _resolve(path: Path) -> Path:
    # Path.resolve raises on a loop of links before Python 3.13; reading it names the reason.
    return Path(os.path.realpath(path))


def load_file(path: Path, encoding: str | None = None) -> SourceFile:
    """Read one file; `encoding` overrides what is told from its bytes.

    Raises UnreadableFile with the reason when there is no article in it.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise UnreadableFile(path, "its name is not UTF-8; rename it") from None
    data = _read_bytes(path)
    if not data.strip():
        raise UnreadableFile(path, "the file is empty")
    digest = hashlib.sha256(data).hexdigest()
    if b"%PDF-" in data[:1024]:
        return SourceFile(path, "pdf", data, "", digest)
    if data.startswith(b"PK\x03\x04"):
        _require_docx(path, data)
        return SourceFile(path, "docx", data, "", digest)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile(path, "an old Office file; save it as .docx and ingest that")
    text, warnings = _decode(path, data, encoding)
    return SourceFile(path, _tell_text_kind(path, text), data, text, digest, warnings)


def _read_bytes(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFile(path, "not a regular file")
        if status.st_size > MAX_FILE_BYTES:
            megabytes = status.st_size // 1_000_000
            limit = MAX_FILE_BYTES // 1_000_000
            raise UnreadableFile(path, f"{megabytes} MB is over the limit of {limit} MB; split it")
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(path, "the file vanished before it was read") from None
    except PermissionError:
        raise UnreadableFile(path, "no permission to read it") from None
    except OSError as error:
        raise UnreadableFile(path, f"cannot be read: {error.strerror or error}") from error


def _require_docx(path: Path, data: bytes) -> None:
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
    if path.suffix.lower() in {".md", ".markdown"} or _FRONT_MATTER_START.match(text):
        return "markdown"
    return "markdown" if len(_MARKDOWN_HEADING.findall(text)) >= 2 else "text"
