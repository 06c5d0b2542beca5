"""What terminals are sent: nothing that they obey, in any encoding, on the bytes themselves."""

import json
import os
import re
import sqlite3
import unicodedata
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.table import Table
from rich.text import Text
from typer.testing import CliRunner

from bot.cli import app
from ingest.terminal import neutralise, open_console, print_json, print_line
from tests.articles import write_five_formats
from tests.libraries import ARTICLE_4, ICELAND, run, seal_rows
from tests.terminals import run_command

pytest_plugins = ["tests.library_fixtures"]

HOSTILE = "a\x1b[31mb\x1b]0;owned\x07c\x9b2Jd\u202ee\u2066f\x7fg\x00h\rw\x08"
# C0 but tab and line feed, DEL, C1 as UTF-8 has it, bidirectional controls.
OBEYED = re.compile(
    rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]"
)


def spoil_library(path: Path) -> None:
    """Put into every article what a terminal obeys, each for one character: offsets stay."""
    with closing(sqlite3.connect(path / "library.sqlite")) as connection, connection:
        connection.execute(
            "UPDATE articles SET title = char(27) || ']0;owned' || char(7, 8238) || title, "
            "author = char(155) || '2J', text = replace(replace(replace(text, ' mil', char(27) || "
            "'mil'), ' of ', char(8238) || 'of' || char(155)), 's ', 's' || char(13))"
        )
        seal_rows(connection)


@given(st.text())
def test_a_neutral_text_is_as_long_and_holds_no_control(text: str) -> None:
    safe = neutralise(text)
    assert len(safe) == len(text) and neutralise(safe) == safe
    kinds = {unicodedata.category(char) for char in safe} - {"Cf"}
    assert not kinds & {"Cs", "Zl", "Zp"} and not OBEYED.search(safe.encode())
    assert neutralise(text) == text or "\ufffd" in safe


@given(st.text())
def test_json_loses_nothing(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        printed: list[str] = []
        patch.setattr("builtins.print", printed.append)
        print_json({text: [text]})
    assert json.loads(printed[0]) == {text: [text]}
    assert not OBEYED.search(printed[0].encode())


def test_whatever_is_printed_is_neutral(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    table = Table(HOSTILE, title=HOSTILE)
    table.add_row(HOSTILE)
    for console in (open_console(), open_console(stderr=True)):
        console.print(table)
        console.print(HOSTILE, Text(HOSTILE, "bold"))
    print_line(f"{HOSTILE}\nnext\udcff")
    output, errors = capsysbinary.readouterr()
    assert b"owned" in output and b"owned" in errors
    assert not OBEYED.search(output) and not OBEYED.search(errors)
    assert "next\ufffd\n".encode() in output and b"[31m" in output


def test_markup_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    open_console().print("[bold]as it is[/bold] :smile:")
    assert capsys.readouterr().out == "[bold]as it is[/bold] :smile:\n"


@pytest.mark.parametrize("columns", ["0", "1", "19", "x"])
def test_a_screen_without_columns_shows_text(
    columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    open_console().print("Something that is longer than 19.")
    assert capsys.readouterr().out == "Something that is longer than 19.\n"


@pytest.fixture
def spoilt(writable_library: Path) -> Path:
    """The library of corpus/ after someone has put controls into it."""
    spoil_library(writable_library)
    return writable_library


def test_no_command_sends_what_an_article_holds(
    spoilt: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_STORE", str(spoilt))
    questions = tmp_path / "questions.jsonl"
    rows = [
        {"question": f"{ARTICLE_4}{HOSTILE}", "answer": HOSTILE, "articles": [HOSTILE],
         "answerable": True},
        {"question": ICELAND, "answerable": False},
    ]  # fmt: skip
    questions.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    answer = tmp_path / "answer\x1b.json"
    results = [
        run("ask", ARTICLE_4, "--explain"),
        run("ask", ICELAND),
        run("ask", ARTICLE_4, "--json"),
        run("chat", stdin=f"{ARTICLE_4}\n{HOSTILE}\n/open 1\n/sources\n/only {HOSTILE}\n/\x1bx"),
        run("eval", questions, "--show", "--html", tmp_path / "report.html"),
    ]
    answer.write_bytes(results[2].stdout_bytes)
    results.append(run("verify", answer))
    bent = {**json.loads(answer.read_text("utf-8")), "citations": [], "text": f"{HOSTILE} [9]"}
    bent["nearest"] = [
        {"number": 1, "article_id": HOSTILE, "start": 0, "end": 1, "quote": "x", "sha256": ""}
    ]
    answer.write_text(json.dumps(bent), "utf-8")
    results += [run("verify", answer), run("verify", answer, "--json")]
    answer.write_text(HOSTILE, "utf-8")
    results.append(run("verify", answer))
    assert [result.exit_code for result in results] == [0, 4, 0, 0, 0, 0, 1, 1, 2]
    for result in results:
        assert not OBEYED.search(result.stdout_bytes), result.stdout
        assert not OBEYED.search(result.stderr_bytes), result.stderr
    assert "owned" in results[0].stdout and "\ufffd" in results[0].stdout
    assert not OBEYED.search((tmp_path / "report.html").read_bytes())
    assert "\x1b" in json.loads(results[2].stdout)["citations"][0]["title"]


def write_hostile_files(folder: Path) -> None:
    """Write one article and two empty files, with names that a terminal would obey."""
    write_five_formats(folder)
    for name in (b"\x1b]0;owned\x07.txt", "e\u202emit\nfailed: x".encode(), b"\xff\x9b2J.txt"):
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name + b".txt")).touch()


def test_file_names_are_neutral_in_an_encoding_of_ascii(tmp_path: Path, model_folder: Any) -> None:
    model_folder(tmp_path / "lib\x1b[31m")
    write_hostile_files(tmp_path / "articles")
    plain = run_command(
        "ingest", "articles", "--store", "lib\x1b[31m", cwd=tmp_path, PYTHONIOENCODING="ascii"
    )
    assert plain.returncode == 3, plain.stderr
    assert not OBEYED.search(plain.stdout) and plain.stdout.isascii()
    assert plain.stdout.count(b"\nfailed: ") == 3 and plain.stdout.count(b"owned") == 1
    assert b"Traceback" not in plain.stderr


def test_the_ingest_report_is_json_with_any_name(tmp_path: Path, model_folder: Any) -> None:
    model_folder(tmp_path / "library")
    write_hostile_files(tmp_path / "articles")
    result = run("ingest", tmp_path / "articles", "--store", tmp_path / "library", "--json")
    report = json.loads(result.stdout_bytes)
    assert len(report["failed"]) == 3 and not OBEYED.search(result.stdout_bytes)
    paths = {os.fsencode(item["path"]).rpartition(b"/")[2] for item in report["failed"]}
    assert b"\xff\x9b2J.txt.txt" in paths


def test_answers_are_spelt_in_the_encoding_there_is(library: Path) -> None:
    asked = f"{ARTICLE_4}\nПочему?\n/help\n/open 1\n/explain\n".encode() + b"\xff?\n"
    result = run_command(
        "chat", "--store", library, stdin=asked, PYTHONIOENCODING="ascii", COLUMNS="40"
    )
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.isascii() and b'    "' in result.stdout and b">>" in result.stdout


def complete(words: str, **variables: str) -> list[str]:
    """Return what bash is offered after words, the last of them begun."""
    count = str(words.count(" "))
    variables |= {"_FOOTNOTE_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": count}
    return CliRunner().invoke(app, prog_name="footnote", env=variables).stdout.split("\n")


def test_the_shell_completes_what_the_library_has(library: Path) -> None:
    ids = list(filter(None, complete("footnote ask --article tr", FOOTNOTE_STORE=str(library))))
    assert "trade-figures" in ids and all(name.startswith("tr") for name in ids)
    topics = list(filter(None, complete("footnote ask --topic ", FOOTNOTE_STORE=str(library))))
    assert topics == sorted(topics) and len(topics) > 1
    assert not any(complete("footnote ask --article tr", FOOTNOTE_STORE="/none"))
    assert "chat" in complete("footnote ch")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_completion_script(shell: str) -> None:
    script = CliRunner().invoke(
        app, prog_name="footnote", env={"_FOOTNOTE_COMPLETE": f"source_{shell}"}
    )
    assert f"complete_{shell}" in script.stdout
