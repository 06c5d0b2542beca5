"""Where quotes stand in changed texts: the same place, moved, or gone; and in linear time."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.anchor import Anchor, find_quote, resolve_anchor
from ingest.store import Store
from ingest.sync import sync
from tests.articles import WordEmbedder

QUOTE = "The harbour was closed."
texts = st.text("ab -—“\"'\n", max_size=60)


def test_one_occurrence_is_found_wherever_it_stands() -> None:
    assert find_quote(f"New. {QUOTE} End.", QUOTE, "Old. ", " Other.") == (5, 28)
    assert find_quote("Nothing of it.", QUOTE, "", "") is None
    assert find_quote("a b", " ", "a", "b") is None


@pytest.mark.parametrize(
    ("before", "after", "nth"),
    [
        ("In May: ", "", 0),
        ("", " In July", 1),
        ("of us. ", " Really", 2),
        ("In May: ", " In July", 0),
    ],
)
def test_of_several_the_one_in_its_context(before: str, after: str, nth: int) -> None:
    text = f"In May: {QUOTE} In June, all of it: {QUOTE} In July, of us. {QUOTE} Really."
    starts = [start for start in range(len(text)) if text.startswith(QUOTE, start)]
    found = find_quote(text, QUOTE, before, after)
    assert found == (starts[nth], starts[nth] + len(QUOTE))


def test_of_equal_ones_the_nearest() -> None:
    text = f"{QUOTE}\n\n{QUOTE}\n\n{QUOTE}"
    assert [find_quote(text, QUOTE, "", "", near=near) for near in (0, 30, 99)] == [
        (0, 23), (25, 48), (50, 73),
    ]  # fmt: skip
    assert find_quote("aaab", "aa", "a", "b") == (1, 3)


@pytest.mark.parametrize(
    "now",
    [
        "the “old\nharbour” – well‑known",
        'the "old  harbour"—well-known',
        "the «old harbour»-- well-known",
    ],
)
def test_white_space_dashes_and_quotation_marks_do_not_count(now: str) -> None:
    text = f"“So” – it  was\n\n{now}\n\nthen."
    quote = 'the "old harbour" — well-known'
    found = find_quote(text, quote, "it was ", " then.")
    assert found is not None and text[slice(*found)] == now
    assert find_quote(f"{now} {quote}", quote, "", "") == (len(now) + 1, len(now) + 1 + len(quote))


@given(texts, texts, texts, texts, texts)
def test_an_exact_occurrence_is_always_found(
    before: str, quote: str, after: str, extra: str, more: str
) -> None:
    text = extra + before + quote + after + more
    found = find_quote(text, quote, before, after, near=len(extra))
    if not quote.strip():
        assert found is None
    else:
        assert found is not None and text[slice(*found)] == quote


@given(texts, texts, st.integers(0, 60))
def test_what_is_found_is_equal_but_for_the_variants(text: str, quote: str, near: int) -> None:
    found = find_quote(text, quote, "", "", near=near)
    if found is not None:
        start, end = found
        assert 0 <= start < end <= len(text)
        kept = [
            [char for char in part if char not in " \n-—“\"'"] for part in (text[start:end], quote)
        ]
        assert kept[0] == kept[1]


@pytest.mark.parametrize(
    ("unit", "quote"),
    [("a", "a"), ("a", "a" * 5000), ("a", "a" * 300_000 + "b"), ("ab ", "b a"), (" ", "x  y"),
     ("- ", "-x"), (f"{QUOTE} ", QUOTE), (f"{QUOTE}\n", f"{QUOTE} {QUOTE}"), ("a", "a" * 99 + "b")],
)  # fmt: skip
def test_repetitive_texts_take_no_more_than_linear_time(unit: str, quote: str) -> None:
    text = unit * (1_000_000 // len(unit))
    started = time.process_time()
    find_quote(text, quote, unit * 50, unit * 50, near=500_000)
    assert time.process_time() - started < 2


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


def put(library: Path, text: str) -> str:
    """Store a text as the article "report"; return its sha256."""
    (library.parent / "report.txt").write_text(f"Report\n\n{text}", encoding="utf-8")
    sync([library.parent / "report.txt"], library, WordEmbedder())
    with Store(library) as store:
        return store.list_articles()[0].sha256


def test_anchors_follow_the_words(library: Path) -> None:
    old = put(library, f"First words of all. {QUOTE} Last words.")
    with Store(library) as store:
        start = store.list_articles()[0].text.index(QUOTE)
        end = start + len(QUOTE)
        for name in (None, old, old[:8], old.upper()):
            assert resolve_anchor(store, "report", start, end, name) == Anchor(
                start, end, "same", QUOTE
            )
        assert resolve_anchor(store, "no-such", start, end, old) is None
        for first, last, name in ((0, 0, None), (3, 10_000, old), (-1, 4, None), (1, 2, "0" * 64),
                                  (1, 2, "abc"), (1, 2, "")):  # fmt: skip
            gone = resolve_anchor(store, "report", first, last, name)
            assert gone == Anchor(0, 0, "gone", "")
        put(library, f"Before it stands a new sentence. {QUOTE} Last words.")
        store.refresh()
        moved = resolve_anchor(store, "report", start, end, old[:12])
        assert moved is not None and (moved.state, moved.quote) == ("moved", QUOTE)
        assert store.list_articles()[0].text[moved.start : moved.end] == QUOTE
        put(library, f"First words of all. {QUOTE} Last changed.")
        store.refresh()
        assert resolve_anchor(store, "report", start, end, old) == Anchor(start, end, "same", QUOTE)

        words = (start - 4, end)
        text = store.get_text("report", old)
        assert text is not None and resolve_anchor(store, "report", *words, old) == Anchor(
            *words, "same", text[slice(*words)]
        )
        start = text.index("First")
        assert resolve_anchor(store, "report", 0, len(text), old) == Anchor(0, 0, "gone", text)
