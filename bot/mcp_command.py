"""The command `footnote mcp`: one AI application served on standard input and output."""

from bot.aliases import BadAliasFile
from bot.answer import TIME_LIMIT, Bot
from bot.model import BadModel
from bot.model_options import ModelOption, ModelUrlOption, TimeLimitOption, open_named_model
from ingest.cli import DEFAULT_STORE, EXIT_USAGE, StoreOption
from ingest.embed import ModelUnavailable
from ingest.store import NoLibrary
from ingest.terminal import fail


def serve_mcp(
    store: StoreOption = DEFAULT_STORE,
    model: ModelOption = None,
    model_url: ModelUrlOption = None,
    time_limit: TimeLimitOption = TIME_LIMIT,
) -> None:
    """Serve an AI application by the Model Context Protocol, on standard input and output.

    The application starts this itself: docs/mcp.md has the settings. Exit status: 0 when it went
    away, 2 without a library or with a model that cannot be opened.
    """
    try:
        import anyio

        from bot.mcp import serve_stdio
    except ModuleNotFoundError as error:
        told = f"{error.name} is missing; install it in Footnote's folder: pip install -e '.[mcp]'"
        fail(told, EXIT_USAGE)
    try:
        named = open_named_model(model, model_url)
        with Bot.open(store, model=named, time_limit=time_limit) as bot:
            anyio.run(serve_stdio, bot)
    except (BadAliasFile, BadModel, NoLibrary, ModelUnavailable) as error:
        fail(str(error), EXIT_USAGE)
