"""Fill up fragments: the last question with "What about Japan?" in the place of its like."""

import re

from bot.antecedents import Turn, add_topic, find_topic
from bot.ask_again import ask_again, ask_of
from bot.english import AUXILIARIES, DETERMINERS, DO, PREPOSITIONS, WH_WORDS
from bot.parallel import ORDINAL, put_in_parallel
from bot.phrases import (
    DATE,
    LABEL,
    MAX_PHRASE_WORDS,
    find_phrases,
    is_function,
    is_plural,
    is_verb,
    split_words,
)
from bot.pronouns import PERSONAL, TIME, find_pronoun, replace_references

_MAX_WORDS = 6
_ABOUT = re.compile(
    r"(?i)\A(?:(?:what|how)(?:\s+about|['’]s about)"
    r"|(?:the\s+)?same(?:\s+question)?\s+(?:for|with|about))\s+(?P<rest>.+)\Z",
    re.DOTALL,
)
_MORE = re.compile(
    r"(?i)\A(?:(?:can|could) you )?(?:please )?(?:tell|say|explain|give|show|go)\b"
    r"(?:\W+\w+){0,3}?\W+(?:more|on|details?|examples?)(?: please)?\Z"
)
_DOING = DO | {"can", "could", "may", "must", "should", "will", "would"}
# "Why did it do so?", "When was that?": what the last question told is left out.
_LEFT_OUT = re.compile(
    r"(?i)\A(?P<wh>(?:since )?(?:why|when|where|how)(?: long| often)?)\s"
    rf"(?:(?:is|was)\s(?:that|this)|(?:{'|'.join(AUXILIARIES)})\s(?:i|it|they|he|she|we|you)\s(?:do|done|doing)\s"
    r"(?:so|that|this|it))\Z"
)
_ASKED_OF = re.compile(
    rf"(?i)\A(?P<auxiliary>{'|'.join(AUXILIARIES)})\s(?P<whom>[\w’'-]+(?:\s[\w’'-]+){{0,3}}?)"
    r"(?:\s(?:do|done)\s(?:it|so|that|this))?(?:\s(?:too|also|as well|either))?\Z"
)
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
        return put_in_parallel(part, last) or add_topic(f"What about {part}?", last)
    if left_out := _LEFT_OUT.match(text):
        asked = ask_again(left_out["wh"], last)
        return add_topic(f"{text}?", last) if asked.endswith(")?") else asked
    if others := _ASKED_OF.match(text):
        return _ask_of(others["auxiliary"], others["whom"], last)
    words = split_words(text)
    topic = find_topic(last)
    if topic and _MORE.match(text) and not find_pronoun(text):
        return f"{text} about {topic.replace('; ', ' and ')}."
    if _is_bare_wh(words) or _asks_how_many(words, last):
        return ask_again(text, last)
    inner = words[1:-1] if opened and _may_be_noun(words[-1]) else words[1:]
    if not 0 < len(words) <= _MAX_WORDS or any(map(_ends_phrase, inner)):
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
    return ask_of(auxiliary, whom, last) or put_in_parallel(whom, last)


def _ends_phrase(word: str) -> bool:
    """Return whether a word keeps a fragment from being a noun phrase."""
    small = word.lower()
    # "US" is no "us".
    if word.isupper() and len(word) > 1:
        return False
    if small in PREPOSITIONS | DETERMINERS | {"and", "or"} or ORDINAL.fullmatch(word):
        return False
    return is_function(small) or (word[0].islower() and is_verb(small))


def _may_be_noun(word: str) -> bool:
    """Return whether a verb may be a noun, too: "And paternity leave?"."""
    return is_verb(word) and not is_function(word.lower()) and not word.endswith("ed")


def _fill_noun_fragment(text: str, words: list[str], opened: bool, last: Turn) -> str | None:
    """Return the question for a fragment without a verb: "And in Japan?", "Any awards?"."""
    first = words[0].lower()
    if re.split("['’]", first)[0] in WH_WORDS or first in AUXILIARIES or first in PERSONAL:
        return None
    both_count = ORDINAL.search(text) and ORDINAL.search(last.question)
    is_value = LABEL.fullmatch(text) or DATE.fullmatch(text)
    if opened or first in PREPOSITIONS or is_value or both_count:
        # "And before her?", "And after that?"
        leans = find_pronoun(text) or TIME.search(text)
        part = (replace_references(text, [last]) if leans else None) or text
        return put_in_parallel(part, last) or add_topic(f"{part}?", last)
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


def _asks_how_many(words: list[str], last: Turn) -> bool:
    """Return whether "How many days?" asks the last question anew, of what somebody does."""
    small = [word.lower() for word in words]
    asks = small[:2] == ["how", "many"] and len(small) == 3 and is_plural(small[2])
    return asks and not _DOING.isdisjoint(last.question.lower().split()[:4])
