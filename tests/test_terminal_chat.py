"""The conversation in the terminal: by a pipe, and with keys on a terminal of its own."""

import json
import re
from pathlib import Path

import pytest

from tests.libraries import ARTICLE_4, HELP_CLAUSE, ICELAND, ROOT, run
from tests.terminals import OWN, open_terminal

pytest_plugins = ["tests.library_fixtures"]

FRAMEWORK = "What was the Agreed Framework?"


def talk(library: Path, *lines: str) -> list[str]:
    """Have a conversation by a pipe; return what was printed after each line, on one line."""
    result = run("chat", "--store", library, stdin="\n".join(lines) + "\n")
    assert result.exit_code == 0
    return [" ".join(part.split()) for part in ("\n" + result.stdout).split("\n> ")][1:]


def test_a_follow_up_is_understood_by_what_came_before(library: Path) -> None:
    first, second = talk(library, FRAMEWORK, "Why did it collapse?")
    assert first.startswith(FRAMEWORK) and "[1]" in first
    assert "Understood as: Why did the Agreed Framework collapse?" in second


def test_sources_and_articles_are_a_command_away(library: Path) -> None:
    answer, sources, article, explained = talk(
        library, ARTICLE_4, "/sources", "/open [1]", "/explain"
    )
    title = re.search(r"\[1\] ([^›]+) › ", sources)
    assert title and title[1] in answer and article.startswith(f"/open [1] {title[1]}")
    quote = re.search(r"»(.+?)«", article)
    assert quote and quote[1] in answer and HELP_CLAUSE in answer
    assert "Passages" in explained and "confidence" in explained


def test_as_json_an_answer_is_a_line(library: Path) -> None:
    lines = (FRAMEWORK, "?", "/sources", "/help", "/open 7", "Why did it collapse?")
    result = run("chat", "--json", "--store", library, stdin="\n".join(lines))
    first, second = map(json.loads, result.stdout.splitlines())
    assert first["question"] == FRAMEWORK and first["citations"]
    assert second["asked"] == "Why did the Agreed Framework collapse?"
    assert "the question is empty" in result.stderr and "/save FILE" in result.stderr
    assert "no citation '7'; the last answer has 1" in result.stderr


def test_a_restriction_holds_until_it_is_lifted(library: Path) -> None:
    said = talk(
        library, ARTICLE_4, "/only 1", "/only since 2020", ARTICLE_4, "/all", ARTICLE_4,
        "/only topic no-such", "/only nonsense", "/only since", "/only since 1", FRAMEWORK,
    )  # fmt: skip
    assert "(1 article)" in said[1] and "Restricted to: article " in said[1]
    assert "published since 2020" in said[2] and "Restricted to: article" in said[3]
    assert "Restricted to" not in said[5]
    assert "no topic 'no-such'" in said[6] and "'nonsense' is no restriction" in said[7]
    assert "since wants a value" in said[8] and "'1' is no date" in said[9]
    assert "Restricted to" not in said[10]


def test_a_saved_conversation_is_proved_later(library: Path, tmp_path: Path) -> None:
    talked, written = tmp_path / "talk.json", tmp_path / "talk.md"
    said = talk(
        library, ARTICLE_4, ICELAND, f"/save {talked}", f"/save {written}", "/save x.pdf",
        "/save", f"/save {ROOT / 'README.md'}", f"/save {tmp_path}/none/t.md", f"/save {talked}",
    )  # fmt: skip
    assert "2 answers saved" in said[2] and "2 answers saved" in said[8]
    assert "/save talk.md" in said[4] and "/save talk.md" in said[5]
    assert "already" in said[6] and "there is no such folder; name another place" in said[7]
    markdown = written.read_text("utf-8")
    assert markdown.startswith("# What does Article 4") and "[^1]: “" in markdown
    proof = run("verify", talked, "--store", library)
    assert proof.exit_code == 0 and "quotes stand in their articles" in proof.stdout
    data = json.loads(talked.read_text("utf-8"))
    data["turns"][1]["answer"]["nearest"][0]["quote"] = "Iceland has people."
    talked.write_text(json.dumps(data), "utf-8")
    flawed = run("verify", talked, "--store", library, "--json")
    assert flawed.exit_code == 1 and "turn 2, [1]" in flawed.stderr
    (problem,) = json.loads(flawed.stdout)["problems"]
    assert (problem["turn"], problem["reason"]) == (2, "the quote is not in the article")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/open 1", "ask something first"),
        ("/sources", "ask something first"),
        ("/nonsense", "no command /nonsense; /help lists them"),
        ("/", "no command /; /help"),
        ("?", "the question is empty"),
        ("x" * 4001, "4,001 characters"),
        ("/help", "/save FILE"),
        ("/save ~nobody-of-that-name.md", "no such user; write ~/nobody-of-that-name.md"),
    ],
)
def test_what_cannot_be_done_is_said_and_the_talk_goes_on(
    library: Path, line: str, told: str
) -> None:
    said = talk(library, line, "/all", "/quit", "/help")
    assert told in said[0] and "all articles" in said[1] and len(said) == 3


def test_a_citation_that_is_not_there_is_named(library: Path) -> None:
    said = talk(library, ARTICLE_4, "/open 99", "/open", "/open x")
    assert all("; the last answer has " in part for part in said[1:])
    assert "name a citation's number: /open N; " in said[2]


def test_an_empty_library_is_told(empty_library: Path) -> None:
    result = run("chat", "--store", empty_library, stdin="What?\n")
    assert result.exit_code == 0 and "do not say" not in result.stdout
    assert f"the library {empty_library} is empty; fill it: footnote ingest PATH" in result.stdout
    lines = run("chat", "--json", "--store", empty_library, stdin="What?\n")
    assert json.loads(lines.stdout)["refused"] and "is empty" in lines.stderr


def test_no_library_exits_2(tmp_path: Path) -> None:
    result = run("chat", "--store", tmp_path / "none")
    assert result.exit_code == 2 and "footnote ingest" in result.stderr


def test_a_conversation_by_keys(library: Path) -> None:
    with open_terminal("chat", "--store", library) as terminal:
        assert "articles in" in terminal.wait("\n> ")
        terminal.send(f"{ARTICLE_4}\r")
        terminal.wait("[1]")
        terminal.wait("\n> ")
        terminal.send("/op\t1\r")  # Tab completes.
        assert "\x1b[7m" in terminal.wait("q(uit) -- ")
        terminal.send("b\r")
        terminal.wait("q(uit) -- ")
        terminal.send("q\r")
        terminal.wait("> ")
        terminal.send("\x1b[A\x1b[A\x01Please: \r")  # Up, up; Ctrl+A goes to the line's start.
        terminal.wait("[1]")
        terminal.wait("\n> ")
        terminal.send("dropped\x03")
        terminal.wait("ends")
        terminal.wait("> ")
        terminal.send("/all\r")
        terminal.wait("all articles")
        terminal.wait("> ")
        terminal.send("\x04")
        assert terminal.close() == 0
        assert b"\x1b[36m" in terminal.output
        assert b"\x1b" not in OWN.sub(b"", terminal.output)


def test_a_terminal_that_has_no_styles_gets_none(library: Path) -> None:
    with open_terminal("chat", "--store", library, TERM="dumb", size=(9, 50)) as terminal:
        terminal.send(f"{ARTICLE_4}\r/open 1\r")
        terminal.wait("q(uit) -- ")
        terminal.send("\x03")
        terminal.wait("> ")
        terminal.send("\x03")
        terminal.wait("ends")
        terminal.send("\x03")
        assert terminal.close() == 0
        assert b"\x1b" not in terminal.output and "»".encode() in terminal.output


def test_no_color_means_no_colour(library: Path) -> None:
    with open_terminal("ask", ARTICLE_4, "--store", library, NO_COLOR="1") as terminal:
        assert terminal.close() == 0
        assert b"[1]" in terminal.output
        assert not re.search(rb"\x1b\[(?:\d+;)*[349]\d", terminal.output)
