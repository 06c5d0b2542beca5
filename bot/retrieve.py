"""Find the passages for a question: BM25 and vectors, their scores fused."""

from dataclasses import dataclass

import numpy as np

from ingest.database import StoredPassage
from ingest.embed import Vectors
from ingest.store import Store
from ingest.words import stem_words

CANDIDATES = 100
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
    """

    stored: StoredPassage
    score: float
    word_rank: int | None
    word_score: float
    vector_rank: int | None
    cosine: float


def find_content_words(question: str) -> list[str]:
    """Return the stems of a question that carry its meaning; all of them if none does."""
    stems = stem_words(question)
    return [stem for stem in stems if stem not in STOP_WORDS] or stems


def retrieve(store: Store, question: str, vector: Vectors, limit: int) -> list[Passage]:
    """Return the best `limit` passages for a question, best first.

    `vector` is the question's, of length 1. The first candidates of both searches are fused by the
    convex sum of their scores, each scaled per question to 0..1 (Bruch, Gai and Ingber 2023).
    """
    by_words = store.search_words(find_content_words(question), CANDIDATES)
    by_vector = store.search_vector(vector, CANDIDATES)
    word_scores, vector_scores = _scale(by_words), _scale(by_vector)
    fused = {
        number: 0.5 * word_scores.get(number, 0.0) + 0.5 * vector_scores.get(number, 0.0)
        for number in word_scores.keys() | vector_scores.keys()
    }
    best = sorted(fused, key=lambda number: (-fused[number], number))[:limit]
    stored = store.get_passages(best)
    word_ranks = {number: rank for rank, (number, _) in enumerate(by_words, 1)}
    vector_ranks = {number: rank for rank, (number, _) in enumerate(by_vector, 1)}
    bm25, cosines = dict(by_words), dict(by_vector)
    return [
        Passage(
            stored=stored[number],
            score=fused[number],
            word_rank=word_ranks.get(number),
            word_score=bm25.get(number, 0.0),
            vector_rank=vector_ranks.get(number),
            cosine=cosines.get(number, 0.0),
        )
        for number in best
        if number in stored
    ]


def _scale(found: list[tuple[int, float]]) -> dict[int, float]:
    """Return scores scaled so that the best is 1 and the last candidate 0."""
    if not found:
        return {}
    scores = np.array([score for _, score in found])
    low, high = float(scores.min()), float(scores.max())
    if high <= low:
        return {number: 1.0 for number, _ in found}
    return {number: (score - low) / (high - low) for number, score in found}
