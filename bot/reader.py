"""Read passages for a question with the trained reader: where the answer stands, and whether.

The reader is a small model of our own (training/README.md says how it was made): a question and a
passage go in together, and out come the places where an answer starts and ends, whether the passage
answers at all, and how relevant it is. It runs by onnxruntime; torch is never imported.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

WEIGHTS = Path(__file__).parent / "weights"
MAX_TOKENS = 288
MAX_QUESTION_TOKENS = 64
_BATCH_TOKENS = 1_024
_MAX_SPAN_TOKENS = 40
_BEST_PLACES = 12

Numbers = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Text:
    """A passage as the reader gets it: a lead (title, heading) that is read, and the words."""

    lead: str
    words: str


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What the reader says of one passage.

    `answers` and `relevance` are logits. `offsets` (tokens, 2) are the tokens' places in the
    passage's words; `start` and `end` (tokens,) the log-probability that the answer starts or ends
    there; `nowhere` the log-probability that there is none.
    """

    answers: float
    relevance: float
    offsets: NDArray[np.int64]
    start: Numbers
    end: Numbers
    nowhere: float

    def weigh(self, begin: int, stop: int) -> float:
        """Return the probability, 0 to 1, that the answer starts within `words[begin:stop]`.

        It is shared out among the places of the passage: "no answer" is left aside.
        """
        inside = (self.offsets[:, 0] >= begin) & (self.offsets[:, 0] < stop)
        somewhere = max(1e-6, 1.0 - float(np.exp(self.nowhere)))
        return min(1.0, float(np.exp(self.start[inside]).sum()) / somewhere)

    def find_span(self, begin: int, stop: int) -> tuple[int, int, float] | None:
        """Return the best answer within `words[begin:stop]`: its offsets and log-probability."""
        tokens = np.flatnonzero((self.offsets[:, 0] >= begin) & (self.offsets[:, 1] <= stop))
        if not len(tokens):
            return None
        firsts = tokens[np.argsort(-self.start[tokens], kind="stable")[:_BEST_PLACES]]
        lasts = tokens[np.argsort(-self.end[tokens], kind="stable")[:_BEST_PLACES]]
        sums = self.start[firsts][:, None] + self.end[lasts][None, :]
        length = lasts[None, :] - firsts[:, None]
        sums = np.where((length >= 0) & (length < _MAX_SPAN_TOKENS), sums, -np.inf)
        row, column = np.unravel_index(int(sums.argmax()), sums.shape)
        if not np.isfinite(sums[row, column]):
            return None
        first, last = int(firsts[row]), int(lasts[column])
        return int(self.offsets[first, 0]), int(self.offsets[last, 1]), float(sums[row, column])


class Reader(Protocol):
    """Reads passages for a question."""

    def read(self, question: str, texts: Sequence[Text]) -> list[Reading]:
        """Return what is said of each passage, in their order."""


class OnnxReader:
    """The trained reader, run by onnxruntime."""

    def __init__(self, folder: Path = WEIGHTS, threads: int | None = None) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or os.cpu_count() or 1
        # Idle threads that spin take the processor from the other model's.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            folder / "reader.onnx", options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")
        self._tokenizer.no_padding()
        self._short = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._short.no_truncation()
        self._short.no_padding()

    def read(self, question: str, texts: Sequence[Text]) -> list[Reading]:
        """Return what is said of each passage, in their order."""
        question = self._shorten(question)
        pairs = [(question, f"{text.lead}\n{text.words}") for text in texts]
        encoded = self._tokenizer.encode_batch(pairs)
        readings: dict[int, Reading] = {}
        for batch in _cut_batches([len(item.ids) for item in encoded]):
            outputs = self._run([encoded[row] for row in batch])
            for place, row in enumerate(batch):
                lead = len(texts[row].lead) + 1
                readings[row] = _take_reading(encoded[row], lead, *(out[place] for out in outputs))
        return [readings[row] for row in range(len(texts))]

    def _shorten(self, question: str) -> str:
        """Return the first MAX_QUESTION_TOKENS of a question: the passage needs room too."""
        encoded = self._short.encode(question, add_special_tokens=False)
        if len(encoded.ids) <= MAX_QUESTION_TOKENS:
            return question
        return question[: encoded.offsets[MAX_QUESTION_TOKENS - 1][1]]

    def _run(self, encoded: Sequence[Any]) -> list[Numbers]:
        length = max(len(item.ids) for item in encoded)
        inputs = np.zeros((3, len(encoded), length), dtype=np.int64)
        for row, item in enumerate(encoded):
            for kind, values in enumerate((item.ids, item.type_ids, item.attention_mask)):
                inputs[kind, row, : len(values)] = values
        names = ("input_ids", "token_type_ids", "attention_mask")
        outputs: list[Numbers] = self._session.run(None, dict(zip(names, inputs, strict=True)))
        return outputs


def _cut_batches(lengths: Sequence[int]) -> list[list[int]]:
    """Return the rows in batches of like length, so that little is padding and all fits."""
    batches: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lambda row: lengths[row]):
        if not batches or (len(batches[-1]) + 1) * lengths[row] > _BATCH_TOKENS:
            batches.append([])
        batches[-1].append(row)
    return batches


def _take_reading(
    encoded: Any, lead: int, start: Numbers, end: Numbers, judged: Numbers
) -> Reading:
    """Return the reading of one passage, whose words start `lead` letters into its text."""
    offsets = np.array(encoded.offsets, dtype=np.int64).reshape(-1, 2)
    kinds = np.array(encoded.type_ids)
    words = np.flatnonzero((kinds == 1) & (offsets[:, 1] > offsets[:, 0]) & (offsets[:, 0] >= lead))
    return Reading(
        answers=float(judged[0]),
        relevance=float(judged[1]),
        offsets=offsets[words] - lead,
        start=start[words],
        end=end[words],
        nowhere=float(start[0]),
    )
