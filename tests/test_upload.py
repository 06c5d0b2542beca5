"""Uploads: safe names, articles added and removed, files read again."""

import sys
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.history import list_changes
from ingest.store import Store
from ingest.sync import Progress, sync
from ingest.upload import (
    MAX_NAME_LETTERS,
    ingest_uploads,
    make_safe_name,
    reingest,
    remove_article,
    save_upload,
)
from ingest.write import LibraryBusy, open_writer
from tests.articles import WordEmbedder, make_text, write_articles


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def upload(tmp_path: Path, library: Path) -> Callable[..., Path]:
    """Save a text under a name as an upload."""

    def save(name: str, text: str, *, replace: bool = False) -> Path:
        (tmp_path / "content").write_text(text, encoding="utf-8")
        return save_upload(library, name, tmp_path / "content", replace=replace)

    return save


def list_ids(library: Path) -> list[str]:
    with Store(library) as store:
        return sorted(article.article_id for article in store.list_articles())


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Report 1.txt", "Report 1.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\Доклад.DOCX", "Доклад.DOCX"),
        ("...hidden.md", "hidden.md"),
        ("a\x00b\u202egnp.txt\n", "abgnp.txt"),
        ('what? "this": a|b*.html', "what- -this-- a-b-.html"),
        ("paper.v2", "paper.v2"),
        ("..", "article"),
        ("", "article"),
        ("folder/", "article"),
        ("\ud800.pdf", "pdf"),
        ("x. .txt", "x.txt"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert make_safe_name(name) == safe


@given(st.text(), st.sampled_from(["", ".txt", ".PDF", ".docx", ".exe"]), st.integers(1, 200))
def test_every_name_is_made_safe(name: str, suffix: str, times: int) -> None:
    safe = make_safe_name(name * times + suffix)
    assert safe and len(safe) <= MAX_NAME_LETTERS and len(safe.encode()) < 250
    assert not set('/\\<>:"|?*') & set(safe) and safe[0] not in ". " and safe[-1] not in ". "
    assert not any(unicodedata.category(char) in {"Cc", "Cs"} for char in safe)
    assert not any(unicodedata.bidirectional(char)[:2] in {"LR", "RL", "PD"} and
                   unicodedata.category(char) == "Cf" for char in safe)  # fmt: skip
    assert make_safe_name(safe) == safe


def test_upload_is_saved_whole_and_numbered(library: Path, upload: Callable[..., Path]) -> None:
    files = [upload("../a.txt", text) for text in ("one", "two", "three")]
    assert [file.name for file in files] == ["a.txt", "a-2.txt", "a-3.txt"]
    assert upload("a.txt", "four", replace=True) == files[0] == library / "uploads" / "a.txt"
    assert [file.read_text() for file in files] == ["four", "two", "three"]
    with pytest.raises(FileNotFoundError):
        save_upload(library, "b.txt", library / "no-such")
    assert sorted((library / "uploads").iterdir()) == sorted(files)


def test_uploads_at_the_same_time_get_names_of_their_own(library: Path, tmp_path: Path) -> None:
    contents = write_articles(tmp_path / "contents", 12)
    with ThreadPoolExecutor(6) as pool:
        files = list(pool.map(lambda content: save_upload(library, "a.txt", content), contents))
    assert [file.read_bytes() for file in files] == [file.read_bytes() for file in contents]


def test_uploads_become_articles(library: Path, upload: Callable[..., Path]) -> None:
    seen: list[Progress] = []
    good, bad, twin = (
        upload(name, text)
        for name, text in (("Good.txt", make_text(1)), ("bad.txt", " "), ("twin.txt", make_text(1)))
    )
    report = ingest_uploads(library, [good, bad, twin], WordEmbedder(), seen.append)
    assert (report.added, len(report.failed), len(report.duplicates)) == (1, 1, 1)
    assert list_ids(library) == ["good"] and seen[-1].done == 3
    assert list((library / "uploads").iterdir()) == [good]
    upload("Good.txt", make_text(1, version=1), replace=True)
    assert ingest_uploads(library, [good], WordEmbedder()).changed == 1
    upload("Good.txt", "", replace=True)
    assert len(ingest_uploads(library, [good], WordEmbedder()).failed) == 1
    assert list_ids(library) == ["good"] and good.exists()


def test_article_is_removed_with_its_upload(
    library: Path, upload: Callable[..., Path], tmp_path: Path
) -> None:
    [elsewhere] = write_articles(tmp_path / "articles", 1)
    sync([elsewhere], library, WordEmbedder())
    file = upload("Good.txt", make_text(1))
    ingest_uploads(library, [file], WordEmbedder())
    with pytest.raises(KeyError, match="no-such"):
        remove_article(library, "no-such", WordEmbedder())
    remove_article(library, "good", WordEmbedder())
    assert list_ids(library) == ["report-00"] and not file.exists()
    remove_article(library, "report-00", WordEmbedder())
    assert list_ids(library) == [] and elsewhere.exists()
    assert [change.kind for change in list_changes(library)] == ["removed"] * 2 + ["added"] * 2
    with pytest.raises(KeyError):
        remove_article(tmp_path / "other", "good", WordEmbedder())
    assert not (tmp_path / "other").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_files_elsewhere_are_never_deleted(library: Path, tmp_path: Path) -> None:
    [elsewhere] = write_articles(tmp_path / "articles", 1)
    (library / "uploads").mkdir(parents=True)
    link = library / "uploads" / "link.txt"
    link.symlink_to(elsewhere)
    ingest_uploads(library, [link], WordEmbedder())
    [article_id] = list_ids(library)
    remove_article(library, article_id, WordEmbedder())
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"")
    ingest_uploads(library, [bad, library / "uploads" / ".." / ".." / "bad.txt"], WordEmbedder())
    assert elsewhere.exists() and bad.exists()


def test_all_files_are_read_again(library: Path, tmp_path: Path) -> None:
    files = write_articles(tmp_path / "articles", 4)
    russian = tmp_path / "articles" / "russian.txt"
    russian.write_bytes(("Министр иностранных дел принял министра. " * 5).encode("cp1251"))
    sync(files, library, WordEmbedder())
    sync([russian], library, WordEmbedder(), encoding="cp1251")
    write_articles(tmp_path / "articles", 1, version=1)
    files[1].unlink()
    files[2].write_bytes(b"")
    report = reingest(library, WordEmbedder())
    assert (report.changed, report.unchanged, report.articles) == (1, 2, 5)
    assert [Path(failure.path).name for failure in report.failed] == [files[1].name, files[2].name]
    assert len(list_ids(library)) == 5 and "vanished" in report.failed[0].reason
    assert {change.kind for change in list_changes(library, 3)} == {"changed", "failed"}


def test_busy_library_is_left_alone(library: Path, upload: Callable[..., Path]) -> None:
    file = upload("Good.txt", make_text(1))
    ingest_uploads(library, [file], WordEmbedder())
    new = upload("new.txt", make_text(2))
    with open_writer(library, WordEmbedder()):
        for change in (
            lambda: ingest_uploads(library, [new], WordEmbedder()),
            lambda: remove_article(library, "good", WordEmbedder()),
            lambda: reingest(library, WordEmbedder()),
        ):
            with pytest.raises(LibraryBusy):
                change()
    assert list_ids(library) == ["good"] and file.exists() and new.exists()
