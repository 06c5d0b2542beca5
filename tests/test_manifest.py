"""The list of a generation's files: every changed byte is noticed, Chroma's own row is not."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ingest.manifest import (
    DamagedFile,
    ListedFile,
    check_hashes,
    check_sizes,
    read_manifest,
    write_manifest,
)


def test_changed_byte_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.bin").write_bytes(b"12345")
    sha256 = write_manifest(tmp_path, tmp_path / "list")
    files = read_manifest((tmp_path / "list").read_bytes(), sha256)
    assert [file.name for file in files] == ["a/one.bin"]
    check_sizes(tmp_path, files)
    check_hashes(tmp_path, files)
    (tmp_path / "a" / "one.bin").write_bytes(b"12346")
    check_sizes(tmp_path, files)
    with pytest.raises(DamagedFile, match=r"one\.bin is not what was written"):
        check_hashes(tmp_path, files)
    (tmp_path / "a" / "one.bin").unlink()
    with pytest.raises(DamagedFile, match="0 of 5 bytes"):
        check_sizes(tmp_path, files)


def test_list_itself(tmp_path: Path) -> None:
    assert read_manifest(b'{"a": 3}', "") == [ListedFile("a", 3, "")]
    for data, sha256 in ((b"{}", "0" * 64), (b"[1", ""), (b'{"a": "b"}', ""), (b"7", "")):
        with pytest.raises(DamagedFile, match="list of files"):
            read_manifest(data, sha256)


def test_row_that_opening_adds_is_no_damage(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "chroma.sqlite3")) as database, database:
        database.executescript(
            "CREATE TABLE acquire_write (id INTEGER PRIMARY KEY, lock_status INTEGER NOT NULL);"
            "CREATE TABLE ids (id TEXT); INSERT INTO ids VALUES ('a');"
        )
    sha256 = write_manifest(tmp_path, tmp_path / "list")
    files = read_manifest((tmp_path / "list").read_bytes(), sha256)
    with closing(sqlite3.connect(tmp_path / "chroma.sqlite3")) as database, database:
        database.executemany("INSERT INTO acquire_write VALUES (?, 1)", ((n,) for n in range(999)))
    check_sizes(tmp_path, files)
    check_hashes(tmp_path, files)
    with closing(sqlite3.connect(tmp_path / "chroma.sqlite3")) as database, database:
        database.execute("UPDATE ids SET id = 'b'")
    with pytest.raises(DamagedFile):
        check_hashes(tmp_path, files)
