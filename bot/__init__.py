"""Bot: ask a library a question; every sentence of the answer is the words of an article.

The line is retrieve, read, cite, answer; the doors (cli, mcp, langchain, app.py) come after it.

>>> from bot import Bot
>>> with Bot.open("library") as bot:
...     answer = bot.ask("When did the harbour of Lima open?")
...     unknown = bot.ask("What is the population of Iceland?")
>>> answer.text
'The harbour of Lima opened in 1902. [1]'
>>> [(item.number, item.title, item.start, item.end) for item in answer.citations]
[(1, 'The harbour of Lima', 0, 35)]
>>> unknown.text
'The articles do not say. No article mentions Iceland.'

A name is imported when it is first used, so that `import bot` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.aliases import BadAliasFile
    from bot.answer import Bot, LibraryChanges
    from bot.asked import BadQuestion
    from bot.cite import Answer, Citation, Problem, verify
    from bot.model import BadModel
    from bot.retrieve import Passage
    from bot.scope import EVERYTHING, BadScope, Scope
    from bot.trace import Trace
    from ingest.embed import ModelUnavailable
    from ingest.store import NoLibrary, Store

__all__ = [
    "EVERYTHING",
    "Answer",
    "BadAliasFile",
    "BadModel",
    "BadQuestion",
    "BadScope",
    "Bot",
    "Citation",
    "LibraryChanges",
    "ModelUnavailable",
    "NoLibrary",
    "Passage",
    "Problem",
    "Scope",
    "Store",
    "Trace",
    "verify",
]

_MODULES = {
    "bot.aliases": ("BadAliasFile",),
    "bot.answer": ("Bot", "LibraryChanges"),
    "bot.asked": ("BadQuestion",),
    "bot.trace": ("Trace",),
    "bot.cite": ("Answer", "Citation", "Problem", "verify"),
    "bot.model": ("BadModel",),
    "bot.retrieve": ("Passage",),
    "bot.scope": ("EVERYTHING", "BadScope", "Scope"),
    "ingest.embed": ("ModelUnavailable",),
    "ingest.store": ("NoLibrary", "Store"),
}


def __getattr__(name: str) -> Any:
    """Import a public name from its module (PEP 562)."""
    for module, names in _MODULES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
