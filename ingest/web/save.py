"""Keep what was fetched as a file, under a name that is made of its address."""

import codecs
import hashlib
import os
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ingest.durable import rename_durably, sync_file
from ingest.web.fetch import Response

# What can be an article, by its type; the kind of a file is told by its content later.
SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "": "",
}
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_MAX_NAME_LETTERS = 80
# Codecs of Python that are no encoding of a page; punycode takes hours for some MB.
_NO_ENCODINGS = {"idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape"}


def save_page(file: Path, response: Response) -> Path:
    """Write a page into a file, over what it was before; return the file. Raises OSError.

    It appears there whole or not at all.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{os.urandom(8).hex()}")
    try:
        partial.write_bytes(_decode(response))
        sync_file(partial)
        rename_durably(partial, file)
    finally:
        partial.unlink(missing_ok=True)
    return file


def name_file(response: Response, asked: str = "") -> str:
    """Return a name for the file of a page: its address in plain letters, and a hash of it.

    The hash is of what was asked for, too, where that is given.
    """
    parts = urlsplit(response.url)
    words = re.findall(r"[\w]+", unquote(f"{parts.hostname} {parts.path}"))
    path = "-".join(words).removesuffix("-html").removesuffix("-htm")
    digest = hashlib.sha256(f"{response.url}{asked}".encode()).hexdigest()[:8]
    stem = path.encode()[:_MAX_NAME_LETTERS].decode(errors="ignore")
    return f"{stem}-{digest}{SUFFIXES[response.media_type]}"


def _decode(response: Response) -> bytes:
    """Return the body, a text in UTF-8 if the header names another encoding that it is in."""
    told = _CHARSET.search(response.headers.get("content-type", ""))
    if told is None or not response.media_type.startswith(("text/", "application/xhtml")):
        return response.body
    try:
        if codecs.lookup(told[1]).name.replace("-", "_") in _NO_ENCODINGS:
            return response.body
        return response.body.decode(told[1]).encode()
    except (LookupError, UnicodeError):
        return response.body
