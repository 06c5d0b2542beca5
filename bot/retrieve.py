"""Find the passages for a question: BM25 and vectors, their scores fused, with feedback."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from ingest.database import StoredPassage
from ingest.embed import Vectors
from ingest.snapshot import Numbers
from ingest.store import Store
from ingest.words import stem_words

CANDIDATES = 100
# Of a passage's score, what likeness in meaning counts; the rest is for its words.
VECTOR_SHARE = 0.5
# The best passages lend the word search this many of their rare words, at up to this weight
# (a word of the question weighs 1): benchmarks/README.md says what each setting gave.
FEEDBACK_PASSAGES = 2
FEEDBACK_WORDS = 10
FEEDBACK_WEIGHT = 0.1
_Found = list[tuple[int, float]]
_NOTHING: Mapping[str, float] = MappingProxyType({})
# Words that say what kind of question it is and match in every article.
_STOP_TEXT = """
a about after all also am an and any are as at be been before being between both but by can
could did do does doing during each for from further had has have having he her here hers him
his how i if in into is it its itself just me more most my no nor not now of off on once one
only or other our out over own please s same say says she should so some such t tell than that
the their them then there these they this those through to too two under until up us very was we
were what when where which while who whom whose why will with would you your
"""
STOP_WORDS = frozenset(stem_words(_STOP_TEXT))


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage with what found it: ranks (from 1) and scores by words and by vector, and fused.

    A rank is None where that search did not have the passage among its first candidates.
    `referred`, 0 to 1, is how surely the question names this very place.
    """

    stored: StoredPassage
    score: float
    word_rank: int | None
    word_score: float
    vector_rank: int | None
    cosine: float
    referred: float = 0.0


def find_content_words(question: str) -> list[str]:
    """Return the stems of a question that carry its meaning; all of them if none does."""
    stems = stem_words(question)
    # "US" is a name, "us" is not.
    stop_words = STOP_WORDS - {"us"} if re.search(r"\bUS\b", question) else STOP_WORDS
    return [stem for stem in stems if stem not in stop_words] or stems


def retrieve(
    store: Store,
    question: str,
    vector: Vectors,
    limit: int,
    *,
    expansions: Mapping[str, float] = _NOTHING,
    among: Numbers | None = None,
) -> list[Passage]:
    """Return the best `limit` passages for a question, best first.

    `vector` is the question's, of length 1. `expansions` are stems to search for beside the
    question's own, which weigh 1 each, with their weights; `among` are the numbers of the passages
    that may be found, ascending, None for all. The first candidates of both searches
    are fused by the convex sum of their scores, each scaled per question to 0..1 (Bruch, Gai and
    Ingber 2023); then words are searched again with those that the best passages share (relevance
    feedback, as in RM3: Abdul-Jaleel et al. 2004).
    """
    words = _weigh_words(question, expansions)
    by_words = store.search_words(words, CANDIDATES, among)
    by_vector = store.search_vector(vector, CANDIDATES, among)
    fused = _fuse(by_words, by_vector)
    if by_words:
        lent = _lend_words(store, _choose_best(fused, FEEDBACK_PASSAGES))
        words = {stem: words.get(stem, 0.0) + lent.get(stem, 0.0) for stem in {**words, **lent}}
        by_words = store.search_words(words, CANDIDATES, among)
        fused = _fuse(by_words, by_vector)
    return _load_passages(store, _choose_best(fused, limit), by_words, by_vector)


def _weigh_words(question: str, expansions: Mapping[str, float]) -> dict[str, float]:
    """Return the stems to search for with their weights, 1 for those of the question."""
    stems = find_content_words(question)
    if expansions and STOP_WORDS.issuperset(stems):
        # "And what of it?" says nothing by itself where there are other words to go by.
        return dict(expansions)
    weights = dict(expansions)
    for stem in stems:
        weights[stem] = max(1.0, weights.get(stem, 0.0))
    return weights


def _lend_words(store: Store, best: dict[int, float]) -> dict[str, float]:
    """Return the stems that the best passages add to the search, with their weights.

    A stem counts by its rarity (idf) times the scores of the passages that hold it.
    """
    total = store.count_passages()
    rates: dict[str, float] = {}
    for number, passage in store.get_passages(best).items():
        text = f"{passage.article.title}\n{passage.chunk.heading}\n{passage.text}"
        for stem in set(stem_words(text)) - STOP_WORDS:
            if len(stem) > 2 or stem.isdigit():
                rates[stem] = rates.get(stem, 0.0) + best[number]
    for stem in rates:
        rates[stem] *= math.log(1 + total / max(1, store.count_passages_with(stem)))
    # Ties by the stem: a set has another order in each process.
    chosen = sorted(rates, key=lambda stem: (-rates[stem], stem))[:FEEDBACK_WORDS]
    return {stem: FEEDBACK_WEIGHT * rates[stem] / rates[chosen[0]] for stem in chosen}


def _fuse(by_words: _Found, by_vector: _Found) -> dict[int, float]:
    """Return the fused score of each passage that either search found."""
    word_scores, vector_scores = _scale(by_words), _scale(by_vector)
    return {
        number: (1 - VECTOR_SHARE) * word_scores.get(number, 0.0)
        + VECTOR_SHARE * vector_scores.get(number, 0.0)
        for number in word_scores.keys() | vector_scores.keys()
    }


def _choose_best(fused: dict[int, float], limit: int) -> dict[int, float]:
    """Return the best `limit` passages with their scores, best first, ties by number."""
    best = sorted(fused, key=lambda number: (-fused[number], number))[:limit]
    return {number: fused[number] for number in best}


def _load_passages(
    store: Store, best: dict[int, float], by_words: _Found, by_vector: _Found
) -> list[Passage]:
    stored = store.get_passages(best)
    word_ranks = {number: rank for rank, (number, _) in enumerate(by_words, 1)}
    vector_ranks = {number: rank for rank, (number, _) in enumerate(by_vector, 1)}
    bm25, cosines = dict(by_words), dict(by_vector)
    return [
        Passage(
            stored=stored[number],
            score=score,
            word_rank=word_ranks.get(number),
            word_score=bm25.get(number, 0.0),
            vector_rank=vector_ranks.get(number),
            cosine=cosines.get(number, 0.0),
        )
        for number, score in best.items()
        if number in stored
    ]


def _scale(found: _Found) -> dict[int, float]:
    """Return scores scaled so that the best is 1 and the last candidate 0."""
    if not found:
        return {}
    scores = np.array([score for _, score in found])
    low, high = float(scores.min()), float(scores.max())
    if high <= low:
        return {number: 1.0 for number, _ in found}
    return {number: (score - low) / (high - low) for number, score in found}
