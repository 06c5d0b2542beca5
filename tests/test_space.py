"""The room that an ingest asks for is about what it takes."""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from ingest.space import MIN_FREE_BYTES, estimate_space
from ingest.sync import sync
from tests.articles import WordEmbedder, write_articles

Usage = namedtuple("Usage", "total used free")


def measure(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def test_estimate_and_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library = tmp_path / "library"
    files = write_articles(tmp_path / "articles", 30)
    library.mkdir()
    # Nothing is there yet: what counts is the new text.
    texts = sum(file.stat().st_size for file in files)
    assert estimate_space(library, files) == MIN_FREE_BYTES + 16 * texts
    sync(files, library, WordEmbedder())
    again = estimate_space(library, files) - MIN_FREE_BYTES
    assert 0.3 * measure(library) < again < measure(library)
    other = tmp_path / "scan.pdf"
    other.write_bytes(bytes(5000))
    assert estimate_space(library, [other]) - MIN_FREE_BYTES == again + 10_000
    needed = estimate_space(library, files)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**12, 0, needed - 1))
    with pytest.raises(OSError, match=r"the disk is full: 2\d MB free, about 2\d MB needed"):
        sync(files, library, WordEmbedder())
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10**12, 0, needed))
    assert sync(files, library, WordEmbedder()).unchanged == 30
