"""The row that asks a large library at once: its questions, its figures, its library and server."""

from itertools import islice
from pathlib import Path

import numpy as np

from benchmarks.reliability.askers import Asked, ask_together, find_late, make_questions
from benchmarks.reliability.load import MixedEmbedder
from benchmarks.reliability.server import open_server

pytest_plugins = ["tests.library_fixtures"]


def test_no_question_comes_twice() -> None:
    questions = list(islice(make_questions(1), 400))
    assert len(set(questions)) == 400 and questions != list(islice(make_questions(2), 400))


def test_mixed_vectors_have_length_one_and_are_near_their_like() -> None:
    basis = np.eye(8, dtype=np.float32)
    vectors = MixedEmbedder(basis, 0).encode(["text"] * 50)
    assert vectors.shape == (50, 8) and np.allclose(np.linalg.norm(vectors, axis=1), 1)
    assert len(np.unique(vectors.round(2), axis=0)) > 25


def test_being_late_is_told() -> None:
    assert find_late("asking", [10.0] * 20, 250) == [] == find_late("asking", [], 250)
    assert find_late("asking", [10.0] * 10 + [400.0] * 10, 250) == [
        "asking: p95 is 400 ms, over 250"
    ]
    assert Asked().describe() == {"answers": 0, "errors": 0}


def test_a_real_server_is_asked_and_measured(library: Path) -> None:
    with open_server(library, "--api-only") as server:
        asked = ask_together(server.address, make_questions(0), askers=2, seconds=2)
        assert server.read_cpu_seconds() > 0 and server.read_memory() > 10
        assert server.count_descriptors() > 5
    assert asked.errors == [] and len(asked.milliseconds) >= 2
    assert set(asked.stages) >= {"retrieve", "read"} and asked.seconds > 2
