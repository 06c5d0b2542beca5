"""Which words of a sentence a negation reaches: "did not sign", "failed to sign", "no treaty"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.spelling import Word, fold_word
from ingest.words import stem_words

_NEGATOR_TEXT = """
arent cannot cant couldnt didnt doesnt dont hadnt hardly hasnt havent isnt neither never no nobody
lack lacked lacking lacks none nor not nothing shouldnt wasnt werent without wont wouldnt
"""
NEGATORS = frozenset(_NEGATOR_TEXT.split())
_OF_WHOM = frozenset({"neither", "nor", "none", "nobody"})
# "Failed to sign" denies that it was signed.
_DENYING = re.compile(r"(?i)(?:fail|refus|declin)(?:e|s|es|ed|ing)?\Z|unable\Z")
# "It keeps them from signing" too.
_KEEPING = re.compile(r"(?i)\b(?:keep|kept|prevent|bar|stop|ban|prohibit)\w* [^.;:]*\Z")
# "Not until May" and "not only" deny nothing; who voted no voted against it.
_AFFIRMING = re.compile(r"(?i)\s+(?:until|only|just|merely|least|later than)\b")
_VOTE = re.compile(r"(?i)\b(?:vot(?:e|es|ed|ing)|said|say|saying) \Z")
_SCOPE = 3
_STOP = re.compile(r"[;:.!?]|\bbut\b|[,–—]")


class _Placed(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...

    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Denial:
    """A word that denies, as a stem, and if it is this that it denies, not what belongs to it."""

    word: str
    is_head: bool


def find_denials(text: str, items: Sequence[_Placed], words: Sequence[Word]) -> dict[int, Denial]:
    """Return what is denied of the items of a text, in order, by where an item starts.

    A negation reaches the next items up to the end of its clause.
    """
    denied: dict[int, Denial] = {}
    for word in words:
        if not _denies(text, word):
            continue
        key = " ".join(stem_words(word.text))
        if word.key == "no":
            # To send no arms is not to send arms.
            denied |= {
                item.start: Denial(key, is_head=True)
                for item in items
                if text[item.end : word.start] == " "
            }
        reach = word.end
        is_head = True
        for count, item in enumerate(item for item in items if item.start > word.start):
            gap = text[reach : item.start]
            if count >= _SCOPE or (count and _STOP.search(gap)):
                break
            denied[item.start] = Denial(key, is_head)
            # Neither of them signed: what is denied comes after those whom it is denied of.
            is_head = is_head and (word.key in _OF_WHOM or item.kind != "word")
            reach = item.end
    return denied


def _denies(text: str, word: Word) -> bool:
    if _DENYING.match(word.text):
        return text[word.end :].startswith(" to ")
    if word.text == "from":
        return bool(_KEEPING.search(text, max(0, word.start - 60), word.start))
    if word.key == "no" and _VOTE.search(text, max(0, word.start - 10), word.start):
        return False
    return fold_word(word.text) in NEGATORS and not _AFFIRMING.match(text, word.end)
