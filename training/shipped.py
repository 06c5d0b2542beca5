"""Turn the shipped int8 reader back into a torch module, so that training can go on from it."""

from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

from ingest.embed import DEFAULT_MODEL, find_weights
from training.model import ReaderModule, load_module


def load_shipped(file: Path) -> ReaderModule:
    """Return the reader in the ONNX file that `training.export` wrote.

    Its weights are the int8 ones times their scales: what int8 took from them is gone.
    Raises RuntimeError where the file lacks a weight of the module.
    """
    module = load_module(Path(find_weights(DEFAULT_MODEL)))
    weights = read_weights(file)
    module.load_state_dict({name: torch.from_numpy(value) for name, value in weights.items()})
    return module


def read_weights(file: Path) -> dict[str, NDArray[np.float32]]:
    """Return the weights of a reader's ONNX file by the names that the torch module gives them."""
    graph = onnx.load(file).graph
    stored = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    weights = {
        name.removeprefix("reader."): value.copy()
        for name, value in stored.items()
        if name.startswith("reader.") and name.endswith((".weight", ".bias"))
    }
    for name in stored:
        # Embeddings, and linear layers that were written as one operation, keep their names.
        if name.startswith("reader.") and name.endswith("_quantized"):
            plain = name.removesuffix("_quantized")
            value = _multiply_out(stored, plain)
            linear = plain.endswith("_Transposed")
            plain = plain.removeprefix("reader.").removesuffix("_Transposed")
            weights[plain] = np.ascontiguousarray(value.T) if linear else value
    for node in graph.node:
        # The other linear layers are known by the operation that uses them: /reader/span/MatMul.
        path, _, operation = node.name.rpartition("/")
        if node.op_type == "MatMulInteger" and operation == "MatMul_quant":
            value = _multiply_out(stored, node.input[1].removesuffix("_quantized"))
            name = path.removeprefix("/reader/").replace("/", ".")
            weights[f"{name}.weight"] = np.ascontiguousarray(value.T)
    return weights


def _multiply_out(stored: dict[str, NDArray[np.generic]], name: str) -> NDArray[np.float32]:
    whole = stored[f"{name}_quantized"].astype(np.float32)
    scale, zero = stored[f"{name}_scale"], stored[f"{name}_zero_point"]
    return (whole - zero.astype(np.float32)) * scale.astype(np.float32)
