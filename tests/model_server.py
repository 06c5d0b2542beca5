"""A scripted server that speaks OpenAI's protocol, on loopback: it says what a test tells it to."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

Script = Callable[["Handler"], None]


@dataclass
class Server:
    """A running server: its address, what it was asked, and what it does when asked."""

    url: str
    script: Script
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    stopped: Event = field(default_factory=Event)
    heard: Event = field(default_factory=Event)

    def read_prompt(self) -> str:
        """Return all words of the last request."""
        return "\n".join(message["content"] for message in self.asked[-1]["messages"])


class Handler(BaseHTTPRequestHandler):
    """One request; `server_state` is the server that a test holds."""

    server_state: Server
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server_state.asked.append(json.loads(body))
        self.server_state.keys.append(self.headers.get("Authorization", ""))
        self.close_connection = True
        # A client that has gone is what some tests are about.
        with suppress(OSError):
            self.server_state.script(self)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def send_body(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def start_stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()

    def send_chunk(self, text: str | None = None, finish: str | None = None) -> None:
        delta = {} if text is None else {"role": "assistant", "content": text}
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        chunk = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m",
                 "choices": [choice]}  # fmt: skip
        self.send_line(f"data: {json.dumps(chunk)}".encode())

    def send_line(self, line: bytes) -> None:
        self.wfile.write(line + b"\n\n")
        self.wfile.flush()


def say(*parts: str) -> Script:
    """Return a script that says `parts` and ends as it should."""

    def run(handler: Handler) -> None:
        handler.start_stream()
        for part in parts:
            handler.send_chunk(part)
        handler.send_chunk(finish="stop")
        handler.send_line(b"data: [DONE]")

    return run


def say_once_heard(first: str, rest: str) -> Script:
    """Return a script that says `first`, waits till a test has set `heard`, and says `rest`.

    Whoever waits for the end gets no `rest`, after ten seconds.
    """

    def run(handler: Handler) -> None:
        handler.start_stream()
        handler.send_chunk(first)
        if handler.server_state.heard.wait(10):
            handler.send_chunk(rest)
        handler.send_chunk(finish="stop")
        handler.send_line(b"data: [DONE]")

    return run


def fail(status: int, body: bytes = b'{"error": {"message": "key sk-secret is bad"}}') -> Script:
    """Return a script that answers with an error."""
    return lambda handler: handler.send_body(status, body)


def send_html(handler: Handler) -> None:
    handler.send_body(200, b"<html><body>Log in</body></html>", "text/html")


def send_broken_json(handler: Handler) -> None:
    handler.start_stream()
    handler.send_line(b'data: {"choices": [{"delta": ')
    handler.send_line(b"data: [DONE]")


def send_invalid_utf8(handler: Handler) -> None:
    handler.start_stream()
    handler.send_line(b'data: {"choices": [{"delta": {"content": "\xff\xfe\xc3"}}]}')


def send_nothing(handler: Handler) -> None:
    handler.send_body(200, b"", "text/event-stream")


def cut_off(handler: Handler) -> None:
    handler.start_stream()
    handler.send_chunk("The harbour of Oslo is 9 metres deep. [1] Ice")


def stall(handler: Handler) -> None:
    handler.start_stream()
    handler.send_chunk("The harbour")
    handler.server_state.stopped.wait(20)


def never_answer(handler: Handler) -> None:
    handler.server_state.stopped.wait(20)


def send_pings(handler: Handler) -> None:
    """Keep the line busy for ever without saying anything."""
    handler.start_stream()
    while not handler.server_state.stopped.is_set():
        handler.send_line(b": ping")
        time.sleep(0.02)


def talk_for_ever(handler: Handler) -> None:
    handler.start_stream()
    while not handler.server_state.stopped.is_set():
        handler.send_chunk("and so on " * 20)


def trickle_for_ever(handler: Handler) -> None:
    handler.start_stream()
    while not handler.server_state.stopped.is_set():
        handler.send_chunk("on ")
        time.sleep(0.02)


@contextmanager
def run_server(script: Script) -> Iterator[Server]:
    """Run a server with a script."""
    state = Server("", script)
    handler = type("Bound", (Handler,), {"server_state": state})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        state.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


def cut(text: str, size: int = 7) -> Sequence[str]:
    """Return a text in small parts, as models send it."""
    return [text[place : place + size] for place in range(0, len(text), size)]
