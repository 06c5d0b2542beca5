"""What a bot knows of a library as a whole: spellings of names, headings and their numbers."""

import logging
import threading
from pathlib import Path

from bot.aliases import Aliases, BadAliasFile, index_aliases, read_alias_file
from bot.mentions import Mentions
from bot.refer import ReferenceIndex
from ingest.store import Store

ALIAS_FILE = "aliases.txt"
log = logging.getLogger(__name__)


def read_users_names(library: Path) -> tuple[tuple[str, ...], ...]:
    """Return the groups of names that users gave a library. Raises as `read_alias_file`."""
    file = library / ALIAS_FILE
    return read_alias_file(file) if file.exists() else ()


class Catalogue:
    """Names and references of one library, learnt when first asked for and after each change."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._version = ""
        self._users_names: tuple[tuple[str, ...], ...] = ()
        self._aliases: Aliases
        self._references: ReferenceIndex
        # The texts that the names were learnt from, by their hash.
        self._texts: dict[str, str] = {}
        self._mentions = Mentions()

    def get(self) -> tuple[Aliases, ReferenceIndex]:
        """Return the spellings of names and the references of what the library shows."""
        with self._lock:
            if self._version != self._store.version:
                self._learn()
            return self._aliases, self._references

    def _learn(self) -> None:
        version = self._store.version
        articles = self._store.list_articles()
        self._read_users_names()
        self._read_changes({article.sha256: article.text for article in articles})
        self._aliases = index_aliases(self._mentions, self._users_names)
        self._references = ReferenceIndex(articles, self._aliases)
        self._version = version

    def _read_users_names(self) -> None:
        """Read the users' own names; a slip in the file later on must not stop all answers."""
        try:
            self._users_names = read_users_names(self._store.path)
        except (BadAliasFile, OSError) as error:
            if not self._version:
                raise
            log.warning("the names of before are used: %s", error)

    def _read_changes(self, texts: dict[str, str]) -> None:
        """Read the texts that are new, and take away what those said that are gone."""
        for sha256 in self._texts.keys() - texts.keys():
            self._mentions.remove(self._texts[sha256])
        for sha256 in texts.keys() - self._texts.keys():
            self._mentions.add(texts[sha256])
        self._texts = texts
