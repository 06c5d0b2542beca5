"""Finding and reading article files: kind by content, encodings, bad files with their reasons."""

import io
import os
import sys
import time
import zipfile
from pathlib import Path

import pytest

from ingest.load import MAX_FILE_BYTES, UnreadableFile, find_files, load_file

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX file system")


def write(path: Path, data: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def reason(path: Path, encoding: str | None = None) -> str:
    with pytest.raises(UnreadableFile) as caught:
        load_file(path, encoding)
    assert caught.value.path == path and str(path) in str(caught.value)
    return caught.value.reason


def test_kind_of_each_format(five_formats: dict[str, Path]) -> None:
    assert {kind: load_file(path).kind for kind, path in five_formats.items()} == {
        kind: kind for kind in five_formats
    }


def test_kind_is_told_by_content_not_suffix(five_formats: dict[str, Path], tmp_path: Path) -> None:
    suffixes = {"html": ".txt", "pdf": ".md", "docx": ".pdf", "text": ".docx"}
    for kind, suffix in suffixes.items():
        renamed = write(tmp_path / f"renamed{suffix}", five_formats[kind].read_bytes())
        assert load_file(renamed).kind == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("---\ntitle: A\n---\nBody.", "markdown"),
        ("# One\n\ntext\n\n## Two\n\ntext", "markdown"),
        ("# A single mark in plain text", "text"),
        ("  \n<!-- a --><!-- b -->\n<html><body>x</body></html>", "html"),
        ("<?xml version='1.0'?>\n<!DOCTYPE html><html></html>", "html"),
        ("He wrote <p> for a paragraph.", "text"),
    ],
)
def test_kind_of_text_without_suffix(tmp_path: Path, text: str, kind: str) -> None:
    assert load_file(write(tmp_path / "file", text)).kind == kind


def test_many_comments_are_told_quickly(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "<!-- a -->" * 900 + "no page")
    started = time.perf_counter()
    assert load_file(path).kind == "text"
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marked_encodings_are_read_without_warning(tmp_path: Path, encoding: str) -> None:
    text = "Grüße aus Łódź, 漢字 and 😀."
    source = load_file(write(tmp_path / "a.txt", text.encode(encoding)))
    assert (source.text, source.warnings) == (text, ())


def test_guessed_encoding_is_warned_of(tmp_path: Path) -> None:
    text = "Министр иностранных дел России Сергей Лавров принял в Москве министра из Кореи. " * 5
    source = load_file(write(tmp_path / "a.txt", text.encode("cp1251")))
    assert source.text == text
    assert len(source.warnings) == 1 and "--encoding" in source.warnings[0]


def test_declared_charset_is_used(tmp_path: Path) -> None:
    page = "<html><head><meta charset='windows-1251'></head><body>Москва</body></html>"
    source = load_file(write(tmp_path / "a.html", page.encode("cp1251")))
    assert "Москва" in source.text and source.warnings == ()


@pytest.mark.parametrize("charset", ["idna", "hex", "no-such-charset"])
def test_odd_declared_charset_is_passed_over(tmp_path: Path, charset: str) -> None:
    page = f"<html><meta charset='{charset}'><body>{'Übergrößenträger für Männer. ' * 5}</body>"
    assert "Männer" in load_file(write(tmp_path / "a.html", page.encode("cp1252"))).text


def test_named_encoding_wins(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "Москва".encode("koi8-r"))
    source = load_file(path, "koi8-r")
    assert (source.text, source.warnings) == ("Москва", ())


def test_wrong_named_encoding(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "Москва".encode("cp1251"))
    assert reason(path, "utf-8") == "its bytes are not utf-8"
    assert "no encoding 'klingon'" in reason(path, "klingon")


def test_line_ends_become_newlines(tmp_path: Path) -> None:
    assert load_file(write(tmp_path / "a.txt", "a\r\nb\rc\n")).text == "a\nb\nc\n"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "the file is empty"),
        (b" \n\t \r\n", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 20, "binary data, not text"),
        (bytes(range(1, 32)) * 30, "binary data, not text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "save it as .docx"),
        (b"PK\x03\x04 and then nothing", "a damaged zip or docx file"),
    ],
)
def test_bad_content(tmp_path: Path, data: bytes, expected: str) -> None:
    assert expected in reason(write(tmp_path / "a.txt", data))


def test_zip_that_is_no_document(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("notes.txt", "hello")
    assert "not a .docx" in reason(write(tmp_path / "a.docx", data.getvalue()))


def test_file_over_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    assert "over the limit of 100 MB" in reason(path)


def test_file_that_vanished(tmp_path: Path) -> None:
    assert "vanished" in reason(tmp_path / "gone.txt")


@needs_posix
def test_fifo_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert reason(tmp_path / "pipe.txt") == "not a regular file"


@needs_posix
def test_loop_of_links_is_named_not_raised(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    found = list(find_files([tmp_path]))
    assert found and all("cannot be read" in reason(path) for path in found)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root reads everything")
def test_file_without_permission(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "text")
    path.chmod(0)
    assert reason(path) == "no permission to read it"


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes only on Linux")
def test_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = write(tmp_path / os.fsdecode(b"caf\xe9.txt"), "text")
    assert "not UTF-8" in reason(path)


def test_finds_article_files_in_stable_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.md", "a/B.HTML", "z.pdf", "plain", "x.docx"):
        write(tmp_path / name, "x")
    for name in ("README.md", "a/readme.txt", ".hidden.txt", ".git/a.txt", "photo.png", "t.csv"):
        write(tmp_path / name, "x")
    found = [path.relative_to(tmp_path.resolve()).as_posix() for path in find_files([tmp_path])]
    assert found == ["a/B.HTML", "a/c.md", "b.txt", "plain", "x.docx", "z.pdf"]


def test_named_file_is_always_found_and_only_once(tmp_path: Path) -> None:
    readme = write(tmp_path / "README.md", "x")
    other = write(tmp_path / "a.txt", "x")
    found = list(find_files([readme, tmp_path, other]))
    assert found == [readme.resolve(), other.resolve()]


def test_empty_folder_has_no_files(tmp_path: Path) -> None:
    assert list(find_files([tmp_path])) == []


def test_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        list(find_files([tmp_path / "nowhere"]))


@needs_posix
def test_link_out_of_the_folder_is_passed_over(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.txt", "secret")
    inside = write(tmp_path / "folder" / "inside.txt", "x")
    (tmp_path / "folder" / "out.txt").symlink_to(secret)
    (tmp_path / "folder" / "in.txt").symlink_to(inside)
    assert list(find_files([tmp_path / "folder"])) == [inside.resolve()]


def test_damaged_zips_have_a_reason(five_formats: dict[str, Path], tmp_path: Path) -> None:
    data = five_formats["docx"].read_bytes()
    directory = data.index(b"PK\x01\x02")
    for start in range(directory, len(data), 13):
        path = write(tmp_path / "a.docx", data[:start] + b"\xff" * 20 + data[start + 20 :])
        try:
            assert load_file(path).kind == "docx"
        except UnreadableFile as error:
            assert "zip" in error.reason


def test_editors_copies_are_passed_over(tmp_path: Path) -> None:
    articles = {"a.md", "a~b.md", "C#.md"}
    copies = {"a.md~", "notes~", "~$a.docx", "#a.md#", "#notes#", ".a.md.swp", "a.md.part"}
    for name in articles | copies:
        write(tmp_path / name, "Text.")
    assert {file.name for file in find_files([tmp_path])} == articles
    assert list(find_files([tmp_path / "notes~"])) == [(tmp_path / "notes~").resolve()]
