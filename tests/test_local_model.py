"""A model in a folder: a tiny one, made here, that knows nothing and says so in time."""

import time
from pathlib import Path

import pytest

from bot.model import BadModel, ModelFailed, open_model
from tests.tiny_model import make_tiny_model

MESSAGES = (("system", "Rules."), ("user", "Why?"))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a transformer of one layer whose weights are chance."""
    return make_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


def test_a_folder_is_a_model(tiny: Path) -> None:
    model = open_model(str(tiny))
    assert model.name == "tiny"
    assert "".join(model.stream(MESSAGES, 30)).strip()
    assert open_model(f"local:{tiny}").name == "tiny"


def test_its_time_is_limited_and_whoever_stops_listening_stops_it(tiny: Path) -> None:
    model = open_model(str(tiny))
    started = time.monotonic()
    with pytest.raises(ModelFailed, match=r"within 0\.05 seconds"):
        list(model.stream(MESSAGES, 0.05))
    next(model.stream(MESSAGES, 30))
    # The next question waits only for the token at hand.
    next(model.stream(MESSAGES, 30))
    assert time.monotonic() - started < 20


def test_a_damaged_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(BadModel, match="cannot be loaded"):
        open_model(str(tmp_path))
