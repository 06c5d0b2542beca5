"""Open a language model by name: a provider's, one behind an address, or one in a folder.

Providers are reached through langchain's `init_chat_model`. Keys come from the environment only;
what a provider says when it fails is never shown, for it may hold a part of one.
"""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

# What a user may call a provider, langchain's name for it, our extra, and where its key stands.
_PROVIDERS = {
    "openai": ("openai", "openai", "OPENAI_API_KEY"),
    "anthropic": ("anthropic", "anthropic", "ANTHROPIC_API_KEY"),
    "google": ("google_genai", "google", "GOOGLE_API_KEY"),
    "google_genai": ("google_genai", "google", "GOOGLE_API_KEY"),
    "mistral": ("mistralai", "mistral", "MISTRAL_API_KEY"),
    "mistralai": ("mistralai", "mistral", "MISTRAL_API_KEY"),
    "ollama": ("ollama", "ollama", ""),
}
_MAX_TOKENS = 800

Messages = Sequence[tuple[str, str]]


class BadModel(ValueError):
    """A model that cannot be opened; the message says what to do."""


class ModelFailed(RuntimeError):
    """A model that was asked and did not answer as it should.

    The message goes on from the model's name: "did not answer within 60 seconds".
    """


class Model(Protocol):
    """A language model; `name` is what readers are told."""

    name: str

    def stream(self, messages: Messages, seconds: float) -> Iterator[str]:
        """Yield the text that goes on from (role, text) messages; roles are system and user.

        Raises ModelFailed, after `seconds` at the latest.
        """


def open_model(name: str, url: str | None = None) -> Model:
    """Open the model `provider:name`, or that of a transformers folder. Raises BadModel.

    `url` is the address of a server that speaks OpenAI's protocol (or of an Ollama server); a model
    there needs no provider in its name.
    """
    if url and not re.match(r"https?://[^/\s]", url):
        # Without what may be a password in it.
        told = url.rpartition("@")[2]
        raise BadModel(f"{told!r} is no address of a server; write http://HOST:PORT/v1")
    folder = Path(name.removeprefix("local:")).expanduser()
    if name.startswith("local:") or (not url and folder.is_dir()):
        from bot.local_model import LocalModel

        return LocalModel(folder)
    from bot.remote_model import RemoteModel

    provider, colon, model = name.partition(":")
    if not (colon and provider in _PROVIDERS):
        if not url:
            known = ", ".join(sorted({extra for _, extra, _ in _PROVIDERS.values()}))
            raise BadModel(
                f"model {name!r} is neither a folder nor PROVIDER:NAME with a provider of {known}; "
                "for a server of your own give its address, too (--model-url)"
            )
        provider, model = "openai", name
    return RemoteModel(name, _open_chat(provider, model, name, url))


def _open_chat(provider: str, model: str, name: str, url: str | None) -> Any:
    """Return langchain's chat model. Raises BadModel."""
    from langchain.chat_models import init_chat_model

    kind, extra, key = _PROVIDERS[provider]
    if not model:
        raise BadModel(f"model {name!r} has no name after the colon, such as {provider}:NAME")
    if key and not os.environ.get(key) and not url:
        raise BadModel(f"model {name!r} needs a key: set {key} in the environment")
    try:
        return init_chat_model(model, model_provider=kind, **_choose_options(kind, key, url))
    except ImportError as error:
        raise BadModel(
            f"model {name!r} needs a package that is not installed; in Footnote's folder: "
            f"pip install -e '.[{extra}]'"
        ) from error
    except ValueError as error:
        # Without the cause: pydantic's message repeats what it was given.
        raise BadModel(
            f"model {name!r} cannot be opened ({type(error).__name__}); check its name and address"
        ) from None


def _choose_options(kind: str, key: str, url: str | None) -> dict[str, Any]:
    """Return what a provider's chat model is made with; repeats would take all the time."""
    options: dict[str, Any] = {"temperature": 0}
    if url:
        options["base_url"] = url
    if kind == "ollama":
        return options | {"num_predict": _MAX_TOKENS}
    options |= {"max_retries": 0, "max_tokens": _MAX_TOKENS}
    if kind == "openai":
        options["stream_usage"] = False
        if url and not os.environ.get(key):
            # A server of one's own asks for none, but the client does.
            options["api_key"] = "none"
    return options
