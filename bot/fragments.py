"""Fill up fragments: the last question with "What about Japan?" in the place of its like."""

import re

from bot.phrases import (
    AUXILIARIES,
    DATE,
    DETERMINERS,
    DO,
    FUNCTION_WORDS,
    LABEL,
    MAX_PHRASE_WORDS,
    NAME,
    POSSESSIVE,
    PREPOSITIONS,
    WH_WORDS,
    find_phrases,
    find_spots,
    is_plural,
    is_verb,
    is_verb_or_function,
    split_words,
)
from bot.pronouns import PERSONAL, Turn, add_topic, find_answer_phrase, find_pronoun, find_topic
from ingest.words import stem_words

_ORDINAL = re.compile(r"(?i)\b(?:first|second|third|fourth|fifth|sixth|last|next|previous|other)\b")
_ABOUT = re.compile(r"(?i)\A(?:what|how)(?:\s+about|['’]s about)\s+(?P<rest>.+)\Z", re.DOTALL)
_MORE = re.compile(
    r"(?i)\A(?:(?:can|could) you )?(?:please )?(?:tell|say|explain|give|show|go)\b"
    r"(?:\W+\w+){0,3}?\W+(?:more|on|details?|examples?)(?: please)?\Z"
)
_BARE_TEXT = """
big by come country date day else exactly far for from in large long many month much not of often
old on one ones place reason so then time to way with year
"""
# What may follow "how" or "which" where the rest of the question is left out.
_BARE_WORDS = frozenset(_BARE_TEXT.split())


def fill_fragment(bare: str, opened: bool, last: Turn) -> str | None:
    """Return the question that a fragment stands for, None if it is no fragment."""
    text = bare.rstrip(" ?.!")
    about = _ABOUT.match(text)
    if about and split_words(about["rest"])[:1] and _starts_question(about["rest"]):
        text, about = about["rest"], None
    if about:
        words = split_words(about["rest"])
        if len(words) > MAX_PHRASE_WORDS or find_pronoun(about["rest"]):
            return None
        return _put_in_parallel(about["rest"], last) or add_topic(
            f"What about {about['rest']}?", last
        )
    words = split_words(text)
    topic = find_topic(last)
    if topic and _MORE.match(text) and not find_pronoun(text):
        return f"{text} about {topic}."
    if _is_bare_wh(words):
        return _ask_again(text, last)
    content = [word for word in words[1:] if word.lower() not in {"one", "ones", "other"}]
    if len(words) > 6 or any(is_verb_or_function(word) for word in content) or not words:
        return None
    return _fill_noun_fragment(text, words, opened, last)


def _fill_noun_fragment(text: str, words: list[str], opened: bool, last: Turn) -> str | None:
    """Return the question for a fragment without a verb: "And in Japan?", "Any awards?"."""
    first = words[0].lower()
    if first in WH_WORDS or first in AUXILIARIES or first in PERSONAL:
        return None
    if opened or first in PREPOSITIONS:
        return _put_in_parallel(text, last) or add_topic(f"{text}?", last)
    named = any(word[0].isupper() for word in words[1:]) or words[0][1:] != words[0][1:].lower()
    if named or len(words) > 3 or (is_verb(first) and len(words) > 1):
        return None
    return add_topic(f"{text}?", last)


def _is_bare_wh(words: list[str]) -> bool:
    """Return whether a question is its question word only: "Since when?", "How many?"."""
    small = [word.lower() for word in words]
    if not 0 < len(small) <= 4 or not WH_WORDS & set(small[:2]):
        return False
    if small[0] not in WH_WORDS and small[0] not in PREPOSITIONS:
        return False
    place = next(i for i, word in enumerate(small) if word in WH_WORDS)
    rest = small[place + 1 :]
    if place and not AUXILIARIES.intersection(rest):
        return True
    return all(word in _BARE_WORDS for word in rest)


def _ask_again(text: str, last: Turn) -> str:
    """Return the last question asked anew with another question word."""
    wh = text[:1].upper() + text[1:]
    negated = wh.lower() == "why not"
    wh = wh[:3] if negated else wh
    words = last.question.rstrip(" ?.!").split()
    small = [word.lower() for word in words]
    if small and small[0] in AUXILIARIES:
        return f"{wh} {_negate(small[0]) if negated else small[0]} {' '.join(words[1:])}?"
    place = next((i for i, word in enumerate(small[:6]) if i and word in AUXILIARIES), None)
    if place is None or not WH_WORDS & set(small[:place]) or len(small) - place < 2:
        return _ask_subject(wh, words, last)
    if re.match(r"(?i)how (?:many|much)|which|what", wh) and small[place] not in DO:
        return add_topic(f"{wh}?", last)
    asked, rest = _find_asked(small[:place], last), words[place + 1 :]
    if small[0] == "who" and place == 1 and asked:
        return f"{wh} {small[place]} {asked} {' '.join(rest)}?"
    if asked and small[place] in DO:
        after = next((i for i, word in enumerate(rest) if i and is_verb(word)), None)
        if after is not None:
            rest = [*rest[: after + 1], asked, *rest[after + 1 :]]
    return f"{wh} {_negate(small[place]) if negated else small[place]} {' '.join(rest)}?"


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
    if nouns:
        return " ".join(nouns)
    if wh_words[-1] in {"who", "whom", "what", "which"}:
        phrase = find_answer_phrase(last, person=wh_words[-1] in {"who", "whom"})
        return phrase.text if phrase else ""
    return ""


def _put_in_parallel(part: str, last: Turn) -> str | None:
    """Return the last question with `part` in the place of its like: a number, date or name."""
    question = last.question
    words = part.split()
    if (ordinal := _ORDINAL.search(part)) and len(words) <= 3 and _ORDINAL.search(question):
        return _ORDINAL.sub(ordinal[0], question, count=1)
    preposition = words[0].lower() if words[0].lower() in PREPOSITIONS and len(words) > 1 else ""
    value = " ".join(words[1:]) if preposition else part
    if label := LABEL.fullmatch(value):
        for other in LABEL.finditer(question):
            if other["noun"].lower() == label["noun"].lower():
                return _drop_tail(question[: other.start()] + value, question[other.end() :])
    for pattern in (DATE, NAME):
        bare_value = POSSESSIVE.sub("", value.removeprefix("the "))
        if not pattern.fullmatch(bare_value):
            continue
        spot = _find_like(pattern, question, preposition, value)
        if spot:
            start, end = spot
            return question[:start] + bare_value + question[end:]
        if preposition:
            return f"{question.rstrip(' ?.!')} {part}?"
    return _put_noun_in_parallel(value, question)


def _drop_tail(begun: str, tail: str) -> str:
    """Return a question without a last "about ..." that belongs to another number's text."""
    return begun + re.sub(
        r"(?i)\s+(?:about|regarding|concerning|on)\s+[^,?]+(?=[?.!]*\Z)", "", tail
    )


def _find_like(
    pattern: re.Pattern[str], question: str, preposition: str, value: str
) -> tuple[int, int] | None:
    """Return where the question's element like `value` stands, preferably after `preposition`."""
    spots = find_spots(pattern, question)
    for start, end in spots:
        before = question[:start].lower().removesuffix("the ").split()
        if preposition and before[-1:] == [preposition]:
            return start, end
    if preposition and len(spots) != 1:
        return None
    owned = [spot for spot in spots if question[spot[1] : spot[1] + 2] in {"'s", "’s"}]
    if POSSESSIVE.search(value) and owned:
        return owned[0]
    same = [spot for spot in spots if question[slice(*spot)].isupper() == value.isupper()]
    best = same or spots
    return best[0] if best else None


def _put_noun_in_parallel(value: str, question: str) -> str | None:
    """Return the question with a noun phrase in the place of the one of the same head noun."""
    heads = set(stem_words(value))
    for phrase in find_phrases(question):
        if phrase.head and set(stem_words(phrase.head)) & heads:
            return question.replace(phrase.text, value, 1)
    bare = [item for item in find_phrases(question) if not (item.is_name or item.is_determined)]
    alike = [item for item in bare if item.is_plural == is_plural(value.split()[-1].lower())]
    if len(alike) == 1 and value.split()[0].lower() not in DETERMINERS:
        return question.replace(alike[0].text, value, 1)
    match = re.match(
        r"(?i)(what (?:is|are|was|were)) (?:an? |the )?(?!.*\bof\b).{1,40}\Z", question
    )
    if match and len(value.split()) <= 6:
        return f"{match[1]} {value}?"
    return None


def _starts_question(text: str) -> bool:
    """Return whether a text begins as a question does."""
    first = split_words(text)[0].lower()
    return first in WH_WORDS or first in AUXILIARIES
