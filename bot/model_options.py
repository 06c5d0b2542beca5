"""The options of all commands that a language model may word answers for, and the model opened."""

import os
from typing import Annotated

import typer

from bot.model import BadModel, Model, open_model

ModelOption = Annotated[
    str | None,
    typer.Option(
        envvar="FOOTNOTE_MODEL",
        metavar="PROVIDER:NAME",
        help="Let a language model word answers, or one in a folder; each sentence is checked.",
    ),
]
ModelUrlOption = Annotated[
    str | None,
    typer.Option(
        envvar="FOOTNOTE_MODEL_URL", metavar="URL", help="A server that speaks OpenAI's protocol."
    ),
]
TimeLimitOption = Annotated[
    float, typer.Option(min=0.1, help="Seconds that the language model has for an answer.")
]


def open_named_model(name: str | None, url: str | None) -> Model | None:
    """Return the model that was named, None where none was.

    Raises BadModel, also for an address without a name; one in the environment may wait for one.
    """
    if url and not name and url != os.environ.get("FOOTNOTE_MODEL_URL"):
        # Without what may be a password in it.
        told = url.rpartition("@")[2]
        raise BadModel(f"--model-url {told} needs a model's name, too; add --model NAME")
    return open_model(name, url) if name else None
