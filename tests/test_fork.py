"""A process forked while a library is open: both go on, each with a library of its own."""

import multiprocessing
import sys
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from benchmarks.reliability.contents import find_disagreements
from ingest import fork
from ingest.store import Store
from ingest.sync import sync
from tests.articles import WordEmbedder, write_articles

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork"),
    pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning"),
]


def answer_in_child(stores: list[Store], asked: Connection) -> None:
    """Tell what the stores show, again and again as long as the parent asks for it."""
    while asked.recv():
        for store in stores:
            store.refresh()
        faults = [find_disagreements(store, WordEmbedder()) for store in stores]
        asked.send(([store.revision for store in stores], faults))


def test_forked_process_follows_the_library_after_its_parent_left(tmp_path: Path) -> None:
    articles, library = tmp_path / "articles", tmp_path / "library"
    sync(write_articles(articles, 3), library, WordEmbedder())
    stores = [Store(library), Store(library, use_vector_index=True)]
    for store in stores:
        assert find_disagreements(store, WordEmbedder()) == []
    near, far = multiprocessing.Pipe()
    child = multiprocessing.get_context("fork").Process(
        target=answer_in_child, args=(stores, far), daemon=True
    )
    child.start()
    near.send(True)
    assert near.poll(20) and near.recv() == ([1, 1], [[], []])
    # The last one to leave takes SQLite's log away; the child must not be thought to have left.
    for version, store in enumerate(stores, 1):
        assert find_disagreements(store, WordEmbedder()) == []
        store.close()
        sync(write_articles(articles, 3 + version, version), library, WordEmbedder())
        near.send(True)
        assert near.poll(20) and near.recv() == ([1 + version] * 2, [[], []])
    near.send(False)
    child.join(20)
    assert child.exitcode == 0


def test_fork_waits_for_a_thread_that_reads(tmp_path: Path) -> None:
    sync(write_articles(tmp_path / "articles", 3), tmp_path / "library", WordEmbedder())
    done = threading.Event()
    with Store(tmp_path / "library") as store:

        def read() -> None:
            while not done.is_set():
                store.list_articles()

        thread = threading.Thread(target=read)
        thread.start()
        try:
            for _ in range(5):
                child = multiprocessing.get_context("fork").Process(target=store.list_articles)
                child.start()
                child.join(20)
                assert child.exitcode == 0
        finally:
            done.set()
            thread.join()


def test_forks_at_once_hold_one_after_the_other() -> None:
    class Counted:
        """Counts how often it is held."""

        def __init__(self) -> None:
            self.held = self.most = 0

        def hold_for_fork(self) -> None:
            self.held += 1
            self.most = max(self.most, self.held)
            time.sleep(0.01)

        def release_after_fork(self) -> None:
            self.held -= 1

        close_after_fork = reopen_after_fork = release_after_fork

    counted = Counted()
    fork.follow_forks(counted)

    def fork_often() -> None:
        for _ in range(5):
            fork._hold_all()
            fork._release_all()

    threads = [threading.Thread(target=fork_often) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (counted.held, counted.most) == (0, 1)
