"""Names that stand for a country: its people, and its capital where that is its government."""

import re

from bot.countries import CAPITALS, PEOPLES

_PEOPLE = re.compile(
    rf"(?<!\bNorth )(?<!\bSouth )(?<!\bLatin )(?<!\bCentral )\b({'|'.join(PEOPLES)})s?\b(?! [A-Z])"
)
_GOVERNMENTS = {name.lower(): country.lower() for name, country in CAPITALS.items()} | {
    "delhi": "india", "white house": "united states",
}  # fmt: skip
# After these words a capital is the city: "in Moscow", "left Moscow", "from Moscow to Khasan".
_LOCATES = re.compile(
    r"(?i)\b(?:in|into|at|near|outside|inside|around|across|through|via|left|leave|reach|reached"
    r"|visit|visited|visiting|arrived|toward|towards|to|from|of|on|against|city|capital)"
    r"(?: (?:the|nearby|central|downtown|Soviet))? \Z"
)
_BETWEEN = re.compile(r"\b[Bb]etween (?:[A-Z][\w ]* and )?(?:the )?\Z")


def replace_peoples(text: str) -> str:
    """Return a text with the names of peoples as those of their countries: "British"."""
    return _PEOPLE.sub(lambda found: PEOPLES[found[1]], text)


def find_country(key: str, before: str) -> str:
    """Return the country whose government a name stands for after the text `before`, or ""."""
    country = _GOVERNMENTS.get(key, "")
    if not country or _LOCATES.search(before[-40:]) or _BETWEEN.search(before[-40:]):
        return ""
    return country
