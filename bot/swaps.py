"""Facts of a claim that stand in the place of others: of the same kind, among the same words."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from bot.bindings import find_bound
from bot.claim import CLASSES, Item, mean_same
from bot.compare import are_alike, are_rivals, compare_around, is_dated, measure_cover
from bot.roles import find_speaker, find_turned

# How much better another fact must fit than the one said: in a claim close to the sentences'
# wording, and in another one.
_LITTLE = 0.05
_MARGIN = 0.25
# As well must a name fit at least that is said otherwise.
_LEAST_FIT = 0.1
_LEAD_WEIGHT = 0.15


def find_swap(
    claim: Sequence[Item], sentences: Sequence[Sequence[Item]], *, is_close: bool
) -> tuple[Item, Item] | None:
    """Return a fact of the claim and the one that the sentences have in its place, if any.

    Where a claim is close to the sentences' wording, a fact that fits even a little better is in
    its place; where it is not, one that stands right beside the same word, or that fits much better
    and stands in a sentence without the one said.
    """
    if is_close:
        return _find_exchange(claim, sentences)
    shares = [measure_cover(claim, sentence) for sentence in sentences]
    for place, item in enumerate(claim):
        if item.kind in CLASSES and (
            other := _find_in_place(claim, place, sentences, shares)
            or find_bound(claim, place, sentences, shares)
        ):
            return item, other
    best = max(range(len(sentences)), key=shares.__getitem__, default=-1)
    if best < 0:
        return None
    return find_speaker(claim, sentences[best]) or find_turned(claim, sentences[best])


def _find_exchange(
    claim: Sequence[Item], sentences: Sequence[Sequence[Item]]
) -> tuple[Item, Item] | None:
    """Return a fact of a claim close to the sentences and the one that fits better, if any.

    One that the claim says too, elsewhere, is in its place only if the two have changed places.
    """
    shares = [measure_cover(claim, sentence) for sentence in sentences]
    fits = [
        _list_fits(claim, place, sentences, shares) if item.kind in CLASSES else []
        for place, item in enumerate(claim)
    ]
    for place, item in enumerate(claim):
        own = _rate_own(fits[place])
        for other in fits[place]:
            if other.is_same or other.score <= own + _LITTLE:
                continue
            elsewhere = [
                mine for mine, also in enumerate(claim)
                if mine != place and also.kind in CLASSES and mean_same(also, other.given)
            ]  # fmt: skip
            gains = [_gain(fits[place], fits[mine], item, other.given) for mine in elsewhere]
            said, given = len(elsewhere), _count(other.given, sentences[other.sentence])
            if given > said and not any(
                fit.is_same and fit.sentence == other.sentence for fit in fits[place]
            ):
                return item, other.given
            # Names come in any order; numbers that do are held back, for nothing else tells them.
            if item.kind != "name" or not gains or min(gains) > -_LITTLE:
                return item, other.given
    return None


def _count(item: Item, sentence: Sequence[Item]) -> int:
    return sum(mean_same(item, given) for given in sentence)


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a fact of a sentence fits where the claim has one."""

    given: Item
    is_same: bool
    sentence: int
    score: float
    around: float


def _list_fits(
    claim: Sequence[Item],
    place: int,
    sentences: Sequence[Sequence[Item]],
    shares: Sequence[float],
) -> list[_Fit]:
    """Return how well each fact of the sentences fits at a place of the claim."""
    item = claim[place]
    everything = list(chain.from_iterable(sentences))
    fits = []
    for number, sentence in enumerate(sentences):
        for spot, given in enumerate(sentence):
            is_same = mean_same(item, given) or is_dated(item, given, everything)
            if not is_same and not are_alike(item, given):
                continue
            around = compare_around(claim, place, sentence, spot)
            lead = _LEAD_WEIGHT * (given.lead == item.lead)
            fits.append(_Fit(given, is_same, number, shares[number] + around + lead, around))
    return fits


def _rate_own(fits: Sequence[_Fit]) -> float:
    return max((fit.score for fit in fits if fit.is_same), default=0.0)


def _gain(mine: Sequence[_Fit], its: Sequence[_Fit], item: Item, other: Item) -> float:
    """Return how much better two facts fit in each other's place than in their own."""
    crossed = max((fit.score for fit in mine if fit.given == other), default=0.0)
    crossed += max((fit.score for fit in its if mean_same(item, fit.given)), default=0.0)
    return crossed - _rate_own(mine) - _rate_own(its)


def _find_in_place(
    claim: Sequence[Item],
    place: int,
    sentences: Sequence[Sequence[Item]],
    shares: Sequence[float],
) -> Item | None:
    """Return a fact that fits much better, of a sentence without the one that is said."""
    fits = _list_fits(claim, place, sentences, shares)
    own = _rate_own(fits)
    holding = {fit.sentence for fit in fits if fit.is_same}
    if not holding:
        # It stands above the passage, which says what all of it is about.
        return None
    better = [
        fit for fit in fits
        if not fit.is_same and fit.score > own + _MARGIN
        and (fit.around >= _LEAST_FIT or claim[place].kind != "name")
        and fit.sentence not in holding
        and are_rivals(claim[place], fit.given)
        and not any(mean_same(it, fit.given) for it in claim)
    ]  # fmt: skip
    return max(better, key=lambda fit: fit.score).given if better else None
