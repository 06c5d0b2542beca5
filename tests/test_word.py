"""A model's stream: cut into sentences, markers read, links and markup taken out."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.word import cut_sentences, strip_markup, take_markers

TEXT = "The U.S. signed on 2 Nov. 2023. [1] It left. [2][3] Dr. Ko said 1.5 m [4]. So be it! [1]"
WHOLE = [
    ("The U.S. signed on 2 Nov. 2023.", (1,)),
    ("It left.", (2, 3)),
    ("Dr. Ko said 1.5 m.", (4,)),
    ("So be it!", (1,)),
]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_sentences_are_the_same_however_the_stream_is_cut(size: int) -> None:
    parts = [TEXT[place : place + size] for place in range(0, len(TEXT), size)]
    assert [take_markers(item) for item in cut_sentences(parts)] == WHOLE


def test_a_sentence_comes_before_the_next_one_is_whole() -> None:
    said: list[str] = []

    def speak() -> Iterator[str]:
        for part in ("It left. [1] ", "Then it came", " back. [2]"):
            said.append(part)
            yield part

    assert next(cut_sentences(speak())) == "It left. [1]" and len(said) == 2


def test_lines_are_sentences_and_thoughts_are_none() -> None:
    said = ["<think>Hm. [1]", " Well.</th", "ink>\n- It left [1]\n- It came [2]"]
    assert list(cut_sentences(said)) == ["- It left [1]", "- It came [2]"]


@pytest.mark.parametrize(
    ("sentence", "text", "numbers"),
    [
        ("It left [1].", "It left.", (1,)),
        ("It left. [1, 3] [2]", "It left.", (1, 3, 2)),
        ("It [2–4] left 【5】.", "It left.", (2, 3, 4, 5)),
        ("It left [1][1].", "It left.", (1,)),
        ("It left [0] [99999999999999999999].", "It left.", (0, 9999)),
        ("It left (1).", "It left (1).", ()),
        ("It [sic] left.", "It [sic] left.", ()),
    ],
)
def test_markers(sentence: str, text: str, numbers: tuple[int, ...]) -> None:
    assert take_markers(sentence) == (text, numbers)


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("- **It** left", "It left."),
        ("## It `left`", "It left."),
        ("[It](javascript:x) left https://evil.example/a?b=c now.", "It left now."),
        ("![pixel](http://evil.example/p.png)", "pixel."),
        ("<script>alert(1)</script>It <b>left</b>.", "alert(1) It left ."),
        ("&lt;img src=x&gt;It left.", "It left."),
        ("1. It left.", "It left."),
        ("\x1b[31mIt\x07 left.", "(31mIt left."),
        ("", ""),
    ],
)
def test_markup_is_taken_out(said: str, plain: str) -> None:
    assert strip_markup(said).replace(" .", ".") == plain.replace(" .", ".")


@given(st.text())
def test_nothing_of_markup_is_left(text: str) -> None:
    assert not set(strip_markup(text)) & set("[]<>\x1b\x00`*")


@given(st.lists(st.text(max_size=12), max_size=8))
def test_any_stream_is_cut(parts: list[str]) -> None:
    words = "".join(char for part in cut_sentences(parts) for char in part if char.isalnum())
    assert len(words) <= sum(map(len, parts))
