"""What strangers send over HTTP, and the only statuses that such a request may get."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

EVIL = "evil.example"
# What is open on a site with keys and passwords: probes that tell nothing, the form, its style.
OPEN = {"/healthz", "/readyz", "/enter", "/v1/openapi.json"}
_JSON = {"Content-Type": "application/json"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
REFUSED = frozenset({400, 401, 403, 404, 405, 408, 411, 413, 415, 421, 422, 429, 431})


@dataclass(frozen=True, slots=True)
class Attack:
    """A request, sent as it stands, and the statuses that keep it out."""

    kind: str
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    held: frozenset[int] = REFUSED
    site: str = "open"

    @property
    def name(self) -> str:
        """What is sent, in a line."""
        told = "".join(f" {name}: {value[:60]}" for name, value in self.headers.items())
        return f"{self.kind}: {self.method} {self.path[:80]}{told} [{self.site}]"


def list_attacks(library: str, upload: bytes, boundary: str) -> Iterator[Attack]:
    """Yield attacks on a site open to this machine and one with keys and passwords.

    `library` is the folder of the library, `upload` a form with a file.
    """
    yield from _traverse(library)
    yield from _name_hosts()
    yield from _cross_sites()
    yield from _send_bodies()
    yield from _upload(upload, boundary)
    yield from _bend_methods()


def visit_routes(app: Any, prefix: str = "") -> Iterator[Attack]:
    """Yield a request without password and key for each route of an application."""
    # FastAPI keeps routers that were included as one route each.
    included = (getattr(item, "effective_route_contexts", None) for item in app.routes)
    routes = (
        route
        for item, list_inner in zip(app.routes, included, strict=True)
        for route in (list_inner() if list_inner else [item])
    )
    for route in routes:
        inner = getattr(route, "app", None)
        path = prefix + route.path
        if getattr(inner, "routes", None):
            yield from visit_routes(inner, path.rstrip("/"))
        elif path not in OPEN:
            filled = re.sub(r"\{[^}]*\}", "x", path) or "/"
            for method in sorted(getattr(route, "methods", None) or {"GET"}):
                yield Attack("auth", method, filled, held=frozenset({401}), site="locked")


def _traverse(library: str) -> Iterator[Attack]:
    up, coded = "../" * 8, "..%2f" * 8
    paths = [
        f"/page/{up}etc/passwd", f"/page/{coded}etc/passwd", "/page/%2e%2e/%2e%2e/pyproject.toml",
        "/page/..%5c..%5c..%5cpyproject.toml", "/page//etc/passwd", "/page/%00/etc/passwd",
        f"/a/{coded}etc%2fpasswd", f"/v1/articles/{coded}etc%2fpasswd",
        f"/v1/articles/{library}/keys.sqlite", "/gradio_api/file=/etc/passwd",
        f"/gradio_api/file={up}etc/passwd", f"/gradio_api/file={coded}etc%2fpasswd",
        f"/gradio_api/file={library}/library.sqlite", f"/gradio_api/file={library}/keys.sqlite",
        "/gradio_api/file=~/.bashrc", "/gradio_api/file=file:///etc/passwd",
        "/gradio_api/file=%5c%5chost%5cshare", f"/gradio_api/file=http://{EVIL}/",
        f"/gradio_api/proxy=http://{EVIL}/", f"/assets/{coded}etc%2fpasswd",
        f"/static/{up}etc/passwd", f"/svelte/{coded}etc%2fpasswd", f"/{up}etc/passwd",
        "/monitoring/summary", "/gradio_api/vibe-code", "//etc/passwd",
    ]  # fmt: skip
    for path in paths:
        yield Attack("traversal", "GET", path)


def _name_hosts() -> Iterator[Attack]:
    hosts = [EVIL, f"{EVIL}:8000", f"127.0.0.1.{EVIL}", f"localhost@{EVIL}", "", "0.0.0.0", "[::"]  # noqa: S104
    for host in hosts:
        yield Attack("host", "GET", "/", {"Host": host}, held=frozenset({421, 400}))
    for path in ("/v1/articles", "/mcp", "/config", "/gradio_api/info", "/healthz", "/readyz",
                 "/metrics", "/page/page.js", "/a/x", "/staff/feedback.jsonl"):  # fmt: skip
        yield Attack("host", "GET", path, {"Host": EVIL}, held=frozenset({421}))


def _cross_sites() -> Iterator[Attack]:
    posts = {
        "/v1/answers": _JSON, "/v1/chat/completions": _JSON, "/mcp": _JSON,
        "/gradio_api/queue/join": _JSON, "/gradio_api/run/predict": _JSON,
        "/gradio_api/reset": _JSON, "/staff/login": _FORM, "/staff/logout": _FORM,
    }  # fmt: skip
    marks = ({"Origin": f"https://{EVIL}"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"})
    for path, headers in posts.items():
        for mark in marks:
            yield Attack("csrf", "POST", path, {**headers, **mark}, b"{}", frozenset({403}))
    yield Attack("csrf", "POST", "/enter", {**_FORM, **marks[0]}, b"password=x",
                 frozenset({403}), "locked")  # fmt: skip
    yield Attack("csrf", "GET", "/v1/articles", {"Origin": "http://["}, held=frozenset({403}))
    asked = {"Origin": f"https://{EVIL}", "Access-Control-Request-Method": "POST"}
    for path in ("/v1/answers", "/mcp", "/gradio_api/queue/join", "/config", "/enter"):
        # Any status will do: what counts is that no header allows it.
        yield Attack("cors", "OPTIONS", path, asked, held=frozenset(range(200, 500)))
    for path in ("/", "/v1/articles", "/config", "/articles", "/gradio_api/info"):
        origin = {"Origin": f"https://{EVIL}"}
        yield Attack("cors", "GET", path, origin, held=frozenset(range(200, 500)))


def _send_bodies() -> Iterator[Attack]:
    long = b'{"question": "' + b"why " * 1_001 + b'"}'
    turns = b",".join([b'{"question": "a", "answer": "b"}'] * 1_001)
    talk = b'{"question": "x", "history": [' + turns + b"]}"
    # Which of the two says that a body cannot be read does not matter.
    bad = frozenset({400, 422})
    for path, body in (
        ("/v1/answers", long), ("/v1/answers", talk), ("/v1/answers", b"[" * 90_000),
        ("/v1/answers", b'{"question": "\\ud800"}'), ("/v1/answers", b"\xff\xfe"),
    ):  # fmt: skip
        yield Attack("body", "POST", path, _JSON, body, bad)
    for path, body, status in (
        ("/v1/answers", b" " * 1_000_001, 413), ("/v1/chat/completions", b" " * 1_000_001, 413),
        ("/mcp", b" " * 1_000_001, 413), ("/gradio_api/queue/join", b" " * 2_000_001, 413),
        ("/export.md", b" " * 2_000_001, 413), ("/gradio_api/queue/join", b"[" * 90_000, 403),
    ):  # fmt: skip
        yield Attack("body", "POST", path, _JSON, body, frozenset({status}))
    yield Attack("body", "POST", "/staff/login", _FORM, b"x" * 4_001, frozenset({413}))
    yield Attack("body", "POST", "/enter", _FORM, b"x" * 4_001, frozenset({413}), "locked")
    for length in ("-1", "1e9", "99999999999999999999", "5, 6"):
        sent = {**_JSON, "Content-Length": length}
        yield Attack("body", "POST", "/v1/answers", sent, b"{}", frozenset({400, 413}))
    both = {**_JSON, "Content-Length": "2", "Transfer-Encoding": "chunked"}
    yield Attack("body", "POST", "/v1/answers", both, b"0\r\n\r\n", frozenset({400, 422}))


def _upload(form: bytes, boundary: str) -> Iterator[Attack]:
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    paths = (
        "/gradio_api/upload", "//gradio_api/upload", "/gradio_api/upload/", "/upload", "/login",
        "/gradio_api/queue/join", "/gradio_api/component_server", "/gradio_api/stream/x",
        "/gradio_api/process_recording", "/v1/articles",
    )  # fmt: skip
    for path in paths:
        yield Attack("upload", "POST", path, headers, form)
        yield Attack("upload", "POST", path, headers, form, site="locked")
    file = b'{"data": [{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}]}'
    for path in ("/gradio_api/queue/join", "/gradio_api/run/predict"):
        yield Attack("upload", "POST", path, _JSON, file, frozenset({403}))


def _bend_methods() -> Iterator[Attack]:
    for method, path in (("TRACE", "/"), ("CONNECT", "/"), ("PUT", "/page/page.js"),
                         ("DELETE", "/v1/articles/x"), ("PATCH", "/v1/articles/x"),
                         ("PROPFIND", "/")):  # fmt: skip
        yield Attack("method", method, path)
    override = {"X-HTTP-Method-Override": "DELETE"}
    yield Attack("method", "POST", "/v1/articles/report-00", override)
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Key": "eA==",
               "Sec-WebSocket-Version": "13"}  # fmt: skip
    # Answered as if it were a plain request: all but 101 will do.
    held = frozenset(range(200, 500))
    for path in ("/", "/gradio_api/queue/join", "/v1/answers", "/mcp"):
        yield Attack("websocket", "GET", path, upgrade, held=held)
