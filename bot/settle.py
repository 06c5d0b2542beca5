"""A claim in the passages' own terms: names as these have them, words that mean the same."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from bot.claim import Item, contains_name, mean_same, read_word
from bot.compare import UNITS, list_new_words
from bot.english import FUNCTION_WORDS, LIGHT_WORDS, STARTERS, TITLES
from bot.thesaurus import is_word, look_up

_LITTLE = (LIGHT_WORDS | FUNCTION_WORDS) - {"only", "all", "always"}
# "Ukraine's Kursk" may be two names.
_OWNER = re.compile(r"(?:['’ʼ]s|s['’ʼ])(?= )")


def settle_names(claim: Sequence[Item], given: Sequence[Item]) -> list[Item]:
    """Return a claim whose names are those that are given, words that led them words again.

    What is given of "Resolution ES" or "State Antony Blinken" may be "ES" or "Antony Blinken".
    """
    words = {item.key for item in given if item.kind == "word"} | TITLES
    settled: list[Item] = []
    for item in claim:
        if item.kind != "name" or any(mean_same(item, it) for it in given):
            settled.append(item)
            continue
        if item.start == 0 and " " not in item.key and is_plain(read_word(item)):
            settled.append(read_word(item))
            continue
        if owner := _OWNER.search(item.text):
            owner_name, owned = _cut_name(item, owner.end())
            turned = f"{owned.key} {owner_name.key}"
            if not any(it.kind == "name" and contains_name(it.key, turned) for it in given):
                settled += settle_names([owner_name, owned], given)
                continue
        first, _, rest = item.text.partition(" ")
        lead = read_word(replace(item, text=first, end=item.start + len(first)))
        if lead.key not in words and first.lower() not in words:
            settled.append(item)
            continue
        settled.append(lead)
        if rest:
            settled += settle_names(_cut_name(item, len(first))[1:], given)
    return settled


def _cut_name(item: Item, place: int) -> list[Item]:
    """Return two names for one, cut at a space."""
    first, last = item.text[:place], item.text[place + 1 :]
    count = len(first.split())
    one, other = (" ".join(item.key.split()[part]) for part in (slice(count), slice(count, None)))
    start = item.end - len(last)
    return [
        replace(item, text=first, key=one, end=item.start + place),
        replace(item, text=last, key=other, start=start, lead="", breaks=False, country=""),
    ]


def is_plain(item: Item) -> bool:
    """Tell whether the first word of a sentence is no name."""
    small = item.text.lower()
    return small in FUNCTION_WORDS or small in STARTERS or is_word(item.key)


def settle_words(claim: Sequence[Item], given: Sequence[Item]) -> list[Item]:
    """Return a claim in the words given where one of those means the same, without the rest.

    Words that tell little by themselves are left out where they are not given.
    """
    keys = {item.key for item in given if item.kind == "word"}
    meant = {like: key for key in sorted(keys) for like in look_up(key).like}
    new = {item.start for item in list_new_words(claim, given)}
    counted = {item.start for before, item in pairwise(claim) if before.kind == "number"}
    settled = []
    for item in claim:
        like = next(iter(sorted(look_up(item.key).like & keys)), meant.get(item.key))
        if item.start not in new:
            settled.append(item)
        elif like and item.kind == "word":
            settled.append(replace(item, key=like))
        elif item.text.lower() not in _LITTLE or (item.key in UNITS and item.start in counted):
            settled.append(item)
    return settled
