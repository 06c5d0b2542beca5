"""Files parsed in a process of their own: limits, crashes, and what is kept from it."""

import io
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.chunk import PASSAGE_WORDS
from ingest.isolate import Parser, open_parser
from ingest.limits import Limits
from ingest.load import FileBytes, UnreadableFile
from ingest.messages import read_message, write_message
from ingest.read import Reading, pack_reading, read_article, unpack_reading
from tests.articles import make_html, make_pdf, make_text

TEXT = make_text(1).encode()
# Some seconds of work for a parser that looks at every operator.
SLOW = make_pdf([["x"]]).replace(b"(x) Tj", b"(x) Tj " + b"q 1 0 0 1 0 0 cm Q " * 40_000)


@pytest.fixture
def parser() -> Iterator[Parser]:
    with open_parser() as parser:
        yield parser


def read(parser: Parser, data: bytes, name: str = "a.txt", encoding: str | None = None) -> Reading:
    return parser.read(FileBytes(Path(name), data, "abc"), "an-id", PASSAGE_WORDS, encoding)


def reason(parser: Parser, data: bytes, name: str = "a.txt") -> str:
    with pytest.raises(UnreadableFile) as caught:
        read(parser, data, name)
    return caught.value.reason


def test_reads_what_is_read_without_a_process(
    parser: Parser, five_formats: dict[str, Path]
) -> None:
    for path in five_formats.values():
        file = FileBytes(path, path.read_bytes(), "abc")
        here = read_article(file, "an-id", PASSAGE_WORDS, None, Limits())
        assert parser.read(file, "an-id", PASSAGE_WORDS, None) == here


def test_one_process_reads_one_file_after_the_other(parser: Parser) -> None:
    read(parser, TEXT)
    child = parser.child
    assert reason(parser, b" ") == "the file is empty"
    assert reason(parser, b"%PDF-1.7 no more").startswith("a damaged PDF")
    assert read(parser, "Москва".encode("koi8-r"), encoding="koi8-r").article.text == "Москва"
    assert parser.child is child


def test_process_is_kept_for_the_next_run_of_the_same_limits() -> None:
    with open_parser(Limits(seconds=77)) as first:
        read(first, TEXT)
        child = first.child
    with open_parser(Limits(seconds=78)) as other:
        read(other, TEXT)
        assert other.child is not child
    with open_parser(Limits(seconds=77)) as second:
        read(second, TEXT)
        assert second.child is child


def test_file_that_takes_too_long_is_named_and_the_next_one_read() -> None:
    with open_parser(Limits(seconds=1)) as parser:
        started = time.perf_counter()
        assert reason(parser, SLOW) == (
            "it takes too long to parse, over the limit of 1 s; raise it with --limit seconds=N"
        )
        assert time.perf_counter() - started < 5
    with open_parser() as parser:
        assert read(parser, TEXT).article.title == "Report 1 on the harbour"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited as on Linux")
def test_file_that_needs_too_much_memory_is_named_and_the_next_one_read() -> None:
    with open_parser(Limits(memory_mb=150)) as parser:
        told = reason(parser, b"word " * 2_000_000)
        assert told.startswith("it needs too much memory to parse, over the limit of 150 MB")
        assert read(parser, TEXT).chunks


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_crash_is_named_and_the_next_file_read(parser: Parser) -> None:
    read(parser, TEXT)
    assert parser.child
    timer = threading.Timer(0.1, os.kill, (parser.child.pid, signal.SIGSEGV))
    timer.start()
    assert reason(parser, SLOW) == "it crashed the parser (SIGSEGV)"
    assert read(parser, TEXT).chunks


@pytest.mark.skipif(sys.platform != "linux", reason="growth is measured as on Linux")
def test_process_that_has_grown_ends_and_is_replaced() -> None:
    with open_parser(Limits(memory_mb=90)) as parser:
        # The libraries for pages take more than half of that.
        assert read(parser, make_html("A title", TEXT.decode().split("\n\n")).encode()).chunks
        grown = parser.child
        assert read(parser, TEXT).chunks
        assert parser.child is not grown


def test_too_many_passages_and_pages() -> None:
    with open_parser(Limits(passages=3, pages=2)) as parser:
        assert read(parser, TEXT).chunks
        long = "\n\n".join(make_text(number) for number in range(9)).encode()
        assert "over the limit of 3; raise it with --limit passages=N" in reason(parser, long)
        headings = b"# One\n\n# Two\n\n" + b"## Three\n\ntext\n\n" * 4
        assert "over the limit of 3" in reason(parser, headings)
        assert reason(parser, make_pdf([["x"]] * 3)) == (
            "3 pages, over the limit of 2; raise it with --limit pages=N"
        )


def test_keys_are_not_given_to_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "canary")
    with open_parser(Limits(seconds=79)) as parser:
        read(parser, TEXT)
        assert parser.child
        if sys.platform == "linux":
            environment = Path(f"/proc/{parser.child.pid}/environ").read_bytes()
            assert b"canary" not in environment and b"PATH=" in environment


def test_modules_in_the_folder_of_articles_are_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json.py", "yaml.py", "ingest.py"):
        (tmp_path / name).write_text("open('ran', 'w')")
    monkeypatch.chdir(tmp_path)
    with open_parser(Limits(seconds=80)) as parser:
        assert read(parser, b"---\ntitle: A\n---\nBody.").article.title == "A"
    assert not (tmp_path / "ran").exists()


def test_messages_are_bounded_and_checked() -> None:
    pipe = io.BytesIO()
    write_message(pipe, {"a": "\udcff"}, b"data")
    pipe.seek(0)
    assert read_message(pipe, 100) == ({"a": "\udcff"}, b"data")
    with pytest.raises(EOFError):
        read_message(pipe, 100)
    pipe.seek(0)
    with pytest.raises(ValueError, match="over the limit of 10"):
        read_message(pipe, 10)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("chunks", 0, 0), -1),
        (("chunks", 0, 1), 10**6),
        (("chunks", 0, 3), [[5, 1]]),
        (("chunks", 0, 2), None),
        (("article", "text"), "\ud800"),
        (("article", "title"), 5),
        (("article", "topics"), [None]),
        (("leftovers",), "many"),
    ],
)
def test_nonsense_from_the_process_is_not_believed(
    place: tuple[str | int, ...], value: object
) -> None:
    file = FileBytes(Path("a.txt"), TEXT, "abc")
    packed = pack_reading(read_article(file, "an-id", PASSAGE_WORDS, None, Limits()))
    assert unpack_reading(packed, file, "an-id").article.file_sha256 == "abc"
    inner: Any = packed
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    with pytest.raises((ValueError, TypeError)):
        unpack_reading(packed, file, "an-id")


def test_limits_are_read_from_settings() -> None:
    assert Limits.parse(["pages=5", "file-mb=7"]) == Limits(pages=5, file_mb=7)
    for setting in ("page=5", "pages", "pages=0", "pages=-1", "pages=many"):
        with pytest.raises(ValueError, match=f"--limit {setting}.*file-mb=N, unpacked-mb=N"):
            Limits.parse([setting])
