"""Write a library: one writer at a time stages articles, then publishes them as a new revision."""

import logging
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.chunk import Chunk
from ingest.clean import Article
from ingest.database import (
    FILE_NAME,
    FORMAT,
    LibraryState,
    connect,
    count_visible,
    create_tables,
    insert_article,
    insert_vectors,
    read_articles_of_other_models,
    read_state,
    vector_key,
)
from ingest.disk import explain_errors
from ingest.embed import Embedder
from ingest.generation import remove_generations
from ingest.history import create_history, record_failures, record_revision
from ingest.lock import LibraryBusy, lock_library
from ingest.pages import Page, read_pages, record_pages
from ingest.publish import renew_spare, write_indexes
from ingest.repair import find_generation_flaws, find_spare_flaws, mend_database
from ingest.roots import find_roots, list_moved, record_roots
from ingest.sound import open_database
from ingest.spare import has_library
from ingest.state import write_state
from ingest.upgrade import describe_newer_format, upgrade_database

__all__ = ["LibraryBusy", "StoredFile", "Writer", "WrongModel", "check_free_space",
           "list_stored_files", "open_writer", "read_model", "text_to_embed"]  # fmt: skip

log = logging.getLogger(__name__)


class WrongModel(RuntimeError):
    """The library's vectors were made by another embedding model or store format."""


@contextmanager
def open_writer(path: Path, embedder: Embedder, *, reembed: bool = False) -> Iterator["Writer"]:
    """Open the library in folder `path` for writing, making it if there is none.

    Raises LibraryBusy while another process writes it, and WrongModel when its vectors come from
    another model, unless `reembed` is set: then all of them are made again. Raises OSError when
    the disk cannot be written, in the block too, and says whether it is full. A damaged database
    is mended first.
    """
    with explain_errors(path, sqlite3.Error), lock_library(path):
        flaws, salvage = mend_database(path)
        if flaws:
            log.warning("%s; it was mended, lost articles: %d", flaws[0], len(salvage.lost))
        connection = connect(path / FILE_NAME, write=True)
        try:
            state = read_state(connection)
            if state is None:
                state = create_tables(connection, embedder.model, embedder.dimensions)
            _check_state(path, state, embedder, reembed)
            if state.format < FORMAT:
                state = upgrade_database(connection, state)
            _undo_removals(connection, state)
            create_history(connection)
            yield Writer(path, connection, state, embedder)
        finally:
            connection.close()


def read_model(path: Path) -> str | None:
    """Return the embedding model of the library in folder `path`, None if there is no library."""
    if not has_library(path):
        return None
    with closing(open_database(path).connection) as connection:
        state = read_state(connection)
    return state.model if state else None


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What the library holds of a file; `recipe` says how its text was made of it."""

    article_id: str
    file_sha256: str
    sha256: str
    recipe: str


def list_stored_files(path: Path) -> dict[str, StoredFile]:
    """Return what the library in folder `path` holds, also while it is written, by file.

    Staged articles are among it; nothing is there if there is no library.
    """
    if read_model(path) is None:
        return {}
    with closing(open_database(path).connection) as connection:
        return _read_files(connection)


class Writer:
    """Stages changes to a library, each on the disk when its call returns, then publishes them."""

    def __init__(
        self, path: Path, connection: sqlite3.Connection, state: LibraryState, embedder: Embedder
    ) -> None:
        self._path = path
        self._connection = connection
        self._state = state
        self._embedder = embedder
        self._next = state.revision + 1
        self._urls = {page.path: page.url for page in read_pages(connection)}
        # Noted when what follows from them is published, or a run that ends before would lose them.
        self._gone: list[Page] = []
        self._roots: dict[str, str] = {}

    def list_files(self) -> dict[str, StoredFile]:
        """Return what is stored, staged articles too, by the path of its file."""
        return _read_files(self._connection)

    def stage(self, article: Article, chunks: Sequence[Chunk], recipe: str) -> int:
        """Store an article in place of the one of its id; return how many passages were embedded.

        `recipe` says how the text was made of the file; another recipe means to read it again.
        The address of a page is the one that it was fetched from, whatever it says itself.
        """
        article = replace(article, url=self._urls.get(article.path, article.url))
        texts = [text_to_embed(article, chunk) for chunk in chunks]
        keys = [vector_key(self._embedder.model, text) for text in texts]
        pairs = zip(keys, texts, strict=True)
        new = {key: text for key, text in pairs if not self._has_vector(key)}
        vectors = self._embedder.encode(list(new.values()))
        with self._connection:
            insert_vectors(
                self._connection,
                (
                    (key, vector.astype("<f4").tobytes())
                    for key, vector in zip(new, vectors, strict=True)
                ),
            )
            self._remove(article.article_id)
            insert_article(
                self._connection,
                article,
                self._next,
                recipe,
                self._embedder.model,
                zip(chunks, keys, strict=True),
            )
        return len(new)

    def remove(self, article_id: str) -> None:
        """Take an article out of the next revision."""
        with self._connection:
            self._remove(article_id)

    def note_pages(self, pages: Sequence[Page], gone: Sequence[Page]) -> None:
        """Note where files were fetched from that are staged next; forget pages that are gone."""
        with self._connection:
            record_pages(self._connection, pages, ())
        self._gone += gone
        self._urls |= {page.path: page.url for page in pages}

    def note_roots(self, roots: Iterable[Path]) -> list[Path]:
        """Note where folders are that the library is made equal to; return where some were."""
        found = find_roots(roots)
        self._roots |= found
        return list_moved(self._connection, found)

    def note_failures(self, failures: Iterable[tuple[str, str]]) -> None:
        """Note (path, reason) of files that failed, for the list of changes."""
        with self._connection:
            record_failures(self._connection, failures)

    def publish(self) -> bool:
        """Make what was staged the revision that readers see; return whether there was a change.

        Also writes the generation anew when it is missing or damaged.
        """
        staged = self._connection.execute(
            "SELECT 1 FROM articles WHERE added = :next OR removed = :next LIMIT 1",
            {"next": self._next},
        ).fetchone()
        generations = self._path / "generations"
        changed = bool(staged) or self._state.model != self._embedder.model
        # What interrupted ingests left behind would else take up the space of this one.
        remove_generations(generations, self._state.generation)
        if not changed and self._has_generation():
            with self._connection:
                self._record_places()
            if find_spare_flaws(self._path, self._state):
                renew_spare(self._path, self._connection)
            return False
        state = replace(
            self._state,
            model=self._embedder.model,
            dimensions=self._embedder.dimensions,
            revision=self._next if changed else self._state.revision,
        )
        state = write_indexes(self._path, self._connection, state)
        with self._connection:
            write_state(self._connection, state)
            record_revision(self._connection, self._next)
            self._record_places()
            # Rows that the revision before this one still showed stay for readers that are on it.
            self._connection.execute(
                "DELETE FROM articles WHERE removed <= ?", (self._state.revision,)
            )
            self._connection.execute(
                "DELETE FROM vectors WHERE key NOT IN (SELECT vector FROM passages)"
            )
        self._state = state
        self._next = state.revision + 1
        remove_generations(generations, state.generation)
        renew_spare(self._path, self._connection)
        return True

    def _record_places(self) -> None:
        if self._gone:
            record_pages(self._connection, (), self._gone)
        record_roots(self._connection, self._roots)

    def _has_generation(self) -> bool:
        state = self._state
        return bool(state.generation) and not find_generation_flaws(
            self._path, self._connection, state
        )

    def count(self) -> tuple[int, int]:
        """Return how many articles and passages are stored, staged ones too."""
        return count_visible(self._connection, self._next)

    def read_articles_to_embed(self) -> list[Article]:
        """Return the stored articles, staged ones too, whose vectors are another model's."""
        return read_articles_of_other_models(self._connection, self._embedder.model)

    def _has_vector(self, key: bytes) -> bool:
        rows = self._connection.execute("SELECT 1 FROM vectors WHERE key = ?", (key,))
        return rows.fetchone() is not None

    def _remove(self, article_id: str) -> None:
        """Mark an article removed; one that no reader has seen goes at once."""
        self._connection.execute(
            "DELETE FROM articles WHERE article_id = ? AND added = ?", (article_id, self._next)
        )
        self._connection.execute(
            "UPDATE articles SET removed = ? WHERE article_id = ? AND removed IS NULL",
            (self._next, article_id),
        )


def _undo_removals(connection: sqlite3.Connection, state: LibraryState) -> None:
    """Take back removals that were staged and never published, but of what has a new text.

    They were of a run that was given up: the next one would publish them without a word.
    """
    with connection:
        connection.execute(
            "UPDATE articles SET removed = NULL WHERE removed = ? AND article_id NOT IN "
            "(SELECT article_id FROM articles WHERE removed IS NULL)",
            (state.revision + 1,),
        )


def text_to_embed(article: Article, chunk: Chunk) -> str:
    """Return what is embedded for a passage: title and heading in front of its words."""
    parts = (article.title, chunk.heading, article.text[chunk.start : chunk.end])
    return "\n".join(filter(None, parts))


def check_free_space(path: Path, needed: int) -> None:
    """Raise OSError when the disk of `path` has less than `needed` bytes free."""
    free = shutil.disk_usage(path).free
    if free < needed:
        raise OSError(
            f"{path}: the disk is full: {free // 1_000_000} MB free, "
            f"about {needed // 1_000_000} MB needed"
        )


def _check_state(path: Path, state: LibraryState, embedder: Embedder, reembed: bool) -> None:
    if state.format > FORMAT:
        raise WrongModel(describe_newer_format(path, state))
    if state.model != embedder.model and not reembed:
        raise WrongModel(
            f"{path} was embedded with {state.model}, not {embedder.model}; "
            f"to embed all of it again: footnote ingest FOLDER --store {path} "
            f"--model {embedder.model} --reembed"
        )


def _read_files(connection: sqlite3.Connection) -> dict[str, StoredFile]:
    rows = connection.execute(
        "SELECT path, article_id, file_sha256, sha256, recipe FROM articles WHERE removed IS NULL"
    )
    return {path: StoredFile(*columns) for path, *columns in rows}
