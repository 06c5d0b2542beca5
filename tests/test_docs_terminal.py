"""docs/terminal.md shows what a conversation prints."""

import re
import shlex
from pathlib import Path

import pytest

from bot.terminal_chat import COMMANDS
from tests.libraries import ROOT, run

pytest_plugins = ["tests.library_fixtures"]

PAGE = (ROOT / "docs" / "terminal.md").read_text(encoding="utf-8")


def flatten(text: str) -> str:
    return " ".join(text.split())


def test_the_conversation_is_real(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOOTNOTE_STORE", str(library))
    console = PAGE.split("```console\n")[1].split("```")[0]
    chat, proof = console.split("$ footnote verify talk.json\n")
    shown = chat.split("\n> ")[1:]
    lines = [part.partition("\n")[0] for part in shown]
    printed = run("chat", stdin="\n".join(lines)).stdout
    for part, real in zip(shown, f"\n{printed}".split("\n> ")[1:], strict=True):
        begun, cut, _ = flatten(part).partition("…")
        assert flatten(real).startswith(begun.strip()) if cut else flatten(real) == begun
    assert run("verify", "talk.json").stdout == proof


def test_every_command_is_in_the_table() -> None:
    table = re.findall(r"^\| `(/\w+)", PAGE, re.MULTILINE)
    assert set(table) == {*COMMANDS}
    assert "`/quit`" in PAGE


def test_every_command_of_the_shell_is_in_its_list() -> None:
    listed = re.findall(r"^    footnote (\w+) ", PAGE.split("## ")[0], re.MULTILINE)
    table = run("--help").stdout
    assert listed and all(re.search(rf"^\W*{name} ", table, re.MULTILINE) for name in listed)


def test_the_list_by_topic_is_real(library: Path) -> None:
    command = re.findall(r"^    footnote (articles --.+)$", PAGE, re.MULTILINE)[0]
    result = run(*shlex.split(command), "--store", library)
    assert result.exit_code == 0 and result.stdout
