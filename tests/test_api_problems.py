"""Errors of the bot as problems of the API."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.answer import LibraryChanges
from bot.api.problems import handle_problems
from bot.asked import BadQuestion
from ingest.embed import ModelUnavailable


@pytest.mark.parametrize(
    ("error", "status", "detail"),
    [
        (BadQuestion("the question is empty"), 422, "the question is empty"),
        (LibraryChanges("it is changed too often; ask again"), 503, "ask again"),
        (ModelUnavailable("no model in /srv/models/x"), 503, "the server's log says why"),
    ],
)
def test_what_a_client_is_told(error: Exception, status: int, detail: str) -> None:
    api = FastAPI()
    handle_problems(api)

    @api.get("/asked")
    def ask() -> None:
        raise error

    answer = TestClient(api).get("/asked")
    assert answer.status_code == status == answer.json()["status"]
    assert answer.headers["content-type"] == "application/problem+json"
    assert detail in answer.json()["detail"] and "/srv" not in answer.text
