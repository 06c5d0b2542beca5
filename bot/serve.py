"""`footnote serve`: the page, the API and MCP on an address."""

import os
import socket
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ingest.cli import DEFAULT_STORE, EXIT_ERROR, EXIT_USAGE, StoreOption
from ingest.store import NoLibrary

if TYPE_CHECKING:
    from fastapi import FastAPI

    from bot.api.gate import Rules
    from bot.page.opening import OpenLibrary


def serve(
    store: StoreOption = DEFAULT_STORE,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    api_only: Annotated[bool, typer.Option("--api-only", help="Without the page and MCP.")] = False,
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
    widget: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ORIGIN",
            help="Another site that may embed the chat, as https://example.org; may be repeated.",
        ),
    ] = None,
) -> None:
    """Serve the page, the HTTP API under /v1, for OpenAI's clients too, and MCP at /mcp.

    On this machine's own address no key is needed; elsewhere one is (`footnote keys add`), and as a
    browser cannot send it there is no page then. FOOTNOTE_ADMIN_PASSWORD, in the environment,
    opens the page's part for staff. See docs/http.md, docs/page.md, docs/mcp.md and docs/widget.md.
    """
    import uvicorn

    from bot.api.gate import Rules, is_loopback
    from bot.api.keys import list_keys
    from bot.page.opening import OpenLibrary
    from bot.web.origin import BadOrigin, read_origin

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
    try:
        sites = frozenset(map(read_origin, widget or ()))
        rules = Rules(needs_key, hosts, rate, max(1, rate // 2), at_once, sites)
        library = OpenLibrary(store)
    except (BadOrigin, NoLibrary) as error:
        _fail(str(error), EXIT_USAGE)
    with closing(library):
        listener = _listen(host, port)
        password = os.environ.get("FOOTNOTE_ADMIN_PASSWORD")
        app = build_server(library, rules, api_only=api_only, password=password)
        _announce(_write_address(listener), rules, api_only=api_only)
        # Open pages hold connections; whoever stops the server does not wait for them to be closed.
        config = uvicorn.Config(
            app, log_level="warning", server_header=False, ws="none", timeout_graceful_shutdown=1
        )
        uvicorn.Server(config).run(sockets=[listener])


def build_server(
    library: "OpenLibrary", rules: "Rules", *, api_only: bool = False, password: str | None = None
) -> "FastAPI":
    """Return what is served of a library: the page, the API and MCP.

    The API alone if that is wanted; no page where a key is needed, which a browser cannot send.
    """
    from bot.page.build import build_site, make_server

    if api_only or rules.needs_key:
        return make_server(library, rules, with_mcp=not api_only)[0]
    app: FastAPI = build_site(library, rules, password=password)
    return app


def _announce(address: str, rules: "Rules", *, api_only: bool) -> None:
    """Print what is where, and why there is no page if there is none."""
    print(f"Footnote answers at {address}/v1 (Ctrl+C stops it)", flush=True)
    if rules.widget_origins:
        sites = ", ".join(sorted(rules.widget_origins))
        print(f"Pages of {sites} may embed the chat: docs/widget.md", flush=True)
    if api_only:
        return
    if rules.needs_key:
        print(
            "No page: a key is needed and a browser cannot send one. --no-keys opens the page, the "
            "API and MCP to all who can reach this address",
            flush=True,
        )
    else:
        print(f"The page is at {address}", flush=True)


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
