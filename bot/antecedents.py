"""List what a pronoun may mean in a turn of a conversation, the likeliest first.

Subjects come before objects, as in centering theory (Grosz, Joshi, Weinstein 1995).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.english import DO, PREPOSITIONS
from bot.persons import find_persons, may_be_person
from bot.phrases import (
    LABEL,
    MAX_PHRASE_WORDS,
    NAME,
    Phrase,
    find_own_names,
    find_phrases,
    is_function,
    is_in,
    is_plural,
    skip_attribute,
    split_names,
    split_words,
)
from bot.verb_forms import find_past
from ingest.words import stem_words


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of the conversation and the text of its answer."""

    question: str
    answer: str


def find_antecedent(
    kind: str, turns: Sequence[Turn], used: set[str], question: str = ""
) -> Phrase | None:
    """Return the phrase that a pronoun of a kind means: in the last turn, else the ones before.

    `kind` is "person", "several", "thing" (a subject), "object" or "event". None in `used` is
    meant, nor a person whom the `question` names beside the pronoun.
    """
    find = {
        "person": _list_persons,
        "thing": _list_things,
        "object": _list_objects,
        "event": _list_events,
        "several": _list_several,
    }[kind]
    names = find_own_names(question) if kind == "person" else []
    named = {word for name in names for word in name.split()}
    for turn in reversed(turns[-3:] if kind in {"person", "several"} else turns[-1:]):
        for phrase in find(turn):
            words = phrase.text.split()
            is_free = phrase.text not in used and named.isdisjoint(words)
            if is_free and len(words) <= MAX_PHRASE_WORDS:
                return phrase
    return None


def _list_persons(turn: Turn) -> list[Phrase]:
    """Return whom a turn answers with and whom it asks about, answers first to "who"."""
    names = find_persons(turn.question)
    asked = turn.question.lower()
    answered = [item for item in find_persons(turn.answer) if item.text.lower() not in asked]
    described = re.match(r"(?i)who (?:is|was) (.+?)\W*\Z", turn.question)
    asks_name = described is not None and NAME.fullmatch(described[1])
    asks_who = re.match(r"(?i)(?:\w+ )?who(?:m|se)?\b", turn.question) and not asks_name
    # A ship is a "she", too: "the Aldern".
    phrases = (item for item in find_phrases(turn.question) if item.is_determined)
    ships = [item for item in phrases if may_be_person(replace(item, is_determined=False))]
    return (answered + names if asks_who else names + answered) + ships


def _list_things(turn: Turn) -> list[Phrase]:
    phrases = [skip_attribute(item) for item in find_phrases(turn.question)]
    phrases = [item for item in phrases if not item.is_plural]
    first = [item for item in phrases if item.is_determined or LABEL.fullmatch(item.text)]
    names = [item for item in phrases if item.is_name]
    if re.match(r"(?i)(?:is|was)\b", turn.question):
        # "Is North Korea a member?": the subject, not what it is.
        first = []
    answer = find_answer_phrase(turn, person=False) if _asks_object(turn) else None
    # "When did Finland join the EU?": "it" is Finland.
    if answer is None:
        first = [i for i in names if i.before in DO and not may_be_person(i)] + first
    return first + ([answer] if answer and not answer.is_plural else []) + names + phrases


def _list_objects(turn: Turn) -> list[Phrase]:
    """Return what "it" is as an object: what was asked for, or a thing, but no bare name.

    A name alone may be a person's or a country's, and then "it" is what they did.
    """
    if _asks_object(turn):
        answer = find_answer_phrase(turn, person=False)
        return [answer] if answer and answer.is_determined and not answer.is_plural else []
    asks_what = re.match(r"(?i)(?:\w+ )?what(?:'s| is| was)\b", turn.question)
    things = _list_things(turn)
    return [item for item in things if asks_what or not item.is_name or item.is_determined]


def _list_events(turn: Turn) -> list[Phrase]:
    """Return what "this" may be: only what the last question asked to explain."""
    asks_what = re.match(r"(?i)what (?:is|was|are|were)\b", turn.question)
    return _list_things(turn) if asks_what else []


def _list_several(turn: Turn) -> list[Phrase]:
    phrases = [skip_attribute(item) for item in find_phrases(turn.question)]
    # "What are the Six-Party Talks?", "What is the saddled newt?"
    asked = re.match(r"(?i)(?:what|who) (?:is|are|was|were) (the .+?)\W*\Z", turn.question)
    explained = [item for item in phrases if asked and item.text == asked[1]]
    joined = [item for item in phrases if item.is_plural or _is_plural_name(item)]
    together = [item for item in joined if item.is_name]
    asks = re.match(r"(?i)(?:\w+ )?(?:who|which|what)\b", turn.question)
    # Names after a preposition or a comma are hardly what the answer is about.
    inside = PREPOSITIONS | {","}
    plural = [item for item in find_phrases(turn.answer) if item.is_plural]
    answered = [item for item in plural if item.before not in inside]
    named = [item for item in answered if item.is_name]
    names = [item for item in phrases if item.is_name and item.before not in {"in", "at", "near"}]
    subjects = [item for item in names if item.before in DO]
    own = [item for item in phrases if item.is_determined and not item.is_plural]
    first = explained + together + (named if asks else []) + joined + named + answered
    # Whoever "bought the ship" is not the ship.
    if re.match(r"(?i)who (?!is|are|was|were|do|does|did)", turn.question):
        return first
    return first + subjects + own + names


def _is_plural_name(phrase: Phrase) -> bool:
    """Return whether a name is of several: "the Six-Party Talks", "Harwick Rovers"."""
    several = phrase.is_name and " " in phrase.text and is_plural(phrase.head.lower())
    return several and phrase.head not in {"States", "Nations"}


def _asks_object(turn: Turn) -> bool:
    """Return whether a question asks what something was done to: "What did Russia veto?"."""
    # "What does Article 4 say?" asks for no object.
    none = r"(?!.*\b(?:do|say|mean|cost|require|state|weigh|happen)\W*\Z)"
    asks = rf"(?i)(?:what|which)\b(?: \w+){{0,3}}? (?:do|does|did)\b{none}"
    if re.match(asks, turn.question):
        return True
    done = re.match(r"(?i)(?:what|which)\b(?: \w+){0,2}? (?:was|were) (\w+)", turn.question)
    return done is not None and find_past(done[1]) is not None


def find_answer_phrase(turn: Turn, *, person: bool) -> Phrase | None:
    """Return the phrase of an answer that its question did not have."""
    known = set(stem_words(turn.question))
    phrases = find_phrases(turn.answer)
    for phrase in split_names(phrases) if person else phrases:
        fits = may_be_person(phrase) if person else phrase.is_determined or phrase.is_name
        if fits and not known.issuperset(stem_words(phrase.text)):
            # Of "the renewal of the Panel of Experts' mandate" the panel lives on.
            named = rf"\bof (the {NAME.pattern[2:]})['’]s?\s"
            inner = re.search(named, phrase.text)
            return replace(phrase, text=inner[1], is_name=True) if inner else phrase
    return None


def find_topic(turn: Turn) -> str:
    """Return what to put in brackets behind a question: the last one's first phrases."""
    phrases = [
        item
        for item in find_phrases(turn.question)
        if item.text.split()[0].lower() not in {"any", "some", "every", "each"}
        and len(item.text.split()) <= MAX_PHRASE_WORDS
        and (LABEL.search(item.text) or not item.head.isdigit())
    ]
    weighty = [item for item in phrases if item.is_determined or item.is_name]
    chosen = [item.text for item in (weighty or phrases)[:2]]
    words = [word for word in split_words(turn.question) if not is_function(word.lower())]
    return "; ".join(chosen) or " ".join(words[:6])


def add_topic(text: str, turn: Turn) -> str:
    """Return a question with the last one's topic in brackets behind it."""
    topic = find_topic(turn)
    if is_in(topic, text):
        return text
    body = text.rstrip("?.! ")
    return f"{body} ({topic}){text[len(body) :].strip()}"
