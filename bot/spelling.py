"""Words as all their spellings share them: without marks, dots and possessives, in one English."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from typing import NamedTuple

UPPER = "".join(char for char in map(chr, range(0x41, 0x530)) if char.isupper())
# A share of letters in common that two spellings of a word have, and two words hardly.
_LIKE = 0.8
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\w+(?:['’ʼ]\w+)*")


class Word(NamedTuple):
    """A word of a text: where it stands, as written, and its key (see `fold_word`)."""

    start: int
    end: int
    text: str
    key: str


def strip_marks(text: str) -> str:
    """Return a text without diacritics, with straight apostrophes and letters as in English."""
    if text.isascii():
        return text
    letters = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    return "".join(char for char in letters if not unicodedata.combining(char))


_PLAIN = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae",
     "Æ": "Ae", "œ": "oe", "Œ": "Oe", "þ": "th", "Þ": "Th", "ð": "d", "’": "'", "‘": "'", "ʼ": "'"}
)  # fmt: skip
GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}
)
# British and American spellings; what is added to a word (-ed, -s) is added to both.
_BRITISH = {
    "aluminium": "aluminum", "armour": "armor", "behaviour": "behavior", "cancelled": "canceled",
    "centre": "center", "colour": "color", "defence": "defense", "favour": "favor", "grey": "gray",
    "harbour": "harbor", "honour": "honor", "kilometre": "kilometer", "labour": "labor",
    "licence": "license", "litre": "liter", "metre": "meter", "neighbour": "neighbor",
    "offence": "offense", "plough": "plow", "programme": "program", "rumour": "rumor",
    "sceptic": "skeptic", "theatre": "theater", "travell": "travel", "vapour": "vapor",
}  # fmt: skip
_AMERICAN = {american: british for british, american in _BRITISH.items()}
_SPELT_TWO_WAYS = re.compile(
    rf"(?P<british>{'|'.join(_BRITISH)})|(?P<american>{'|'.join(_AMERICAN)})"
    r"|\w{3,}(?:(?P<s>is)|(?P<z>iz))(?=ations?\Z|(?P<verb>e[drs]?\Z|ing\Z))"
)
_ONLY_WITH_S = re.compile(
    r"(?:adv|arr?|comprom|conc|cru|dem|desp|dev|disgu|enterpr|exerc|expert|franch|improv|merchand"
    r"|no|otherw|pra|prec|prem|prom|ra|rev|sunr|superv|surpr|telev|upr)is"
)


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """Return a word in the form that all its spellings share.

    Lower case, without possessive, diacritics, apostrophes and dots, in American spelling.
    """
    plain = strip_marks(word).replace(".", "").casefold()
    plain = plain.removesuffix("'s").replace("'", "")
    other = spell_other_way(plain)
    found = other and _SPELT_TWO_WAYS.match(other)
    return other if other and found and (found["american"] or found["z"]) else plain


def spell_other_way(word: str) -> str | None:
    """Return the American spelling of a British word and the other way round, None if it has one.

    `word` is in lower case: "denuclearisation" gives "denuclearization".
    """
    found = _SPELT_TWO_WAYS.match(word)
    if found is None:
        return None
    if found["british"] or found["american"]:
        pairs = _BRITISH if found["british"] else _AMERICAN
        return pairs[found[0]] + word[found.end() :]
    if found["s"] and found["verb"] and _ONLY_WITH_S.match(word):
        return None
    return f"{word[: found.end() - 2]}{'iz' if found['s'] else 'is'}{word[found.end() :]}"


def split_words(text: str) -> list[Word]:
    """Return the words of a text that have letters, each with its key."""
    return [
        Word(match.start(), match.end(), match[0], key)
        for match in _WORD.finditer(text)
        if (key := fold_word(match[0]))
    ]


def fold_name(name: str) -> tuple[str, ...]:
    """Return the keys of a name's words: what all its spellings share."""
    return tuple(word.key for word in split_words(name))


def is_acronym(word: str) -> bool:
    """Tell whether a word is written like "UN", "U.S." or "MSMT"."""
    letters = word.replace(".", "")
    return len(letters) > 1 and sum(map(str.isupper, letters)) > len(letters) / 2


def resembles_any(key: str, keys: Iterable[str]) -> bool:
    """Tell whether a word is nearly another, or begins another: "eramus" and "erasmus"."""
    near = [
        other
        for other in keys
        if other[:1] == key[:1] and (other.startswith(key) or abs(len(other) - len(key)) <= 2)
    ]
    begun = len(key) > 4 and any(other.startswith(key) for other in near)
    return begun or bool(get_close_matches(key, near, 1, _LIKE))
