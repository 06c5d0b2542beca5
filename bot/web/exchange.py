"""A request and its answer as they pass: what was asked for, how it ended, how long it took."""

import time

from starlette.types import Message, Scope, Send

_METHODS = frozenset({"GET", "POST", "DELETE", "HEAD", "OPTIONS", "PUT", "PATCH"})


class Exchange:
    """Sends on what answers a request and remembers the status; 500 until an answer has begun."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._started = time.perf_counter()
        self.status = 500

    async def send(self, message: Message) -> None:
        """Pass a message of the answer on."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)

    @property
    def seconds(self) -> float:
        """The seconds since the request came."""
        return time.perf_counter() - self._started

    @property
    def method(self) -> str:
        """The request's method, "other" for one that nobody knows: its values are few."""
        method: str = self._scope["method"]
        return method if method in _METHODS else "other"

    @property
    def route(self) -> str | None:
        """The template of the route that answered, which holds no article's id; None for none.

        The routers have put it into the scope by the time that an answer begins.
        """
        return getattr(self._scope.get("route"), "path", None)
