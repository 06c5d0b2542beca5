"""What a claim denies that the sentences affirm, or the other way round, and opposites."""

from collections.abc import Sequence
from itertools import pairwise

from bot.claim import LESS, MORE, Item, mean_same, read_key
from bot.compare import UNITS, compare_around, measure_cover
from bot.thesaurus import are_like, look_up
from ingest.words import stem_words

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
grow fall|grew fell|rise shrink|rose shrank|increase shrink|rose less|grew less
only all|only every|absent attend|lose elect|end revive|end continue|end remain|deny admit
deny acknowledge|recognise reject|support opponent|back opponent|approve turn_down
accept turn_down|adopt turn_down|support veto
back veto|back oppose|back reject|support reject|support condemn
"""
_PREFIXES = ("un", "in", "non", "dis", "im", "il", "ir")
_PREFIXED = 4
# A sentence that holds so much less of the claim than another one is about something else.
_SLACK = 0.25


def find_flip(
    claim: Sequence[Item], sentences: Sequence[Sequence[Item]], *, is_close: bool
) -> Item | None:
    """Return an item that the claim denies and the sentences do not, or the other way round.

    A word whose opposite they have in its place is one too. Where a claim is close to the
    sentences' wording, all that a negation reaches counts, else only what it denies.
    """
    shares = [measure_cover(claim, sentence) for sentence in sentences]
    best = sentences[shares.index(max(shares))] if sentences else ()
    keys = {key for item in best for key in (item.key, *stem_words(item.text))}
    said = {key for item in claim for key in (item.key, *stem_words(item.text))}
    for place, item in enumerate(claim):
        if (
            item.kind == "word"
            and item.key not in keys
            and _is_opposite(item, best, said, keys, is_close=is_close)
        ):
            return item
        if place and _is_other_unit(claim[place - 1], item, best):
            return item
        spots = [
            (share + compare_around(claim, place, sentence, spot), given)
            for share, sentence in zip(shares, sentences, strict=True)
            if is_close or share >= max(shares) - _SLACK
            for spot, given in enumerate(sentence)
            if mean_same(item, given)
        ]
        if not spots:
            continue
        given = max(spots, key=lambda spot: spot[0])[1]
        if is_close and bool(item.denied) is not bool(given.denied):
            return item
        if _differ(item, given, said, keys) or {given.lead, item.lead} == {MORE, LESS}:
            return item
    return None


def _is_opposite(
    item: Item, best: Sequence[Item], said: set[str], keys: set[str], *, is_close: bool
) -> bool:
    """Tell whether the best sentence has the opposite of a word that it lacks, and no like word."""
    opposites = _list_opposites(item.key) - (set() if is_close else said)
    against = [it for it in best if {it.key, *stem_words(it.text)} & opposites]
    like = not is_close and any(
        it.kind == "word" and it.key not in said and are_like(it.key, item.key) for it in best
    )
    # Not to survive is to die.
    like = like and not opposites & _OPPOSITES.get(item.key, set()) & keys
    is_same = bool(item.denied) is not any(it.denied for it in against)
    return bool(against) and not like and not is_same


def _is_other_unit(number: Item, unit: Item, sentence: Sequence[Item]) -> bool:
    """Tell whether a sentence has as many of another unit: six weeks, not six months."""
    if number.kind != "number" or unit.key not in UNITS:
        return False
    units = {
        after.key for given, after in pairwise(sentence)
        if mean_same(number, given) and after.key in UNITS
    }  # fmt: skip
    return bool(units) and unit.key not in units


def _differ(item: Item, given: Item, said: set[str], keys: set[str]) -> bool:
    """Tell whether one of two items is what a negation denies, and the other one is not denied.

    Who refuses to sign denies it by a word that the other side may have in another form.
    """
    if bool(item.denied) is bool(given.denied):
        return False
    denial = item.denied or given.denied
    return denial is not None and denial.is_head and denial.word not in said & keys


def _list_opposites(key: str) -> set[str]:
    found = set(_OPPOSITES.get(key, ())) | look_up(key).against
    if key.endswith("er"):
        found |= {f"{other}er" for other in _list_opposites(key.removesuffix("er"))}
    for prefix in _PREFIXES:
        found.add(prefix + key)
        if key.startswith(prefix) and len(key) > len(prefix) + _PREFIXED:
            found.add(key.removeprefix(prefix))
    return found


def _read_opposites() -> dict[str, set[str]]:
    opposites: dict[str, set[str]] = {}
    for pair in _OPPOSITES_TEXT.replace("\n", "|").split("|"):
        if pair.strip():
            one, other = (word if "_" in word else read_key(word) for word in pair.split())
            opposites.setdefault(one, set()).add(other)
            opposites.setdefault(other, set()).add(one)
    return opposites


_OPPOSITES = _read_opposites()
