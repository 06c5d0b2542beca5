"""An application with quick routes and slow ones on the real server, in a process of its own."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from bot.web import server
from bot.web.server import run_server

SLOW, HEARTBEAT = "/slow", "/gradio_api/heartbeat/x"
# Longer than it takes to tell the server meanwhile that it is to stop.
ANSWER_SECONDS = 1.5


def serve_tiny_app(*proxies: str) -> None:
    """Serve an application with quick routes and slow ones, on a free port."""
    vars(server)["HEADER_SECONDS"] = 1

    async def tell_client(request: Request) -> PlainTextResponse:
        host = request.client.host if request.client else ""
        return PlainTextResponse(f"{request.url.scheme} {host}")

    async def answer_slowly(request: Request) -> StreamingResponse:
        async def write() -> AsyncIterator[str]:
            yield "the whole "
            await asyncio.sleep(ANSWER_SECONDS)
            yield "answer"

        return StreamingResponse(write())

    async def beat(request: Request) -> StreamingResponse:
        async def write() -> AsyncIterator[str]:
            while True:
                yield "x"
                await asyncio.sleep(0.1)

        return StreamingResponse(write())

    app = Starlette(
        routes=[
            Route("/", tell_client),
            Route(SLOW, answer_slowly),
            Route(HEARTBEAT, beat),
        ]
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        run_server(app, listener, proxies=proxies)


if __name__ == "__main__":
    serve_tiny_app(*sys.argv[1:])
