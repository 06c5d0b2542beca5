"""The word index: BM25 ranks, stems, ties, and what it counts."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.words import WordIndex, stem_words

PASSAGES = [
    (1, "Railways", "", "The treaty names a railway to the border."),
    (2, "Railways", "", "The weather was fair and nobody spoke."),
    (3, "Treaties", "A treaty", "Two treaties were signed; the treaty of May and that of June."),
    (4, "Copies", "", "The weather was fair and nobody spoke."),
]


@pytest.fixture(params=["memory", "disk"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> WordIndex:
    index = WordIndex(tmp_path if request.param == "disk" else None)
    index.add(PASSAGES)
    return index


def test_stems() -> None:
    assert stem_words("The TREATIES, signed: Moscow's 1961 pact") == [
        "the", "treati", "sign", "moscow", "s", "1961", "pact",
    ]  # fmt: skip


def test_best_passage_comes_first(index: WordIndex) -> None:
    found = index.search(stem_words("treaty signed"), 10)
    assert [number for number, _ in found] == [3, 1]
    assert found[0][1] > found[1][1] > 0


def test_ties_are_in_order_of_number(index: WordIndex) -> None:
    found = index.search(["weather"], 10)
    assert [number for number, _ in found] == [2, 4] and found[0][1] == found[1][1]


def test_title_and_heading_are_searched(index: WordIndex) -> None:
    assert {number for number, _ in index.search(stem_words("railways"), 10)} == {1, 2}


def test_limits_and_unknown_words(index: WordIndex) -> None:
    assert len(index.search(["the"], 1)) == 1
    assert index.search([], 10) == [] == index.search(["zebra"], 10)
    assert index.search(["treati", "treati"], 10) == index.search(["treati"], 10)


def test_weights_of_words(index: WordIndex) -> None:
    plain = dict(index.search(["treati", "weather"], 10))
    heavy = dict(index.search({"treati": 1.0, "weather": 2.0}, 10))
    assert heavy[3] == plain[3] and heavy[2] == pytest.approx(2 * plain[2])
    assert index.search({}, 10) == []


def test_a_word_counts_once_a_passage_wherever_it_stands(index: WordIndex) -> None:
    assert index.count_passages("treati") == 2 and index.count_passages("railway") == 2


def test_counts(index: WordIndex) -> None:
    assert len(index) == 4
    assert index.count_passages("weather") == 2 and index.count_passages("zebra") == 0


def test_index_on_the_disk_opens_again(tmp_path: Path) -> None:
    written = WordIndex(tmp_path)
    written.add(PASSAGES)
    opened = WordIndex(tmp_path)
    assert opened.search(["treati"], 10) == written.search(["treati"], 10) != []


@pytest.fixture(scope="module")
def long_index() -> WordIndex:
    """An index of 300 passages in which words are of every rarity."""
    index = WordIndex(None)
    words = {2: "pier", 7: "barge", 50: "crane", 299: "zebra"}
    texts = ("quay " + " ".join(w for n, w in words.items() if i % n == 0) for i in range(300))
    index.add((2 * number, "", "", text) for number, text in enumerate(texts))
    return index


@given(
    st.frozensets(st.integers(0, 620), max_size=300)
    | st.builds(lambda first, last: frozenset(range(first, last)), *[st.integers(0, 600)] * 2),
    st.frozensets(st.sampled_from(("quay", "pier", "barg", "crane", "zebra", "none")), min_size=1),
    st.sampled_from((1, 10, 300)),
)
def test_a_search_among_some_is_the_whole_search_without_the_others(
    long_index: WordIndex, allowed: frozenset[int], words: frozenset[str], limit: int
) -> None:
    among = np.array(sorted(allowed), dtype=np.int64)
    everything = long_index.search(sorted(words), 300)
    wanted = [item for item in everything if item[0] in allowed]
    assert long_index.search(sorted(words), limit, among) == wanted[:limit]
