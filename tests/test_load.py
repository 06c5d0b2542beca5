"""Finding article files, and taking in their bytes: what is refused is named with its reason."""

import os
import socket
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from ingest.limits import Limits
from ingest.load import UnreadableFile, find_files, read_file

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX file system")


def write(path: Path, data: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def reason(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read_file(path, limits)
    assert caught.value.path == path and str(path) in str(caught.value)
    return caught.value.reason


def test_file_over_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(100_000_001)
    assert reason(path) == "100.0 MB, over the limit of 100 MB; raise it with --limit file-mb=N"
    assert "limit of 5 MB" in reason(path, Limits(file_mb=5))


def test_file_that_vanished(tmp_path: Path) -> None:
    assert "vanished" in reason(tmp_path / "gone.txt")


@needs_posix
def test_fifo_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert reason(tmp_path / "pipe.txt") == "not a regular file"


@needs_posix
def test_loop_of_links_is_named_not_raised(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    found = list(find_files([tmp_path]))
    assert found and all("cannot be read" in reason(path) for path in found)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root reads everything")
def test_file_without_permission(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "text")
    path.chmod(0)
    assert reason(path) == "no permission to read it"


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes only on Linux")
def test_name_that_is_not_utf8(tmp_path: Path) -> None:
    path = write(tmp_path / os.fsdecode(b"caf\xe9.txt"), "text")
    assert "not UTF-8" in reason(path)


def test_finds_article_files_in_stable_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/c.md", "a/B.HTML", "z.pdf", "plain", "x.docx", "m.eml"):
        write(tmp_path / name, "x")
    for name in ("README.md", "a/readme.txt", ".hidden.txt", ".git/a.txt", "photo.png", "t.csv"):
        write(tmp_path / name, "x")
    others: set[Path] = set()
    files = find_files([tmp_path], passed_over=others)
    found = [path.relative_to(tmp_path.resolve()).as_posix() for path in files]
    assert found == ["a/B.HTML", "a/c.md", "b.txt", "m.eml", "plain", "x.docx", "z.pdf"]
    assert {path.name for path in others} == {"photo.png", "t.csv"}


def test_named_file_is_always_found_and_only_once(tmp_path: Path) -> None:
    readme = write(tmp_path / "README.md", "x")
    other = write(tmp_path / "a.txt", "x")
    found = list(find_files([readme, tmp_path, other]))
    assert found == [readme.resolve(), other.resolve()]


def test_empty_folder_has_no_files(tmp_path: Path) -> None:
    assert list(find_files([tmp_path])) == []


def test_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        list(find_files([tmp_path / "nowhere"]))


@needs_posix
def test_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.txt", "secret")
    inside = write(tmp_path / "folder" / "inside.txt", "x")
    (tmp_path / "folder" / "out.txt").symlink_to(secret)
    (tmp_path / "folder" / "in.txt").symlink_to(inside)
    (tmp_path / "folder" / "elsewhere").symlink_to(tmp_path)
    found = list(find_files([tmp_path / "folder"]))
    assert [path.name for path in found] == ["elsewhere", "inside.txt", "out.txt"]
    assert read_file(found[1]).data == b"x"
    for path in (found[0], found[2]):
        assert "a link that leads out of its folder" in reason(path)
    # Named itself, a link is what it leads to.
    assert list(find_files([tmp_path / "folder" / "out.txt"])) == [secret.resolve()]


@needs_posix
def test_folder_that_became_a_link_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "a.txt", "secret")
    path = write(tmp_path / "articles" / "sub" / "a.txt", "x")
    (tmp_path / "articles" / "sub").rename(tmp_path / "old")
    (tmp_path / "articles" / "sub").symlink_to(tmp_path / "elsewhere")
    assert "a folder above it is a link" in reason(path)


@needs_posix
def test_sockets_and_devices_are_refused(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "a.txt"))
        assert reason(tmp_path / "a.txt") == "not a regular file"
    assert reason(Path("/dev/zero")) == "not a regular file"


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file that is never as long as it says")
def test_file_that_changes_each_time_is_named() -> None:
    path = Path(f"/proc/{os.getpid()}/status")
    assert reason(path) == "it changes while it is read; ingest it again once it is written"


def test_file_that_changes_once_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "x" * 30_000_000)
    threading.Timer(0.005, lambda: path.write_bytes(b"new")).start()
    assert read_file(path).data in {b"new", b"x" * 30_000_000}


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root reads everything")
def test_folder_that_cannot_be_searched_is_named(tmp_path: Path) -> None:
    write(tmp_path / "closed" / "a.txt", "x")
    (tmp_path / "closed").chmod(0)
    try:
        [found] = find_files([tmp_path])
        assert "cannot be searched" in reason(found)
    finally:
        (tmp_path / "closed").chmod(0o700)


def test_editors_copies_are_passed_over(tmp_path: Path) -> None:
    articles = {"a.md", "a~b.md", "C#.md"}
    copies = {"a.md~", "notes~", "~$a.docx", "#a.md#", "#notes#", ".a.md.swp", "a.md.part"}
    for name in articles | copies:
        write(tmp_path / name, "Text.")
    assert {file.name for file in find_files([tmp_path])} == articles
    assert list(find_files([tmp_path / "notes~"])) == [(tmp_path / "notes~").resolve()]


@needs_posix
def test_a_folder_within_one_that_may_not_be_entered_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "shut" / "inner" / "a.txt", "x")
    write(tmp_path / "open.txt", "x")
    see = os.stat

    def refuse(path: Any, *arguments: Any, **options: Any) -> os.stat_result:
        if "inner" in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return see(path, *arguments, **options)

    monkeypatch.setattr(os, "stat", refuse)
    found = [path.relative_to(tmp_path.resolve()).as_posix() for path in find_files([tmp_path])]
    assert found == ["open.txt", "shut/inner/a.txt"]
