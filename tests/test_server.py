"""The server in a process of its own: slow clients, forwarded addresses, how it stops."""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.tiny_server import HEARTBEAT, SLOW


@contextmanager
def start(*proxies: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the application; yield its process and address."""
    command = [sys.executable, "-m", "tests.tiny_server", *proxies]
    piped = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=Path(__file__).parents[1], stdout=piped, stderr=piped, text=True
    ) as process:
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
    begun, read = threading.Semaphore(0), {}

    def receive(address: str, path: str) -> None:
        with httpx.stream("GET", address + path, timeout=60) as reply:
            parts = reply.iter_text()
            first = next(parts)
            begun.release()
            read[path] = first + "".join(parts)

    with start() as (process, address):
        threads = [
            threading.Thread(target=receive, args=(address, path)) for path in (SLOW, HEARTBEAT)
        ]
        for thread in threads:
            thread.start()
        for _ in threads:
            assert begun.acquire(timeout=60)
        process.send_signal(number)
        assert process.wait(30) == 0
        for thread in threads:
            thread.join()
        assert read[SLOW] == "the whole answer" and set(read[HEARTBEAT]) == {"x"}
        assert process.stderr is not None and process.stderr.read() == ""
