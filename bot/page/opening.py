"""The library behind the page: opened when it can be, made first where there is none."""

import subprocess
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.answer import TIME_LIMIT, Bot
from bot.model import Model
from ingest.child import let_go, start_child
from ingest.cli import EXIT_SOME_FAILED
from ingest.keeper import Keeper
from ingest.load import find_files
from ingest.spare import has_library
from ingest.store import NoLibrary

# In the library's folder until its first ingest has come to an end.
_UNFINISHED = "first-ingest-unfinished"


def is_whole(path: Path) -> bool:
    """Tell whether there is a library in folder `path` whose first ingest was not broken off."""
    return has_library(path) and not (path / _UNFINISHED).exists()


@dataclass(frozen=True, slots=True)
class Making:
    """How far the first ingest is, in files; `error` is what it ended with, if it failed."""

    done: int
    total: int
    error: str = ""


class OpenLibrary:
    """One library for all readers of the page; safe for any number of threads."""

    def __init__(
        self,
        path: Path,
        corpus: Path | None = None,
        model: Model | None = None,
        time_limit: float = TIME_LIMIT,
    ) -> None:
        """Open the library in folder `path`; with `corpus`, make it of that folder meanwhile.

        Without `corpus` raises NoLibrary where there is none. `model` words the answers, each in
        `time_limit` seconds.
        """
        self._open = partial(
            Bot.open, path, use_vector_index=True, model=model, time_limit=time_limit
        )
        self.path = path
        self._lock = threading.RLock()
        self._bot: Bot | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._failed: Making | None = None
        if corpus is None:
            self._bot = self._open()
        else:
            self._total = sum(1 for _ in find_files([corpus]))
            # Where it cannot be written the ingest tells why.
            with suppress(OSError):
                path.mkdir(parents=True, exist_ok=True)
                (path / _UNFINISHED).touch()
            # Not a pipe, which would stop the ingest once it is full.
            self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - it is the process's
            # A process of its own: the model's export takes seconds and some 500 MB.
            self._process = start_child(
                "ingest", str(corpus), "--store", str(path), "--json", errors=self._errors
            )
        self._keeper = Keeper(path, lambda: self._bot.store if self._bot else None)

    def get_bot(self) -> Bot | None:
        """Return the bot, None as long as nothing can be asked yet."""
        with self._lock:
            if self._bot is None:
                try:
                    self._bot = self._open()
                except NoLibrary:
                    return None
            return self._bot

    def read_making(self) -> Making | None:
        """Return how far the first ingest is or how it failed, None when it is done or was none."""
        with self._lock:
            process = self._process
            if process is None:
                return self._failed
            bot = self.get_bot()
            if process.poll() is None:
                return Making(bot.store.count_articles() if bot else 0, self._total)
            self._process = None
            let_go(process)
            self._errors.seek(0)
            told = self._errors.read().decode(errors="replace").split("\n")
            self._errors.close()
            # Files that could not be read are no failure of the others.
            if process.returncode not in {0, EXIT_SOME_FAILED}:
                reason = next(filter(None, map(str.strip, reversed(told))), f"{process.returncode}")
                self._failed = Making(0, self._total, reason)
            else:
                (self.path / _UNFINISHED).unlink(missing_ok=True)
            return self._failed

    def close(self) -> None:
        """Stop a first ingest that still runs and let go of the files."""
        self.read_making()
        self._keeper.close()
        if self._process is not None:
            let_go(self._process)
            self._errors.close()
        if self._bot is not None:
            self._bot.close()


class WholeLibrary:
    """A library for doors that cannot show how far it is: not to be asked before it is whole."""

    def __init__(self, library: OpenLibrary) -> None:
        self.path = library.path
        self._library = library

    def get_bot(self) -> Bot | None:
        """Return the bot, None as long as the first ingest runs."""
        making = self._library.read_making()
        return None if making and not making.error else self._library.get_bot()
