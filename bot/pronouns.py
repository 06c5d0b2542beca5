"""Say plainly what a follow-up question only points to: pronouns, "that post", "there".

Noun phrases of the last question and answer take their place. Subjects come before objects, as in
centering theory (Grosz, Joshi, Weinstein 1995).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.phrases import (
    AUXILIARIES,
    DATE,
    DO,
    LABEL,
    MAX_PHRASE_WORDS,
    NAME,
    PREPOSITIONS,
    TOKEN,
    WH_WORDS,
    Phrase,
    find_inner_name,
    find_persons,
    find_phrases,
    find_spots,
    is_function,
    is_in,
    is_verb,
    may_be_person,
    skip_attribute,
    split_names,
    split_words,
)
from ingest.words import stem_words

_MAX_WORDS = 50
_ROLES = frozenset({"post", "office", "job", "position", "role", "title", "duty", "function"})
_EXPLETIVE = re.compile(
    r"""(?ix)\b(?:(?:is|was|isn['’]t|be|'s)\s+it\s+(?:\w+\s+)?(?:that|to|for|if|when|who)\b
    | it\s+(?:is|was|'s|would\s+be|takes|costs|seems|appears|rains)\s+(?:\w+\s+){0,3}?
      (?:that|to|for|if)\b
    | (?:does|did|will|would)\s+it\s+(?:(?:take|cost)\b.*\bto\s+\w+\s+\w | rain\b | snow\b)
    )"""
)
# "There" for a place, not "is there a ...".
_THERE = re.compile(
    r"(?i)(?<=\w )\bthere\b(?=\s*(?:[?.!,;]|\Z)|\s+(?:and|before|after|since|until|in|on|at|by|"
    r"with|for|from|now|today|again)\b)"
)
_GOAL = re.compile(
    rf"\b(?:visit(?:s|ed|ing)?|reach(?:ed)?|enter(?:ed)?|left|leave)\s+({NAME.pattern})"
)
_POINTED_NOUN = re.compile(r"\b((?i:this|that|these|those|the))\s+([a-z]+)\b")
# "Who voted against?" leaves out against what.
_HANGING = re.compile(r"(?i)\b(?:against|afterwards?|beforehand|instead)\W*\Z")
_CLAUSE_TEXT = "and but or when while after before because if that who which since"
_CLAUSE = frozenset(_CLAUSE_TEXT.split())
_WHERE = frozenset({"in", "at", "on", "to", "from", "near"})
PERSONAL = {"he": "person", "she": "person", "him": "person", "her": "person", "his": "person",
             "hers": "person", "it": "thing", "its": "thing", "they": "several",
             "them": "several", "their": "several", "theirs": "several"}  # fmt: skip
_OWNERS = frozenset({"his", "its", "their", "hers", "theirs"})


@dataclass(frozen=True, slots=True)
class Turn:
    """A question of the conversation and the text of its answer."""

    question: str
    answer: str


def replace_references(bare: str, turns: Sequence[Turn]) -> str | None:
    """Return a question with its pronouns and "that post" made plain; None if it has none."""
    last = turns[-1]
    text, leans, replaced = bare, False, False
    used: set[str] = set()
    for _ in range(2):
        found = find_pronoun(text)
        if not found:
            break
        leans = True
        phrase = _find_antecedent(found[2], turns, used)
        if phrase is None:
            break
        used.add(phrase.text)
        owner = text[found[0] : found[1]].lower() in _OWNERS or _is_her_owner(text, found)
        text = text[: found[0]] + _decline(phrase, owner) + text[found[1] :]
        replaced = True
    for replace_one in (_replace_time, _replace_place, _replace_noun):
        changed = replace_one(text, turns)
        if changed is not None:
            leans = True
            replaced = replaced or changed != text
            text = changed
    if not leans and not _HANGING.search(text):
        return None
    return text if replaced else add_topic(text, last)


def find_pronoun(text: str) -> tuple[int, int, str] | None:
    """Return (start, end, kind) of the first pronoun that means something outside `text`."""
    tokens = list(TOKEN.finditer(text))
    expletive = [match.span() for match in _EXPLETIVE.finditer(text)]
    for place, token in enumerate(tokens[:_MAX_WORDS]):
        word = token[0].lower()
        kind = PERSONAL.get(word) or _find_pointer(tokens, place)
        if token[0] == "IT" and not text.isupper():
            continue
        if kind == "thing" and _is_object(tokens, place):
            kind = "object"
        if kind is None or any(start <= token.start() < end for start, end in expletive):
            continue
        if not _means_own_word(text, tokens, place):
            return token.start(), token.end(), kind
    return None


def _find_pointer(tokens: list[re.Match[str]], place: int) -> str | None:
    """Return the kind of what "that", "those" or "one" means here, None if it is no pronoun."""
    word = tokens[place][0].lower()
    after = tokens[place + 1][0].lower() if place + 1 < len(tokens) else "?"
    ends = not after[0].isalnum()
    if word in {"these", "those"} and (ends or after in AUXILIARIES or after in PREPOSITIONS):
        return "several"
    if word == "one" and ends and place and is_verb(tokens[place - 1][0]):
        return "object"
    return "event" if _is_bare_that(tokens, place) else None


def _is_bare_that(tokens: list[re.Match[str]], place: int) -> bool:
    """Return whether a token is "this" or "that" for a thing, not in front of its noun."""
    if tokens[place][0].lower() not in {"this", "that"}:
        return False
    before = tokens[place - 1][0].lower() if place else ""
    after = tokens[place + 1][0].lower() if place + 1 < len(tokens) else "?"
    if before in {"before", "after", "since", "until", "by", "like"} and not after.isalnum():
        return False
    leads = before in AUXILIARIES or before in PREPOSITIONS or place == 0 or is_verb(before)
    follows = not after[0].isalnum() or after in AUXILIARIES or after in {"and", "or", "so"}
    return leads and (follows or (before in AUXILIARIES and is_verb(after)))


def _means_own_word(text: str, tokens: list[re.Match[str]], place: int) -> bool:
    """Return whether a pronoun means a name or noun of its own question."""
    word, start = tokens[place][0].lower(), tokens[place].start()
    before = [token[0].lower() for token in tokens[:place]]
    is_object = _is_object(tokens, place)
    is_second = bool(_CLAUSE.intersection(before[2 : place - is_object]))
    asks_for_subject = bool(WH_WORDS.intersection(before[:2])) and (
        is_second or not AUXILIARIES.intersection(before)
    )
    if (
        asks_for_subject
        and not is_object
        and (word in _OWNERS or PERSONAL.get(word) in {"person", "several"})
    ):
        # "Who put their names to it?"; in "Which of their ties did China mark?" it comes later.
        return is_second or before[0] in {"who", "which"} or "did" in text[start:].lower()
    names = [text[slice(*spot)] for spot in find_spots(NAME, text[:start])]
    nouns = [item for item in find_phrases(text[:start]) if item.is_determined]
    if PERSONAL.get(word) == "person":
        names = [name for name in names if may_be_person(Phrase(name, name, True, False, False))]
        nouns = nouns if is_second else []
    if not names and not nouns:
        return False
    return is_second or not is_object


def _is_object(tokens: list[re.Match[str]], place: int) -> bool:
    """Return whether a pronoun is the object of its clause, so not the clause's own subject."""
    word = tokens[place][0].lower()
    after = tokens[place + 1][0].lower() if place + 1 < len(tokens) else "?"
    if word in {"him", "them"}:
        return True
    before = tokens[place - 1][0].lower() if place else ""
    return (
        word in {"it", "her", "this", "that"}
        and (before not in AUXILIARIES or before in DO)
        and (not after[0].isalnum() or after in PREPOSITIONS or after in {"and", "or"})
    )


def _is_her_owner(text: str, found: tuple[int, int, str]) -> bool:
    """Return whether "her" stands in front of its noun."""
    if text[found[0] : found[1]].lower() != "her":
        return False
    after = TOKEN.search(text, found[1])
    return after is not None and after[0][0].isalpha() and not is_function(after[0].lower())


def _decline(phrase: Phrase, owner: bool) -> str:
    """Return a phrase as it stands for a pronoun; `owner` for "its"."""
    text = phrase.text
    if phrase.is_plural and not phrase.is_name and not phrase.is_determined:
        text = f"the {text}"
    if not owner:
        return text
    return f"{text}'" if text.endswith("s") else f"{text}'s"


def _find_antecedent(kind: str, turns: Sequence[Turn], used: set[str]) -> Phrase | None:
    """Return the phrase that a pronoun of a kind means: in the last turn, else the ones before."""
    find = {
        "person": _list_persons,
        "thing": _list_things,
        "object": _list_objects,
        "event": _list_events,
        "several": _list_several,
    }[kind]
    for turn in reversed(turns[-3:] if kind in {"person", "several"} else turns[-1:]):
        for phrase in find(turn):
            if len(phrase.text.split()) <= MAX_PHRASE_WORDS and phrase.text not in used:
                return phrase
    return None


def _list_persons(turn: Turn) -> list[Phrase]:
    """Return the persons of a turn: whom it answers with, then whom it asks about."""
    names = find_persons(turn.question)
    answered = [item for item in find_persons(turn.answer) if item.text not in turn.question]
    asks_who = re.match(r"(?i)(?:\w+ )?who(?:m|se)?\b", turn.question)
    return answered + names if asks_who and not _asks_who_is_name(turn) else names + answered


def _asks_who_is_name(turn: Turn) -> bool:
    """Return whether a question is "Who is NAME?", which its answer describes."""
    match = re.match(r"(?i)who (?:is|was) (.+?)\W*\Z", turn.question)
    return bool(match and NAME.fullmatch(match[1]))


def _list_things(turn: Turn) -> list[Phrase]:
    """Return the single things that a turn is about, the likeliest first."""
    phrases = [skip_attribute(item) for item in find_phrases(turn.question)]
    phrases = [item for item in phrases if not item.is_plural]
    first = [item for item in phrases if item.is_determined or LABEL.fullmatch(item.text)]
    names = [item for item in phrases if item.is_name]
    if re.match(r"(?i)(?:is|was)\b", turn.question):
        # "Is North Korea a member?": the subject, not what it is.
        first = []
    answer = find_answer_phrase(turn, person=False) if _asks_object(turn) else None
    answered = [answer] if answer and not answer.is_plural else []
    return first + answered + names + phrases


def _list_objects(turn: Turn) -> list[Phrase]:
    """Return what "it" is as an object: what was asked for, or a thing, but no bare name.

    A name alone may be a person's or a country's, and then "it" is what they did.
    """
    if _asks_object(turn):
        answer = find_answer_phrase(turn, person=False)
        return [answer] if answer and answer.is_determined and not answer.is_plural else []
    asks_what = re.match(r"(?i)(?:\w+ )?what(?:'s| is| was)\b", turn.question)
    return [
        item for item in _list_things(turn) if asks_what or not item.is_name or item.is_determined
    ]


def _list_events(turn: Turn) -> list[Phrase]:
    """Return what "this" may be: only what the last question asked to explain."""
    match = re.match(r"(?i)what (?:is|was|are|were)\b", turn.question)
    return _list_things(turn) if match else []


def _asks_object(turn: Turn) -> bool:
    """Return whether a question asks what somebody did something to: "What did Russia veto?"."""
    return bool(re.match(r"(?i)(?:what|which)\b(?: \w+){0,3}? (?:do|does|did)\b", turn.question))


def _list_several(turn: Turn) -> list[Phrase]:
    """Return the several persons or things that a turn is about, the likeliest first."""
    phrases = find_phrases(turn.question)
    joined = [item for item in phrases if item.is_plural]
    together = [item for item in joined if item.is_name]
    asks = bool(re.match(r"(?i)(?:\w+ )?(?:who|which|what)\b", turn.question))
    answered = [item for item in find_phrases(turn.answer) if item.is_plural]
    named = [item for item in answered if item.is_name]
    names = [item for item in phrases if item.is_name]
    return together + (named if asks else []) + joined + named + answered + names


def find_answer_phrase(turn: Turn, *, person: bool) -> Phrase | None:
    """Return the phrase of an answer that its question did not have."""
    known = set(stem_words(turn.question))
    phrases = find_phrases(turn.answer)
    for phrase in split_names(phrases) if person else phrases:
        if person and not may_be_person(phrase):
            continue
        if not person and not (phrase.is_determined or phrase.is_name):
            continue
        if not set(stem_words(phrase.text)) <= known:
            return find_inner_name(phrase)
    return None


def find_topic(turn: Turn) -> str:
    """Return what to put in brackets behind a question: the last one's first phrases."""
    phrases = [
        item
        for item in find_phrases(turn.question)
        if item.text.split()[0].lower() not in {"any", "some", "every", "each"}
        and len(item.text.split()) <= MAX_PHRASE_WORDS
        and not item.head.isdigit()
    ]
    weighty = [item for item in phrases if item.is_determined or item.is_name]
    chosen = [item.text for item in (weighty or phrases)[:2]]
    words = [word for word in split_words(turn.question) if not is_function(word.lower())]
    return ", ".join(chosen) or " ".join(words[:6])


def add_topic(text: str, turn: Turn) -> str:
    """Return a question with the last one's topic in brackets behind it."""
    topic = find_topic(turn)
    if not topic or is_in(topic, text):
        return text
    body = text.rstrip()
    end = body[-1:] if body[-1:] in {"?", ".", "!"} else ""
    return f"{body.removesuffix(end) if end else body} ({topic}){end}"


def _replace_time(text: str, turns: Sequence[Turn]) -> str | None:
    """Return "before that" with the date that it means; None if there is none."""
    match = re.search(
        r"(?i)\b(?P<word>before|after|since|until|by)\s+(?:that|then|this)\b(?=\s*(?:[?.!,;]|\Z))",
        text,
    )
    if not match:
        return None
    last = turns[-1]
    dates = [*DATE.findall(last.question), *DATE.findall(last.answer)]
    if not dates:
        return text
    return f"{text[: match.end('word')]} {max(dates[:3], key=len)}{text[match.end() :]}"


def _replace_place(text: str, turns: Sequence[Turn]) -> str | None:
    """Return "there" with the place that it means; None if there is none."""
    match = _THERE.search(text)
    if not match or re.search(r"(?i)\b(?:is|are|was|were|be)\s+there\s+\w", text):
        return None
    last = turns[-1]
    for source in (last.answer, last.question):
        for phrase in find_phrases(source):
            if (phrase.is_name or phrase.is_determined) and phrase.before in _WHERE:
                before = "in" if phrase.before in {"to", "from"} else phrase.before
                return f"{text[: match.start()]}{before} {phrase.text}{text[match.end() :]}"
    goal = _GOAL.search(last.question)
    if goal and not is_function(goal[1].split()[0].lower()):
        return f"{text[: match.start()]}in {goal[1]}{text[match.end() :]}"
    return text


def _replace_noun(text: str, turns: Sequence[Turn]) -> str | None:
    """Return "that post" or "the treaty" with what it means; None if there is none."""
    for match in _POINTED_NOUN.finditer(text):
        noun, points = match[2], match[1].lower() != "the"
        if is_function(noun.lower()) or not _stands_bare(text, match.end()):
            continue
        if points and (_is_clause(text, match) or match.start() == 0):
            continue
        if set(stem_words(noun)) & set(stem_words(text[: match.start()])):
            continue
        longer = _find_longer(noun, turns)
        if longer:
            return text[: match.start()] + longer + text[match.end() :]
        role = _find_role(turns[-1]) if noun.lower() in _ROLES else None
        topic = role or (find_topic(turns[-1]) if points else "")
        if topic and not is_in(topic, text):
            return f"{text[: match.end()]} ({topic}){text[match.end() :]}"
        if points:
            return text
    return None


def _is_clause(text: str, match: re.Match[str]) -> bool:
    """Return whether "that" opens a clause or a verb follows: "the day that troops came"."""
    before = TOKEN.findall(text[: match.start()])[-1:]
    word = before[0].lower() if before else ""
    if match[1].lower() in {"these", "those"} or not word:
        return False
    if word in AUXILIARIES:
        return is_verb(match[2])
    if match[1].lower() == "this" or word in PREPOSITIONS or word in {"and", "or"}:
        return False
    rest = split_words(text[match.end() :])
    return not is_verb(word) or any(
        later.lower() in AUXILIARIES or is_verb(later) for later in rest
    )


def _stands_bare(text: str, end: int) -> bool:
    """Return whether a noun phrase ends at `end`, with nothing that tells it further."""
    after = TOKEN.search(text, end)
    if after is None or not after[0][0].isalnum():
        return True
    word = after[0].lower()
    return (
        word != "of"
        and word not in {"that", "which", "who"}
        and (is_function(word) or is_verb(word))
    )


def _find_longer(noun: str, turns: Sequence[Turn]) -> str | None:
    """Return a phrase of the last turns that tells a noun more fully."""
    stem = stem_words(noun)
    for turn in reversed(turns[-2:]):
        for phrase in (*find_phrases(turn.question), *find_phrases(turn.answer)):
            known = stem_words(phrase.head)
            if known[-1:] == stem and len(phrase.text.split()) > 2 and phrase.is_determined:
                return phrase.text
    return None


def _find_role(turn: Turn) -> str:
    """Return the post that "Who is ...?" asked about."""
    match = re.match(r"(?i)who (?:is|was|are|were) (.+?)[?.!]*\Z", turn.question)
    return match[1] if match and len(match[1].split()) <= MAX_PHRASE_WORDS else ""
