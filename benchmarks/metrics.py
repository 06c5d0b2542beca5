"""Measures of rankings, of answers, and of how well a confidence tells two classes apart."""

import math
import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import fmean

DEPTH = 10
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


def rate_ranking(ranked: Sequence[str], relevant: Mapping[str, int]) -> dict[str, float]:
    """Return the measures of one ranking, best document first, against relevances above 0.

    nDCG with linear gains, as trec_eval and BEIR have it.
    """
    gains = [relevant.get(document, 0) for document in ranked[:DEPTH]]
    ideal = sorted(relevant.values(), reverse=True)[:DEPTH]
    first = next((place for place, gain in enumerate(gains, 1) if gain), None)
    return {
        "ndcg@10": _discount(gains) / _discount(ideal),
        "recall@10": sum(map(bool, gains)) / len(relevant),
        "mrr@10": 1 / first if first else 0.0,
        "hit@1": float(first == 1),
    }


def average(ratings: Sequence[Mapping[str, float]]) -> dict[str, float | None]:
    """Return the mean of each measure over queries, None without any."""
    names = ("ndcg@10", "recall@10", "mrr@10", "hit@1")
    return {
        name: round(fmean(rating[name] for rating in ratings), 4) if ratings else None
        for name in names
    }


def rate_span(span: str, answers: Sequence[str]) -> float:
    """Return the token F1 of a span against the nearest answer (Rajpurkar et al. 2016)."""
    return max((_compare_tokens(_normalise(span), _normalise(item)) for item in answers), default=0)


def rate_separation(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Return the area under the ROC curve: how often a positive scores above a negative.

    A tie counts half. None when one class is empty.
    """
    if not positive or not negative:
        return None
    ranks = _rank(sorted([*positive, *negative]))
    total = sum(ranks[score] for score in positive)
    pairs = len(positive) * len(negative)
    return (total - len(positive) * (len(positive) + 1) / 2) / pairs


def find_best_f1(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """Return the best F1 of "positive if at least a threshold"; None when one class is empty."""
    if not positive or not negative:
        return None
    scores = sorted([(score, 1) for score in positive] + [(score, 0) for score in negative])[::-1]
    best, true = 0.0, 0
    for taken, (score, is_positive) in enumerate(scores, 1):
        true += is_positive
        # Equal scores are taken together or not at all.
        if taken == len(scores) or scores[taken][0] < score:
            best = max(best, 2 * true / (taken + len(positive)))
    return best


def _discount(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(place + 1) for place, gain in enumerate(gains, 1))


def _rank(ordered: Sequence[float]) -> dict[float, float]:
    """Return the rank, from 1, of each score; equal ones share their mean rank."""
    places: dict[float, list[int]] = {}
    for place, score in enumerate(ordered, 1):
        places.setdefault(score, []).append(place)
    return {score: fmean(found) for score, found in places.items()}


def _normalise(text: str) -> list[str]:
    return _ARTICLES.sub(" ", text.lower().translate(_NO_PUNCTUATION)).split()


def _compare_tokens(one: list[str], other: list[str]) -> float:
    shared = sum((Counter(one) & Counter(other)).values())
    if not one or not other:
        return float(one == other)
    return 2 * shared / (len(one) + len(other))
