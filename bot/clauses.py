"""Split a statement into subject, verb and rest, and tell which phrases stand by themselves."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from bot.english import (
    AUXILIARIES,
    DATES,
    DETERMINERS,
    INSTITUTIONS,
    LABELS,
    PREPOSITIONS,
    TITLES,
)
from bot.phrases import DATE, is_function, is_plural
from bot.verb_forms import find_base
from ingest.words import stem_words

# What a statement in the present may say a thing does: forms that are no plural noun.
PRESENT = {
    "consists": "consist", "contains": "contain", "comprises": "comprise", "requires": "require",
    "includes": "include", "governs": "govern", "prohibits": "prohibit", "forbids": "forbid",
    "covers": "cover", "opposes": "oppose", "describes": "describe", "regulates": "regulate",
    "provides": "provide", "produces": "produce", "protects": "protect", "lies": "lie",
    "represents": "represent", "affects": "affect", "allows": "allow", "enables": "enable",
    "occurs": "occur", "costs": "cost", "says": "say", "argues": "argue",
    "believes": "believe", "suggests": "suggest", "explains": "explain",
    "inhibits": "inhibit", "reduces": "reduce",
    "mediates": "mediate", "encodes": "encode", "activates": "activate", "refers": "refer",
    "plays": "play", "stands": "stand", "prevents": "prevent", "involves": "involve",
    "manages": "manage", "improves": "improve", "increases": "increase", "determines": "determine",
    "replaces": "replace", "connects": "connect", "defines": "define", "publishes": "publish",
}  # fmt: skip
NAME_WORDS = (
    r"(?:[A-Z][\w’'-]+|[A-Z]\.)"
    r"(?:\s(?:(?:de|van|von|bin|al|der)\s)?(?:[A-Z][\w’'-]*\w|[A-Z]\.(?=\s[A-Z]))){1,3}"
)
_MAX_SUBJECT_WORDS, _MAX_REST_WORDS = 8, 9
_POINTING_TEXT = """
he she it they him her them his hers its their theirs this these those such former latter another
other others same both each who whom whose which that where there here i we us our you your my some
many most several all every any himself herself itself themselves one ones also then however later
earlier previous following next respectively would could might may should not never no nor neither
without hardly almost cannot if whether above below still again now today recently currently so
thus too even only different further few more less half much lots part parts
"""
# Words that point outside the sentence, or make it less than a plain statement.
_POINTING = frozenset(_POINTING_TEXT.split())
_POINTING_IN_REST = _POINTING - {
    "all",
    "both",
    "each",
    "most",
    "several",
    "only",
    "more",
    "few",
    "part",
}
_NUMBER_TEXT = "two three four five six seven eight nine ten eleven twelve twenty"
_NUMBERS = frozenset(_NUMBER_TEXT.split())
_CLAUSE_END = re.compile(
    r",(?!\d)|[;:—]|\s[–-]{1,2}\s|\.(?=\s|\Z)|\s(?:but|while|when|after|before|because|which|who"
    r"|that|although|though|as|so|where|whereas|since|until|following|due\sto|despite|amid|whose"
    r"|if)\b|\sand(?=\s(?:\d|\w+ed\b|[a-z]+ly\b|(?:was|were|is|are|has|had|have|then|also|he|she|it"
    r"|they|its|his|took|made|held|became|began|led|won|ran|gave|went|came|wrote|said)\b))"
)
_VAGUE = re.compile(r"\Aan?\s[a-z]+\Z|\bthe\s[a-z]+(?=\s(?:in|at|by|from|against|with)\b|\Z)")
_LEAD = re.compile(rf"\A(?:On|In)\s(?:early\s|late\s|mid-)?(?:{DATE.pattern}),?\s(?=\w)")
# "According to X, …", "After the war, …", "Originally, …"
_ADVERBIAL = re.compile(
    rf"\A(?:According|{'|'.join(sorted(word.title() for word in PREPOSITIONS))}|[A-Z][a-z]+ly)\b"
    r"[^,;:.]{0,70},\s(?=\w)"
)
_APPOSED = re.compile(rf"\A(?P<name>{NAME_WORDS}),\s[^,]{{3,70}},\s(?=[a-z])")
# A name is a word with a capital where no sentence begins.
_INNER_CAPITAL = re.compile(r"(?<=[a-z,] )[A-Z][\w’'-]*")
_SMALL_WORD = re.compile(r"\b[a-z][\w’'-]*")
_NATIONAL = re.compile(r"(?:ian|ean|ese|ish|ican)s?\Z")
READ_LETTERS = 60_000


@dataclass(frozen=True, slots=True)
class Topic:
    """What an article is about, as stems, and its words without and with a capital."""

    stems: frozenset[str]
    small_words: frozenset[str]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Clause:
    """The first statement of a sentence; `is_dated` if it begins with the date of the event."""

    subject: str
    verb: str
    rest: str
    is_dated: bool


def read_topic(text: str, title: str, heading: str) -> Topic:
    """Return what tells whether a phrase of an article says enough by itself."""
    small_words, names = _list_words(text[:READ_LETTERS])
    return Topic(frozenset(stem_words(f"{title} {heading}")), small_words, names)


@lru_cache(maxsize=64)
def _list_words(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that a text writes small, and those that it mostly does not."""
    small = Counter(_SMALL_WORD.findall(text))
    names = Counter(_strip_owner(word) for word in _INNER_CAPITAL.findall(text))
    mostly = (name for name, count in names.items() if count > small[name.lower()])
    return frozenset(small), frozenset(mostly)


def split_clause(line: str) -> Clause | None:
    """Return the first clause of a sentence, None where its verb is not plain to see."""
    lead = _LEAD.match(line)
    rest = line[lead.end() :] if lead else _ADVERBIAL.sub("", line)
    rest = _APPOSED.sub(r"\g<name> ", rest)
    tokens = list(re.finditer(r"\S+", rest))
    for place, token in enumerate(tokens[1 : _MAX_SUBJECT_WORDS + 2], 1):
        word = token[0]
        if word in AUXILIARIES or word in PRESENT or find_base(word):
            subject = rest[: tokens[place - 1].end()]
            return Clause(subject, word, rest[token.end() + 1 :], lead is not None)
        if word.endswith((",", ";", ":", "—")):
            break
    return None


def cut_clause(text: str) -> str:
    """Return a text up to the end of its first clause."""
    end = _CLAUSE_END.search(text)
    return text[: end.start()] if end else text


def is_plain(text: str) -> bool:
    """Tell whether the words after a verb are few and need no text around them."""
    keys = [_strip_owner(word).lower() for word in text.split()]
    odd = _CLAUSE_END.search(text) or _VAGUE.search(text) or re.search(r"[\"“”()\[\]]", text)
    return len(keys) <= _MAX_REST_WORDS and not odd and not _POINTING_IN_REST.intersection(keys)


def stands_alone(phrase: str, topic: Topic) -> bool:
    """Tell whether a subject says what it is without the text around it."""
    words = phrase.split()
    if not 0 < len(words) <= _MAX_SUBJECT_WORDS or re.search(r"[,;:()\"“”—\[\]/@*]", phrase):
        return False
    keys = [_strip_owner(word).lower() for word in words]
    first, last = keys[0], keys[-1]
    if _POINTING.intersection(keys) or is_function(last) or last.endswith("ly"):
        return False
    if first.endswith(("ing", "ly")) or (is_function(first) and first != "the") or first == "and":
        return False
    if first in _NUMBERS or first[:1].isdigit():
        return False
    if words[0].isupper() and len(words[0]) > 5:
        # The label of a paragraph: "BACKGROUND".
        return False
    return _is_named(words, topic) or _is_on_topic(words, topic)


def _is_named(words: list[str], topic: Topic) -> bool:
    """Tell whether a name or a year is among words: not just a "Ministry", or a first word."""
    if any(re.fullmatch(r"(?:1[5-9]|20)\d\d", word) for word in words):
        return len(words) > 2
    for place, word in enumerate(words):
        bare = _strip_owner(word)
        key = bare.lower()
        if not word[0].isupper() or key in INSTITUTIONS | TITLES | LABELS | DATES | DETERMINERS:
            continue
        unlike_noun = bare.isupper() or (len(words) == 1 and not is_plural(key))
        if place or bare in topic.names or (unlike_noun and key not in topic.small_words):
            return True
    return len(words) > 1 and all(word[0].isupper() for word in words)


def _is_on_topic(words: list[str], topic: Topic) -> bool:
    """Tell whether a phrase without a name is what the title or heading speaks of."""
    stems = stem_words(" ".join(word for word in words if not is_function(word.lower())))
    shared = topic.stems.intersection(stems)
    return bool(shared) and (len(stems) > 1 or words[0].lower() != "the")


def lower_first(phrase: str, topic: Topic) -> str:
    """Return a phrase for the middle of a sentence: without the capital of its first word."""
    words = phrase.split()
    first = words[0]
    if not first[1:].islower() and len(first) > 1:
        return phrase
    small = first.lower()
    is_name = _strip_owner(first) in topic.names
    is_name |= len(words) > 1 and not words[1][0].islower()
    # "China" and "Russian trade", where no other sentence has the word.
    alone = len(words) == 1 or _NATIONAL.search(small)
    is_name |= small not in topic.small_words and bool(alone)
    if small in DETERMINERS | PREPOSITIONS or not is_name:
        return small + phrase[len(first) :]
    return phrase


def _strip_owner(word: str) -> str:
    return re.sub(r"(?:['’]s|(?<=s)['’])\Z", "", word)
