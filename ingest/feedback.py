"""What readers say of answers: stored in the library, listed, and exported as questions."""

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.clean import clean_text
from ingest.database import FILE_NAME, connect, has_table
from ingest.history import tell_time
from ingest.lock import lock_feedback
from ingest.store import NoLibrary

MAX_QUESTION_LETTERS = 8_000
MAX_COMMENT_LETTERS = 2_000
MAX_ANSWER_BYTES = 200_000
# Added to libraries of format 1 by the first feedback; without it there is none.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS feedback (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, question TEXT NOT NULL, asked TEXT NOT NULL,
    helpful INTEGER NOT NULL, comment TEXT NOT NULL, answer TEXT NOT NULL
)
"""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a reader said of an answer (as of `Answer.to_dict`); `at` is ISO time in UTC.

    `question` is as it was typed, `asked` as it was understood: made to stand alone.
    """

    number: int
    at: str
    question: str
    asked: str
    helpful: bool
    comment: str
    answer: Mapping[str, Any]


def add_feedback(
    path: Path,
    question: str,
    asked: str,
    helpful: bool,
    comment: str,
    answer: Mapping[str, Any],
) -> int:
    """Store feedback in the library in folder `path`, also while it is written; return its number.

    Raises NoLibrary, OSError, and ValueError for what is too long or cannot be stored.
    """
    if not (path / FILE_NAME).exists():
        raise NoLibrary(f"no library in {path}; make one: footnote ingest FOLDER --store {path}")
    row = (tell_time(), question, asked, helpful, comment, _write_answer(answer))
    _check_length("question", max(question, asked, key=len), MAX_QUESTION_LETTERS)
    _check_length("comment", comment, MAX_COMMENT_LETTERS)
    with lock_feedback(path), closing(connect(path / FILE_NAME)) as connection, connection:
        connection.execute(_SCHEMA)
        number = connection.execute(
            "INSERT INTO feedback (at, question, asked, helpful, comment, answer) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            row,
        ).lastrowid
    return int(number or 0)


def comment_feedback(path: Path, number: int, comment: str) -> None:
    """Put a comment in place of the one that feedback `number` has.

    Raises ValueError for one that is too long, KeyError for a number that is not there.
    """
    comment = clean_text(comment)
    _check_length("comment", comment, MAX_COMMENT_LETTERS)
    with lock_feedback(path), closing(connect(path / FILE_NAME)) as connection, connection:
        changed = connection.execute(
            "UPDATE feedback SET comment = ? WHERE number = ?", (comment, number)
        ).rowcount
    if not changed:
        raise KeyError(f"the library {path} has no feedback {number}")


def list_feedback(path: Path, limit: int = 1000) -> list[Feedback]:
    """Return the latest feedback in the library in folder `path`, newest first."""
    if not (path / FILE_NAME).exists():
        return []
    with closing(connect(path / FILE_NAME)) as connection:
        if not has_table(connection, "feedback"):
            return []
        rows = connection.execute(
            "SELECT number, at, question, asked, helpful, comment, answer FROM feedback "
            "ORDER BY number DESC LIMIT ?",
            (limit,),
        )
        return [
            Feedback(number, at, question, asked, bool(helpful), comment, json.loads(answer))
            for number, at, question, asked, helpful, comment, answer in rows
        ]


def export_feedback(items: Iterable[Feedback]) -> str:
    """Return feedback as lines of JSON in the form of the questions that `footnote eval` reads.

    Helpful answers become gold answers, helpful refusals questions that are not answerable. The
    others come last, with a `note` and without `answerable`: `footnote eval` skips and counts such
    lines, until someone has put the gold answer in and decided.
    """
    ordered = sorted(items, key=lambda item: not item.helpful)
    return "".join(f"{json.dumps(_to_line(item), ensure_ascii=False)}\n" for item in ordered)


def _to_line(item: Feedback) -> dict[str, Any]:
    refused = bool(item.answer.get("refused"))
    citations = item.answer.get("citations") or ()
    # On one line: some programs end a line at other characters than the usual one.
    line: dict[str, Any] = {
        "id": f"f{item.number}",
        "kind": "feedback",
        "question": clean_text(item.asked or item.question),
        "typed": clean_text(item.question),
        "history": [],
        "answer": "" if refused else clean_text(_drop_markers(item.answer)),
        "articles": list(dict.fromkeys(citation["article_id"] for citation in citations)),
    }
    if item.helpful:
        return {**line, "answerable": not refused}
    return {**line, "note": clean_text(f"not helpful: {item.comment}").removesuffix(":")}


def _drop_markers(answer: Mapping[str, Any]) -> str:
    """Return an answer's text without its markers; what looks like one within a quote stays."""
    quotes = {str(item["quote"]) for item in answer.get("citations") or ()} - {""}
    # The longest first: a quote may be part of another.
    kept = [re.escape(quote) for quote in sorted(quotes, key=len, reverse=True)]
    pattern = "|".join([*kept, r"(?P<marker>(?:(?<!\s)\s+)?\[\d+\])"])
    text = str(answer.get("text") or "")
    return re.sub(pattern, lambda match: "" if match["marker"] else match[0], text)


def _write_answer(answer: Mapping[str, Any]) -> str:
    try:
        text = json.dumps(answer, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ValueError(f"the answer cannot be stored as JSON: {error}") from error
    if len(text.encode()) > MAX_ANSWER_BYTES:
        raise ValueError(f"the answer is over {MAX_ANSWER_BYTES:,} bytes as JSON")
    return text


def _check_length(name: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise ValueError(f"the {name} has {len(text):,} characters; shorten it to {limit:,}")
