"""Fixtures of the tests of `bot`; a module that needs them names this one in `pytest_plugins`."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.answer import Bot
from bot.cite import Answer
from ingest.embed import Embedder
from ingest.store import Store
from ingest.sync import sync
from tests.libraries import ARTICLE_4, ROOT, MakeBot, load_reader, open_words_bot, write_texts
from tests.once import make_once


@pytest.fixture(scope="session")
def library(
    pytestconfig: pytest.Config,
    embedder: Embedder,
    model_folder: Callable[[Path], Path],
) -> Path:
    """The library of corpus/ with the real model; nobody writes to it."""

    def make(store: Path) -> None:
        sync([ROOT / "corpus"], store, embedder)
        model_folder(store)

    return make_once(pytestconfig, "library", [ROOT / "corpus"], make)


@pytest.fixture(scope="session")
def bot(library: Path, embedder: Embedder) -> Iterator[Bot]:
    """A bot on the library of corpus/."""
    with Bot(Store(library), embedder, reader=load_reader()) as opened:
        yield opened


@pytest.fixture(scope="session")
def real_answer(bot: Bot) -> Answer:
    """The answer of the library of corpus/ about Article 4."""
    return bot.ask(ARTICLE_4)


@pytest.fixture
def writable_library(library: Path, tmp_path: Path) -> Path:
    """A copy of the library of corpus/ that a test may change."""
    return shutil.copytree(library, tmp_path / "copy")


@pytest.fixture
def empty_library(tmp_path: Path, embedder: Embedder, model_folder: Callable[[Path], Path]) -> Path:
    """A library whose only article was removed."""
    store = tmp_path / "empty"
    folder = write_texts(tmp_path / "articles", {"a.txt": "Rain\n\nIt rains."})
    sync([folder], store, embedder)
    (folder / "a.txt").unlink()
    sync([folder], store, embedder, remove_missing=True)
    model_folder(store)
    return store


@pytest.fixture
def make_bot(tmp_path: Path) -> Iterator[MakeBot]:
    """Make a library of texts and open it; it is closed after the test."""
    with ExitStack() as stack:

        def make(texts: Mapping[str, str], threshold: float = 0.0) -> Bot:
            folder = write_texts(tmp_path / "articles", texts)
            return stack.enter_context(open_words_bot(folder, tmp_path / "library", threshold))

        yield make
