"""The page put together: the chat and the reading panel, with the API and MCP beside them."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.routing import Route

from bot.api.build import mount_api
from bot.api.gate import CheckHost, Gate, Gatekeeper, Rules
from bot.api.library import Library
from bot.api.metrics import Metrics
from bot.model_options import open_named_model
from bot.page.crowd import LimitQuestions
from bot.page.door import ReadersDoor, StaffDoor
from bot.page.guard import GuardUploads
from bot.page.headers import AddSecurityHeaders
from bot.page.library import Shelf
from bot.page.opening import OpenLibrary, WholeLibrary
from bot.page.readers import ReadersOnly, make_entrance
from bot.page.routes import make_routes
from bot.page.staff_routes import make_staff_routes
from bot.widget.build import mount_widget

STATIC = Path(__file__).parent / "static"


def build_app(
    store: Path,
    *,
    corpus: Path | None = None,
    password: str | None = None,
    model: str | None = None,
    model_url: str | None = None,
) -> Any:
    """Return the FastAPI application for the library `store`, for a server on loopback.

    With `corpus` the library is being made of it meanwhile; without, raises NoLibrary where there
    is none. `password` opens the staff's part; without one there is none. `model` names a language
    model that words the answers, at `model_url` if that is an address of its own; raises BadModel.
    """
    library = OpenLibrary(store, corpus, open_named_model(model, model_url))
    return build_site(library, password=password)


def build_site(
    library: OpenLibrary,
    rules: Rules | None = None,
    *,
    password: str | None = None,
    readers_password: str | None = None,
) -> Any:
    """Return the page of a library with the API and MCP beside it, as a FastAPI application.

    Of `rules` the page keeps to the names that it may be asked by; everyone whom the address lets
    in may read it, unless readers have a password. The other one is the staff's.
    """
    app, keeper = make_server(WholeLibrary(library), rules, with_page=not readers_password)
    shelf, door = Shelf(library), StaffDoor(password)
    page = _build_page(app, library, shelf, door)
    app.add_middleware(GuardUploads, door=door)
    if readers_password:
        readers = ReadersDoor(readers_password)
        app.add_middleware(ReadersOnly, door=readers)
        app.include_router(make_entrance(readers))
    app.add_middleware(AddSecurityHeaders)
    app.add_middleware(CheckHost, keeper=keeper)
    app.include_router(make_routes(library, shelf))
    app.include_router(make_staff_routes(door, library))
    app.mount("/page", StaticFiles(directory=STATIC), name="page")
    return _mount_page(app, page)


def make_server(
    library: Library,
    rules: Rules | None = None,
    *,
    with_mcp: bool = True,
    with_page: bool = False,
) -> tuple[FastAPI, Gatekeeper]:
    """Return a server without a page, and what admits to it.

    It has the API, and, if wanted and where it is installed, MCP at /mcp, and the widget for sites
    that the rules name; all keep to the rules, whose default is for a server on loopback.
    `with_page` says that a page is added to it, open to all whom the address lets in.
    """
    try:
        from bot.mcp import make_mcp_app
    except ModuleNotFoundError:
        with_mcp = False
    mcp = make_mcp_app(library.get_bot, hosts=None) if with_mcp else None

    @asynccontextmanager
    async def run_mcp(_: FastAPI) -> AsyncIterator[None]:
        if mcp is None:
            yield
            return
        async with mcp.router.lifespan_context(mcp):
            yield

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=run_mcp)
    metrics = Metrics()
    keeper = mount_api(app, library, rules, metrics)
    mount_widget(app, library, keeper, metrics, has_page=with_page)
    # Not mounted: the page, at "/", would take the path "/mcp" itself.
    for route in mcp.routes if mcp else ():
        if isinstance(route, Route):
            app.router.routes.append(Route(route.path, Gate(route.endpoint, keeper)))
    return app, keeper


def _build_page(app: FastAPI, library: OpenLibrary, shelf: Shelf, door: StaffDoor) -> Any:
    """Return the page itself, and let no more questions at it than it may have at a time."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    # Gradio takes seconds to import, which the API by itself is not to wait for.
    from bot.page.blocks import MAX_QUESTIONS, build_page, count_taken, find_events
    from bot.page.chat import Chat

    chat = Chat(library, shelf)
    # So that the first reader does not wait for what the page offers to ask.
    Thread(target=chat.find_examples, daemon=True).start()
    page = build_page(library, shelf, chat, door)
    app.add_middleware(
        LimitQuestions,
        limit=MAX_QUESTIONS,
        questions=find_events(page, chat.answer, chat.retry),
        count_taken=partial(count_taken, page),
    )
    return page


def _mount_page(app: FastAPI, page: Any) -> Any:
    """Add the page itself, at every path that is not taken."""
    import gradio

    from bot.page.blocks import make_i18n
    from bot.page.theme import make_theme

    return gradio.mount_gradio_app(
        app,
        page,
        path="/",
        server_name="127.0.0.1",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size="20mb",
        enable_monitoring=False,
        ssr_mode=False,
        mcp_server=False,
        theme=make_theme(),
        css_paths=[STATIC / "page.css", STATIC / "staff.css"],
        # Not by its address: Gradio waits for no file before it runs what needs the script.
        head=f"<script>{(STATIC / 'page.js').read_text('utf-8')}</script>",
        i18n=make_i18n(),
    )
