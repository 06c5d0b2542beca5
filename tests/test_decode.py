"""What a file is, told by its content; encodings; bad content with its reason."""

import io
import time
import zipfile
from pathlib import Path

import pytest

from ingest.decode import SourceFile, decode_file
from ingest.load import FileBytes, UnreadableFile


def decode(data: bytes | str, name: str = "a.txt", encoding: str | None = None) -> SourceFile:
    data = data.encode() if isinstance(data, str) else data
    return decode_file(FileBytes(Path(name), data, "abc"), encoding)


def reason(data: bytes | str, name: str = "a.txt", encoding: str | None = None) -> str:
    with pytest.raises(UnreadableFile) as caught:
        decode(data, name, encoding)
    return caught.value.reason


def test_kind_of_each_format(five_formats: dict[str, Path]) -> None:
    assert {
        kind: decode(path.read_bytes(), path.name).kind for kind, path in five_formats.items()
    } == {kind: kind for kind in five_formats}


def test_kind_is_told_by_content_not_suffix(five_formats: dict[str, Path]) -> None:
    suffixes = {"html": ".txt", "pdf": ".md", "docx": ".pdf", "text": ".docx"}
    for kind, suffix in suffixes.items():
        assert decode(five_formats[kind].read_bytes(), f"renamed{suffix}").kind == kind


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
def test_kind_of_text_without_suffix(text: str, kind: str) -> None:
    assert decode(text, "file").kind == kind


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("From: ann@example.org\nSubject: Hi\n\nHello.", "a.eml", "mail"),
        ("From ann Fri Nov  1\nSubject: Hi\n\nHello.", "a.EML", "mail"),
        ("From: ann@example.org\nSubject: Hi\n\nHello.", "a.txt", "text"),
        ("It is no mail.", "a.eml", "text"),
        ("a,b\n1,2", "a.csv", "table"),
        ("a\tb\n1\t2", "a.TSV", "table"),
        ("a,b\n1,2", "a.txt", "text"),
        ("<html><body>x</body></html>", "a.csv", "html"),
    ],
)
def test_mails_and_tables_have_their_suffix(text: str, name: str, kind: str) -> None:
    assert decode(text, name).kind == kind


def test_many_comments_are_told_quickly() -> None:
    text = "<!-- a -->" * 900 + "no page"
    started = time.perf_counter()
    assert decode(text).kind == "text"
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marked_encodings_are_read_without_warning(encoding: str) -> None:
    text = "Grüße aus Łódź, 漢字 and 😀."
    source = decode(text.encode(encoding), "a.txt")
    assert (source.text, source.warnings) == (text, ())


def test_guessed_encoding_is_warned_of() -> None:
    text = "Министр иностранных дел России Сергей Лавров принял в Москве министра из Кореи. " * 5
    source = decode(text.encode("cp1251"), "a.txt")
    assert source.text == text
    assert len(source.warnings) == 1 and "--encoding" in source.warnings[0]


def test_declared_charset_is_used() -> None:
    page = "<html><head><meta charset='windows-1251'></head><body>Москва</body></html>"
    source = decode(page.encode("cp1251"), "a.html")
    assert "Москва" in source.text and source.warnings == ()


@pytest.mark.parametrize("charset", ["idna", "hex", "no-such-charset"])
def test_odd_declared_charset_is_passed_over(charset: str) -> None:
    page = f"<html><meta charset='{charset}'><body>{'Übergrößenträger für Männer. ' * 5}</body>"
    assert "Männer" in decode(page.encode("cp1252"), "a.html").text


def test_named_encoding_wins() -> None:
    source = decode("Москва".encode("koi8-r"), encoding="koi8-r")
    assert (source.text, source.warnings) == ("Москва", ())


def test_wrong_named_encoding() -> None:
    data = "Москва".encode("cp1251")
    assert reason(data, encoding="utf-8") == "its bytes are not utf-8"
    assert "no encoding 'klingon'" in reason(data, encoding="klingon")


def test_line_ends_become_newlines() -> None:
    assert decode("a\r\nb\rc\n", "a.txt").text == "a\nb\nc\n"


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
def test_bad_content(data: bytes, expected: str) -> None:
    assert expected in reason(data, "a.txt")


def test_zip_that_is_no_document() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("notes.txt", "hello")
    assert "not a .docx" in reason(data.getvalue(), "a.docx")


def test_damaged_zips_have_a_reason(five_formats: dict[str, Path]) -> None:
    data = five_formats["docx"].read_bytes()
    directory = data.index(b"PK\x01\x02")
    for start in range(directory, len(data), 13):
        damaged = data[:start] + b"\xff" * 20 + data[start + 20 :]
        try:
            assert decode(damaged).kind == "docx"
        except UnreadableFile as error:
            assert "zip" in error.reason
