"""A model in a folder: a tiny one, made here, that knows nothing and says so in time."""

import time
from pathlib import Path
from typing import Any

import pytest

from bot.model import BadModel, ModelFailed, open_model
from bot.reader import WEIGHTS

MESSAGES = (("system", "Rules."), ("user", "Why?"))


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a transformer of one layer whose weights are chance."""
    from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("models") / "tiny"
    make_tokenizer: Any = PreTrainedTokenizerFast
    tokenizer = make_tokenizer(
        tokenizer_file=str(WEIGHTS / "tokenizer.json"),
        pad_token="[PAD]",  # noqa: S106
        eos_token="[SEP]",  # noqa: S106
    )
    tokenizer.save_pretrained(folder)
    size = len(tokenizer)
    config = GPT2Config(vocab_size=size, n_positions=2048, n_embd=8, n_layer=1, n_head=1,
                        eos_token_id=size - 1, pad_token_id=0)  # fmt: skip
    GPT2LMHeadModel(config).save_pretrained(folder)
    return folder


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
