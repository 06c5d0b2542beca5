"""Read passages for a question: which sentences answer it, where in them, and how sure that is."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.judge import Features, Judge, to_probability
from bot.question import Question
from bot.reader import Reader, Reading, Text
from bot.retrieve import Passage, find_content_words
from ingest.store import Store
from ingest.words import stem_words

_LEAST = 1e-4
# Cosine of a question and a passage on the same subject.
_NEAR = 0.4
_SURELY_REFERRED = 0.6
# The share of a question's weight that a passage has with all its words, but for rounding.
_COVERED = 0.999


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A passage with what the reader says of it; `score` orders passages, as a logit."""

    passage: Passage
    reading: Reading
    features: Features
    score: float


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence, `text[start:end]` of its article; `score` is a logit, and why it has it.

    `span` are the offsets of the exact answer in the article's text, None if there is no clear one.
    """

    passage: Passage
    start: int
    end: int
    span: tuple[int, int] | None
    score: float
    features: Features

    @property
    def text(self) -> str:
        """The sentence."""
        return self.passage.stored.article.text[self.start : self.end]


class WordWeights:
    """How much each content word of a question weighs: rare words in the library more (idf).

    `spellings` are names of the question, each with another spelling that counts as much.
    """

    def __init__(
        self, store: Store, question: str, spellings: Sequence[tuple[str, str]] = ()
    ) -> None:
        total = store.count_passages()
        self.weights: dict[str, float] = {}
        self.missing: list[str] = []
        self._spellings = [
            (set(stem_words(name)), set(stem_words(other))) for name, other in spellings
        ]
        for stem in find_content_words(question):
            count = store.count_passages_with(stem)
            self.weights[stem] = math.log(1 + (total - count + 0.5) / (count + 0.5))
            if count == 0:
                self.missing.append(stem)

    def cover(self, stems: Iterable[str]) -> float:
        """Return the share, 0 to 1, of the question's weight that `stems` hold."""
        total, stands = sum(self.weights.values()), set(stems)
        for name, other in self._spellings:
            if other <= stands:
                stands |= name
        held = sum(weight for stem, weight in self.weights.items() if stem in stands)
        return held / total if total else 0.0


def read_passages(
    reader: Reader, judge: Judge, question: str, weights: WordWeights, passages: Sequence[Passage]
) -> list[ReadPassage]:
    """Return the passages as the reader sees them, in the order given."""
    texts = [Text(_lead(passage), passage.stored.text) for passage in passages]
    readings = reader.read(question, texts)
    read = []
    for passage, reading in zip(passages, readings, strict=True):
        features = _weigh_passage(weights, passage, reading)
        read.append(ReadPassage(passage, reading, features, judge.rate(features)))
    return read


def find_sentences(
    judge: Judge, question: Question, weights: WordWeights, read: Sequence[ReadPassage]
) -> list[Finding]:
    """Return all sentences of the passages read, best first."""
    findings = [
        _weigh_sentence(judge, question, weights, item, place)
        for item in read
        for place in range(len(item.passage.stored.chunk.sentences))
    ]
    return sorted(findings, key=lambda finding: -finding.score)


def rate_support(
    judge: Judge,
    question: Question,
    read: Sequence[ReadPassage],
    findings: Sequence[Finding],
    lacking: bool = False,
) -> float:
    """Return the calibrated probability, 0 to 1, that the passages answer the question.

    `findings` are their sentences, best first; `lacking` says that they plainly lack what is asked.
    """
    if not findings:
        return 0.0
    features = weigh_support(question, read, findings, lacking)
    return round(to_probability(judge.rate(features)), 4)


def weigh_support(
    question: Question,
    read: Sequence[ReadPassage],
    findings: Sequence[Finding],
    lacking: bool = False,
) -> Features:
    """Return the features that tell whether the passages answer the question.

    They are the score of the best passage, what the reader says of the one that it likes best, how
    far off the nearest passage is where none is near (beyond that, nearness tells nothing), whether
    the question holds a negation, which the reader is weak at, whether it asks for money that the
    best sentence lacks, which the reader takes other numbers for, and whether it asks for anything
    else that is plainly lacking (`bot.lacking`).
    """
    nearest = max(item.passage.cosine for item in read)
    # "Step 7" is like nothing, but it is what was asked for; nor is far what has all words asked.
    is_referred = any(item.passage.referred >= _SURELY_REFERRED for item in read)
    best = max(read, key=lambda item: item.score)
    is_covered = best.features["coverage"] >= _COVERED
    return {
        "top": max(item.score for item in read),
        "answers": max(item.reading.answers for item in read),
        "far": 0.0 if is_referred or is_covered else max(0.0, _NEAR - nearest),
        "negated": float(question.negated),
        "unpriced": float(question.lacks_money(findings[0].text)),
        "lacking": float(lacking),
    }


def _weigh_passage(weights: WordWeights, passage: Passage, reading: Reading) -> Features:
    stems = stem_words(f"{_lead(passage)} {passage.stored.text}")
    return {
        "answers": reading.answers,
        "relevance": reading.relevance,
        "nowhere": reading.nowhere,
        "fused": passage.score,
        "cosine": passage.cosine,
        "coverage": weights.cover(stems),
        "referred": passage.referred,
    }


def _weigh_sentence(
    judge: Judge, question: Question, weights: WordWeights, read: ReadPassage, place: int
) -> Finding:
    """Return the finding of one sentence of a passage."""
    chunk, article = read.passage.stored.chunk, read.passage.stored.article
    start, end = chunk.sentences[place]
    text = article.text[start:end]
    span = read.reading.find_span(start - chunk.start, end - chunk.start)
    stems = stem_words(text)
    before = chunk.sentences[place - 1] if place else (start, start)
    around = stem_words(f"{_lead(read.passage)} {article.text[before[0] : before[1]]}")
    features = {
        "share": math.log(read.reading.weigh(start - chunk.start, end - chunk.start) + _LEAST),
        "span": max(span[2], -20.0) if span else -20.0,
        "passage": read.score,
        "answers": read.reading.answers,
        "relevance": read.reading.relevance,
        "fused": read.passage.score,
        "coverage": weights.cover(stems),
        "context": weights.cover([*stems, *around]),
        "kind": question.match_kind(text),
    }
    marked = (chunk.start + span[0], chunk.start + span[1]) if span else None
    return Finding(read.passage, start, end, marked, judge.rate(features), features)


def _lead(passage: Passage) -> str:
    """Return what stands above a passage: title and heading."""
    heading = passage.stored.chunk.heading
    title = passage.stored.article.title
    return f"{title}\n{heading}" if heading else title
