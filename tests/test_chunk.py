"""Passages and sentences: exact slices, nothing lost, no heading crossed, not too long."""

import hashlib
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.chunk import PASSAGE_WORDS, chunk_article, count_words, split_sections, split_sentences
from ingest.clean import Article, clean_text, join_blocks
from ingest.formats.block import Block
from tests.articles import make_text


def make_article(*blocks: Block) -> Article:
    text, headings = join_blocks(blocks)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return Article("an-id", "a.txt", "A title", text, headings, sha256, "")


def paragraph(text: str) -> Block:
    return Block("paragraph", text)


WORDS = st.text(alphabet='ab1.?! "”()–:Äé漢😀\u0301', min_size=1, max_size=60)
LONG = st.builds(lambda word, times: f"{word} " * times, WORDS, st.integers(1, 200))
ENDLESS = st.builds(
    lambda letter, times: letter * times, st.sampled_from("a漢."), st.integers(1, 5000)
)
TEXTS = st.one_of(WORDS, LONG, ENDLESS).map(clean_text).filter(bool)
BLOCKS = st.builds(
    lambda text, level: Block("heading", text[:50].strip(), level) if level else paragraph(text),
    TEXTS,
    st.sampled_from([0, 0, 0, 1, 2, 3]),
)
ARTICLES = st.lists(BLOCKS, max_size=8).map(lambda blocks: make_article(*blocks))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Step 7. Spin it. Pour.", ["Step 7. Spin it.", "Pour."]),
        ("1. Soak it. Wait.", ["1. Soak it.", "Wait."]),
        ("(c) Noise is barred. So is smoke.", ["(c) Noise is barred.", "So is smoke."]),
        ("Tack – (1) To turn. (2) A corner.", ["Tack – (1) To turn.", "(2) A corner."]),
        ("He lives in Room 9. It is cold.", ["He lives in Room 9.", "It is cold."]),
        ("It is 850 m. Another is 5 g. So.", ["It is 850 m.", "Another is 5 g.", "So."]),
        ("5. ", ["5."]),
        ("(a) ", ["(a)"]),
    ],
)
def test_a_label_belongs_to_its_sentence(text: str, sentences: list[str]) -> None:
    cut = split_sentences(text, 0, len(text), PASSAGE_WORDS)
    assert [text[start:end] for start, end in cut] == sentences


@given(ARTICLES)
@example(make_article(paragraph("word " * 151 + "x")))
def test_passages_and_sentences_cover_all_text_but_headings(article: Article) -> None:
    covered = [False] * len(article.text)
    for chunk in chunk_article(article):
        assert chunk.start == chunk.sentences[0][0] and chunk.end == chunk.sentences[-1][1]
        position = chunk.start
        for start, end in chunk.sentences:
            assert position <= start < end <= chunk.end
            assert article.text[position:start].isspace() or position == start
            assert article.text[start:end] == article.text[start:end].strip()
            covered[start:end] = [True] * (end - start)
            position = end
    for heading in article.headings:
        assert not any(covered[heading.start : heading.end])
        covered[heading.start : heading.end] = [True] * (heading.end - heading.start)
    missed = [char for char, seen in zip(article.text, covered, strict=True) if not seen]
    assert not "".join(missed).strip()


@given(ARTICLES)
def test_passages_are_in_order_and_cross_no_heading(article: Article) -> None:
    chunks = chunk_article(article)
    assert all(one.end <= following.start for one, following in pairwise(chunks))
    for chunk in chunks:
        assert all(item.end <= chunk.start or item.start >= chunk.end for item in article.headings)


@given(ARTICLES, st.sampled_from([5, 40, PASSAGE_WORDS]))
def test_passages_are_not_too_long(article: Article, words: int) -> None:
    for chunk in chunk_article(article, words):
        sizes = [count_words(article.text[start:end]) for start, end in chunk.sentences]
        assert sum(sizes) <= words
        assert len(article.text[chunk.start : chunk.end].split()) <= words


def test_sentences_are_told_apart() -> None:
    text = "Mr. Lavrov met the U.S. envoy. “Will it last?” he asked. Trade rose by 3.5 percent."
    [chunk] = chunk_article(make_article(paragraph(text)))
    assert [text[start:end] for start, end in chunk.sentences] == [
        "Mr. Lavrov met the U.S. envoy.",
        "“Will it last?” he asked.",
        "Trade rose by 3.5 percent.",
    ]


def test_offsets_count_letters_not_bytes() -> None:
    article = make_article(paragraph("Ü😀漢 eins. Zwei é. Drei."))
    [chunk] = chunk_article(article)
    assert [article.text[start:end] for start, end in chunk.sentences] == [
        "Ü😀漢 eins.", "Zwei é.", "Drei.",
    ]  # fmt: skip


def test_long_section_is_cut_into_equal_parts() -> None:
    article = make_article(paragraph(make_text(1, paragraphs=4).split("\n\n", 1)[1].strip()))
    sizes = [count_words(article.text[item.start : item.end]) for item in chunk_article(article)]
    assert len(sizes) > 1 and max(sizes) - min(sizes) < 40


def test_heading_path() -> None:
    article = make_article(
        paragraph("Lead."), Block("heading", "Rail", 2), paragraph("One."),
        Block("heading", "North", 3), paragraph("Two."), Block("heading", "Trade", 2),
        paragraph("Three."),
    )  # fmt: skip
    assert [chunk.heading for chunk in chunk_article(article)] == [
        "", "Rail", "Rail › North", "Trade",
    ]  # fmt: skip
    assert len(list(split_sections(article))) == 4


def test_article_of_headings_only_has_no_passages() -> None:
    assert chunk_article(make_article(Block("heading", "Alone", 1))) == []
