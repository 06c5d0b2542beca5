"""Write the trained reader as ONNX, int8: `python -m training.export RUN FOLDER`.

`FOLDER` gets reader.onnx, tokenizer.json and reader.json; `--float` writes float32 weights, to
measure what int8 costs.
"""

import argparse
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ingest.embed import DEFAULT_MODEL, find_weights
from training.model import ReaderModule, load_module
from training.train import read_config

INPUTS = ["input_ids", "token_type_ids", "attention_mask"]
OUTPUTS = ["start", "end", "judged"]


class Outputs(nn.Module):
    """The reader with log-probabilities of places instead of raw scores.

    Only the passage's tokens, and the first one for "no answer", may be places.
    """

    def __init__(self, reader: ReaderModule) -> None:
        super().__init__()
        self.reader = reader

    def forward(
        self, input_ids: Tensor, token_type_ids: Tensor, attention_mask: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return the log-probabilities of start and end, and the two judgements."""
        start, end, judged = self.reader(input_ids, token_type_ids, attention_mask)
        first = torch.zeros_like(input_ids)
        first[:, 0] = 1
        barred = (1 - torch.clamp(token_type_ids * attention_mask + first, max=1)) * -1e4
        return (
            torch.log_softmax(start + barred, dim=-1),
            torch.log_softmax(end + barred, dim=-1),
            judged,
        )


def export_reader(
    run: Path, folder: Path, *, earlier: Sequence[Path] = (), quantize: bool = True
) -> None:
    """Write the averaged weights of the last checkpoint in `run` to `folder`.

    With `earlier` checkpoints of the same run, the mean of all their weights: a "model soup"
    (Wortsman et al. 2022).
    """
    config = read_config()
    weights = Path(find_weights(DEFAULT_MODEL))
    module = load_module(weights)
    saved = torch.load(run / "last.pt", map_location="cpu")
    others = [torch.load(path, map_location="cpu")["average"] for path in earlier]
    module.load_state_dict(average_weights([saved["average"], *others]))
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        _export_graph(Outputs(module).eval(), plain)
        if quantize:
            _quantize(plain, folder / "reader.onnx")
        else:
            shutil.copyfile(plain, folder / "reader.onnx")
    shutil.copyfile(weights / "tokenizer.json", folder / "tokenizer.json")
    settings = {"max_tokens": config["max_tokens"], "steps": saved["step"], "seed": config["seed"]}
    (folder / "reader.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def average_weights(states: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Return the mean of each tensor over models of one shape."""
    return {
        name: torch.stack([state[name].float() for state in states]).mean(0).to(tensor.dtype)
        for name, tensor in states[0].items()
    }


def _export_graph(module: nn.Module, path: Path) -> None:
    example = torch.tensor([[101, 2023, 102, 2003, 102], [101, 2023, 102, 102, 0]])
    types = torch.tensor([[0, 0, 0, 1, 1], [0, 0, 0, 1, 0]])
    axes: dict[str, Any] = {name: {0: "pairs", 1: "tokens"} for name in [*INPUTS, *OUTPUTS[:2]]}
    axes["judged"] = {0: "pairs"}
    # The TorchScript exporter, as for the embedding model: its graph is what onnxruntime takes.
    torch.onnx.export(
        module,
        (example, types, (example != 0).long()),
        path,
        input_names=INPUTS,
        output_names=OUTPUTS,
        dynamic_axes=axes,
        opset_version=17,
        dynamo=False,
    )


def _quantize(plain: Path, path: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    # One scale a column: with one a matrix the spans move.
    quantize_dynamic(plain, path, weight_type=QuantType.QInt8, per_channel=True)


def main() -> None:
    """Read the command line and export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of the checkpoints")
    parser.add_argument("folder", type=Path, help="where the reader is to lie")
    parser.add_argument(
        "--with", dest="earlier", type=Path, action="append", default=[], metavar="CHECKPOINT",
        help="an earlier checkpoint, to average with; may be repeated",
    )  # fmt: skip
    parser.add_argument("--float", action="store_true", help="float32 instead of int8")
    given = parser.parse_args()
    export_reader(given.run, given.folder, earlier=given.earlier, quantize=not given.float)


if __name__ == "__main__":
    main()
