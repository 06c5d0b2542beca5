"""Ask the last question anew: with another question word, or of somebody else."""

import re

from bot.antecedents import Turn, add_topic, find_answer_phrase
from bot.english import AUXILIARIES, DO, FUNCTION_WORDS, PREPOSITIONS, WH_WORDS
from bot.phrases import find_phrases, is_verb
from bot.verb_forms import find_base, find_participle

_WHEN = frozenset({"when", "where", "why", "how"})
_OBJECTS = frozenset({"him", "her", "it", "them", "me", "us", "you"})


def ask_again(text: str, last: Turn) -> str:
    """Return the last question asked anew with another question word: "Why?", "Since when?"."""
    text = "why" if text.lower() == "how come" else text
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
    if small[0] == "who" and place == 1 and asked and small[1] not in DO:
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
    who = words[0].lower() == "who"
    person = find_answer_phrase(last, person=True) if who else None
    if person and wh.lower() in _WHEN:
        return f"{wh} was it that {person.text} {' '.join(words[1:])}?"
    if who and wh.lower() == "who else":
        return f"{wh} {' '.join(words[1:])}?"
    done = find_participle(words[1]) if who and len(words) > 2 else None
    if done and words[2].lower() not in _OBJECTS:
        return f"{wh} was {' '.join(words[2:])} {done}?"
    verb = next((i for i, word in enumerate(words[:6]) if i > 1 and _may_tell(word)), None)
    if verb and words[0].lower() in {"which", "what"} and wh.lower() in _WHEN:
        return f"{wh} was it that {' '.join(words[1:])}?"
    return add_topic(f"{wh}?", last)


def _find_asked(wh_words: list[str], last: Turn) -> str:
    """Return what a question word asked for: the answer's phrase, or the noun of "how many ..."."""
    nouns = [word for word in wh_words if word not in FUNCTION_WORDS]
    if nouns or wh_words[-1] not in {"who", "whom", "what", "which"}:
        return " ".join(nouns)
    phrase = find_answer_phrase(last, person=wh_words[-1] in {"who", "whom"})
    # "In Leeds", "for lack of money" is no object, but "to the launch" is what they "react to".
    own = last.question.rstrip(" ?.!").lower().split()[-1]
    inside = phrase is not None and phrase.before in PREPOSITIONS and phrase.before != own
    return phrase.text if phrase and not inside else ""


def ask_of(auxiliary: str, whom: str, last: Turn) -> str | None:
    """Return the question that "Does Japan?" stands for; None if its subject must be put in.

    The last question asked who does something: "Does Japan support the treaty?" after "Who supports
    the treaty?". Another one has a subject already.
    """
    words = last.question.rstrip(" ?.!").split()
    if words[0].lower() in AUXILIARIES:
        subject = next(iter(find_phrases(" ".join(words))), None)
        length = len(subject.text.split()) if subject else 0
        follows = subject and subject.text.lower() == " ".join(words[1 : 1 + length]).lower()
        return f"{auxiliary} {whom} {' '.join(words[1 + length :])}?" if follows else None
    if len(words) < 2 or words[0].lower() not in {"who", "which", "what"}:
        return None
    place = 1
    while words[0].lower() != "who" and place < len(words) - 1 and not _may_tell(words[place]):
        place += 1
    if words[place].lower() in AUXILIARIES:
        subject_follows = words[place].lower() in DO or (
            words[0].lower() != "who" and place == 1 and find_phrases(" ".join(words[2:])[:200])
        )
        return None if subject_follows else f"{auxiliary} {whom} {' '.join(words[place + 1 :])}?"
    verb = words[place]
    if auxiliary.lower() in DO:
        verb = find_base(verb) or re.sub(r"(?<=[^s])s\Z", "", re.sub(r"ies\Z", "y", verb))
    return f"{auxiliary} {whom} {' '.join([verb, *words[place + 1 :]])}?"


def _may_tell(word: str) -> bool:
    return word.lower() in AUXILIARIES or (word.islower() and is_verb(word))
