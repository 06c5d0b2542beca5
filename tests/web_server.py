"""Sites on loopback that are fetched from: what is at each path, and what was asked."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from ingest.web.connection import Policy

HTML = "text/html; charset=utf-8"


@dataclass(slots=True)
class Reply:
    """What a server answers: status, headers and body, or whatever `send` writes itself."""

    body: bytes = b""
    type: str = HTML
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    send: Callable[[BaseHTTPRequestHandler], None] | None = None


@dataclass(slots=True)
class WebServer:
    """A running server: its port, replies by path, and the requests that it got."""

    port: int
    replies: dict[str, Reply] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)

    def url(self, path: str, host: str = "site.test") -> str:
        """Return the address of a path, under a name that `policy` resolves."""
        return f"http://{host}:{self.port}{path}"

    def policy(self, **changes: Any) -> Policy:
        """Return a policy that allows this server, and leads every name to it."""
        told = {
            "is_allowed": lambda address: address == "127.0.0.1",
            "resolve": lambda host, port: ["127.0.0.1"],
            "ports": frozenset({self.port}),
            "seconds": 20.0,
            "pause": 0.0,
        }
        return Policy(**cast("dict[str, Any]", told | changes))


@contextmanager
def serve_web(host: str = "127.0.0.1", port: int = 0) -> Iterator[WebServer]:
    """Run a server whose replies are put in later; what is not there is a 404."""

    class Handler(BaseHTTPRequestHandler):
        """Answers from the replies; an ETag that is sent back is a 304."""

        def do_GET(self) -> None:
            web.asked.append(self.path)
            web.headers.append({name.lower(): value for name, value in self.headers.items()})
            reply = web.replies.get(self.path, Reply(b"nothing here", status=404))
            if reply.send:
                reply.send(self)
                return
            etag = reply.headers.get("ETag")
            same = etag is not None and self.headers.get("If-None-Match") == etag
            self.send_response(304 if same else reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if not same:
                self.send_header("Content-Type", reply.type)
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(b"" if same else reply.body)

        def log_message(self, *_: object) -> None:
            """Be silent."""

    with ThreadingHTTPServer((host, port), Handler) as server:
        web = WebServer(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield web
        finally:
            server.shutdown()
            thread.join()


def redirect(target: str, status: int = 302) -> Reply:
    """Return a reply that leads on."""
    return Reply(status=status, headers={"Location": target})
