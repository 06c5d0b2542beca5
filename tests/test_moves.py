"""A file under another name is the same article: its id, its history and its vectors stay."""

import os
import sys
from pathlib import Path

import pytest

from ingest.history import list_changes
from ingest.moves import find_moves
from ingest.store import Store
from ingest.sync import sync
from ingest.write import StoredFile, list_stored_files
from tests.articles import WordEmbedder, make_text, write_articles
from tests.test_sync import read_texts


def ingest(folder: Path, *, remove_missing: bool = True) -> tuple[int, int, int, int, int]:
    """Make the library equal to the folder; return new, changed, moved, removed and embedded."""
    report = sync([folder], folder.parent / "library", WordEmbedder(),
                  remove_missing=remove_missing)  # fmt: skip
    return report.added, report.changed, report.moved, report.removed, report.embedded


@pytest.mark.parametrize("remove_missing", [True, False])
def test_a_renamed_file_keeps_id_history_and_vectors(tmp_path: Path, remove_missing: bool) -> None:
    articles, library = tmp_path / "articles", tmp_path / "library"
    old = write_articles(articles, 3)[1]
    ingest(articles)
    first = list_stored_files(library)[str(old.resolve())]
    old.write_text(make_text(1, version=1), encoding="utf-8")
    ingest(articles)
    new = articles / "more" / "other name.txt"
    new.parent.mkdir()
    old.rename(new)
    assert ingest(articles, remove_missing=remove_missing) == (0, 0, 1, 0, 0)
    assert {item.article_id for item in list_stored_files(library).values()} == {
        "report-00", "report-01", "report-02",
    }  # fmt: skip
    with Store(library) as store:
        article = store.get_article("report-01")
        assert article is not None and article.path == str(new.resolve())
        assert store.get_text("report-01", first.sha256) is not None
    assert [change.detail for change in list_changes(library)][:2] == ["file moved", "new text"]
    assert ingest(articles) == (0, 0, 0, 0, 0)


def test_a_renamed_folder_and_names_that_are_exchanged(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    write_articles(articles / "old", 4)
    ingest(articles)
    (articles / "old").rename(articles / "new")
    assert ingest(articles) == (0, 0, 4, 0, 0)
    first, second = (articles / "new" / f"report-{number:02d}.txt" for number in (0, 1))
    first.rename(articles / "x")
    second.rename(first)
    (articles / "x").rename(second)
    # Both files are still there, each with the other's text.
    ingest(articles)
    assert read_texts(articles.parent / "library") == {
        f"report-{name}": make_text(number).split("\n\n", 1)[1].strip()
        for name, number in {"00": 1, "01": 0, "02": 2, "03": 3}.items()
    }


def test_a_text_is_not_lost_when_its_file_becomes_the_twin_of_another(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    files = write_articles(articles, 3)[1:]
    (articles / "report-00.txt").unlink()
    ingest(articles)
    texts = read_texts(tmp_path / "library")
    # What the last one held is in a file before it now, and it holds what the other one does.
    files[1].rename(articles / "a-new.txt")
    files[1].write_bytes(files[0].read_bytes())
    assert ingest(articles) == (1, 0, 0, 0, 0)
    assert set(read_texts(tmp_path / "library").values()) == set(texts.values())


def test_a_file_that_is_moved_and_edited_is_another_one(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    old = write_articles(articles, 2)[0]
    ingest(articles)
    old.unlink()
    (articles / "new.txt").write_text(make_text(7), encoding="utf-8")
    assert ingest(articles)[:4] == (1, 0, 0, 1)


def test_only_the_files_that_changed_are_read(tmp_path: Path) -> None:
    articles, library = tmp_path / "articles", tmp_path / "library"
    files = write_articles(articles, 3)
    ingest(articles)
    for file in files[:2]:
        file.write_text(make_text(9 + files.index(file)), encoding="utf-8")
    files[2].unlink()
    report = sync([articles], library, WordEmbedder(), remove_missing=True,
                  changed={files[0].resolve()})  # fmt: skip
    assert (report.changed, report.unchanged, report.removed, report.articles) == (1, 0, 1, 2)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes")
def test_what_cannot_be_read_was_not_moved(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    stored = {str(tmp_path / "gone"): StoredFile("gone", "0" * 64, "0" * 64, "")}
    assert find_moves(stored, [tmp_path / "pipe", tmp_path, tmp_path / "nowhere"]) == {}
