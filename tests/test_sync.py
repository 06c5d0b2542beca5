"""Making the library equal to a folder: additions, changes, removals, bad files."""

import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.embed import DEFAULT_MODEL, Embedder
from ingest.store import Store
from ingest.sync import Progress, Report, sync, sync_files
from tests.articles import WordEmbedder, make_pdf, make_text, write_articles, write_docx


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder with five articles."""
    write_articles(tmp_path / "articles", 5)
    return tmp_path / "articles"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


def read_texts(library: Path) -> dict[str, str]:
    with Store(library) as store:
        return {article.article_id: article.text for article in store.list_articles()}


def stored_text(number: int, version: int = 0) -> str:
    """Return the text that the library holds of a generated article."""
    return make_text(number, version=version).split("\n\n", 1)[1].strip()


def test_first_ingest(articles: Path, library: Path, words: WordEmbedder) -> None:
    seen: list[Progress] = []
    report = sync([articles], library, words, on_progress=seen.append)
    assert (report.added, report.files, report.articles, report.failed) == (5, 5, 5, ())
    assert report.embedded == report.passages == len(words.texts) > 5 and report.seconds > 0
    assert [progress.done for progress in seen] == [0, 1, 2, 3, 4, 5]
    assert seen[-1] == Progress(5, 5, report.embedded)
    assert read_texts(library) == {f"report-{n:02d}": stored_text(n) for n in range(5)}


def test_every_format_is_found_by_its_words(
    five_formats: dict[str, Path], library: Path, words: WordEmbedder
) -> None:
    report = sync([five_formats["text"].parent], library, words)
    assert (report.added, report.failed, report.warnings) == (5, (), ())
    with Store(library) as store:
        for kind, path in five_formats.items():
            article = store.get_article(f"harbour-{kind}")
            assert article is not None and article.title == f"The harbour in {kind}"
            assert article.path == str(path.resolve())
            hits = store.search_words([kind], 10)
            passages = store.get_passages(number for number, _ in hits)
            assert article.article_id in {item.article.article_id for item in passages.values()}


def test_second_ingest_embeds_nothing(articles: Path, library: Path) -> None:
    sync([articles], library, WordEmbedder())
    again = WordEmbedder()
    report = sync([articles], library, again)
    assert (report.unchanged, report.added, report.changed, report.embedded) == (5, 0, 0, 0)
    assert again.texts == []
    with Store(library) as store:
        assert store.revision == 1


def test_changed_article_keeps_its_id_and_unchanged_passages(articles: Path, library: Path) -> None:
    sync([articles], library, WordEmbedder())
    with Store(library) as store:
        passages = store.count_passages()
    (articles / "report-02.txt").write_text(make_text(2, version=1), encoding="utf-8")
    again = WordEmbedder()
    report = sync([articles], library, again)
    assert (report.changed, report.unchanged, report.passages) == (1, 4, passages)
    assert 0 < len(again.texts) < passages / 5
    assert read_texts(library)["report-02"] == stored_text(2, version=1)
    with Store(library) as store:
        assert store.search_words(["210201"], 5) == [] != store.search_words(["10201"], 5)


def test_touched_file_with_the_same_bytes_is_unchanged(articles: Path, library: Path) -> None:
    sync([articles], library, WordEmbedder())
    os.utime(articles / "report-01.txt", (1, 1))
    assert sync([articles], library, WordEmbedder()).unchanged == 5


def test_other_passage_length_reads_again(articles: Path, library: Path) -> None:
    before = sync([articles], library, WordEmbedder()).passages
    report = sync([articles], library, WordEmbedder(), words=40)
    assert report.changed == 5 and report.passages > before


def test_missing_file_stays_until_it_is_to_be_removed(articles: Path, library: Path) -> None:
    elsewhere = write_articles(articles.parent / "elsewhere", 7)[6]
    sync([articles, elsewhere], library, WordEmbedder())
    (articles / "report-03.txt").unlink()
    assert sync([articles], library, WordEmbedder()).articles == 6
    report = sync([articles], library, WordEmbedder(), remove_missing=True)
    assert (report.removed, report.articles) == (1, 5)
    # What does not lie under the given folder is none of its business.
    assert {"report-03", "report-06"} & set(read_texts(library)) == {"report-06"}


def test_same_name_in_two_folders_gets_another_id(tmp_path: Path, library: Path) -> None:
    for number, folder in enumerate(("a", "b")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "Report.txt").write_text(make_text(number), encoding="utf-8")
    folders = [tmp_path / "a", tmp_path / "b"]
    sync(folders, library, WordEmbedder())
    assert set(read_texts(library)) == {"report", "report-2"}
    # The second keeps its id when the first is gone and its own text changes.
    (tmp_path / "a" / "Report.txt").unlink()
    (tmp_path / "b" / "Report.txt").write_text(make_text(7), encoding="utf-8")
    sync(folders, library, WordEmbedder(), remove_missing=True)
    assert read_texts(library) == {"report-2": stored_text(7)}


def test_duplicates_are_named_and_stored_once(articles: Path, library: Path) -> None:
    copy = articles / "a-copy.txt"
    copy.write_text(make_text(4), encoding="utf-8")
    report = sync([articles], library, WordEmbedder())
    assert report.articles == 5 and report.added == 5
    [duplicate] = report.duplicates
    assert "report-04.txt" in duplicate and "a-copy.txt" in duplicate
    assert len(sync([articles], library, WordEmbedder()).duplicates) == 1


def test_article_that_becomes_a_duplicate_loses_its_old_text(articles: Path, library: Path) -> None:
    sync([articles], library, WordEmbedder())
    shutil.copy(articles / "report-00.txt", articles / "report-01.txt")
    report = sync([articles], library, WordEmbedder())
    assert len(report.duplicates) == 1
    assert stored_text(1) not in read_texts(library).values() and report.articles == 4


def test_bad_files_are_reported_and_the_rest_is_stored(articles: Path, library: Path) -> None:
    empty_zip = io.BytesIO()
    zipfile.ZipFile(empty_zip, "w").close()
    bad = {
        "empty.txt": (b"", "empty"),
        "spaces.md": (b" \n\n ", "empty"),
        "invisible.txt": ("\u200b\u200b".encode(), "no text"),
        "binary.txt": (b"\0\1\2\3" * 500, "binary"),
        "leftovers.txt": (b"Facts\n\nShare this on Facebook\n\nTweet", "left-overs"),
        "damaged.pdf": (b"%PDF-1.4 no more", "damaged PDF"),
        "scanned.pdf": (make_pdf([[]]), "text layer"),
        "damaged.docx": (
            write_docx(articles.parent / "x.docx", "T", ["x"]).read_bytes()[:3000], "damaged",
        ),
        "old.docx": (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "save it as .docx"),
    }  # fmt: skip
    for name, (data, _) in bad.items():
        (articles / name).write_bytes(data)
    if sys.platform != "win32":
        os.mkfifo(articles / "pipe.txt")
        (articles / "loop.txt").symlink_to(articles / "loop.txt")
    report = sync([articles], library, WordEmbedder())
    reasons = {Path(failure.path).name: failure.reason for failure in report.failed}
    for name, (_, expected) in bad.items():
        assert expected in reasons[name], name
    if sys.platform != "win32":
        assert reasons["pipe.txt"] == "not a regular file" and "loop.txt" in reasons
    assert report.articles == report.added == 5


def test_file_that_turns_bad_keeps_its_stored_article(articles: Path, library: Path) -> None:
    sync([articles], library, WordEmbedder())
    (articles / "report-00.txt").write_bytes(b"")
    report = sync([articles], library, WordEmbedder())
    assert len(report.failed) == 1 and read_texts(library)["report-00"] == stored_text(0)


def test_empty_and_missing_folder(tmp_path: Path, library: Path) -> None:
    (tmp_path / "empty").mkdir()
    report = sync([tmp_path / "empty"], library, WordEmbedder())
    assert replace(report, seconds=0) == Report()
    with pytest.raises(FileNotFoundError, match="nowhere"):
        sync([tmp_path / "nowhere"], tmp_path / "other", WordEmbedder())
    assert not (tmp_path / "other").exists()


def test_files_of_other_kinds_are_told_and_read_if_named(articles: Path, library: Path) -> None:
    table = articles / "fees.csv"
    table.write_text("Boat,Price\nKetch,35 euros a night\n", "utf-8")
    (articles / "times.eml").write_text(f"Subject: Times\n\n{make_text(9)}", "utf-8")
    for name in ("a.png", "b.PNG", ".hidden.png", "c.js", "d.e", "f.g", "h.i", "j.k"):
        (articles / name).touch()
    report = sync([articles], library, WordEmbedder())
    assert report.added == 6 and report.warnings == (
        "passed over 8 files of other kinds: 2 .png, 1 .csv, 1 .e, 1 .g, 1 .i, 2 others; a table "
        "is read if it is named",
    )
    assert sync([table], library, WordEmbedder()).warnings == ()
    assert read_texts(library)["fees"] == "Boat | Price\n\nKetch | 35 euros a night"
    [told] = sync([articles, table], library, WordEmbedder()).warnings
    assert ".csv" not in told and "7 files" in told


def test_warnings_name_their_file(articles: Path, library: Path) -> None:
    text = "Министр иностранных дел России принял в Москве министра из Кореи. " * 5
    (articles / "russian.txt").write_bytes(text.encode("cp1251"))
    [warning] = sync([articles], library, WordEmbedder()).warnings
    assert "russian.txt" in warning and "--encoding" in warning
    report = sync([articles / "russian.txt"], library, WordEmbedder(), encoding="cp1251")
    assert report.changed == 1 and report.warnings == ()
    # What was named once holds until another is named.
    named = read_texts(library)["russian"]
    report = sync([articles], library, WordEmbedder(), remove_missing=True)
    assert report.unchanged == 6 and read_texts(library)["russian"] == named


def test_a_library_inside_the_folder_is_not_taken_in(articles: Path) -> None:
    library = articles / "library"
    upload = library / "uploads" / "own.txt"
    upload.parent.mkdir(parents=True)
    upload.write_text(make_text(9), encoding="utf-8")
    sync_files([upload], library, WordEmbedder())
    for _ in range(2):
        report = sync([articles], library, WordEmbedder(), remove_missing=True)
        assert (report.removed, report.articles) == (0, 6)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_that_leads_to_another_release_leaves_nothing_of_the_old_one(
    tmp_path: Path, library: Path
) -> None:
    current = tmp_path / "current"
    for release in ("v1", "v2"):
        write_articles(tmp_path / release, 3)
    (tmp_path / "v2" / "report-00.txt").write_text(make_text(0, version=1), encoding="utf-8")
    (tmp_path / "v2" / "report-01.txt").unlink()
    current.symlink_to(tmp_path / "v1")
    assert sync([current], library, WordEmbedder(), remove_missing=True).added == 3
    current.unlink()
    current.symlink_to(tmp_path / "v2")
    sync([current], library, WordEmbedder(), remove_missing=True)
    texts = read_texts(library).values()
    assert sorted(texts) == sorted([stored_text(0, version=1), stored_text(2)])


def test_real_embedder_finds_the_meaning(tmp_path: Path, library: Path, embedder: Embedder) -> None:
    (tmp_path / "a.txt").write_text("Kim and Putin signed a pact on mutual defence.")
    (tmp_path / "b.txt").write_text("The harbour was closed because of a heavy storm.")
    sync([tmp_path / "a.txt", tmp_path / "b.txt"], library, embedder)
    with Store(library) as store:
        assert store.model == DEFAULT_MODEL
        [question] = embedder.encode(["Which treaty did the two leaders agree on?"])
        [(number, _)] = store.search_vector(question, 1)
        assert store.get_passages([number])[number].article.article_id == "a"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 32 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(disk)]
    if sys.platform != "linux" or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("A FULL DISK IS NOT TESTED HERE: mounting a small one is not allowed")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.parametrize("left", [0, 400_000, 600_000])
def test_disk_that_fills_up(small_disk: Path, tmp_path: Path, left: int) -> None:
    library = small_disk / "library"
    articles = tmp_path / "articles"
    write_articles(articles, 10)
    sync([articles], library, WordEmbedder())
    before = read_texts(library)
    write_articles(articles, 40, version=1)
    filler = small_disk / "filler"

    def fill(progress: Progress) -> None:
        if progress.done == 1:
            filler.write_bytes(b"\0" * max(0, shutil.disk_usage(small_disk).free - left))

    with pytest.raises(OSError, match="the disk is full"):
        sync([articles], library, WordEmbedder(), on_progress=fill)
    assert read_texts(library) == before
    # Refused at the start, as long as it is full.
    with pytest.raises(OSError, match="the disk is full"):
        sync([articles], library, WordEmbedder())
    filler.unlink()
    assert sync([articles], library, WordEmbedder()).articles == 40
    assert read_texts(library) == {f"report-{n:02d}": stored_text(n, 1) for n in range(40)}


def test_what_a_run_that_was_given_up_removed_is_not_removed_by_the_next(
    articles: Path, library: Path, tmp_path: Path
) -> None:
    sync([articles], library, WordEmbedder())
    away = articles.rename(tmp_path / "away")
    articles.mkdir()
    with pytest.raises(KeyboardInterrupt):
        sync([articles], library, WordEmbedder(), remove_missing=True, on_progress=give_up)
    write_articles(tmp_path / "others", 6)
    for number in range(5):
        (tmp_path / "others" / f"report-0{number}.txt").unlink()
    assert sync([tmp_path / "others"], library, WordEmbedder()).articles == 6
    # Made equal to the folder by a run that ends, it is.
    assert sync([articles], library, WordEmbedder(), remove_missing=True).removed == 5
    assert away.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_that_leads_elsewhere_is_noted_when_that_is_done(
    tmp_path: Path, library: Path
) -> None:
    current = tmp_path / "current"
    write_articles(tmp_path / "v1", 3)
    write_articles(tmp_path / "v2", 2, version=1)
    current.symlink_to(tmp_path / "v1")
    sync([current], library, WordEmbedder(), remove_missing=True)
    current.unlink()
    current.symlink_to(tmp_path / "v2")
    with pytest.raises(KeyboardInterrupt):
        sync([current], library, WordEmbedder(), remove_missing=True, on_progress=give_up)
    sync([current], library, WordEmbedder(), remove_missing=True)
    texts = sorted(read_texts(library).values())
    assert texts == sorted(stored_text(number, version=1) for number in range(2))


def give_up(_: Progress) -> None:
    raise KeyboardInterrupt
