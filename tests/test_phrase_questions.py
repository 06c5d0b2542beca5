"""Questions made of sentences and headings: natural English, and none of what cannot be told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.phrase_questions import MAX_LETTERS, draft_names, draft_questions
from ingest.chunk import chunk_article
from ingest.clean import PARAGRAPH_BREAK, Article, Heading

QUESTIONS = [
    ("The Vega Bridge was opened on 3 May 1932.", "When was the Vega Bridge opened?"),
    ("On 3 May 1932 the mayor of Velm opened the Vega Bridge, and crowds came.",
     "When did the mayor of Velm open the Vega Bridge?"),
    ("In 1901, Otto Brandt founded the Velm Museum.",
     "When did Otto Brandt found the Velm Museum?"),
    ("The Velm Museum was founded by Otto Brandt.", "Who founded the Velm Museum?"),
    ("The Velm Odes were written by Ada Stern in Oslo.", "Who wrote the Velm Odes?"),
    ("Otto Brandt, a salt merchant from Velm, liked ships.", "Who is Otto Brandt?"),
    ("Otto Brandt was the director of the Velm Museum.", "Who was Otto Brandt?"),
    ("Many came, and the painter Ada Stern spoke.", "Who is Ada Stern?"),
    ("Velm (in German Wellen) is a port on the northern coast.", "What is Velm?"),
    ("The Vega Bridge has four stone towers and a gate.",
     "How many stone towers does the Vega Bridge have?"),
    ("Norway sent about 1,200 soldiers to Velm in 1932.",
     "How many soldiers did Norway send to Velm in 1932?"),
    ("There are three harbours in Velm.", "How many harbours are there in Velm?"),
    ("Three treaties were signed in Velm.", "How many treaties were signed in Velm?"),
    ("The Vega Bridge is about 850 metres long.", "How long is the Vega Bridge?"),
    ("The Vega Bridge cost 3 million crowns.", "How much did the Vega Bridge cost?"),
    ("The Velm Museum closed in 1944 because the roof had burnt.",
     "Why did the Velm Museum close in 1944?"),
    ("The Pact of Velm was signed in Oslo by two kings.", "Where was the Pact of Velm signed?"),
    ("The Velm Code forbids fires on deck.", "What does the Velm Code forbid?"),
    ("Article 4 of the Velm Code asks for a pilot.", "What does Article 4 of the Velm Code say?"),
    ("Ada Stern said in May that the Velm Museum would open again.",
     "What did Ada Stern say about the Velm Museum?"),
]  # fmt: skip
SILENT = [
    "It was opened on 3 May 1932.",
    "The bridge was opened on 3 May 1932.",
    "This treaty was signed in 1932.",
    "The Vega Bridge was not opened in 1932.",
    "The Vega Bridge would open in 1932.",
    "Was the Vega Bridge opened in 1932?",
    "His brother founded Velm in 1901.",
    "Velm is fine.",
    "",
]  # fmt: skip


def make_article(*paragraphs: str, heading: str = "", title: str = "A page") -> Article:
    """Make an article of paragraphs under one heading."""
    headings = (Heading(0, len(heading), 2),) if heading else ()
    text = PARAGRAPH_BREAK.join(filter(None, (heading, *paragraphs)))
    return Article("id", "a.txt", title, text, headings, "0", "0")


def draft_texts(article: Article) -> list[str]:
    """Return the questions of an article."""
    chunks = chunk_article(article)
    return [draft.text for chunk in chunks for draft in draft_questions(article, chunk)]


@pytest.mark.parametrize(("sentence", "question"), QUESTIONS, ids=[item[1] for item in QUESTIONS])
def test_a_sentence_gives_a_question(sentence: str, question: str) -> None:
    assert question in draft_texts(make_article(sentence))


@pytest.mark.parametrize("sentence", SILENT)
def test_what_does_not_stand_alone_gives_none(sentence: str) -> None:
    assert draft_texts(make_article(sentence, "Other words.")) == []


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("Article 4: pilots", "What does Article 4 of the Code of Velm say?"),
        ("What is a pilot?", "What is a pilot?"),
        ("Pilots of Velm", "What do the articles say about pilots of Velm?"),
        ("NOTES", ""),
        ("Overview", ""),
        ("The pilots leave Velm early", ""),
    ],
)
def test_a_heading_gives_a_question(heading: str, question: str) -> None:
    article = make_article(
        "The pilots take turns there.", heading=heading, title="The Code of Velm"
    )
    assert draft_texts(article) == [question] * bool(question)


def test_names_give_questions_at_last() -> None:
    article = make_article("They saw the Vega Bridge.", "We like the Vega Bridge of old.")
    chunk = chunk_article(article)[0]
    names = {draft.text for draft in draft_names(article, chunk)}
    assert names == {"What do the articles say about the Vega Bridge?"}


def test_a_draft_says_where_it_comes_from() -> None:
    article = make_article("They met.", "Velm was founded in 1901.", heading="Past of Velm")
    (chunk,) = chunk_article(article)
    first = draft_questions(article, chunk)[0]
    assert article.text[first.start : first.end] == "Velm was founded in 1901."
    assert (first.kind, first.subject, first.heading) == ("when", "Velm", "Past of Velm")


WORD_TEXT = """
The the a Velm Oslo Ada Stern was were is has had signed founded opened in on of by and because that
said 3 May 1932 four towers long metres , . ; ( ) “ ” Article 4 he it not
"""


@settings(max_examples=60)
@given(st.lists(st.sampled_from(WORD_TEXT.split()), max_size=30), st.text(max_size=40))
def test_any_words_give_well_formed_questions(words: list[str], other: str) -> None:
    article = make_article(" ".join(words) + ".", other.replace("\n", " "))
    for chunk in chunk_article(article):
        for draft in (*draft_questions(article, chunk), *draft_names(article, chunk)):
            assert draft.text.endswith("?") and len(draft.text) <= MAX_LETTERS + 10
            assert chunk.start <= draft.start < draft.end <= chunk.end
            assert "  " not in draft.text and " ?" not in draft.text
