"""A canary on loopback that must not be reached, and a site beside it that may be."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ingest.web.address import is_public
from ingest.web.connection import Policy
from tests.web_server import WebServer

# The site that may be reached; all of 127.0.0.0/8 is loopback on Linux.
SITE = "127.0.0.2"


@dataclass(slots=True)
class Canary:
    """What must not be reached; it counts who connects."""

    port: int
    connections: int = 0


@contextlib.contextmanager
def set_trap() -> Iterator[Canary]:
    """Listen on 127.0.0.1; whoever connects is counted and sent away."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        canary, stop = Canary(listener.getsockname()[1]), threading.Event()

        def listen() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError), listener.accept()[0]:
                    canary.connections += 1

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield canary
        finally:
            stop.set()
            thread.join()


def make_policy(site: WebServer, resolve: Callable[[str, int], Sequence[str]]) -> Policy:
    """Return the usual policy, but that the site is as if it were public, on its own port."""
    return Policy(
        is_allowed=lambda address: address == SITE or is_public(address),
        resolve=resolve,
        ports=frozenset({site.port}),
        seconds=5.0,
        pause=0.0,
    )


def read_literal(host: str, port: int) -> list[str]:
    """Resolve whatever the system reads as a numeric address; `site.test` is the site."""
    if host.rstrip(".").lower() in {"site.test", "localhost"}:
        return [SITE if host.startswith("site") else "127.0.0.1"]
    found = socket.getaddrinfo(host, port, flags=socket.AI_NUMERICHOST, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]
