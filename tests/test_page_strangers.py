"""What strangers can do over HTTP: headers everywhere, no files, limits, no way round the page."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import gradio
import httpx
import pytest
from markdown_it import MarkdownIt

from bot.asked import MAX_QUESTION_LETTERS
from bot.page.address import clean_address, read_host
from bot.page.article import link_to_original
from bot.page.blocks import MAX_QUESTIONS
from bot.page.chat import SAID_A_MINUTE, Chat
from bot.page.guard import MAX_EVENT_BYTES
from bot.page.headers import SECURITY_HEADERS
from bot.page.library import Shelf
from bot.page.talk import BadTalk, read_talk, write_markdown
from tests.hostile import FOREIGN, PAYLOADS, make_answers, make_hostile_library, make_talk, tidy
from tests.page_articles import ARTICLE, make_answer
from tests.test_page_hostile import serve
from tests.test_staff import WordsLibrary

FILE = {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_hostile_library(tmp_path_factory.mktemp("strangers"))


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[httpx.Client]:
    with serve(store) as address, httpx.Client(base_url=address, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def events(client: httpx.Client) -> dict[str, int]:
    """The numbers of the page's events, by what starts them and the last part of its name."""
    config = client.get("/config").json()
    ids = {item["id"]: item["props"].get("elem_id") for item in config["components"]}
    numbers: dict[str, int] = {}
    for item in config["dependencies"]:
        for target, name in item["targets"]:
            # The first of several is the one that answers.
            numbers.setdefault(f"{ids.get(target)}.{name}", item["id"])
    return numbers


def call(client: httpx.Client, number: int, data: list[Any], **more: Any) -> list[dict[str, Any]]:
    """Send an event as the page does; return the messages that come of it."""
    body = {"data": data, "fn_index": number, "session_hash": f"s{time.monotonic_ns()}", **more}
    reply = client.post("/gradio_api/queue/join", json=body)
    reply.raise_for_status()
    query = {"session_hash": body["session_hash"]}
    with client.stream("GET", "/gradio_api/queue/data", params=query) as stream:
        messages: list[dict[str, Any]] = []
        rest = b""
        for part in stream.iter_bytes():
            # Not by lines as text: words of articles may hold other line ends.
            *whole, rest = (rest + part).split(b"\n\n")
            messages += [json.loads(item.removeprefix(b"data: ")) for item in whole]
            if messages and messages[-1]["msg"] in {"process_completed", "close_stream"}:
                break
    return messages


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200), ("HEAD", "/", 200), ("GET", "/a/none", 404), ("GET", "/articles", 200),
        ("GET", "/words", 200), ("GET", "/page/page.js", 200), ("GET", "/page/none.js", 404),
        ("GET", "/page/..%2f..%2f..%2fapp.py", 404), ("GET", "/none", 404),
        ("GET", "/a/x?v=%27", 404), ("POST", "/export.md", 422), ("PUT", "/export.md", 404),
        ("GET", "/config", 200), ("GET", "/theme.css", 200), ("GET", "/gradio_api/info", 200),
        ("GET", "/staff/feedback.jsonl", 403), ("POST", "/staff/login", 303),
        ("POST", "/staff/logout", 303), ("GET", "/docs", 404), ("GET", "/openapi.json", 200),
        ("GET", "/monitoring", 403), ("GET", "/monitoring/summary", 403),
        ("GET", "/gradio_api/file=/etc/passwd", 403),
        ("GET", "/gradio_api/file=../app.py", 403), ("GET", "/gradio_api/file=%2e%2e/app.py", 403),
        ("GET", "/gradio_api/file=app.py", 403), ("GET", "/gradio_api/file=~/.bashrc", 403),
        ("GET", f"/gradio_api/file=http://{FOREIGN}/", 403),
        ("GET", f"/gradio_api/proxy=http://{FOREIGN}/", 400),
        ("GET", "/gradio_api/vibe-code", 403), ("POST", "/gradio_api/upload", 403),
        ("POST", "/gradio_api/component_server", 403), ("POST", "/gradio_api/call/answer", 403),
        ("POST", "/gradio_api/call/v2/answer", 403), ("POST", "/gradio_api/process_recording", 403),
        ("POST", "/gradio_api/stream/x", 403), ("POST", "/gradio_api/api/answer", 403),
        ("POST", "/login", 403), ("POST", "/gradio_api/vibe-edit", 403),
    ],
)  # fmt: skip
def test_every_route_keeps_strangers_and_foreign_hosts_out(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    reply = client.request(method, path)
    assert {name: reply.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert reply.status_code == status
    assert "access-control-allow-origin" not in reply.headers
    assert "root:" not in reply.text and "SECURITY_HEADERS" not in reply.text


def test_runs_show_no_questions(client: httpx.Client) -> None:
    reply = client.get("/gradio_api/runs")
    assert FOREIGN not in reply.text and "pwned" not in reply.text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_parameters_are_not_shown(client: httpx.Client, payload: str) -> None:
    for name in ("start", "also", "fragment"):
        reply = client.get("/a/x", params={name: payload})
        assert reply.headers["content-type"] == "application/json"
    # A page that is the same whatever was asked for.
    assert client.get("/a/x", params={"v": payload}).text == client.get("/a/x?v=y").text
    reply = client.get(f"/a/{quote(payload, safe='')}")
    assert reply.status_code == 404
    # An id with a slash in it is no path of ours.
    assert "json" in reply.headers["content-type"] or reply.text == client.get("/a/none").text


def test_a_file_is_refused_wherever_it_stands(client: httpx.Client) -> None:
    for data in ([FILE], [{"a": [FILE]}], [[[FILE]]]):
        body = {"data": data, "fn_index": 0, "session_hash": "x"}
        assert client.post("/gradio_api/queue/join", json=body).status_code == 403
    files = {"files": ("x.txt", b"x" * 1000)}
    for path in ("/gradio_api/upload", "//gradio_api/upload", "/gradio_api/queue/join", "/login"):
        assert client.post(path, files=files).status_code in {403, 404, 405}


def test_private_events_have_no_names(client: httpx.Client) -> None:
    info = client.get("/gradio_api/info").json()
    assert info == {"named_endpoints": {}, "unnamed_endpoints": {}}


def test_too_much_is_refused_at_once(client: httpx.Client, events: dict[str, int]) -> None:
    started = time.monotonic()
    much = "x" * (MAX_EVENT_BYTES + 1)
    body = {"data": [much, {}, {}], "fn_index": events["question.submit"], "session_hash": "much"}
    assert client.post("/gradio_api/queue/join", json=body).status_code == 413
    assert client.post("/export.md", content=json.dumps(much)).status_code == 413
    assert client.post("/export.md", content=b"[" * 500_000).status_code == 422
    assert time.monotonic() - started < 10


def test_a_long_question_is_answered_with_its_limit(
    client: httpx.Client, events: dict[str, int]
) -> None:
    messages = call(client, events["question.submit"], ["why " * 250_000, {}, {}])
    assert f"{MAX_QUESTION_LETTERS:,}" in json.dumps(messages[-1])


def test_a_bent_conversation_stops_nobody(
    client: httpx.Client, events: dict[str, int], store: Path
) -> None:
    answers = make_answers(store)
    question = "When was bridge 4 opened?"
    talks: tuple[Any, ...] = (
        make_talk([*answers, *answers, *answers], "long", "long"),
        make_talk([replace(answers[0], text="the treaty of the " * 40_000)], "wide", "wide"),
        {"turns": [{"answer": 5}]}, {"turns": 7}, [1], "x", {"turns": [{}] * 900},
    )  # fmt: skip
    for talk in talks:
        started = time.monotonic()
        messages = call(client, events["question.submit"], [question, talk, {}])
        assert messages[-1]["success"] and "opened" in json.dumps(messages[-1])
        assert time.monotonic() - started < 20


def test_more_questions_than_may_wait_are_refused_and_nothing_else(
    client: httpx.Client, events: dict[str, int]
) -> None:
    def send(event: int, number: int, data: list[Any]) -> httpx.Response:
        body = {"data": data, "fn_index": event, "session_hash": f"crowd{number}"}
        return client.post("/gradio_api/queue/join", json=body)

    def ask(number: int) -> httpx.Response:
        # What was read before is answered too soon to be too much.
        question = f"When was bridge {number} opened, and by whom?"
        return send(events["question.submit"], number, [question, {}, {}])

    with ThreadPoolExecutor(96) as pool:
        replies = list(pool.map(ask, range(3 * MAX_QUESTIONS)))
    refused = [reply for reply in replies if reply.status_code == 503]
    assert {reply.status_code for reply in replies} == {200, 503}
    for reply in refused:
        assert reply.headers["retry-after"] == "1" and "at once" in reply.json()["detail"]
        assert {name: reply.headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS
    assert client.get("/words").status_code == 200
    assert send(events["None.load"], 0, []).status_code == 200


def test_what_an_address_thinks_of_answers_is_limited(store: Path) -> None:
    library = WordsLibrary(store)
    chat, talk = Chat(library, Shelf(library)), make_talk([make_answer()], "1", "T")
    event: Any = SimpleNamespace(index=1, liked=True)

    def rate(address: str) -> int | None:
        request: Any = SimpleNamespace(client=SimpleNamespace(host=address), headers={})
        return chat.rate(talk, event, request)

    numbers = [rate("10.0.0.1") for _ in range(SAID_A_MINUTE)]
    assert len(set(numbers)) == SAID_A_MINUTE and None not in numbers
    with pytest.raises(gradio.Error, match="too much"):
        rate("10.0.0.1")
    assert rate("10.0.0.2")
    library.get_bot().close()


# Each address with the host that the page may name, None where it is not to be a link.
ADDRESSES = {
    "https://example.org/a?b=c#d": "example.org",
    "HTTP://Example.ORG:8443": "example.org:8443",
    "https://bank.example@evil.test/": "evil.test",
    "https://user:word@evil.test/": "evil.test",
    "https://bank.example\\@evil.test/": "evil.test",
    "https://b\u00fccher.example/": "xn--bcher-kva.example",
    "https://\u0430pple.com/": "xn--pple-43d.com",
    "https://evil\u3002test/": "evil.test",
    "https://[::1]:8080/": "[::1]:8080",
    f"https://{'a.' * 100}example/": f"{'a.' * 100}example",
} | dict.fromkeys((
    "javascript:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,x",
    "file:///etc/passwd", "//evil.test/", "http:evil", "http:///evil", "http://[", "https://[::1",
    "https://evil.test\\.bank.example/", "https://bank.example:99999/", "https://a b/", "ftp://x/",
    f"https://{'a.' * 200}example/", f"https://{'a' * 64}.example/", "https://bank%2eexample/",
    "https://<b>/", "https://\"/", "", "vbscript:x", "blob:https://x/y", "x",
))  # fmt: skip


@pytest.mark.parametrize("url", ADDRESSES)
def test_a_foreign_link_is_plain_and_names_where_it_leads(url: str) -> None:
    address, host = clean_address(url), ADDRESSES[url]
    assert (address and read_host(address)) == host
    link = link_to_original(replace(ARTICLE, url=url), "the words")
    assert link is None if host is None else str(link).startswith(f"{address}#:~:text=")
    if address:
        assert httpx.URL(address).userinfo == b"" and clean_address(address) == address


def bend(**fields: Any) -> dict[str, Any]:
    """Return a conversation of one turn with fields of its answer, or its citation, bent."""
    talk: Any = make_talk([make_answer()], "1", "T")
    answer = talk["turns"][0]["answer"]
    for name, value in fields.items():
        (answer if name in answer else answer["citations"][0])[name] = value
    return dict(talk)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number", float("inf")), ("number", float("nan")), ("number", -1), ("number", 10**400),
        ("start", 10**30), ("start", -5), ("end", 3), ("quote", "\ud800" * 19), ("quote", 5),
        ("question", "\ud800"), ("article_id", "\ud800"), ("confidence", float("nan")),
        ("confidence", 10**400), ("confidence", "much"), ("citations", 5), ("citations", [5]),
        ("span", [1]), ("span", {}), ("span", [0, 999]), ("nearest", None),
    ],
)  # fmt: skip
def test_a_conversation_that_could_not_be_shown_is_not_read(name: str, value: object) -> None:
    with pytest.raises(BadTalk):
        read_talk(bend(**{name: value}))


def test_a_deep_conversation_is_not_read() -> None:
    deep: object = 1
    for _ in range(20_000):
        deep = [deep]
    with pytest.raises(BadTalk):
        read_talk(bend(text=deep))


class TextOf(HTMLParser):
    """The text of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_data(self, data: str) -> None:
        self.text += data


def test_an_exported_conversation_is_words_and_links_to_articles(store: Path) -> None:
    talk = read_talk(make_talk(make_answers(store), "1", PAYLOADS[0]))
    tokens = MarkdownIt("commonmark").enable("table").parse(write_markdown(talk, "http://here/"))
    inner = [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in [*tokens, *inner]}
    assert kinds <= {
        "heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text",
        "link_open", "link_close", "em_open", "em_close", "text_special",
    }  # fmt: skip
    links = {str(item.attrGet("href")) for item in inner if item.type == "link_open"}
    assert links and all(link.startswith("http://here/a/") for link in links)
    shown = TextOf()
    shown.feed(MarkdownIt("commonmark").render(write_markdown(talk, "http://here/")))
    text = tidy(shown.text)
    assert [words for words in map(tidy, PAYLOADS) if words not in text] == []
