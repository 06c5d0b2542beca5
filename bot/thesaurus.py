"""Words that mean much the same, or the opposite: WordNet's, as stems.

`weights/thesaurus.txt.gz` holds them, made by `python -m training.thesaurus` from WordNet 3.1
(https://wordnet.princeton.edu; its licence: weights/WORDNET.txt).
"""

import gzip
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).parent / "weights" / "thesaurus.txt.gz"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a word: if it may be a name too, and the stems of other words.

    `like` are those that mean what it does or what kind it is, `against` its opposites.
    """

    is_word: bool = False
    is_name: bool = False
    like: frozenset[str] = frozenset()
    against: frozenset[str] = frozenset()


_NOTHING = Entry()


@lru_cache(maxsize=1)
def _load() -> dict[str, str]:
    lines = gzip.decompress(FILE.read_bytes()).decode().split("\n")
    return {stem: rest for stem, _, rest in (line.partition("\t") for line in lines)}


@lru_cache(maxsize=16384)
def look_up(stem: str) -> Entry:
    """Return what is known of a word by its stem; nothing for names and rare words."""
    line = _load().get(stem)
    if line is None:
        return _NOTHING
    name, like, against = line.split("\t")
    return Entry(True, bool(name), frozenset(like.split()), frozenset(against.split()))


def knows(key: str) -> bool:
    """Tell whether a stem is known, or a verb of two words: "turn_down"."""
    return key in _load()


def is_word(stem: str) -> bool:
    """Tell whether a stem is that of an ordinary word, and of no name."""
    entry = look_up(stem)
    return entry.is_word and not entry.is_name


def are_like(one: str, other: str) -> bool:
    """Tell whether two words mean much the same, or one is a kind of the other."""
    return other in look_up(one).like or one in look_up(other).like
