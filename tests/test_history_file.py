"""Conversations in files: what `--history` takes, and how a file that is none is named."""

import json
from pathlib import Path

import pytest

from bot.cite import Answer
from bot.history_file import read_history
from bot.json_file import BadFile
from bot.page.talk import Talk, Turn

ANSWER = Answer("And when?", "When was it made?", "In 1994. [1]", False, 0.9, (), (), {})


def test_a_list_of_turns_is_read(tmp_path: Path) -> None:
    file = tmp_path / "history.json"
    file.write_text(json.dumps([{"question": "Who?", "answer": "They. [1]"}]), "utf-8")
    assert read_history(file) == [("Who?", "They. [1]")]


def test_what_a_chat_saved_is_read(tmp_path: Path) -> None:
    file = tmp_path / "talk.json"
    file.write_text(json.dumps(Talk(turns=(Turn(ANSWER),)).to_dict()), "utf-8")
    assert read_history(file) == [("When was it made?", "In 1994.")]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"\xff" * 9, r"not UTF-8 .*save it as UTF-8\Z"),
        (b"{}", "{} is no list"),
        (b"[1]", "turn 1 is 1"),
        (b'[{"question": "Who?"}]', "turn 1 has no 'answer'"),
        (b'[{"question": "Who?", "answer": null}]', "turn 1 has no 'answer'"),
        (b'{"turns": [1]}', "not a conversation of footnote"),
    ],
)
def test_what_is_none_is_named_in_one_line(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "history.json"
    file.write_bytes(content)
    with pytest.raises(BadFile, match=rf"history\.json: .*{told}") as caught:
        read_history(file)
    assert len(str(caught.value)) < 400


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"nothing\.json: No such file"):
        read_history(tmp_path / "nothing.json")
