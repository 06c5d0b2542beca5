"""Reading a library: searches by both ways, revisions, refresh, damaged generations."""

import logging
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ingest.schema import connect
from ingest.state import read_state, write_state
from ingest.store import NoLibrary, Store
from ingest.sync import Progress, sync
from ingest.words import stem_words
from ingest.write import open_writer
from tests.articles import WordEmbedder, write_articles

QUESTIONS = (
    "the committee of Oslo", "plan 305 for the harbour", "Report 7", "met on 4 May", "Minsk",
)  # fmt: skip

ALL_REPORTS = tuple(f"report-{number:02d}" for number in range(12))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with 12 articles and the library of them; tests work on a copy."""
    folder = tmp_path_factory.mktemp("store")
    write_articles(folder / "articles", 12)
    sync([folder / "articles"], folder / "library", WordEmbedder())
    return folder


@pytest.fixture
def library(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made / "library", tmp_path / "library")


def find_generation(library: Path) -> Path:
    [folder] = (library / "generations").iterdir()
    return folder


def search_all(store: Store, limit: int = 8) -> list[object]:
    """Return all that the questions find, passages with their article and text."""
    found: list[object] = []
    for question in QUESTIONS:
        vector = WordEmbedder(store.model).encode([question])[0]
        for hits in (
            store.search_words(stem_words(question), limit),
            store.search_vector(vector, limit),
        ):
            passages = store.get_passages(number for number, _ in hits)
            found += [
                (number, round(score, 5), passages[number].article.title, passages[number].text)
                for number, score in hits
            ]
    return found


def test_a_closed_library_says_so(library: Path) -> None:
    store = Store(library)
    store.close()
    with pytest.raises(NoLibrary, match=r"was closed here; open it again to ask"):
        store.refresh()


def test_articles_and_passages(library: Path) -> None:
    with Store(library) as store:
        articles = store.list_articles()
        assert len(articles) == 12 and store.revision == 1 and store.model == "words-32"
        assert [article.title for article in articles] == sorted(item.title for item in articles)
        assert store.get_article("report-03") in articles and store.get_article("no-such") is None
        passages = store.get_passages(range(1, store.count_passages() + 1))
        assert len(passages) == store.count_passages() > 12
        assert all(
            passage.text == passage.article.text[passage.chunk.start : passage.chunk.end]
            for passage in passages.values()
        )
        assert store.get_passages([0, 10_000]) == {} == store.get_passages([])
        assert store.count_passages_with("committe") == store.count_passages()
        assert store.count_passages_with("zebra") == 0


def test_searches_are_sorted_and_limited(library: Path) -> None:
    vector = WordEmbedder().encode(["met on 4 May"])[0]
    with Store(library) as store:
        by_words = store.search_words(stem_words("met on 4 May"), 9)
        for found in (by_words, store.search_vector(vector, 9)):
            assert found == sorted(found, key=lambda item: (-item[1], item[0])) and len(found) == 9
        assert len(store.search_vector(vector, 10_000)) == store.count_passages()


def test_own_text_is_nearest_to_a_passage(library: Path) -> None:
    with Store(library) as store:
        passage = store.get_passages([5])[5]
        vector = WordEmbedder().encode([f"{passage.article.title}\n{passage.text}"])[0]
        [(number, cosine)] = store.search_vector(vector, 1)
    assert number == 5 and cosine == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("use_vector_index", [False, True])
@pytest.mark.parametrize("articles", [("report-03",), ("report-01", "report-02", "report-09"), ()])
def test_searches_among_the_passages_of_some_articles(
    library: Path, articles: tuple[str, ...], use_vector_index: bool
) -> None:
    with Store(library, use_vector_index=use_vector_index) as store:
        among = store.find_passages(articles)
        own = [item.number for name in articles for item in store.list_passages(name)]
        assert among.tolist() == sorted(own)
        vector = WordEmbedder().encode(["met on 4 May"])[0]
        everything = store.search_vector(vector, 10_000, store.find_passages(ALL_REPORTS))
        nearest = store.search_vector(vector, 2, among)
        wanted = [item for item in everything if item[0] in own][:2]
        assert [number for number, _ in nearest] == [number for number, _ in wanted]
        assert [cosine for _, cosine in nearest] == pytest.approx([cosine for _, cosine in wanted])
        by_words = store.search_words(["oslo"], 100, among)
        assert {number for number, _ in by_words} <= set(own)


def test_passages_of_no_article(library: Path) -> None:
    with Store(library) as store:
        assert store.find_passages(["none"]).dtype == np.int64
        assert len(store.find_passages(ALL_REPORTS)) == store.count_passages()


@pytest.fixture
def indexed_if_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the vector index used in libraries as small as those of tests."""
    monkeypatch.setattr("ingest.generation.SCANNED_PASSAGES", 0)


@pytest.mark.usefixtures("indexed_if_small")
def test_both_ways_to_search_vectors_agree(library: Path) -> None:
    with Store(library) as scanned, Store(library, use_vector_index=True) as indexed:
        assert indexed.wait_for_index() and not scanned.wait_for_index()
        assert search_all(scanned) == search_all(indexed)


def drop_generation(generation: Path) -> None:
    shutil.rmtree(generation)


def cut_words(generation: Path) -> None:
    for path in (generation / "words").iterdir():
        path.write_bytes(path.read_bytes()[:20])


def cut_vectors(generation: Path) -> None:
    for path in (generation / "vectors").rglob("*.bin"):
        path.write_bytes(path.read_bytes()[:20])


def drop_word_file(generation: Path) -> None:
    next((generation / "words").glob("*.pos")).unlink()


@pytest.mark.parametrize("damage", [drop_generation, cut_words, cut_vectors, drop_word_file])
def test_damaged_generation_is_searched_without_and_rebuilt(
    made: Path, library: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    with Store(library) as store:
        expected = search_all(store)
    damage(find_generation(library))
    for use_vector_index in (False, True):
        caplog.clear()
        with (
            caplog.at_level(logging.WARNING),
            Store(library, use_vector_index=use_vector_index) as store,
        ):
            assert search_all(store) == expected
        assert "searching without an index" in caplog.text
    embedder = WordEmbedder()
    report = sync([made / "articles"], library, embedder)
    assert (report.unchanged, report.embedded, embedder.texts) == (12, 0, [])
    caplog.clear()
    with caplog.at_level(logging.WARNING), Store(library, use_vector_index=True) as store:
        assert search_all(store) == expected and store.revision == 1
    assert caplog.text == "" and find_generation(library).exists()


def test_reader_keeps_its_revision_until_refresh(tmp_path: Path) -> None:
    articles, library = tmp_path / "articles", tmp_path / "library"
    write_articles(articles, 12)
    sync([articles], library, WordEmbedder())
    with Store(library) as store, Store(library, use_vector_index=True) as indexed:
        before = search_all(indexed)
        texts = [article.text for article in store.list_articles()]
        old = find_generation(library)
        write_articles(articles, 13, version=1)
        (articles / "report-05.txt").unlink()
        report = sync([articles], library, WordEmbedder(), remove_missing=True)
        assert (report.added, report.changed, report.removed, report.articles) == (1, 11, 1, 12)
        for reader in (store, indexed):
            assert [article.text for article in reader.list_articles()] == texts
            assert search_all(reader) == before
        assert old.exists()
        assert store.refresh() and indexed.refresh() and not store.refresh()
        for reader in (store, indexed):
            assert reader.revision == 2 and reader.get_article("report-05") is None
            assert not set(texts) & {article.text for article in reader.list_articles()}
        assert search_all(store) == search_all(indexed) != before


def test_held_generation_is_removed_when_it_is_let_go(made: Path, library: Path) -> None:
    store = Store(library)
    old = find_generation(library)
    extra = write_articles(library.parent / "extra", 1, version=5)
    sync(extra, library, WordEmbedder())
    assert old.exists() and len(list((library / "generations").iterdir())) == 2
    store.close()
    sync(extra, library, WordEmbedder())
    assert not old.exists() and find_generation(library)


@pytest.mark.usefixtures("indexed_if_small")
def test_reader_two_revisions_behind_still_answers(tmp_path: Path) -> None:
    articles, library = tmp_path / "articles", tmp_path / "library"
    write_articles(articles, 12)
    sync([articles], library, WordEmbedder())
    with Store(library, use_vector_index=True) as store:
        assert store.wait_for_index()
        for version in (1, 2):
            write_articles(articles, 8, version=version)
            sync([articles], library, WordEmbedder())
        # What was changed is gone from the database; what was not is still found.
        found = store.search_vector(WordEmbedder().encode(["Report 9"])[0], 50)
        passages = store.get_passages(number for number, _ in found)
        assert {passage.article.article_id for passage in passages.values()} == {
            "report-08", "report-09", "report-10", "report-11",
        }  # fmt: skip
        assert len(passages) == len(found)
        assert store.refresh() and len(store.list_articles()) == 12


def test_first_ingest_is_readable_before_it_is_published(library: Path) -> None:
    with closing(connect(library / "library.sqlite")) as connection, connection:
        state = read_state(connection)
        assert state is not None
        write_state(connection, replace(state, revision=0, generation=""))
    shutil.rmtree(library / "generations")
    with Store(library) as store:
        assert len(store.list_articles()) == 12 and search_all(store)


def test_store_works_from_threads(library: Path) -> None:
    with Store(library) as store, ThreadPoolExecutor(8) as pool:
        expected = search_all(store)
        assert all(found == expected for found in pool.map(lambda _: search_all(store), range(16)))


def test_removed_library_is_told(library: Path) -> None:
    with Store(library) as store:
        shutil.rmtree(library)
        for _ in range(2):
            with pytest.raises(NoLibrary, match=f"no library in {library}; make one"):
                store.refresh()


@pytest.mark.parametrize("use_vector_index", [False, True])
def test_library_in_the_place_of_a_removed_one_is_shown(
    library: Path, tmp_path: Path, use_vector_index: bool
) -> None:
    with Store(library, use_vector_index=use_vector_index) as store:
        before = search_all(store)
        library.rename(tmp_path / "old")
        sync(write_articles(tmp_path / "new", 3, version=7), library, WordEmbedder())
        assert search_all(store) == before
        assert store.refresh() and not store.refresh()
        assert len(store.list_articles()) == 3 and store.revision == 1
        check_agreement(store, 3)


def test_reader_on_a_full_disk_answers_and_goes_on_when_there_is_room(
    library: Path, tmp_path: Path
) -> None:
    # Stands for a full disk: the file that readers and writers share cannot be made.
    in_the_way = library / "library.sqlite-shm"
    in_the_way.symlink_to("nowhere")
    with Store(library) as store:
        assert len(store.list_articles()) == 12 and not store.refresh()
        in_the_way.unlink()
        sync(write_articles(tmp_path / "new", 3, version=7), library, WordEmbedder())
        assert store.refresh() and store.revision == 2
        check_agreement(store, len(store.list_articles()))


def test_no_library(tmp_path: Path) -> None:
    with pytest.raises(NoLibrary, match="footnote ingest"):
        Store(tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "library.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(NoLibrary, match="cannot be read as a library"):
        Store(tmp_path)
    (tmp_path / "library.sqlite").write_bytes(b"")
    with pytest.raises(NoLibrary, match="holds no library"):
        Store(tmp_path)


def test_other_store_format_is_refused(library: Path) -> None:
    with closing(sqlite3.connect(library / "library.sqlite")) as connection, connection:
        connection.execute("UPDATE library SET format = 99")
    with pytest.raises(NoLibrary, match="format 99"):
        Store(library)


def publish_text(folder: Path, text: str) -> None:
    """Store a text as the article "report" and publish it."""
    (folder / "report.txt").write_text(f"Report\n\n{text}", encoding="utf-8")
    sync([folder / "report.txt"], folder / "library", WordEmbedder())


def test_texts_are_found_by_their_hash(tmp_path: Path) -> None:
    publish_text(tmp_path, "The first words of it.")
    with Store(tmp_path / "library") as store:
        [old] = store.list_articles()
        publish_text(tmp_path, "Quite other words now.")
        assert store.get_text("report", old.sha256[:8]) == old.text
        store.refresh()
        [new] = store.list_articles()
        for article in (old, new):
            for name in (article.sha256, article.sha256[:8].upper()):
                assert store.get_text("report", name) == article.text
            for name in (article.sha256[:7], f"{article.sha256}0", "", "%" * 8, "0" * 64):
                assert store.get_text("report", name) is None
            assert store.get_text("other", article.sha256) is None


def test_library_without_articles_is_open(tmp_path: Path) -> None:
    with open_writer(tmp_path, WordEmbedder()), Store(tmp_path) as store:
        assert store.list_articles() == [] and store.count_passages() == 0
        assert search_all(store) == [] and not store.refresh()
        assert (
            store.get_article("report-00") is None and store.get_text("report-00", "0" * 8) is None
        )


class Gate:
    """A progress callback that lets the ingest of another thread go on file by file."""

    def __init__(self) -> None:
        self.reached = threading.Semaphore(0)
        self.open = threading.Semaphore(0)

    def __call__(self, progress: Progress) -> None:
        self.reached.release()
        assert self.open.acquire(timeout=20)

    def wait_for(self, files: int) -> None:
        """Return when that many more files are stored."""
        for _ in range(files):
            self.open.release()
            assert self.reached.acquire(timeout=20)


def test_first_ingest_can_be_watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.store.STAGED_PAUSE", 0.0)
    files = write_articles(tmp_path / "articles", 25)
    library, gate = tmp_path / "library", Gate()
    with ThreadPoolExecutor(1) as pool:
        ingest = pool.submit(sync, files, library, WordEmbedder(), on_progress=gate)
        gate.reached.acquire(timeout=20)
        with Store(library) as store:
            versions = [store.version]
            for more, shown in ((1, 1), (1, 2), (18, 20), (1, 20), (1, 22), (3, 25)):
                gate.wait_for(more)
                # The pause grows with the time that indexing takes.
                deadline = time.monotonic() + 5
                while len(store.list_articles()) < shown and time.monotonic() < deadline:
                    store.refresh()
                check_agreement(store, shown)
                versions.append(store.version)
            assert len(set(versions)) == len(versions) - 1 and versions[3] == versions[4]
            gate.open.release()
            assert ingest.result(timeout=20).articles == 25
            assert store.refresh() and store.version == "1" == str(store.revision)
            check_agreement(store, 25)
            assert not store.refresh()


def check_agreement(store: Store, articles: int) -> None:
    """Check that every way into the library shows the passages of that many articles."""
    listed = {article.article_id for article in store.list_articles()}
    numbers = {number for number, _ in store.search_words(["harbour"], 1000)}
    vector = WordEmbedder().encode(["harbour"])[0]
    assert {number for number, _ in store.search_vector(vector, 1000)} == numbers
    passages = store.get_passages(numbers).values()
    assert len(passages) == store.count_passages() == len(numbers)
    assert {passage.article.article_id for passage in passages} == listed
    assert sum(len(store.list_passages(article_id)) for article_id in listed) == len(numbers)
    assert len(listed) == articles and store.get_article(f"report-{articles:02d}") is None


def test_watching_is_throttled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = write_articles(tmp_path / "articles", 4)
    gate = Gate()
    with ThreadPoolExecutor(1) as pool:
        ingest = pool.submit(sync, files, tmp_path / "library", WordEmbedder(), on_progress=gate)
        gate.reached.acquire(timeout=20)
        with Store(tmp_path / "library") as store:
            gate.wait_for(1)
            assert store.refresh() and len(store.list_articles()) == 1
            gate.wait_for(2)
            assert not store.refresh() and len(store.list_articles()) == 1
            # What is little more is shown after a while, too: the ingest may have stopped.
            monkeypatch.setattr("ingest.store.STAGED_PAUSE", 0.0)
            monkeypatch.setattr("ingest.store.STAGED_PATIENCE", 0.0)
            monkeypatch.setattr("ingest.store._GROWTH", 9.0)
            deadline = time.monotonic() + 5
            while not store.refresh() and time.monotonic() < deadline:
                pass
            assert len(store.list_articles()) == 3
            gate.open.release(2)
            assert ingest.result(timeout=20).articles == 4
