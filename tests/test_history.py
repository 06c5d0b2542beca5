"""The history of a library: past texts and the list of changes."""

import os
import sqlite3
import sys
import zlib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.database import connect, create_tables
from ingest.history import (
    CHANGES_KEPT,
    create_history,
    list_changes,
    record_failures,
)
from ingest.store import Store
from ingest.sync import Progress, sync
from tests.articles import WordEmbedder, write_articles


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder with three articles, stored in the library beside it."""
    write_articles(tmp_path / "articles", 3)
    sync([tmp_path / "articles"], tmp_path / "library", WordEmbedder())
    return tmp_path / "articles"


@pytest.fixture
def library(articles: Path) -> Path:
    return articles.parent / "library"


def rewrite(articles: Path, library: Path, text: str, number: int = 0) -> None:
    """Give an article of the folder another text and publish it."""
    (articles / f"report-{number:02d}.txt").write_text(f"Report\n\n{text}", encoding="utf-8")
    sync([articles], library, WordEmbedder(), remove_missing=True)


def read_past_texts(library: Path) -> list[tuple[str, str]]:
    """Return (article id, text) of all past texts, oldest first."""
    with closing(sqlite3.connect(library / "library.sqlite")) as connection:
        rows = connection.execute("SELECT article_id, text FROM past_texts ORDER BY number")
        return [(article_id, zlib.decompress(text).decode()) for article_id, text in rows]


def read_changes(library: Path) -> list[tuple[str, str, str]]:
    """Return kind, file name and detail of all changes, oldest first."""
    changes = reversed(list_changes(library))
    return [(change.kind, Path(change.path).name, change.detail) for change in changes]


def test_replaced_text_is_kept(articles: Path, library: Path) -> None:
    assert read_past_texts(library) == []
    with Store(library) as store:
        first = store.list_articles()[0]
    rewrite(articles, library, "The second text.")
    rewrite(articles, library, "The third text.")
    past = [("report-00", first.text), ("report-00", "The second text.")]
    assert read_past_texts(library) == past
    # A text that comes back and goes again is kept once, as the newest.
    rewrite(articles, library, "The second text.")
    rewrite(articles, library, "The last text.")
    assert read_past_texts(library) == [past[0], ("report-00", "The third text."), past[1]]
    with Store(library) as store:
        assert store.get_text("report-00", first.sha256) == first.text


def test_only_the_last_texts_are_kept(
    articles: Path, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.history.PAST_TEXTS_KEPT", 1)
    for number in range(3):
        (articles / "report-01.txt").write_text("Report\n\nOf another article.", encoding="utf-8")
        rewrite(articles, library, f"Text {number}.")
    past = read_past_texts(library)
    assert past[1:] == [("report-00", "Text 1.")] and past[0][0] == "report-01"


def test_past_texts_go_with_their_article(articles: Path, library: Path) -> None:
    rewrite(articles, library, "Another text.", 0)
    rewrite(articles, library, "Another text still.", 1)
    (articles / "report-00.txt").unlink()
    sync([articles], library, WordEmbedder(), remove_missing=True)
    assert [article_id for article_id, _ in read_past_texts(library)] == ["report-01"]


def test_past_texts_do_not_pass_to_another_article_of_the_id(articles: Path, library: Path) -> None:
    rewrite(articles, library, "Another text.")
    (articles / "report-00.txt").unlink()
    (articles / "new").mkdir()
    (articles / "new" / "report-00.txt").write_text("Menu\n\nWhat has nothing to do with it.")
    sync([articles], library, WordEmbedder(), remove_missing=True)
    with Store(library) as store:
        article = store.get_article("report-00")
        assert article is not None and article.text == "What has nothing to do with it."
    assert read_past_texts(library) == []
    assert [change.kind for change in list_changes(library, 2)] == ["added", "removed"]


def test_moved_file_keeps_past_texts(articles: Path, library: Path) -> None:
    rewrite(articles, library, "Another text.")
    (articles / "new").mkdir()
    (articles / "report-00.txt").rename(articles / "new" / "report-00.txt")
    sync([articles], library, WordEmbedder(), remove_missing=True)
    assert len(read_past_texts(library)) == 1
    assert read_changes(library)[-1] == ("changed", "report-00.txt", "file moved")


def test_interrupted_replacement_loses_no_text(articles: Path, library: Path) -> None:
    with Store(library) as store:
        first = store.list_articles()[0]

    def interrupt(progress: Progress) -> None:
        if progress.done == 1:
            raise InterruptedError

    for text in ("Never published.", "Published."):
        (articles / "report-00.txt").write_text(f"Report\n\n{text}", encoding="utf-8")
        with pytest.raises(InterruptedError):
            sync([articles], library, WordEmbedder(), on_progress=interrupt)
    assert read_past_texts(library) == []
    sync([articles], library, WordEmbedder())
    assert read_past_texts(library) == [("report-00", first.text)]
    assert read_changes(library)[3:] == [("changed", "report-00.txt", "new text, new details")]


def test_changes_are_listed_newest_first(articles: Path, library: Path) -> None:
    files = [f"report-{number:02d}.txt" for number in range(3)]
    assert read_changes(library) == [("added", file, "") for file in files]
    sync([articles], library, WordEmbedder())
    sync([articles], library, WordEmbedder(), words=40)
    sync([articles], library, WordEmbedder("words-b"), reembed=True)
    assert len(list_changes(library)) == 3
    (articles / files[0]).write_text("Report 0 on the harbour\n\nNew.", encoding="utf-8")
    (articles / files[1]).write_bytes(b"")
    (articles / files[2]).unlink()
    sync([articles], library, WordEmbedder("words-b"), remove_missing=True)
    changed, removed, failed = list_changes(library, 3)
    assert [changed.kind, removed.kind, failed.kind] == ["changed", "removed", "failed"]
    assert (changed.detail, changed.title) == ("new text", "Report 0 on the harbour")
    assert (removed.article_id, removed.path) == ("report-02", str(articles.resolve() / files[2]))
    assert (failed.article_id, failed.detail) == ("report-01", "the file is empty")
    age = datetime.now(UTC) - datetime.fromisoformat(changed.at)
    assert changed.at.endswith("+00:00") and age < timedelta(minutes=1)


def test_failure_is_noted_once_until_something_else_happens(articles: Path, library: Path) -> None:
    (articles / "new.txt").write_bytes(b"")
    for text in ("", "", "\0\1\2\3" * 50, "Text of it.", ""):
        (articles / "new.txt").write_text(text)
        sync([articles], library, WordEmbedder())
    assert [change[::2] for change in read_changes(library)[3:]] == [
        ("failed", "the file is empty"), ("failed", "binary data, not text"), ("added", ""),
        ("failed", "the file is empty"),
    ]  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="names that are not UTF-8")
def test_failure_of_a_name_that_is_not_utf_8(articles: Path, library: Path) -> None:
    (articles / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"Text.")
    assert len(sync([articles], library, WordEmbedder()).failed) == 1
    assert list_changes(library)[0].detail == "its name is not UTF-8; rename it"


def test_old_changes_are_dropped(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "library.sqlite", write=True)) as connection:
        create_tables(connection, "words-32", 32)
        create_history(connection)
        record_failures(connection, ((f"{n}.txt", "bad") for n in range(CHANGES_KEPT + 7)))
        connection.commit()
    changes = list_changes(tmp_path, 20_000)
    assert len(changes) == CHANGES_KEPT
    assert (changes[0].path, changes[-1].path) == (f"{CHANGES_KEPT + 6}.txt", "7.txt")
    assert len(list_changes(tmp_path)) == 200


def test_library_made_before_there_was_a_history(articles: Path, library: Path) -> None:
    with closing(sqlite3.connect(library / "library.sqlite")) as connection:
        connection.executescript("DROP TABLE past_texts; DROP TABLE changes;")
    assert list_changes(library) == [] == list_changes(library / "no-such")
    with Store(library) as store:
        old = store.list_articles()[0]
        assert store.get_text("report-00", "0" * 8) is None
        rewrite(articles, library, "Another text.")
        assert store.get_text("report-00", old.sha256) == old.text
    assert read_past_texts(library) == [("report-00", old.text)]
    assert read_changes(library) == [("changed", "report-00.txt", "new text, new details")]
