"""Find the proper names in a question, and those that stand nowhere in a library."""

import re
from collections.abc import Callable, Iterator

from bot.aliases import Aliases
from bot.english import DATES, INSTITUTIONS, LABELS, SMALL_WORDS, STARTERS, TITLES
from bot.spelling import Word, fold_word, is_acronym, split_words
from ingest.words import stem_words

# Last words of names that tell nothing about them.
_GENERIC = TITLES | INSTITUTIONS
_OWNERS = frozenset(
    [
        "people",
        "workers",
        "women",
        "men",
        "children",
        "veterans",
        "farmers",
        "king",
        "queen",
        "world",
    ]
)
# After a hyphen these describe ("Soviet-era"), they are no part of a name ("Lee Jae-myung").
_DESCRIBING_TEXT = """
age aligned allied approved based backed born built class controlled dominated educated era flagged
free friendly funded held language led like made mediated occupied owned related run sized speaking
sponsored style supplied trained type wide
"""
_DESCRIBING = frozenset(_DESCRIBING_TEXT.split())
_PRONOUN = re.compile(r"I(?:['’ʼ]\w+)?|OK")
_ADJECTIVE = re.compile(
    r"(?:ian|ean|ican|ish|ese|ic|swiss|greek|french|dutch|thai|arab|cypriot|israeli|saudi"
    r"|(?:iraq|pakistan|bahrain|kuwait|oman|qatar|yemen|emirat|somal|azerbaijan|bangladesh)i)s?\Z"
)


def find_names(question: str, aliases: Aliases | None = None) -> tuple[str, ...]:
    """Return the proper names in a question, in order, without possessives and titles.

    Where capitals tell nothing (all words have them), only names that `aliases` knows are found;
    a first word with nothing of a name about it is taken for one only if `aliases` knows it.
    """
    words = split_words(question)
    if _has_idle_capitals(words):
        spans = _find_known_spans(question, words, aliases) if aliases else []
    else:
        spans = [_trim(run) for run in _find_runs(question, words, aliases)]
        spans = [run for run in spans if run and not _names_office(run)]
    names = (question[run[0].start : run[-1].end] for run in spans)
    return tuple(dict.fromkeys(re.sub(r"['’ʼ]s?\Z", "", name) for name in names))


def _has_idle_capitals(words: list[Word]) -> bool:
    """Tell whether capitals are no sign of names: shouted questions, and those in title case."""
    long = [word.text for word in words if len(word.text) > 1 and word.text[0].isalpha()]
    if len(long) < 3:
        return False
    shouted = sum(text.isupper() for text in long)
    raised = sum(text[0].isupper() for text in long)
    small = any(word.text[0].isupper() and word.key in SMALL_WORDS for word in words[1:])
    return shouted > 0.6 * len(long) or (small and len(long) > 3 and raised > 0.8 * len(long))


def _find_known_spans(question: str, words: list[Word], aliases: Aliases) -> list[list[Word]]:
    """Return the runs of words of which the library writes all with a capital."""
    spans = aliases.find_known(question)
    runs: list[list[Word]] = []
    for word in words:
        listed = any(start <= word.start < end for start, end in spans)
        plain = word.key in STARTERS | SMALL_WORDS | DATES | LABELS
        if not listed and (plain or not aliases.knows(word.text)):
            continue
        if not runs or word.start - runs[-1][-1].end != 1:
            runs.append([])
        runs[-1].append(word)
    return runs


def _find_runs(question: str, words: list[Word], aliases: Aliases | None) -> Iterator[list[Word]]:
    """Yield runs of words that are written as one name."""
    run: list[Word] = []
    position = 0
    while position < len(words):
        skipped = _count_joined(question, run, words, position) if run else 0
        if skipped is not None and _is_name_word(question, words, position + skipped, run, aliases):
            run += words[position : position + skipped + 1]
            position += skipped + 1
        elif run:
            yield run
            run = []
        else:
            position += 1
    if run:
        yield run


def _count_joined(question: str, run: list[Word], words: list[Word], position: int) -> int | None:
    """Return how many small words ("of the") join the next word to a name, None if none may."""
    last = run[-1]
    gap = question[last.end : words[position].start]
    initial = gap == ". " and (len(last.text) == 1 or last.key in TITLES | {"st"})
    owner = last.text.endswith(("'s", "’s", "ʼs")) or gap[:1] in {"'", "’"}
    if owner and last.key not in _OWNERS:
        return None
    if owner and gap in {"' ", "’ ", " "}:
        return 0
    if gap == "-":
        # One name is KN-23, not US-Japan.
        word = words[position]
        one = word.text[0].isdigit() if is_acronym(last.text) else word.key not in _DESCRIBING
        return 0 if one else None
    if gap != " " and not initial:
        return None
    text = question[words[position].start :]
    joiner = re.match(r"(?:of (?:the )?|de |de la |du |van |von |van der |bin |al-)", text)
    if joiner is None and last.key in _GENERIC | {"campaign", "alliance", "movement", "society"}:
        joiner = re.match(r"for (?:the )?", text)
    return len(joiner[0].split()) if joiner else 0


def _is_name_word(
    question: str, words: list[Word], position: int, run: list[Word], aliases: Aliases | None
) -> bool:
    """Tell whether a word is written as a name or a part of one."""
    if position >= len(words):
        return False
    word = words[position]
    if run and (question[word.start - 1] == "-" or word.text[0].isdigit()):
        return question[word.start - 1] == "-"
    after = words[position + 1] if position + 1 < len(words) else None
    if re.fullmatch(r"\d+(?:st|nd|rd|th)", word.text):
        return after is not None and after.text[0].isupper()
    if not any(char.isupper() for char in word.text) or _PRONOUN.fullmatch(word.text):
        return False
    if word.key in DATES or _is_label(word, after, words[position - 1] if position else None):
        return False
    before = question[: word.start].rstrip(" \"'“‘(")
    if run or (before and before[-1] not in ".?!:"):
        return True
    return _is_first_name(word, after, question, aliases)


def _is_label(word: Word, after: Word | None, before: Word | None) -> bool:
    """Tell whether a word is that of "Article 4" or the number of "Article IV"."""
    number = r"[IVXLC]+|\d+\w*"
    if word.key in LABELS and after is not None and re.fullmatch(number, after.text):
        return True
    return before is not None and before.key in LABELS and bool(re.fullmatch(number, word.text))


def _is_first_name(word: Word, after: Word | None, question: str, aliases: Aliases | None) -> bool:
    """Tell whether the first word of a sentence is a name."""
    if is_acronym(word.text):
        return True
    if word.key in STARTERS:
        return False
    if word.text.endswith(("'s", "’s")) or any(map(str.isupper, word.text[1:])):
        return True
    gap = question[word.end : after.start] if after else ""
    if after and after.text[0].isupper() and gap in {" ", "-", "–", "—", ", "}:
        return after.key not in DATES
    return aliases is not None and aliases.knows(word.text)


def _trim(run: list[Word]) -> list[Word]:
    """Return a run without titles before the name and small words around it."""
    start, titles, end = 0, 0, len(run)
    while titles < end - 1 and run[titles].key in TITLES:
        titles += 1
    # "Foreign Ministry" and "General Assembly" are names, "President Macron" is one with a title.
    if titles < end and run[titles].key not in _GENERIC | {"of", "assembly", "staff", "affairs"}:
        start = titles
    while start < end and run[end - 1].key in SMALL_WORDS:
        end -= 1
    return run[start:end]


def _names_office(run: list[Word]) -> bool:
    """Tell whether a run is a lone "Committee" or "Secretary General", which names nobody."""
    return all(word.key in TITLES for word in run) or (len(run) == 1 and run[0].key in _GENERIC)


def find_missing_names(
    question: str, count_passages_with: Callable[[str], int], aliases: Aliases
) -> tuple[str, ...]:
    """Return the names of a question that stand in no passage under any spelling.

    `count_passages_with` is that of `Store`. A name of several words is missing when the last
    word that tells it apart is: "Emmanuel Macron" without "Macron".
    """

    def stands(word: str) -> bool:
        return all(count_passages_with(stem) > 0 for stem in stem_words(word))

    missing = []
    for name in find_names(question, aliases):
        spellings = (name, *aliases.expand(name, count_passages_with))
        alone = len(split_words(name)) == 1 and _ADJECTIVE.search(fold_word(name))
        if not alone and not any(_stands(spelling, stands) for spelling in spellings):
            missing.append(name)
    return tuple(missing)


def _stands(name: str, stands: Callable[[str], bool]) -> bool:
    """Tell whether the telling word of each part of a name ("X of Y") stands in a passage."""
    for part in re.split(r" (?:of|for)(?: the)? ", name):
        words = [word for word in part.split() if fold_word(word) not in SMALL_WORDS]
        telling = [word for word in words if fold_word(word) not in _GENERIC] or words
        if telling and not stands(telling[-1]):
            return False
    return True
