"""The log: a line for each request, as text or JSON, and what is not in it."""

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.api.build import mount_api
from bot.api.gate import Rules
from bot.api.keys import add_key
from bot.web.log import LogForm, LogRequests, note_question, set_up_logs
from tests.api_server import OpenedLibrary
from tests.libraries import ROOT


@pytest.fixture(autouse=True)
def _leave_logs_as_they_were() -> Iterator[None]:
    root, names = logging.getLogger(), ("footnote.requests", "footnote.questions")
    handlers, level = root.handlers[:], root.level
    root.handlers = []
    yield
    root.handlers, root.level = handlers, level
    for name in names:
        logging.getLogger(name).setLevel(logging.NOTSET)


def ask(library: Path, key: str = "") -> None:
    """Send an API requests; it has no library to answer from."""
    app = FastAPI()
    mount_api(app, OpenedLibrary(library, None), Rules(hosts=None))
    client = TestClient(LogRequests(app), headers={"Authorization": f"Bearer {key}"})
    client.post("/v1/answers?canary=query", json={"question": "canary question"})
    client.get("/v1/articles/canary-id")
    client.get("/canary/path")
    client.request("CANARY", "/healthz")


def test_a_line_of_json_for_each_request(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = add_key(tmp_path, "alice")
    set_up_logs(LogForm.JSON)
    ask(tmp_path, key)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    told = [(item["method"], item["path"], item["status"], item["key"]) for item in lines]
    assert told == [
        ("POST", "/v1/answers", 503, "alice"),
        ("GET", "/v1/articles/{article_id}", 503, "alice"),
        ("GET", "none", 404, None),
        ("other", "/healthz", 405, None),
    ]
    assert all(item["ms"] >= 0 and item["level"] == "info" and item["at"] for item in lines)


def test_who_asks_too_much_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app = FastAPI()
    rules = Rules(hosts=None, per_minute=1, burst=1)
    mount_api(app, OpenedLibrary(tmp_path, None), rules)
    key = add_key(tmp_path, "alice")
    client = TestClient(LogRequests(app), headers={"Authorization": f"Bearer {key}"})
    set_up_logs(LogForm.JSON)
    for _ in range(2):
        client.get("/v1/articles")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(item["status"], item["key"]) for item in lines] == [(503, "alice"), (429, "alice")]


@pytest.mark.parametrize("form", [None, *LogForm])
def test_nothing_that_was_asked_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: LogForm | None
) -> None:
    key = add_key(tmp_path, "alice")
    set_up_logs(form)
    ask(tmp_path, key)
    note_question("canary question")
    written = capsys.readouterr().err
    assert len(written.splitlines()) == (4 if form else 0)
    assert "canary" not in written.lower() and key not in written and "testclient" not in written


def test_questions_are_written_if_that_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(LogForm.JSON, with_questions=True)
    note_question("Which\nbridge?")
    assert json.loads(capsys.readouterr().err)["question"] == "Which\nbridge?"
    set_up_logs(with_questions=True)
    note_question("Which\nbridge?")
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_errors_are_lines_of_json_too(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs(LogForm.JSON)
    try:
        raise LookupError("lost")
    except LookupError:
        logging.getLogger("bot.other").exception("it %s", "broke")
    line = json.loads(capsys.readouterr().err)
    assert (line["level"], line["message"]) == ("error", "it broke")
    assert "LookupError: lost" in line["exception"]


def test_the_line_of_the_log_is_as_the_page_on_serving_has_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    set_up_logs(LogForm.JSON)
    ask(tmp_path, add_key(tmp_path, "reporting"))
    line = json.loads(capsys.readouterr().err.splitlines()[0])
    assert line.keys() == json.loads(example).keys()
    assert line["path"] == json.loads(example)["path"] and line["key"] == "reporting"
