"""Fill up fragments: the last question with "What about Japan?" in the place of its like."""

import re

from bot.antecedents import Turn, add_topic, find_topic
from bot.ask_again import ask_again, ask_of
from bot.english import AUXILIARIES, DETERMINERS, PREPOSITIONS, WH_WORDS
from bot.phrases import (
    DATE,
    LABEL,
    MAX_PHRASE_WORDS,
    NAME,
    POSSESSIVE,
    find_phrases,
    find_spots,
    is_function,
    is_in,
    is_plural,
    is_verb,
    split_words,
)
from bot.pronouns import PERSONAL, find_pronoun

_MAX_WORDS = 6
_ORDINAL_WORDS = 5
_ORDINAL = re.compile(r"(?i)\b(?:first|second|third|fourth|fifth|sixth|last|next|previous|other)\b")
_ABOUT = re.compile(r"(?i)\A(?:what|how)(?:\s+about|['’]s about)\s+(?P<rest>.+)\Z", re.DOTALL)
_MORE = re.compile(
    r"(?i)\A(?:(?:can|could) you )?(?:please )?(?:tell|say|explain|give|show|go)\b"
    r"(?:\W+\w+){0,3}?\W+(?:more|on|details?|examples?)(?: please)?\Z"
)
# "Why did it do so?" leaves out what the last question told.
_DO_SO = re.compile(
    r"(?i)\A(?P<wh>(?:since )?(?:why|when|where|how)(?: long| often)?)\s"
    rf"(?:{'|'.join(AUXILIARIES)})\s(?:it|they|he|she|we|you)\s(?:do|done|doing)\s"
    r"(?:so|that|this|it)\Z"
)
_ASKED_OF = re.compile(
    rf"(?i)\A(?P<auxiliary>{'|'.join(AUXILIARIES)})\s(?P<whom>[\w’'-]+(?:\s[\w’'-]+){{0,3}}?)"
    r"(?:\s(?:too|also|as well|either))?\Z"
)
# A last "about ..." belongs to the text of the number that it stood behind.
_TAIL = re.compile(r"(?i)\s+(?:about|regarding|concerning|on)\s+[^,?]+(?=[?.!]*\Z)")
_BARE_TEXT = """
big by come country date day else exactly far for from in large long many month much not of often
old on one ones place reason so then time to way with year
"""
# What may follow "how" or "which" where the rest of the question is left out.
_BARE_WORDS = frozenset(_BARE_TEXT.split())


def fill_fragment(bare: str, opened: bool, last: Turn) -> str | None:
    """Return the question that a fragment stands for, None if it is no fragment.

    `bare` is the question without "And" before it, `opened` tells that it had one.
    """
    text = bare.rstrip(" ?.!")
    if about := _ABOUT.match(text):
        part = about["rest"]
        if len(split_words(part)) > MAX_PHRASE_WORDS or find_pronoun(part):
            return None
        return _put_in_parallel(part, last) or add_topic(f"What about {part}?", last)
    if likewise := _DO_SO.match(text):
        return ask_again(likewise["wh"], last)
    if asked := _ASKED_OF.match(text):
        return _ask_of(asked["auxiliary"], asked["whom"], last)
    words = split_words(text)
    topic = find_topic(last)
    if topic and _MORE.match(text) and not find_pronoun(text):
        return f"{text} about {topic}."
    if _is_bare_wh(words):
        return ask_again(text, last)
    if not 0 < len(words) <= _MAX_WORDS or any(map(_ends_phrase, words[1:])):
        return None
    return _fill_noun_fragment(text, words, opened, last)


def _ask_of(auxiliary: str, whom: str, last: Turn) -> str | None:
    """Return the last question asked of somebody else: "Does Japan?"; None if it is no fragment."""
    phrases = find_phrases(f"of {whom}")
    if len(phrases) != 1 or phrases[0].text.lower() != whom.lower():
        return None
    is_noun = phrases[0].is_name or phrases[0].is_plural or len(whom.split()) == 2
    if not is_noun or not (phrases[0].is_name or phrases[0].is_plural or phrases[0].is_determined):
        return None
    return ask_of(auxiliary, whom, last) or _put_in_parallel(whom, last)


def _ends_phrase(word: str) -> bool:
    """Return whether a word keeps a fragment from being a noun phrase."""
    small = word.lower()
    # "US" is no "us".
    if word.isupper() and len(word) > 1:
        return False
    if small in PREPOSITIONS | DETERMINERS | {"and", "or"} or _ORDINAL.fullmatch(word):
        return False
    return is_function(small) or (word[0].islower() and is_verb(small))


def _fill_noun_fragment(text: str, words: list[str], opened: bool, last: Turn) -> str | None:
    """Return the question for a fragment without a verb: "And in Japan?", "Any awards?"."""
    first = words[0].lower()
    if first in WH_WORDS or first in AUXILIARIES or first in PERSONAL:
        return None
    both_count = _ORDINAL.search(text) and _ORDINAL.search(last.question)
    if opened or first in PREPOSITIONS or LABEL.fullmatch(text) or both_count:
        return _put_in_parallel(text, last) or add_topic(f"{text}?", last)
    named = any(word[0].isupper() for word in words[1:]) or words[0][1:] != words[0][1:].lower()
    if named or len(words) > 3 or (is_verb(first) and len(words) > 1):
        return None
    return add_topic(f"{text}?", last)


def _is_bare_wh(words: list[str]) -> bool:
    """Return whether a question is its question word only: "Since when?", "How many?"."""
    small = [word.lower() for word in words]
    place = next((i for i, word in enumerate(small[:2]) if word in WH_WORDS), None)
    if place is None or len(small) > 4 or (place and small[0] not in PREPOSITIONS):
        return False
    rest = small[place + 1 :]
    return _BARE_WORDS.issuperset(rest) or (place > 0 and AUXILIARIES.isdisjoint(rest))


def _put_in_parallel(part: str, last: Turn) -> str | None:
    """Return the last question with `part` in the place of its like: a number, date or name."""
    question = last.question
    words = part.split()
    ordinal = _ORDINAL.search(part)
    if ordinal and len(words) <= _ORDINAL_WORDS and _ORDINAL.search(question):
        return _ORDINAL.sub(ordinal[0], question, count=1)
    preposition = words[0].lower() if words[0].lower() in PREPOSITIONS and len(words) > 1 else ""
    value = " ".join(words[1:]) if preposition else part
    asked = LABEL.search(question)
    if asked and value.isdigit() and not DATE.fullmatch(value):
        value = f"{asked['noun']} {value}"
    if label := LABEL.fullmatch(value):
        for other in LABEL.finditer(question):
            if other["noun"].lower() == label["noun"].lower():
                return question[: other.start()] + value + _drop_tail(question[other.end() :])
    bare_value = POSSESSIVE.sub("", value.removeprefix("the "))
    for pattern in (DATE, NAME):
        if not pattern.fullmatch(bare_value):
            continue
        if spot := _find_like(pattern, question, preposition, value):
            before = re.sub(r"(?i)\bthe \Z", "", question[: spot[0]])
            lead = "the " if value.startswith("the ") else ""
            return before + lead + bare_value + question[spot[1] :]
        if preposition:
            return f"{question.rstrip(' ?.!')} {part}?"
    whole = _put_noun_in_parallel(value, question, preposition)
    return whole or (f"{question.rstrip(' ?.!')} {part}?" if preposition else None)


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
    spots.sort(key=lambda spot: question[slice(*spot)].isupper() != bare.isupper())
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
    plural = is_plural(value.split()[-1].lower())
    alike = [
        item
        for item in phrases
        if not (item.is_name or item.is_determined)
        and item.is_plural == plural
        and preposition in {"", item.before}
    ]
    if len(alike) == 1 and not led:
        return question.replace(alike[0].text, value, 1)
    return None


def _singular(word: str) -> str:
    return word.lower().removesuffix("s")
