"""Make a follow-up question stand alone, without a language model, and notice a new topic."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.antecedents import Turn, add_topic
from bot.ellipses import name_ones
from bot.fragments import fill_fragment
from bot.letter_case import restore_capitals
from bot.phrases import LABEL, find_own_names, find_phrases, is_function, split_words
from bot.pronouns import PERSONAL, THERE, replace_references
from ingest.clean import clean_text
from ingest.words import stem_words

__all__ = ["MAX_TURNS", "Standalone", "Turn", "make_standalone"]

MAX_TURNS = 6
# Measured on conversations (MTRAG): a question rewritten has its topic already, one that names what
# it asks about gains nothing, one without a name gains most.
REWRITTEN_WEIGHT = 0.3
NAMELESS_WEIGHT = 0.4
NAMED_WEIGHT = 0.1
_CONTEXT_TURNS = 2
_MAX_LETTERS = 600
# A question is a new topic below this cosine to the last turns; one that names something new, below
# the second.
_UNLIKE = 0.1
_UNLIKE_NAMES = 0.2
_MARKER = re.compile(r"\s*\[\d+\]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[\"'“(]?[A-Z0-9])")
_REFUSED = re.compile(
    r"(?i)\barticles do not say\b|\b(?:do not|don't|no)\s(?:\w+\s)?(?:know|information|answer)\b"
)
_BRACKETS = re.compile(r"\([^()]+\)\W*\Z")
_CONTRACTED = re.compile(r"(?i)\b(what|who|where|how|when)s\b(?!['’])")
_SHORT_LABEL = re.compile(r"(?i)\b(?:sec|art|para|ch)\.(?=\s?\d)")
_LABELS = {"se": "section", "ar": "article", "pa": "paragraph", "ch": "chapter"}
_OPENER = re.compile(
    r"(?i)\A\s*(?:(?:and|so|but|or|then|ok(?:ay)?|well|also|now|no|yes|hmm+|oh|great|thanks"
    r"|thank you|i see|got it|sorry|btw|by the way"
    r"|i(?:['’]m| am| was)? (?:mean|meant|asking about|asked about|talking about|referring to)"
    r"(?: to (?:ask|say))?)\b[\s,.!:;–—-]*)+"
)


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that stands alone, and what the search should know beside it.

    `context` is the last questions' text, to be mixed into the search at `context_weight` (the
    question itself weighs 1); it is empty where the question does not follow the last turns.
    `dropped` turns of the history were not read; `note` tells what was done, for the trace.
    """

    question: str
    follows: bool
    context: str
    context_weight: float
    dropped: int
    note: str


def make_standalone(
    question: str,
    history: Sequence[Turn],
    similarity: Callable[[str, str], float] | None = None,
) -> Standalone:
    """Return a question rewritten so that it needs no history.

    `similarity` is the cosine of two texts; with it a new topic is told more surely. Only the last
    MAX_TURNS turns are read. A question that is complete is left as it is.
    """
    dropped = max(0, len(history) - MAX_TURNS)
    notes = [f"only the last {MAX_TURNS} of {len(history)} turns were read"] if dropped else []
    read = [turn for turn in map(_clean_turn, history[dropped:]) if split_words(turn.question)]
    turns = _resolve_turns(read)
    alone = Standalone(question, False, "", 0.0, dropped, "; ".join(notes))
    if not turns or not any(map(str.isalnum, question)):
        return alone
    rewritten = _rewrite(question, turns) if len(question) <= _MAX_LETTERS else None
    if rewritten is None and _is_new_topic(question, read[-_CONTEXT_TURNS:], similarity):
        notes.append("a new topic: the earlier turns were not used")
        return replace(alone, note="; ".join(notes))
    weight = REWRITTEN_WEIGHT
    if rewritten is None:
        weight = NAMED_WEIGHT if find_own_names(question) else NAMELESS_WEIGHT
    elif rewritten != question:
        notes.append(f"read as: {rewritten}")
    context = " ".join(turn.question for turn in turns[-_CONTEXT_TURNS:])
    return Standalone(rewritten or question, True, context, weight, dropped, "; ".join(notes))


def _clean_turn(turn: Turn) -> Turn:
    """Return a turn on one line, its answer without citation markers and empty if it refused."""
    question = _quiet(clean_text(turn.question[: _MAX_LETTERS // 2]))
    answer = clean_text(_MARKER.sub("", turn.answer[: 2 * _MAX_LETTERS]))
    question = restore_capitals(question, [Turn("", answer)])
    return Turn(question, "" if _REFUSED.search(answer[:200]) else answer[:_MAX_LETTERS])


def _quiet(line: str) -> str:
    """Return a question without its capitals if it has nothing else."""
    return line.capitalize() if line.isupper() and line.count(" ") > 1 else line


def _resolve_turns(turns: list[Turn]) -> list[Turn]:
    """Return the turns, each question made to stand alone, each answer its first sentence."""
    resolved: list[Turn] = []
    for turn in turns:
        question = (_rewrite(turn.question, resolved) if resolved else None) or turn.question
        # The subject of the first sentence matters most.
        answer = _SENTENCE_END.split(turn.answer, maxsplit=1)[0]
        if resolved and not _has_topic(question):
            # "Thanks", "are you sure?": what was spoken of before is spoken of still.
            if not turn.answer:
                continue
            question = add_topic(question, resolved[-1])
        resolved.append(Turn(question[:_MAX_LETTERS], answer))
    return resolved


def _has_topic(question: str) -> bool:
    """Return whether a question has anything that a later one may point to."""
    return any(
        item.is_name or item.is_determined or item.is_plural or LABEL.search(item.text)
        for item in find_phrases(question)
    )


def _rewrite(question: str, turns: Sequence[Turn]) -> str | None:
    """Return a question with what it leaves out put in; None if it leaves out nothing."""
    line = restore_capitals(_quiet(clean_text(question)), turns[-_CONTEXT_TURNS:])
    line = _CONTRACTED.sub(r"\1's", line)
    line = _SHORT_LABEL.sub(lambda found: _LABELS[found[0][:2].lower()], line)
    bare = _OPENER.sub("", line)
    # What ends in brackets was made to stand alone already.
    if not bare or _BRACKETS.search(bare):
        return None
    named = name_ones(bare, turns[-1])
    whole = fill_fragment(named, bare != line, turns[-1])
    if whole is None:
        whole = replace_references(named, turns)
    if whole is None and named != bare:
        whole = named
    return whole and whole[:1].upper() + whole[1:]


def _is_new_topic(
    question: str,
    latest: Sequence[Turn],
    similarity: Callable[[str, str], float] | None,
) -> bool:
    """Return whether a complete question has nothing to do with the latest turns.

    Only a question that says enough by itself can be one: it has names, or three words of weight.
    """
    question = clean_text(question[:_MAX_LETTERS])
    known = {stem for turn in latest for stem in stem_words(f"{turn.question} {turn.answer}")}
    # "Article 4" is no new name: the document spoken of may have one.
    labels = {match["noun"] for match in LABEL.finditer(question)}
    names = [name for name in find_own_names(question) if name not in labels]
    words = split_words(question)
    is_known = any(known & set(stem_words(name)) for name in names)
    leans = any(word.lower() in PERSONAL for word in words) or THERE.search(question) is not None
    names_new = bool(names) and not is_known and not leans
    if similarity is None:
        return names_new
    if not names_new and sum(not is_function(word.lower()) for word in words) < 3:
        return False
    like = max(similarity(question, f"{turn.question} {turn.answer}") for turn in latest)
    return like < (_UNLIKE_NAMES if names_new else _UNLIKE)
