"""Fixtures of the tests of the API; beside this module they need `tests.library_fixtures`."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.answer import Bot
from bot.api.gate import Rules
from bot.api.keys import add_key
from ingest.embed import Embedder
from ingest.store import Store
from tests.api_server import PLENTY, serve_bot
from tests.libraries import load_reader


@pytest.fixture(scope="session")
def api_library(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the library of corpus/, for keys of the tests; nobody changes its articles."""
    return shutil.copytree(library, tmp_path_factory.mktemp("api") / "library")


@pytest.fixture(scope="session")
def api_bot(api_library: Path, embedder: Embedder) -> Iterator[Bot]:
    """A bot on that copy."""
    with Bot(Store(api_library), embedder, reader=load_reader()) as bot:
        yield bot


@pytest.fixture(scope="session")
def api(api_library: Path, api_bot: Bot) -> Iterator[str]:
    """The address of an API that needs no key."""
    with serve_bot(api_library, api_bot, PLENTY) as address:
        yield address


@pytest.fixture(scope="session")
def reader_key(api_library: Path) -> str:
    """A reader's key."""
    return add_key(api_library, "reader")


@pytest.fixture(scope="session")
def locked_api(api_library: Path, api_bot: Bot, reader_key: str) -> Iterator[str]:
    """The address of an API that needs a key."""
    with serve_bot(api_library, api_bot, Rules(needs_key=True, burst=100_000)) as address:
        yield address
