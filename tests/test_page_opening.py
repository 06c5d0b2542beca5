"""The library behind the page while it is made: how far it is, and how it failed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.page.opening import Making, OpenLibrary
from ingest.store import NoLibrary
from tests.libraries import write_texts


def wait_for_the_end(library: OpenLibrary) -> Making | None:
    assert library._process is not None
    library._process.wait(60)
    return library.read_making()


def test_a_file_that_cannot_be_read_is_no_failure_of_the_others(
    tmp_path: Path, model_folder: Callable[[Path], Path]
) -> None:
    corpus = write_texts(tmp_path / "corpus", {"bridge.txt": "The bridge was opened in 1931."})
    (corpus / "bad.pdf").write_bytes(b"%PDF-1.7 damaged")
    model_folder(tmp_path / "library")
    library = OpenLibrary(tmp_path / "library", corpus)
    try:
        assert library.read_making() is not None
        assert wait_for_the_end(library) is None
        bot = library.get_bot()
        assert bot is not None and bot.store.count_articles() == 1
    finally:
        library.close()


def test_a_failure_is_told_to_every_reader(tmp_path: Path) -> None:
    corpus = write_texts(tmp_path / "corpus", {"bridge.txt": "The bridge was opened in 1931."})
    (tmp_path / "library").write_text("no folder")
    library = OpenLibrary(tmp_path / "library", corpus)
    making = wait_for_the_end(library)
    assert making is not None and "library" in making.error
    assert library.read_making() == making


def test_without_a_corpus_there_must_be_a_library(tmp_path: Path) -> None:
    with pytest.raises(NoLibrary):
        OpenLibrary(tmp_path / "library")
