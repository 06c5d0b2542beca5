"""A small library with the real model, for the tests of the doors and of their pages."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.answer import Bot
from ingest.embed import Embedder
from ingest.store import Store
from ingest.sync import sync
from tests.doors import TEXTS
from tests.libraries import load_reader, write_texts


@pytest.fixture(scope="session")
def harbours(
    tmp_path_factory: pytest.TempPathFactory,
    embedder: Embedder,
    model_folder: Callable[[Path], Path],
) -> Path:
    """The folder `library`, a library of three articles with the real model."""
    folder = tmp_path_factory.mktemp("harbours")
    sync([write_texts(folder / "articles", TEXTS)], folder / "library", embedder)
    model_folder(folder / "library")
    return folder / "library"


@pytest.fixture(scope="session")
def harbour_bot(harbours: Path, embedder: Embedder) -> Iterator[Bot]:
    """A bot on the three articles."""
    with Bot(Store(harbours), embedder, reader=load_reader()) as opened:
        yield opened
