"""Models by name: what cannot be opened says what to do, and no key is told."""

import builtins
from pathlib import Path
from typing import Any

import pytest

from bot.model import BadModel, open_model

KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "MISTRAL_API_KEY")


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in KEYS:
        monkeypatch.delenv(key, raising=False)


@pytest.mark.parametrize(
    ("provider", "key"), list(zip(("openai", "anthropic", "google", "mistral"), KEYS, strict=True))
)
def test_a_missing_key_is_named(provider: str, key: str) -> None:
    with pytest.raises(BadModel, match=f"set {key}"):
        open_model(f"{provider}:some-model")


@pytest.mark.parametrize("provider", ["openai", "anthropic", "google", "mistral", "ollama"])
def test_a_missing_package_is_named_with_the_command(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, chat = builtins.__import__, __import__("langchain.chat_models.base", fromlist=["x"])
    del real
    chat._get_chat_model_creator.cache_clear()

    def fail(name: str, *_: Any) -> Any:
        raise ImportError(name)

    monkeypatch.setattr("importlib.import_module", fail)
    for key in KEYS:
        monkeypatch.setenv(key, "sk-secret")
    with pytest.raises(BadModel, match=rf"pip install -e '\.\[{provider}\]'") as caught:
        open_model(f"{provider}:some-model")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("name", ["", "gpt-9", "nobody:model", "openai:"])
def test_what_is_no_model_says_how_to_name_one(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    with pytest.raises(BadModel, match=r"PROVIDER:NAME|after the colon"):
        open_model(name if name else "none")


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://models", "user:secret@models", "http://"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(BadModel, match="http://HOST:PORT/v1") as caught:
        open_model("name", url)
    assert "secret" not in str(caught.value)


def test_a_folder_without_a_model(tmp_path: Path) -> None:
    with pytest.raises(BadModel, match=r"no config\.json"):
        open_model(str(tmp_path))
    with pytest.raises(BadModel, match=r"no config\.json"):
        open_model("local:nowhere")


def test_a_server_of_ones_own_needs_no_key() -> None:
    model = open_model("qwen3:8b", "http://127.0.0.1:9/v1")
    assert model.name == "qwen3:8b"
