"""What a bot knows of a library as a whole: spellings of names, headings and their numbers."""

import threading
from pathlib import Path

from bot.aliases import Aliases, learn_aliases, read_alias_file
from bot.refer import ReferenceIndex
from ingest.store import Store

ALIAS_FILE = "aliases.txt"


class Catalogue:
    """Names and references of one library, learnt when first asked for and after each change."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._version = ""
        self._aliases: Aliases
        self._references: ReferenceIndex

    def get(self) -> tuple[Aliases, ReferenceIndex]:
        """Return the spellings of names and the references of what the library shows."""
        with self._lock:
            if self._version != self._store.version:
                self._learn()
            return self._aliases, self._references

    def _learn(self) -> None:
        version = self._store.version
        articles = self._store.list_articles()
        file = self._store.path / ALIAS_FILE
        extra = read_alias_file(Path(file)) if file.exists() else ()
        self._aliases = learn_aliases((article.text for article in articles), extra)
        self._references = ReferenceIndex(articles, self._aliases)
        self._version = version
