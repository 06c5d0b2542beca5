"""Conversations in files: what `footnote ask --history` takes, and `history` of `footnote eval`."""

from collections.abc import Mapping
from pathlib import Path

from bot.json_file import BadFile, read_json_file
from bot.page.talk import read_talk


def read_history(file: Path) -> list[tuple[str, str]]:
    """Return the questions and answer texts of a conversation in a file. Raises BadFile.

    It is a list of {question, answer}, or what `/save` of `footnote chat` wrote as JSON.
    """
    data = read_json_file(file)
    try:
        if isinstance(data, Mapping) and "turns" in data:
            return read_talk(data).read_history()
        return list_turns(data)
    except ValueError as error:
        raise BadFile(
            f"{file}: {error}; a history is a JSON list of {{question, answer}}, or what /save of "
            "footnote chat writes"
        ) from error


def list_turns(data: object) -> list[tuple[str, str]]:
    """Return the pairs of a list of {question, answer}, as JSON has it. Raises ValueError."""
    if not isinstance(data, list):
        raise ValueError(f"{data!r:.40} is no list")
    for number, turn in enumerate(data, 1):
        if not isinstance(turn, Mapping):
            raise ValueError(f"turn {number} is {turn!r:.40}, not {{question, answer}}")
        for name in ("question", "answer"):
            if not isinstance(turn.get(name), str):
                raise ValueError(f"turn {number} has no {name!r} that is a text")
    return [(turn["question"], turn["answer"]) for turn in data]
