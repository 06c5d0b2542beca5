"""Find what a question asks for that plainly is not given: a number, a share, a kind of thing."""

import re
from collections.abc import Callable, Sequence

from bot.aliases import Aliases
from bot.english import AUXILIARIES, MONTHS, PREPOSITIONS
from bot.phrases import is_plural
from bot.read import Finding
from bot.thesaurus import is_word
from ingest.store import Store
from ingest.words import stem_words

# The best sentences, of which an answer is made.
_LOOKED_AT = 3
_NEAREST_GIVE = "The nearest sentences give"
_HOW_MANY = re.compile(r"(?i)\bhow many (?P<words>(?:[\w.'’-]+\s?){1,6})")
_LISTED = re.compile(r"(?i), \w+,? (?:and|or)\b")
_SHARE = re.compile(
    r"(?i)\b(?:what|which)\s(?P<share>(?:\w+\s){0,2}(?:percentage|percent|share|proportion|rate))\b"
)
_IS_SHARE = re.compile(
    r"(?i)%|\bper ?cent|\d:\d|\d (?:in|of|out of|per|to) \w"
    r"|\b(?:half|thirds?|quarters?|fifths?|tenths?|majority|most|minority|all|one in|free)\b"
)
_WHICH = re.compile(
    rf"(?i)\b(?:what|which) (?P<words>(?:[\w’'-]+ ){{1,4}}?)(?:{'|'.join(AUXILIARIES)})\b"
)
# Kinds that are asked for but not named beside what is of the kind: "in May", not "the month May".
_UNNAMED_WORDS = """
amount case cases circumstance circumstances condition conditions criteria criterion date day decade
else extent format formats ground grounds hour kind kinds method methods month name names number
one ones option options part period purpose reason reasons requirement requirements situation
situations sort sorts step steps thing things time times type types way ways year years
"""
_UNNAMED = frozenset(_UNNAMED_WORDS.split())
_MONTH = "|".join(MONTHS)
# Numbers that count nothing: years, dates, "Article 4", "resolution 2375", "KN-23", "11th".
_LABEL = re.compile(
    rf"(?i)\b(?:1[0-9]|20)\d\d\b(?:[–-]\d+)?|\b\d\d?(?:[–-]\d\d?)? (?:{_MONTH})\b"
    rf"|\b(?:{_MONTH}) \d\d?\b"
    r"|\b(?:articles?|chapter|resolution|number|no\.|section|line|paragraph) \d[\w/.]*"
    r"|\b[a-z]+-?\d+\w*|\b\d+(?:st|nd|rd|th)\b"
)
_COUNT = re.compile(
    r"""(?ix)\d | \b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen
    |fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy
    |eighty|ninety|first|second|third|quarters?|hal(?:f|ves)|dozens?|hundreds?|thousands?
    |[mbtr]+illions?|twice|thrice|doubled?|tripled?|none|once|no|single|solely|sole|several|few
    |many|multiple|numerous|various|couple|pairs?|both|most|all|only|another|majority|minority
    |every|each|dual|twin|zero|nobody|never)\b"""
)
# How a unit may be written: a number of pounds stands in "231 lb".
_UNITS = {
    "kilogram": r"kilograms?|kg", "gram": r"grams?|k?g|mg", "ton": r"tonnes?|tons?|t",
    "tonne": r"tonnes?|tons?|t", "kilometre": r"kilomet(?:re|er)s?|km",
    "kilometer": r"kilomet(?:re|er)s?|km", "metre": r"met(?:re|er)s?|m",
    "meter": r"met(?:re|er)s?|m", "mile": r"miles?|mi", "litre": r"lit(?:re|er)s?|l",
    "liter": r"lit(?:re|er)s?|l", "hectare": r"hectares?|ha", "acre": r"acres?",
    "barrel": r"barrels?|bbl", "gallon": r"gallons?", "dollar": r"dollars?|\$",
    "euro": r"euros?|€", "pound": r"pounds?|lbs?|£",
}  # fmt: skip


# "China" and "Chinese" begin alike; of these the country or the people begin in another way.
_SAME_LETTERS = 4
_AMERICAN = ("U\\.?S\\b", "United States", "America")
_BRITISH = ("UK\\b", "United Kingdom", "Brit")
_COUNTRIES = {
    "US": _AMERICAN, "American": _AMERICAN, "Americans": _AMERICAN, "UK": _BRITISH,
    "British": _BRITISH, "French": ("France",), "Dutch": ("Netherlands", "Holland"),
    "Polish": ("Poland", "Pole"), "Spanish": ("Spain", "Spaniard"), "Danish": ("Denmark", "Dane"),
    "Swiss": ("Switzerland",), "Irish": ("Ireland",), "Finnish": ("Finland", "Finns"),
    "Welsh": ("Wales",), "Scottish": ("Scotland", "Scots"), "Norwegian": ("Norway",),
}  # fmt: skip


def find_lack(question: str, findings: Sequence[Finding], knows: Callable[[str], bool]) -> str:
    """Return a sentence on what is asked for and plainly not given, "" for nothing plain.

    "How many Chinese soldiers …" needs a number that is no date or label; in a sentence that speaks
    of what is Chinese, or in an article on it, if the library `knows` that word; and of the unit,
    if it is one. "What share …" needs a share. "Which hotel did …" needs hotels in the library.
    """
    best = findings[:_LOOKED_AT]
    if not best:
        return ""
    share = _SHARE.search(question)
    if share and not any(_IS_SHARE.search(_LABEL.sub(" ", item.text)) for item in best):
        return f"{_NEAREST_GIVE} no {share['share'].lower()}."
    counted = find_counted(question)
    if counted and not any(_counts(item, counted, knows) for item in best):
        return f"{_NEAREST_GIVE} no number of {' '.join(counted)}."
    kind = find_kind(question, counted)
    return f"No article has the word “{kind}”." if kind and not knows(kind) else ""


def find_counted(question: str) -> list[str]:
    """Return the words of what "how many" asks for, up to its noun; none if it is not plain."""
    found = _HOW_MANY.search(question)
    words: list[str] = []
    # "How many yes, no and abstaining votes": what is listed has its noun at the end.
    if not found or _LISTED.match(question[found.end() :]):
        return words
    for word in found["words"].split():
        if word.lower() in AUXILIARIES | PREPOSITIONS:
            break
        words.append(word)
        if word.islower() and is_plural(word):
            return words
    return []


def find_kind(question: str, counted: Sequence[str] = ()) -> str:
    """Return the noun of what "which" or "what" asks for, or of what is counted: "hotel".

    It is "" if that is not plain, a unit, or a kind that texts seldom name.
    """
    found = _WHICH.search(question)
    *others, noun = counted or (found["words"].split() if found else [""])
    is_unit = noun.removesuffix("s") in _UNITS
    if is_unit or noun in _UNNAMED or not noun.islower() or not PREPOSITIONS.isdisjoint(others):
        return ""
    stems = stem_words(noun)
    # What the thesaurus does not know may be a slip of the pen.
    return noun if len(stems) == 1 and is_word(stems[0]) else ""


def _counts(finding: Finding, counted: Sequence[str], knows: Callable[[str], bool]) -> bool:
    """Tell whether a sentence may give the number of what is counted."""
    if not _COUNT.search(_LABEL.sub(" ", finding.text)):
        return False
    unit = _UNITS.get(counted[-1].removesuffix("s"))
    if unit and not re.search(rf"(?i)(?<![a-z])(?:{unit})(?![a-z])", finding.text):
        return False
    names = [word for word in counted[:-1] if word[0].isupper() and knows(word)]
    title = finding.passage.stored.article.title
    # A title of few words is the name of what the whole article is about.
    text = f"{finding.text} {title if len(title.split()) <= 3 else ''}"
    return all(_is_named(name, text) for name in names)


def _is_named(name: str, text: str) -> bool:
    """Tell whether a text speaks of what a name does: "China" of what is Chinese."""
    begun = name.replace(".", "")[:_SAME_LETTERS]
    forms = (re.escape(begun), *_COUNTRIES.get(name.replace(".", ""), ()))
    return re.search(rf"\b(?:{'|'.join(forms)})", text) is not None


def is_slip(name: str, knows: Callable[[str], bool], aliases: Aliases) -> bool:
    """Tell whether a name that stands nowhere may be a slip of the pen, or is no real name.

    Capitals alone ("GDP", "WTO") are typed with care.
    """
    if re.match(r"[A-Z]{3,6}\b", name):
        return False
    is_name = len(name) > 3 and name.replace(" ", "").isalpha()
    return not is_name or knows(name.split()[-1]) or aliases.is_misspelt(name)


def stands_in(store: Store, word: str) -> bool:
    """Tell whether a word stands in a library."""
    return all(map(store.count_passages_with, stem_words(word)))
