"""Read passages for a question: which sentences answer it, and how sure that any does."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.retrieve import Passage, find_content_words
from ingest.embed import Embedder, Vectors
from ingest.store import Store
from ingest.words import stem_words

# Of a sentence's score: likeness in meaning, question words in it, question words around it
# (title, heading, sentence before), its passage's score, and an answer of the kind asked for.
WEIGHTS = {"similarity": 1.0, "coverage": 0.7, "context": 0.4, "passage": 0.5, "kind": 0.15}

MAX_EMBEDDED = 20

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
)
_ASKS_DATE = re.compile(
    r"\b(?:when|how long|on which|(?:what|which) (?:dates?|days?|years?|months?))\b", re.IGNORECASE
)
_ASKS_NUMBER = re.compile(
    r"""(?ix)\bhow\ (?:many|much|large|big|high|old|far|long|often|tall|wide)\b
    | \b(?:number|share|percent(?:age)?|figures?|amount|total|rate|counts?|size|length|price|cost
    | population|distance|range)\b"""
)
_ASKS_PERSON = re.compile(r"\b(?:who|whom|whose)\b", re.IGNORECASE)
_DATE = re.compile(rf"\b(?:\d{{4}}|{_MONTHS})\b")
_NUMBER = re.compile(
    r"""(?ix)\d | \b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|half|percent
    | hundred|thousand|million|billion)\b"""
)
_NAME = re.compile(r"(?<=[a-z,;:] )[A-Z][\w’'-]+")


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence, `text[start:end]` of its article, with its score for a question and why."""

    passage: Passage
    start: int
    end: int
    score: float
    similarity: float
    coverage: float
    context: float
    kind: float

    @property
    def text(self) -> str:
        """The sentence."""
        return self.passage.stored.article.text[self.start : self.end]


class WordWeights:
    """How much each content word of a question weighs: rare words in the library more (idf)."""

    def __init__(self, store: Store, question: str) -> None:
        total = store.count_passages()
        self.weights: dict[str, float] = {}
        self.missing: list[str] = []
        for stem in find_content_words(question):
            count = store.count_passages_with(stem)
            self.weights[stem] = math.log(1 + (total - count + 0.5) / (count + 0.5))
            if count == 0:
                self.missing.append(stem)

    def cover(self, stems: Iterable[str]) -> float:
        """Return the share, 0 to 1, of the question's weight that `stems` hold."""
        total = sum(self.weights.values())
        held = sum(weight for stem in set(stems) if (weight := self.weights.get(stem)))
        return held / total if total else 0.0


def find_sentences(
    store: Store,
    embedder: Embedder,
    question: str,
    vector: Vectors,
    passages: Sequence[Passage],
) -> list[Finding]:
    """Return the sentences of the passages, scored for the question, best first.

    `vector` is the question's, of length 1. Embedding is what takes time, so only the first
    MAX_EMBEDDED sentences by the other features are embedded and returned. Equal scores keep the
    order of the passages.
    """
    weights = WordWeights(store, question)
    unread = [
        _weigh_words(question, weights, passage, span)
        for passage in passages
        for span in passage.stored.chunk.sentences
    ]
    likely = sorted(unread, key=lambda finding: -finding.score)[:MAX_EMBEDDED]
    if not likely:
        return []
    similarities = embedder.encode([finding.text for finding in likely]) @ vector
    read = [
        replace(
            finding,
            similarity=float(similarity),
            score=finding.score + WEIGHTS["similarity"] * float(similarity),
        )
        for finding, similarity in zip(likely, similarities, strict=True)
    ]
    return sorted(read, key=lambda finding: -finding.score)


def _weigh_words(
    question: str, weights: WordWeights, passage: Passage, span: tuple[int, int]
) -> Finding:
    """Return the finding of one sentence by all features but its likeness in meaning."""
    text = passage.stored.article.text[span[0] : span[1]]
    stems = stem_words(text)
    coverage = weights.cover(stems)
    context = weights.cover([*stems, *stem_words(_around(passage, span))])
    kind = match_kind(question, text)
    score = (
        WEIGHTS["coverage"] * coverage
        + WEIGHTS["context"] * context
        + WEIGHTS["passage"] * passage.score
        + WEIGHTS["kind"] * kind
    )
    return Finding(passage, *span, score, 0.0, coverage, context, kind)


def match_kind(question: str, sentence: str) -> float:
    """Return 1 if the sentence holds what is asked for (date, number, person), 0 if it lacks it.

    A question that asks for none of these gives 0.5.
    """
    wanted = [
        pattern.search(sentence)
        for asks, pattern in ((_ASKS_DATE, _DATE), (_ASKS_NUMBER, _NUMBER), (_ASKS_PERSON, _NAME))
        if asks.search(question)
    ]
    return sum(map(bool, wanted)) / len(wanted) if wanted else 0.5


def _around(passage: Passage, span: tuple[int, int]) -> str:
    """Return what a reader knows at a sentence: the title, the heading, the sentence before."""
    chunk, article = passage.stored.chunk, passage.stored.article
    before = [article.text[start:end] for start, end in chunk.sentences if end <= span[0]]
    return " ".join((article.title, chunk.heading, *before[-1:]))
