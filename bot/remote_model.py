"""A model behind a network: asked by langchain, with a time limit that holds whatever it sends."""

import asyncio
import queue
import threading
import time
from collections.abc import AsyncIterator, Iterator
from functools import cache
from typing import Any

from bot.model import Messages, ModelFailed

# More than any answer: a model that goes on has lost its way.
MAX_LETTERS = 12_000
_SAID_WHY = ("finish_reason", "stop_reason", "done_reason")


class RemoteModel:
    """Asks a chat model of langchain."""

    def __init__(self, name: str, chat: Any) -> None:
        self.name = name
        self._chat = chat

    def stream(self, messages: Messages, seconds: float) -> Iterator[str]:
        """Yield the text that goes on from messages. Raises ModelFailed."""
        parts: queue.SimpleQueue[str | ModelFailed | None] = queue.SimpleQueue()
        asked = asyncio.run_coroutine_threadsafe(self._ask(messages, seconds, parts), _take_loop())
        ends = time.monotonic() + seconds + 1
        try:
            while True:
                try:
                    part = parts.get(timeout=max(0.0, ends - time.monotonic()))
                except queue.Empty:
                    raise _tell_late(seconds) from None
                if part is None:
                    return
                if isinstance(part, ModelFailed):
                    raise part
                yield part
        finally:
            # Whoever stops listening ends the request.
            asked.cancel()

    async def _ask(
        self,
        messages: Messages,
        seconds: float,
        parts: "queue.SimpleQueue[str | ModelFailed | None]",
    ) -> None:
        """Put what the model says into `parts`, then None, or why it failed."""
        try:
            async with asyncio.timeout(seconds):
                async for text in self._read(messages):
                    parts.put(text)
            parts.put(None)
        except TimeoutError:
            parts.put(_tell_late(seconds))
        except ModelFailed as failure:
            parts.put(failure)
        except Exception as error:
            # Each provider's client has errors of its own, and no two have a common kind.
            parts.put(_explain(error, seconds))

    async def _read(self, messages: Messages) -> AsyncIterator[str]:
        letters, why = 0, ""
        async for chunk in self._chat.astream(list(messages)):
            why = next((chunk.response_metadata[key] for key in _SAID_WHY
                        if chunk.response_metadata.get(key)), why)  # fmt: skip
            text = str(chunk.text)
            letters += len(text)
            if letters > MAX_LETTERS:
                raise ModelFailed("wrote without end")
            if text:
                yield text
        if not letters:
            raise ModelFailed("answered nothing")
        if not why:
            raise ModelFailed("was cut off in its answer")


_starting = threading.Lock()


def _take_loop() -> asyncio.AbstractEventLoop:
    """Return the one event loop of all requests: clients keep connections, which belong to it."""
    with _starting:
        return _start_loop()


@cache
def _start_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="models", daemon=True).start()
    return loop


def _tell_late(seconds: float) -> ModelFailed:
    return ModelFailed(f"did not answer within {seconds:g} seconds")


def _explain(error: Exception, seconds: float) -> ModelFailed:
    """Return in words what a provider's error says, without its text: that may hold a key."""
    status = getattr(error, "status_code", None) or getattr(error, "code", None)
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if isinstance(status, int):
        return ModelFailed(_explain_status(status))
    if any("Timeout" in kind for kind in kinds):
        return _tell_late(seconds)
    if kinds & {"RemoteProtocolError", "ReadError", "IncompleteRead", "ClientPayloadError"}:
        return ModelFailed("was cut off in its answer")
    if kinds & {"JSONDecodeError", "UnicodeDecodeError", "DecodingError", "ValidationError"}:
        return ModelFailed("sent something that cannot be read")
    if isinstance(error, ValueError) and "No generation" in str(error):
        # How langchain says that a stream held no chunk.
        return ModelFailed("answered nothing")
    if any("Connect" in kind for kind in kinds) or isinstance(error, OSError):
        return ModelFailed("could not be reached")
    return ModelFailed(f"failed ({type(error).__name__})")


def _explain_status(status: int) -> str:
    if status in {401, 403}:
        return f"did not accept the key (status {status})"
    if status == 404:
        return "is not known at its address (status 404)"
    if status == 429:
        return "takes no more questions for now (status 429)"
    if status >= 500:
        return f"failed on its own side (status {status})"
    return f"refused the request (status {status})"
