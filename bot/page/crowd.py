"""Refuse a question at once while as many are asked as the page answers in good time."""

import asyncio
from collections.abc import Callable

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class LimitQuestions:
    """ASGI middleware: a question too many is answered 503 before it costs Gradio anything.

    It goes by the number of the event that `GuardUploads` has read. To take in an event of a new
    reader takes Gradio some time in which nothing else is served, so questions go in one by one:
    between two of them, others are refused.
    """

    def __init__(
        self,
        app: ASGIApp,
        limit: int,
        questions: frozenset[int],
        count_taken: Callable[[frozenset[int]], int],
    ) -> None:
        """Let at most `limit` questions in; `count_taken` counts those that Gradio has."""
        self.app = app
        self._limit = limit
        self._questions = questions
        self._count_taken = count_taken
        self._coming = 0
        self._turn = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 503 as Gradio does, whose script then tells the reader."""
        event = scope.get("state", {}).get("event")
        if not isinstance(event, int) or event not in self._questions:
            await self.app(scope, receive, send)
        elif self._coming + self._count_taken(self._questions) >= self._limit:
            told = {"detail": "Too much is asked at once; try again."}
            await JSONResponse(told, 503, {"Retry-After": "1"})(scope, receive, send)
        else:
            self._coming += 1
            try:
                async with self._turn:
                    await self.app(scope, receive, send)
            finally:
                self._coming -= 1
