"""Writing a library: one writer, the right model, and what an interruption leaves."""

import json
import multiprocessing
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from ingest.store import Store
from ingest.sync import Progress, sync
from ingest.write import (
    LibraryBusy,
    WrongModel,
    check_free_space,
    open_writer,
    read_model,
)
from tests.articles import WordEmbedder, write_articles

ROOT = Path(__file__).resolve().parents[1]
# Says that it holds the library, then waits for its standard input to close.
HOLDER = """
import sys
from pathlib import Path
from ingest.write import open_writer
from tests.articles import WordEmbedder
with open_writer(Path(sys.argv[1]), WordEmbedder()):
    print("held", flush=True)
    sys.stdin.read()
"""


class Interrupted(RuntimeError):
    """Raised in the middle of an ingest by a test."""


class InterruptAt:
    """A progress callback that stops the ingest before file number `done`."""

    def __init__(self, done: int) -> None:
        self.done = done

    def __call__(self, progress: Progress) -> None:
        if progress.done == self.done:
            raise Interrupted


def test_second_process_is_refused_while_the_first_writes(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as holder:  # fmt: skip
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with (
            pytest.raises(LibraryBusy, match=f"process {holder.pid} on .*; try again"),
            open_writer(tmp_path, WordEmbedder()),
        ):
            pass
        holder.communicate(timeout=30)
    assert holder.returncode == 0
    with open_writer(tmp_path, WordEmbedder()):
        holder_now = json.loads((tmp_path / "writer.lock").read_text(encoding="utf-8"))
        assert holder_now["pid"] == os.getpid()


def test_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as holder:  # fmt: skip
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        holder.kill()
    with open_writer(tmp_path, WordEmbedder()) as writer:
        assert writer.list_files() == {}


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_lock_is_let_go_of_though_a_forked_process_has_it_too(tmp_path: Path) -> None:
    with open_writer(tmp_path, WordEmbedder()):
        child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(60,))
        child.start()
    try:
        with open_writer(tmp_path, WordEmbedder()) as writer:
            assert writer.list_files() == {}
    finally:
        child.kill()
        child.join()


def test_error_while_writing_names_the_library_and_the_reason(tmp_path: Path) -> None:
    told = {"database or disk is full": "the disk is full", "disk I/O error": "disk I/O error"}
    for error, reason in told.items():
        with (
            pytest.raises(OSError, match=f"{tmp_path} cannot be written: {reason}"),
            open_writer(tmp_path, WordEmbedder()),
        ):
            raise sqlite3.OperationalError(error)
    (tmp_path / "file").touch()
    with (
        pytest.raises(OSError, match="file/library cannot be written: Not a directory"),
        open_writer(tmp_path / "file" / "library", WordEmbedder()),
    ):
        pass


def test_readers_are_let_in_while_a_writer_writes(tmp_path: Path) -> None:
    sync(write_articles(tmp_path / "articles", 2), tmp_path / "library", WordEmbedder())
    with open_writer(tmp_path / "library", WordEmbedder()), Store(tmp_path / "library") as store:
        assert len(store.list_articles()) == 2


def test_model_of_a_library(tmp_path: Path) -> None:
    assert read_model(tmp_path / "library") is None
    with open_writer(tmp_path / "library", WordEmbedder("words-a")):
        pass
    assert read_model(tmp_path / "library") == "words-a"


def test_other_model_is_refused_with_the_command(tmp_path: Path) -> None:
    files = write_articles(tmp_path / "articles", 2)
    sync(files, tmp_path / "library", WordEmbedder("words-a"))
    with pytest.raises(WrongModel, match=r"words-a, not words-b; .*--model words-b --reembed"):
        sync(files, tmp_path / "library", WordEmbedder("words-b"))
    assert read_model(tmp_path / "library") == "words-a"


def test_other_format_is_refused(tmp_path: Path) -> None:
    with open_writer(tmp_path, WordEmbedder()):
        pass
    with closing(sqlite3.connect(tmp_path / "library.sqlite")) as connection, connection:
        connection.execute("UPDATE library SET format = 99")
    with pytest.raises(WrongModel, match="format 99"), open_writer(tmp_path, WordEmbedder()):
        pass


def test_reembed_makes_all_vectors_again_also_those_without_a_file(tmp_path: Path) -> None:
    files = write_articles(tmp_path / "articles", 4)
    library = tmp_path / "library"
    sync(files, library, WordEmbedder("words-a"))
    with Store(library) as store:
        texts = {article.article_id: article.text for article in store.list_articles()}
        passages = store.count_passages()
    files[0].unlink()
    other = WordEmbedder("words-b", 48)
    report = sync(files[1:], library, other, reembed=True)
    assert report.embedded == passages == len(other.texts)
    with Store(library, use_vector_index=True) as store:
        assert store.model == "words-b"
        assert {article.article_id: article.text for article in store.list_articles()} == texts
        [(number, cosine)] = store.search_vector(other.encode([other.texts[0]])[0], 1)
        assert cosine == pytest.approx(1, abs=1e-5)
        assert store.get_passages([number])[number].text in other.texts[0]
    assert sync(files[1:], library, other).embedded == 0
    with closing(sqlite3.connect(library / "library.sqlite")) as connection:
        sizes = connection.execute("SELECT DISTINCT LENGTH(vector) FROM vectors").fetchall()
    assert (48 * 4,) in sizes


def test_interrupted_reembed_leaves_no_vectors_of_the_other_model(tmp_path: Path) -> None:
    files = write_articles(tmp_path / "articles", 6)
    library = tmp_path / "library"
    sync(files, library, WordEmbedder("words-a"))
    changed = write_articles(tmp_path / "articles", 6, version=1)
    with pytest.raises(Interrupted):
        sync(
            changed, library, WordEmbedder("words-b", 48),
            reembed=True, on_progress=InterruptAt(3),
        )  # fmt: skip
    with Store(library) as store:
        assert (store.model, store.revision, len(store.list_articles())) == ("words-a", 1, 6)
    for file in changed[:2]:
        file.unlink()
    embedder = WordEmbedder("words-a")
    report = sync(changed[2:], library, embedder)
    assert report.articles == 6
    with Store(library) as store:
        found = store.search_vector(embedder.encode(["Report 0 on the harbour"])[0], 100)
        assert len(found) == store.count_passages()
        for passage in store.get_passages(number for number, _ in found).values():
            text = f"{passage.article.title}\n{passage.text}"
            own = dict(store.search_vector(embedder.encode([text])[0], 100))
            assert own[passage.number] == pytest.approx(1, abs=1e-5)


def test_interrupted_ingest_keeps_what_was_stored(tmp_path: Path) -> None:
    files = write_articles(tmp_path / "articles", 6)
    library = tmp_path / "library"
    first = WordEmbedder()
    with pytest.raises(Interrupted):
        sync(files, library, first, on_progress=InterruptAt(4))
    with Store(library) as store:
        assert len(store.list_articles()) == 4
    second = WordEmbedder()
    report = sync(files, library, second)
    assert (report.unchanged, report.added, report.articles) == (4, 2, 6)
    assert first.texts and second.texts and not set(first.texts) & set(second.texts)


def test_nothing_to_publish_makes_no_revision(tmp_path: Path) -> None:
    files = write_articles(tmp_path / "articles", 1)
    sync(files, tmp_path, WordEmbedder())
    with open_writer(tmp_path, WordEmbedder()) as writer:
        assert not writer.publish()
        writer.remove("report-00")
        assert writer.publish() and writer.count() == (0, 0)
    with Store(tmp_path, use_vector_index=True) as store:
        assert store.list_articles() == [] and store.count_passages() == 0
        assert store.search_words(["harbour"], 5) == []
        assert store.search_vector(WordEmbedder().encode(["x"])[0], 5) == []


def test_free_space_is_checked(tmp_path: Path) -> None:
    check_free_space(tmp_path, 1)
    with pytest.raises(OSError, match=r"the disk is full: .* MB needed"):
        check_free_space(tmp_path, 10**18)
