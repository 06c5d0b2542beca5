"""Files of questions with their gold answers: JSON Lines or CSV, told by the content."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.asked import check_question
from bot.history_file import list_turns

_YES, _NO = {"true", "yes", "y", "1"}, {"false", "no", "n", "0"}
_COLUMNS = ("question", "answerable")


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its gold answer; `articles` are the ids that hold it, any of them will do.

    `history` are the (question, answer) pairs that came before it.
    """

    question: str
    answer: str
    articles: tuple[str, ...]
    answerable: bool
    history: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """The questions of a file, in order; `skipped` is how many are still to be decided by people.

    Those have a `note` and no `answerable`, as `ingest.feedback.export_feedback` writes them.
    """

    questions: tuple[Question, ...]
    skipped: int


def read_questions(path: Path) -> list[Question]:
    """Return the questions of a file; those that people must still decide are left out.

    Raises as `read_question_file`.
    """
    return list(read_question_file(path).questions)


def read_question_file(path: Path) -> QuestionFile:
    """Return the questions of a file. Raises ValueError naming file and line at fault, OSError.

    A file that begins with { is JSON Lines, any other CSV with a header. Fields: `question`,
    `answerable`, and perhaps `answer`, `articles` (a list; in CSV separated by ;) and `history` (a
    list of {question, answer}, in CSV as JSON).
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8 ({error.reason}); save it as UTF-8") from error
    except OSError as error:
        raise OSError(f"{path}: {error.strerror or error}") from error
    read_rows = _read_json_lines if text.lstrip().startswith("{") else _read_csv
    questions, skipped = [], 0
    number = 0
    try:
        for number, fields in read_rows(text):  # noqa: B007 (for the error)
            if fields.get("note") and fields.get("answerable") is None:
                skipped += 1
            else:
                questions.append(_read_question(fields))
    except _BadLine as error:
        raise ValueError(f"{path}, line {error.number}: not a question: {error}") from error
    except (ValueError, KeyError, TypeError) as error:
        told = f"no {error}" if isinstance(error, KeyError) else error
        raise ValueError(f"{path}, line {number}: not a question: {told}") from error
    if not questions:
        told = f"; {skipped} are still to be decided" if skipped else ""
        raise ValueError(f"{path}: no questions in it{told}")
    return QuestionFile(tuple(questions), skipped)


class _BadLine(ValueError):
    """A line that cannot be taken apart."""

    def __init__(self, number: int, reason: object) -> None:
        super().__init__(str(reason))
        self.number = number


def _read_json_lines(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield each line's number and fields. Lines end at line feeds only, as JSON Lines has it."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise _BadLine(number, error) from error
        if not isinstance(fields, dict):
            raise _BadLine(number, f"{line.strip()[:40]} is not an object")
        yield number, fields


def _read_csv(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield the number of each row's first line, and its cells as the fields of JSON Lines."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_find_delimiter(text), strict=True)
    header: list[str] | None = None
    while True:
        number = rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            raise _BadLine(number, error) from error
        if row is None:
            return
        if not any(cell.strip() for cell in row):
            continue
        if header is None:
            header = _check_header(number, row)
            continue
        if len(row) > len(header):
            raise _BadLine(number, f"{len(row)} cells under {len(header)} columns")
        yield number, _convert_cells(number, dict(zip(header, row, strict=False)))


def _find_delimiter(text: str) -> str:
    """Return what separates the columns; spreadsheets write ; or tabs in some countries."""
    header = text.lstrip().partition("\n")[0]
    return max(",;\t", key=header.count)


def _check_header(number: int, row: list[str]) -> list[str]:
    header = [cell.strip().lower() for cell in row]
    missing = [name for name in _COLUMNS if name not in header]
    if missing:
        raise _BadLine(number, f"the header has no column {' or '.join(missing)}")
    if twice := [name for name in header if name and header.count(name) > 1]:
        raise _BadLine(number, f"the header has the column {twice[0]} twice")
    return header


def _convert_cells(number: int, cells: Mapping[str, str]) -> Mapping[str, Any]:
    fields: dict[str, Any] = {name: cell.strip() for name, cell in cells.items()}
    answerable = str(fields.get("answerable", "")).lower()
    if answerable and answerable not in _YES | _NO:
        raise _BadLine(number, f"answerable {answerable!r} is neither yes nor no")
    fields["answerable"] = answerable in _YES if answerable else None
    listed = str(fields.get("articles", "")).split(";")
    fields["articles"] = [part.strip() for part in listed if part.strip()]
    try:
        fields["history"] = json.loads(fields.get("history") or "[]")
    except ValueError as error:
        raise _BadLine(number, f"history is not JSON: {error}") from error
    return fields


def _read_question(fields: Mapping[str, Any]) -> Question:
    """Return a question of its fields. Raises ValueError, KeyError, TypeError."""
    articles = _expect(fields, "articles", list)
    for article in articles or ():
        if not isinstance(article, str):
            raise TypeError(f"articles holds {article!r}, which is no id")
    answerable = fields["answerable"]
    if not isinstance(answerable, bool):
        raise TypeError(f"answerable is {answerable!r}; write true or false")
    return Question(
        question=check_question(_expect(fields, "question", str) or ""),
        answer=_expect(fields, "answer", str) or "",
        articles=tuple(articles or ()),
        answerable=answerable,
        history=tuple(list_turns(fields.get("history") or [])),
    )


def _expect(fields: Mapping[str, Any], name: str, kind: type) -> Any:
    value = fields.get(name)
    if value is not None and not isinstance(value, kind):
        raise TypeError(f"{name} is {value!r:.40}, not a {kind.__name__}")
    return value
