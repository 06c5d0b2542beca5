"""Compare a claim with the sentences that shall support it: how much of it they hold, how near."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain

from bot.claim import CLASSES, Item, mean_same
from bot.facts import agree, drop_year

# Words around an item that tell what it is said of.
_AROUND = 5
# What an item counts that stands on the other side.
_ACROSS = 0.3
# How fast an item counts less that stands nearer or farther off than in the claim.
_FADING = 0.3
UNITS = frozenset({"day", "week", "month", "year"})


def is_dated(item: Item, other: Item, given: Sequence[Item]) -> bool:
    """Tell whether a date is given as a day here and its year elsewhere."""
    parts = drop_year(item.fact) if item.fact else None
    if not parts or not other.fact or other.fact.value != parts[0].value:
        return False
    return any(agree(parts[1], elsewhere.fact) for elsewhere in given if elsewhere.fact)


def are_alike(item: Item, given: Item) -> bool:
    """Tell whether two facts are of one kind; "1520" may be a year or a number."""
    kinds = {item.kind, given.kind}
    return kinds == {"number", "year"} or CLASSES.get(given.kind) == CLASSES[item.kind]


def are_rivals(item: Item, given: Item) -> bool:
    """Tell whether two facts are of one kind and neither is part of the other."""
    if not are_alike(item, given):
        return False
    if item.fact and given.fact:
        return not agree(item.fact, given.fact) and not agree(given.fact, item.fact)
    return not mean_same(item, given) and not mean_same(given, item)


def measure_cover(claim: Sequence[Item], given: Iterable[Item]) -> float:
    """Return the share, 0 to 1, of a claim's items that are given."""
    listed = list(given)
    keys = {item.key for item in listed}
    held = sum(
        item.key in keys
        or (item.kind != "word" and any(mean_same(item, other) for other in listed))
        for item in claim
    )
    return held / len(claim) if claim else 0.0


def list_new_words(claim: Sequence[Item], given: Iterable[Item]) -> list[Item]:
    """Return the words of a claim that are not given in any form."""
    keys = set(chain.from_iterable(re.split("[ _]", item.key) for item in given))
    return [
        item for item in claim if item.kind == "word" and item.key.partition("_")[0] not in keys
    ]


def measure_closeness(claim: Sequence[Item], sentences: Sequence[Sequence[Item]]) -> float:
    """Return how far, 0 to 1, a claim's words are a sentence's, whatever facts stand there."""
    return measure_order(_mask(claim), [_mask(sentence) for sentence in sentences])


def _mask(items: Sequence[Item]) -> list[Item]:
    return [
        replace(item, kind="word", key=CLASSES[item.kind].upper(), fact=None)
        if item.kind in CLASSES else item
        for item in items
    ]  # fmt: skip


def measure_order(claim: Sequence[Item], sentences: Sequence[Sequence[Item]]) -> float:
    """Return how far, 0 to 1, a claim's items stand among the same neighbours as in a sentence."""
    fits = [
        max(
            (
                compare_around(claim, place, sentence, spot)
                for sentence in sentences
                for spot, given in enumerate(sentence)
                if mean_same(item, given)
            ),
            default=0.0,
        )
        for place, item in enumerate(claim)
    ]
    return sum(fits) / len(fits) if fits else 0.0


def compare_around(claim: Sequence[Item], place: int, sentence: Sequence[Item], spot: int) -> float:
    """Return how alike, 0 to 1, what stands around two items is; near items count most."""
    mine = (claim[:place][::-1][:_AROUND], claim[place + 1 :][:_AROUND])
    theirs = (sentence[:spot][::-1][:_AROUND], sentence[spot + 1 :][:_AROUND])
    fits = []
    for side in (0, 1):
        weights = [1 / distance for distance in range(1, len(mine[side]) + 1)]
        if not weights:
            continue
        got = 0.0
        for distance, (item, weight) in enumerate(zip(mine[side], weights, strict=True), 1):
            here, across = (_fit(item, distance, theirs[n]) for n in (side, 1 - side))
            got += weight * max(here, _ACROSS * across)
        fits.append(got / sum(weights))
    return sum(fits) / len(fits) if fits else 0.0


def _fit(item: Item, distance: int, around: Sequence[Item]) -> float:
    """Return 1 where an item stands as near, less where it stands farther off, 0 without it."""
    for other_distance, other in enumerate(around, 1):
        if mean_same(item, other):
            return 1 / (1 + _FADING * abs(other_distance - distance))
    return 0.0
