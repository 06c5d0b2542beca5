"""A web site on loopback that is not ours, whose pages may embed the widget."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class OtherSite:
    """A site by its origin, its pages by path, and the policies that some of them have."""

    origin: str
    pages: dict[str, str] = field(default_factory=dict)
    policies: dict[str, str] = field(default_factory=dict)


@contextmanager
def open_other_site() -> Iterator[OtherSite]:
    """Serve a site on a free port in a thread."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = opened.pages.get(self.path)
            self.send_response(204 if body is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if self.path in opened.policies:
                self.send_header("Content-Security-Policy", opened.policies[self.path])
            self.end_headers()
            self.wfile.write((body or "").encode())

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        opened = OtherSite(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield opened
        finally:
            server.shutdown()
            thread.join()
