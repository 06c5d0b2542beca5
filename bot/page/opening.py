"""The library behind the page: opened when it can be, made first where there is none."""

import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from bot.answer import Bot
from bot.model import Model
from ingest.load import find_files
from ingest.store import NoLibrary


@dataclass(frozen=True, slots=True)
class Making:
    """How far the first ingest is, in files; `error` is what it ended with, if it failed."""

    done: int
    total: int
    error: str = ""


class OpenLibrary:
    """One library for all readers of the page; safe for any number of threads."""

    def __init__(self, path: Path, corpus: Path | None = None, model: Model | None = None) -> None:
        """Open the library in folder `path`; with `corpus`, make it of that folder meanwhile.

        Without `corpus` raises NoLibrary where there is none. `model` words the answers.
        """
        self._model = model
        self.path = path
        self._lock = threading.Lock()
        self._bot: Bot | None = None
        self._process: subprocess.Popen[str] | None = None
        if corpus is None:
            self._bot = Bot.open(path, use_vector_index=True, model=model)
        else:
            self._total = sum(1 for _ in find_files([corpus]))
            # A process of its own: the model's export takes seconds and some 500 MB.
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "ingest", str(corpus), "--store", str(path), "--json"],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )

    def get_bot(self) -> Bot | None:
        """Return the bot, None as long as nothing can be asked yet."""
        with self._lock:
            if self._bot is None:
                try:
                    self._bot = Bot.open(self.path, use_vector_index=True, model=self._model)
                except NoLibrary:
                    return None
            return self._bot

    def read_making(self) -> Making | None:
        """Return how far the first ingest is, None when it is done or there was none."""
        process = self._process
        if process is None:
            return None
        bot = self.get_bot()
        if process.poll() is None:
            return Making(bot.store.count_articles() if bot else 0, self._total)
        self._process = None
        message = process.stderr.read() if process.stderr else ""
        if process.returncode == 0:
            return None
        return Making(0, self._total, message.strip().splitlines()[-1] if message else "")

    def close(self) -> None:
        """Stop a first ingest that still runs and let go of the files."""
        if self._process is not None:
            self._process.terminate()
        if self._bot is not None:
            self._bot.close()
