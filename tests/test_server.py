"""The server in a process of its own: slow clients, forwarded addresses, how it stops."""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from tests.libraries import ROOT

# Longer than it takes to stop while it runs.
ANSWER_SECONDS = 1.5


@contextmanager
def start(*proxies: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run this module's application; yield its process and address."""
    command = [sys.executable, "-m", "tests.test_server", *proxies]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with start() as (_, opened):
        yield opened


def connect(address: str) -> socket.socket:
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname, parts.port), timeout=30)


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "])
def test_headers_that_do_not_come_are_given_up(address: str, begun: bytes) -> None:
    with connect(address) as slow:
        slow.sendall(begun)
        started = time.monotonic()
        while time.monotonic() - started < 20:
            if begun:
                slow.sendall(b"x")
            slow.settimeout(0.2)
            try:
                if slow.recv(100) == b"":
                    return
            except TimeoutError:
                continue
            except ConnectionError:
                return
        pytest.fail("the connection is still open")


def test_headers_without_end_are_refused(address: str) -> None:
    with connect(address) as flood, pytest.raises(ConnectionError):
        flood.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        for _ in range(100):
            flood.sendall(b"X-More: " + b"x" * 10_000 + b"\r\n")
            time.sleep(0.01)


def test_websockets_are_plain_requests(address: str) -> None:
    headers = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    assert httpx.get(address, headers=headers, timeout=60).status_code == 200


def test_forwarded_addresses_are_believed_of_the_named_proxy_only(address: str) -> None:
    headers = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https"}
    assert httpx.get(address, headers=headers, timeout=60).text == "http 127.0.0.1"
    with start("127.0.0.1") as (_, proxied):
        assert httpx.get(proxied, headers=headers, timeout=60).text == "https 198.51.100.7"
        forged = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
        assert httpx.get(proxied, headers=forged, timeout=60).text == "http 198.51.100.7"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_finishes_answers_and_ends_well(number: signal.Signals) -> None:
    with start() as (process, opened):
        httpx.get(opened, timeout=60)
        texts: list[str] = []

        def ask() -> None:
            texts.append(httpx.get(f"{opened}/slow", timeout=60).text)

        def hold_page() -> None:
            with httpx.Client(timeout=60) as client, pytest.raises(httpx.HTTPError):
                client.get(f"{opened}/gradio_api/heartbeat/x")

        threads = [threading.Thread(target=ask), threading.Thread(target=hold_page)]
        for thread in threads:
            thread.start()
        time.sleep(ANSWER_SECONDS / 3)
        process.send_signal(number)
        assert process.wait(30) == 0
        for thread in threads:
            thread.join()
        assert texts == ["the whole answer"]


def serve_tiny_app(*proxies: str) -> None:
    """Serve an application with quick routes and slow ones, on a free port."""
    import asyncio

    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import PlainTextResponse, StreamingResponse
    from starlette.routing import Route

    from bot.web import server
    from bot.web.server import run_server

    vars(server)["HEADER_SECONDS"] = 1

    async def tell_client(request: Request) -> PlainTextResponse:
        host = request.client.host if request.client else ""
        return PlainTextResponse(f"{request.url.scheme} {host}")

    async def answer_slowly(request: Request) -> StreamingResponse:
        async def write() -> AsyncIterator[str]:
            yield "the whole "
            await asyncio.sleep(ANSWER_SECONDS)
            yield "answer"

        return StreamingResponse(write())

    async def beat(request: Request) -> StreamingResponse:
        async def write() -> AsyncIterator[str]:
            while True:
                yield "x"
                await asyncio.sleep(0.1)

        return StreamingResponse(write())

    app = Starlette(
        routes=[
            Route("/", tell_client),
            Route("/slow", answer_slowly),
            Route("/gradio_api/heartbeat/x", beat),
        ]
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        run_server(app, listener, proxies=proxies)


if __name__ == "__main__":
    serve_tiny_app(*sys.argv[1:])
