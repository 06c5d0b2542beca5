"""Conversations as browsers keep them: read back whole, refused when bent, written as Markdown."""

from dataclasses import replace
from typing import Any

import pytest

from bot.cite import Sentence, cite, quote_sentences
from bot.page.talk import BadTalk, Talk, Turn, read_talk, write_markdown
from tests.page_articles import ARTICLE, make_answer


def make_talk(**changes: Any) -> Talk:
    answer = replace(make_answer(), timings={}, **changes)
    refusal = replace(make_answer(refused=True), timings={})
    return Talk("id-1", "A talk", (Turn(answer, "2 articles"), Turn(refusal)))


def test_a_talk_comes_back_as_it_was() -> None:
    span = replace(make_answer().citations[0], span=(4, 9))
    talk = make_talk(citations=(span,))
    assert read_talk(talk.to_dict()) == talk


def test_worded_sentences_come_back_and_go_out_with_their_footnotes() -> None:
    first, second = make_answer().citations[0], cite(2, ARTICLE, 20, 35)
    said = (Sentence("Two stand there.", (1, 2)), Sentence("One is first.", (1,)))
    talk = make_talk(citations=(first, second), sentences=said, model="openai:x", note="Slow.")
    assert read_talk(talk.to_dict()) == talk
    assert "Two stand there.[^1][^2] One is first.[^1]\n" in write_markdown(talk, "http://a")


def test_a_talk_kept_before_there_were_sentences_is_read() -> None:
    data = make_talk().to_dict()
    for turn in data["turns"]:
        for key in ("sentences", "model", "note"):
            del turn["answer"][key]
    assert read_talk(data) == make_talk()


@pytest.mark.parametrize("nothing", [None, {}, "", []])
def test_nothing_is_an_empty_talk(nothing: object) -> None:
    assert read_talk(nothing) == Talk()


def test_the_history_is_the_questions_as_understood_and_the_answers_words() -> None:
    talk = make_talk(asked="What of the treaty?")
    assert talk.read_history() == [
        ("What of the treaty?", "The first sentence."),
        ("What?", "The articles do not say."),
    ]


def bend(path: str, value: object) -> dict[str, Any]:
    """Return a talk's JSON with one place of its first turn changed."""
    data = make_talk().to_dict()
    place: Any = data["turns"][0]["answer"]
    *steps, last = path.split(".")
    for step in steps:
        place = place[int(step) if step.isdigit() else step]
    place[last] = value
    return data


@pytest.mark.parametrize(
    "data",
    [
        "talk",
        ["talk"],
        {"turns": "x"},
        {"turns": [{}]},
        bend("citations", [{}]),
        bend("citations", "abc"),
        bend("confidence", "high"),
        bend("citations.0.quote", 7),
        bend("citations.0.quote", "Words that it does not hold, longer than it is."),
        bend("citations.0.span", [90, 99]),
        bend("citations.0.span", "ab"),
        bend("citations.0.start", None),
        bend("sentences", [{"text": "A.", "citations": [2]}]),
        bend("sentences", [{"text": 1, "citations": []}]),
        bend("sentences", "abc"),
    ],
)
def test_what_is_no_talk_is_refused(data: object) -> None:
    with pytest.raises(BadTalk, match="not a conversation"):
        read_talk(data)


def test_markdown_has_footnotes_that_link_to_the_quotes() -> None:
    article = replace(ARTICLE, text="Costs *rose* by [5] %.", title="Prices_2024")
    cited = (cite(1, article, 0, 22),)
    answer = make_talk(citations=cited, sentences=quote_sentences(cited), question="How <much>?")
    text = write_markdown(answer, "http://127.0.0.1:7860/")
    assert text.startswith("# A talk\n\n## How \\<much\\>?\n\n*Understood as: What?*\n\n")
    assert "Costs \\*rose\\* by \\[5\\] %.[^1]" in text
    assert "[Prices\\_2024](http://127.0.0.1:7860/a/treaty?v=000000000000#0-22)" in text
    assert text.count("[^1]") == 2 and "The articles do not say." in text


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://example.org/a_(b)?c=1", "[The treaty](https://example.org/a_%28b%29?c=1)"),
        ("javascript:alert(1)", "The treaty, javascript:alert(1)"),
        (None, "The treaty, treaty.md"),
    ],
)
def test_without_a_page_footnotes_link_to_where_articles_are_from(
    address: str | None, shown: str
) -> None:
    article = replace(ARTICLE, url=address)
    text = write_markdown(make_talk(citations=(cite(1, article, 0, 19),)))
    assert f"[^1]: “The first sentence.” {shown}, 2024-06-19" in text
