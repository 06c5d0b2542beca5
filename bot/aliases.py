"""Learn from a library which spellings of names mean the same; users add theirs in a file."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from bot.alias_groups import WORLDWIDE, join_pairs
from bot.english import STARTERS
from bot.mentions import Mentions
from bot.spelling import (
    GERMAN,
    Word,
    fold_name,
    fold_word,
    is_acronym,
    resembles_any,
    spell_other_way,
    split_words,
    strip_marks,
)
from ingest.words import stem_words

# Names that hold a name of another meaning.
_OTHER_MEANINGS = """
Latin America;South America;North America;Central America;Captain America;New Britain;Brittany
Battle of Britain;South China Sea;East China Sea;Indochina;Hong Kong;Boy Scouts of America
Bank of America;Voice of America;Little Russia
""".replace("\n", ";").strip(";").split(";")  # fmt: skip
_MAX_EXPANSIONS = 12
# Of the uses of the spelling asked with, another one must have this share to be worth a search.
_LEAST_SHARE = 0.1


class BadAliasFile(ValueError):
    """A file of names that cannot be read; the message names the file and the line."""


class _Form(NamedTuple):
    """One spelling of a group: the keys of its words, and its acronym if it is one."""

    keys: tuple[str, ...]
    group: int
    acronym: str


@dataclass(frozen=True, slots=True)
class Aliases:
    """Groups of spellings that mean the same, each led by the one that the library uses most.

    Make it with `learn_aliases`.
    """

    groups: tuple[tuple[str, ...], ...]
    _uses: Mapping[tuple[str, ...], int]
    _always: frozenset[tuple[str, ...]]
    _forms: Mapping[str, tuple[_Form, ...]]
    _joined: Mapping[str, str]
    _marked: Mapping[str, tuple[str, ...]]
    _words: frozenset[str]

    def expand(
        self, question: str, count_passages_with: Callable[[str], int] | None = None
    ) -> tuple[str, ...]:
        """Return other spellings of the names in a question, to be searched beside it.

        A spelling that the library uses hardly or not at all beside the one asked with would only
        draw the search to the few passages that have it, so it is left out. For spellings of single
        words (British, American) that needs `count_passages_with`, which is that of `Store`.
        """
        words = split_words(question)
        found: list[str] = []
        for _, _, form in self._find_forms(question, words):
            found += filter(partial(self._is_worth, form.keys), self.groups[form.group])
        for asked, spelling in self._respell(question, words):
            if count_passages_with is None or _is_usual(asked, spelling, count_passages_with):
                found.append(spelling)
        whole = " ".join(stem_words(question))
        new = {" ".join(stem_words(name)): name for name in reversed(found)}
        others = (name for stems, name in reversed(new.items()) if f" {stems} " not in f" {whole} ")
        return tuple(others)[:_MAX_EXPANSIONS]

    def _is_worth(self, asked: tuple[str, ...], name: str) -> bool:
        """Tell whether the library uses a name often enough beside the one asked with."""
        key = fold_name(name)
        uses = self._uses.get(key, 0)
        return key in self._always or uses > _LEAST_SHARE * self._uses.get(asked, 0)

    def normalise(self, text: str) -> str:
        """Return a text with each known name in its group's first spelling, for comparisons."""
        parts: list[str] = []
        position = 0
        for start, end, form in self._find_forms(text, split_words(text)):
            parts += (text[position:start], self.groups[form.group][0])
            position = end
        return "".join((*parts, text[position:]))

    def knows(self, word: str) -> bool:
        """Tell whether the library writes a word with a capital inside its sentences."""
        return fold_word(word) in self._words

    def list_spellings(self, text: str) -> list[tuple[str, str]]:
        """Return each known name in a text with each other spelling of it."""
        return [
            (text[start:end], other)
            for start, end, form in self._find_forms(text, split_words(text))
            for other in self.groups[form.group]
            if fold_name(other) != form.keys
        ]

    def is_misspelt(self, name: str) -> bool:
        """Tell whether a word of a name is nearly one that the library writes with a capital."""
        unknown = [key for key in fold_name(name) if key not in self._words]
        return any(resembles_any(key, self._words) for key in unknown)

    def find_known(self, text: str) -> list[tuple[int, int]]:
        """Return where names of the groups stand in a text, as (start, end)."""
        return [(start, end) for start, end, _ in self._find_forms(text, split_words(text))]

    def _find_forms(self, text: str, words: list[Word]) -> Iterator[tuple[int, int, _Form]]:
        """Yield the spellings in a text from left to right, the longest at each place."""
        shouting, bare = text.isupper() and len(words) > 2, not any(map(str.isupper, text))
        position = 0
        while position < len(words):
            forms = self._forms.get(words[position].key, ())
            stands = (form for form in forms if _stands_at(form, words, position, shouting, bare))
            form = next(stands, None)
            if form is None:
                position += 1
                continue
            last = words[position + len(form.keys) - 1]
            if form.group >= 0:
                ends = last.text.endswith(("'s", "’s", "ʼs"))
                yield words[position].start, last.end - 2 * ends, form
            position += len(form.keys)

    def _respell(self, question: str, words: list[Word]) -> Iterator[tuple[str, str]]:
        """Yield words with another spelling: diacritics, syllables joined or apart, British."""
        for word in words:
            if word.text[0].isupper() or question.islower():
                yield from ((word.text, marked) for marked in self._marked.get(word.key, ()))
                if word.key not in STARTERS and word.key in self._joined:
                    yield word.text, self._joined[word.key]
            if not word.text.isascii() and strip_marks(word.text).isascii():
                yield word.text, strip_marks(word.text)
            if spelt := spell_other_way(word.text.lower()):
                yield word.text, spelt
        for one, other in pairwise(words):
            joined = one.key + other.key
            near = other.start - one.end == 1 and one.text[0].isupper()
            if near and len(joined) <= 12 and joined in self._words:
                yield f"{one.text} {other.text}", joined.capitalize()


def _is_usual(asked: str, spelling: str, count_passages_with: Callable[[str], int]) -> bool:
    """Tell whether passages use a spelling often enough beside the one asked with."""
    own, other = (
        min(map(count_passages_with, stem_words(text)), default=0) for text in (asked, spelling)
    )
    return other > _LEAST_SHARE * own


def _stands_at(form: _Form, words: list[Word], position: int, shouting: bool, bare: bool) -> bool:
    """Tell whether a spelling stands at a word; a single word must be written like a name."""
    if len(form.keys) > 1:
        return tuple(word.key for word in words[position : position + len(form.keys)]) == form.keys
    word = words[position]
    if form.acronym and (shouting or not word.text.replace(".", "").startswith(form.acronym)):
        # "nis" is NIS, but "us" is not US, and Kim Jong Un is not the UN.
        plain = word.text.islower() or shouting
        return plain and len(form.acronym) > 2 and word.key not in STARTERS
    return word.text[0].isupper() or bare


def read_alias_file(path: Path) -> tuple[tuple[str, ...], ...]:
    """Read groups of names: one a line, names separated by "=", comments after "#".

    Raises BadAliasFile for a line with fewer than two names, OSError for an unreadable file.
    """
    groups: list[tuple[str, ...]] = []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise BadAliasFile(f"{path.name}: not UTF-8 text ({error}); save it as UTF-8") from error
    for number, line in enumerate(lines, 1):
        content = re.sub(r"(?:\A|\s)#.*", "", line).strip()
        if not content:
            continue
        names = tuple(" ".join(name.split()) for name in content.split("="))
        if len(names) < 2 or not all(map(fold_name, names)):
            example = "DPRK = North Korea"
            raise BadAliasFile(
                f"{path.name}:{number}: {line.strip()!r} is no group; write: {example}"
            )
        groups.append(names)
    return tuple(groups)


def learn_aliases(texts: Iterable[str], extra: Iterable[tuple[str, ...]] = ()) -> Aliases:
    """Learn from texts which names mean the same; `extra` are the user's own groups.

    Learnt are acronyms and spellings in brackets, "also called", "in full", "formerly", "stands
    for", and words with diacritics. Linear in the texts' length.
    """
    return index_aliases(Mentions(texts), extra)


def index_aliases(mentions: Mentions, extra: Iterable[tuple[str, ...]] = ()) -> Aliases:
    """Return which names mean the same by what texts say of them, as `learn_aliases` does."""
    users = [group for group in extra if len(group) > 1]
    # In one order, however the texts came and went.
    groups = join_pairs(Counter(dict(sorted(mentions.pairs.items()))), users)
    return _index_groups(groups, users, mentions)


def _index_groups(
    groups: list[tuple[str, ...]], users: Sequence[tuple[str, ...]], mentions: Mentions
) -> Aliases:
    """Return the aliases of groups: each led by its spelling with the most uses in the texts."""
    worldwide = {fold_name(name) for group in WORLDWIDE for name in group}
    forms = _index_forms(groups)
    uses: Counter[tuple[str, ...]] = Counter()
    finder = Aliases((), {}, frozenset(), forms, {}, {}, frozenset())
    for run, count in mentions.runs.items():
        if forms.keys().isdisjoint(mentions.fold_run(run)):
            continue
        for _, _, form in finder._find_forms(run, split_words(run)):
            uses[form.keys] += count
    for group in groups:
        # Names in small letters are in no run of capitals; what was learnt stands in the texts.
        uses.update(key for key in map(fold_name, group) if not uses[key] and key not in worldwide)
    led = (tuple(sorted(group, key=lambda name: -uses[fold_name(name)])) for group in groups)
    always = frozenset(fold_name(name) for group in users for name in group)
    inner = frozenset(map(fold_word, mentions.inner))
    return Aliases(tuple(led), uses, always, forms, *_find_respellings(mentions.runs), inner)


def _index_forms(groups: Sequence[tuple[str, ...]]) -> dict[str, tuple[_Form, ...]]:
    """Return the spellings by their first word, the longest first."""
    forms: defaultdict[str, set[_Form]] = defaultdict(set)
    for number, group in [(-1, tuple(_OTHER_MEANINGS)), *enumerate(groups)]:
        for name in group:
            keys = fold_name(name)
            acronym = name.replace(".", "") if len(keys) == 1 and is_acronym(name) else ""
            forms[keys[0]].add(_Form(keys, number, acronym))
    return {
        first: tuple(sorted(found, key=lambda form: (-len(form.keys), form)))
        for first, found in forms.items()
    }


def _find_respellings(runs: Iterable[str]) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Return names of two syllables by their joined key, and names with diacritics by key."""
    joined: dict[str, str] = {}
    marked: defaultdict[str, set[str]] = defaultdict(set)
    for run in runs:
        parts = run.replace("-", " ").split(" ")
        for one, other in pairwise(parts):
            if 1 < len(one) <= 6 and 1 < len(other) <= 6:
                key, apart = fold_word(one) + fold_word(other), f"{one} {other}"
                joined[key] = min(apart, joined.get(key, apart))
        if run.endswith("."):
            marked[fold_word(run)].add(run)
        if not run.isascii():
            for part in parts:
                bare = part.removesuffix("’s").removesuffix("'s").replace("’", "")
                if not bare.isascii():
                    marked[fold_word(bare)].add(bare)
                    marked[fold_word(bare.translate(GERMAN))].add(bare)
    return joined, {key: tuple(sorted(found)) for key, found in marked.items()}
