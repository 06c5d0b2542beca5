"""Put a number, date, name or noun into the last question, in the place of its like."""

import re

from bot.antecedents import Turn
from bot.codes import compare_codes, find_codes
from bot.english import DETERMINERS, DO, PREPOSITIONS
from bot.phrases import (
    DATE,
    LABEL,
    NAME,
    POSSESSIVE,
    find_phrases,
    find_spots,
    is_in,
    is_plural,
    is_verb,
    split_words,
)
from bot.thesaurus import is_word
from ingest.words import stem_words

_ORDINAL_WORDS = 5
_TIMES = frozenset({"before", "after", "since", "until", "by"})
# "What was the biggest win of the Rovers?"
_ASKS_WHAT = re.compile(
    r"(?i)\A(?P<lead>(?:what|who|which|when|where|how\s\w+)\s(?:is|was|are|were)\s)"
    r"the\s(?:[\w’'-]+\s){0,3}?[\w’'-]+(?P<rest>\s(?:of|in|at|on|for|to)\s.*|\W*)\Z"
)
ORDINAL = re.compile(r"(?i)\b(?:first|second|third|fourth|fifth|sixth|last|next|previous|other)\b")
# A last "about ..." belongs to the text of the number that it stood behind.
_TAIL = re.compile(r"(?i)\s+(?:about|regarding|concerning|on)\s+[^,?]+(?=[?.!]*\Z)")


def put_in_parallel(part: str, last: Turn) -> str | None:
    """Return the last question with `part` in the place of its like: a number, date or name."""
    question = last.question
    words = part.split()
    ordinal = ORDINAL.search(part)
    if ordinal and len(words) <= _ORDINAL_WORDS and ORDINAL.search(question):
        return ORDINAL.sub(ordinal[0], question, count=1)
    preposition = words[0].lower() if words[0].lower() in PREPOSITIONS and len(words) > 1 else ""
    value = " ".join(words[1:]) if preposition else part
    asked = LABEL.search(question)
    number = value.removeprefix("the ")
    if asked and number.isdigit() and not DATE.fullmatch(number):
        value = f"{asked['noun']} {number}"
    if label := LABEL.fullmatch(value):
        for other in LABEL.finditer(question):
            if other["noun"].lower() == label["noun"].lower():
                return question[: other.start()] + value + _drop_tail(question[other.end() :])
    for other_code in find_codes(question) if find_codes(value) == (value,) else ():
        if compare_codes(value, [other_code]) < 0:
            return question.replace(other_code, value, 1)
    bare_value = POSSESSIVE.sub("", value.removeprefix("the "))
    for pattern in (DATE, NAME):
        if not pattern.fullmatch(bare_value):
            continue
        if spot := _find_like(pattern, question, preposition, value):
            before = re.sub(r"(?i)\bthe \Z", "", question[: spot[0]])
            if preposition in _TIMES:
                # "After 1950" for "in 1950".
                before = re.sub(r"(?i)\b(?:in|on|at|by|before|after|since|until) \Z", "", before)
                before += f"{preposition} "
            lead = "the " if value.startswith("the ") else ""
            return before + lead + bare_value + question[spot[1] :]
        if preposition:
            return f"{question.rstrip(' ?.!')} {part}?"
    whole = _put_noun_in_parallel(value, question, preposition)
    if whole is None and _is_unknown(value) and find_spots(NAME, question):
        # "And prado?", typed in small letters.
        return put_in_parallel(value.capitalize(), last)
    return whole or (f"{question.rstrip(' ?.!')} {part}?" if preposition else None)


def _is_unknown(value: str) -> bool:
    """Return whether a word in small letters is in no thesaurus, so may be a name."""
    return value.isalpha() and value.islower() and not any(map(is_word, stem_words(value)))


def _drop_tail(rest: str) -> str:
    """Return what follows a label without the text that it was on: " on hygiene require?"."""
    tail = _TAIL.search(rest)
    words = split_words(tail[0]) if tail else []
    kept = f" {words[-1]}" if words and is_verb(words[-1].lower()) else ""
    return _TAIL.sub(kept, rest)


def _find_like(
    pattern: re.Pattern[str], question: str, preposition: str, value: str
) -> tuple[int, int] | None:
    """Return where the question's element like `value` stands, preferably after `preposition`."""
    # A month is no name.
    dates = [match.span() for match in DATE.finditer(question)] if pattern is NAME else []
    spots = [
        spot
        for spot in find_spots(pattern, question)
        if not any(start <= spot[0] < end for start, end in dates)
    ]
    for start, end in spots:
        before = question[:start].lower().removesuffix("the ").split()
        if preposition and before[-1:] == [preposition]:
            return start, end
    if preposition and len(spots) != 1:
        return None
    # "The treaty of June 2024" keeps its date: "and in 2025?" asks for another time.
    if preposition and question[: spots[0][0]].lower().removesuffix("the ").endswith("of "):
        return None
    bare = value.removeprefix("the ")

    def differs(spot: tuple[int, int]) -> tuple[bool, bool]:
        own = question[slice(*spot)]
        return own.split()[-1] != bare.split()[-1], own.isupper() != bare.isupper()

    spots.sort(key=differs)
    return spots[0] if spots else None


def _put_noun_in_parallel(value: str, question: str, preposition: str) -> str | None:
    """Return the question with a noun phrase in the place of the one of the same head noun.

    Without one it is the only phrase of its kind, behind the same preposition if there is any.
    """
    if is_in(value, question):
        return None
    heads = set(map(_singular, value.split()))
    phrases = find_phrases(question)
    led = value.split()[0].lower() in DETERMINERS
    for phrase in phrases:
        if led and phrase.before in {"many", "much", "which", "what"}:
            return None
        if _singular(phrase.head) in heads:
            return question.replace(phrase.text, value, 1)
    if led and (asked := _ASKS_WHAT.match(question)):
        return asked["lead"] + value + asked["rest"]
    plural = is_plural(value.split()[-1].lower())
    # "For part-time staff" is in the place of who gets it: "do employees get".
    places = DO | {preposition}
    alike = [
        item
        for item in phrases
        if not (item.is_name or item.is_determined)
        and item.is_plural == plural
        and (not preposition or item.before in places)
    ]
    if len(alike) == 1 and not led:
        return question.replace(alike[0].text, value, 1)
    return None


def _singular(word: str) -> str:
    return word.lower().removesuffix("s")
