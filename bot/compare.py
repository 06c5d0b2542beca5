"""Compare a claim with the sentences that shall support it: swapped facts, flips, what is new."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.claim import LESS, MORE, Item, mean_same
from bot.english import FUNCTION_WORDS
from bot.facts import agree, drop_year
from ingest.words import stem_words

# Words around an item that tell what it is said of.
_AROUND = 5
_FACTS = {"number": "number", "percent": "percent", "money": "money", "ordinal": "ordinal",
          "year": "time", "date": "time", "name": "name"}  # fmt: skip
# How much better another fact must fit than the one said, to say that they were swapped.
_MARGIN = 0.05
_LEAD_WEIGHT = 0.15
# What an item counts that stands on the other side.
_ACROSS = 0.3
# How fast an item counts less that stands nearer or farther off than in the claim.
_FADING = 0.3
_OPPOSITES_TEXT = """
rise fall|rose fell|risen fallen|increase decrease|increase decline|grow shrink|grew shrank|up down
gain loss|gain lose|win lose|won lost|before after|above below|over under|more less|more fewer
first last|begin end|began ended|start stop|start end|open close|accept reject|approve reject
approve veto|adopt reject|support oppose|favour oppose|allow ban|allow forbid|allow prohibit
permit prohibit|lift impose|confirm deny|confirmed denied|admit deny|agree refuse|agree disagree
include exclude|import export|arrive leave|arrived left|enter leave|join leave|join left
joined leave|enter exit|early late|earlier later|high low|higher lower|large small|larger smaller
long short|longer shorter|many few|old new|north south|east west|northern southern|eastern western
legal illegal|lawful unlawful|possible impossible|public secret|true false|same different
with without|for against|always never|all none|all some|strengthen weaken|strong weak
success failure|succeed fail|success fail|praise condemn|praise criticise|welcome condemn
continue stop|continue end|buy sell|bought sold|send receive|sent received|give take|gave took
build destroy|create destroy|create dissolve|expand shrink|maximum minimum|most least|best worst
majority minority|inside outside|since until|advance retreat|attack defend|victory defeat|war peace
alive dead|born died|remain leave|restore suspend|resume suspend|ratify reject|sign reject
keep abandon|inner outer|upper lower|positive negative|direct indirect|major minor|active inactive
present absent|common rare|near far|die survive|died survive|died survived
grow fall|grew fell|rise shrink|rose shrank|increase shrink
"""
_PREFIXES = ("un", "in", "non", "dis", "im", "il", "ir")


def find_missing_fact(claim: Sequence[Item], given: Sequence[Item]) -> Item | None:
    """Return the first number, date or name of a claim that is not among what is given."""
    for item in claim:
        if item.kind == "word" and not (item.text[0].isupper() or item.key[0].isdigit()):
            continue
        if item.kind == "word" and item.start == 0 and item.text.lower() in FUNCTION_WORDS:
            continue
        if not any(mean_same(item, it) or _is_dated(item, it, given) for it in given):
            return item
    return None


def _is_dated(item: Item, other: Item, given: Sequence[Item]) -> bool:
    """Tell whether a date is given as a day here and its year elsewhere."""
    parts = drop_year(item.fact) if item.fact else None
    if not parts or not other.fact or other.fact.value != parts[0].value:
        return False
    return any(agree(parts[1], elsewhere.fact) for elsewhere in given if elsewhere.fact)


def find_swap(
    claim: Sequence[Item], sentences: Sequence[Sequence[Item]]
) -> tuple[Item, Item] | None:
    """Return a fact of the claim and the one that the sentences have in its place, if any.

    One that the claim says too, elsewhere, is in its place only if the two have changed places.
    """
    fits = [
        _list_fits(claim, place, sentences) if item.kind in _FACTS else []
        for place, item in enumerate(claim)
    ]
    for place, item in enumerate(claim):
        same = max((fit for fit in fits[place] if fit.is_same), key=_score, default=None)
        for other in fits[place]:
            if other.is_same or other.score <= _score(same) + _MARGIN:
                continue
            elsewhere = [
                mine for mine, also in enumerate(claim)
                if mine != place and also.kind in _FACTS and mean_same(also, other.given)
            ]  # fmt: skip
            gains = [_gain(fits[place], fits[mine], item, other.given) for mine in elsewhere]
            # Names come in any order; numbers that do are held back, for nothing else tells them.
            if item.kind != "name" or not gains or min(gains) > -_MARGIN:
                return item, other.given
    return None


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a fact of a sentence fits where the claim has one, and if it is the same."""

    given: Item
    is_same: bool
    score: float
    share: float


def _list_fits(
    claim: Sequence[Item], place: int, sentences: Sequence[Sequence[Item]]
) -> list[_Fit]:
    """Return how well each fact of the sentences fits at a place of the claim."""
    item = claim[place]
    everything = list(chain.from_iterable(sentences))
    fits = []
    for sentence in sentences:
        share = measure_cover(claim, sentence)
        for spot, given in enumerate(sentence):
            is_same = mean_same(item, given) or _is_dated(item, given, everything)
            if not is_same and not _are_alike(item, given):
                continue
            around = _compare_around(claim, place, sentence, spot)
            lead = _LEAD_WEIGHT * (given.lead == item.lead)
            fits.append(_Fit(given, is_same, share + around + lead, share))
    return fits


def _are_alike(item: Item, given: Item) -> bool:
    """Tell whether two facts are of one kind; "1520" may be a year or a number."""
    kinds = {item.kind, given.kind}
    return kinds == {"number", "year"} or _FACTS.get(given.kind) == _FACTS[item.kind]


def _score(fit: _Fit | None) -> float:
    return fit.score if fit else 0.0


def _gain(mine: Sequence[_Fit], its: Sequence[_Fit], item: Item, other: Item) -> float:
    """Return how much better two facts fit in each other's place than in their own."""
    crossed = max((fit.score for fit in mine if fit.given == other), default=0.0)
    crossed += max((fit.score for fit in its if mean_same(item, fit.given)), default=0.0)
    own = max((fit.score for fit in mine if fit.is_same), default=0.0)
    own += max((fit.score for fit in its if fit.is_same), default=0.0)
    return crossed - own


def find_flip(claim: Sequence[Item], sentences: Sequence[Sequence[Item]]) -> Item | None:
    """Return an item that the claim denies and the sentences do not, or the other way round.

    A word whose opposite they have in its place is one too.
    """
    best = max(sentences, key=lambda sentence: measure_cover(claim, sentence), default=())
    keys = {key for item in best for key in (item.key, *stem_words(item.text))}
    for place, item in enumerate(claim):
        if item.kind == "word" and item.key not in keys:
            opposites = _list_opposites(item.key)
            against = [it for it in best if {it.key, *stem_words(it.text)} & opposites]
            # Not to survive is to die.
            if against and not (item.denied and not any(it.denied for it in against)):
                return item
        spots = [
            (measure_cover(claim, sentence) + _compare_around(claim, place, sentence, spot), given)
            for sentence in sentences
            for spot, given in enumerate(sentence)
            if mean_same(item, given)
        ]
        if not spots:
            continue
        given = max(spots, key=lambda spot: spot[0])[1]
        if given.denied != item.denied or {given.lead, item.lead} == {MORE, LESS}:
            return item
    return None


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
    keys = set(chain.from_iterable(item.key.split() for item in given))
    return [item for item in claim if item.kind == "word" and item.key not in keys]


def measure_order(claim: Sequence[Item], sentences: Sequence[Sequence[Item]]) -> float:
    """Return how far, 0 to 1, a claim's items stand among the same neighbours as in a sentence."""
    fits = [
        max(
            (
                _compare_around(claim, place, sentence, spot)
                for sentence in sentences
                for spot, given in enumerate(sentence)
                if mean_same(item, given)
            ),
            default=0.0,
        )
        for place, item in enumerate(claim)
    ]
    return sum(fits) / len(fits) if fits else 0.0


def _compare_around(
    claim: Sequence[Item], place: int, sentence: Sequence[Item], spot: int
) -> float:
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


def _list_opposites(key: str) -> set[str]:
    found = set(_OPPOSITES.get(key, ()))
    for prefix in _PREFIXES:
        found.add(prefix + key)
        if key.startswith(prefix) and len(key) > len(prefix) + 3:
            found.add(key.removeprefix(prefix))
    return found


def _read_opposites() -> dict[str, set[str]]:
    opposites: dict[str, set[str]] = {}
    for pair in _OPPOSITES_TEXT.replace("\n", "|").split("|"):
        if pair.strip():
            one, other = (" ".join(stem_words(word)) for word in pair.split())
            opposites.setdefault(one, set()).add(other)
            opposites.setdefault(other, set()).add(one)
    return opposites


_OPPOSITES = _read_opposites()
