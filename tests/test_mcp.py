"""The MCP door, driven by the SDK's own client: in this process, by stdio and by HTTP."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from mcp import Client, MCPError, StdioServerParameters
from mcp.types import CallToolResult, TextContent, TextResourceContents

from bot import Bot, mcp_resources, verify
from bot.cite import REFUSAL
from bot.mcp import INSTRUCTIONS, NOT_YET, make_mcp_app, make_server
from bot.mcp_tools import MAX_READ_LETTERS
from tests.doors import ICELAND, LIMA, run_page
from tests.libraries import ROOT, MakeBot, check_law, run

pytest_plugins = ["tests.door_fixtures", "tests.library_fixtures"]

COMMAND = ("-c", "from bot.cli import app; app()", "mcp", "--store")
Talk = Callable[[Client], Awaitable[Any]]


def talk(server: Any, conversation: Talk, mode: str = "auto") -> Any:
    """Connect to a server, hold a conversation, and return what it returned or raise MCPError."""

    async def connect() -> Any:
        async with Client(server, mode=mode) as client:
            try:
                return await conversation(client)
            except MCPError as error:
                # Raised in here it would come out in a group of errors.
                return error

    result = anyio.run(connect)
    if isinstance(result, MCPError):
        raise result
    return result


def call(bot: Bot | None, name: str, **arguments: Any) -> CallToolResult:
    """Call a tool of a bot's server, without a transport."""
    result: CallToolResult = talk(
        make_server(lambda: bot), lambda client: client.call_tool(name, arguments)
    )
    return result


def read_words(result: CallToolResult) -> str:
    """Return the words of a result, one block of text."""
    (block,) = result.content
    assert isinstance(block, TextContent)
    return block.text


def expect(bot: Bot, question: str, **options: Any) -> dict[str, Any]:
    """Return the answer of a bot as JSON types, without its timings."""
    answer = bot.ask(question, **options)
    check_law(answer, bot.store)
    return drop_timings(json.loads(json.dumps(answer.to_dict())))


def drop_timings(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer without what is never the same twice."""
    return {key: value for key, value in answer.items() if key != "timings"}


def test_tools_say_what_they_take_and_give(harbour_bot: Bot) -> None:
    listed = talk(make_server(lambda: harbour_bot), Client.list_tools)
    tools = {tool.name: tool for tool in listed.tools}
    assert list(tools) == ["ask", "search", "read_article"]
    for tool in tools.values():
        assert tool.title and tool.description
        assert tool.annotations.read_only_hint and not tool.annotations.open_world_hint
        assert tool.input_schema["additionalProperties"] is False
        assert tool.output_schema["type"] == "object"
        for taken in tool.input_schema["properties"].values():
            assert taken["description"]
        assert next(iter(tool.input_schema["properties"])) in {"question", "article_id"}
    assert tools["ask"].input_schema["required"] == ["question"]
    assert {"text", "citations", "refused"} <= set(tools["ask"].output_schema["required"])


def test_an_answer_is_the_answer_of_the_bot(harbour_bot: Bot) -> None:
    result = call(harbour_bot, "ask", question=LIMA)
    assert drop_timings(result.structured_content) == expect(harbour_bot, LIMA)
    assert verify(result.structured_content, harbour_bot.store) == []
    assert read_words(result).startswith(
        "The harbour of Lima opened in 1902. [1]\n\n[1] The harbour"
    )
    assert "article lima, characters 0-35, https://example.org/lima" in read_words(result)


def test_a_refusal_is_no_error(harbour_bot: Bot) -> None:
    result = call(harbour_bot, "ask", question=ICELAND)
    assert not result.is_error
    assert result.structured_content["refused"]
    assert read_words(result).startswith(REFUSAL)
    assert "which do not answer it" in read_words(result)


def test_a_follow_up_is_understood(harbour_bot: Bot) -> None:
    turn = {"question": LIMA, "answer": harbour_bot.ask(LIMA).text}
    # Some clients send a list as JSON in a string.
    for history in ([turn], json.dumps([turn])):
        result = call(harbour_bot, "ask", question="How tall is its lighthouse?", history=history)
        assert "31 metres" in result.structured_content["text"]
        assert read_words(result).startswith("Understood as: ")


@pytest.mark.parametrize(
    "scope",
    [
        {"articles": ["oslo"]},
        {"articles": '["oslo"]'},
        {"topics": ["ports"], "until": "2023"},
        {"since": "2023", "until": "2023-12", "articles": None, "topics": []},
    ],
)
def test_a_restriction_is_kept(harbour_bot: Bot, scope: dict[str, Any]) -> None:
    result = call(harbour_bot, "ask", question="How tall is the lighthouse?", **scope)
    cited = {item["article_id"] for item in result.structured_content["citations"]}
    assert cited == {"oslo"}
    result = call(harbour_bot, "search", question="How tall is the lighthouse?", **scope)
    assert {item["article_id"] for item in result.structured_content["passages"]} == {"oslo"}


def test_passages_are_found(harbour_bot: Bot) -> None:
    result = call(harbour_bot, "search", question="the ferry to Aswan", limit=2)
    passages = result.structured_content["passages"]
    assert [item["number"] for item in passages] == [1, 2]
    assert (passages[0]["article_id"], passages[0]["heading"]) == ("cairo", "The ferry")
    assert "Aswan" in passages[0]["quote"]
    assert passages[0]["quote"] in read_words(result)
    for item in passages:
        stored = harbour_bot.store.get_article(item["article_id"])
        assert stored is not None
        assert stored.text[item["start"] : item["end"]] == item["quote"]


def test_an_article_is_read_in_parts(make_bot: MakeBot) -> None:
    words = " ".join(f"Sentence {number} stands here." for number in range(2_000))
    bot = make_bot({"long.txt": f"A long article\n\n{words}\n"})
    (article,) = bot.store.list_articles()
    read, start = "", 0
    while start < len(article.text):
        result = call(bot, "read_article", article_id=article.article_id, start=start)
        part = result.structured_content
        assert len(part["text"]) <= MAX_READ_LETTERS
        assert (f"start={part['end']}" in read_words(result)) is (part["end"] < part["length"])
        read, start = read + part["text"], part["end"]
    assert read == article.text
    some = call(bot, "read_article", article_id=article.article_id, start=3, end=9)
    assert some.structured_content["text"] == article.text[3:9]
    assert some.structured_content["sha256"] == article.sha256


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("ask", {}, "question: Field required"),
        ("ask", {"question": " ? "}, "the question is empty"),
        ("ask", {"question": "x" * 5_000}, "ask it in 4,000"),
        ("ask", {"question": LIMA, "articles": ["limo"]}, "did you mean 'lima'"),
        ("ask", {"question": LIMA, "since": "June"}, "'June' is no date"),
        ("ask", {"question": LIMA, "history": "[1"}, "history: Input should be a valid list"),
        ("ask", {"question": LIMA, "topics": "[" * 90_000}, "topics: Input should be a valid list"),
        ("ask", {"question": LIMA, "topic": ["Ports"]}, "topic: Extra inputs"),
        ("search", {"question": "x", "limit": 0}, "limit: "),
        ("read_article", {"article_id": "limo"}, "no article 'limo'"),
        ("read_article", {"article_id": "lima", "start": 10_000}, "has 154 characters"),
    ],
)
def test_a_mistake_is_told_in_words(
    harbour_bot: Bot, tool: str, arguments: dict[str, Any], words: str
) -> None:
    result = call(harbour_bot, tool, **arguments)
    assert result.is_error
    assert words in read_words(result)
    assert "pydantic" not in read_words(result)


def test_an_unknown_tool_is_named(harbour_bot: Bot) -> None:
    with pytest.raises(MCPError, match="no tool 'answer'; there are ask, search, read_article"):
        call(harbour_bot, "answer")


def test_a_library_in_the_making_says_so() -> None:
    result = call(None, "ask", question=LIMA)
    assert result.is_error and read_words(result) == NOT_YET
    server = make_server(lambda: None)
    assert talk(server, Client.list_resources).resources == []
    with pytest.raises(MCPError, match=NOT_YET):
        talk(server, lambda client: client.read_resource("footnote://articles/lima"))


def test_a_failure_of_the_server_is_logged_and_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    def get_bot() -> Bot:
        raise RuntimeError("secret")

    server = make_server(get_bot)
    result = talk(server, lambda client: client.call_tool("ask", {"question": LIMA}))
    assert result.is_error and "secret" not in read_words(result)
    assert "secret" in caplog.text


def test_articles_are_resources(harbour_bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp_resources, "PAGE_SIZE", 2)

    async def read_all(client: Client) -> dict[str, str]:
        texts, cursor = {}, None
        while True:
            page = await client.list_resources(cursor=cursor)
            for item in page.resources:
                (read,) = (await client.read_resource(item.uri)).contents
                assert isinstance(read, TextResourceContents)
                assert item.size == len(read.text.encode())
                texts[item.name] = read.text
            cursor = page.next_cursor
            if cursor is None:
                return texts

    server = make_server(lambda: harbour_bot)
    stored = {item.article_id: item.text for item in harbour_bot.store.list_articles()}
    assert talk(server, read_all) == stored
    (template,) = talk(server, Client.list_resource_templates).resource_templates
    assert template.uri_template == "footnote://articles/{article_id}"
    for uri in ("footnote://articles/limo", "file:///etc/passwd"):
        with pytest.raises(MCPError, match=r"no (article|resource)"):
            talk(server, partial(Client.read_resource, uri=uri))
    with pytest.raises(MCPError, match="list from the beginning"):
        talk(server, lambda client: client.list_resources(cursor="-1"))


def test_a_client_talks_to_the_command(harbours: Path, harbour_bot: Bot) -> None:
    arguments = [*COMMAND, str(harbours)]
    command = StdioServerParameters(command=sys.executable, args=arguments, cwd=ROOT)
    check_conversation(command, harbour_bot)


def check_conversation(server: Any, bot: Bot, mode: str = "auto") -> None:
    """Check that a client gets, over a transport, what the bot answers."""

    async def converse(client: Client) -> None:
        assert client.server_info and client.server_info.name == "footnote"
        assert client.instructions == INSTRUCTIONS
        assert len((await client.list_tools()).tools) == 3
        for question in (LIMA, ICELAND):
            result = await client.call_tool("ask", {"question": question})
            assert drop_timings(result.structured_content) == expect(bot, question)
        assert (await client.call_tool("ask", {"question": ""})).is_error
        assert len((await client.list_resources()).resources) == 3

    talk(server, converse, mode)


def test_nothing_but_the_protocol_is_printed(harbours: Path) -> None:
    # By the handshake of the older protocol, which today's applications speak.
    version = {"protocolVersion": "2025-11-25", "capabilities": {}}
    client = {"clientInfo": {"name": "test", "version": "1"}}
    messages: list[dict[str, Any]] = [
        {"id": 1, "method": "initialize", "params": version | client},
        {"method": "notifications/initialized"},
        {
            "id": 2,
            "method": "tools/call",
            "params": {"name": "ask", "arguments": {"question": LIMA}},
        },
    ]
    process = subprocess.Popen(
        [sys.executable, *COMMAND, str(harbours)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, cwd=ROOT,
    )  # fmt: skip
    with process:
        assert process.stdin and process.stdout and process.stderr
        printed = []
        for message in messages:
            process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
            process.stdin.flush()
            if "id" in message:
                printed.append(json.loads(process.stdout.readline()))
        process.stdin.close()
        assert process.stdout.read() == ""
        assert process.stderr.read() == ""
    assert process.returncode == 0
    assert [item["id"] for item in printed] == [1, 2]
    assert printed[1]["result"]["structuredContent"]["citations"][0]["article_id"] == "lima"


def test_without_a_library_the_command_says_so(tmp_path: Path) -> None:
    result = run("mcp", "--store", tmp_path / "none")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "footnote ingest FOLDER" in result.stderr


def test_without_the_sdk_the_command_says_so(
    harbours: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mcp", None)
    monkeypatch.delitem(sys.modules, "bot.mcp")
    result = run("mcp", "--store", harbours)
    assert result.exit_code == 2
    told = "mcp is missing; install it in Footnote's folder: pip install -e '.[mcp]'"
    assert result.stderr == f"footnote: {told}\n"


@contextmanager
def serve(bot: Bot, *hosts: str) -> Iterator[str]:
    """Serve a FastAPI application with the door in it, before a page at /; yield its address."""
    mcp_app = make_mcp_app(lambda: bot, hosts=hosts)

    @asynccontextmanager
    async def run_mcp(_: FastAPI) -> AsyncIterator[None]:
        async with mcp_app.router.lifespan_context(mcp_app):
            yield

    app = FastAPI(lifespan=run_mcp)
    app.router.routes.extend(mcp_app.routes)
    app.mount("/", FastAPI())
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", ws="none"))
    with server.config.bind_socket() as socket:
        thread = threading.Thread(target=server.run, args=([socket],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{socket.getsockname()[1]}/mcp"
        finally:
            server.should_exit = True
            thread.join()


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_client_talks_over_http(harbour_bot: Bot, mode: str) -> None:
    with serve(harbour_bot) as address:
        check_conversation(address, harbour_bot, mode)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://localhost:3000"}, 200),
        ({"Host": "kb.example.org", "Origin": "https://kb.example.org"}, 200),
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1.evil.example"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_other_pages_cannot_ask(http: str, headers: dict[str, str], status: int) -> None:
    taken = {"Accept": "application/json, text/event-stream"}
    listing = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    response = httpx.post(http, json=listing, headers=taken | headers)
    assert response.status_code == status
    assert (status == 200) is ("read_article" in response.text)


def test_nothing_is_got_or_deleted(http: str) -> None:
    assert httpx.get(http, headers={"Accept": "text/event-stream"}).status_code == 405
    assert httpx.delete(http).headers["Allow"] == "POST"


@pytest.fixture(scope="module")
def http(harbour_bot: Bot) -> Iterator[str]:
    """The address of a server that is also called kb.example.org."""
    with serve(harbour_bot, "kb.example.org") as address:
        yield address


def test_the_examples_of_the_page_run(harbours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(harbours.parent)
    here = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from bot.cli import app; app()"
    shown = 'command="footnote", args=["mcp"'
    started = f'command={sys.executable!r}, args=["-c", {here!r}, "mcp"'
    assert run_page("mcp.md", {shown: started}) == 3


def test_the_settings_of_the_page_start_the_command() -> None:
    page = (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
    settings = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, re.DOTALL)]
    servers = [(each.get("mcpServers") or each.get("servers"))["footnote"] for each in settings]
    assert len(servers) >= 3
    for server in servers:
        if "url" in server:
            assert server["url"].endswith("/mcp")
        else:
            assert server["command"].endswith("footnote")
            assert server["args"][:2] == ["mcp", "--store"]
    assert "--store" in run("mcp", "--help").stdout
