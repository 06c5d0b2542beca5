"""The word index: BM25 over passages, by tantivy. The only file that knows it."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

# One field of title, heading and text: measured better than three with their scores added, where
# a word of the title counts in full however long the passage (benchmarks/README.md).
_FIELD = "words"
_HEAP_BYTES = 50_000_000
# Of 107,650 passages a run of allowed numbers takes 0.26 ms, fetching every 5th 15 ms.
_MOST_RUNS = 64
_LEAST_GROWTH = 4
_ANALYZER = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    .filter(tantivy.Filter.remove_long(40))
    .filter(tantivy.Filter.lowercase())
    .filter(tantivy.Filter.stemmer("english"))
    .build()
)


def stem_words(text: str) -> list[str]:
    """Return the words of a text as the index holds them: lower case, English stems."""
    return list(_ANALYZER.analyze(text))


class WordIndex:
    """An index of passages by their words; `folder` None keeps it in memory."""

    def __init__(self, folder: Path | None) -> None:
        schema = _make_schema()
        self._schema = schema
        self._index = tantivy.Index(schema, path=str(folder) if folder else None)
        self._searcher = self._index.searcher()

    def add(self, passages: Iterable[tuple[int, str, str, str]]) -> None:
        """Add (id, title, heading, text) of passages and commit them."""
        # One thread: segments, and so ties, come out the same each time.
        writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        for number, title, heading, text in passages:
            words = f"{title}\n{heading}\n{text}"
            writer.add_document(tantivy.Document(id=number, words=words))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(
        self,
        words: Sequence[str] | Mapping[str, float],
        limit: int,
        among: NDArray[np.int64] | None = None,
    ) -> list[tuple[int, float]]:
        """Return (id, BM25 score) of the best passages that hold any of `words` (stems).

        A mapping gives each stem its weight, above 0; else all weigh 1. Best first, ties by id.
        BM25 as in Robertson and Zaragoza (2009), k1 1.2, b 0.75, over title, heading and text.
        With `among`, ids in ascending order, only those are returned, their scores the same.
        """
        weights = words if isinstance(words, Mapping) else dict.fromkeys(words, 1.0)
        clauses = [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(self._schema, _FIELD, word), weight
                ),
            )
            for word, weight in weights.items()
        ]
        if not clauses:
            return []
        query = tantivy.Query.boolean_query(clauses)
        if among is None:
            found = self._fetch(query, limit)
        else:
            found = self._fetch_among(query, limit, among)
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def count_passages(self, word: str) -> int:
        """Return how many passages hold a word (a stem) in title, heading or text."""
        return int(self._searcher.doc_freq(_FIELD, word))

    def _fetch(
        self, query: tantivy.Query, limit: int, among: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """Return (id, score) of those `among` the best passages for a query, best first."""
        hits = self._searcher.search(query, limit).hits
        numbers = self._searcher.fast_field_values("id", [address for _, address in hits])
        rows: Iterable[int] = range(len(hits))
        if among is not None:
            rows = np.flatnonzero(np.isin(np.array(numbers, dtype=np.int64), among)).tolist()
        return [(int(numbers[row] or 0), float(hits[row][0])) for row in rows]

    def _fetch_among(
        self, query: tantivy.Query, limit: int, among: NDArray[np.int64]
    ) -> list[tuple[int, float]]:
        """Return (id, score) of the best passages with an id `among` some, best first."""
        runs = _find_runs(among)
        if len(runs) <= _MOST_RUNS:
            return self._fetch(self._restrict(query, runs), limit) if runs else []
        # The index cannot look ids up, so more are fetched until enough of them are allowed:
        # twice as many as that takes where the allowed ones lie anywhere among the others.
        growth = max(_LEAST_GROWTH, 2 * len(self) // len(among))
        fetched = limit
        while True:
            fetched = min(fetched * growth, len(self) + 1)
            found = self._fetch(query, fetched, among)
            if len(found) >= limit or fetched > len(self):
                return found[:limit]

    def _restrict(self, query: tantivy.Query, runs: Iterable[tuple[int, int]]) -> tantivy.Query:
        """Return the query for passages with an id in one of the runs only, scores the same."""
        must, should = tantivy.Occur.Must, tantivy.Occur.Should
        kind = tantivy.FieldType.Integer
        ranges = [
            (should, tantivy.Query.range_query(self._schema, "id", kind, *run)) for run in runs
        ]
        inside = tantivy.Query.const_score_query(tantivy.Query.boolean_query(ranges), 0.0)
        return tantivy.Query.boolean_query([(must, query), (must, inside)])

    def __len__(self) -> int:
        return int(self._searcher.num_docs)


def _find_runs(numbers: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Return the first and last of each run of numbers without a gap; they ascend."""
    if not len(numbers):
        return []
    ends = np.flatnonzero(np.diff(numbers) > 1)
    firsts, lasts = numbers[[0, *(ends + 1)]], numbers[[*ends, -1]]
    return list(zip(firsts.tolist(), lasts.tolist(), strict=True))


def _make_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", fast=True)
    builder.add_text_field(_FIELD, tokenizer_name="en_stem", index_option="freq")
    return builder.build()
