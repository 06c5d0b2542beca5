"""The web page: ask, read the answer, open the article at the quoted words.

`python app.py` opens the page on 127.0.0.1, and makes the library from corpus/ on first start.
"""

import os
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread, Timer
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.model import BadModel
from ingest.cli import DEFAULT_STORE
from ingest.database import FILE_NAME

if TYPE_CHECKING:
    from bot.page.opening import OpenLibrary

HOST = "127.0.0.1"
CORPUS = Path(__file__).parent / "corpus"
STATIC = Path(__file__).parent / "bot" / "page" / "static"


def build_app(
    store: Path,
    *,
    corpus: Path | None = None,
    password: str | None = None,
    model: str | None = None,
    model_url: str | None = None,
) -> Any:
    """Return the FastAPI application for the library `store`.

    With `corpus` the library is being made of it meanwhile; without, raises NoLibrary where there
    is none. `password` opens the staff's part; without one there is none. `model` names a language
    model that words the answers, at `model_url` if that is an address of its own; raises BadModel.
    """
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    import gradio
    from fastapi.staticfiles import StaticFiles

    from bot.api.build import mount_api
    from bot.model import open_model
    from bot.page.blocks import build_page, make_i18n
    from bot.page.chat import Chat
    from bot.page.door import StaffDoor
    from bot.page.guard import GuardUploads
    from bot.page.headers import AddSecurityHeaders
    from bot.page.library import Shelf
    from bot.page.opening import OpenLibrary
    from bot.page.routes import make_routes
    from bot.page.staff_routes import make_staff_routes
    from bot.page.theme import make_theme

    library = OpenLibrary(store, corpus, open_model(model, model_url) if model else None)
    shelf, door = Shelf(library), StaffDoor(password)
    chat = Chat(library, shelf)
    app = make_server(library)
    app.add_middleware(GuardUploads, door=door)
    app.add_middleware(AddSecurityHeaders)
    app.include_router(make_routes(library, shelf))
    app.include_router(make_staff_routes(door, library))
    mount_api(app, library)
    app.mount("/page", StaticFiles(directory=STATIC), name="page")
    # So that the first reader does not wait for what the page offers to ask.
    Thread(target=chat.find_examples, daemon=True).start()
    return gradio.mount_gradio_app(
        app,
        build_page(library, shelf, chat, door),
        path="/",
        server_name=HOST,
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size="20mb",
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        theme=make_theme(),
        css_paths=[STATIC / "page.css", STATIC / "staff.css"],
        head='<script src="/page/page.js"></script>',
        i18n=make_i18n(),
    )


def make_server(library: "OpenLibrary") -> Any:
    """Return a server without a page yet; it speaks MCP where that is installed."""
    from fastapi import FastAPI

    try:
        from bot.mcp import make_mcp_app
    except ModuleNotFoundError:
        return FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    mcp = make_mcp_app(library.get_bot)

    @asynccontextmanager
    async def run_mcp(_: FastAPI) -> AsyncIterator[None]:
        async with mcp.router.lifespan_context(mcp):
            yield

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=run_mcp)
    # Not mounted: the page, at "/", would take the path "/mcp" itself.
    app.router.routes.extend(mcp.routes)
    return app


def find_port(first: int) -> int:
    """Return the first free port of `first` and the 100 after it. Raises OSError if none is."""
    for port in range(first, first + 100):
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)):
                return port
    raise OSError(f"no free port from {first} to {first + 99}; name one with --port")


def main(
    store: Annotated[
        Path, typer.Option(envvar="FOOTNOTE_STORE", help="The library's folder.")
    ] = DEFAULT_STORE,
    corpus: Annotated[Path, typer.Option(help="The articles a new library is made from.")] = CORPUS,
    port: Annotated[int, typer.Option(help="The port, or the first free one after it.")] = 7860,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Open the web page, making the library meanwhile if there is none.

    FOOTNOTE_ADMIN_PASSWORD, in the environment, opens a part for staff: articles added and removed,
    what readers thought of the answers. FOOTNOTE_MODEL (PROVIDER:NAME) and FOOTNOTE_MODEL_URL name
    a language model that words the answers: docs/models.md.
    """
    import uvicorn

    is_new = not (store / FILE_NAME).exists()
    if is_new:
        print(f"Making the library {store} from {corpus} (once) …", flush=True)
    try:
        app = build_app(
            store,
            corpus=corpus if is_new else None,
            password=os.environ.get("FOOTNOTE_ADMIN_PASSWORD"),
            model=os.environ.get("FOOTNOTE_MODEL"),
            model_url=os.environ.get("FOOTNOTE_MODEL_URL"),
        )
    except BadModel as error:
        print(f"footnote: {error}", file=sys.stderr)
        raise typer.Exit(2) from error
    port = find_port(port)
    address = f"http://{HOST}:{port}"
    print(f"Footnote is at {address} (Ctrl+C stops it)", flush=True)
    if browser and sys.stdout.isatty():
        Timer(1, webbrowser.open, [address]).start()
    # Open pages hold connections; whoever stops the server does not wait for them to be closed.
    uvicorn.run(app, host=HOST, port=port, log_level="warning", timeout_graceful_shutdown=1)


if __name__ == "__main__":
    typer.run(main)
