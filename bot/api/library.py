"""The library that the API asks, as far as it needs to know it."""

from pathlib import Path
from typing import Protocol

from starlette.exceptions import HTTPException

from bot.answer import Bot


class Library(Protocol):
    """A library that may still be in the making, as `bot.page.opening.OpenLibrary`."""

    path: Path

    def get_bot(self) -> Bot | None:
        """Return the bot, None as long as nothing can be asked yet."""


def open_bot(library: Library) -> Bot:
    """Return the bot. Raises HTTPException 503 as long as the library is being made."""
    bot = library.get_bot()
    if bot is None:
        raise HTTPException(503, "the library is still being made; try again", {"Retry-After": "2"})
    return bot
