"""Read passages for a question with the trained reader: where the answer stands, and whether.

The reader is a small model of our own (training/README.md says how it was made): a question and a
passage go in together, and out come the places where an answer starts and ends, whether the passage
answers at all, and how relevant it is. It runs by onnxruntime; torch is never imported.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

WEIGHTS = Path(__file__).parent / "weights"
MAX_TOKENS = 288
MAX_QUESTION_TOKENS = 64
_MAX_SPAN_TOKENS = 40
_BEST_PLACES = 12
# Readings kept, some 8 kB each: an example that is offered has been answered before it is asked.
_REMEMBERED = 1_000

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
    """The trained reader, run by onnxruntime.

    As many passages are read at a time as there are processors, each by one thread and unpadded;
    of those that wait, the ones that came first are read first. A passage's reading
    depends on nothing but the question and the passage (in a batch, int8 would take its scale from
    the others, too), so the last ones are remembered.
    """

    def __init__(self, folder: Path = WEIGHTS, threads: int | None = None) -> None:
        """Load the reader; `threads` passages are read at a time, None for one a processor."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self._pool = ThreadPoolExecutor(threads or os.cpu_count() or 1, "reader")
        self._session = onnxruntime.InferenceSession(
            folder / "reader.onnx", options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")
        self._tokenizer.no_padding()
        self._short = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._short.no_truncation()
        self._short.no_padding()
        self._read_one = lru_cache(_REMEMBERED)(self._read_anew)

    def read(self, question: str, texts: Sequence[Text]) -> list[Reading]:
        """Return what is said of each passage, in their order."""
        question = self._shorten(question)
        return list(self._pool.map(partial(self._read_one, question), texts))

    def _shorten(self, question: str) -> str:
        """Return the first MAX_QUESTION_TOKENS of a question: the passage needs room too."""
        encoded = self._short.encode(question, add_special_tokens=False)
        if len(encoded.ids) <= MAX_QUESTION_TOKENS:
            return question
        return question[: encoded.offsets[MAX_QUESTION_TOKENS - 1][1]]

    def _read_anew(self, question: str, text: Text) -> Reading:
        encoded = self._tokenizer.encode(question, f"{text.lead}\n{text.words}")
        values = (encoded.ids, encoded.type_ids, encoded.attention_mask)
        names = ("input_ids", "token_type_ids", "attention_mask")
        inputs = {
            name: np.array([row], dtype=np.int64) for name, row in zip(names, values, strict=True)
        }
        start, end, judged = self._session.run(None, inputs)
        return _take_reading(encoded, len(text.lead) + 1, start[0], end[0], judged[0])


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
