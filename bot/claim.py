"""A sentence as what it claims: its words, names, numbers and dates in order, denied or not."""

import re
from dataclasses import dataclass, replace

from bot.aliases import Aliases
from bot.english import FUNCTION_WORDS, STARTERS, TITLES
from bot.facts import Fact, agree, find_facts
from bot.spelling import Word, fold_name, fold_word, is_acronym, split_words
from ingest.words import stem_words

# Small words that change what is claimed; the others carry nothing.
_WEIGHTY_TEXT = """
above after against all always any before below between billions double dozen during every few first
half hundreds last less majority many millions minority more most never only over quarter since some
thousands twice under until without
"""
_NEGATOR_TEXT = """
arent cannot cant couldnt didnt doesnt dont hadnt hardly hasnt havent isnt neither never no nobody
none nor not nothing shouldnt wasnt werent without wont wouldnt
"""
_WEIGHTY = frozenset(_WEIGHTY_TEXT.split())
_NEGATORS = frozenset(_NEGATOR_TEXT.split())
# "Failed to sign" denies that it was signed.
_DENYING = re.compile(r"(?i)(?:fail|refus|declin)(?:e|s|es|ed|ing)?\Z|unable\Z")
# "It keeps them from signing" too.
_KEEPING = re.compile(r"(?i)\b(?:keep|kept|prevent|bar|stop|ban|prohibit)\w* [^.;:]*\Z")
_SCOPE = 3
_STOP = re.compile(r"[;:.!?]|\bbut\b|[,–—]")
MORE, LESS = "more than", "less than"
_MORE = frozenset({MORE, "over", "above", "at least", "exceeding"})
_LESS = frozenset({LESS, "fewer than", "under", "below", "at most", "nearly", "almost"})
_LEAD = re.compile(
    r"(?i)\b((?:more|less|fewer) than|over|above|at least|exceeding|under|below|at most|up to"
    r"|nearly|almost|from|to|by|for|against|with|before|after|until|since|between|and)"
    r" (?:the |an? )?\Z"
)
# Names of peoples that are not made of their country's by an ending.
_PEOPLES = {
    "American": "United States", "British": "United Kingdom", "Dutch": "Netherlands",
    "French": "France", "Greek": "Greece", "Spanish": "Spain", "Swiss": "Switzerland",
    "Turkish": "Turkey", "Danish": "Denmark", "Finnish": "Finland", "Swedish": "Sweden",
    "Polish": "Poland", "Irish": "Ireland", "Welsh": "Wales", "Thai": "Thailand",
}  # fmt: skip
_PEOPLE = re.compile(
    rf"(?<!\bNorth )(?<!\bSouth )(?<!\bLatin )(?<!\bCentral )\b({'|'.join(_PEOPLES)})s?\b(?! [A-Z])"
)
# Capitals that stand for governments where these act: "Moscow and Beijing agreed".
_CAPITALS = {
    "moscow": "russia", "beijing": "china", "pyongyang": "north korea", "seoul": "south korea",
    "washington": "united states", "tokyo": "japan", "kyiv": "ukraine", "london": "united kingdom",
    "paris": "france", "berlin": "germany", "delhi": "india", "tehran": "iran", "ankara": "turkey",
    "kremlin": "russia", "white house": "united states",
}  # fmt: skip
_GOVERNS = re.compile(r"(?:\A|[,;:] |\b(?:and|both|but|by|that|whether|while) )\Z")
_DEMONYM = re.compile(r"(?:n|an|ian|ean|ese|ish|i|s|c|ic)?\Z")


@dataclass(frozen=True, slots=True)
class Item:
    """A word, name, number or date of a claim.

    `kind` is "word", "name", or that of a `Fact`; `key` is the same for all ways to write it. An
    item is `denied` within reach of a negation; `lead` is the preposition before it, if any, or
    MORE or LESS. `country` is the key of the country whose government a capital stands for.
    """

    kind: str
    key: str
    text: str
    start: int
    end: int
    fact: Fact | None = None
    denied: bool = False
    lead: str = ""
    country: str = ""


def read_claim(text: str, aliases: Aliases) -> list[Item]:
    """Return what a text claims, in order; names are spelt as the library does most often."""
    text = aliases.normalise(_PEOPLE.sub(lambda found: _PEOPLES[found[1]], text))
    facts = find_facts(text)
    items = [Item(fact.kind, fact.value, text[fact.start : fact.end], fact.start, fact.end, fact)
             for fact in facts]  # fmt: skip
    words = [
        word for word in split_words(text) if not any(f.start <= word.start < f.end for f in facts)
    ]
    negations: list[Word] = []
    run: list[Word] = []
    for place, word in enumerate(words):
        if _is_name(text, words, place, aliases) and word.key not in TITLES:
            if run and text[run[-1].end : word.start] not in {" ", ". "}:
                items.append(_join(text, run))
                run = []
            run.append(word)
            continue
        if run:
            items.append(_join(text, run))
            run = []
        items += _read_word(word)
        if _denies(text, word):
            negations.append(word)
    if run:
        items.append(_join(text, run))
    ordered = sorted(items, key=lambda item: item.start)
    return [
        replace(item, country=_find_country(text, item, aliases)) if item.kind == "name" else item
        for item in _mark_denied(text, ordered, negations)
    ]


def read_word(item: Item) -> Item:
    """Return an item as a plain word, in small letters."""
    small = item.text.lower()
    return replace(item, kind="word", key=" ".join(stem_words(small)) or small, text=small)


def mean_same(said: Item, given: Item) -> bool:
    """Tell whether an item that is said is what is given; a name may be given more fully."""
    if said.fact and given.fact:
        return agree(said.fact, given.fact)
    if said.kind == given.kind == "name":
        names = (
            (one, other) for one in (said.key, said.country) for other in (given.key, given.country)
        )
        return any(
            one and other and contains_name(other.split(), one.split()) for one, other in names
        )
    return said.key == given.key


def contains_name(whole: list[str], part: list[str]) -> bool:
    """Tell whether the words of a name stand in a row in `whole`."""
    return any(
        all(_is_alike(one, other) for one, other in zip(part, whole[place:], strict=False))
        for place in range(len(whole) - len(part) + 1)
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


def _find_country(text: str, item: Item, aliases: Aliases) -> str:
    """Return the country that a capital stands for, spelt as the library does, empty for none."""
    country = _CAPITALS.get(item.key)
    before = text[: item.start]
    if country is None or not _GOVERNS.search(before) or "between" in before[-40:].lower():
        return ""
    return " ".join(fold_name(aliases.normalise(country.title())))


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


def _join(text: str, run: list[Word]) -> Item:
    start, end = run[0].start, run[-1].end
    return Item("name", " ".join(word.key for word in run), text[start:end], start, end)


def _read_word(word: Word) -> list[Item]:
    if (word.key in FUNCTION_WORDS and word.key not in _WEIGHTY) or word.key in _NEGATORS:
        return []
    # "MiG-15s" are several of one kind.
    plain = word.key[:-1] if word.key[:-1].isdigit() and word.key.endswith("s") else word.key
    key = " ".join(stem_words(plain)) or plain
    return [Item("word", key, word.text, word.start, word.end)]


def _denies(text: str, word: Word) -> bool:
    if _DENYING.match(word.text):
        return text[word.end :].startswith(" to ")
    if word.text == "from":
        return bool(_KEEPING.search(text, max(0, word.start - 60), word.start))
    return fold_word(word.text) in _NEGATORS


def _mark_denied(text: str, items: list[Item], negations: list[Word]) -> list[Item]:
    """Mark the next items after each negation, up to the end of its clause."""
    denied: set[int] = set()
    for word in negations:
        if word.key == "no":
            # To send no arms is not to send arms.
            denied |= {item.start for item in items if text[item.end : word.start] == " "}
        reach = word.end
        for count, item in enumerate(item for item in items if item.start > word.start):
            gap = text[reach : item.start]
            if count >= _SCOPE or (count and _STOP.search(gap)):
                break
            denied.add(item.start)
            reach = item.end
    return [
        replace(item, denied=item.start in denied, lead=_find_lead(text, item)) for item in items
    ]


def _find_lead(text: str, item: Item) -> str:
    before = _LEAD.search(text, max(0, item.start - 20), item.start)
    if before is None:
        return ""
    word = " ".join(before[1].lower().split())
    return MORE if word in _MORE else LESS if word in _LESS else word
