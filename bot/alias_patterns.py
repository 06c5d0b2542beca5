"""Find which names a text gives as spellings of another: "Long Name (LN)", "also called"."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache

from bot.english import DATES, SMALL_WORDS, STARTERS, TITLES
from bot.spelling import UPPER, fold_name, fold_word, strip_marks

_MARK = re.compile(
    r"\(|also (?=[cknrsw])|formerly |in full |stands for |short for |abbreviation (?:of|for) |, or "
)
_SENTENCE_PART = re.compile(r"[.!?]\s|\n|[();:]")
_ACRONYM = re.compile(rf"(?:[Tt]he )?([{UPPER}]\w{{0,10}}[{UPPER}])s?\Z")
_ONE_NAME = (
    rf"(?:\d+(?:st|nd|rd|th) )?[{UPPER}][\w'’-]*"
    rf"(?: (?:(?:of|the|de|du|von|van|bin|al) ){{0,2}}[{UPPER}\d][\w'’-]*){{0,7}}"
)
_NAME_BEFORE = re.compile(
    rf"(?:\b([a-z]+) )?\b({_ONE_NAME})[”\"]?,? ?(?:(?:is|are|was|were) )?\(?\Z"
)
_NAME_AFTER = re.compile(
    rf"(?:the )?[“\"]?({_ONE_NAME}(?: for {_ONE_NAME})?)[”\"]?"
    r"(?=[,.;:)”\"]|\s(?:is|was|are|were|has|had)\b|\Z)"
)
_SAID = re.compile(
    r"also (?:called|known as|named|spel\w+|(?:written|rendered|transliterated)(?: as)?"
    r"|referred to as) |formerly (?:known as |called |named )?|in full "
)
_SHORT_BEFORE = re.compile(rf"\b([{UPPER}]\w{{0,10}}[{UPPER}])\s(?:is (?:the |an )?)?\Z")
# Each letter in one way only: "Aa-a-a…" would else be read in as many ways as it has parts.
_PLAIN_NAME = re.compile(rf"[{UPPER}][^{UPPER}\d](?:[^{UPPER}\d-]|-[{UPPER}]?)*\Z")
_BRACKET = re.compile(r"\(([^()\n]{2,80})\)")
_WINDOW = 140


def find_pairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield pairs of names of which a text says that they mean the same; an acronym comes first."""
    for match in _MARK.finditer(text):
        before = text[max(0, match.start() - _WINDOW) : match.start()]
        after = text[match.start() : match.start() + _WINDOW]
        mark = match[0]
        pair = _read_bracket(before, after) if mark == "(" else None
        if mark == ", or ":
            short = re.match(r"(?:the )?\w+", after[5:])
            pair = _read_acronym(before, short[0]) if short else None
        elif mark in {"also ", "formerly ", "in full "}:
            pair = _read_other_name(before, after)
        elif mark != "(":
            pair = _read_abbreviation(before, after[len(mark) :])
        if pair and min(map(len, pair)) > 1 and fold_name(pair[0]) != fold_name(pair[1]):
            yield pair


def _read_bracket(before: str, after: str) -> tuple[str, str] | None:
    bracket = _BRACKET.match(after)
    if bracket is None:
        return None
    inside = bracket[1].strip("\"'“” ")
    short = _SHORT_BEFORE.search(before)
    if short and (spelt := _spell_out(short[1], inside)) and len(spelt) + 4 >= len(inside):
        return short[1], spelt
    head = re.split(r"[,;]", inside)[0]
    return _read_acronym(before, head) or _read_variant(before, inside)


def _read_acronym(before: str, short: str) -> tuple[str, str] | None:
    acronym = _ACRONYM.match(short)
    if acronym is None:
        return None
    spelt = _spell_out(acronym[1], _SENTENCE_PART.split(before)[-1].rstrip(' ,"”'))
    return (acronym[1], spelt) if spelt else None


def _spell_out(short: str, before: str) -> str | None:
    """Return the end of a text whose words' initials make up an acronym, None if none does.

    Small words may be left out, and a word may give its initial and one letter more once
    (intercontinental ballistic missile, ICBM).
    """
    letters = [char.casefold() for char in short if char.isalpha()]
    words = list(re.finditer(r"[^\W\d_]+(?:['’]\w+)?", before))[-3 * len(letters) :]
    keys = [strip_marks(word[0]).casefold() for word in words]
    spare = 1 if len(letters) > 2 else 0

    @cache
    def match(left: int, at: int, spare: int) -> int | None:
        if left == 0:
            return at + 1
        if at < 0:
            return None
        key = keys[at]
        found = match(left - 1, at - 1, spare) if key[0] == letters[left - 1] else None
        if found is None and key in SMALL_WORDS:
            found = match(left, at - 1, spare)
        two = left > 1 and spare and key[0] == letters[left - 2] and letters[left - 1] in key[1:]
        return match(left - 2, at - 1, 0) if found is None and two else found

    start = match(len(letters), len(keys) - 1, spare)
    if len(letters) < 2 or start is None or keys[start] in SMALL_WORDS:
        return None
    if len(letters) == 2 and not words[start][0][0].isupper():
        return None
    return before[words[start].start() :] if len(words) - start > 1 else None


def _read_variant(before: str, inside: str) -> tuple[str, str] | None:
    """Return a name and its other spelling in brackets, as in "Rajin (Najin)"."""
    told = re.sub(r"\A(?:or|also|aka|spelled) ", "", inside)
    name = " ".join(before.split()[-len(told.split()) :])
    names = before.endswith(" ") and all(re.fullmatch(_ONE_NAME, item) for item in (name, told))
    return (name, told) if names and _is_variant(name, told) else None


def _is_variant(name: str, other: str) -> bool:
    """Tell whether two names are likely spellings of one: as many words, each alike in letters."""
    ones, others = name.split(), other.split()
    if len(ones) != len(others) or not all(map(_PLAIN_NAME.match, ones + others)):
        return False
    return all(
        _are_alike(fold_word(one), fold_word(other))
        for one, other in zip(ones, others, strict=True)
    )


def _are_alike(one: str, other: str) -> bool:
    if one == other:
        return True
    if min(len(one), len(other)) < 4 or {one, other} & (DATES | STARTERS):
        return False
    short, long = sorted((one, other), key=len)
    # "Korea (Korean)", "Niger (Nigeria)": another word, not another spelling.
    if long.startswith(short) and long[len(short) :] in {"s", "es", "n", "an", "ia", "ian", "ese"}:
        return False
    needed = 0.6 if one[0] == other[0] else 0.7
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= needed


def _read_other_name(before: str, after: str) -> tuple[str, str] | None:
    """Return the names of "X, also called Y", "X, in full Y" and "X (formerly Y)"."""
    said, first = _SAID.match(after), _NAME_BEFORE.search(before)
    second = _NAME_AFTER.match(after, said.end()) if said else None
    if said is None or first is None or second is None:
        return None
    name, other = _drop_starters(first[2]), _drop_starters(second[1])
    keys, other_keys = set(fold_name(name)), set(fold_name(other))
    alike = bool(keys & other_keys) or _is_variant(name, other)
    inside = first[1] and first[1] in SMALL_WORDS - {"the", "and", "that", "but"}
    if (said[0] == "in full " or inside) and not alike:
        return None
    # "Antony Blinken, formerly Secretary of State" tells an office.
    return None if said[0] == "formerly " and other_keys & TITLES else (name, other)


def _drop_starters(name: str) -> str:
    """Return a name without the words before it that only begin the sentence."""
    words = name.split()
    while words and fold_word(words[0]) in STARTERS:
        del words[0]
    return " ".join(words)


def _read_abbreviation(before: str, after: str) -> tuple[str, str] | None:
    """Return the names of "SHORT stands for Long Name" and "SHORT is the abbreviation for ..."."""
    short, name = _SHORT_BEFORE.search(before), _NAME_AFTER.match(after)
    words = name[1].split() if name else []
    if short is None or len(words) < 2:
        return None
    ends = (end for end in range(len(words), 1, -1) if words[end - 1] not in SMALL_WORDS)
    names = (" ".join(words[:end]) for end in ends)
    exact = (item for item in names if _spell_out(short[1], item) == item)
    return short[1], next(exact, " ".join(words))
