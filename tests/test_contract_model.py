"""A language model behind every door: its sentences come one by one, its failures end well."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from itertools import cycle
from typing import Any

import httpx
import pytest
from httpx_sse import connect_sse
from openai import OpenAI

from bot.model import open_model
from bot.page.chat import Chat
from bot.page.library import Shelf
from bot.page.opening import OpenLibrary
from tests import model_server
from tests.articles import WordEmbedder
from tests.contract import Asking, House, open_house
from tests.contract_doors import DOORS
from tests.libraries import load_reader
from tests.model_server import Server, fail, run_server, say, say_once_heard

KEY = "sk-canary-3141592653"
ASKED = Asking("When was the harbour of Riga dredged?")
# In words that the articles do not use.
FIRST, SECOND = "Riga's harbour was dredged in 1931. [1]", "It is twelve metres deep. [1]"
FAILURES = {
    "did not accept the key": fail(401, f'{{"error": "bad key {KEY}"}}'.encode()),
    "takes no more questions": fail(429, KEY.encode()),
    "failed on its own side": fail(500, KEY.encode()),
    "answered nothing": model_server.send_html,
    "cannot be read": model_server.send_broken_json,
    "was cut off": model_server.cut_off,
    "did not answer within": model_server.stall,
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with run_server(say(FIRST)) as running:
        yield running


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Iterator[House]:
    """A library behind all doors, whose answers the scripted model words."""
    folder = tmp_path_factory.mktemp("worded")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", KEY)
        model = open_model("tiny", server.url)
        options = ("--model", "tiny", "--model-url", server.url, "--time-limit", "1.5")
        with open_house(
            folder, WordEmbedder(), load_reader(), model=model, time_limit=1.5
        ) as opened:
            yield replace(opened, options=options)


# A process of its own would take its embedder from the library, which has none here.
@pytest.mark.parametrize("name", sorted(set(DOORS) - {"MCP by stdio"}))
def test_every_door_gives_the_articles_own_words_where_the_model_fails(
    house: House,
    server: Server,
    name: str,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    quoted = house.bot.without_model().ask(ASKED.question)
    scripts = cycle(FAILURES.values())
    server.keys.clear()
    server.script = lambda handler: next(scripts)(handler)
    told = list(DOORS[name](house, [ASKED] * len(FAILURES)))
    assert set(server.keys) == {f"Bearer {KEY}"}
    for why, given in zip(FAILURES, told, strict=True):
        assert given.answer["note"].startswith("tiny ") and why in given.answer["note"], given
        assert given.answer["text"] == quoted.text and given.answer["model"] is None
        if given.words:
            words = " ".join(given.words.split())
            assert quoted.citations[0].quote in words
            # Their words are sentences; the note comes with the last event, the whole answer.
            assert why in words or name in {"HTTP, streamed", "widget, streamed"}
    printed = "".join(capfd.readouterr())
    assert "canary" not in f"{told}{printed}{caplog.text}"


def stream_python(house: House) -> Iterator[str]:
    yield from (answer.text for answer in house.bot.stream(ASKED.question))


def stream_langchain(house: House) -> Iterator[str]:
    yield from (answer["text"] for answer in house.bot.as_runnable().stream(ASKED.question))


def stream_http(house: House) -> Iterator[str]:
    url, body = f"{house.address}/v1/answers", {"question": ASKED.question}
    with httpx.Client(timeout=60) as client, connect_sse(client, "POST", url, json=body) as source:
        for event in source.iter_sse():
            yield event.json()["text"]


def stream_openai(house: House) -> Iterator[str]:
    messages: Any = [{"role": "user", "content": ASKED.question}]
    with OpenAI(base_url=f"{house.address}/v1", api_key="any", timeout=60) as client:
        for chunk in client.chat.completions.create(
            model="footnote", messages=messages, stream=True
        ):
            yield chunk.choices[0].delta.content or ""


def stream_page(house: House) -> Iterator[str]:
    library = OpenLibrary(house.path, model=house.bot.model, time_limit=60)
    chat: Any = Chat(library, Shelf(library))
    try:
        for messages, *_ in chat.answer(ASKED.question, None, None, None):
            yield messages[-1]["content"]
    finally:
        library.close()


STREAMS: dict[str, Callable[[House], Iterator[str]]] = {
    "Python": stream_python,
    "LangChain": stream_langchain,
    "HTTP": stream_http,
    "OpenAI's client": stream_openai,
    "page": stream_page,
}


@pytest.mark.parametrize("name", STREAMS)
def test_a_sentence_comes_before_the_model_goes_on(house: House, server: Server, name: str) -> None:
    server.heard.clear()
    server.script = say_once_heard(f"{FIRST} It", SECOND.removeprefix("It"))
    house.bot.time_limit = 60
    said = []
    for part in STREAMS[name](house):
        said.append(part)
        if "Riga's harbour was" in unescape(part):
            server.heard.set()
    assert any("twelve metres deep" in part for part in said)
