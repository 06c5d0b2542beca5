"""Name what "the last one" and "the 1961 one" leave to the last question."""

import re

from bot.antecedents import Turn
from bot.english import AUXILIARIES, DETERMINERS, WH_WORDS
from bot.phrases import find_phrases, is_plural

_ONE = re.compile(
    r"\b(?P<before>(?i:(?:the|that|this|another|any)(?:\s[\w’'-]+){0,2}?|which|what))\s"
    r"(?P<one>ones?)\b(?!\s(?:who|that|which)\b)"
)
# "When was the first?"
_COUNTED = re.compile(r"(?i)\b(the (?:first|second|third|fourth|fifth|last|next))(?=\W*\Z)")
_ORDINAL = re.compile(r"(?i)first|second|third|fourth|fifth|last|next|\d+(?:st|nd|rd|th)?")


def name_ones(text: str, last: Turn) -> str:
    """Return a text with "one" as the last question's noun: "the last nuclear test"."""
    found = _ONE.search(_COUNTED.sub(r"\1 one", text))
    if not found or not AUXILIARIES.isdisjoint(found["before"].lower().split()):
        return text
    noun = _find_noun(last, among_several=found["before"].lower() in WH_WORDS)
    if not noun:
        return text
    told = found["before"].split()[1:]
    if not all(word[0].isdigit() or _ORDINAL.fullmatch(word) for word in told):
        # "The orange one" is no "orange red light".
        noun = noun.split()[-1]
    said = noun if found["one"] == "ones" else _make_singular(noun)
    return found.string[: found.start("one")] + said + found.string[found.end() :]


def _find_noun(last: Turn, *, among_several: bool) -> str:
    """Return the noun of the last question that is not a name, with the words that tell it."""
    phrases = [item for item in find_phrases(last.question) if not item.is_name]
    for phrase in phrases:
        is_one = phrase.is_determined or _ORDINAL.fullmatch(phrase.before)
        if not phrase.is_plural and (among_several or not is_one):
            continue
        words = phrase.text.split()
        place = next((i for i, word in enumerate(words) if word.startswith(phrase.head)), None)
        if place is None or not phrase.head.islower():
            continue
        own = words[: place + 1]
        while len(own) > 1 and (own[0].lower() in DETERMINERS or _ORDINAL.fullmatch(own[0])):
            own = own[1:]
        return " ".join(own)
    return ""


def _is_ordinal(word: str) -> bool:
    return bool(
        re.fullmatch(r"(?i)first|second|third|fourth|fifth|last|next|\d+(?:st|nd|rd|th)?", word)
    )


def _make_singular(noun: str) -> str:
    """Return "nuclear test" for "nuclear tests"."""
    if not is_plural(noun.split()[-1]):
        return noun
    if noun.endswith("ies"):
        return f"{noun[:-3]}y"
    return noun[:-2] if re.search(r"(?:[sx]|ch|sh)es\Z", noun) else noun.removesuffix("s")
