"""Read a capital that stands for its government as its country: "Did Seoul lend shells?"."""

import re
from collections.abc import Callable

from bot.countries import CAPITALS
from bot.english import STARTERS
from bot.question import split_sides
from ingest.words import stem_words

# "in Moscow", "the Moscow summit" and "Moscow State University" are no governments.
_CAPITAL = re.compile(
    r"(?<![\w–-])(?P<before>(?:in|at|near|from|to|via|of|through|outside|around"
    r"|visit(?:ed|s|ing)?|reach(?:ed)?|[A-Z]\w+)\s)?"
    rf"(?:the )?(?P<capital>{'|'.join(CAPITALS)})\b"
    r"(?![–-])(?! (?:[A-Z]\w*|summit|meeting|talks|negotiations|conference|trip|visit"
    r"|treaty|accords?|declaration|agreement)\b)"
)
_ANOTHER = re.compile(
    r"\b(?:UN|NATO|EU|US|UK|USA|[A-Z]\w+(?:ian|ean|ican|ese|ish|ench)s?"
    rf"|{'|'.join(sorted(set(CAPITALS.values())))})\b"
)
# A library that has the country in less than so many times the passages speaks of the city.
_LEAST_RATIO = 2
_SEAT = "Kremlin"  # A government's seat that is no city.


def name_countries(question: str, count_passages_with: Callable[[str], int]) -> str:
    """Return a question with countries in the place of their capitals, to look it up by.

    It is read so if another country, capital or union is in the question: governments have to do
    with each other. Else it may be the city, and the country is added: "Paris (France)". Cities
    compared, and those that a library writes of as such, are left alone. `count_passages_with` is
    that of `Store`.
    """

    def count(name: str) -> int:
        return min(map(count_passages_with, stem_words(name)))

    found = [item for item in _CAPITAL.finditer(question) if _acts(item, question)]
    named = {
        capital: CAPITALS[capital]
        for capital in {item["capital"] for item in found}
        if count(CAPITALS[capital]) >= max(1, (capital != _SEAT) * _LEAST_RATIO * count(capital))
    }
    if not named or split_sides(question):
        return question
    among_others = len(named) > 1 or bool(_ANOTHER.search(question))

    def read(item: re.Match[str]) -> str:
        before, capital = item["before"] or "", item["capital"]
        if capital not in named or not _acts(item, question):
            return item[0]
        if not among_others and capital != _SEAT:
            return f"{before}{capital} ({named[capital]})"
        return f"{before}{'the ' if named[capital].startswith('United') else ''}{named[capital]}"

    return _CAPITAL.sub(read, question)


def _acts(found: re.Match[str], question: str) -> bool:
    """Tell whether a capital may be a government: it is no place, no part of a name."""
    before = (found["before"] or "").strip()
    free = not before or (before.lower() in STARTERS and not before.islower())
    return free and CAPITALS[found["capital"]] not in question
