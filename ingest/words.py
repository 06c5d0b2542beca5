"""The word index: BM25 over passages, by tantivy. The only file that knows it."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import tantivy

# One field of title, heading and text: measured better than three with their scores added, where
# a word of the title counts in full however long the passage (benchmarks/README.md).
_FIELD = "words"
_HEAP_BYTES = 50_000_000
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
        self, words: Sequence[str] | Mapping[str, float], limit: int
    ) -> list[tuple[int, float]]:
        """Return (id, BM25 score) of the best passages that hold any of `words` (stems).

        A mapping gives each stem its weight, above 0; else all weigh 1. Best first, ties by id.
        BM25 as in Robertson and Zaragoza (2009), k1 1.2, b 0.75, over title, heading and text.
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
        hits = self._searcher.search(tantivy.Query.boolean_query(clauses), limit).hits
        numbers = self._searcher.fast_field_values("id", [address for _, address in hits])
        scores = (float(score) for score, _ in hits)
        found = [(int(number or 0), score) for number, score in zip(numbers, scores, strict=True)]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def count_passages(self, word: str) -> int:
        """Return how many passages hold a word (a stem) in title, heading or text."""
        return int(self._searcher.doc_freq(_FIELD, word))

    def __len__(self) -> int:
        return int(self._searcher.num_docs)


def _make_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", fast=True)
    builder.add_text_field(_FIELD, tokenizer_name="en_stem", index_option="freq")
    return builder.build()
