"""Read labels with numbers ("Article 4", "section 2(b)", "clause IV") in questions and articles."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from bot.english import AUXILIARIES, WH_WORDS
from ingest.clean import Article
from ingest.words import stem_words

Number = tuple[str, ...]

# What these count is often said without them: "Plover 2.4" for "version 2.4".
_LOOSE_TEXT = """
day episode figure lesson module phase principle release schedule stage table unit version week
"""
_LOOSE_LABELS = frozenset(_LOOSE_TEXT.split())
_LABELS = {
    "article": "article", "art.": "article", "art": "article",
    "section": "section", "sec.": "section",
    "chapter": "chapter", "ch.": "chapter", "clause": "clause", "paragraph": "paragraph",
    "para.": "paragraph", "para": "paragraph", "part": "part", "annex": "annex",
    "appendix": "appendix", "amendment": "amendment", "protocol": "protocol", "rule": "rule",
    "item": "item", "step": "step", "resolution": "resolution",
    **{label: label for label in _LOOSE_LABELS},
}  # fmt: skip
# Numbers of one label, ranges spelt out: "Articles 1–31, 33 and 40" has more than it seems.
_NUMBERS_READ = 60
# The number of "the last article of the treaty".
LAST = "last"
# Labels that headings and paragraphs may leave out before their numbers.
_BARE_LABELS = frozenset(
    {"section", "chapter", "part", "paragraph", "clause", "item", "rule", "step"}
)
_ONES = "one two three four five six seven eight nine ten eleven twelve"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_WORD_NUMBERS = {
    word: str(number)
    for words in (_ONES, _ORDINALS)
    for number, word in enumerate(words.split(), 1)
}
_ROMANS = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_NUMBER = (
    rf"(?:\d{{1,4}}(?:\.\d{{1,3}})*(?:[a-z]\b)?|[IVXLC]{{1,7}}\b|(?i:{_ONES.replace(' ', '|')})\b)"
    r"(?:\s?\([a-z\d]{1,4}\))*(?![\w%])"
)
_NUMBERS = rf"{_NUMBER}(?:(?:,\s?(?:and\s)?|\s(?:and|or|to)\s|[–-]){_NUMBER})*"
_ASKED_LABEL = re.compile(
    rf"(?P<label>§|\b(?i:{'|'.join(map(re.escape, _LABELS))})(?i:s\b)?)\s?(?i:no\.\s?|number\s)?"
    rf"(?P<numbers>{_NUMBERS})"
)
ASKED_ORDINAL = re.compile(
    rf"(?i)\b(?P<ordinal>{_ORDINALS.replace(' ', '|')}|\d{{1,2}}(?:st|nd|rd|th)|last|final)\s"
    r"(?P<noun>article|section|chapter|clause|paragraph|amendment|piece|story|essay|post|entry)\b"
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
_OF = re.compile(
    r"\s?,?\s(?:of|in|from|under|to)\s(?:the\s|this\s|that\s|its\s)?"
    # "Under Article 23, the 2024 treaty runs without limit."
    rf"|,\sthe\s(?=(?:[\w–-]+\s){{1,4}}(?:{_DOCUMENT.pattern.removeprefix('(?i)')}))"
)
# A name ends before these; "and" and "with" belong to it before another name.
VERBS = "|".join([*AUXILIARIES, *WH_WORDS, "that", "if", "be", "been", "regarding", "according"])
VERBS += (
    "|(?:say|require|state|mean|commit|compare|differ|deal|provide|oblige|promise|allow|forbid|bind"
    "|contain|concern|cover|regulate|tell|mention|give|claim|describe|report|explain|quote|let|bar"
    "|set|lay|enter)s?|said|meant|gave|appl(?:y|ies)"
    "|(?:requir|stat|committ|compar|provid|promis|us|invok|mention|claim|describ|report|explain)ed"
)
TOPIC_END = re.compile(rf"(?i)[,;:?!()]|\.(?:\s|\Z)|\s(?:{VERBS})(?=\W|\Z)")
_PHRASE_END = re.compile(
    rf"{TOPIC_END.pattern}|\s(?:on|about|as)\b"
    r"|\s(?:and|or|with)\b(?!\s(?:the\s)?(?!Art|Sec|Chap|Cl|Par)(?-i:[A-Z]))"
)
_OWNER_END = re.compile(r"['’]s?\s\Z")
_OWNER_START = re.compile(
    r"(?i)[.,;:?!()\n]|\b(?:does|do|did|is|are|under|of|in|with|to|by|the|what|and|from|on)\s"
)
YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_HEADING_NUMBER = re.compile(
    r"(?:§\s?)?(?:(?P<dotted>\d{1,3}(?:\.\d{1,3})+)[.)]?|\(?(?P<marked>\d{1,3}|[IVXLC]{1,6}|[a-z])[.)]"
    r"|(?P<bare>\d{1,2})(?=\s+[A-Z]))\s+\S"
)
_NUMBERED_PARAGRAPH = re.compile(
    r"\n\n(?:(?P<dotted>\d{1,3}(?:\.\d{1,3})+)[.)]?|\(?(?P<marked>\d{1,3}|[a-z]|[ivx]{1,5})[.)])\s"
)
# Without first letters, so that each pattern begins with plain text: that is 40 times as fast.
_LABEL_PATTERNS = [
    (
        name,
        re.compile(
            rf"{re.escape(name[1:])}{'' if name.endswith('.') else 's?'}\s"
            rf"(?:[Nn]o\.\s?|[Nn]umber\s)?({_NUMBERS})"
        ),
    )
    for name in _LABELS
]
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
    """A label and number that a question names, and the stems that say of which document.

    `words` are the label's in the question, `full_words` those of its document too.
    """

    label: str
    number: Number
    roman: bool
    words: str
    full_words: str
    document: frozenset[str]

    @property
    def years(self) -> frozenset[str]:
        """The years among the document's stems."""
        return frozenset(filter(YEAR.fullmatch, self.document))

    @property
    def tells_document(self) -> bool:
        """Whether the document's kind or year is told, so that another one is plainly not it."""
        return bool(self.years or self.document & KINDS)

    @property
    def is_loose(self) -> bool:
        """Whether what is meant may stand without this label."""
        return self.label in _LOOSE_LABELS

    @property
    def may_be_bare(self) -> bool:
        """Whether a number alone, as in "2. Scope", is likely of this label."""
        return self.label in _BARE_LABELS


def find_asked(question: str, stem: Callable[[str], frozenset[str]]) -> Iterator[Asked]:
    """Yield the labels with numbers that a question names."""
    for match in _ASKED_LABEL.finditer(question):
        if match["label"].islower() and match["numbers"] == "I":
            continue
        name = match["label"].lower().replace("§", "section")
        label = _LABELS.get(name) or _LABELS[name.removesuffix("s")]
        document, full = _read_asked_document(question, match)
        for number, roman in _read_numbers(match["numbers"]):
            yield Asked(label, number, roman, match[0], full, stem(document))
    for match in ASKED_ORDINAL.finditer(question):
        ordinal = read_ordinal(match["ordinal"])
        if ordinal is not None and is_part_of_document(question, match):
            document, full = _read_asked_document(question, match)
            number = (str(ordinal or LAST),)
            yield Asked(match["noun"].lower(), number, False, match[0], full, stem(document))


def is_part_of_document(question: str, match: re.Match[str]) -> bool:
    """Tell whether "the second article" is one of a treaty rather than of the library."""
    noun = match["noun"].lower()
    if noun != "article":
        return noun in _LABELS
    of_document = _OF.match(question, match.end()) or _DOCUMENT.search(question)
    return of_document is not None and not _LIBRARY.match(question, match.end())


def read_ordinal(word: str) -> int | None:
    """Return the number of "second" or "2nd", 0 for the last, None for none ("0th")."""
    if word.lower() in {"last", "final"}:
        return 0
    digits = re.match(r"\d+", word)
    return int(digits[0] if digits else _WORD_NUMBERS[word.lower()]) or None


def _read_numbers(text: str) -> Iterator[tuple[Number, bool]]:
    """Yield the numbers of "3, 4 and 16", "II–IV" or "2(b)", and whether they are Roman."""
    position = 0
    last: Number = ()
    for match in re.finditer(_NUMBER, text):
        number, roman = _read_number(match[0])
        is_range = text[position : match.start()].strip() in {"to", "–", "-"}
        alone = len(last) == len(number) == 1
        if is_range and alone and last[0].isdigit() and number[0].isdigit():
            between = range(int(last[0]) + 1, int(number[0]))[:30]
            yield from (((str(n),), roman) for n in between)
        yield number, roman
        position, last = match.end(), number


def _read_number(text: str) -> tuple[Number, bool]:
    """Return a number as its parts, arabic: "IV" is ("4",), "2(b)" is ("2", "b")."""
    parts = re.findall(r"\d+|[A-Za-z]+", text)
    roman = re.fullmatch(r"C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})", parts[0]) is not None
    if roman:
        digits = [_ROMANS[char] for char in parts[0]]
        signed = (-n if n < max(digits[place:]) else n for place, n in enumerate(digits))
        parts[0] = str(sum(signed))
    return tuple(_WORD_NUMBERS.get(part.lower(), part.lower()) for part in parts), roman


def find_places(number: int, article: Article) -> Iterator[tuple[str, Place]]:
    """Yield labels with their places in an article, "" for numbers that begin a heading alone."""
    text = article.text
    for name, pattern in _LABEL_PATTERNS:
        for match in pattern.finditer(text):
            start = match.start() - 1
            if start < 0 or text[start].lower() != name[0] or text[start - 1 : start].isalpha():
                continue
            for parts, roman in islice(_read_numbers(match[1]), _NUMBERS_READ):
                yield _LABELS[name], Place(number, start, match.end(), parts, roman)
    for head in article.headings:
        if found := _HEADING_NUMBER.match(text, head.start, head.end):
            parts, roman = _read_number(found["dotted"] or found["marked"] or found["bare"])
            yield "", Place(number, head.start, found.end() - 1, parts, roman)
    for match in _NUMBERED_PARAGRAPH.finditer(text):
        parts, roman = _read_number(match["dotted"] or match["marked"])
        yield "", Place(number, match.start() + 2, match.end(), parts, roman)


def begins_label(text: str, position: int) -> bool:
    """Tell whether a label with a number, like "Article 4", stands at a position."""
    return _ASKED_LABEL.match(text, position, position + 40) is not None


def _read_asked_document(question: str, match: re.Match[str]) -> tuple[str, str]:
    """Return the words that name the document of a label in a question, wherever they stand.

    Second come those of the label and its document together: "Article 4 of the treaty of 1961".
    """
    named = read_document(question, match.start(), match.end())
    if of := _OF.match(question, match.end()):
        end = of.end() + len(cut_before(question[of.end() :], _PHRASE_END))
        return named, question[match.start() : end]
    kind = _DOCUMENT.search(question)
    if not named and kind is not None:
        before = re.split(r"(?i)\b(?:the|a|an|of|in|under|to)\s", question[: kind.start()])[-1]
        after = re.match(r"\s(?:of|between|with)\s.*", question[kind.end() :])
        named = f"{before}{kind[0]}{cut_before(after[0], _PHRASE_END) if after else ''}"
    return named, f"{match[0]} of the {named.strip()}" if named else match[0]


def read_document(text: str, start: int, end: int) -> str:
    """Return the words that say of which document a label is: "NATO's" before, "of ..." after."""
    of = _OF.match(text, end)
    after = cut_before(text[of.end() : of.end() + 120], _PHRASE_END) if of else ""
    owner = _OWNER_END.search(text, max(0, start - 3), start)
    if owner is None:
        return after
    words = _OWNER_START.split(text[max(0, start - 50) : owner.start()])[-1]
    return f"{words} {after}"


def cut_before(text: str, end: re.Pattern[str]) -> str:
    """Return the text up to the first match of `end`, all of it without one."""
    found = end.search(text)
    return text[: found.start()] if found else text
