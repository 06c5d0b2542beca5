"""Codes with numbers, such as "KN-23", "ES-11/3", "XR200": with another number, another thing."""

import re
from collections.abc import Collection
from functools import lru_cache

from bot.labels import YEAR

_JOINT = "[-/–]"
# "Resolution ES-11/3 of 7 April" is about it.
_SUBJECT_WORDS = 3
_JOINT_IN_TEXT = r"[\s/.–-]?"
# "XR200" needs two of each; "Q3" and "A4" may be written in other ways.
_CODE = re.compile(
    rf"(?i)(?<![\w/–-])(?:(?!Top)[A-Z]+(?:/[A-Z]+)*{_JOINT}\d{{1,5}}|[A-Z]{{2,6}}\d{{2,5}})"
    rf"(?:(?:{_JOINT}|\.)\d+)*(?-i:[A-Z])?(?=s?(?!\w))"
)
_YEAR = re.compile(rf"[A-Za-z]+-?{YEAR.pattern}")


def find_codes(question: str) -> tuple[str, ...]:
    """Return what may be codes of a question, in order; "Oct-2024" and "FY2024" are none."""
    found = (match[0] for match in _CODE.finditer(question))
    return tuple(code for code in dict.fromkeys(found) if not _YEAR.fullmatch(code))


def has_code(text: str, code: str) -> bool:
    """Tell whether a text has a code, however it joins its parts: "KN 23A" for "KN-23"."""
    return _compile(code).search(text) is not None


def compare_codes(text: str, codes: Collection[str]) -> float:
    """Return 1 for a sentence with one of the codes, more if it begins with it, -1 for others.

    Others are codes of the same letters: "ES-11/8" where "ES-11/3" is asked for. 0 is for none.
    """
    if any(has_code(text, code) for code in codes):
        begins = any(has_code(" ".join(text.split()[:_SUBJECT_WORDS]), code) for code in codes)
        return 1.5 if begins else 1.0
    letters = {_read_letters(code) for code in codes}
    return -1.0 if any(_read_letters(code) in letters for code in find_codes(text)) else 0.0


def _read_letters(code: str) -> str:
    return re.split(r"[-/–]?\d", code, maxsplit=1)[0].casefold()


@lru_cache(maxsize=256)
def _compile(code: str) -> re.Pattern[str]:
    parts = re.findall(r"[A-Za-z]+|\d+", code)
    return re.compile(rf"(?i)(?<!\w){_JOINT_IN_TEXT.join(parts)}(?!\d)")
