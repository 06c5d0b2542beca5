"""Look a question up: what it means after what was said before, its passages, their reading."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from bot.asked import History
from bot.capitals import name_countries
from bot.catalogue import Catalogue
from bot.codes import find_codes, has_code
from bot.copies import find_copies, put_copies_last
from bot.disagreement import list_otherwise
from bot.follow import Standalone, Turn, make_standalone
from bot.headings import list_headings
from bot.judge import Judges
from bot.lacking import find_lack, is_slip, stands_in
from bot.names import find_missing_names
from bot.prefer import prefer_sentences
from bot.question import Question, understand
from bot.read import (
    Finding,
    ReadPassage,
    WordWeights,
    find_sentences,
    rate_support,
    read_passages,
)
from bot.reader import Reader
from bot.reference import References
from bot.retrieve import Passage, find_content_words, retrieve
from bot.scope import EVERYTHING, Scope, Selections
from ingest.database import StoredPassage
from ingest.embed import Embedder, Vectors
from ingest.snapshot import Numbers
from ingest.store import Store
from ingest.words import stem_words

# Passages read for each side of a comparison.
_READ_SIDE = 3
# Passages read at a time, and the confidence at which those read are enough.
_READ_STEP, _SURE = 2, 0.6
# Where those read are so far below the threshold, as a share of it, others never answered.
_HOPELESS = 0.45
# A reference to articles of that weight is followed there, and nowhere else.
_WHOLE_ARTICLES, _SURELY_REFERRED = frozenset({"title", "author", "date", "position"}), 0.7
# A heading must be so much better than a sentence.
_HEADING_LOSS = 2.0
# Of the passages with its parts so many are looked at for the whole.
_CODES_READ = 60
_LONG_NUMBER, _CODE_NUMBER = re.compile(r"\A\D*(\d{3,})"), re.compile(r"\d{4,}")
# Where copies are among the passages to read, so many times as many are looked at for others.
_BEHIND_COPIES = 4
_NAMES_COMPARED = 12
# Another spelling of a name is worth less than the one asked for: it may be in every passage.
_SPELLING_WEIGHT = 0.6


@dataclass(frozen=True, slots=True)
class Parts:
    """What a question is looked up with."""

    store: Store
    embedder: Embedder
    reader: Reader
    judges: Judges
    catalogue: Catalogue
    selections: Selections


class Search:
    """One question being looked up: what it means, its vector, and what it refers to.

    `asked` is the question made to stand alone, `question` that with countries for their capitals.
    Nothing is found outside its scope; how much a word tells is still told by the whole library.
    """

    def __init__(
        self, parts: Parts, question: str, history: History = (), scope: Scope = EVERYTHING
    ) -> None:
        """Understand a question. Raises BadScope."""
        self._parts = parts
        self._aliases, _ = parts.catalogue.get()
        self._selection = parts.selections.get(scope)
        self._standalone = self._make_standalone(question, history)
        self.asked = self._standalone.question
        read_as = name_countries(self.asked, parts.store.count_passages_with)
        self.question: Question = understand(read_as)
        self.weights = self._weigh_words(read_as)
        self.references: References = self._selection.references.resolve(self.asked)
        self._among = self._find_among()
        coded = {code: self._find_coded(code) for code in find_codes(self.asked)}
        # Without capitals only those are codes that an article has.
        self._coded = {code: found for code, found in coded.items() if found or code[0].isupper()}
        self._headings: dict[tuple[str, int], ReadPassage] = {}
        self.notes = self._note(scope)

    def retrieve(self, limit: int, *, elsewhere: bool = False) -> list[Passage]:
        """Return the best passages, those that the question refers to among them.

        They are of the articles that it names as such, if it does; with `elsewhere` of all others
        in its scope, too.
        """
        found = retrieve(
            self._parts.store,
            self.question.text,
            self._embed(),
            limit,
            expansions=self._expand(),
            among=self._selection.passages if elsewhere else self._among,
        )
        known = {passage.stored.number for passage in found}
        referred = [item for item in self._list_referred(limit) if item.stored.number not in known]
        weighed = [self._weigh_reference(item) for item in (*found, *referred)]
        return sorted(weighed, key=self._rank, reverse=True)[:limit]

    def retrieve_apart(self, limit: int) -> tuple[list[Passage], list[Passage]]:
        """Return the best passages, and those among more of them that nearly copy others.

        Copies are among the best only where there is nothing else, so many articles with one text
        do not drown another that says otherwise.
        """
        found = self.retrieve(limit)
        if not find_copies(found):
            return found, []
        found = self.retrieve(_BEHIND_COPIES * limit)
        return put_copies_last(found)[:limit], find_copies(found)

    def read(self, question: str, passages: Sequence[Passage]) -> list[ReadPassage]:
        """Return passages as the reader sees them."""
        return read_passages(
            self._parts.reader, self._parts.judges.passage, question, self.weights, passages
        )

    def read_until_sure(self, passages: Sequence[Passage], threshold: float) -> list[ReadPassage]:
        """Return passages as read, in their order, until those read answer surely, or never will.

        `threshold` is the confidence from which they answer. Reading is what takes time, and some
        need not be: benchmarks/README.md tells how many, and that the answers are no worse.
        """
        read: list[ReadPassage] = []
        for start in range(0, len(passages), _READ_STEP):
            if read and not self._reads_all:
                confidence = self.judge(read)[1]
                if confidence >= _SURE or confidence < _HOPELESS * threshold:
                    break
            read += self.read(self.question.text, passages[start : start + _READ_STEP])
        return read

    @property
    def _reads_all(self) -> bool:
        """Whether the best sentence may be in any passage, however surely one answers."""
        return bool(self.question.wants_all or self.question.explained or self._coded)

    def read_otherwise(
        self, read: Sequence[ReadPassage], copies: Sequence[Passage]
    ) -> list[ReadPassage]:
        """Return, as read, copies of what was read that give another answer: last year's rules."""
        known = {item.passage.stored.number for item in read}
        unread = [item for item in copies if item.stored.number not in known]
        if not unread:
            return []
        findings, _ = self.judge(read)
        return self.read(self.question.text, list_otherwise(self.question, findings, unread))

    def judge(self, read: Sequence[ReadPassage]) -> tuple[list[Finding], float]:
        """Return the sentences of passages read, best first, and how sure the best one is."""
        judges = self._parts.judges
        findings = find_sentences(judges.sentence, self.question, self.weights, read)
        findings += self._find_telling_headings(read)
        findings = prefer_sentences(findings, self.question, self.references, self._coded)
        lacking = bool(self.find_lack(findings))
        return findings, rate_support(judges.support, self.question, read, findings, lacking)

    def _find_telling_headings(self, read: Sequence[ReadPassage]) -> list[Finding]:
        """Return the headings of passages read that may answer by themselves, as sentences."""
        headings = list_headings(item.passage for item in read)
        unread = [item for item in headings if _locate(item) not in self._headings]
        for heading in self.read(self.question.text, unread) if unread else ():
            self._headings[_locate(heading.passage)] = heading
        judge = self._parts.judges.sentence
        as_read = [self._headings[_locate(item)] for item in headings]
        found = find_sentences(judge, self.question, self.weights, as_read)
        return [replace(item, score=item.score - _HEADING_LOSS) for item in found]

    def find_lack(self, findings: Sequence[Finding]) -> str:
        """Return in words what is asked for that plainly stands nowhere near, "" for nothing."""
        knows = partial(stands_in, self._parts.store)
        missing = self.find_missing_names()
        # More are not read, and each is compared with all that is written large in the library.
        first = missing[:_NAMES_COMPARED]
        unknown = [name for name in first if not is_slip(name, knows, self._aliases)]
        unknown += self.find_missing_labels()
        return " or ".join(dict.fromkeys(unknown)) or find_lack(self.question.text, findings, knows)

    def find_side(self, side: str, read: list[ReadPassage]) -> list[Finding]:
        """Return the sentences for one side of a comparison; its passages are added to `read`."""
        parts = self._parts
        vector = parts.embedder.encode([side])[0]
        weights = self._weigh_words(side)
        among = self._selection.passages
        passages = retrieve(parts.store, side, vector, _READ_SIDE, among=among)
        question = replace(understand(side), kinds=self.question.kinds)
        own = read_passages(parts.reader, parts.judges.passage, side, weights, passages)
        known = {item.passage.stored.number for item in read}
        new = [item.passage for item in own if item.passage.stored.number not in known]
        read.extend(self.read(self.question.text, new))
        return find_sentences(parts.judges.sentence, question, weights, own)

    def find_missing_labels(self) -> list[str]:
        """Return labels and codes that no article has: "Article 30", "resolution 2500", "KN-25".

        A long number that stands anywhere may be written otherwise there: "UNSCR 2397".
        """
        store = self._parts.store
        long = [(words, _LONG_NUMBER.match(words)) for words in self.references.missing]
        labels = [words for words, number in long if not (number and stands_in(store, number[1]))]
        said = " ".join(labels)
        labels += [
            code
            for code, passages in self._coded.items()
            if not passages and code not in said and not self._stands_as_number(code)
        ]
        return labels

    def _stands_as_number(self, code: str) -> bool:
        """Tell whether the long number of a code stands anywhere: "resolution 2397"."""
        number = _CODE_NUMBER.search(code)
        return number is not None and stands_in(self._parts.store, number[0])

    def _find_coded(self, code: str) -> list[StoredPassage]:
        """Return passages of the scope that have a code, those first that speak most of it."""
        store = self._parts.store
        found = store.search_words(stem_words(code), _CODES_READ, self._selection.passages)
        passages = store.get_passages([number for number, _ in found])
        listed = [passages[number] for number, _ in found if number in passages]
        return [item for item in listed if has_code(f"{item.article.title} {item.text}", code)]

    def find_missing_names(self) -> list[str]:
        """Return the names of the question that stand nowhere in its scope."""
        store, among = self._parts.store, self._selection.passages

        def count_within(stem: str) -> int:
            # That there is one is all that matters here.
            return len(store.search_words([stem], 1, among))

        count = store.count_passages_with if among is None else count_within
        return list(find_missing_names(self.question.text, count, self._aliases))

    def _make_standalone(self, question: str, history: History) -> Standalone:
        turns = [Turn(asked, answer) for asked, answer in history]

        def measure_likeness(one: str, other: str) -> float:
            first, second = self._parts.embedder.encode([one, other])
            return float(first @ second)

        return make_standalone(question, turns, measure_likeness)

    def _weigh_words(self, question: str) -> WordWeights:
        return WordWeights(self._parts.store, question, self._aliases.list_spellings(question))

    def _embed(self) -> Vectors:
        """Return the vector to search by: the question's, moved towards what was talked about."""
        context, weight = self._standalone.context, self._standalone.context_weight
        if not context:
            alone: Vectors = self._parts.embedder.encode([self.question.text])[0]
            return alone
        asked, before = self._parts.embedder.encode([self.question.text, context])
        mixed: Vectors = asked + np.float32(weight) * before
        mixed /= np.linalg.norm(mixed)
        return mixed

    def _expand(self) -> dict[str, float]:
        """Return the stems to search for beside the question's own, with their weights."""
        weights: dict[str, float] = {}
        if self._standalone.context:
            for stem in find_content_words(self._standalone.context):
                weights[stem] = self._standalone.context_weight
        count = self._parts.store.count_passages_with
        for spelling in self._aliases.expand(self.question.text, count):
            for stem in stem_words(spelling):
                weights[stem] = _SPELLING_WEIGHT
        return weights

    def _find_among(self) -> Numbers | None:
        """Return the passages to search: those of articles that are surely referred to as such.

        "The piece on the summit" is that one, whatever others say of the summit. Without such a
        reference, those of the scope.
        """
        named = {
            item.article_id
            for item in self.references.spans
            if item.kind in _WHOLE_ARTICLES and item.weight >= _SURELY_REFERRED
        }
        return self._parts.store.find_passages(named) if named else self._selection.passages

    def _list_referred(self, limit: int) -> list[Passage]:
        """Return passages inside what the question refers to, the surest first."""
        listed = []
        for reference in self.references.spans:
            for stored in self._parts.store.list_passages(reference.article_id):
                if stored.chunk.start < reference.end and reference.start < stored.chunk.end:
                    listed.append(Passage(stored, 0.0, None, 0.0, None, 0.0))
            if len(listed) >= limit:
                break
        coded = [Passage(item, 0.0, None, 0.0, None, 0.0) for item in self._list_coded(limit)]
        return [*listed[:limit], *coded]

    def _list_coded(self, limit: int) -> list[StoredPassage]:
        """Return the best passages that have a code of the question, of all codes equally many."""
        each = limit // max(1, len(self._coded))
        return [item for passages in self._coded.values() for item in passages[:each]]

    def _weigh_reference(self, passage: Passage) -> Passage:
        chunk = passage.stored.chunk
        weight = self.references.weigh(chunk.article_id, chunk.start, chunk.end)
        return replace(passage, referred=weight)

    def _rank(self, passage: Passage) -> float:
        """Return what passages are put in order by: those with a code of the question lead."""
        coded = any(has_code(passage.stored.text, code) for code in self._coded)
        return passage.score + passage.referred + coded

    def _note(self, scope: Scope) -> list[str]:
        notes = [] if scope == EVERYTHING else [f"restricted to {scope.describe()}"]
        notes += [self._standalone.note] if self._standalone.note else []
        notes += [f"read as: {self.question.text}"] if self.question.text != self.asked else []
        notes += [
            f"{item.words!r} is {item.kind} {item.article_id} {item.start}-{item.end} "
            f"({item.weight:.2f})"
            for item in self.references.spans
        ]
        return notes


def _locate(passage: Passage) -> tuple[str, int]:
    return passage.stored.chunk.article_id, passage.stored.chunk.start
