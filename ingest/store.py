"""Read a library: its articles, and its passages by words and by vector."""

import logging
import re
import sqlite3
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from ingest.clean import Article
from ingest.database import (
    FILE_NAME,
    FORMAT,
    LibraryState,
    StoredPassage,
    count_articles,
    read_articles,
    read_passage_numbers,
    read_passages,
    read_state,
    read_vectors,
)
from ingest.embed import Vectors
from ingest.fork import follow_forks
from ingest.generation import DamagedGeneration, Generation
from ingest.history import read_past_text
from ingest.schema import FrozenConnection
from ingest.snapshot import Numbers, Snapshot, index_passages, open_snapshot
from ingest.sound import open_database
from ingest.upgrade import describe_newer_format

log = logging.getLogger(__name__)

# Seconds between two looks at what a first ingest has stored, so that watching does not slow it.
STAGED_PAUSE, STAGED_PATIENCE = 2.0, 30.0
_GROWTH = 1.1
_SHA256_PREFIX = re.compile("[0-9a-f]{8,64}")


class NoLibrary(FileNotFoundError):
    """There is no library at the path, or none that this version reads."""


class Store:
    """An open library, for any number of threads and processes; close it or use it with `with`.

    Every search sees the published revision; `refresh` moves on to a newer one. Before the first
    publication it sees what the first ingest had stored at the last `refresh`. In a process that is
    forked it is opened anew, and scans the vectors.
    """

    def __init__(self, path: Path, *, use_vector_index: bool = False) -> None:
        """Open the library in folder `path`.

        Without `use_vector_index` all vectors are scanned, which is exact, needs no start-up and
        takes 18 ms for 100,000; with it Chroma's index is used in a library of more than 2,000,
        once it is open: it was tried in another process by then, and that took some seconds. Raises
        NoLibrary.
        """
        self.path = path
        self._use_vector_index = use_vector_index
        self._retired: Generation | None = None
        self._lock = threading.RLock()
        # How often another library has taken the place of this one.
        self._replaced = 0
        self._stamp: tuple[int, ...] = ()
        self._connection = self._open_database()
        try:
            self._snapshot = self._take_snapshot(self._read_state())
        except NoLibrary:
            self._connection.close()
            raise
        self._is_open = True
        follow_forks(self)

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
    def flaws(self) -> tuple[str, ...]:
        """What is wrong with the library's files, nothing if all is well; answers are right still.

        `footnote repair` puts it right; the next `refresh` then sees it.
        """
        return self._flaws + self._snapshot.flaws

    @property
    def model(self) -> str:
        """The embedding model that made the vectors."""
        return self._snapshot.state.model

    @property
    def revision(self) -> int:
        """The number of the published revision that is shown."""
        return self._snapshot.revision

    @property
    def version(self) -> str:
        """A token that is another one whenever other articles are shown.

        The number of the revision; before the first publication also how far the ingest was.
        """
        shown = self._snapshot
        library = f"{self._replaced}/" if self._replaced else ""
        if shown.state.generation:
            return f"{library}{shown.revision}"
        return f"{library}{shown.revision}+{shown.articles}.{shown.last}"

    def refresh(self) -> bool:
        """Show the newest published revision; return whether there was a newer one.

        Before the first publication, show what the first ingest has stored by now, if it is a
        tenth more than is shown; that is looked for every two seconds, or less often in a library
        that takes long to index. Raises NoLibrary when the library is gone, or was closed here.
        """
        with self._lock:
            if not self._is_open:
                raise NoLibrary(f"the library {self.path} was closed here; open it again to ask")
            moved = self._reconnect()
            state = self._read_state()
            is_same = not moved and state == self._snapshot.state
            if is_same and not self._has_more_staged():
                return False
            old, self._snapshot = self._snapshot, self._take_snapshot(state)
            self._replaced += state.identity != old.state.identity
            # Threads may be searching the old one: it is closed when the next one comes.
            if self._retired is not None:
                self._retired.close()
            self._retired = old.generation
            return True

    def wait_for_index(self, seconds: float = 60.0) -> bool:
        """Wait until the vector index is open, if it is to be; return whether it is."""
        snapshot = self._snapshot
        if snapshot.opener is not None:
            snapshot.opener.join(seconds)
        return snapshot.has_index

    def list_articles(self) -> list[Article]:
        """Return all articles, by title."""
        with self._lock:
            shown = self._snapshot
            return read_articles(self._connection, shown.revision, last=shown.last)

    def get_article(self, article_id: str) -> Article | None:
        """Return the article of that id, None if there is none."""
        with self._lock:
            shown = self._snapshot
            found = read_articles(self._connection, shown.revision, article_id, shown.last)
        return found[0] if found else None

    def get_text(self, article_id: str, sha256: str) -> str | None:
        """Return the text of an article, its present one or a past one, by its sha256.

        `sha256` may be cut to its first 8 hexadecimal digits. None if the library has no such
        text: the last 20 of each article are kept for as long as the article is.
        """
        prefix = sha256.lower()
        if not _SHA256_PREFIX.fullmatch(prefix):
            return None
        with self._lock:
            article = self.get_article(article_id)
            if article is None or article.sha256.startswith(prefix):
                return article.text if article else None
            return read_past_text(self._connection, article_id, prefix)

    def get_passages(self, numbers: Iterable[int]) -> dict[int, StoredPassage]:
        """Return the passages of these numbers."""
        with self._lock:
            shown = self._snapshot
            found = list(read_passages(self._connection, shown.revision, numbers, last=shown.last))
        return {passage.number: passage for passage in found}

    def list_passages(self, article_id: str) -> list[StoredPassage]:
        """Return the passages of an article, in order; none if there is no such article."""
        with self._lock:
            shown = self._snapshot
            return list(
                read_passages(
                    self._connection, shown.revision, article_id=article_id, last=shown.last
                )
            )

    def find_passages(self, article_ids: Iterable[str]) -> Numbers:
        """Return the numbers of all passages of some articles, ascending."""
        with self._lock:
            shown = self._snapshot
            found = read_passage_numbers(
                self._connection, shown.revision, article_ids, last=shown.last
            )
        return np.array(found, dtype=np.int64)

    def count_articles(self) -> int:
        """Return how many articles there are."""
        with self._lock:
            return count_articles(self._connection, self._snapshot.revision)[0]

    def count_passages(self) -> int:
        """Return how many passages there are."""
        return len(self._snapshot.words)

    def count_passages_with(self, word: str) -> int:
        """Return how many passages hold a word (a stem, as by `stem_words`)."""
        return self._snapshot.words.count_passages(word)

    def search_words(
        self,
        words: Sequence[str] | Mapping[str, float],
        limit: int,
        among: Numbers | None = None,
    ) -> list[tuple[int, float]]:
        """Return (passage number, BM25 score) of the best passages for stems, best first.

        A mapping gives each stem its weight. `among` are the numbers of the passages that may be
        returned, ascending; None allows all.
        """
        return self._snapshot.words.search(words, limit, among)

    def search_vector(
        self, vector: Vectors, limit: int, among: Numbers | None = None
    ) -> list[tuple[int, float]]:
        """Return (passage number, cosine) of the nearest passages, best first, ties by number.

        `vector` has length 1. Chroma only proposes passages; the cosine is always computed from
        the stored vectors, so that both ways give the same scores. `among` as in `search_words`;
        with it the vectors are scanned.
        """
        shown = self._snapshot

        def read() -> tuple[list[int], Vectors]:
            with self._lock:
                return read_vectors(
                    self._connection, shown.revision, shown.state.dimensions, shown.last
                )

        return shown.search_vector(vector, limit, among, read)

    def close(self) -> None:
        """Let go of the files."""
        with self._lock:
            self._is_open = False
            for generation in (self._snapshot.generation, self._retired):
                if generation is not None:
                    generation.close()
            self._connection.close()

    def hold_for_fork(self) -> None:
        """Let no other thread use the database while the process forks."""
        self._lock.acquire()

    def release_after_fork(self) -> None:
        """Go on in the parent."""
        self._lock.release()

    def close_after_fork(self) -> None:
        """Let go in the child of what is the parent's."""
        for generation in filter(None, (self._snapshot.generation, self._retired)):
            generation.leave_to_parent()
        self._snapshot, self._retired = replace(self._snapshot, generation=None), None
        self._use_vector_index = False
        self._connection.close()

    def reopen_after_fork(self) -> None:
        """Open everything anew in the child, and go on."""
        if self._is_open:
            self._stamp = ()
            try:
                self.refresh()
            except (NoLibrary, sqlite3.Error, OSError) as error:
                # The next refresh tries it again.
                log.warning("%s does not open in a forked process: %s", self.path, error)
        self._lock.release()

    def _open_database(self) -> sqlite3.Connection:
        """Open the database, or its spare copy; note which file it is. Raises NoLibrary."""
        try:
            opened = open_database(self.path)
        except FileNotFoundError:
            command = f"footnote ingest FOLDER --store {self.path}"
            raise NoLibrary(f"no library in {self.path}; make one: {command}") from None
        except sqlite3.DatabaseError as error:
            file = self.path / FILE_NAME
            raise NoLibrary(f"{file} cannot be read as a library: {error}") from error
        self._flaws = opened.flaws
        self._stamp = _read_stamp(self.path, opened.flaws)
        return opened.connection

    def _reconnect(self) -> bool:
        """Open the library again if its file is another one by now; return whether it is.

        An open file that was removed would go on to answer. One that was opened on a full disk is
        opened anew as well, to see what is written once there is room.
        """
        stamp = self._stamp
        if stamp != _read_stamp(self.path, self._flaws) or isinstance(
            self._connection, FrozenConnection
        ):
            connection = self._open_database()
            self._connection.close()
            self._connection = connection
        return stamp != self._stamp

    def _read_state(self) -> LibraryState:
        try:
            state = read_state(self._connection)
        except sqlite3.DatabaseError as error:
            file = self.path / FILE_NAME
            raise NoLibrary(f"{file} cannot be read as a library: {error}") from error
        if state is None:
            raise NoLibrary(f"{self.path} holds no library; make one: footnote ingest FOLDER")
        if state.format > FORMAT:
            raise NoLibrary(describe_newer_format(self.path, state))
        return state

    def _has_more_staged(self) -> bool:
        """Tell whether so much more is stored before the first publication that it is shown."""
        shown = self._snapshot
        waited = time.monotonic() - shown.taken
        # Indexing takes a tenth of a reader's time at most; the first articles are shown at once.
        pause = max(STAGED_PAUSE, 10 * shown.seconds) if shown.articles else 0.0
        if shown.state.generation or shown.state.revision or waited < pause:
            return False
        articles, last = count_articles(self._connection, shown.revision)
        if (articles, last) == (shown.articles, shown.last):
            return False
        few = shown.articles <= articles < _GROWTH * shown.articles
        return not few or waited >= STAGED_PATIENCE

    def _take_snapshot(self, state: LibraryState) -> Snapshot:
        if not state.generation:
            # Never published, what is staged is shown; mended, what was published.
            return index_passages(self._connection, state, state.revision or 1)
        try:
            return open_snapshot(
                self._connection, self.path, state, use_vector_index=self._use_vector_index
            )
        except DamagedGeneration as error:
            newer = self._read_state()
            if newer != state:
                # Another revision was published in this moment, and the old index removed.
                return self._take_snapshot(newer)
            log.warning(
                "searching without an index: %s; rebuild it: footnote repair --store %s",
                error,
                self.path,
            )
            snapshot = index_passages(self._connection, state, state.revision)
            snapshot.flaws = (str(error),)
            return snapshot


def _read_stamp(path: Path, flaws: tuple[str, ...]) -> tuple[int, ...]:
    """Return what tells a database that was replaced; of a damaged one also that it was changed."""
    try:
        stat = (path / FILE_NAME).stat()
    except FileNotFoundError:
        return ()
    changes = (stat.st_mtime_ns, stat.st_size) if flaws else ()
    return (stat.st_dev, stat.st_ino, *changes)
