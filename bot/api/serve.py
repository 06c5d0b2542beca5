"""`footnote serve`: the API on an address, with the articles that its citations link to."""

import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ingest.cli import DEFAULT_STORE, EXIT_ERROR, EXIT_USAGE, StoreOption
from ingest.store import NoLibrary

if TYPE_CHECKING:
    from fastapi import FastAPI

    from bot.api.gate import Gatekeeper, Rules
    from bot.page.opening import OpenLibrary

_STATIC = Path(__file__).parent.parent / "page" / "static"
# A page of an article needs its own style and script only.
_PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def serve(
    store: StoreOption = DEFAULT_STORE,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    api_only: Annotated[
        bool, typer.Option("--api-only", help="Without the articles' pages (/a/…).")
    ] = False,
    keys: Annotated[
        bool | None,
        typer.Option(
            "--keys/--no-keys",
            help="Whether a key is needed.",
            show_default="only if others can reach the address",
        ),
    ] = None,
    hostname: Annotated[
        list[str] | None,
        typer.Option(help="Another name that this server is asked by; may be repeated."),
    ] = None,
    rate: Annotated[int, typer.Option(min=1, help="Requests a minute for each caller.")] = 120,
    at_once: Annotated[int, typer.Option(min=1, help="Requests served at a time.")] = 16,
) -> None:
    """Serve the HTTP API under /v1, for OpenAI's clients too; docs/http.md and docs/openai.md.

    On this machine's own address no key is needed; elsewhere one is (`footnote keys add`).
    """
    import uvicorn

    from bot.api.gate import Rules, is_loopback
    from bot.api.keys import list_keys
    from bot.page.opening import OpenLibrary

    local = is_loopback(host)
    needs_key = not local if keys is None else keys
    if needs_key and not list_keys(store):
        _fail(
            f"{host} needs a key and there is none; make one: footnote keys add NAME "
            f"--store {store}, or serve without: --no-keys",
            EXIT_USAGE,
        )
    # With a key, or open to all on purpose, the name that was asked by keeps nobody out.
    hosts = frozenset(map(str.lower, hostname or ())) if local or hostname else None
    rules = Rules(needs_key, hosts, rate, max(1, rate // 2), at_once)
    try:
        library = OpenLibrary(store)
    except NoLibrary as error:
        _fail(str(error), EXIT_USAGE)
    app = build_server(library, rules, with_pages=not api_only)
    listener = _listen(host, port)
    print(f"Footnote answers at {_write_address(listener)}/v1 (Ctrl+C stops it)", flush=True)
    config = uvicorn.Config(app, log_level="warning", server_header=False, ws="none")
    uvicorn.Server(config).run(sockets=[listener])


def build_server(
    library: "OpenLibrary", rules: "Rules | None" = None, *, with_pages: bool = True
) -> "FastAPI":
    """Return the API of a library as an application.

    `with_pages` adds the pages of articles that citations link to.
    """
    from fastapi import FastAPI

    from bot.api.build import mount_api

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    keeper = mount_api(app, library, rules)
    # A browser that follows a link sends no key: where one is needed, nobody reads pages.
    if with_pages and not keeper.rules.needs_key:
        _add_pages(app, library, keeper)
    return app


def _add_pages(app: "FastAPI", library: "OpenLibrary", keeper: "Gatekeeper") -> None:
    """Add the pages of articles, admitted as the API is."""
    from fastapi import Depends, Request, Response
    from fastapi.staticfiles import StaticFiles

    from bot.page.library import Shelf
    from bot.page.routes import make_routes

    def admit(request: Request, response: Response) -> None:
        keeper.admit(request)
        response.headers.update(_PAGE_HEADERS)

    app.include_router(make_routes(library, Shelf(library)), dependencies=[Depends(admit)])
    app.mount("/page", StaticFiles(directory=_STATIC), name="page")


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        _fail(f"cannot listen on {host}:{port}: {error}; name another with --port", EXIT_ERROR)


def _write_address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _fail(message: str, code: int) -> NoReturn:
    print(f"footnote: {message}", file=sys.stderr)
    raise typer.Exit(code)
