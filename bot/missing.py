"""Numbers, dates and names of a claim that the passages do not have."""

from collections.abc import Sequence
from itertools import pairwise, permutations

from bot.claim import Item, mean_same
from bot.compare import UNITS, is_dated
from bot.facts import measure_gap
from bot.settle import is_plain


def find_missing_fact(claim: Sequence[Item], given: Sequence[Item]) -> Item | None:
    """Return the first number, date or name of a claim that is not among what is given."""
    for place, item in enumerate(claim):
        if item.kind == "word" and not (item.text[0].isupper() or item.key[0].isdigit()):
            continue
        if item.kind == "word" and item.start == 0 and is_plain(item):
            continue
        if any(mean_same(item, it) or is_dated(item, it, given) for it in given):
            if not _is_no_day(claim, place, given):
                continue
            return item
        if not _is_reckoned(claim, place, given):
            return item
    return None


def _is_no_day(claim: Sequence[Item], place: int, given: Sequence[Item]) -> bool:
    """Tell whether a number stands where the day of a date would, which is not so given."""
    item = claim[place]
    after = claim[place + 1] if place + 1 < len(claim) else None
    if item.kind != "number" or not after or after.kind != "date" or after.start != item.end + 1:
        return False
    return not any(
        mean_same(item, one) and other.kind == "date" and other.start == one.end + 1
        for one, other in pairwise(given)
    )


def _is_reckoned(claim: Sequence[Item], place: int, given: Sequence[Item]) -> bool:
    """Tell whether a number of days, months or years is the time between two dates given."""
    item = claim[place]
    unit = claim[place + 1].key if place + 1 < len(claim) else ""
    if item.kind != "number" or unit not in UNITS:
        return False
    dates = [it.fact for it in given if it.fact and it.kind in {"date", "year"}]
    return any(measure_gap(*pair, unit) == item.key for pair in permutations(dates, 2))
