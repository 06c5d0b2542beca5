"""Citations: exact slices with their context, and the proof of a whole answer."""

import json
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

import pytest

from bot.answer import Bot
from bot.cite import Answer, Citation, Sentence, cite, join_sentences, separate, shorten, verify
from ingest.sync import sync
from tests.articles import WordEmbedder
from tests.libraries import MakeBot

pytest_plugins = ["tests.library_fixtures"]

TEXT = "The bridge\n\nThe bridge was opened in 1931. It is green. It was paid for by the city."
Change = Callable[[dict[str, Any]], object]


def ask(bot: Bot, question: str = "When was the bridge opened?") -> dict[str, Any]:
    """Return an answer as a reader of its JSON gets it."""
    answer: dict[str, Any] = json.loads(json.dumps(bot.ask(question).to_dict()))
    assert answer["citations"]
    return answer


def test_a_citation_is_a_slice_with_its_context(make_bot: MakeBot) -> None:
    article = make_bot({"bridge.txt": TEXT}).store.list_articles()[0]
    start = article.text.index("It is green.")
    citation = cite(3, article, start, start + 12, "Colours")
    assert (citation.number, citation.quote, citation.heading) == (3, "It is green.", "Colours")
    assert citation.before.endswith("opened in 1931. ") and citation.after.startswith(" It was")
    assert (citation.article_id, citation.title) == ("bridge", article.title)
    assert (citation.sha256, citation.source) == (article.sha256, "bridge.txt")
    whole = cite(1, article, 0, len(article.text))
    assert (whole.before, whole.after, whole.quote) == ("", "", article.text)


def test_json_holds_every_field_and_only_those() -> None:
    citation = Citation(1, "a", "A", None, None, "a.txt", "", 0, 1, "x", "0", "", "y")
    answer = Answer("Why?", "Why?", "x [1]", False, 0.75, (citation,), (), {"total": 1.5})
    value = json.loads(json.dumps(answer.to_dict()))
    assert set(value) == {
        "question", "asked", "text", "refused", "confidence", "citations", "nearest", "timings",
        "sentences", "model", "note",
    }  # fmt: skip
    assert list(value["citations"][0]) == [field.name for field in fields(Citation)]
    assert value["citations"][0]["author"] is None


@pytest.mark.parametrize(
    ("quote", "line"),
    [
        ("two\n\n words", "two words"),
        ("a" * 300, "a" * 300),
        ("word " * 100, ("word " * 60).strip() + " …"),
        ("a" * 400, "a" * 300 + " …"),
    ],
)
def test_shorten(quote: str, line: str) -> None:
    assert shorten(quote) == line


def test_an_answer_holds(make_bot: MakeBot) -> None:
    bot = make_bot({"bridge.txt": TEXT})
    assert verify(ask(bot), bot.store) == []


def test_a_refusal_holds(make_bot: MakeBot) -> None:
    bot = make_bot({"bridge.txt": TEXT}, threshold=1.0)
    answer = asdict(bot.ask("Who invented the telephone?"))
    assert answer["refused"] and answer["nearest"]
    assert verify(answer, bot.store) == []
    answer["nearest"][0]["quote"] = "The bridge was never opened."
    assert [problem.number for problem in verify(answer, bot.store)] == [1]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda item: item.update(quote="The bridge was opened in 1932."), "not in the article"),
        (lambda item: item.update(start=1, end=31), "not at 1-31 but at 0-30"),
        (lambda item: item.update(end=item["end"] + 1), "not at 0-31 but at 0-30"),
        (lambda item: item.update(start=-85, end=-55), "not at -85--55 but at 0-30"),
        (lambda item: item.update(article_id="tunnel"), "no such article"),
        (lambda item: item.update(quote="", end=item["start"]), "the quote is empty"),
        (lambda item: item.update(span=[0, 4_000]), "marked words at 0-4000 are not within"),
        (lambda item: item.update(span=[3, 3]), "marked words at 3-3 are not within"),
    ],
)  # fmt: skip
def test_a_tampered_citation_is_named(make_bot: MakeBot, change: Change, reason: str) -> None:
    bot = make_bot({"bridge.md": TEXT.removeprefix("The bridge\n\n")})
    answer = ask(bot)
    change(answer["citations"][0])
    first = verify(answer, bot.store)[0]
    assert first.number == 1 and reason in first.reason
    assert first.article_id == answer["citations"][0]["article_id"]


def test_a_marker_without_citation_is_named(make_bot: MakeBot) -> None:
    bot = make_bot({"bridge.txt": TEXT})
    answer = ask(bot)
    answer["text"] += " And it glows at night. [9]"
    [problem] = verify(answer, bot.store)
    assert problem.number == 9 and "no citation" in problem.reason


def test_markers_of_the_article_itself_are_not_ours(make_bot: MakeBot) -> None:
    text = "The bridge [9] was opened in 1931.[12] Of the bridge [2] little is known. [7] It rusts."
    bot = make_bot({"bridge.md": text})
    for question in ("When was the bridge opened?", "What is known of the bridge?"):
        assert verify(ask(bot, question), bot.store) == []


def test_a_quote_within_another_quote_hides_no_marker(make_bot: MakeBot) -> None:
    """Quote 1 is the beginning of quote 2, which goes on with a bracket of its own."""
    bot = make_bot({"a.md": "The bridge is open", "b.md": "The bridge is open [9] and green."})
    first, second = (
        cite(number, article, 0, len(article.text))
        for number, article in enumerate(bot.store.list_articles(), 1)
    )
    text = f"{first.quote} [1] {second.quote} [2]"
    answer = Answer("Is it open?", "Is it open?", text, False, 1.0, (first, second), (), {})
    assert verify(answer.to_dict(), bot.store) == []


def test_a_sentence_without_its_citation_is_found(make_bot: MakeBot) -> None:
    bot = make_bot({"a.md": "The bridge is open"})
    article = bot.store.list_articles()[0]
    cited = cite(1, article, 0, len(article.text))
    said = (Sentence("It is open.", (1, 2)),)
    answer = Answer("?", "?", join_sentences(said), False, 1.0, (cited,), (), {}, said)
    assert answer.text == "It is open. [1] [2]"
    assert [item.number for item in verify(answer.to_dict(), bot.store)] == [2]


@pytest.mark.parametrize(
    "value",
    [
        {}, [], None, "text", 7, {"citations": 1, "text": ""}, {"citations": []},
        {"citations": [{"number": 1}], "text": "a [1]"}, {"citations": ["a"], "text": ""},
        {"citations": [{"number": "one", "article_id": "a", "start": 0, "end": 1, "quote": "a",
                        "sha256": ""}], "text": ""},
        {"citations": [{"number": 1, "article_id": "bridge", "start": None, "end": 1, "quote": "a",
                        "sha256": ""}], "text": ""},
        {"citations": [{"number": 1, "article_id": "bridge", "start": float("inf"), "end": 1,
                        "quote": "a", "sha256": ""}], "text": ""},
        {"citations": [], "nearest": 3, "text": ""},
    ],
)  # fmt: skip
def test_what_is_no_answer(make_bot: MakeBot, value: Any) -> None:
    bot = make_bot({"bridge.txt": TEXT})
    with pytest.raises(ValueError, match="not an answer"):
        verify(value, bot.store)


def test_after_the_article_changed(make_bot: MakeBot) -> None:
    bot = make_bot({"bridge.txt": TEXT})
    answer = ask(bot)
    kept = next(item for item in answer["citations"] if "1931" in item["quote"])
    folder = bot.store.path.parent / "articles"
    for text, reason in (
        (TEXT.replace("1931", "1935"), "not in the article; the article has changed since"),
        (TEXT.replace("The bridge was", "At last. The bridge was"), "but at"),
    ):
        (folder / "bridge.txt").write_text(text, encoding="utf-8")
        sync([folder], bot.store.path, WordEmbedder())
        bot.store.refresh()
        problems = {item.number: item.reason for item in verify(answer, bot.store)}
        assert reason in problems[kept["number"]] and "has changed" in problems[kept["number"]]
    (folder / "bridge.txt").write_text(TEXT, encoding="utf-8")
    sync([folder], bot.store.path, WordEmbedder())
    bot.store.refresh()
    assert verify(answer, bot.store) == []


@pytest.mark.parametrize(
    ("before", "after", "gap"),
    [
        ("It is open.", "It is free.", " "),
        ("“It is open.”", "Is it free?", " "),
        ("Members must not:", "lend tools;", "\n"),
        ("lend tools;", "repair them.", "\n"),
        ("Version 2.3", "Dark mode.", "\n"),
        ("It is open.", "2. Loosen the bolt.", "\n"),
        ("Day | Early", "Monday | Ann", "\n"),
    ],
)
def test_items_and_rows_stand_on_lines_of_their_own(before: str, after: str, gap: str) -> None:
    assert separate(before, after) == gap
