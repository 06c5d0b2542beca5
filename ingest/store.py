"""Read a library: its articles, and its passages by words and by vector."""

import logging
import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ingest.clean import Article
from ingest.database import (
    FILE_NAME,
    FORMAT,
    LibraryState,
    StoredPassage,
    connect,
    count_visible,
    read_articles,
    read_passages,
    read_state,
    read_vectors,
)
from ingest.embed import Vectors
from ingest.generation import DamagedGeneration, Generation
from ingest.words import WordIndex

log = logging.getLogger(__name__)

Numbers = NDArray[np.int64]


class NoLibrary(FileNotFoundError):
    """There is no library at the path, or none that this version reads."""


@dataclass(slots=True)
class _Snapshot:
    """What one revision shows; the vectors are read when first scanned."""

    state: LibraryState
    revision: int
    words: WordIndex
    generation: Generation | None
    vectors: tuple[Numbers, Vectors] | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Store:
    """An open library, for any number of threads and processes; close it or use it with `with`.

    Every search sees the published revision; `refresh` moves on to a newer one.
    """

    def __init__(self, path: Path, *, use_vector_index: bool = False) -> None:
        """Open the library in folder `path`.

        Without `use_vector_index` all vectors are scanned, which is exact, needs no start-up and
        takes 18 ms for 100,000; with it Chroma's index is opened, which takes seconds and then
        answers faster in a large library. Raises NoLibrary.
        """
        self.path = path
        file = path / FILE_NAME
        if not file.exists():
            command = f"footnote ingest FOLDER --store {path}"
            raise NoLibrary(f"no library in {path}; make one: {command}")
        self._use_vector_index = use_vector_index
        self._retired: Generation | None = None
        self._lock = threading.RLock()
        self._connection = connect(file)
        try:
            self._snapshot = self._take_snapshot(self._read_state())
        except NoLibrary:
            self._connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def model(self) -> str:
        """The embedding model that made the vectors."""
        return self._snapshot.state.model

    @property
    def revision(self) -> int:
        """The number of the published revision that is shown."""
        return self._snapshot.revision

    def refresh(self) -> bool:
        """Show the newest published revision; return whether there was a newer one."""
        with self._lock:
            state = self._read_state()
            if state == self._snapshot.state:
                return False
            old, self._snapshot = self._snapshot, self._take_snapshot(state)
            # Threads may be searching the old one: it is closed when the next one comes.
            if self._retired is not None:
                self._retired.close()
            self._retired = old.generation
            return True

    def list_articles(self) -> list[Article]:
        """Return all articles, by title."""
        with self._lock:
            return read_articles(self._connection, self._snapshot.revision)

    def get_article(self, article_id: str) -> Article | None:
        """Return the article of that id, None if there is none."""
        with self._lock:
            found = read_articles(self._connection, self._snapshot.revision, article_id)
        return found[0] if found else None

    def get_passages(self, numbers: Iterable[int]) -> dict[int, StoredPassage]:
        """Return the passages of these numbers."""
        with self._lock:
            revision = self._snapshot.revision
            found = list(read_passages(self._connection, revision, numbers))
        return {passage.number: passage for passage in found}

    def list_passages(self, article_id: str) -> list[StoredPassage]:
        """Return the passages of an article, in order; none if there is no such article."""
        with self._lock:
            revision = self._snapshot.revision
            return list(read_passages(self._connection, revision, article_id=article_id))

    def count_passages(self) -> int:
        """Return how many passages there are."""
        return len(self._snapshot.words)

    def count_passages_with(self, word: str) -> int:
        """Return how many passages hold a word (a stem, as by `stem_words`)."""
        return self._snapshot.words.count_passages(word)

    def search_words(
        self, words: Sequence[str] | Mapping[str, float], limit: int
    ) -> list[tuple[int, float]]:
        """Return (passage number, BM25 score) of the best passages for stems, best first.

        A mapping gives each stem its weight.
        """
        return self._snapshot.words.search(words, limit)

    def search_vector(self, vector: Vectors, limit: int) -> list[tuple[int, float]]:
        """Return (passage number, cosine) of the nearest passages, best first, ties by number.

        `vector` has length 1. Chroma only proposes passages; the cosine is always computed from
        the stored vectors, so that both ways give the same scores.
        """
        snapshot = self._snapshot
        numbers, matrix = self._load_vectors(snapshot)
        rows: slice | NDArray[np.intp] = slice(None)
        if snapshot.generation is not None and snapshot.generation.vectors is not None:
            # Two publications on, an old revision's index can propose passages that are gone.
            proposed = snapshot.generation.vectors.search(vector, 2 * limit)
            rows = np.flatnonzero(np.isin(numbers, proposed))
        cosines, shown = matrix[rows] @ vector, numbers[rows]
        near = np.arange(len(cosines))
        if limit < len(cosines):
            # Only those that may be among the best are sorted: it saves 10 ms in 100,000.
            near = np.flatnonzero(cosines >= np.partition(cosines, -limit)[-limit])
        best = near[np.lexsort((shown[near], -cosines[near]))[:limit]]
        return [(int(shown[i]), float(cosines[i])) for i in best]

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            for generation in (self._snapshot.generation, self._retired):
                if generation is not None:
                    generation.close()
            self._connection.close()

    def _read_state(self) -> LibraryState:
        try:
            state = read_state(self._connection)
        except sqlite3.DatabaseError as error:
            file = self.path / FILE_NAME
            raise NoLibrary(f"{file} cannot be read as a library: {error}") from error
        if state is None:
            raise NoLibrary(f"{self.path} holds no library; make one: footnote ingest FOLDER")
        if state.format != FORMAT:
            raise NoLibrary(
                f"{self.path} has store format {state.format}, this version reads {FORMAT}; "
                "make it anew: footnote ingest FOLDER --store ANOTHER_FOLDER"
            )
        return state

    def _take_snapshot(self, state: LibraryState) -> _Snapshot:
        # Before the first publication, show what the first ingest has stored so far.
        revision = state.revision if state.generation else state.revision + 1
        _, passages = count_visible(self._connection, revision)
        try:
            folder = self.path / "generations" / state.generation
            return self._open_generation(state, revision, Generation(folder, passages))
        except DamagedGeneration as error:
            if state.generation:
                log.warning("searching without an index, ingest again to rebuild it: %s", error)
        words = WordIndex(None)
        words.add(
            (item.number, item.article.title, item.chunk.heading, item.text)
            for item in read_passages(self._connection, revision)
        )
        return _Snapshot(state, revision, words, None)

    def _open_generation(
        self, state: LibraryState, revision: int, generation: Generation
    ) -> _Snapshot:
        if self._use_vector_index:
            try:
                generation.open_vectors()
            except DamagedGeneration:
                generation.close()
                raise
        return _Snapshot(state, revision, generation.words, generation)

    def _load_vectors(self, snapshot: _Snapshot) -> tuple[Numbers, Vectors]:
        with snapshot.lock:
            if snapshot.vectors is None:
                with self._lock:
                    numbers, matrix = read_vectors(
                        self._connection, snapshot.revision, snapshot.state.dimensions
                    )
                snapshot.vectors = np.array(numbers, dtype=np.int64), matrix
            return snapshot.vectors
