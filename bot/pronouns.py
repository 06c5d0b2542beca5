"""Say plainly what a follow-up question only points to: pronouns, "that post", "there"."""

import re
from collections.abc import Sequence

from bot.antecedents import Turn, add_topic, find_antecedent, find_topic
from bot.english import AUXILIARIES, DO, PREPOSITIONS, WH_WORDS
from bot.persons import may_be_person
from bot.phrases import (
    DATE,
    MAX_PHRASE_WORDS,
    NAME,
    TOKEN,
    Phrase,
    find_phrases,
    find_spots,
    is_function,
    is_in,
    is_verb,
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
TIME = re.compile(
    r"(?i)\b(before|after|since|until|by)\s+(?:that|then|this)\b(?=\s*(?:[?.!,;]|\Z))"
)
# "There" for a place, not "is there a ...".
THERE = re.compile(
    r"(?i)(?<=\w )\bthere\b(?=\s*(?:[?.!,;]|\Z)|\s+"
    r"(?:and|before|after|since|until|in|on|at|by|with|for|from|now|today|again|too|also|as\swell)\b)"
)
_HOW_MANY = re.compile(r"(?i)\b(?:how many|what|which)\b.*\b(?:is|are|was|were|be)\s\Z")
_GOAL = re.compile(
    rf"\b(?:visit(?:s|ed|ing)?|reach(?:ed)?|enter(?:ed)?|left|leave)\s+({NAME.pattern})"
)
_POINTED_NOUN = re.compile(r"\b((?i:this|that|these|those|the))\s+([a-z]+)\b")
# "Who voted against?" leaves out against what.
_HANGING = re.compile(r"(?i)\b(?:against|afterwards?|beforehand|instead|ones?|latter|former)\W*\Z")
_CLAUSE_TEXT = "and but or when while after before because if that who which since"
_CLAUSE = frozenset(_CLAUSE_TEXT.split())
_WHERE = frozenset({"in", "at", "on", "to", "from", "near"})
PERSONAL = {"he": "person", "she": "person", "him": "person", "her": "person", "his": "person",
            "hers": "person", "it": "thing", "its": "thing", "they": "several",
            "them": "several", "their": "several", "theirs": "several"}  # fmt: skip
# "Is that still true?"
_STILL = frozenset({"still", "really", "always", "also", "true", "right", "correct", "even"})
# What may follow a noun to tell it: "the treaty with Japan".
_COMPLEMENT_TEXT = "of that which who for with between against about from to"
_COMPLEMENTS = frozenset(_COMPLEMENT_TEXT.split())
_OWNERS = frozenset({"his", "its", "their", "hers", "theirs"})


def replace_references(bare: str, turns: Sequence[Turn]) -> str | None:
    """Return a question with its pronouns and "that post" made plain; None if it has none."""
    text, leans = bare, _HANGING.search(bare) is not None
    used: set[str] = set()
    for _ in range(2):
        found = find_pronoun(text)
        leans = leans or found is not None
        phrase = find_antecedent(found[2], turns, used, bare) if found else None
        if not found or not phrase:
            break
        used.add(phrase.text)
        text = text[: found[0]] + _decline(phrase, text, found) + text[found[1] :]
    for replace_one in (_replace_time, _replace_place, _replace_noun):
        changed = replace_one(text, turns)
        leans = leans or changed is not None
        text = text if changed is None else changed
    if not leans:
        return None
    return text if text != bare else add_topic(text, turns[-1])


def find_pronoun(text: str) -> tuple[int, int, str] | None:
    """Return (start, end, kind) of the first pronoun that means something outside `text`."""
    tokens = list(TOKEN.finditer(text))
    expletive = [match.span() for match in _EXPLETIVE.finditer(text)]
    for place, token in enumerate(tokens[:_MAX_WORDS]):
        kind = PERSONAL.get(token[0].lower()) or _find_pointer(tokens, place)
        if kind == "thing" and _is_object(tokens, place):
            kind = "object"
        if kind is None or any(start <= token.start() < end for start, end in expletive):
            continue
        if not _means_own_word(text, tokens, place):
            return token.start(), token.end(), kind
    return None


def _look_around(tokens: list[re.Match[str]], place: int) -> tuple[str, str]:
    """Return the words before and after a token, in small letters; "?" after the last one."""
    before = tokens[place - 1][0].lower() if place else ""
    return before, tokens[place + 1][0].lower() if place + 1 < len(tokens) else "?"


def _find_pointer(tokens: list[re.Match[str]], place: int) -> str | None:
    """Return the kind of what "that", "those" or "one" means here, None if it is no pronoun."""
    word = tokens[place][0].lower()
    before, after = _look_around(tokens, place)
    ends = not after[0].isalnum()
    if word in {"these", "those"} and (ends or after in AUXILIARIES or after in PREPOSITIONS):
        return "several"
    if word == "one" and ends and is_verb(before):
        return "object"
    if word not in {"this", "that"} or (ends and before in {"before", "after", "since", "until"}):
        return None
    leads = not place or before in AUXILIARIES or before in PREPOSITIONS or is_verb(before)
    follows = ends or after in AUXILIARIES or after in {"and", "or", "so"}
    follows = follows or (before in AUXILIARIES and after in _STILL)
    return "event" if leads and (follows or (before in AUXILIARIES and is_verb(after))) else None


def _means_own_word(text: str, tokens: list[re.Match[str]], place: int) -> bool:
    """Return whether a pronoun means a name or noun of its own question."""
    word, start = tokens[place][0].lower(), tokens[place].start()
    kind = PERSONAL.get(word)
    before = [token[0].lower() for token in tokens[:place]]
    is_object = _is_object(tokens, place)
    is_second = bool(_CLAUSE.intersection(before[2 : place - is_object]))
    asks_for_subject = WH_WORDS.intersection(before[:2]) and (
        is_second or not AUXILIARIES.intersection(before)
    )
    if asks_for_subject and not is_object and (word in _OWNERS or kind in {"person", "several"}):
        # "Who put their names to it?"; in "Which of their ties did China mark?" it comes later.
        return is_second or before[0] in {"who", "which"} or "did" in text[start:].lower()
    names = [text[slice(*spot)] for spot in find_spots(NAME, text[:start])]
    nouns = [item for item in find_phrases(text[:start]) if item.is_determined]
    if kind == "person":
        names = [name for name in names if may_be_person(Phrase(name, name, True, False, False))]
        nouns = nouns if is_second else []
    return bool(names or nouns) and (is_second or not is_object)


def _is_object(tokens: list[re.Match[str]], place: int) -> bool:
    """Return whether a pronoun is the object of its clause, so not the clause's own subject."""
    word = tokens[place][0].lower()
    before, after = _look_around(tokens, place)
    return (word in {"him", "them"} or (word == "it" and before in PREPOSITIONS)) or (
        word in {"it", "her", "this", "that"}
        and before not in AUXILIARIES - DO
        and (not after[0].isalnum() or after in PREPOSITIONS or after in {"and", "or"})
    )


def _decline(phrase: Phrase, text: str, found: tuple[int, int, str]) -> str:
    """Return a phrase as it stands for the pronoun found in a text: "the bridge's" for "its"."""
    word = text[found[0] : found[1]].lower()
    after = split_words(text[found[1] :])[:1]
    owner = word in _OWNERS or (word == "her" and after and not is_function(after[0].lower()))
    bare = phrase.is_plural and not phrase.is_name and not phrase.is_determined
    said = f"the {phrase.text}" if bare else phrase.text
    if word != "one":
        said = re.sub(r"(?i)\Aan?\s", "the ", said)
    if not owner:
        return said
    return f"{said}'" if said.endswith("s") else f"{said}'s"


def _replace_time(text: str, turns: Sequence[Turn]) -> str | None:
    """Return "before that" with the date that it means; None if there is none."""
    match = TIME.search(text)
    dates = DATE.findall(f"{turns[-1].question} {turns[-1].answer}")[:3]
    if not match or not dates:
        return text if match else None
    return f"{text[: match.end(1)]} {max(dates, key=len)}{text[match.end() :]}"


def _replace_place(text: str, turns: Sequence[Turn]) -> str | None:
    """Return "there" with the place that it means; None if there is none."""
    match = THERE.search(text)
    # "How many are there in 2024?" says that there are some.
    if not match or _HOW_MANY.search(text[: match.start()]):
        return None
    where = ""
    for phrase in (*find_phrases(turns[-1].answer), *find_phrases(turns[-1].question)):
        if (phrase.is_name or phrase.is_determined) and phrase.before in _WHERE:
            before = "in" if phrase.before in {"to", "from"} else phrase.before
            where = where or f"{before} {phrase.text}"
    goal = _GOAL.search(turns[-1].question)
    where = where or (f"in {goal[1]}" if goal else match[0])
    return text[: match.start()] + where + text[match.end() :]


def _replace_noun(text: str, turns: Sequence[Turn]) -> str | None:
    """Return "that post" or "the treaty" with what it means; None if there is none."""
    for match in _POINTED_NOUN.finditer(text):
        noun, points = match[2], match[1].lower() != "the"
        if is_function(noun) or not _stands_bare(text, match.end()):
            continue
        if points and (match.start() == 0 or _is_clause(text, match)):
            continue
        if is_in(noun, text[: match.start()]):
            continue
        longer = _find_longer(noun, turns)
        after = split_words(text[match.end() :])[:1]
        # "The war in Korea" is no "war in Iraq in Korea".
        told = after and after[0].lower() in _WHERE and f" {after[0].lower()} " in f" {longer} "
        if longer and not told:
            return text[: match.start()] + longer + text[match.end() :]
        role = _find_role(turns[-1]) if noun in _ROLES else ""
        topic = role or (find_topic(turns[-1]) if points else "")
        if topic and not is_in(topic, text):
            return f"{text[: match.end()]} ({topic}){text[match.end() :]}"
    return None


def _is_clause(text: str, match: re.Match[str]) -> bool:
    """Return whether "that" opens a clause or a verb follows: "the day that troops came"."""
    word = TOKEN.findall(text[: match.start()])[-1].lower()
    if word in AUXILIARIES:
        return is_verb(match[2])
    if match[1].lower() != "that" or word in PREPOSITIONS or word in {"and", "or"}:
        return False
    rest = split_words(text[match.end() :])
    return not is_verb(word) or any(item.lower() in AUXILIARIES or is_verb(item) for item in rest)


def _stands_bare(text: str, end: int) -> bool:
    """Return whether a noun phrase ends at `end`, with nothing that tells it further."""
    after = TOKEN.search(text, end)
    word = after[0].lower() if after else "?"
    if not word[0].isalnum():
        return True
    return word not in _COMPLEMENTS and (is_function(word) or is_verb(word))


def _find_longer(noun: str, turns: Sequence[Turn]) -> str | None:
    """Return a phrase of the last turns that tells a noun more fully."""
    for turn in reversed(turns[-2:]):
        for phrase in (*find_phrases(turn.question), *find_phrases(turn.answer)):
            same = stem_words(phrase.head)[-1:] == stem_words(noun)
            if same and phrase.is_determined and len(phrase.text.split()) > 2:
                return phrase.text
    return None


def _find_role(turn: Turn) -> str:
    """Return the post that "Who is ...?" asked about."""
    match = re.match(r"(?i)who (?:is|was|are|were) (.+?)[?.!]*\Z", turn.question)
    return match[1] if match and len(match[1].split()) <= MAX_PHRASE_WORDS else ""
