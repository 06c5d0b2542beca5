"""A small library with the real model, for the tests of the doors and of their pages."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.answer import Bot
from ingest.embed import Embedder
from ingest.store import Store
from ingest.sync import sync
from tests.doors import TEXTS
from tests.libraries import ROOT, load_reader, write_texts
from tests.once import make_once


@pytest.fixture(scope="session")
def harbours(
    pytestconfig: pytest.Config,
    embedder: Embedder,
    model_folder: Callable[[Path], Path],
) -> Path:
    """The folder `library`, a library of three articles with the real model."""

    def make(folder: Path) -> None:
        sync([write_texts(folder / "articles", TEXTS)], folder / "library", embedder)
        model_folder(folder / "library")

    return make_once(pytestconfig, "harbours", [ROOT / "tests" / "doors.py"], make) / "library"


@pytest.fixture(scope="session")
def harbour_bot(harbours: Path, embedder: Embedder) -> Iterator[Bot]:
    """A bot on the three articles."""
    with Bot(Store(harbours), embedder, reader=load_reader()) as opened:
        yield opened
