"""Who says and does what: the same ones in a claim as in a sentence, by active or passive voice."""

from collections.abc import Sequence

from bot.claim import Item, mean_same, read_key
from bot.compare import measure_cover

_SAYING = frozenset(
    map(read_key, ("say", "tell", "announce", "report", "claim", "declare", "warn", "argue", "add"))
)
# Who meets whom is the same either way.
_MUTUAL = frozenset(
    map(read_key, ("meet", "sign", "agree", "talk", "hold", "discuss", "negotiate"))
)
# As many items after a verb, "by" tells who does it.
_REACH = 6


def find_speaker(claim: Sequence[Item], sentence: Sequence[Item]) -> tuple[Item, Item] | None:
    """Return who says in a claim what somebody else says in a sentence that does not name them."""
    said_by, given_by = _list_speakers(claim), _list_speakers(sentence)
    for speaker in said_by if given_by else ():
        if not any(mean_same(speaker, it) or mean_same(it, speaker) for it in sentence):
            return speaker, given_by[0]
    return None


def _list_speakers(items: Sequence[Item]) -> list[Item]:
    """Return the names that come right before a word of saying, or after "according to"."""
    return [
        item for place, item in enumerate(items)
        if item.kind == "name"
        and (
            any(it.key in _SAYING and not it.passive for it in items[place + 1 : place + 2])
            or any(it.key == "accord" for it in items[max(0, place - 3) : place])
        )
    ]  # fmt: skip


def find_turned(claim: Sequence[Item], sentence: Sequence[Item]) -> tuple[Item, Item] | None:
    """Return who does in a claim what is done to them in a sentence, and who does it there."""
    for place, item in enumerate(claim):
        if item.kind != "word" or item.key in _MUTUAL:
            continue
        doer, done_to = _find_roles(claim, place)
        for spot, word in enumerate(sentence):
            if word.kind != "word" or word.key != item.key:
                continue
            does, suffers = _find_roles(sentence, spot)
            if not (does and suffers):
                continue
            if doer and mean_same(doer, suffers) and not mean_same(doer, does):
                return doer, does
            if done_to and mean_same(done_to, does) and not mean_same(done_to, suffers):
                return done_to, suffers
    return None


def _find_roles(items: Sequence[Item], place: int) -> tuple[Item | None, Item | None]:
    """Return the name that does what a verb says and the one it is done to, as far as told."""
    before = next((it for it in reversed(items[:place]) if it.kind == "name"), None)
    if items[place].passive:
        reach = items[place + 1 : place + _REACH]
        return next((it for it in reach if it.kind == "name" and it.lead == "by"), None), before
    after = items[place + 1] if place + 1 < len(items) else None
    is_object = after is not None and after.kind == "name" and not after.lead
    return before, after if is_object else None


def differ_in_voice(claim: Sequence[Item], sentences: Sequence[Sequence[Item]]) -> bool:
    """Tell whether a claim says in the passive what the nearest sentence says in the active."""
    best = max(sentences, key=lambda sentence: measure_cover(claim, sentence), default=())
    return any(
        item.kind == given.kind == "word" and item.key == given.key
        and item.passive is not given.passive
        for item in claim for given in best
    )  # fmt: skip
