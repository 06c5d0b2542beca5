"""Articles of every format, and ways to damage them: byte by byte, and within their structure."""

import io
import random
import re
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from tests.articles import make_html, make_pdf, make_text, write_docx

Mutation = Callable[[bytes, random.Random], bytes]

_NUMBERS = (b"0", b"-1", b"1", b"65536", b"2147483648", b"99999999999999999999", b"1e999", b"")
_MARKS = {
    "txt": ("\n\n", "\ufeff", "\u202e", "\0", "By ", "1. ", "- ", "ARTICLE 4", "\x0c", "\u2028"),
    "md": ("# ", "> ", "- ", "1. ", "```", "|a|b|\n|-|-|\n", "[a](b)", "![", "<!--", "---\n", "*",
           "<div hidden>", "&#x110000;", "&a;", "~~~", "\t", "$$", "a: &a [*a]\n"),
    "html": ("<div>", "</div>", "<table>", "<tr><td>", "<script>", "<!--", "-->", "<![CDATA[",
             "<p hidden>", "<svg>", "<math>", "&#0;", "&#xD800;", "<li>", "<h1>", "<a href='", "'>",
             "<template>", "</body>", "<html>", "<?xml", "<title>", "<meta charset=utf-7>"),
    "xml": ("<w:p>", "</w:p>", "<w:tbl>", "<w:tr>", "<w:tc>", "<!--", "&lt;", "&x;", "<w:r>",
            "<w:sdt>", "<w:vanish/>", 'w:val="', "\0", "<w:t>", "]]>", "<?a?>"),
}  # fmt: skip


def make_seeds(folder: Path) -> dict[str, bytes]:
    """Return an article of each format, by suffix."""
    text = make_text(7)
    paragraphs = text.split("\n\n")[1:]
    table = "<table><tr><th>Year</th><td>1</td></tr></table><ul><li>one<ul><li>two</ul></ul>"
    front = "---\ntitle: A title\ndate: 2024-11-02\ntags: [a, b]\n---\n\n"
    lines = [line for paragraph in paragraphs for line in paragraph.split(". ")]
    word = write_docx(folder / "seed.docx", "A title", ["Lead.", "# Next", *paragraphs], "Jane Doe")
    return {
        "txt": text.encode(),
        "md": f"{front}# A\n\n{text}\n\n- one\n  - two\n\n|a|b|\n|-|-|\n|1|2|\n".encode(),
        "html": make_html("A title", [*paragraphs, table]).encode(),
        "pdf": make_pdf([lines, lines], {"Title": "A title", "CreationDate": "D:20241102090000Z"}),
        "docx": word.read_bytes(),
    }


def mutate(suffix: str, data: bytes, chance: random.Random) -> bytes:
    """Return a file with one to six mutations, half of them within the structure of its format."""
    ways: list[Mutation] = [*_BYTE_WAYS]
    inner = {"pdf": _mutate_pdf, "docx": _mutate_word_file}.get(suffix)
    for _ in range(chance.randint(1, 6)):
        if chance.random() < 0.5:
            data = chance.choice(ways)(data, chance)
        elif inner:
            data = inner(data, chance)
        else:
            data = _insert_mark(data, chance, _MARKS[suffix])
    return data


def _pick(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + int(chance.expovariate(1 / 30)) + 1)


def _flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 20) if data else 0):
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut_out(data: bytes, chance: random.Random) -> bytes:
    start, end = _pick(data, chance)
    return data[:start] + data[end:]


def _overwrite(data: bytes, chance: random.Random) -> bytes:
    start, end = _pick(data, chance)
    return data[:start] + chance.choice((b"\0", b"\xff", b"(", b"<")) * (end - start) + data[end:]


def _insert_random(data: bytes, chance: random.Random) -> bytes:
    start, _ = _pick(data, chance)
    return data[:start] + chance.randbytes(chance.randint(1, 40)) + data[start:]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    start, end = _pick(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 2, 50, 2_000)) + data[end:]


def _move(data: bytes, chance: random.Random) -> bytes:
    (start, end), (target, _) = _pick(data, chance), _pick(data, chance)
    return data[:target] + data[start:end] + data[target:]


def _truncate(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


_BYTE_WAYS = (_flip, _flip, _cut_out, _overwrite, _insert_random, _repeat, _move, _truncate)


def _insert_mark(data: bytes, chance: random.Random, marks: tuple[str, ...]) -> bytes:
    start, _ = _pick(data, chance)
    times = chance.choice((1, 1, 1, 3, 300))
    return (
        data[:start] + chance.choice(marks).encode("utf-8", "surrogatepass") * times + data[start:]
    )


def _mutate_pdf(data: bytes, chance: random.Random) -> bytes:
    """Change a number, a name or an operator of a PDF; sometimes pack its streams."""
    if chance.random() < 0.1:
        packed = zlib.compress(data[:2_000])
        stream = b"<< /Filter /FlateDecode /Length %d >>\nstream\n%b\nendstream" % (
            len(packed),
            packed,
        )
        return re.sub(rb"<< /Length.*?endstream", lambda _: stream, data, count=1, flags=re.DOTALL)
    tokens = list(re.finditer(rb"/\w+|\d+|<<|>>|\[|\]|\bR\b|\bobj\b|\bTj\b", data))
    if not tokens:
        return data
    token, other = chance.choice(tokens), chance.choice(tokens)
    new = chance.choice(_NUMBERS) if token[0].isdigit() and chance.random() < 0.6 else other[0]
    return data[: token.start()] + new + data[token.end() :]


def _mutate_word_file(data: bytes, chance: random.Random) -> bytes:
    """Change the XML of one member of a zip, and pack it again."""
    packed = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
            chosen = chance.choice([*old.namelist(), *["word/document.xml"] * 10])
            for name in old.namelist():
                member = old.read(name)
                if name == chosen:
                    way = chance.choice(_BYTE_WAYS)
                    mark = chance.random() < 0.6
                    member = (
                        _insert_mark(member, chance, _MARKS["xml"]) if mark else way(member, chance)
                    )
                new.writestr(name, member)
    # One that earlier mutations damaged stays as it is.
    except Exception:
        return data
    return packed.getvalue()
