"""How each door is asked: questions in, and out of every door the answer and what it shows.

A new door is one more function here and its line in `DOORS`.
"""

import json
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from html import unescape
from typing import Any

import anyio
import httpx
from httpx_sse import connect_sse
from mcp import Client, StdioServerParameters
from openai import OpenAI

from bot.langchain import AskedQuestion
from bot.page.opening import OpenLibrary
from bot.scope import Scope
from tests.contract import WIDGET_SITE, Asking, House, Told
from tests.libraries import ROOT, run

Door = Callable[[House, Sequence[Asking]], Iterator[Told]]


def ask_python(house: House, askings: Sequence[Asking]) -> Iterator[Told]:
    for it in askings:
        answer = house.bot.ask(it.question, house.tell_history(it), scope=it.scope)
        yield Told(answer.to_dict())


def stream_python(house: House, askings: Sequence[Asking]) -> Iterator[Told]:
    for it in askings:
        *_, answer = house.bot.stream(it.question, house.tell_history(it), scope=it.scope)
        yield Told(answer.to_dict())


def ask_http(house: House, askings: Sequence[Asking]) -> Iterator[Told]:
    with httpx.Client(base_url=house.address, timeout=60) as client:
        for it in askings:
            reply = client.post("/v1/answers", json=write_body(house, it))
            assert reply.status_code == 200, reply.text
            yield Told(reply.json())


def stream_http(house: House, askings: Sequence[Asking]) -> Iterator[Told]:
    with httpx.Client(base_url=house.address, timeout=60) as client:
        for it in askings:
            with connect_sse(client, "POST", "/v1/answers", json=write_body(house, it)) as source:
                events = [(event.event, event.json()) for event in source.iter_sse()]
            name, answer = events.pop()
            assert name == "answer" and {name for name, _ in events} == {"sentence"}
            assert [c for _, part in events for c in part["citations"]] == answer["citations"]
            yield Told(answer, " ".join(part["text"] for _, part in events))


def write_body(house: House, asking: Asking) -> dict[str, Any]:
    scope = asking.scope
    restriction = {
        "articles": sorted(scope.articles), "topics": sorted(scope.topics),
        "since": scope.since, "until": scope.until,
    }  # fmt: skip
    history = house.list_turns(asking)
    return {"question": asking.question, "history": history, "scope": restriction}


def ask_widget(house: House, askings: Sequence[Asking]) -> Iterator[Told]:
    with open_widget(house) as client:
        for it in askings:
            reply = client.post("/widget/answers", json=write_body(house, it))
            assert reply.status_code == 200, reply.text
            yield Told(reply.json())


def stream_widget(house: House, askings: Sequence[Asking]) -> Iterator[Told]:
    with open_widget(house) as client:
        for it in askings:
            body = write_body(house, it)
            with connect_sse(client, "POST", "/widget/answers", json=body) as source:
                *parts, last = [event.json() for event in source.iter_sse()]
            yield Told(last, " ".join(part["text"] for part in parts))


@contextmanager
def open_widget(house: House) -> Iterator[httpx.Client]:
    """Return what asks as the widget does on a site that may embed it, with a token."""
    site = {"Origin": WIDGET_SITE}
    with httpx.Client(base_url=house.address, headers=site, timeout=60) as client:
        token = client.post("/widget/token").json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def ask_openai(house: House, askings: Sequence[Asking]) -> Iterator[Told]:
    with OpenAI(base_url=f"{house.address}/v1", api_key="any", timeout=60) as client:
        for it in askings:
            completion: Any = client.chat.completions.create(**write_request(house, it))
            message = completion.choices[0].message
            links = [item.url_citation.url for item in message.annotations]
            yield Told(completion.footnote, f"{message.content}\n{' '.join(links)}")


def stream_openai(house: House, askings: Sequence[Asking]) -> Iterator[Told]:
    with OpenAI(base_url=f"{house.address}/v1", api_key="any", timeout=60) as client:
        for it in askings:
            request = write_request(house, it)
            chunks: list[Any] = list(client.chat.completions.create(**request, stream=True))
            said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
            yield Told(chunks[-1].footnote, said)


def write_request(house: House, asking: Asking) -> dict[str, Any]:
    said = [
        {"role": role, "content": text}
        for turn in house.tell_history(asking)
        for role, text in zip(("user", "assistant"), turn, strict=True)
    ]
    messages = [*said, {"role": "user", "content": asking.question}]
    scope = {"scope": write_body(house, asking)["scope"]}
    return {"model": "footnote", "messages": messages, "extra_body": scope}


def ask_mcp_by_stdio(house: House, askings: Sequence[Asking]) -> Iterator[Told]:
    code = "from bot.cli import app; app()"
    arguments = ["-c", code, "mcp", "--store", str(house.path), *house.options]
    server = StdioServerParameters(command=sys.executable, args=arguments, cwd=ROOT)
    yield from call_tool(server, "ask", [write_arguments(house, it) for it in askings])


def ask_mcp_by_http(house: House, askings: Sequence[Asking]) -> Iterator[Told]:
    server = f"{house.address}/mcp"
    yield from call_tool(server, "ask", [write_arguments(house, it) for it in askings])


def write_arguments(house: House, asking: Asking) -> dict[str, Any]:
    body = write_body(house, asking)
    scope = body.pop("scope")
    return {**body, **scope}


def call_tool(server: Any, name: str, calls: Sequence[dict[str, Any]]) -> list[Told]:
    """Connect once, call a tool with each of some arguments, and return what it gave."""

    async def converse() -> list[Told]:
        async with Client(server) as client:
            told = []
            for arguments in calls:
                result = await client.call_tool(name, arguments)
                assert not result.is_error, result.content
                words = " ".join(getattr(block, "text", "") for block in result.content)
                told.append(Told(result.structured_content or {}, words))
            return told

    return anyio.run(converse)


def invoke_langchain(house: House, askings: Sequence[Asking]) -> Iterator[Told]:
    for it in askings:
        yield Told(house.bot.as_runnable().invoke(write_input(house, it)))


def stream_langchain(house: House, askings: Sequence[Asking]) -> Iterator[Told]:
    for it in askings:
        *_, answer = house.bot.as_runnable().stream(write_input(house, it))
        yield Told(answer)


def write_input(house: House, asking: Asking) -> AskedQuestion:
    history = house.tell_history(asking)
    return AskedQuestion(question=asking.question, history=history, scope=asking.scope)


def ask_terminal(house: House, askings: Sequence[Asking]) -> Iterator[Told]:
    for number, it in enumerate(askings):
        options = ["--store", house.path, *house.options, *write_options(it.scope)]
        if it.before:
            talk = house.path.with_name(f"talk-{number}.json")
            talk.write_text(json.dumps(house.list_turns(it)), "utf-8")
            options += ["--history", talk]
        printed = run("ask", it.question, "--json", *options)
        assert printed.exit_code in {0, 4}, printed.stderr
        yield Told(json.loads(printed.stdout))


def chat_in_terminal(house: House, askings: Sequence[Asking]) -> Iterator[Told]:
    for number, it in enumerate(askings):
        saved = house.path.with_name(f"chat-{number}.json")
        only = " ".join(word.removeprefix("--") for word in write_options(it.scope))
        lines = [*it.before, f"/only {only}" if only else "/all", it.question, f"/save {saved}"]
        printed = run("chat", "--store", house.path, *house.options, stdin="\n".join(lines))
        yield Told(json.loads(saved.read_text("utf-8"))["turns"][-1]["answer"], printed.stdout)


def write_options(scope: Scope) -> list[str]:
    options = [f"--article {shlex.quote(name)}" for name in scope.articles]
    options += [f"--topic {shlex.quote(name)}" for name in scope.topics]
    options += [f"--{name} {day}" for name, day in
                (("since", scope.since), ("until", scope.until)) if day]  # fmt: skip
    return shlex.split(" ".join(options))


def ask_page(house: House, askings: Sequence[Asking]) -> Iterator[Told]:
    from bot.page.chat import Chat
    from bot.page.library import Shelf
    from bot.page.scope import write_scope

    library = OpenLibrary(house.path, model=house.bot.model, time_limit=house.bot.time_limit)
    chat: Any = Chat(library, Shelf(library))
    try:
        for it in askings:
            talk: Any = None
            for question in it.before:
                talk = [change[1] for change in chat.answer(question, talk, None, None)][-2]
            changes = list(chat.answer(it.question, talk, write_scope(it.scope), None))
            (messages, *_), (_, talk, *_) = changes[-1], changes[-2]
            yield Told(talk["turns"][-1]["answer"], unescape(messages[-1]["content"]))
    finally:
        library.close()


DOORS: dict[str, Door] = {
    "Python": ask_python,
    "Python, streamed": stream_python,
    "HTTP": ask_http,
    "HTTP, streamed": stream_http,
    "OpenAI's client": ask_openai,
    "OpenAI's client, streamed": stream_openai,
    "widget": ask_widget,
    "widget, streamed": stream_widget,
    "MCP by stdio": ask_mcp_by_stdio,
    "MCP by HTTP": ask_mcp_by_http,
    "LangChain": invoke_langchain,
    "LangChain, streamed": stream_langchain,
    "terminal, ask": ask_terminal,
    "terminal, chat": chat_in_terminal,
    "page": ask_page,
}
