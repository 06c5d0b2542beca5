"""Give names typed in small letters the capitals that the conversation has for them."""

import re
from collections.abc import Sequence

from bot.antecedents import Turn
from bot.countries import CAPITALS
from bot.english import LABELS
from bot.phrases import NAME, find_spots, is_function, is_verb

_COUNTRIES = frozenset({*CAPITALS, *CAPITALS.values()})
_WORD_START = re.compile(r"(?:\A|[.!?:]\s+)[\"“]?\Z")


def restore_capitals(text: str, turns: Sequence[Turn]) -> str:
    """Return a text in small letters with names of countries and of the turns in capitals.

    A text with a capital anywhere is left as it is: it was typed with care.
    """
    if not text[1:].islower():
        return text
    names = {name for turn in turns for name in _find_names(turn)}
    small = {name.lower(): name for name in {*names, *_COUNTRIES} if not _is_plain(name)}
    longest = sorted(map(re.escape, small), key=len, reverse=True)
    pattern = rf"(?i)(?<![\w-])(?:{'|'.join(longest)})(?![\w-])"
    return re.sub(pattern, lambda found: small[found[0].lower()], text)


def _find_names(turn: Turn) -> list[str]:
    """Return the names of a turn, but for single words that may have their capital for a start."""
    names = []
    for text in (turn.question, turn.answer):
        for start, end in find_spots(NAME, text):
            if " " in text[start:end] or not _WORD_START.search(text[:start]):
                names.append(text[start:end])
    return names


def _is_plain(name: str) -> bool:
    first = name.split()[0].lower()
    return first in LABELS or is_function(name.lower()) or is_verb(name)
