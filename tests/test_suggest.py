"""Suggested questions: grammatical, answered from where they were made, never repeated."""

import re
from pathlib import Path
from typing import Self

from bot.answer import Bot
from bot.asked import History
from bot.cite import Answer
from bot.phrase_questions import MAX_LETTERS
from bot.scope import EVERYTHING, Scope
from bot.suggest import LEAST_CONFIDENCE, suggest_examples, suggest_follow_ups
from tests.libraries import ICELAND, MakeBot, load_reader, open_words_bot

pytest_plugins = ["tests.library_fixtures"]

LIBRARY = {
    "bridge.md": """# The Vega Bridge

The Vega Bridge is a steel bridge over the Arno in the town of Velm. The Vega Bridge was opened on
3 May 1932. It is grey. The Vega Bridge has four towers. The Vega Bridge is 850 metres long.

## The architect

The Vega Bridge was designed by Ines Moreau. Ines Moreau was an architect from Lyon.
""",
    "museum.md": """# Velm Museum of Salt

The Velm Museum was founded by Otto Brandt in 1901. Otto Brandt, a salt merchant and writer, died
in 1920. The Velm Museum closed in 1944 because the roof had burnt.
""",
    "code.md": """# The Velm harbour code

Article 4 of the harbour code requires a pilot on every ship over 40 metres. Article 5 of the
harbour code bans fires on deck.
""",
}


class CountingBot(Bot):
    """A bot that counts how often it is asked."""

    asks = 0

    def without_model(self) -> Self:
        """It has none; a copy would count for itself."""
        return self

    def ask(self, question: str, history: History = (), *, scope: Scope = EVERYTHING) -> Answer:
        self.asks += 1
        return super().ask(question, history, scope=scope)


def check_questions(bot: Bot, questions: list[str]) -> None:
    """Check the law of suggestions: short questions, all answered, each by another sentence."""
    assert len(set(questions)) == len(questions)
    for question in questions:
        assert question.endswith("?") and len(question) <= MAX_LETTERS
        assert re.match(r"(?:When|Who|Wh[ai]t|Why|Where|How|Which) ", question)
        assert "  " not in question
    answers = [bot.ask(question) for question in questions]
    assert all(not item.refused and item.confidence >= LEAST_CONFIDENCE for item in answers)
    first = [(item.citations[0].article_id, item.citations[0].start) for item in answers]
    assert len(set(first)) == len(first)


def test_examples_of_a_small_library(make_bot: MakeBot) -> None:
    bot = make_bot(LIBRARY)
    questions = suggest_examples(bot, 6)
    check_questions(bot, questions)
    assert len(questions) == 6
    assert len({question.split()[0] for question in questions}) >= 3
    assert suggest_examples(bot, 6) == questions


def test_examples_of_the_corpus(bot: Bot) -> None:
    questions = suggest_examples(bot, 4)
    assert len(questions) == 4
    check_questions(bot, questions)
    articles = {bot.ask(question).citations[0].article_id for question in questions}
    assert len(articles) == 4
    assert suggest_examples(bot, 0) == []


def test_one_article_gives_several(make_bot: MakeBot) -> None:
    bot = make_bot({"bridge.md": LIBRARY["bridge.md"]})
    questions = suggest_examples(bot, 3)
    assert len(questions) == 3
    check_questions(bot, questions)


def test_follow_ups_go_on_from_an_answer(make_bot: MakeBot) -> None:
    bot = make_bot(LIBRARY)
    answer = bot.ask("When was the Vega Bridge opened?")
    shown = {(item.article_id, item.start) for item in answer.citations}
    questions = suggest_follow_ups(bot, answer)
    check_questions(bot, questions)
    assert len(questions) == 3 and answer.question not in questions
    for question in questions:
        first = bot.ask(question).citations[0]
        assert (first.article_id, first.start) not in shown


def test_follow_ups_do_not_repeat(make_bot: MakeBot) -> None:
    bot = make_bot(LIBRARY)
    answer = bot.ask("When was the Vega Bridge opened?")
    asked = suggest_follow_ups(bot, answer, count=1)
    said = bot.ask(suggest_follow_ups(bot, answer, count=2)[1])
    history = [(said.question, said.text)]
    questions = suggest_follow_ups(bot, answer, history, asked=asked)
    assert not {*asked, said.question}.intersection(questions)
    assert all(bot.ask(text).citations[0].quote not in said.text for text in questions)


def test_a_refusal_offers_what_lies_nearest(bot: Bot) -> None:
    answer = bot.ask(ICELAND)
    assert answer.refused
    questions = suggest_follow_ups(bot, answer)
    assert questions
    check_questions(bot, questions)


def test_corpus_follow_ups(bot: Bot, real_answer: Answer) -> None:
    questions = suggest_follow_ups(bot, real_answer)
    assert len(questions) == 3
    check_questions(bot, questions)


def test_little_is_asked(make_bot: MakeBot) -> None:
    bot = make_bot(LIBRARY)
    counting = CountingBot(bot.store, bot.parts.embedder, reader=load_reader(), threshold=0.9)
    suggest_examples(counting, 2)
    assert 2 <= counting.asks <= 8
    counting.asks = 0
    suggest_follow_ups(counting, bot.ask("When was the Vega Bridge opened?"), count=9)
    assert counting.asks <= 8


def test_nothing_to_offer(make_bot: MakeBot) -> None:
    bot = make_bot({"a.txt": "Some words, and no more than that.\n"})
    assert suggest_examples(bot) == []
    assert suggest_follow_ups(bot, bot.ask("What is it?")) == []
    assert suggest_follow_ups(bot, bot.ask("Was ist das für ein Haus?")) == []


def test_an_empty_library(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    with open_words_bot(folder, tmp_path / "library") as bot:
        assert suggest_examples(bot) == []
        assert suggest_follow_ups(bot, bot.ask(ICELAND)) == []
