"""The server that runs the page and the API: on time with slow clients, done before it stops."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import NoReturn

import h11
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

# Seconds that a request's headers may take, a part of a response, and answers when it is stopped.
HEADER_SECONDS, SEND_SECONDS, FINISH_SECONDS = 10, 60, 15
# An open page holds two or three.
MAX_CONNECTIONS = 1_000


def run_server(app: ASGIApp, listener: socket.socket, *, proxies: Sequence[str] = ()) -> None:
    """Serve an application until SIGINT or SIGTERM, then finish the answers that are under way."""
    server = prepare_server(app, proxies=proxies)
    for number in (signal.SIGINT, signal.SIGTERM):
        # Uvicorn raises the signal again when it has stopped; here being stopped is no failure.
        signal.signal(number, lambda *_: server.stop())
    server.run(sockets=[listener])


def prepare_server(app: ASGIApp, *, proxies: Sequence[str] = ()) -> "FinishingServer":
    """Return the server of an application, to be run.

    Of `proxies`, addresses or networks, the headers are believed that say for whom they ask.
    """
    watched = WatchRequests(app)
    config = uvicorn.Config(
        watched,
        # Not httptools, which reads headers without end.
        http=PunctualProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        limit_concurrency=MAX_CONNECTIONS,
        # For what has not ended until then.
        timeout_graceful_shutdown=1,
    )
    return FinishingServer(config, watched)


def leave() -> NoReturn:
    """End the process, and well; threads of native code may still be at work for readers.

    The interpreter would wait for none of them, and what they then touch would abort it.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


class WatchRequests:
    """ASGI middleware that knows how many requests run, and gives up clients that do not read.

    The heartbeats of open pages, which never end by themselves, are not counted: they go on until
    `stopping` is set, and end as if their pages had been left.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.running = 0
        self.stopping = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        is_whole = False

        async def send_on(message: Message) -> None:
            nonlocal is_whole
            is_whole = message["type"].endswith(".body") and not message.get("more_body", False)
            async with asyncio.timeout(SEND_SECONDS):
                await send(message)

        if "/heartbeat/" in scope.get("path", ""):
            await self.app(scope, partial(self._receive_or_stop, receive), send_on)
            if self.stopping.is_set() and not is_whole:
                await send({"type": "http.response.body", "body": b""})
            return
        counted = scope["type"] == "http"
        self.running += counted
        try:
            await self.app(scope, receive, send_on)
        finally:
            self.running -= counted

    async def _receive_or_stop(self, receive: Receive) -> Message:
        coming = asyncio.ensure_future(receive())
        stopping = asyncio.ensure_future(self.stopping.wait())
        try:
            done, _ = await asyncio.wait({coming, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            coming.cancel()
            stopping.cancel()
        return coming.result() if coming in done else {"type": "http.disconnect"}


class FinishingServer(uvicorn.Server):
    """A server that, told to stop, takes no more requests and finishes those that it has."""

    def __init__(self, config: uvicorn.Config, watched: WatchRequests) -> None:
        super().__init__(config)
        self._watched = watched

    def stop(self) -> None:
        """Let the server stop as soon as it may."""
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Wait for the running requests, `FINISH_SECONDS` at most; then stop as uvicorn does."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(FINISH_SECONDS):
                while self._watched.running and not self.force_exit:
                    await asyncio.sleep(0.05)
        self._watched.stopping.set()
        await super().shutdown(sockets)


class PunctualProtocol(H11Protocol):
    """HTTP/1.1 that hangs up when a request's headers are not there in `HEADER_SECONDS`.

    Uvicorn has a limit for the time between requests only, and h11 one for the size of headers.
    """

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._watch_headers()

    def data_received(self, data: bytes) -> None:
        """Take a part of a request."""
        super().data_received(data)
        self._watch_headers()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _watch_headers(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(HEADER_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
