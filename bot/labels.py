"""Read labels and numbers ("Article 4", "section 2(b)", "clause IV") in questions and articles."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ingest.clean import Article
from ingest.words import stem_words

LABELS_READ = 12

Number = tuple[str, ...]

_LABELS = {
    "article": "article", "art.": "article", "section": "section", "sec.": "section",
    "chapter": "chapter", "ch.": "chapter", "clause": "clause", "paragraph": "paragraph",
    "para.": "paragraph", "para": "paragraph", "part": "part", "annex": "annex",
    "appendix": "appendix", "amendment": "amendment", "protocol": "protocol", "rule": "rule",
    "item": "item",
}  # fmt: skip
_ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth"
)
_WORD_NUMBERS = {
    word: str(number)
    for words in (_ONES, _ORDINALS)
    for number, word in enumerate(words.split(), 1)
}
_NUMBER = (
    r"(?:\d{1,4}(?:\.\d{1,3})*(?:[a-z]\b)?|[IVXLC]{1,7}\b|(?i:"
    + "|".join(sorted(_ONES.split(), key=len, reverse=True))
    + r")\b)(?:\s?\([a-z\d]{1,4}\))*(?![\w%])"
)
_NUMBERS = rf"{_NUMBER}(?:(?:,\s?(?:and\s)?|\s(?:and|or|to)\s|[–-]){_NUMBER})*"
_JOINER = re.compile(r",\s?(?:and\s)?|\s(?:and|or|to)\s|[–-]")
_NAMES_ALTERNATIVES = "|".join(re.escape(label) for label in _LABELS)
ASKED_LABEL = re.compile(
    rf"(?P<label>§|\b(?i:{_NAMES_ALTERNATIVES})(?i:s\b)?)\s?(?i:no\.\s?|number\s)?(?P<numbers>{_NUMBERS})"
)
ASKED_ORDINAL = re.compile(
    r"(?i)\b(?P<ordinal>" + "|".join(_ORDINALS.split()) + r"|\d{1,2}(?:st|nd|rd|th)|last|final)\s"
    r"(?P<noun>article|section|chapter|clause|paragraph|amendment|piece|story|essay|post|entry)\b"
)
AGE = re.compile(
    r"(?i)\b(?P<new>newest|latest|most recent)?(?P<old>oldest|earliest)?\s"
    r"(?:article|piece|story|essay|post|entry)\b"
)
# A document with articles of its own: its "second article" is no article of the library.
_DOCUMENT = re.compile(
    r"(?i)\b(?:treat(?:y|ies)|pacts?|charter|constitution|convention|agreements?|accords?|laws?"
    r"|acts?|statutes?|code|protocol|covenant|declaration|contract|bill|decree|regulation)\b"
)
_LIBRARY = re.compile(
    r"(?i)\s(?:in|of|on|from)\s(?:the |this |your |our |my )?"
    r"(?:library|list|folder|collection|set|archive|results?|series|corpus)\b"
)
_OF = re.compile(r"\s?,?\s(?:of|in|from|under|to)\s(?:the\s|this\s|that\s|its\s)?")
# A name ends before these; "and" and "with" belong to it before another name.
VERBS = (
    "says? said requires? required states? stated means? meant commits? committed compared? "
    "compares differs? do does did is are was were has have had that which who whom when "
    "where what how why if deals? provides? provided obliges? promises? promised allows? "
    "forbids? binds? contains? concerns? covers? regulates? appl(?:y|ies) enters? regarding "
    "according be been tells? used invoked mentions? mentioned gives? gave claims? claimed "
    "describes? described reports? reported explains? explained quotes? can could will would "
    "should must may lets? bars? sets? lays?"
).replace(" ", "|")
TOPIC_END = re.compile(rf"(?i)[,;:?!()]|\.(?:\s|\Z)|\s(?:{VERBS})(?=\W|\Z)")
_PHRASE_END = re.compile(
    rf"{TOPIC_END.pattern}|\s(?:on|about|as)\b"
    r"|\s(?:and|or|with)\b(?!\s(?:the\s)?(?!Art|Sec|Chap|Cl|Par)(?-i:[A-Z]))"
)
_OWNER_END = re.compile(r"['’]s?\s\Z")
_OWNER_START = (
    r"(?i)[.,;:?!()\n]|\b(?:does|do|did|is|are|under|of|in|with|to|by|the|what|and|from|on)\s"
)
YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_HEADING_NUMBER = re.compile(
    r"(?:§\s?)?(?:(?P<dotted>\d{1,3}(?:\.\d{1,3})+)[.)]?|\(?(?P<one>\d{1,3}|[IVXLC]{1,6}|[a-z])[.)])\s+\S"
)
_NUMBERED_PARAGRAPH = re.compile(r"\n\n\(?(\d{1,3}|[a-z]|[ivx]{1,5})[.)]\s")
# Kinds of documents that people call by one another's names.
SAME_KIND = {stem_words(word)[0]: "treati" for word in ("pact", "accord", "agreement", "treaties")}
KINDS = frozenset(stem_words("treaty charter convention constitution law act protocol code"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a label and number stand: in a heading, at a paragraph's start or in a sentence."""

    article: int
    start: int
    end: int
    number: Number
    roman: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A label and number that a question names, and the words that say of which document."""

    label: str
    number: Number
    roman: bool
    words: str
    document: frozenset[str]
    years: frozenset[str]


def cut_before(text: str, end: re.Pattern[str]) -> str:
    """Return the text up to the first match of `end`, all of it without one."""
    found = end.search(text)
    return text[: found.start()] if found else text


def find_asked(question: str, stem: Callable[[str], frozenset[str]]) -> Iterator[Asked]:
    """Yield the labels with numbers that a question names."""
    for match in ASKED_LABEL.finditer(question):
        if match["label"].islower() and match["numbers"] == "I":
            continue
        label = _read_label(match["label"])
        document = stem(_read_asked_document(question, match))
        years = frozenset(filter(YEAR.fullmatch, document))
        for number, roman in _read_numbers(match["numbers"]):
            yield Asked(label, number, roman, match[0], document, years)
    for match in ASKED_ORDINAL.finditer(question):
        ordinal = read_ordinal(match["ordinal"])
        label = match["noun"].lower()
        if ordinal and label in _LABELS and is_part_of_document(question, match):
            document = stem(_read_asked_document(question, match))
            years = frozenset(filter(YEAR.fullmatch, document))
            yield Asked(label, (str(ordinal),), False, match[0], document, years)


def is_part_of_document(question: str, match: re.Match[str]) -> bool:
    """Tell whether "the second article" is one of a treaty rather than of the library."""
    noun = match["noun"].lower()
    if noun not in _LABELS:
        return False
    if noun != "article":
        return True
    rest = question[match.end() :]
    if _LIBRARY.match(rest):
        return False
    return bool(_OF.match(rest) or _DOCUMENT.search(question))


def read_ordinal(word: str) -> int | None:
    """Return the number of "second" or "2nd", 0 for the last."""
    if word.lower() in {"last", "final"}:
        return 0
    digits = re.match(r"\d+", word)
    return int(digits[0] if digits else _WORD_NUMBERS[word.lower()]) or None


def _read_label(label: str) -> str:
    name = label.lower()
    return "section" if name == "§" else _LABELS.get(name) or _LABELS[name.removesuffix("s")]


def _read_numbers(text: str) -> Iterator[tuple[Number, bool]]:
    """Yield the numbers of "3, 4 and 16", "II–IV" or "2(b)", and whether they are Roman."""
    position = 0
    last: Number = ()
    for match in re.finditer(_NUMBER, text):
        joiner = text[position : match.start()].strip()
        number, roman = _read_number(match[0])
        if joiner in {"to", "–", "-"} and _is_range(last, number):
            yield from (((str(n),), roman) for n in range(int(last[0]) + 1, int(number[0])))
        yield number, roman
        position, last = match.end(), number


def _is_range(first: Number, last: Number) -> bool:
    plain = len(first) == len(last) == 1 and first[0].isdigit() and last[0].isdigit()
    return plain and 0 < int(last[0]) - int(first[0]) <= 30


def _read_number(text: str) -> tuple[Number, bool]:
    """Return a number as its parts, arabic: "IV" is ("4",), "2(b)" is ("2", "b")."""
    parts = re.findall(r"\d+|[A-Za-z]+", text)
    first = parts[0]
    roman = first.isupper() and _read_roman(first) > 0
    if roman:
        parts[0] = str(_read_roman(first))
    return tuple(_WORD_NUMBERS.get(part.lower(), part.lower()) for part in parts), roman


def _read_roman(text: str) -> int:
    """Return the value of a Roman number, 0 if it is none."""
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
    if not re.fullmatch(r"C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})", text):
        return 0
    digits = [values[char] for char in text]
    return sum(
        -digit if digit < max(digits[place:]) else digit for place, digit in enumerate(digits)
    )


def find_places(number: int, article: Article) -> Iterator[tuple[str, Place]]:
    """Yield labels with their places in an article, "" for numbers that begin a heading alone."""
    text = article.text
    for name, pattern in _LABEL_PATTERNS:
        for match in pattern.finditer(text):
            start = match.start() - 1
            if start < 0 or text[start].lower() != name[0] or text[start - 1 : start].isalpha():
                continue
            for parts, roman in _read_numbers(match[1]):
                yield _LABELS[name], Place(number, start, match.end(), parts, roman)
    for head in article.headings:
        found = _HEADING_NUMBER.match(text, head.start, head.end)
        if found:
            parts, roman = _read_number(found["dotted"] or found["one"])
            yield "", Place(number, head.start, found.end() - 1, parts, roman)
    for match in _NUMBERED_PARAGRAPH.finditer(text):
        parts, roman = _read_number(match[1])
        yield "", Place(number, match.start() + 2, match.end(), parts, roman)


# Without first letters, so that each pattern begins with plain text: that is 40 times as fast.
_LABEL_PATTERNS = [
    (name, re.compile(rf"{re.escape(name[1:])}{'' if name.endswith('.') else 's?'}\s({_NUMBERS})"))
    for name in _LABELS
]


def _read_asked_document(question: str, match: re.Match[str]) -> str:
    """Return the words that name the document of a label in a question, wherever they stand."""
    named = read_document(question, match.start(), match.end())
    if named:
        return named
    kind = _DOCUMENT.search(question)
    if kind is None:
        return ""
    before = re.split(r"(?i)\b(?:the|a|an|of|in|under|to)\s", question[: kind.start()])[-1]
    after = re.match(r"\s(?:of|between|with)\s.*", question[kind.end() :])
    return f"{before}{kind[0]}{cut_before(after[0], _PHRASE_END) if after else ''}"


def read_document(text: str, start: int, end: int) -> str:
    """Return the words that say of which document a label is: "NATO's" before, "of ..." after."""
    of = _OF.match(text, end)
    after = cut_before(text[of.end() : of.end() + 120], _PHRASE_END) if of else ""
    owner = _OWNER_END.search(text, max(0, start - 3), start)
    if owner is None:
        return after
    words = re.split(_OWNER_START, text[max(0, start - 50) : owner.start()])[-1]
    return f"{words} {after}"


def rate_bare(label: str) -> float:
    """Return how sure a heading like "2. Scope" is the section, chapter or article 2."""
    return 0.85 if label in {"section", "chapter", "part", "paragraph", "clause", "item"} else 0.6
