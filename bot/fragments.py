"""Fill up fragments: the last question with "What about Japan?" in the place of its like."""

import re

from bot.antecedents import Turn, add_topic, find_answer_phrase, find_topic
from bot.english import AUXILIARIES, DETERMINERS, DO, FUNCTION_WORDS, PREPOSITIONS, WH_WORDS
from bot.phrases import (
    DATE,
    LABEL,
    MAX_PHRASE_WORDS,
    NAME,
    POSSESSIVE,
    find_phrases,
    find_spots,
    is_function,
    is_plural,
    is_verb,
    split_words,
)
from bot.pronouns import PERSONAL, find_pronoun
from ingest.words import stem_words

_MAX_WORDS = 6
_ORDINAL = re.compile(r"(?i)\b(?:first|second|third|fourth|fifth|sixth|last|next|previous|other)\b")
_ABOUT = re.compile(r"(?i)\A(?:what|how)(?:\s+about|['’]s about)\s+(?P<rest>.+)\Z", re.DOTALL)
_MORE = re.compile(
    r"(?i)\A(?:(?:can|could) you )?(?:please )?(?:tell|say|explain|give|show|go)\b"
    r"(?:\W+\w+){0,3}?\W+(?:more|on|details?|examples?)(?: please)?\Z"
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
    words = split_words(text)
    topic = find_topic(last)
    if topic and _MORE.match(text) and not find_pronoun(text):
        return f"{text} about {topic}."
    if _is_bare_wh(words):
        return _ask_again(text, last)
    if not 0 < len(words) <= _MAX_WORDS or any(map(_ends_phrase, words[1:])):
        return None
    return _fill_noun_fragment(text, words, opened, last)


def _ends_phrase(word: str) -> bool:
    """Return whether a word keeps a fragment from being a noun phrase."""
    small = word.lower()
    # "US" is no "us".
    if word.isupper() and len(word) > 1:
        return False
    if small in PREPOSITIONS | DETERMINERS | {"and", "or", "other", "one", "ones"}:
        return False
    return is_function(small) or (word[0].islower() and is_verb(small))


def _fill_noun_fragment(text: str, words: list[str], opened: bool, last: Turn) -> str | None:
    """Return the question for a fragment without a verb: "And in Japan?", "Any awards?"."""
    first = words[0].lower()
    if first in WH_WORDS or first in AUXILIARIES or first in PERSONAL:
        return None
    if opened or first in PREPOSITIONS or LABEL.fullmatch(text):
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


def _ask_again(text: str, last: Turn) -> str:
    """Return the last question asked anew with another question word."""
    wh = text[:1].upper() + text[1:]
    negated = wh.lower() == "why not"
    wh = wh[:3] if negated else wh
    words = last.question.rstrip(" ?.!").split()
    small = [word.lower() for word in words]
    place = next((i for i, word in enumerate(small[:6]) if word in AUXILIARIES), None)
    if place is None or (place and WH_WORDS.isdisjoint(small[:place])) or place > len(small) - 2:
        return _ask_subject(wh, words, last)
    auxiliary = _negate(small[place]) if negated else small[place]
    rest = words[place + 1 :]
    asked = _find_asked(small[:place], last) if place else ""
    if small[0] == "who" and place == 1 and asked:
        rest = [asked, *rest]
    elif asked and small[place] in DO:
        after = next((i for i, word in enumerate(rest, 1) if i > 1 and is_verb(word)), len(rest))
        rest = [*rest[:after], asked, *rest[after:]]
    return f"{wh} {auxiliary} {' '.join(rest)}?"


def _negate(auxiliary: str) -> str:
    """Return "didn't" for "did"."""
    odd = {"can": "can't", "will": "won't", "shall": "shouldn't", "am": "am not", "may": "may not"}
    return auxiliary if auxiliary.endswith("t") else odd.get(auxiliary, f"{auxiliary}n't")


def _ask_subject(wh: str, words: list[str], last: Turn) -> str:
    """Return "When" asked of "Who founded X?", which has no auxiliary to keep."""
    person = find_answer_phrase(last, person=True) if words[:1] in (["who"], ["Who"]) else None
    if person and wh.lower() in {"when", "where", "why", "how"}:
        return f"{wh} was it that {person.text} {' '.join(words[1:])}?"
    return add_topic(f"{wh}?", last)


def _find_asked(wh_words: list[str], last: Turn) -> str:
    """Return what a question word asked for: the answer's phrase, or the noun of "how many ..."."""
    nouns = [word for word in wh_words if word not in FUNCTION_WORDS]
    if nouns or wh_words[-1] not in {"who", "whom", "what", "which"}:
        return " ".join(nouns)
    phrase = find_answer_phrase(last, person=wh_words[-1] in {"who", "whom"})
    return phrase.text if phrase else ""


def _put_in_parallel(part: str, last: Turn) -> str | None:
    """Return the last question with `part` in the place of its like: a number, date or name."""
    question = last.question
    words = part.split()
    if (ordinal := _ORDINAL.search(part)) and len(words) <= 3 and _ORDINAL.search(question):
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
    return _put_noun_in_parallel(value, question)


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


def _put_noun_in_parallel(value: str, question: str) -> str | None:
    """Return the question with a noun phrase in the place of the one of the same head noun."""
    heads = set(stem_words(value))
    phrases = find_phrases(question)
    for phrase in phrases:
        if heads.intersection(stem_words(phrase.head)):
            return question.replace(phrase.text, value, 1)
    plural = is_plural(value.split()[-1].lower())
    alike = [
        item
        for item in phrases
        if not (item.is_name or item.is_determined) and item.is_plural == plural
    ]
    if len(alike) == 1 and value.split()[0].lower() not in DETERMINERS:
        return question.replace(alike[0].text, value, 1)
    return None
