"""The command `footnote mcp`: one AI application served on standard input and output."""

import sys
from typing import NoReturn

import typer

from ingest.cli import DEFAULT_STORE, EXIT_USAGE, StoreOption
from ingest.embed import ModelUnavailable
from ingest.store import NoLibrary


def serve_mcp(store: StoreOption = DEFAULT_STORE) -> None:
    """Serve an AI application by the Model Context Protocol, on standard input and output.

    The application starts this itself: docs/mcp.md has the settings. Exit status: 0 when it went
    away, 2 without a library.
    """
    try:
        import anyio

        from bot.answer import Bot
        from bot.mcp import serve_stdio
    except ModuleNotFoundError as error:
        _fail(f"{error.name} is missing; install it: pip install 'footnote-bot[mcp]'")
    try:
        with Bot.open(store) as bot:
            anyio.run(serve_stdio, bot)
    except (NoLibrary, ModelUnavailable) as error:
        _fail(str(error))


def _fail(message: str) -> NoReturn:
    # Standard output is the protocol's.
    print(f"footnote: {message}", file=sys.stderr)
    raise typer.Exit(EXIT_USAGE)
