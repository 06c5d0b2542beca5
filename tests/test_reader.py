"""The trained reader: where it sees the answer, and the law of its offsets."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.reader import MAX_QUESTION_TOKENS, OnnxReader, Reading, Text
from tests.libraries import load_reader

BRIDGE = Text(
    "The bridge", "The bridge was opened by the king in 1931. Anna Berzina drew the plans. "
    "It is painted green and it is 412 metres long."
)  # fmt: skip
SOUP = Text("Soup", "Boil the carrots for ten minutes and add salt. Serve the soup with bread.")


@pytest.fixture(scope="module")
def reader() -> OnnxReader:
    return load_reader()


def read_answer(reader: OnnxReader, question: str, text: Text) -> str:
    span = reader.read(question, [text])[0].find_span(0, len(text.words))
    assert span is not None
    return text.words[span[0] : span[1]]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When was the bridge opened?", "1931"),
        ("Who drew the plans of the bridge?", "Anna Berzina"),
        ("How long is the bridge?", "412 metres"),
    ],
)
def test_the_answer_is_found(reader: OnnxReader, question: str, answer: str) -> None:
    assert answer in read_answer(reader, question, BRIDGE)


def test_the_right_passage_is_told_from_another(reader: OnnxReader) -> None:
    bridge, soup = reader.read("When was the bridge opened?", [BRIDGE, SOUP])
    assert bridge.answers > soup.answers and bridge.relevance > soup.relevance
    assert bridge.nowhere < soup.nowhere


def test_shares_of_sentences_add_up(reader: OnnxReader) -> None:
    reading = reader.read("Who drew the plans?", [BRIDGE])[0]
    cut = BRIDGE.words.index("It is painted")
    shares = [reading.weigh(0, cut), reading.weigh(cut, len(BRIDGE.words))]
    assert sum(shares) == pytest.approx(1, abs=0.01) and shares[0] > shares[1]


def test_alone_or_in_company_a_passage_reads_the_same(reader: OnnxReader) -> None:
    alone = OnnxReader().read("Who drew the plans?", [BRIDGE])[0]
    beside = reader.read("Who drew the plans?", [SOUP, BRIDGE, SOUP])[1]
    assert (alone.answers, alone.relevance) == (beside.answers, beside.relevance)
    assert alone.find_span(0, len(BRIDGE.words)) == beside.find_span(0, len(BRIDGE.words))


def test_what_was_read_is_remembered_by_question_and_passage(reader: OnnxReader) -> None:
    first = reader.read("Who drew the plans?", [BRIDGE, SOUP])
    assert reader.read("Who drew the plans?", [SOUP, BRIDGE]) == first[::-1]
    other = reader.read("How long is it?", [BRIDGE])[0]
    renamed = reader.read("Who drew the plans?", [Text("The ferry", BRIDGE.words)])[0]
    assert len({item.answers for item in (*first, other, renamed)}) == 4


def test_nothing_to_read(reader: OnnxReader) -> None:
    assert reader.read("Who?", []) == []
    empty = reader.read("Who?", [Text("", "")])[0]
    assert empty.find_span(0, 0) is None and empty.weigh(0, 0) == 0


def test_a_long_question_leaves_room_for_the_passage(reader: OnnxReader) -> None:
    question = "When was the bridge opened? " * 60
    reading = reader.read(question, [BRIDGE])[0]
    assert reading.offsets[-1][1] == len(BRIDGE.words)
    assert len(reader._shorten(question).split()) < MAX_QUESTION_TOKENS


def test_a_span_does_not_run_backwards() -> None:
    offsets = np.array([[0, 3], [4, 7]])
    start, end = np.log(np.array([[0.1, 0.9], [0.9, 0.1]], dtype=np.float32))
    reading = Reading(0.0, 0.0, offsets, start, end, -9.0)
    found = reading.find_span(0, 7)
    assert found is not None and found[0] < found[1]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(question=st.text(max_size=80), lead=st.text(max_size=30), words=st.text(max_size=400))
def test_law_offsets_lie_in_the_words(question: str, lead: str, words: str) -> None:
    reading = load_reader().read(question, [Text(lead, words)])[0]
    assert np.isfinite(reading.answers) and np.isfinite(reading.relevance)
    assert (reading.offsets[:, 0] >= 0).all() and (reading.offsets[:, 1] <= len(words)).all()
    found = reading.find_span(0, len(words))
    assert found is None or 0 <= found[0] < found[1] <= len(words)
    assert 0 <= reading.weigh(0, len(words)) <= 1
