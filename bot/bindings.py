"""Facts that stand right beside a word where a claim, in other words, has another one."""

from collections.abc import Sequence

from bot.claim import LESS, MORE, Item, mean_same
from bot.compare import are_rivals
from bot.thesaurus import are_like

COUNTS = frozenset({"number", "money", "percent", "ordinal"})
# A sentence that holds so much less of the claim than another one is about something else.
_SLACK = 0.15
# As far from a word a fact still stands beside it.
_BESIDE = 2
_FAR = 7


def find_bound(
    claim: Sequence[Item],
    place: int,
    sentences: Sequence[Sequence[Item]],
    shares: Sequence[float],
) -> Item | None:
    """Return a fact that stands right beside a word where the claim has another one."""
    item = claim[place]
    holding = [
        share for share, sentence in zip(shares, sentences, strict=True)
        if any(mean_same(item, given) for given in sentence)
    ]  # fmt: skip
    if not holding:
        return None
    least = max(holding) - _SLACK
    likely = [sentence for share, sentence in zip(shares, sentences, strict=True) if share >= least]
    if rival := _find_by_lead(item, likely):
        return rival
    # A number belongs to the word after it, whatever it comes after.
    steps = (1, -1) if item.kind in COUNTS else (-1, 1)
    found = None
    for step in steps:
        beside = claim[place + step] if 0 <= place + step < len(claim) else None
        if beside is None or beside.kind == item.kind or (item if step < 0 else beside).breaks:
            continue
        mine, rival = _measure_near(item, beside, -step, likely)
        if rival and item.kind in COUNTS and step > 0 and not _is_before(item, beside, likely):
            return rival
        if mine <= _BESIDE:
            return None
        found = found or rival
    return found


def _is_before(item: Item, beside: Item, sentences: Sequence[Sequence[Item]]) -> bool:
    """Tell whether a number stands shortly before a word, as it does in the claim."""
    return any(
        mean_same(beside, word)
        and any(mean_same(item, it) for it in sentence[max(0, spot - _BESIDE) : spot])
        for sentence in sentences
        for spot, word in enumerate(sentence)
    )


def _find_by_lead(item: Item, sentences: Sequence[Sequence[Item]]) -> Item | None:
    """Return the fact that sentences have "more than" or "less than" before, not the one said."""
    if item.lead not in {MORE, LESS}:
        return None
    for sentence in sentences:
        same = [given for given in sentence if mean_same(item, given)]
        rivals = [it for it in sentence if it.lead == item.lead and are_rivals(item, it)]
        if same and rivals and all(given.lead != item.lead for given in same):
            return rivals[0]
    return None


def _measure_near(
    item: Item, beside: Item, step: int, sentences: Sequence[Sequence[Item]]
) -> tuple[int, Item | None]:
    """Return how near an item stands to a word that it stands beside in the claim, and its rival.

    `step` is the side of the word, -1 before it, on which the claim has the item: there the rival
    stands right beside it.
    """
    nearest, rival = _FAR, None
    for sentence in sentences:
        for spot, word in enumerate(sentence):
            is_same = mean_same(beside, word)
            if not (is_same or are_like(beside.key, word.key)):
                continue
            for place, given in enumerate(sentence):
                if mean_same(item, given) and _is_of(
                    item, given, beside, word, is_same_side=(place - spot) * step > 0
                ):
                    first, last = sorted((place, spot))
                    breaks = sum(it.breaks for it in sentence[first + 1 : last + 1])
                    nearest = min(nearest, last - first + breaks)
            there = spot + step
            if not is_same or not 0 <= there < len(sentence) or sentence[max(there, spot)].breaks:
                continue
            given = sentence[there]
            if (given.lead == item.lead or item.kind in COUNTS) and are_rivals(item, given):
                rival = rival or given
    return nearest, rival


def _is_of(item: Item, given: Item, beside: Item, word: Item, *, is_same_side: bool) -> bool:
    """Tell whether a fact may be to a verb what it is in the claim: not "in Russia", but Russia."""
    if is_same_side or not (beside.text.endswith("ed") and word.text.endswith("ed")):
        return True
    return given.lead == item.lead or "by" in {given.lead, item.lead}
