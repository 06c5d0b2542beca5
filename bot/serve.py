"""`footnote serve`: the page, the API and MCP on an address."""

import errno
import socket
from contextlib import closing
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated

import typer

from bot.answer import TIME_LIMIT
from bot.model import BadModel
from bot.model_options import ModelOption, ModelUrlOption, TimeLimitOption, open_named_model
from bot.web.log import LogForm
from ingest.cli import DEFAULT_STORE, EXIT_ERROR, EXIT_USAGE, StoreOption
from ingest.embed import ModelUnavailable
from ingest.store import NoLibrary
from ingest.terminal import fail

if TYPE_CHECKING:
    from fastapi import FastAPI

    from bot.access import Access, Passwords
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
            help="Whether the API and MCP need a key.",
            show_default="only if others can reach them",
        ),
    ] = None,
    open_to_all: Annotated[
        bool,
        typer.Option("--open-to-all", help="With --no-keys: others may ask without a key."),
    ] = False,
    proxy: Annotated[
        list[str] | None,
        typer.Option(
            metavar="ADDRESS",
            help="A proxy in front, whose X-Forwarded-… headers are believed; may be repeated.",
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
    log: Annotated[
        LogForm | None, typer.Option(help="Write a line for each request to standard error.")
    ] = None,
    log_questions: Annotated[
        bool, typer.Option("--log-questions", help="Write the questions, too.")
    ] = False,
    model: ModelOption = None,
    model_url: ModelUrlOption = None,
    time_limit: TimeLimitOption = TIME_LIMIT,
) -> None:
    """Serve the page, the HTTP API under /v1, for OpenAI's clients too, and MCP at /mcp.

    On this machine's own address nobody is asked who they are. For others the API and MCP need a
    key (`footnote keys add`), the page a password: FOOTNOTE_PASSWORD, in the environment.
    FOOTNOTE_ADMIN_PASSWORD opens the page's part for staff. See docs/serving.md.
    """
    from bot.access import BadAddress, Passwords, TooOpen, Wishes, decide_access
    from bot.aliases import BadAliasFile
    from bot.api.gate import Rules
    from bot.api.keys import BadKeyFile
    from bot.catalogue import read_users_names
    from bot.page.opening import OpenLibrary
    from bot.web.log import LogRequests, set_up_logs
    from bot.web.origin import BadOrigin, read_origin
    from bot.web.server import leave, run_server

    passwords = Passwords.read()
    wishes = Wishes(host, proxy or (), hostname or (), keys, open_to_all, has_page=not api_only)
    try:
        access = decide_access(store, wishes, passwords)
        read_users_names(store)
        sites = frozenset(map(read_origin, widget or ()))
        rules = Rules(access.needs_key, access.hosts, rate, max(1, rate // 2), at_once, sites)
        library = OpenLibrary(
            store, model=open_named_model(model, model_url), time_limit=time_limit
        )
    except (
        BadAddress, BadAliasFile, BadKeyFile, BadModel, BadOrigin, ModelUnavailable, NoLibrary,
        TooOpen,
    ) as error:  # fmt: skip
        fail(str(error), EXIT_USAGE)
    with closing(library):
        listener = _listen(host, port)
        served = passwords if access.has_page else None
        app = build_server(library, rules, served, with_mcp=not api_only)
        _announce(_write_address(listener), rules, access, api_only=api_only)
        set_up_logs(log, with_questions=log_questions)
        run_server(LogRequests(app), listener, proxies=proxy or ())
    leave()


def build_server(
    library: "OpenLibrary",
    rules: "Rules",
    passwords: "Passwords | None" = None,
    *,
    with_mcp: bool = True,
) -> "FastAPI":
    """Return what is served of a library: the page with the API and MCP beside it.

    Without `passwords` there is no page; the API is then alone, or with MCP.
    """
    from bot.api.gate import CheckHost
    from bot.api.problems import handle_problems
    from bot.page.build import build_site, make_server

    if passwords is None:
        app, keeper = make_server(library, rules, with_mcp=with_mcp)
        app.add_middleware(CheckHost, keeper=keeper)
        handle_problems(app)
        return app
    site: FastAPI = build_site(
        library, rules, password=passwords.staff, readers_password=passwords.readers
    )
    return site


def _announce(address: str, rules: "Rules", access: "Access", *, api_only: bool) -> None:
    """Print what is where, and why there is no page if there is none."""
    print(f"Footnote answers at {address}/v1 (Ctrl+C stops it)", flush=True)
    if not api_only and find_spec("mcp") is None:
        print("No MCP: pip install -e '.[mcp]', in Footnote's folder, adds it", flush=True)
    if rules.widget_origins:
        sites = ", ".join(sorted(rules.widget_origins))
        print(f"Pages of {sites} may embed the chat: docs/widget.md", flush=True)
    if access.has_page:
        print(f"The page is at {address}", flush=True)
    elif not api_only:
        print(
            "No page: a key is needed and a browser cannot send one. With FOOTNOTE_PASSWORD set, "
            "readers are asked for that",
            flush=True,
        )


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        # A port below 1024 is not for everyone.
        reason = str(error.strerror or error).partition(" (while attempting")[0]
        if error.errno == errno.EADDRINUSE:
            reason = "another program listens there"
        other = "--port" if error.errno in {errno.EADDRINUSE, errno.EACCES} else "--host"
        fail(f"cannot listen on {host}:{port}: {reason}; name another with {other}", EXIT_ERROR)


def _write_address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
