"""A server as `footnote serve` runs it, and requests that are sent to it as they stand."""

import http.client
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from benchmarks.reliability.http_attacks import Attack
from bot.web.server import prepare_server


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back; 400 where the server hung up."""

    status: int
    body: bytes = b""
    allows_origin: bool = False
    cookie: str = ""


@contextmanager
def serve(app: Any) -> Iterator[int]:
    """Run an application as `footnote serve` does; yield its port."""
    server = prepare_server(app)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            while not server.started:
                time.sleep(0.02)
            yield listener.getsockname()[1]
        finally:
            server.stop()
            thread.join()


def send(port: int, attack: Attack) -> Reply:
    """Send a request as it stands, its path and headers not tidied; return what came back."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.putrequest(
            attack.method,
            attack.path,
            skip_host="Host" in attack.headers,
            skip_accept_encoding=True,
        )
        for name, value in attack.headers.items():
            connection.putheader(name, value)
        if "Content-Length" not in attack.headers:
            connection.putheader("Content-Length", str(len(attack.body)))
        connection.endheaders()
        # It may be refused before all of it is sent; the answer is there then.
        with suppress(ConnectionError):
            connection.send(attack.body)
        reply = connection.getresponse()
        allowed = reply.headers.get("Access-Control-Allow-Origin") is not None
        is_stream = "event-stream" in reply.headers.get("Content-Type", "")
        body = b"" if is_stream else reply.read()
        return Reply(reply.status, body, allowed, reply.headers.get("Set-Cookie", ""))
    except (http.client.HTTPException, ConnectionError):
        return Reply(400)
    finally:
        connection.close()
