"""The API's description: complete, its examples true; and no request that breaks the server."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from bot.api.build import make_api
from bot.api.chat_models import ChatCompletion, ChatRequest
from bot.api.gate import Gatekeeper, Rules
from bot.api.keys import add_key
from bot.api.metrics import Metrics
from bot.api.models import Question
from bot.cite import Answer
from tests.api_server import PLENTY, OpenedLibrary, serve_bot
from tests.libraries import MakeBot

pytest_plugins = ["tests.library_fixtures"]

OPERATIONS = {
    "createAnswer", "searchPassages", "listArticles", "getArticle", "addArticle", "removeArticle",
    "createChatCompletion", "listModels", "getModel",
}  # fmt: skip
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_schema_conformance,ignored_auth"
)


@pytest.fixture(scope="module")
def description() -> Any:
    """The OpenAPI description, as JSON."""
    library = OpenedLibrary(Path("nowhere"), None)
    api = make_api(library, Gatekeeper(library.path, Rules()), Metrics())
    return json.loads(json.dumps(api.openapi()))


def list_operations(description: Any) -> dict[str, Any]:
    return {
        operation["operationId"]: operation
        for operations in description["paths"].values()
        for operation in operations.values()
    }


def read_example(operation: Any, status: str, media_type: str = "application/json") -> Any:
    return operation["responses"][status]["content"][media_type]["example"]


def test_every_operation_is_described(description: Any) -> None:
    operations = list_operations(description)
    assert set(operations) == OPERATIONS
    assert description["servers"] == [{"url": "/v1"}]
    for operation in operations.values():
        assert operation["summary"] and operation["description"] and operation["tags"]
        assert operation["security"] == [{"HTTPBearer": []}]
        assert {"401", "413", "429", "500", "503"} <= set(operation["responses"])
        for response in operation["responses"].values():
            assert response["description"]
            contents = response.get("content", {}).values()
            assert all("example" in content for content in contents)


def test_every_reference_leads_somewhere(description: Any) -> None:
    schemas = description["components"]["schemas"]
    text = json.dumps(description)
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names and names <= set(schemas)


def test_examples_are_what_is_sent_and_read(description: Any) -> None:
    schemas = description["components"]["schemas"]
    Question.model_validate(schemas["Question"]["examples"][0])
    ChatRequest.model_validate(schemas["ChatRequest"]["examples"][0])
    operations = list_operations(description)
    answer = read_example(operations["createAnswer"], "200")
    TypeAdapter(Answer).validate_python(answer)
    for citation in answer["citations"]:
        assert citation["end"] - citation["start"] == len(citation["quote"])
        assert citation["quote"] in answer["text"]
    article = read_example(operations["getArticle"], "200")
    cited = answer["citations"][0]
    assert article["text"][cited["start"] : cited["end"]] == cited["quote"]
    ChatCompletion.model_validate(read_example(operations["createChatCompletion"], "200"))
    events = read_example(operations["createAnswer"], "200", "text/event-stream")
    assert events.startswith("event: sentence\ndata: {") and "\n\nevent: answer\n" in events


@pytest.mark.skipif(
    importlib.util.find_spec("schemathesis") is None, reason="schemathesis is not installed"
)
def test_schemathesis_finds_nothing(make_bot: MakeBot, tmp_path: Path) -> None:
    bot = make_bot({"ferry.txt": "The ferry\n\nThe ferry sails at noon from the old harbour."})
    key = add_key(bot.store.path, "admin", is_admin=True)
    rules = Rules(True, per_minute=PLENTY.per_minute, burst=PLENTY.burst)
    with serve_bot(bot.store.path, bot, rules) as address:
        command = [
            sys.executable, "-m", "schemathesis.cli", "run", f"{address}/v1/openapi.json",
            "-H", f"Authorization: Bearer {key}", "--checks", CHECKS, "--max-examples", "3",
            "--phases", "examples,fuzzing", "--seed", "1", "--no-color",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
