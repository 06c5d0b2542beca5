"""The library behind the page while it is made: how far it is, and how it failed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.page.opening import Making, OpenLibrary, WholeLibrary, is_whole
from ingest.embed import Embedder
from ingest.store import NoLibrary
from ingest.sync import sync
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
        whole = WholeLibrary(library)
        assert whole.get_bot() is None and not is_whole(library.path)
        assert wait_for_the_end(library) is None
        assert whole.get_bot() is library.get_bot() and is_whole(library.path)
        bot = library.get_bot()
        assert bot is not None and bot.store.count_articles() == 1
    finally:
        library.close()


def test_a_first_ingest_that_was_broken_off_is_gone_on_with(
    tmp_path: Path, model_folder: Callable[[Path], Path], embedder: Embedder
) -> None:
    corpus = write_texts(tmp_path / "corpus", {"bridge.txt": "The bridge was opened in 1931."})
    model_folder(tmp_path / "library")
    begun = OpenLibrary(tmp_path / "library", corpus)
    begun.close()
    assert begun._process is not None
    begun._process.wait(60)
    sync([corpus], tmp_path / "library", embedder)
    assert not is_whole(tmp_path / "library")
    (corpus / "harbour.txt").write_text("The harbour was dredged in 1950.")
    library = OpenLibrary(tmp_path / "library", corpus)
    try:
        assert WholeLibrary(library).get_bot() is None
        assert wait_for_the_end(library) is None
        bot = library.get_bot()
        assert bot is not None
        bot.store.refresh()
        assert bot.store.count_articles() == 2
        assert is_whole(library.path)
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
