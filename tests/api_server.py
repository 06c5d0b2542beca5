"""Real servers of the API on loopback, for its tests."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Literal

import httpx
import uvicorn
from fastapi import FastAPI

from bot.answer import Bot
from bot.api.build import mount_api
from bot.api.gate import Rules

# A busy machine may take longer than httpx waits by itself.
get, post, put, delete, request = (
    partial(send, timeout=60)
    for send in (httpx.get, httpx.post, httpx.put, httpx.delete, httpx.request)
)
# So many that no test meets a limit that it is not about.
PLENTY = Rules(per_minute=1_000_000, burst=100_000)


class OpenedLibrary:
    """A library whose bot is made already, or, without one, is still to be made."""

    def __init__(self, path: Path, bot: Bot | None) -> None:
        self.path = path
        self._bot = bot

    def get_bot(self) -> Bot | None:
        """Return the bot."""
        return self._bot


@contextmanager
def serve_app(app: FastAPI, lifespan: Literal["on", "off"] = "off") -> Iterator[str]:
    """Run an application on a free port in a thread; yield its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, log_level="error", ws="none", lifespan=lifespan)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def serve_bot(path: Path, bot: Bot | None, rules: Rules | None = None) -> Iterator[str]:
    """Serve the API of a library; yield the address without /v1."""
    app = FastAPI()
    mount_api(app, OpenedLibrary(path, bot), rules)
    with serve_app(app) as address:
        yield address
