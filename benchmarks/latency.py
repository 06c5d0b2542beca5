"""How long does a warm question take? `python -m benchmarks.latency STORE`."""

import json
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import quantiles
from typing import Annotated, Any

import numpy as np
import typer

from benchmarks.datasets import Document
from benchmarks.library import build_library
from bot.answer import Bot
from bot.evaluate import read_questions
from ingest.chunk import PASSAGE_WORDS, split_sentences
from ingest.embed import DEFAULT_MODEL, Vectors, load_embedder, model_folder
from ingest.store import NoLibrary, Store

QUESTIONS = Path(__file__).parent.parent / "tests" / "questions.jsonl"
SENTENCES_A_DOCUMENT = 50
_WARM_UP = 5
# Sections are cut into equal parts, so passages are not quite full.
_FILLING = 0.92


class RandomEmbedder:
    """Vectors by chance under the name of the default model: only their number matters here."""

    def __init__(self, model: str = DEFAULT_MODEL, dimensions: int = 384) -> None:
        self.model = model
        self.dimensions = dimensions
        self._random = np.random.default_rng(0)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dimensions), rows of length 1."""
        vectors = self._random.standard_normal((len(texts), self.dimensions), dtype=np.float32)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def measure(bot: Bot, questions: Sequence[str]) -> dict[str, Any]:
    """Return p50 and p95 of the milliseconds of warm questions, all told and by stage."""
    for question in questions[:_WARM_UP]:
        bot.ask(question)
    stages: dict[str, list[float]] = {}
    for question in questions:
        started = time.perf_counter()
        answer = bot.ask(question)
        stages.setdefault("whole", []).append((time.perf_counter() - started) * 1000)
        for stage, milliseconds in answer.timings.items():
            stages.setdefault(stage, []).append(milliseconds)
    return {
        "passages": bot.store.count_passages(),
        "questions": len(questions),
        "milliseconds": {
            stage: {"p50": cut(times, 50), "p95": cut(times, 95)} for stage, times in stages.items()
        },
    }


def make_documents(
    sentences: Sequence[str], passages: int, words: int = PASSAGE_WORDS
) -> Iterator[Document]:
    """Yield documents of sentences in chance order that make about `passages` passages."""
    # Filler to measure with: nothing secret is drawn.
    chance = random.Random(0)
    missing = int(passages * words * _FILLING)
    for place in count():
        if missing <= 0:
            return
        chosen = chance.choices(sentences, k=SENTENCES_A_DOCUMENT)
        missing -= sum(len(sentence.split()) for sentence in chosen)
        yield Document(str(place), chance.choice(sentences)[:60], " ".join(chosen))


@contextmanager
def open_large_library(store: Path, passages: int) -> Iterator[Bot]:
    """Open a library of about so many passages, made of the sentences of the library `store`."""
    with Store(store) as small:
        sentences = list_sentences(small)
    with tempfile.TemporaryDirectory(prefix="footnote-benchmark-") as temporary:
        path = Path(temporary)
        build_library(list(make_documents(sentences, passages)), path, RandomEmbedder())
        load_embedder(DEFAULT_MODEL, model_folder(path, DEFAULT_MODEL))
        with Bot.open(path) as bot:
            yield bot


def list_sentences(store: Store) -> list[str]:
    """Return the sentences of all articles of a library."""
    return [
        article.text[start:end]
        for article in store.list_articles()
        for start, end in split_sentences(article.text, 0, len(article.text), PASSAGE_WORDS)
    ]


def main(
    store: Annotated[Path, typer.Argument(help="A library's folder.")],
    passages: Annotated[
        int | None, typer.Option(min=1, help="Measure one of so many passages, made from it.")
    ] = None,
    questions: Annotated[Path, typer.Option(help="A question file.")] = QUESTIONS,
) -> None:
    """Print the milliseconds that a warm question takes, p50 and p95, all told and by stage."""
    asked = [item.question for item in read_questions(questions)]
    try:
        with open_large_library(store, passages) if passages else Bot.open(store) as bot:
            print(json.dumps(measure(bot, asked), indent=2))
    except NoLibrary as error:
        raise typer.BadParameter(str(error)) from error


def cut(times: Sequence[float], share: int) -> float:
    """Return a percentile of times, 1 to 99."""
    return round(quantiles([*times, *times], n=100)[share - 1], 2)


if __name__ == "__main__":
    typer.run(main)
