"""Turn a question that a passage answers into one, much like it, that the passage does not answer.

The kinds are those that Rajpurkar, Jia and Liang (2018) list for SQuAD 2.0: another entity, another
number, an antonym, a negation, another word in the place of one.
"""

import random
import re

_NAME = re.compile(r"\b[A-Z][\w’'-]*(?: (?:of |the |and )?[A-Z][\w’'-]*)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_PLAIN_WORD = re.compile(r"\b[a-z]{4,}\b")
_AUXILIARY = re.compile(
    r"\b(did|does|do|was|were|is|are|can|could|will|would|has|have|had|should)\b", re.IGNORECASE
)
_ASKING_WORDS = """
what which when where whom whose while does were have been that this these those with from into than
then they them their there many much long often about name kind type would could should being after
before during between year years person people
"""
_ASKING = frozenset(_ASKING_WORDS.split())
_ENDINGS = ("tion", "ing", "ed", "ly", "ies", "s")
_ANTONYMS = """
first last|most least|before after|more less|more fewer|largest smallest|highest lowest|early late
earlier later|earliest latest|oldest youngest|old new|north south|east west|northern southern
eastern western|increase decrease|increased decreased|rise fall|rose fell|win lose|won lost
begin end|began ended|start stop|started stopped|open close|opened closed|high low|higher lower
large small|larger smaller|long short|longer shorter|same different|common rare|allowed forbidden
accept reject|accepted rejected|support oppose|supported opposed|cause prevent|good bad|best worst
male female|men women|king queen|father mother|son daughter|brother sister|always never
public private|rich poor|strong weak|import export|buy sell|bought sold|add remove|added removed
major minor|maximum minimum|upper lower|inside outside|above below|over under|with without
possible impossible|legal illegal|direct indirect|ancient modern|rural urban|hot cold|hard soft
easy difficult|gain loss|arrive leave|arrived left|enter exit|create destroy|created destroyed
born died|birth death|love hate|like dislike|liked disliked|fast slow|left right|up down
heavy light|full empty|wet dry|cheap expensive|positive negative|success failure|front back
"""
_OPPOSITES: dict[str, list[str]] = {}
for _pair in _ANTONYMS.replace("\n", "|").split("|"):
    if _pair.strip():
        _one, _other = _pair.split()
        _OPPOSITES.setdefault(_one, []).append(_other)
        _OPPOSITES.setdefault(_other, []).append(_one)


def perturb_question(
    question: str, passage: str, related: str, chance: random.Random
) -> str | None:
    """Return a question that `passage` does not answer, None if no kind of change fits.

    `related` is text of the same subject, from which other names and words may come.
    """
    source = passage if chance.random() < 0.7 else related
    kinds = [_swap_name, _swap_name, _swap_number, _swap_opposite, _swap_opposite, _swap_word,
             _swap_word, _negate]  # fmt: skip
    chance.shuffle(kinds)
    for kind in kinds:
        changed = kind(question, source, chance)
        if changed is not None and changed != question:
            return changed
    return None


def _swap_name(question: str, source: str, chance: random.Random) -> str | None:
    names = [found for found in _NAME.finditer(question) if found.start() > 0]
    others = sorted({item for item in _NAME.findall(source) if item not in question})
    others = [item for item in others if item.lower() not in _ASKING and len(item) > 3]
    return _swap(question, names, others, chance)


def _swap_number(question: str, source: str, chance: random.Random) -> str | None:
    numbers = list(_NUMBER.finditer(question))
    others = sorted({item for item in _NUMBER.findall(source) if item not in question})
    return _swap(question, numbers, others, chance)


def _swap_opposite(question: str, source: str, chance: random.Random) -> str | None:
    words = [found for found in re.finditer(r"\b[a-z]+\b", question) if found[0] in _OPPOSITES]
    if not words:
        return None
    word = chance.choice(words)
    return _replace(question, word, chance.choice(_OPPOSITES[word[0]]))


def _swap_word(question: str, source: str, chance: random.Random) -> str | None:
    words = [found for found in _PLAIN_WORD.finditer(question) if found[0] not in _ASKING]
    if not words:
        return None
    word = chance.choice(words)
    ending = _ending(word[0])
    others = sorted(
        {
            item
            for item in _PLAIN_WORD.findall(source)
            if item not in question and item not in _ASKING and _ending(item) == ending
        }
    )
    return _replace(question, word, chance.choice(others)) if others else None


def _negate(question: str, source: str, chance: random.Random) -> str | None:
    found = _AUXILIARY.search(question)
    if found is None or re.search(r"\bnot\b|n't", question):
        return None
    if chance.random() < 0.5:
        return _replace(question, found, f"{found[0]}n't".replace("willn't", "won't"))
    # "did the king not ...": the negation stands before the verb, about two words on.
    words = question[found.end() :].split(" ")
    at = min(len(words), chance.choice((1, 2, 3)))
    return question[: found.end()] + " ".join([*words[:at], "not", *words[at:]])


def _swap(
    question: str, places: list[re.Match[str]], others: list[str], chance: random.Random
) -> str | None:
    if not places or not others:
        return None
    return _replace(question, chance.choice(places), chance.choice(others))


def _replace(question: str, place: re.Match[str], other: str) -> str:
    return question[: place.start()] + other + question[place.end() :]


def _ending(word: str) -> str:
    return next((ending for ending in _ENDINGS if word.endswith(ending)), "")
