"""A library that follows a folder: every kind of change, and what goes wrong meanwhile."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import watchfiles

from ingest import watch as watch_module
from ingest.store import Store
from ingest.sync import Report, sync
from ingest.watch import Watcher, watch
from ingest.write import open_writer
from tests.articles import WordEmbedder, make_text, write_articles

REST = 0.05


class Followed:
    """A folder with two articles, the library that follows it, and what was told."""

    def __init__(self, place: Path) -> None:
        self.folder, self.library = place / "articles", place / "library"
        write_articles(self.folder, 2)
        self.lines: list[str] = []
        self.embedded: list[str] = []
        self.watcher = Watcher(
            [self.folder], self.library, self._ingest, self.lines.append, rest=REST
        )

    def _ingest(self, roots: list[Path], changed: set[Path]) -> Report:
        words = WordEmbedder()
        try:
            return sync(roots, self.library, words, remove_missing=True, changed=changed)
        finally:
            self.embedded += words.texts

    def settle(self) -> Report | None:
        """Look until what has changed is whole; return what was done, None if nothing was."""
        for _ in range(3):
            if report := self.watcher.look():
                return report
            time.sleep(REST)
        return None

    def list_ids(self) -> list[str]:
        with Store(self.library) as store:
            return sorted(article.article_id for article in store.list_articles())


@pytest.fixture
def followed(tmp_path: Path) -> Followed:
    followed = Followed(tmp_path)
    report = followed.settle()
    assert report is not None and report.added == 2
    followed.embedded.clear()
    return followed


def test_it_follows_additions_edits_renames_and_deletions(followed: Followed) -> None:
    first, second = sorted(followed.folder.iterdir())
    assert followed.settle() is None
    first.write_text(make_text(8), encoding="utf-8")
    second.rename(followed.folder / "renamed.txt")
    (followed.folder / "new.txt").write_text(make_text(5), encoding="utf-8")
    report = followed.settle()
    assert report is not None
    assert (report.added, report.changed, report.moved, report.removed) == (1, 1, 1, 0)
    assert followed.list_ids() == ["new", "report-00", "report-01"]
    first.unlink()
    report = followed.settle()
    assert report is not None and report.removed == 1 and followed.settle() is None
    assert followed.list_ids() == ["new", "report-01"] and followed.lines == []


def test_a_half_written_file_is_waited_for(followed: Followed) -> None:
    text = make_text(5)
    with (followed.folder / "new.txt").open("w") as file:
        for letter in range(0, 300, 100):
            file.write(text[letter : letter + 100])
            file.flush()
            assert followed.watcher.look() is None
    assert (report := followed.settle()) and report.added == 1
    assert len(followed.embedded) == 1


def test_a_bad_file_is_named_once_and_again_when_it_changes(followed: Followed) -> None:
    bad = followed.folder / "bad.pdf"
    bad.write_bytes(b"%PDF-1.4 nothing")
    assert (report := followed.settle()) and len(report.failed) == 1
    (followed.folder / "new.txt").write_text(make_text(5), encoding="utf-8")
    assert (report := followed.settle()) and (report.added, report.failed) == (1, ())
    bad.write_bytes(b"%PDF-1.4 still nothing")
    assert (report := followed.settle()) and len(report.failed) == 1


def test_a_text_stays_as_long_as_one_file_holds_it(followed: Followed) -> None:
    first, second = sorted(followed.folder.iterdir())
    shutil.copy(first, followed.folder / "twin.txt")
    assert (report := followed.settle()) and len(report.duplicates) == 1
    first.write_text(make_text(8), encoding="utf-8")
    assert (report := followed.settle()) and (report.added, report.changed) == (1, 1)
    shutil.copy(second, followed.folder / "other.txt")
    assert followed.settle()
    second.unlink()
    assert (report := followed.settle()) and (report.moved, report.removed) == (1, 0)
    assert followed.list_ids() == ["report-00", "report-01", "twin"]


def test_a_folder_that_is_gone_keeps_its_articles(followed: Followed) -> None:
    away = followed.folder.rename(followed.folder.with_name("away"))
    assert followed.settle() is None and followed.settle() is None
    away.rename(followed.folder)
    (followed.folder / "report-00.txt").unlink()
    assert (report := followed.settle()) and (report.removed, report.articles) == (1, 1)
    assert followed.lines == [
        f"{followed.folder} is gone: its articles stay, and it is waited for",
        f"{followed.folder} is back",
    ]


def test_a_disk_that_is_gone_is_no_empty_folder(
    followed: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(followed.folder)
    followed.folder.mkdir()
    monkeypatch.setattr(watch_module, "_find_disk", lambda root: -1)
    assert followed.settle() is None and "is gone" in followed.lines[0]
    monkeypatch.undo()
    # The same disk, and nothing on it any more.
    assert (report := followed.settle()) and report.removed == 2


def test_a_library_that_another_process_writes_is_waited_for(
    followed: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_module, "RETRY", 0.0)
    (followed.folder / "new.txt").write_text(make_text(5), encoding="utf-8")
    with open_writer(followed.library, WordEmbedder()):
        assert followed.settle() is None and followed.settle() is None
    [line] = followed.lines
    assert "is being written by process" in line
    assert (report := followed.settle()) and report.added == 1


@contextmanager
def following(followed: Followed) -> Iterator[Callable[[Callable[[], bool]], None]]:
    """Follow in a thread; yield what waits until something is so."""
    stop = threading.Event()
    thread = threading.Thread(
        target=watch, args=(followed.watcher, followed.watcher.look, stop), name="follow"
    )
    thread.start()

    def wait(is_so: Callable[[], bool]) -> None:
        end = time.monotonic() + 60
        while not is_so():
            assert time.monotonic() < end
            time.sleep(0.05)

    try:
        yield wait
    finally:
        stop.set()
        thread.join()


def test_changes_are_noticed_also_in_a_folder_made_anew(followed: Followed) -> None:
    with following(followed) as wait:
        (followed.folder / "new.txt").write_text(make_text(5), encoding="utf-8")
        wait(lambda: len(followed.list_ids()) == 3)
        shutil.rmtree(followed.folder)
        wait(lambda: len(followed.lines) == 1)
        write_articles(followed.folder, 1)
        wait(lambda: followed.list_ids() == ["report-00"])
        (followed.folder / "more").mkdir()
        (followed.folder / "more" / "new.txt").write_text(make_text(6), encoding="utf-8")
        wait(lambda: len(followed.list_ids()) == 2)


def test_it_looks_by_itself_where_the_system_reports_nothing(
    followed: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> Iterator[None]:
        raise OSError("OS file watch limit reached")

    monkeypatch.setattr(watchfiles, "watch", refuse)
    monkeypatch.setattr(watch_module, "RETRY", 0.05)
    with following(followed) as wait:
        (followed.folder / "new.txt").write_text(make_text(5), encoding="utf-8")
        wait(lambda: len(followed.list_ids()) == 3)
    assert followed.lines == ["changes are looked for every 0 s: OS file watch limit reached"]


def test_a_folder_that_is_empty_at_the_start_may_wait_for_its_disk(followed: Followed) -> None:
    for file in followed.folder.iterdir():
        file.rename(followed.library.parent / file.name)
    lines: list[str] = []
    later = Watcher([followed.folder], followed.library, followed._ingest, lines.append, rest=REST)
    for _ in range(4):
        assert later.look() is None
        time.sleep(REST)
    assert followed.list_ids() and "is gone: its articles stay" in lines[0]
    for file in followed.library.parent.glob("*.txt"):
        file.rename(followed.folder / file.name)
    for _ in range(4):
        later.look()
        time.sleep(REST)
    assert len(followed.list_ids()) == 2 and lines[-1].endswith("is back")


def test_a_library_inside_the_folder_comes_to_rest(tmp_path: Path) -> None:
    place = Followed(tmp_path)
    place.library = place.folder / "library"
    place.watcher = Watcher(
        [place.folder], place.library, place._ingest, place.lines.append, rest=0
    )
    assert (report := place.settle()) and report.added == 2
    assert place.settle() is None and place.list_ids() == ["report-00", "report-01"]
