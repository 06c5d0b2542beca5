"""The hostile cases: a few of each class harmless, and harm seen where there is some."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.reliability.harmless import find_faults
from benchmarks.reliability.hostile import thin_out, try_cases
from benchmarks.reliability.hostile_cases import count_kinds, make_cases
from bot.answer import Bot
from bot.api.conversation import write_content
from bot.cite import Answer, quote_sentences
from bot.web.markdown import defuse_markdown
from tests.libraries import MakeBot

pytest_plugins = ["tests.library_fixtures"]

MARKDOWN = "The bridge was opened in 1931 ![x](http://evil.test/x.png) <img src=//evil.test>."


def test_there_are_as_many_as_promised() -> None:
    counts = count_kinds(make_cases(0))
    assert sum(counts.values()) >= 220 and counts["script"] == 60 and counts["override"] == 40


def test_some_of_each_class_are_harmless(tmp_path: Path) -> None:
    failures: list[str] = []
    cases = thin_out(make_cases(1), 25)
    # Of the others, nothing that the model says passes the gate.
    assert 2 * try_cases(cases, tmp_path, failures) > len(cases)
    assert failures == []


@pytest.fixture
def bot(make_bot: MakeBot) -> Bot:
    return make_bot({"bridge.txt": f"The bridge\n\n{MARKDOWN}\n\nIt has two lanes."})


@pytest.fixture
def answer(bot: Bot) -> Answer:
    return bot.ask("When was the bridge opened?")


def test_markdown_of_an_article_is_words_where_markdown_is_read(bot: Bot, answer: Answer) -> None:
    assert MARKDOWN in answer.text and find_faults(answer, bot.store) == []
    content = write_content(answer, "http://here")
    assert "![x]（http://evil.test/x.png) ‹img" in content
    assert "\n\n[1]: http://here/a/bridge?v=" in content
    assert len(defuse_markdown(answer.text)) == len(answer.text)
    assert defuse_markdown("f(x) [1] [2]: 1 < 2, a<b") == "f(x) [1] [2]: 1 < 2, a‹b"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"model": "m", "sentences": "See http://evil.test now."}, "sentences: 'http:'"),
        ({"sentences": "It was opened in 1999."}, "not the words of an article"),
        ({"text": "It was. [9]"}, "marker has no citation"),
        ({"note": "\x1b[2J"}, "api: '\\x1b'"),
    ],
)
def test_harm_is_seen(bot: Bot, answer: Answer, changes: dict[str, str], fault: str) -> None:
    said = quote_sentences(answer.citations[:1])[0]
    sentences = (replace(said, text=changes.get("sentences", said.text)),)
    harmful = replace(answer, **{**changes, "sentences": sentences})  # type: ignore[arg-type]
    assert any(fault in item for item in find_faults(harmful, bot.store)), changes
