"""The examples of docs/http.md, docs/openai.md and docs/serving.md, run as they stand there."""

import json
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import httpx
import pytest

from bot.answer import Bot
from bot.api.keys import add_key
from ingest.embed import Embedder
from ingest.store import Store
from tests.api_server import PLENTY, request, serve_bot
from tests.libraries import ROOT, load_reader, run

pytest_plugins = ["tests.library_fixtures", "tests.api_fixtures"]

ADDRESS = "http://127.0.0.1:8000"
NEW_ARTICLE = "# The new ferry\n\nThe new ferry of Testville sails at noon.\n"


def read_examples(page: str, language: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)
    return blocks


def send_curl(command: str, address: str, folder: Path, key: str) -> httpx.Response:
    """Send what a curl command would send."""
    words = shlex.split(command.replace("\\\n", " ").replace("$KEY", key))
    assert words.pop(0) == "curl"
    method, url, headers, form = "GET", "", {}, {}
    body: str | None = None
    files = {}
    while words:
        word = words.pop(0)
        if word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name] = value
        elif word == "-d":
            body, method = words.pop(0), "POST"
        elif word == "-X":
            method = words.pop(0)
        elif word == "-F":
            name, _, value = words.pop(0).partition("=")
            method = "POST"
            if value.startswith("@"):
                files[name] = (value[1:], (folder / value[1:]).read_bytes())
            else:
                form[name] = value
        elif word != "-N":
            assert not word.startswith("-"), word
            url = word.replace(ADDRESS, address)
    return request(
        method, url, headers=headers, content=body, files=files or None, data=form or None
    )


@pytest.fixture(scope="module")
def own_library(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that the examples may change."""
    return shutil.copytree(library, tmp_path_factory.mktemp("docs") / "library")


@pytest.fixture(scope="module")
def own_api(own_library: Path, embedder: Embedder) -> Iterator[str]:
    with (
        Bot(Store(own_library), embedder, reader=load_reader()) as bot,
        serve_bot(own_library, bot, PLENTY) as address,
    ):
        yield address


def test_the_examples_of_curl_work(own_api: str, own_library: Path, tmp_path: Path) -> None:
    key = add_key(own_library, "maria", is_admin=True)
    (tmp_path / "new-article.md").write_text(NEW_ARTICLE, encoding="utf-8")
    blocks = "\n".join(read_examples("http.md", "sh"))
    commands = re.split(r"\n(?=curl )", blocks.strip())
    replies = [send_curl(command, own_api, tmp_path, key) for command in commands]
    assert [reply.status_code for reply in replies] == [200] * 6 + [201, 204]
    answer, follow_up, events, hits, listed, article, added, _ = replies
    assert answer.json()["citations"] and not answer.json()["refused"]
    assert follow_up.json()["asked"] == "Why did the Agreed Framework collapse?"
    assert events.text.startswith("event: sentence\ndata: ")
    assert len(hits.json()["hits"]) == 3 and len(listed.json()["articles"]) == 10
    assert article.json()["article_id"] == "trade-figures"
    assert added.json()["article_id"] == "new-article"


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_examples_of_openai_run(api: str, number: int) -> None:
    code = read_examples("openai.md", "python")[number].replace(ADDRESS, api)
    printed = StringIO()
    with redirect_stdout(printed):
        exec(code, {})  # noqa: S102
    assert "[1]: " + api + "/a/" in printed.getvalue()


def test_every_command_named_is_there() -> None:
    pages = ("http.md", "openai.md", "serving.md")
    text = "".join((ROOT / "docs" / page).read_text("utf-8") for page in pages)
    for command in set(re.findall(r"footnote ((?:keys )?[a-z]+) ?(?:--|[A-Z]|\n)", text)):
        assert run(*command.split(), "--help").exit_code == 0, command
    options = set(re.findall(r"`(--[a-z-]+)`", text)) - {"--json"}
    shown = run("serve", "--help").stdout
    assert options and all(option in shown for option in options), os.linesep.join(options)
    assert json.loads(run("keys", "list", "--json", "--store", "nowhere").stdout) == []


def test_the_commands_of_serving_lead_to_a_library(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "library"
    library.mkdir()
    blocks = "\n".join(read_examples("serving.md", "sh")).replace("\\\n", " ")
    commands = [line.replace("my-library", str(library)) for line in blocks.splitlines() if line]
    assert len(commands) == 6
    for command in commands:
        monkeypatch.delenv("FOOTNOTE_PASSWORD", raising=False)
        words = shlex.split(command)
        for setting in words[: words.index("footnote")]:
            name, _, value = setting.partition("=")
            if name.startswith("FOOTNOTE_"):
                monkeypatch.setenv(name, value)
        result = run(*words[words.index("footnote") + 1 :])
        # There is none in the folder: all that comes before is in order.
        expected = 0 if "keys" in words else 2
        assert result.exit_code == expected, command
        assert "keys" in words or "no library in" in result.stderr, result.stderr
