"""Cleaning: safe text, page left-overs, metadata, and where the headings are."""

import hashlib
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.chunk import PASSAGE_WORDS
from ingest.clean import (
    CleanedFile,
    EmptyArticle,
    clean_article,
    clean_text,
    drop_leftovers,
    join_blocks,
)
from ingest.decode import SourceFile
from ingest.formats.block import Block, Kind, Metadata, ParsedFile
from ingest.limits import Limits
from ingest.load import read_file
from ingest.read import read_article

SHARED = Path(__file__).resolve().parents[2] / "shared" / "articles"
PROSE = "The two ministers met in the harbour town and agreed on a plan for the railway."


def clean(*texts: str | Block, metadata: Metadata | None = None) -> CleanedFile:
    source = SourceFile(Path("folder/two_new-lines.txt"), "text", b"", "", "abc", ("guessed",))
    blocks = [text if isinstance(text, Block) else Block("paragraph", text) for text in texts]
    return clean_article(source, ParsedFile(tuple(blocks), metadata or Metadata()), "an-id")


def dropped(*texts: str) -> tuple[str, ...]:
    return drop_leftovers(tuple(Block("paragraph", text) for text in texts))[1]


@given(st.text())
def test_clean_text_is_safe_and_stays_so(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(char) in {"Cc", "Cs"} for char in cleaned)
    assert not any(unicodedata.bidirectional(char) in
                   {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
                   for char in cleaned)  # fmt: skip


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"])))
def test_clean_text_keeps_visible_text(text: str) -> None:
    assert clean_text(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("space", ["\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u00a0", "\n\t"])
def test_every_white_space_parts_words(space: str) -> None:
    assert clean_text(f"one{space}two") == "one two"


def test_hidden_characters_go_and_joiners_stay() -> None:
    assert clean_text("a\u200bb\u202ec\u061cd\u00ade\U000e0041f") == "abcdef"
    assert clean_text("می\u200cخواهم 👩\u200d🔬") == "می\u200cخواهم 👩\u200d🔬"


def test_only_one_variation_selector_stays() -> None:
    assert clean_text("❤\ufe0f\ufe0e\U000e0101 葛\U000e0100") == "❤\ufe0f 葛\U000e0100"


def test_article_of_a_file() -> None:
    metadata = Metadata("A  title", "Jane\u200b Doe", "2024-11-02", topics=("rail", " "))
    cleaned = clean(Block("heading", "Next", 2), PROSE, metadata=metadata)
    article = cleaned.article
    assert article.text == f"Next\n\n{PROSE}"
    assert [article.text[item.start : item.end] for item in article.headings] == ["Next"]
    assert article.sha256 == hashlib.sha256(article.text.encode()).hexdigest()
    assert (article.title, article.author, article.topics) == ("A title", "Jane Doe", ("rail",))
    assert article.path == str(Path("folder/two_new-lines.txt"))
    assert article.source == article.file_name == "two_new-lines.txt"
    assert cleaned.warnings == ("guessed",)


def test_title_from_the_file_name() -> None:
    assert clean(PROSE).article.title == "Two new lines"


def test_hidden_characters_are_warned_of() -> None:
    assert clean("a\u200bb\u202ec.").warnings[-1].startswith("2 invisible")


def test_file_without_text() -> None:
    with pytest.raises(EmptyArticle, match="no text"):
        clean(" ", "\u200b")
    with pytest.raises(EmptyArticle, match="left-overs"):
        clean("Share this", "Related")
    with pytest.raises(EmptyArticle):
        clean(Block("heading", "Alone", 1))


@pytest.mark.parametrize(
    "text",
    [
        "Share this on Facebook", "Tweet", "Print | Email", "Facebook Twitter WhatsApp",
        "5 comments",
        "Latest posts by Jane Doe (see all)", "We use cookies to improve this site.", "Follow us",
        "Subscribe to our newsletter", "Advertisement", "Skip to content", "Leave a Reply",
        "© 2024 The Harbour Gazette. All rights reserved.", "Copyright 2024 Gazette",
        "Filed under: Rail, Trade", "Posted in Rail", "Read more: the other article",
        "Read more …", "Continue reading the story",
    ],
)  # fmt: skip
def test_leftovers_are_dropped(text: str) -> None:
    assert dropped(PROSE, text, PROSE) == (text,)


@pytest.mark.parametrize(
    "text",
    [
        "Copyright law was the subject of the talks.",
        "Posted in Moscow for four years, the ambassador knew the city.",
        "Share prices fell in Seoul on the news of the treaty.",
        "Related to this, the ministers spoke of trade and rail between the two countries.",
        "Print media in both countries praised the treaty at length the next day.",
        '(c) "Rent" means 2,450 euros a month.', "(c) The Rent shall be reviewed in 2026.",
        "Sign up for health insurance within 30 days of the first day of work",
        "Subscribe to the pension plan before 1 June", "Read more than one quotation",
        "The cookie policy was approved by the board.", "E-mail", "Print", "This article",
        "Read more of this in section 3.",
    ],
)  # fmt: skip
def test_prose_that_begins_like_a_leftover_is_kept(text: str) -> None:
    assert dropped(PROSE, PROSE, text) == ()


def test_links_after_related_are_dropped_to_the_end() -> None:
    assert dropped(PROSE, PROSE, PROSE, "Related posts", "Another story", "One more") == (
        "Related posts", "Another story", "One more",
    )  # fmt: skip


def test_a_button_beside_another_is_dropped() -> None:
    assert dropped(PROSE, "Print", "Tweet", "E-mail") == ("Print", "Tweet", "E-mail")


@pytest.mark.parametrize("kind", ["heading", "item"])
@pytest.mark.parametrize("text", ["Print", "E-mail", "Facebook", "Advertisement", "Print | Email"])
def test_a_button_s_word_is_kept_as_a_heading_and_in_a_list(kind: Kind, text: str) -> None:
    blocks = (Block("paragraph", PROSE), Block(kind, text, 2), Block("paragraph", "Tweet"))
    assert drop_leftovers(blocks)[1] == ("Tweet",)


def test_links_end_at_the_next_heading() -> None:
    related, leave = Block("heading", "Related posts", 2), Block("heading", "Sick leave", 2)
    story, days = Block("item", "Another story"), Block("item", "full pay: ten days")
    blocks = (*[Block("paragraph", PROSE)] * 4, related, story, leave, days)
    assert drop_leftovers(blocks)[1] == ("Related posts", "Another story")


def test_what_was_left_out_is_quoted() -> None:
    texts = ["Share this on Facebook", "Follow us", "5 comments", "Skip to content", "No comments"]
    (warning,) = clean(PROSE, *texts).warnings[1:]
    assert '"Share this on Facebook", "Follow us"' in warning and warning.endswith("and 1 more")


def test_section_with_such_a_heading_is_kept() -> None:
    assert dropped(PROSE, "More on sanctions", PROSE, PROSE) == ()
    assert dropped("Comments", "not prose", PROSE, PROSE) == ()


def test_author_named_by_a_leftover() -> None:
    cleaned = clean(PROSE, "Jane Doe", "Latest posts by Jane Doe (see all)", "By Jane Doe")
    assert cleaned.article.author == "Jane Doe" and cleaned.article.text == PROSE
    assert len(cleaned.dropped) == 3


@pytest.mark.skipif(not SHARED.exists(), reason="the starting article is not beside the project")
def test_starting_article_without_its_leftovers() -> None:
    file = read_file(SHARED.resolve() / "north-korea-russia-relations.txt")
    cleaned = read_article(file, "an-id", PASSAGE_WORDS, None, Limits())
    assert cleaned.article.author == "Abigail Emslander"
    assert cleaned.article.title.startswith("North Korean And Russian Relations Strengthen")
    for leftover in ("Latest posts", "Related", "Emslander", "see all"):
        assert leftover not in cleaned.article.text
    assert cleaned.article.text.endswith("war in Ukraine rages on.")


@given(st.lists(st.tuples(st.sampled_from(["heading", "paragraph"]), st.text(min_size=1))))
def test_headings_are_exact_slices(items: list[tuple[str, str]]) -> None:
    blocks = tuple(
        Block("heading" if kind == "heading" else "paragraph", text, 2) for kind, text in items
    )
    text, headings = join_blocks(blocks)
    assert [text[item.start : item.end] for item in headings] == [
        block.text for block in blocks if block.kind == "heading"
    ]
