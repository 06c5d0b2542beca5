"""Bad text files and pages by class, each with words of the reason that must be given for it."""

import os
import random
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.limits import Limits
from tests.articles import make_text

# Low enough that a file goes over each of them in a few seconds.
LIMITS = Limits(file_mb=20, unpacked_mb=60, pages=2_000, passages=2_000, memory_mb=600, seconds=20)
LINES = [line for line in make_text(3).replace("\n\n", "\n").split(". ") if line]


@dataclass(frozen=True)
class BadFile:
    """A file of a class; `words`: one of them must stand in the reason. None: it may be read."""

    kind: str
    name: str
    make: Callable[[Path], object]
    words: tuple[str, ...]
    may_be_read: bool = False


def of_bytes(
    kind: str, datas: dict[str, bytes], *words: str, may_be_read: bool = False
) -> Iterator[BadFile]:
    """Yield files of one class, by their names and bytes."""
    for name, data in datas.items():
        make = lambda path, data=data: path.write_bytes(data)  # noqa: E731
        yield BadFile(kind, f"{kind} {name}", make, words, may_be_read)


def make_texts(chance: random.Random) -> Iterator[BadFile]:
    """Yield files that pass for text or Markdown."""
    blank = {"nothing": b"", "spaces": b" " * 999, "lines": b"\n\r\n" * 99, "tabs": b"\t\n \x0c"}
    yield from of_bytes("empty", {f"{name}.txt": data for name, data in blank.items()}, "empty")
    unseen = {
        "zero-width": "\u200b" * 50,
        "tags": "\U000e0041" * 50,
        "bidi": "\u202e\u2066" * 9,
        "marks": "\ufeff" * 9,
        "controls": "\x01 \x02",
    }
    datas = {f"{name}.txt": text.encode() for name, text in unseen.items()}
    yield from of_bytes("invisible", datas, "no text", "binary", "empty")
    shares = ("Share this", "Tweet\n\nPrint", "Advertisement", "Related\n\nFollow us")
    datas = {f"{number}.txt": text.encode() for number, text in enumerate(shares)}
    yield from of_bytes("leftovers", datas, "left-overs", "no text")
    magic = {
        "png": b"\x89PNG\r\n\x1a\n",
        "jpg": b"\xff\xd8\xff\xe0",
        "gif": b"GIF89a\0",
        "elf": b"\x7fELF\2\1\1",
        "gz": b"\x1f\x8b\x08\0",
        "mp3": b"ID3\x03\0",
        "ico": b"\0\0\1\0",
        "class": b"\xca\xfe\xba\xbe",
        "sqlite": b"SQLite format 3\0",
        "wasm": b"\0asm\1\0\0\0",
    }
    datas = {f"{name}.txt": data + chance.randbytes(4000) for name, data in magic.items()}
    yield from of_bytes("binary", datas, "binary", "encoding")
    datas = {f"{number}.md": chance.randbytes(3000) for number in range(5)}
    yield from of_bytes("random bytes", datas, "binary", "encoding")
    old = {
        f"{name}.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * size
        for name, size in (("doc", 600), ("xls", 4000), ("ppt", 9000))
    }
    yield from of_bytes("old office", old, "save it as .docx")
    rich = {
        f"{name}.txt": b"{\\rtf1\\ansi " + body + b"}"
        for name, body in (("plain", b"Hello."), ("bold", b"{\\b Hello.}"), ("long", b"a " * 999))
    }
    yield from of_bytes("rich text", rich, "save it as .docx")
    yield from of_bytes(
        "too large", {f"{mb}.txt": b"x " * 500_000 * mb for mb in (21, 25, 30)}, "20 MB"
    )
    long = {
        "words.txt": b"word " * 300_000,
        "page.md": b"# A\n\n" + b"word " * 300_000,
        "headings.md": b"# A\n\n" + b"## B\n\ntext\n\n" * 3_000,
    }
    yield from of_bytes("too long", long, "limit of 2,000")
    bomb = b"a: &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(
        b"%c: &%c [%b]\n" % (to, to, b", ".join([b"*%c" % (to - 1)] * 9)) for to in range(98, 106)
    )
    odd = {
        "aliases.md": b"---\n" + bomb + b"title: *i\n---\n\n" + make_text(1).encode(),
        "deep.md": b"---\ntitle: " + b"[" * 50_000 + b"\n---\n\n" + make_text(2).encode(),
        "quotes.md": b">" * 100_000 + b" deep\n",
        "lists.md": b"- " * 20_000 + b"deep\n",
        "stars.md": b"*a _b " * 50_000,
        "links.md": b"[" * 60_000 + b"](" * 60_000,
        "cells.md": b"|a" * 5000 + b"|\n" + b"|-" * 5000 + b"|\n" + b"|b" * 5000 + b"|\n",
    }
    yield from of_bytes("hostile markdown", odd, "limit", "no text", may_be_read=True)


def make_pages() -> Iterator[BadFile]:
    """Yield web pages without text, and odd ones."""
    body = "<p>" + "</p><p>".join(LINES) + "</p>"
    bare = {
        "script": "<script>var a = 1</script>",
        "comment": "<!-- a -->",
        "empty": "",
        "image": "<img src=x>",
        "template": "<template><p>x</p></template>",
        "hidden": f"<div hidden>{body}</div>",
        "style": f"<div style='display:none'>{body}</div>",
        "zero": f"<div style='font-size:0'>{body}</div>",
    }
    datas = {
        f"{name}.html": f"<html><body>{text}</body></html>".encode() for name, text in bare.items()
    }
    yield from of_bytes("page without text", datas, "no text", "hidden", "left-overs")
    # Each with a text of its own: of equal ones only the first would be stored.
    deep = {
        f"{tag}-{depth}.html": f"<html><body>{f'<{tag}>' * depth}{tag} {depth} {body}".encode()
        for tag in ("div", "span", "b", "table")
        for depth in (1_000, 200_000)
    }
    yield from of_bytes("deep page", deep, "limit", "no text", may_be_read=True)
    one = b"<html><body><p>" + b"word " * 3_000_000 + b"</p></body></html>"
    odd = {
        "one-line.html": one,
        "attributes.html": b"<html><p " + b"a=b " * 300_000 + b">x y z",
        "entities.html": b"<html><body><p>" + b"&amp;" * 400_000,
        "doctype.html": b"<!DOCTYPE html [<!ENTITY a 'b'>]><html><body><p>&a; text.</p>",
        "open.html": b"<html><body>" + b"<p" * 200_000,
    }
    yield from of_bytes("odd page", odd, "limit", "no text", "left-overs", may_be_read=True)


def make_places() -> Iterator[BadFile]:
    """Yield what is no regular file, or has a name that is no text."""
    out, back = ("a link that leads out",), ("a link",)
    for number, target in enumerate(("/etc/passwd", "/etc", "/dev/zero", "../..", "/nowhere")):
        make = lambda path, target=target: path.symlink_to(target)  # noqa: E731
        yield BadFile("link out", f"link out {number}.txt", make, out)
    for number in range(2):
        yield BadFile("link loop", f"link loop {number}.txt", lambda at: at.symlink_to(at), back)
    regular = ("not a regular file",)
    for number in range(3):
        yield BadFile("pipe", f"pipe {number}.txt", os.mkfifo, regular)
        yield BadFile("socket", f"socket {number}.txt", _make_socket, regular)
        yield BadFile("device", f"device {number}.txt", _make_device, regular)
        name = os.fsdecode(b"name \xff\xfe %d.txt" % number)
        yield BadFile("name", name, lambda path: path.write_bytes(b"text"), ("not UTF-8",))


def _make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


def _make_device(path: Path) -> None:
    os.mknod(path, 0o20666, os.makedev(1, 5))
