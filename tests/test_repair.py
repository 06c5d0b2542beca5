"""Damage of every file of a library: found when it is opened, answered around, repaired whole."""

import shutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from ingest import manifest
from ingest.check import find_flaws
from ingest.feedback import add_feedback, list_feedback
from ingest.lock import lock_feedback
from ingest.repair import repair_library
from ingest.salvage import replace_database
from ingest.schema import FILE_NAME
from ingest.spare import SPARE_NAME
from ingest.state import DamagedDatabase
from ingest.status import read_status
from ingest.store import Store
from ingest.sync import Progress, sync
from ingest.write import list_stored_files, read_model
from tests.articles import WordEmbedder, write_articles

COUNT = 6


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of two revisions and its first revision's files; tests work on a copy."""
    folder = tmp_path_factory.mktemp("repair")
    write_articles(folder / "articles", COUNT)
    sync([folder / "articles"], folder / "library", WordEmbedder())
    shutil.copytree(folder / "library", folder / "first")
    write_articles(folder / "articles", COUNT, version=1)
    sync([folder / "articles"], folder / "library", WordEmbedder())
    return folder


@pytest.fixture
def library(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made / "library", tmp_path / "library")


def read_library(library: Path) -> tuple[dict[str, str], list[tuple[float, str]]]:
    """Return all texts, and what a search by vector finds: texts and cosines."""
    with Store(library) as store:
        texts = {article.article_id: article.text for article in store.list_articles()}
        vector = WordEmbedder().encode(["the committee of Oslo"])[0]
        found = store.search_vector(vector, 1000)
        passages = store.get_passages(number for number, _ in found)
        return texts, sorted((round(score, 5), passages[n].text) for n, score in found)


def change_byte(file: Path, place: int) -> None:
    data = bytearray(file.read_bytes())
    data[place] ^= 0x10
    file.write_bytes(data)


def find_text(file: Path) -> int:
    # In the second revision: rows of the first one are still there, too.
    return file.read_bytes().index(b"plan 10102")


def cut(library: Path) -> None:
    data = (library / FILE_NAME).read_bytes()
    (library / FILE_NAME).write_bytes(data[: len(data) // 2])


def spoil_head(library: Path) -> None:
    change_byte(library / FILE_NAME, 5)


def spoil_text(library: Path) -> None:
    change_byte(library / FILE_NAME, find_text(library / FILE_NAME))


def remove_file(library: Path) -> None:
    (library / FILE_NAME).unlink()


def empty(library: Path) -> None:
    (library / FILE_NAME).write_bytes(b"")


def zero_vectors(library: Path) -> None:
    with closing(sqlite3.connect(library / FILE_NAME)) as connection, connection:
        connection.execute("UPDATE vectors SET vector = zeroblob(128)")


def hide_article(library: Path) -> None:
    with closing(sqlite3.connect(library / FILE_NAME)) as connection, connection:
        connection.execute("UPDATE articles SET removed = 1 WHERE article_id = 'report-02'")


def swap_for_older(library: Path) -> None:
    # The tests' copies lie beside one another: the first revision is known by its texts.
    shutil.copy(library.parent / "first.sqlite", library / FILE_NAME)


@pytest.mark.parametrize(
    "damage",
    [cut, spoil_head, spoil_text, remove_file, empty, zero_vectors, hide_article, swap_for_older],
)
def test_damaged_database_is_answered_from_the_copy_and_repaired(
    made: Path, library: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copy(made / "first" / FILE_NAME, library.parent / "first.sqlite")
    before = read_library(library)
    damage(library)
    with Store(library) as store:
        assert store.flaws and "footnote repair" in caplog.text
        assert read_library(library) == before
        assert not read_status(library).healthy
        done = repair_library(library)
        assert (done.articles, done.from_spare > 0, done.lost) == (COUNT, True, ()) and done.flaws
        # A reader that was open meanwhile sees it at its next look.
        assert store.refresh() and store.flaws == ()
        assert {article.article_id: article.text for article in store.list_articles()} == before[0]
    assert read_library(library) == before
    status = read_status(library, deep=True)
    assert (status.healthy, status.articles, status.changed) == (True, COUNT, ())
    assert repair_library(library).flaws == ()


def test_damaged_copy_is_made_again(library: Path) -> None:
    before = read_library(library)
    for damage in (Path.unlink, lambda file: change_byte(file, find_text(file))):
        damage(library / SPARE_NAME)
        assert SPARE_NAME in read_status(library, deep=True).flaws[0]
        done = repair_library(library)
        assert len(done.flaws) == 1 and read_status(library, deep=True).healthy
    assert read_library(library) == before


def test_both_damaged_in_different_articles(library: Path) -> None:
    before = read_library(library)
    for name, number in ((FILE_NAME, 1), (SPARE_NAME, 2)):
        with closing(sqlite3.connect(library / name)) as connection, connection:
            spoil = "UPDATE articles SET title = 'Another' WHERE article_id = ?"
            connection.execute(spoil, (f"report-0{number}",))
    done = repair_library(library)
    assert (done.articles, done.from_spare, done.lost) == (COUNT, 1, ())
    assert read_library(library) == before


def test_article_damaged_in_both_is_named_and_never_shown(library: Path) -> None:
    for name in (FILE_NAME, SPARE_NAME):
        with closing(sqlite3.connect(library / name)) as connection, connection:
            spoil = "UPDATE articles SET text = text || '!' WHERE article_id = 'report-04'"
            connection.execute(spoil)
    with Store(library) as store:
        assert store.get_article("report-04") is None and len(store.list_articles()) == COUNT - 1
    done = repair_library(library)
    assert (done.articles, done.lost) == (COUNT - 1, ("report-04",))
    assert read_status(library, deep=True).healthy


def test_nothing_can_be_read(library: Path) -> None:
    for name in (FILE_NAME, SPARE_NAME):
        (library / name).write_bytes(b"rubbish" * 1000)
    with pytest.raises(DamagedDatabase, match="ingest the articles again"):
        repair_library(library)


def test_next_ingest_mends_too(made: Path, library: Path) -> None:
    before = read_library(library)
    cut(library)
    report = sync([made / "articles"], library, WordEmbedder())
    assert (report.unchanged, report.articles) == (COUNT, COUNT)
    assert read_library(library) == before and read_status(library, deep=True).healthy


def test_changed_byte_of_the_indexes(library: Path) -> None:
    before = read_library(library)
    [generation] = (library / "generations").iterdir()
    for pattern in ("words/*.idx", "vectors/*/data_level0.bin", "vectors/*/link_lists.bin"):
        [generation] = (library / "generations").iterdir()
        [file] = generation.glob(pattern)
        if file.stat().st_size:
            change_byte(file, file.stat().st_size // 2)
            [flaw] = read_status(library, deep=True).flaws
            assert file.name in flaw
            assert repair_library(library).flaws == (flaw,)
    assert read_library(library) == before and read_status(library, deep=True).healthy


def test_beginning_of_a_library_is_no_damage(tmp_path: Path) -> None:
    articles, library = tmp_path / "articles", tmp_path / "library"
    write_articles(articles, 2)
    library.mkdir()
    (library / FILE_NAME).write_bytes(b"")
    assert read_model(library) is None and list_stored_files(library) == {}
    assert repair_library(library).flaws == ()
    assert sync([articles], library, WordEmbedder()).articles == 2


def test_a_mended_library_shows_what_was_published_until_more_is(
    library: Path, tmp_path: Path
) -> None:
    (library / FILE_NAME).unlink()
    write_articles(tmp_path / "articles", COUNT, version=2)
    counts: list[int] = []

    def look(_: Progress) -> None:
        with Store(library) as store:
            counts.append(store.count_articles())

    sync([tmp_path / "articles"], library, WordEmbedder(), on_progress=look)
    assert len(counts) > COUNT and set(counts) == {COUNT}


def test_an_index_that_cannot_be_read_is_done_without_and_made_again(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read_library(library)

    def refuse(*_: object) -> str:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(manifest, "hash_file", refuse)
        assert read_library(library) == before
        with Store(library) as store:
            assert store.flaws and "Input/output error" in store.flaws[0]
    repair_library(library)
    with Store(library) as store:
        assert store.flaws == ()


def test_what_is_said_while_the_database_is_mended_is_kept(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def say(question: str) -> None:
        add_feedback(library, question, question, helpful=True, comment="", answer={})

    def find_flaws_late(file: Path) -> tuple[str, ...]:
        # Between the reading of the damaged database and the end of its use.
        say("Meanwhile?")
        return find_flaws(file)

    say("Before?")
    change_byte(library / FILE_NAME, find_text(library / FILE_NAME))
    monkeypatch.setattr("ingest.salvage.find_flaws", find_flaws_late)
    repair_library(library)
    assert [item.question for item in list_feedback(library)] == ["Meanwhile?", "Before?"]


def test_what_is_said_waits_for_the_mended_database(library: Path) -> None:
    with ThreadPoolExecutor() as threads:
        with lock_feedback(library):
            said = threads.submit(add_feedback, library, "Late?", "Late?", True, "", {})
            with pytest.raises(TimeoutError):
                said.result(0.3)
            (library / FILE_NAME).rename(library / "old.sqlite")
            replace_database(library)
        assert said.result(30) == 1
    assert [item.question for item in list_feedback(library)] == ["Late?"]
