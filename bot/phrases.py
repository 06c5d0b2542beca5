"""Find the noun phrases and names of a question, by word lists and capitals: no tagger needed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile

from bot.english import (
    AUXILIARIES,
    DETERMINERS,
    DO,
    FUNCTION_WORDS,
    MONTHS,
    PREPOSITIONS,
    VERB_TEXT,
)
from bot.verb_forms import find_past
from ingest.words import stem_words

MAX_PHRASE_WORDS = 12
TOKEN = re.compile(r"\w+(?:(?:[-–.’'/](?=\w)|,(?=\d{3}\b))\w+)*(?:(?<=s)[’'](?!\w))?|[^\w\s]")
_MONTH = "|".join(month.capitalize() for month in MONTHS)
DATE = re.compile(
    rf"\b(?:\d{{1,2}}\s+)?(?:{_MONTH})(?:\s+\d{{1,2}},)?(?:\s+\d{{4}})?\b|\b(?:1[5-9]|20)\d\d\b"
)
LABEL = re.compile(r"\b(?P<noun>[A-Za-z]+)\s+(?P<number>\d[\w.()]*|[IVX]+)(?!\w)")
NAME = re.compile(
    r"\b[A-Z][\w-]*(?:\.(?=\s[A-Z]))?(?:\s(?:(?:of|for)\s(?:the\s)?|the\s|de\s|von\s)?[A-Z][\w-]*)*"
)
POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])\Z")
_VERBS = frozenset(stem_words(VERB_TEXT))
_PLURAL_TEXT = "people men women children police media data staff"
_PLURAL_WORDS = frozenset(_PLURAL_TEXT.split())
# "The length of the bridge" is asked, but "it" is the bridge.
_ATTRIBUTE_TEXT = """
age aim amount area author benefit budget capacity capital cause chief content cost date definition
depth distance duration effect function goal head headquarters height history impact importance
leader length location main meaning member minister name number origin outcome population president
price purpose reason result role share size speed status structure text title use value weight
width
"""
_ATTRIBUTES = frozenset(stem_words(_ATTRIBUTE_TEXT))
_ATTACHED = frozenset({"of", "at", "between", "for", "in", "with", "against"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase; `before` is the preposition in front of it."""

    text: str
    head: str
    is_name: bool
    is_plural: bool
    is_determined: bool
    before: str = ""


def find_spots(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Return the spans of a pattern's matches, without a word that opens the sentence."""
    spots = []
    for match in pattern.finditer(text):
        start, end = match.span()
        first = match[0].partition(" ")[0]
        if start == 0 and (is_function(first.lower()) or is_verb(first)):
            start += len(first) + 1
        # "Isn't it?" has nobody called Isn.
        is_cut = first == match[0] and re.match("['’]t\\b", text[end : end + 3])
        if start < end and match[0] not in {"A", "I"} and not is_cut:
            spots.append((start, end))
    return spots


def skip_attribute(phrase: Phrase) -> Phrase:
    """Return "the bridge" of "the length of the bridge", "Iceland" of "Iceland's population"."""
    if not _ATTRIBUTES.intersection(stem_words(phrase.head)[-1:]):
        return phrase
    match = re.match(r"(?:the |an? )?[\w-]+(?: [\w-]+)? of (.+)\Z", phrase.text)
    match = match or re.match(r"(?:the )?([A-Z][\w -]*)['’]s? .+\Z", phrase.text)
    inner = find_phrases(f"of {match[1]}") if match else []
    return replace(inner[0], is_determined=True) if len(inner) == 1 else phrase


@lru_cache(maxsize=256)
def find_phrases(text: str) -> tuple[Phrase, ...]:
    """Return the noun phrases of a text in order, dates left out."""
    tokens = list(TOKEN.finditer(text))
    dates = [match.span() for match in DATE.finditer(text)]
    phrases: list[Phrase] = []
    place = 0
    while place < len(tokens):
        is_date = any(start <= tokens[place].start() < end for start, end in dates)
        begins = not is_date and not _follows_how(tokens, place)
        end, head_end = _measure_phrase(tokens, place) if begins else (place, place)
        if end > place:
            phrases.append(_make_phrase(text, tokens, place, end, head_end))
            end += _is_subject_of_verb(tokens, place, end)
        place = max(end, place + 1)
    return tuple(_join_names(text, phrases))


def _follows_how(tokens: list[re.Match[str]], place: int) -> bool:
    """Return whether a word tells how, or what an opening "who" does: "how long", "who bought"."""
    before = tokens[place - 1][0].lower() if place else ""
    leads = before == "how" or (before == "who" and place == 1)
    return leads and tokens[place][0].islower()


def _is_subject_of_verb(tokens: list[re.Match[str]], start: int, end: int) -> bool:
    """Return whether a phrase stands between "did" and its verb: "did Okafor score"."""
    if not start or end == len(tokens) or tokens[start - 1][0].lower() not in DO:
        return False
    after = tokens[end][0]
    return after.islower() and after.isalpha() and not is_function(after)


def _measure_phrase(tokens: list[re.Match[str]], start: int) -> tuple[int, int]:
    """Return (end, end of the part with the head noun) of the phrase at a token.

    Where none begins, the end is the start.
    """
    first = tokens[start][0].lower()
    determined = first in DETERMINERS - {"that", "his", "her", "its", "their"}
    content = place = start + determined
    while place < len(tokens) and _is_content(tokens, place, place > content or not determined):
        place += 1
    place = _leave_verb(tokens, start, content, place)
    if place == content:
        return start, start
    if place + 1 < len(tokens) and (link := tokens[place][0]) in _ATTACHED:
        end, _ = _measure_phrase(tokens, place + 1)
        named = any(token[0][0].isupper() for token in tokens[place + 1 : end])
        if end > place + 1 and (link == "of" or (determined and named)):
            return end, place
    return place, place


def _leave_verb(tokens: list[re.Match[str]], start: int, content: int, end: int) -> int:
    """Return the end of a subject without a verb that no list knows: "did the Angara sail"."""
    words = [token[0] for token in tokens]
    if not start or words[start - 1].lower() not in DO:
        return end
    clause = takewhile(lambda word: word not in ",;:", words[end:])
    if any(word.islower() and is_verb(word) for word in clause):
        return end
    small = [at for at in range(content + 1, end) if words[at].islower()]
    after_name = [at for at in small if words[at - 1][0].isupper()]
    return (after_name[:1] or small[-1:] or [end])[0]


def _is_content(tokens: list[re.Match[str]], place: int, may_be_verb: bool) -> bool:
    """Return whether a token goes on with a noun phrase."""
    word = tokens[place][0]
    small = word.lower()
    if word[0].isupper() and place:
        return not is_function(small) or (word.isupper() and len(word) > 1)
    if not word[0].isalnum() or is_function(small) or small.endswith("ly"):
        return False
    if not (may_be_verb or word[0].isupper()) or not is_verb(small):
        return True
    return may_be_verb and _is_noun_here(tokens, place)


def _is_noun_here(tokens: list[re.Match[str]], place: int) -> bool:
    """Return whether a word that may be a verb is a noun here: "is sick leave paid?"."""
    small = [token[0].lower() for token in tokens]
    before = tokens[place - 1][0] if place else ""
    plain = before.islower() and not is_function(before) and not is_verb(before)
    if not plain or small[place].endswith("ed"):
        return False
    after = small[place + 1] if place + 1 < len(small) else "?"
    if after in AUXILIARIES | {"be", "been"}:
        return True
    helper = next((word for word in small[:place] if word in AUXILIARIES), "")
    ends = not after[0].isalnum() or after in PREPOSITIONS or after.endswith("ed")
    ends = ends or find_past(after) is not None
    return helper in {"is", "are", "was", "were"} and ends


def _make_phrase(
    text: str, tokens: list[re.Match[str]], start: int, end: int, head_end: int
) -> Phrase:
    """Return the phrase of the tokens from `start` to `end`, its head before `head_end`."""
    words = [token[0] for token in tokens[start:end]]
    shown = POSSESSIVE.sub("", text[tokens[start].start() : tokens[end - 1].end()])
    led = words[0].lower() in DETERMINERS
    content = words[led : head_end - start]
    named = bool(content) and all(word[0].isupper() or word[0].isdigit() for word in content)
    if start == 0 and not led and len(content) == 1 < len(tokens) and content[0][0].isupper():
        # The first word has its capital anyway.
        after = tokens[1][0]
        named = (named and not after[0].islower()) or is_function(after.lower())
    last = POSSESSIVE.sub("", words[head_end - start - 1])
    plural = last[0].islower() and is_plural(last)
    before = tokens[start - 1][0].lower() if start else ""
    if led:
        shown = shown[0].lower() + shown[1:]
    determined = led or any(POSSESSIVE.search(word) for word in words[:-1])
    return Phrase(shown, last, named, plural, determined, before)


def _join_names(text: str, phrases: list[Phrase]) -> list[Phrase]:
    """Return phrases with "Kim" and "Putin" of "Kim and Putin" made one, of several."""
    joined: list[Phrase] = []
    small = text.lower()
    for phrase in phrases:
        if joined and _are_alike(joined[-1], phrase):
            links = (f"{joined[-1].text}{link}{phrase.text}" for link in (" and ", ", ", ", and "))
            both = next((link for link in links if link.lower() in small), None)
            if both:
                phrase = replace(joined.pop(), text=both, is_plural=True)
        joined.append(phrase)
    return joined


def _are_alike(one: Phrase, other: Phrase) -> bool:
    if one.is_name or other.is_name:
        return one.is_name and other.is_name
    return one.is_determined and other.is_determined


def split_names(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Return the names of phrases one by one, those of "Kim and Putin" apart."""
    return [
        replace(phrase, text=name)
        for phrase in phrases
        for name in re.split(r", | and ", phrase.text)
    ]


def is_function(word: str) -> bool:
    """Return whether a word, in small letters, carries no topic."""
    return word in FUNCTION_WORDS or word.replace("’", "'").partition("'")[0] in FUNCTION_WORDS


@lru_cache(maxsize=10_000)
def is_verb(word: str) -> bool:
    """Return whether a word is likely a verb where a noun phrase might end."""
    return word.lower().endswith("ed") or bool(_VERBS.intersection(stem_words(word)))


def is_plural(word: str) -> bool:
    """Return whether a noun, in small letters, is likely a plural."""
    ends = word.endswith("s") and not word.endswith(("ss", "us", "is", "ics"))
    return ends or word in _PLURAL_WORDS


def split_words(text: str) -> list[str]:
    """Return the words of a text without its punctuation."""
    return [token for token in TOKEN.findall(text) if token[0].isalnum()]


def is_in(part: str, text: str) -> bool:
    """Return whether all words of a part stand in a text."""
    return set(stem_words(part)) <= set(stem_words(text))


def find_own_names(question: str) -> list[str]:
    """Return the names in a question, but for its first word, which has a capital anyway."""
    return [question[slice(*spot)] for spot in find_spots(NAME, question) if spot[0]]
