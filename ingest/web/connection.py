"""Connections to checked addresses only, for a limited time."""

import socket
import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import httpcore

from ingest.web.address import is_public


class NotPublic(Exception):
    """A host that must not be connected to; the message is the reason."""


def resolve(host: str, port: int) -> list[str]:
    """Return the numeric addresses of a host. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be fetched and how much of it; tests have one that lets them reach their servers."""

    is_allowed: Callable[[str], bool] = is_public
    resolve: Callable[[str, int], Sequence[str]] = resolve
    ports: frozenset[int] = frozenset({80, 443})
    seconds: float = 30.0
    max_bytes: int = 20_000_000
    max_redirects: int = 3
    # Between two requests to a host that asks for no other pause.
    pause: float = 0.5
    tls: ssl.SSLContext | None = None


class CheckedBackend(httpcore.NetworkBackend):
    """Resolves a name once, checks every address, and connects to one of those very addresses.

    So a name whose address changes between a check and the connection (DNS rebinding) gains
    nothing. The name itself is still what TLS checks the certificate for.
    """

    def __init__(self, policy: Policy, deadline: float) -> None:
        """Let no step last beyond `deadline`, in seconds of time.monotonic."""
        self._policy = policy
        self._deadline = deadline
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to a host. Raises NotPublic, httpcore.ConnectError or ConnectTimeout."""
        error: httpcore.NetworkError | httpcore.TimeoutException | None = None
        for address in self._find_addresses(host, port):
            try:
                limit = limit_wait(timeout, self._deadline)
                return _TimedStream(self._backend.connect_tcp(address, port, limit), self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failure:
                error = failure
        raise error or httpcore.ConnectError(f"{host} has no address")

    def _find_addresses(self, host: str, port: int) -> Sequence[str]:
        try:
            addresses = self._policy.resolve(host, port)
        # UnicodeError is that of a name that cannot be one.
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"there is no host {host}") from error
        for address in addresses:
            if not self._policy.is_allowed(address):
                named = host if host == address else f"{host} is {address}, which"
                raise NotPublic(f"{named} is not a public address")
        return addresses


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends at a deadline: a server that drips gains no time."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, limit_wait(timeout, self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, limit_wait(timeout, self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        limit = limit_wait(timeout, self._deadline)
        return _TimedStream(
            self._stream.start_tls(ssl_context, server_hostname, limit), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def limit_wait(timeout: float | None, deadline: float) -> float:
    """Return how long a step may wait. Raises httpcore.ReadTimeout after the deadline."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the time is up")
    return left if timeout is None else min(timeout, left)
