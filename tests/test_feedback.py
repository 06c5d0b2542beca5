"""Feedback: stored beside a writer, listed, and exported as questions for `footnote eval`."""

import json
import math
import sqlite3
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from bot.evaluate import Question, read_questions
from ingest.feedback import (
    MAX_ANSWER_BYTES,
    MAX_COMMENT_LETTERS,
    MAX_QUESTION_LETTERS,
    add_feedback,
    export_feedback,
    list_feedback,
)
from ingest.store import NoLibrary
from ingest.write import open_writer
from tests.articles import WordEmbedder


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A library without articles."""
    with open_writer(tmp_path / "library", WordEmbedder()):
        pass
    return tmp_path / "library"


def make_answer(*quotes: str) -> dict[str, Any]:
    """Return what a test needs of an answer with these quotes, each of an article of its own."""
    return {
        "text": " ".join(f"{quote} [{number}]" for number, quote in enumerate(quotes, 1))
        or "The articles do not say.",
        "refused": not quotes,
        "citations": [
            {"number": number, "article_id": f"report-{number}", "quote": quote}
            for number, quote in enumerate(quotes, 1)
        ],
    }


def test_feedback_is_listed_newest_first(library: Path) -> None:
    assert list_feedback(library) == [] == list_feedback(library / "no-such")
    answer = make_answer("Zwei Länder 漢 😀.")
    assert add_feedback(library, "And when?", "When was it?", True, "", answer) == 1
    assert add_feedback(library, "Who?", "Who?", False, "Not at all.\n", {}) == 2
    second, first = list_feedback(library)
    assert (first.number, first.question, first.asked) == (1, "And when?", "When was it?")
    assert (first.helpful, second.helpful, second.comment) == (True, False, "Not at all.\n")
    assert first.answer == answer and first.at.endswith("+00:00")
    assert list_feedback(library, 1) == [second]


def test_feedback_is_stored_while_the_library_is_written(library: Path) -> None:
    locked, ended = Event(), Event()

    def write() -> None:
        with closing(sqlite3.connect(library / "library.sqlite")) as connection:
            connection.execute("BEGIN IMMEDIATE")
            locked.set()
            ended.wait(0.3)
            connection.commit()

    with ThreadPoolExecutor(8) as pool, open_writer(library, WordEmbedder()):
        pool.submit(write)
        assert locked.wait(10)
        numbers = pool.map(lambda n: add_feedback(library, f"{n}?", "", True, "", {}), range(7))
        assert set(numbers) == set(range(1, 8))
    assert len(list_feedback(library)) == 7


@pytest.mark.parametrize(
    ("question", "comment", "answer", "reason"),
    [
        ("Who?", "x" * (MAX_COMMENT_LETTERS + 1), {}, "comment has 2,001 characters"),
        ("x" * (MAX_QUESTION_LETTERS + 1), "", {}, "question has 8,001 characters"),
        ("Who?", "", {"text": "é" * (MAX_ANSWER_BYTES // 2)}, "over 200,000 bytes"),
        ("Who?", "", {"text": b"bytes"}, "cannot be stored as JSON"),
        ("Who?", "", {"confidence": math.nan}, "cannot be stored as JSON"),
        ("Who?", "\ud800", {}, "surrogates"),
        ("Who?", "", {"text": "\ud800"}, "surrogates"),
    ],
)
def test_what_cannot_be_stored_is_refused(
    library: Path, question: str, comment: str, answer: Mapping[str, Any], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        add_feedback(library, question, "Who?", True, comment, answer)
    assert list_feedback(library) == []


def test_no_library_is_made_by_feedback(tmp_path: Path) -> None:
    with pytest.raises(NoLibrary, match="footnote ingest"):
        add_feedback(tmp_path, "Who?", "Who?", True, "", {})
    assert list(tmp_path.iterdir()) == []


def test_helpful_answers_are_gold(library: Path, tmp_path: Path) -> None:
    answer = make_answer("Law [4] holds.", "Law [4] holds. It\u2028does\x85so.")
    add_feedback(library, "And Law 4?", "Does Law 4\nhold?", True, "Good [1].", answer)
    add_feedback(library, "Who?", "Who?", True, "", make_answer())
    file = tmp_path / "questions.jsonl"
    file.write_text(export_feedback(list_feedback(library)), encoding="utf-8")
    assert read_questions(file) == [
        Question("Who?", "", (), answerable=False),
        Question("Does Law 4 hold?", "Law [4] holds. Law [4] holds. It does so.",
                 ("report-1", "report-2"), answerable=True),
    ]  # fmt: skip


def test_unhelpful_answers_are_left_to_people(library: Path, tmp_path: Path) -> None:
    add_feedback(library, "Why?", "Why?", False, "Wrong\nyear", make_answer("In 1999."))
    add_feedback(library, "Who?", "Who?", False, "", make_answer())
    add_feedback(library, "When?", "", True, "", make_answer("In May."))
    text = export_feedback(list_feedback(library))
    gold, *others = map(json.loads, text.splitlines())
    assert (gold["question"], gold["answerable"], "note" in gold) == ("When?", True, False)
    assert [line["note"] for line in others] == ["not helpful", "not helpful: Wrong year"]
    assert all("answerable" not in line for line in others)
    file = tmp_path / "questions.jsonl"
    file.write_text(text, encoding="utf-8")
    assert [item.question for item in read_questions(file)] == ["When?"]
    assert export_feedback([]) == ""
