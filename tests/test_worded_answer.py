"""Answers worded by a model, over a real client: what passes, what is held back, what fails."""

import threading
import time
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from bot.answer import Bot
from bot.cite import verify
from bot.model import open_model
from bot.prompt import write_prompt
from tests import model_server
from tests.libraries import check_law, open_words_bot, run, write_texts
from tests.model_server import Script, Server, cut, fail, run_server, say

pytest_plugins = ["tests.library_fixtures"]

TEXTS = {
    "oslo.md": "# Oslo\n\nThe harbour of Oslo is 9 metres deep. Ice does not close it.",
    "riga.md": "# Riga\n\nThe harbour of Riga was opened on 2 November 1931 by King Harald.",
}
QUESTION = "How deep is the harbour of Oslo?"
TRUE = "Oslo's harbour is nine metres deep. [1]"


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with run_server(say(TRUE)) as server:
        yield server


@pytest.fixture(scope="module")
def opened(running: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    folder = tmp_path_factory.mktemp("worded")
    with open_words_bot(write_texts(folder / "articles", TEXTS), folder / "library") as bot:
        bot.model = open_model("tiny", running.url)
        yield bot


@pytest.fixture
def server(running: Server) -> Server:
    """The server, which tells the truth until a test changes its script."""
    running.script = say(TRUE)
    running.asked.clear()
    running.keys.clear()
    return running


@pytest.fixture
def talking_bot(opened: Bot, server: Server) -> Bot:
    """A bot that asks the server; a test may change it."""
    bot = copy(opened)
    bot.time_limit = 20.0
    return bot


def ask(bot: Bot, server: Server, script: Script) -> str:
    server.script = script
    trace = bot.explain(QUESTION)
    check_law(trace.answer, bot.store)
    assert verify(trace.answer.to_dict(), bot.store) == []
    return trace.answer.text


def test_a_supported_sentence_is_shown_with_the_quote_that_supports_it(
    talking_bot: Bot, server: Server
) -> None:
    server.script = say(*cut(TRUE))
    answer = talking_bot.ask(QUESTION)
    assert answer.text == "Oslo's harbour is nine metres deep. [1]"
    assert answer.model == "tiny" and answer.note == "" and answer.timings["model"] > 0
    assert [item.quote for item in answer.citations] == ["The harbour of Oslo is 9 metres deep."]
    check_law(answer, talking_bot.store)
    assert verify(answer.to_dict(), talking_bot.store) == []


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The harbour of Oslo is 8 metres deep. [1]", "“8” does not stand in passage 1"),
        ("The harbour of Bergen is 9 metres deep. [1]", "“Bergen” does not stand in passage 1"),
        ("The harbour of Oslo is not 9 metres deep. [1]", "the opposite"),
        ("Ice does close it. [1]", "the opposite"),
        ("The harbour of Oslo is 9 metres deep. [7]", "there is no passage 7"),
        ("The harbour of Oslo is 9 metres deep. [2]", "does not stand in passage 2"),
        ("The harbour of Oslo is 9 metres deep.", "it names no passage"),
        ("Oslo is the capital of a rich country with many ships. [1]", "does not support it"),
    ],
)
def test_a_lie_is_held_back_with_its_reason(
    talking_bot: Bot, server: Server, sentence: str, reason: str
) -> None:
    server.script = say(f"{sentence} {TRUE}")
    trace = talking_bot.explain(QUESTION)
    assert trace.answer.text == "Oslo's harbour is nine metres deep. [1]"
    assert [reason in held.reason for held in trace.held] == [True], trace.held
    server.script = say(sentence)
    trace = talking_bot.explain(QUESTION)
    assert trace.answer.model is None and "9 metres" in trace.answer.text
    assert trace.answer.note.startswith("Nothing that tiny wrote was supported")


def test_in_the_place_of_what_is_held_back_stands_what_the_article_says(
    talking_bot: Bot, server: Server
) -> None:
    lie = "King Harald opened the harbour of Riga in November 1930. [2]"
    server.script = say(f"{lie} {TRUE} Riga's harbour was opened by King Harald. [2]")
    trace = talking_bot.explain(QUESTION)
    check_law(trace.answer, talking_bot.store)
    riga, oslo = trace.answer.sentences
    assert riga.text == "The harbour of Riga was opened on 2 November 1931 by King Harald."
    assert oslo.text == "Oslo's harbour is nine metres deep." and trace.answer.model == "tiny"
    assert [item.quote for item in trace.answer.citations][:1] == [riga.text]
    assert [held.reason for held in trace.held] == [
        "“November 1930” does not stand in passage 2",
        "it has been said in the article's words",
    ]
    texts = [answer.text for answer in talking_bot.stream(QUESTION)]
    assert texts[0].startswith(f"{riga.text} [1] Oslo") and texts[-1] == trace.answer.text


@pytest.mark.parametrize("words", ["The harbour of Oslo is 9 metres deep.", TRUE[:-4]])
def test_a_true_sentence_takes_the_place_of_what_was_quoted_for_a_lie(
    talking_bot: Bot, server: Server, words: str
) -> None:
    server.script = say(f"The harbour of Oslo is 8 metres deep. [1] {words} [1] {words} [1]")
    answer = talking_bot.ask(QUESTION)
    assert answer.text == f"{words} [1]" and (answer.model, answer.note) == ("tiny", "")


def test_links_and_markup_never_come_from_the_model(talking_bot: Bot, server: Server) -> None:
    said = "# Deep\n- **Oslo's** [harbour](http://evil.example/x) is <b>9</b> metres deep. [1]\n"
    assert ask(talking_bot, server, say(said)) == "Oslo's harbour is 9 metres deep. [1]"


def test_sentences_come_one_by_one(talking_bot: Bot, server: Server) -> None:
    server.script = say(*cut(f"{TRUE} Ice does not close it [1]."), "\n")
    texts = [answer.text for answer in talking_bot.stream(QUESTION)]
    assert texts[0] == "Oslo's harbour is nine metres deep. [1]"
    assert texts[-1] == f"{texts[0]} Ice does not close it. [2]"


def test_where_the_articles_do_not_say_no_model_is_asked(talking_bot: Bot, server: Server) -> None:
    talking_bot.threshold = 1.1
    answer = talking_bot.ask(QUESTION)
    assert answer.refused and answer.model is None and answer.note == "" and server.asked == []


def test_passages_without_room_are_listed(
    talking_bot: Bot, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.answer.write_prompt", partial(write_prompt, tokens=60))
    trace = talking_bot.explain(QUESTION)
    assert len(trace.left_out) == 1 and trace.answer.model == "tiny"


FAILURES = {
    "401": (fail(401), "did not accept the key"),
    "429": (fail(429), "takes no more questions"),
    "500": (fail(500), "failed on its own side"),
    "400": (fail(400), "refused the request"),
    "404": (fail(404), "is not known"),
    "empty": (model_server.send_nothing, "answered nothing"),
    "silent": (say(), "answered nothing"),
    "HTML": (model_server.send_html, "answered nothing"),
    "broken JSON": (model_server.send_broken_json, "cannot be read"),
    "invalid UTF-8": (model_server.send_invalid_utf8, "cannot be read"),
    "cut": (model_server.cut_off, "was cut off"),
    "stalled": (model_server.stall, "did not answer within 0.6 seconds"),
    "never": (model_server.never_answer, "did not answer within 0.6 seconds"),
    "pings": (model_server.send_pings, "did not answer within 0.6 seconds"),
    "endless": (model_server.talk_for_ever, "without end"),
    "slow and endless": (model_server.trickle_for_ever, "did not answer within 0.6 seconds"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_failure_gives_the_articles_own_words_and_says_why(
    talking_bot: Bot, server: Server, name: str
) -> None:
    server.script, why = FAILURES[name]
    # Where the model fails at once, a busy machine has its time.
    talking_bot.time_limit = 0.6 if "0.6 seconds" in why else 20.0
    quoted = talking_bot.without_model().ask(QUESTION)
    before, started = threading.active_count(), time.monotonic()
    answer = talking_bot.ask(QUESTION)
    assert time.monotonic() - started < 15
    assert answer.note.startswith("tiny ") and why in answer.note and "secret" not in answer.note
    assert replace(answer, timings={}, note="") == replace(quoted, timings={})
    # What the server still does for this request ends when its client has gone.
    ends = time.monotonic() + 10
    server.stopped.set()
    while threading.active_count() > before + 1 and time.monotonic() < ends:
        time.sleep(0.01)
    server.stopped.clear()
    assert threading.active_count() <= before + 1


def test_a_refused_connection(talking_bot: Bot, server: Server) -> None:
    with run_server(say()) as gone:
        url = gone.url
    talking_bot.model = open_model("tiny", url)
    assert "could not be reached" in talking_bot.ask(QUESTION).note


def test_the_terminal_says_who_worded_it_and_what_was_held_back(
    talking_bot: Bot, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Bot, "open", lambda *_, **__: talking_bot)
    # The library stays open for the other tests.
    monkeypatch.setattr(talking_bot, "close", lambda: None)
    server.script = say(f"It is 8 metres deep. [1] {TRUE}")
    result = run("ask", QUESTION, "--explain")
    talked = run("chat", stdin=f"{QUESTION}\n/explain\n")
    for told in (" ".join(printed.stdout.split()) for printed in (result, talked)):
        assert "Worded by tiny, checked against the articles." in told
        assert "held back: It is 8 metres deep. (“8” does not stand in passage 1)" in told


def test_keys_come_from_the_environment_and_are_not_told(
    talking_bot: Bot,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-123")
    talking_bot.model = open_model("openai:tiny", server.url)
    trace = talking_bot.explain(QUESTION)
    assert server.keys == ["Bearer sk-test-123"] and trace.answer.model == "openai:tiny"
    server.script = fail(401, b'{"error": {"message": "bad key sk-test-123"}}')
    trace = talking_bot.explain(QUESTION)
    assert "sk-test" not in repr(trace) + "".join(capfd.readouterr()) + repr(talking_bot.model)


def test_the_bot_opens_a_model_by_name(library: Path, server: Server) -> None:
    with Bot.open(library, model="tiny", model_url=server.url, time_limit=3) as opened:
        assert opened.model is not None and opened.model.name == "tiny"
        assert opened.without_model().model is None and opened.time_limit == 3
