"""Ten askers at once in a large library, over HTTP, without a language model.

`python -m benchmarks.reliability.load [--full]`: a library of 5,000 passages, or of 100,000, and 10
askers who ask again at once, then with a second's thought in between. No question comes twice.
"""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import httpx
import numpy as np

from benchmarks.latency import list_sentences, make_documents
from benchmarks.library import build_library
from benchmarks.reliability.askers import Asked, ask_together, find_late, make_questions
from benchmarks.reliability.model import put_model
from benchmarks.reliability.row import main_of
from benchmarks.reliability.server import ROOT, open_server
from ingest.embed import DEFAULT_MODEL, Embedder, Vectors
from ingest.store import Store
from ingest.sync import sync
from tests.articles import WordEmbedder

LIMIT_MS = 250.0
ASKERS, THOUGHT = 10, 1.0
# Of so many sentences' vectors, means of some stand for those of passages.
_SENTENCES, _SENTENCES_A_PASSAGE, _NOISE = 300, 5, 0.02


class MixedEmbedder:
    """Vectors that lie like those of passages: means of sentences' vectors, a little off."""

    def __init__(self, vectors: Vectors, seed: int, model: str = DEFAULT_MODEL) -> None:
        self.model = model
        self.dimensions = vectors.shape[1]
        self._vectors = vectors
        self._chance = np.random.default_rng(seed)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dimensions), rows of length 1."""
        chosen = self._chance.integers(len(self._vectors), size=(len(texts), _SENTENCES_A_PASSAGE))
        mixed = self._vectors[chosen].mean(axis=1)
        mixed += _NOISE * self._chance.standard_normal(mixed.shape, dtype=np.float32)
        return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), dtype=np.float32)


def run(quick: bool, seed: int) -> dict[str, object]:
    """Ask a library of 5,000 (or 100,000) passages for 8 (or 120) seconds in each way."""
    passages, seconds = (5_000, 8.0) if quick else (100_000, 120.0)
    with tempfile.TemporaryDirectory(prefix="footnote-load-") as folder:
        store = Path(folder) / "library"
        make_large_library(store, passages, seed)
        return {"passages": passages, **measure(store, seconds, seed)}


def measure(store: Path, seconds: float, seed: int) -> dict[str, object]:
    """Ask a library in both ways; return the figures, and what of them is not as promised."""
    questions = make_questions(seed)
    with open_server(store, "--api-only") as server:
        # The first question waits until names are learnt and vectors read.
        first = {"question": next(questions)}
        httpx.post(f"{server.address}/v1/answers", json=first, timeout=600).raise_for_status()
        before = server.read_cpu_seconds()
        at_once = ask_together(server.address, questions, ASKERS, seconds)
        taken = server.read_cpu_seconds() - before
        thinking = ask_together(server.address, questions, ASKERS, seconds, THOUGHT)
    return {
        "processors": os.cpu_count(),
        "processor_ms_a_question": round(1000 * taken / max(1, len(at_once.milliseconds))),
        "asking_again_at_once": at_once.describe(),
        "thinking_a_second": thinking.describe(),
        "failures": [
            *_find_failures("asking again at once", at_once),
            *_find_failures("thinking a second", thinking),
        ],
    }


def make_large_library(store: Path, passages: int, seed: int) -> None:
    """Make a library of about so many passages of corpus/'s sentences in chance order."""
    with tempfile.TemporaryDirectory(prefix="footnote-small-") as small:
        sync([ROOT / "corpus"], Path(small), WordEmbedder())
        with Store(Path(small)) as opened:
            sentences = list_sentences(opened)
    store.mkdir(parents=True, exist_ok=True)
    real: Embedder = put_model(store)
    step = max(1, len(sentences) // _SENTENCES)
    mixed = MixedEmbedder(real.encode(sentences[::step]), seed)
    build_library(list(make_documents(sentences, passages)), store, mixed)


def _find_failures(name: str, asked: Asked) -> list[str]:
    errors = [f"{name}: {len(asked.errors)} errors, first {error}" for error in asked.errors[:1]]
    return [*errors, *find_late(name, asked.milliseconds, LIMIT_MS)]


if __name__ == "__main__":
    main_of(run, "load")
