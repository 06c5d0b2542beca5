"""The numbers and dates of a text, normalised: "ten thousand" is 10,000, "Nov. 2" 2 November."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from bot.english import MONTHS

_UNIT_TEXT = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen
"""
_TENS_TEXT = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINAL_TEXT = """
zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
"""
_UNITS, _TENS = _UNIT_TEXT.split(), _TENS_TEXT.split()
_SMALL = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * value for value, word in enumerate(_TENS, 2)
}
_SCALES = {
    "hundred": 10**2, "thousand": 10**3, "k": 10**3, "million": 10**6, "mn": 10**6, "m": 10**6,
    "billion": 10**9, "bn": 10**9, "b": 10**9, "trillion": 10**12, "tn": 10**12,
}  # fmt: skip
_ORDINALS = {word: value for value, word in enumerate(_ORDINAL_TEXT.split())}
# The signs and words of one currency share their first.
_CURRENCIES = (
    "$ dollar dollars usd us$", "€ euro euros eur", "£ pound pounds gbp sterling", "¥ yen jpy",
    "₩ won krw", "₽ rouble roubles ruble rubles rub", "yuan renminbi cny rmb", "franc francs chf",
    "rupee rupees inr ₹",
)  # fmt: skip
_CURRENCY = {word: group.split()[0] for group in _CURRENCIES for word in group.split()}
_MONTH_NUMBER = {
    name: number
    for number, month in enumerate(MONTHS, 1)
    for name in {month, month[:3], "sept" if month == "september" else month}
}
_SHORT_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)\b\.?"
_MONTH = rf"(?P<month>{'|'.join(MONTHS)}|{_SHORT_MONTH})(?!\w)"
_YEAR = r"(?P<year>1[0-9]\d\d|20\d\d)(?!\d|[.,]\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_NUMERIC = (
    r"(?P<day>[0-3]?\d)(?P<mark>[./])(?P<number>[01]?\d)(?P=mark)"
    r"(?P<year>1[0-9]\d\d|20\d\d)?(?!\w)"
)
_DATES = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<![\w.,/-])(?:the )?{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?",
        rf"(?<!\w){_MONTH} {_DAY}(?!\w|[.,]\d)(?:,? {_YEAR})?",
        rf"(?<!\w){_MONTH}(?:,? (?:of )?{_YEAR})",
        r"(?<![\w.,-])(?P<year>1[0-9]\d\d|20\d\d)-(?P<number>[01]\d)-(?P<day>[0-3]\d)(?![\w-])",
        rf"(?<![\w.,/]){_NUMERIC}",
    )
]
# Two days of one month: "8 to 13 October 2024", "October 18 and 19, 2023".
_FIRST = r"(?P<first>[0-3]?\d)(?:st|nd|rd|th)?(?: ?[–-] ?| (?:and|to|or) )"
_DAY_PAIRS = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<![\w.,/–-]){_FIRST}{_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?",
        rf"(?<!\w){_MONTH} {_FIRST}{_DAY}(?!\w|[.,]\d)(?:,? {_YEAR})?",
        rf"(?<![\w.,/–-]){_FIRST}{_MONTH} {_DAY}(?!\w|[.,]\d)(?:,? {_YEAR})?",
        rf"(?<![\w.,/–-]){_FIRST}{_NUMERIC}",
    )
]
_LONE_MONTH = re.compile(
    rf"\b(?:{'|'.join(m.capitalize() for m in MONTHS if m not in {'may', 'march'})})\b"
    r"|(?<=\bin )(?:May|March)\b|\b(?:May|March)(?= and\b)"
)
_SPACE = "\u00a0\u2009\u202f "
_DIGITS = rf"\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d{{1,3}}(?:[{_SPACE}]\d{{3}})+(?!\d)|\d+(?:\.\d+)?"
_SPELT = rf"(?:{'|'.join([*_TENS, *reversed(_UNITS)])}|hundred|thousand|million|billion|trillion)"
_NUMBER = re.compile(
    rf"""(?ix)(?P<sign>(?:us)?\$|[€£¥₩₽₹])?\ ?
    (?:(?<![\w.,])(?P<digits>{_DIGITS})(?P<ordinal>st|nd|rd|th)?
        (?:[-\ ]?(?P<scale>hundred|thousand|million|billion|trillion)|(?P<short>k|mn?|bn?|tn))?
      | (?<![\w-])(?:a\ (?=hundred|thousand|million|billion|trillion))?
        (?P<spelt>{_SPELT}(?:(?:[-\ ]|\ and\ |-and-){_SPELT})*))(?![^\W_])
    (?P<percent>\ ?%|[-\ ]per\ ?cent(?:age\ points?)?\b)?
    (?:[-\ ](?:us\ |u\.s\.\ |united\ states\ |american\ )?(?P<currency>[a-z]+)\b)?"""
)
# A lone "one" is a pronoun but before these.
_ONE_UNIT = re.compile(r"(?i)one[ -](?:year|month|week|day|hour)\b")
_ORDINAL = re.compile(rf"(?i)(?<![\w-])(?:{'|'.join(_ORDINALS)})(?![\w-])")


@dataclass(frozen=True, slots=True)
class Fact:
    """A number or date, `text[start:end]` of a text.

    `kind` is "number", "percent", "money", "ordinal", "year" or "date"; `value` is the same for all
    ways to write it: "10000", "34400000 $", "2023-11-02", "--11-02" without a year.
    """

    start: int
    end: int
    kind: str
    value: str


def find_facts(text: str) -> list[Fact]:
    """Return the numbers and dates of a text in order."""
    facts = list(_find_dates(text))
    taken = [False] * (len(text) + 1)
    for fact in facts:
        taken[fact.start : fact.end] = [True] * (fact.end - fact.start)
    for fact in (*_find_numbers(text, taken), *_find_ordinals(text, taken)):
        facts.append(fact)
    return sorted(facts, key=lambda fact: fact.start)


def agree(said: Fact, given: Fact) -> bool:
    """Tell whether a fact that is said follows from one that is given.

    A date may leave out the day or the year; a number may leave out its currency.
    """
    if said.kind in {"date", "year"} and given.kind == "date":
        pairs = zip(_split_date(said), _split_date(given), strict=True)
        return all(one == other for one, other in pairs if one)
    if said.value == given.value:
        return {said.kind, given.kind} <= {"number", "year"} or said.kind == given.kind
    return (said.kind, given.kind) == ("number", "money") and said.value == given.value.split(" ")[
        0
    ]


def drop_year(fact: Fact) -> tuple[Fact, Fact] | None:
    """Return a date of day or month without its year, and the year; None for other facts."""
    year, month, day = _split_date(fact) if fact.kind == "date" else ("", "", "")
    if not (year and month):
        return None
    short = Fact(fact.start, fact.end, "date", f"--{month}-{day}".rstrip("-"))
    return short, Fact(fact.start, fact.end, "year", year)


def measure_gap(one: Fact, other: Fact, unit: str) -> str:
    """Return the days, weeks, months or years from one date to a later one, "" for none."""
    (year, month, day), (later_year, later_month, later_day) = map(_split_date, (one, other))
    if not (year and later_year):
        return ""
    if unit == "year":
        gap = int(later_year) - int(year)
    elif not (month and later_month):
        return ""
    elif unit == "month":
        gap = 12 * (int(later_year) - int(year)) + int(later_month) - int(month)
    elif not (day and later_day):
        return ""
    else:
        try:
            start, end = (date.fromisoformat(fact.value) for fact in (one, other))
        except ValueError:  # A day that its month does not have: 31 June.
            return ""
        gap, rest = divmod((end - start).days, 7 if unit == "week" else 1)
        gap = 0 if rest else gap
    return str(gap) if gap > 0 else ""


def _split_date(fact: Fact) -> tuple[str, str, str]:
    if fact.kind == "year":
        return fact.value, "", ""
    parts = re.fullmatch(r"(\d{4}|-)-(\d\d)(?:-(\d\d))?", fact.value)
    return (parts[1].strip("-"), parts[2], parts[3] or "") if parts else ("", "", "")


def _find_dates(text: str) -> Iterator[Fact]:
    position = 0
    # What each form finds next; one that is further on need not be looked for again.
    ahead = [(form, form.search(text)) for form in (*_DAY_PAIRS, *_DATES, _LONE_MONTH)]
    while True:
        ahead = [
            (form, form.search(text, position) if found.start() < position else found)
            for form, found in ahead
            if found
        ]
        matches = [found for _, found in ahead if found]
        if not matches:
            return
        match = min(matches, key=lambda match: (match.start(), -match.end()))
        parts = match.groupdict()
        first = parts.get("first")
        if first and (value := _write_date(match, parts | {"day": first})):
            yield Fact(match.start(), match.end("first"), "date", value)
        if value := _write_date(match, parts):
            names = {"day", "month"} & match.re.groupindex.keys() if first else {0}
            after = match.end("first") if first else -1
            start = min(match.start(name) for name in names if match.start(name) > after)
            yield Fact(start, match.end(), "date", value)
        position = match.end()


def _write_date(match: re.Match[str], parts: Mapping[str, str | None]) -> str:
    name = parts.get("month") or ("" if parts.get("number") else match[0])
    month = _MONTH_NUMBER.get(name.lower().rstrip(".")) if name else int(parts["number"] or 0)
    day = int(parts.get("day") or 0)
    if month is None or not (1 <= month <= 12 and 0 <= day <= 31):
        return ""
    tail = f"-{day:02}" if day else ""
    return f"{parts.get('year') or '-'}-{month:02}{tail}"


def _find_numbers(text: str, taken: list[bool]) -> Iterator[Fact]:
    for match in _NUMBER.finditer(text):
        start, end = match.span("digits" if match["digits"] else "spelt")
        if any(taken[start:end]):
            continue
        value = _read_digits(match) if match["digits"] else _read_spelt(match["spelt"])
        if value is None and _ONE_UNIT.match(text, start):
            value = "1"
        if value is None:
            continue
        currency = _CURRENCY.get((match["sign"] or match["currency"] or "").lower(), "")
        last = max(match.end(group) for group in ("digits", "spelt", "scale", "short", "percent"))
        kind = "number"
        if match["ordinal"]:
            kind, last = "ordinal", match.end("ordinal")
        elif match["percent"]:
            kind = "percent"
        elif currency:
            kind, last = "money", max(last, match.end("currency") if not match["sign"] else 0)
        elif re.fullmatch(r"1[0-9]\d\d|20\d\d", match[0].strip().split(" ")[0]):
            kind = "year"
        first = match.start("sign") if match["sign"] else start
        yield Fact(first, last, kind, f"{value} {currency}".strip())


def _read_digits(match: re.Match[str]) -> str | None:
    scale = _SCALES.get((match["scale"] or match["short"] or "").lower(), 1)
    try:
        return _write_number(Decimal(re.sub(rf"[,{_SPACE}]", "", match["digits"])) * scale)
    except InvalidOperation:
        return None


def _read_spelt(words: str) -> str | None:
    """Return the value of "two hundred and fifty thousand"; None for a lone "one", a pronoun."""
    total = part = 0
    for word in re.split(r"[-\s]+", words.lower()):
        if word in _SMALL:
            part += _SMALL[word]
        elif word == "hundred":
            part = max(part, 1) * 100
        elif word in _SCALES:
            total, part = total + max(part, 1) * _SCALES[word], 0
    return None if words.lower() in {"one", "zero"} else str(total + part)


def _find_ordinals(text: str, taken: list[bool]) -> Iterator[Fact]:
    for match in _ORDINAL.finditer(text):
        if not taken[match.start()]:
            yield Fact(match.start(), match.end(), "ordinal", str(_ORDINALS[match[0].lower()]))


def _write_number(value: Decimal) -> str:
    return format(value.normalize(), "f")
