"""A sentence as what it claims: its words, names, numbers and dates in order, denied or not."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.aliases import Aliases
from bot.denial import NEGATORS, Denial, find_denials
from bot.english import FUNCTION_WORDS, STARTERS, TITLES
from bot.facts import Fact, agree, find_facts
from bot.metonyms import find_country, replace_peoples
from bot.spelling import Word, fold_name, is_acronym, split_words
from bot.thesaurus import knows
from bot.verb_forms import find_irregular_base
from ingest.words import stem_words

# Small words that change what is claimed; the others carry nothing.
_WEIGHTY_TEXT = """
above after against all always any before below between billions double dozen during every few first
half hundreds last less majority many millions minority more most never only over quarter since some
thousands twice under until without
"""
_WEIGHTY = frozenset(_WEIGHTY_TEXT.split())
# Facts of one class may stand in each other's place.
CLASSES = {"number": "number", "percent": "percent", "money": "money", "ordinal": "ordinal",
          "year": "time", "date": "time", "name": "name"}  # fmt: skip
MORE, LESS = "more than", "less than"
_MORE = frozenset({MORE, "over", "above", "at least", "exceeding"})
_LESS = frozenset({LESS, "fewer than", "under", "below", "at most", "nearly", "almost"})
_LEAD = re.compile(
    r"(?i)\b((?:more|less|fewer) than|over|above|at least|exceeding|under|below|at most|up to"
    r"|nearly|almost|from|to|by|for|against|with|before|after|until|since|between|and|of|on|in|at"
    r"|into|near|through|during|as) (?:the |an? )?\Z"
)
_OR_MORE = re.compile(r"(?i),? or (?:more|over|above)\b")
# What begins another part of a sentence, and what makes a verb passive.
_BREAK = re.compile(
    r"[,;:()–—]|\b(?:and|but|while|whereas|which|who|that|because|although|so|or)\b"
)
_PASSIVE = re.compile(r"(?i)\b(?:is|are|was|were|be|been|being)\b[^,;:]*\Z")
# Both of them: the two that have been named.
_BOTH = re.compile(
    r"(?i)\b(?:the |these |those )?(?:two|2) (?=(?:(?:neighbouring|other|friendly) )?(?:sides"
    r"|parties|countries|states|nations|neighbours|governments|leaders|presidents|ministers|allies|men"
    r"|partners|capitals|foreign ministers)\b)"
)
# How figures grow or fall: "up by over 22 percent".
_GROWTH = re.compile(
    r"(?i)\b(?:up|down)(?= (?:(?:by|over|about|around|more than|nearly|almost|some) )*[\d$€£])"
)
# After a verb they may make another one of it: "turned down".
_PARTICLES = frozenset(
    ("up", "down", "out", "off", "over", "away", "back", "apart", "aside", "part", "place")
)
_VOTED = re.compile(r"(?i)\bvot(?:e|es|ed|ing)(?: (for|against|no)\b)")
_DEMONYM = re.compile(r"(?:n|an|ian|ean|ese|ish|i|s|c|ic)?\Z")


@dataclass(frozen=True, slots=True)
class Item:
    """A word, name, number or date of a claim.

    `kind` is "word", "name", or that of a `Fact`; `key` is the same for all ways to write it. An
    item is `denied` within reach of a negation; `lead` is the preposition before it, if any, or
    MORE or LESS. `country` is the key of the country whose government a capital stands for. With
    an item that `breaks` begins another part of the sentence; `passive` is what may be a verb that
    somebody else does to what comes before it.
    """

    kind: str
    key: str
    text: str
    start: int
    end: int
    fact: Fact | None = None
    denied: Denial | None = None
    lead: str = ""
    country: str = ""
    breaks: bool = False
    passive: bool = False


def read_claim(text: str, aliases: Aliases) -> list[Item]:
    """Return what a text claims, in order; names are spelt as the library does most often."""
    text = _BOTH.sub("both ", aliases.normalise(replace_peoples(text)))
    text = _VOTED.sub(lambda found: "supported" if found[1].lower() == "for" else "opposed", text)
    text = _GROWTH.sub(lambda found: "rose" if found[0].lower() == "up" else "fell", text)
    facts = find_facts(text)
    items = [Item(fact.kind, fact.value, text[fact.start : fact.end], fact.start, fact.end, fact)
             for fact in facts]  # fmt: skip
    words = [
        word for word in split_words(text) if not any(f.start <= word.start < f.end for f in facts)
    ]
    run: list[Word] = []
    for place, word in enumerate(words):
        if _is_name(text, words, place, aliases) and not _is_title(word.key):
            if run and text[run[-1].end : word.start] not in {" ", ". "}:
                items.append(_join(text, run))
                run = []
            run.append(word)
            continue
        if run:
            items.append(_join(text, run))
            run = []
        items += _read_word(word, words[place + 1] if place + 1 < len(words) else None)
    if run:
        items.append(_join(text, run))
    return _place(text, sorted(items, key=lambda item: item.start), words, aliases)


def read_words(text: str) -> list[Item]:
    """Return all words of a text as plain words."""
    return [item for word in split_words(text) for item in _read_word(word, None)]


def read_word(item: Item) -> Item:
    """Return an item as a plain word, in small letters."""
    small = item.text.lower()
    return replace(item, kind="word", key=read_key(small), text=small)


def read_key(word: str) -> str:
    """Return what all forms of a word in small letters share: "sent" and "sends"."""
    base = find_irregular_base(word) or word
    return " ".join(stem_words(base)) or base


def mean_same(said: Item, given: Item) -> bool:
    """Tell whether an item that is said is what is given; a name may be given more fully."""
    if said.kind == given.kind == "word":
        return said.key == given.key
    if said.fact and given.fact:
        return agree(said.fact, given.fact)
    if said.kind == given.kind == "name":
        return any(
            bool(one and other) and contains_name(other, one)
            for one in (said.key, said.country)
            for other in (given.key, given.country)
        )
    return said.key == given.key


@lru_cache(maxsize=16384)
def contains_name(whole: str, part: str) -> bool:
    """Tell whether the words of a name stand in a row in `whole`."""
    words, row = whole.split(), part.split()
    return any(
        all(_is_alike(one, other) for one, other in zip(row, words[place:], strict=False))
        for place in range(len(words) - len(row) + 1)
    )


def _is_alike(one: str, other: str) -> bool:
    """Tell whether two words of names mean the same: "Russia" and "Russian"."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    # "Russia" and "Russian", "Ukraine" and "Ukrainian", "Italy" and "Italian".
    shared = re.sub(r"[aey]\Z", "", short) if len(short) > 4 else short
    return (
        len(shared) >= 4 and long.startswith(shared) and bool(_DEMONYM.match(long[len(shared) :]))
    )


def _place(text: str, items: list[Item], words: list[Word], aliases: Aliases) -> list[Item]:
    """Return items with what the words between them make of each."""
    denials = find_denials(text, items, words)
    placed = []
    end = 0
    for item in items:
        gap = text[end : item.start]
        country = find_country(item.key, text[: item.start]) if item.kind == "name" else ""
        placed.append(
            replace(
                item,
                denied=denials.get(item.start),
                lead=_find_lead(text, item),
                country=" ".join(fold_name(aliases.normalise(country.title()))),
                breaks=bool(_BREAK.search(gap)),
                passive=item.kind == "word"
                and not item.text.endswith("ing")
                and bool(_PASSIVE.search(gap)),
            )
        )
        end = item.end
    return placed


def _is_name(text: str, words: list[Word], place: int, aliases: Aliases) -> bool:
    word = words[place]
    if not any(map(str.isupper, word.text)) or word.text in {"I", "A"}:
        return False
    before = text[: word.start].rstrip(" \"'“‘(")
    if before and before[-1] not in ".?!:":
        return True
    if word.key in STARTERS or word.key in FUNCTION_WORDS:
        return False
    after = words[place + 1] if place + 1 < len(words) else None
    beside = after is not None and text[word.end : after.start] == " " and after.text[0].isupper()
    return is_acronym(word.text) or beside or aliases.knows(word.text)


def _is_title(key: str) -> bool:
    return key in TITLES or key.removesuffix("s") in TITLES


def _join(text: str, run: list[Word]) -> Item:
    start, end = run[0].start, run[-1].end
    return Item("name", " ".join(word.key for word in run), text[start:end], start, end)


def _read_word(word: Word, after: Word | None) -> list[Item]:
    if (word.key in FUNCTION_WORDS and word.key not in _WEIGHTY) or word.key in NEGATORS:
        return []
    # "MiG-15s" are several of one kind.
    plain = word.key[:-1] if word.key[:-1].isdigit() and word.key.endswith("s") else word.key
    key = read_key(plain)
    joined = after is not None and after.start == word.end + 1 and after.text in _PARTICLES
    if after and joined and knows(f"{key}_{after.text}"):
        # "Turned down" is a word of its own.
        key = f"{key}_{after.text}"
    return [Item("word", key, word.text, word.start, word.end)]


def _find_lead(text: str, item: Item) -> str:
    if _OR_MORE.match(text, item.end):
        return MORE
    before = _LEAD.search(text, max(0, item.start - 20), item.start)
    if before is None:
        return ""
    word = " ".join(before[1].lower().split())
    return MORE if word in _MORE else LESS if word in _LESS else word
