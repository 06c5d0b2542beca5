"""What texts say of names, counted, so that a text can be added and taken away again."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import TypeVar

from bot.alias_patterns import find_pairs
from bot.spelling import UPPER, fold_name

_DOTTED = re.compile(r"[A-Z]\.(?:[A-Z]\.)+")
_RUN = re.compile(rf"[{UPPER}][\w'’]*(?:-\w+|[ ][{UPPER}][\w'’]*)*")
# The character before tells that the word does not begin a sentence.
_INNER_WORD = re.compile(rf"[{UPPER}](?<=[\w,;(] .)[\w'’]*")
_Item = TypeVar("_Item")


class Mentions:
    """The names in texts: runs of words with capitals, capitals within sentences, told pairs.

    The same texts give the same counts, in whatever order they came and went.
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self.runs: Counter[str] = Counter()
        self.inner: Counter[str] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()
        self._keys: dict[str, tuple[str, ...]] = {}
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        """Count what a text says."""
        self.runs.update(_find_runs(text))
        self.inner.update(_INNER_WORD.findall(text))
        self.pairs.update(find_pairs(text))

    def remove(self, text: str) -> None:
        """Count no more what a text says that was added before."""
        for run in _subtract(self.runs, _find_runs(text)):
            self._keys.pop(run, None)
        _subtract(self.inner, _INNER_WORD.findall(text))
        _subtract(self.pairs, find_pairs(text))

    def fold_run(self, run: str) -> tuple[str, ...]:
        """Return the keys of a run's words, which are remembered."""
        if run not in self._keys:
            self._keys[run] = fold_name(run)
        return self._keys[run]


def _find_runs(text: str) -> list[str]:
    return _RUN.findall(text) + _DOTTED.findall(text)


def _subtract(counts: Counter[_Item], found: Iterable[_Item]) -> list[_Item]:
    """Subtract what is found; return what is there no more."""
    lost = Counter(found)
    counts.subtract(lost)
    gone = [item for item in lost if not counts[item]]
    for item in gone:
        del counts[item]
    return gone
