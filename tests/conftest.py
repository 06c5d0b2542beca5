"""Fixtures of all tests: no network, the real embedder once, article files."""

import ipaddress
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# Before any import of a library that reads it.
os.environ["HF_HUB_OFFLINE"] = "1"
# No test asks the model of whoever runs it.
os.environ.pop("FOOTNOTE_MODEL", None)
os.environ.pop("FOOTNOTE_MODEL_URL", None)
# Nor is anybody let in, or kept out, by passwords of theirs.
os.environ.pop("FOOTNOTE_PASSWORD", None)
os.environ.pop("FOOTNOTE_ADMIN_PASSWORD", None)

from ingest.embed import DEFAULT_MODEL, Embedder, load_embedder
from tests.articles import WordEmbedder, write_five_formats
from tests.once import make_once

# How long an example takes is a matter of the machine. A test passes or fails by what it tests, not
# by chance; `--hypothesis-profile explore` looks further, with other examples each time.
hypothesis.settings.register_profile("same", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=1000)
hypothesis.settings.load_profile("same")


class NetworkForbidden(OSError):
    """A test tried to reach another machine; tests run offline."""


def _check_host(host: object) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost", socket.gethostname()}:
        return
    try:
        is_here = ipaddress.ip_address(str(name)).is_loopback
    except ValueError:
        is_here = False
    if not is_here:
        raise NetworkForbidden(f"a test tried to reach {name!r}; tests run offline")


@pytest.fixture(autouse=True, scope="session")
def _forbid_network() -> Iterator[None]:
    """Let sockets reach this machine only."""
    real_connect, real_connect_ex = socket.socket.connect, socket.socket.connect_ex
    real_lookup = socket.getaddrinfo

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            _check_host(address[0])
        real_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            _check_host(address[0])
        return real_connect_ex(self, address)

    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        _check_host(host)
        return real_lookup(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(socket.socket, "connect_ex", connect_ex)
        patch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield


@pytest.fixture(scope="session")
def exported_model(pytestconfig: pytest.Config) -> Path:
    """The folder of the default model's export; nobody writes to it."""
    return make_once(
        pytestconfig, "exported", [], lambda folder: load_embedder(DEFAULT_MODEL, folder)
    )


@pytest.fixture(scope="session")
def embedder(exported_model: Path) -> Embedder:
    """The real default embedder."""
    return load_embedder(DEFAULT_MODEL, exported_model)


@pytest.fixture(scope="session")
def model_folder(exported_model: Path) -> Callable[[Path], Path]:
    """Put the default model's export into a store, where the command line looks for it."""

    def put(store: Path) -> Path:
        folder = store / "models" / DEFAULT_MODEL.replace("/", "--")
        shutil.copytree(exported_model, folder, dirs_exist_ok=True)
        return folder

    return put


@pytest.fixture
def words() -> WordEmbedder:
    """A fresh embedder that hashes words; it keeps the texts it was given."""
    return WordEmbedder()


@pytest.fixture
def five_formats(tmp_path: Path) -> dict[str, Path]:
    """One article in each format, by kind, in a folder of their own."""
    return write_five_formats(tmp_path / "five")
