"""Find the names in a text that may be a person's."""

import re

from bot.countries import CAPITALS
from bot.english import DATES, INSTITUTIONS, LABELS, PREPOSITIONS
from bot.phrases import NAME, Phrase, find_spots, is_function, is_verb

# Words of names that are no person's.
_NOT_PERSON = (
    INSTITUTIONS
    | DATES
    | LABELS
    | {"act", "agreement", "central", "federation", "great", "kingdom", "korea", "lower", "nations"}
    | {"new", "panel", "resolution", "saint", "states", "system", "united", "upper"}
)
_PLACES = {*CAPITALS, *CAPITALS.values()}
_AT = frozenset({"in", "at", "near"})
_AT_OR_TO = _AT | {"to", "from", "on", "off", "of"}


def find_persons(text: str) -> list[Phrase]:
    """Return the names in a text that may be a person's, the surest first."""
    names = []
    for start, end in find_spots(NAME, text):
        before = text[:start].lower().split()[-1:]
        phrase = Phrase(text[start:end], "", True, False, before == ["the"], "".join(before))
        is_place = phrase.before in (_AT if " " in phrase.text else _AT_OR_TO)
        after = re.match(r"\s([a-z]+)\b", text[end:])
        # "Annual leave", "Russian ships"
        tells = after and not is_function(after[1]) and not is_verb(after[1])
        is_firm = phrase.before == "&" or text[end : end + 2] in {"'s", "’s", " &"}
        if may_be_person(phrase) and not (is_place or tells or is_firm):
            names.append(phrase)
    # A name of several words is more surely a person's than a country's or an agency's.
    return sorted(names, key=lambda name: (name.before in PREPOSITIONS, " " not in name.text))


def may_be_person(phrase: Phrase) -> bool:
    """Return whether a name may be a person's: no known word for a place or body is in it."""
    words = re.findall(r"\w+", phrase.text.lower())
    known = (
        _NOT_PERSON.intersection(words)
        or phrase.text in _PLACES
        or (len(words) == 1 and phrase.text.isupper())
    )
    return phrase.is_name and not (phrase.is_determined or known)
