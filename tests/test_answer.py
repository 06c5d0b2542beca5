"""The whole line: answers, refusals, streams, and the law that every quote is a slice."""

import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answer import MAX_QUESTION_LETTERS, BadQuestion, Bot, check_question
from bot.cite import REFUSAL, Answer, verify
from ingest.store import NoLibrary, Store
from ingest.sync import sync
from tests.articles import WordEmbedder, write_five_formats
from tests.libraries import ARTICLE_4, HELP_CLAUSE, ICELAND, MakeBot, check_law

pytest_plugins = ["tests.library_fixtures"]


def test_article_4_quotes_the_assistance_clause(bot: Bot, real_answer: Answer) -> None:
    holding = [item for item in real_answer.citations if HELP_CLAUSE in item.quote]
    assert "comprehensive-strategic-partnership-treaty" in {item.article_id for item in holding}
    assert not real_answer.refused and real_answer.nearest == ()
    check_law(real_answer, bot.store)


def test_iceland_is_refused_with_the_nearest_passages(bot: Bot) -> None:
    answer = bot.ask(ICELAND)
    assert (answer.refused, answer.text, answer.citations) == (True, REFUSAL, ())
    assert len(answer.nearest) == 3
    check_law(answer, bot.store)


def test_each_sentence_has_its_marker(real_answer: Answer) -> None:
    wanted = " ".join(f"{item.quote} [{item.number}]" for item in real_answer.citations)
    assert real_answer.text == wanted
    assert 1 <= len(real_answer.citations) <= 3


def test_same_question_same_answer(bot: Bot, real_answer: Answer) -> None:
    again, first = bot.ask(ARTICLE_4).to_dict(), real_answer.to_dict()
    assert set(again.pop("timings")) == set(first.pop("timings"))
    assert again == first


def test_stream_grows_to_the_whole_answer(bot: Bot, real_answer: Answer) -> None:
    parts = list(bot.stream(ARTICLE_4))
    assert parts[-1].text == real_answer.text
    assert [len(part.citations) for part in parts] == list(range(1, len(parts) + 1))
    assert all(parts[-1].text.startswith(part.text) for part in parts)


def test_stream_of_a_refusal_is_the_refusal(bot: Bot) -> None:
    assert [part.text for part in bot.stream(ICELAND)] == [REFUSAL]


@pytest.mark.parametrize("question", ["", "   ", "?!", "\x00\x1b"])
def test_an_empty_question_is_refused_by_name(bot: Bot, question: str) -> None:
    with pytest.raises(BadQuestion, match="empty"):
        bot.ask(question)


def test_an_overlong_question_is_refused_by_length(bot: Bot) -> None:
    assert check_question("a" * MAX_QUESTION_LETTERS)
    with pytest.raises(BadQuestion, match="4,001 characters"):
        bot.ask("a" * (MAX_QUESTION_LETTERS + 1))


@pytest.mark.parametrize(
    "question",
    [
        "WHAT DOES ARTICLE 4 REQUIRE?",
        "wat dose artcle 4 of teh treaty requier",
        "Kursk",
        "treaty " * 300,
        "Что требует статья 4 договора?",
        "条约第四条要求什么？",
        "<script>alert(1)</script> **bold** [link](http://x)",
        "🙂 What did Kim 🇰🇵 say?",
        "what \x00 is \ud800 this \x1b[31m red?",
        "Which treaty did not contain a pledge of help?",
        '+treaty -war AND (OR) title:x^2 ~ \\ "',
    ],
)
def test_odd_questions_get_an_answer_or_a_refusal(bot: Bot, question: str) -> None:
    answer = bot.ask(question)
    assert "\x1b" not in answer.question
    check_law(answer, bot.store)
    assert verify(answer.to_dict(), bot.store) == []


def test_no_library_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NoLibrary, match="footnote ingest"):
        Bot.open(tmp_path / "none")


def test_a_sentence_that_leans_on_the_one_before_brings_it(make_bot: MakeBot) -> None:
    text = (
        "The harbour\n\nThe harbour of Riga was dredged in 1931. This dredging cost 4 million lats."
    )
    answer = make_bot({"harbour.txt": text}).ask("How much did the dredging cost in lats?")
    quotes = [item.quote for item in answer.citations]
    assert quotes[:2] == [
        "The harbour of Riga was dredged in 1931.",
        "This dredging cost 4 million lats.",
    ]


def test_words_that_no_article_holds_are_named(bot: Bot) -> None:
    assert "iceland" in bot.explain(ICELAND).missing_words


def test_search_returns_the_best_passages_first(bot: Bot) -> None:
    passages = bot.search(ARTICLE_4, limit=5)
    scores = [passage.score for passage in passages]
    assert len(passages) == 5 and scores == sorted(scores, reverse=True)


def test_threads_ask_while_a_new_article_is_published(make_bot: MakeBot, tmp_path: Path) -> None:
    bot = make_bot({"bridge.txt": "The bridge\n\nThe bridge was opened in 1931."})
    published = threading.Event()
    errors: list[Exception] = []

    def ask() -> None:
        try:
            while not published.is_set():
                check_law(bot.ask("When was the bridge opened?"), bot.store)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(5):
        new = tmp_path / "articles" / f"tower{number}.txt"
        new.write_text(f"Tower {number}\n\nThe tower number {number} is {number} m high.", "utf-8")
        sync([tmp_path / "articles"], tmp_path / "library", WordEmbedder())
    published.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert "tower4" in {item.article_id for item in bot.ask("Which tower number 4?").citations}


words = st.text("abcdefghij .!?[]1*<>&é", min_size=1, max_size=60)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(title=words, paragraphs=st.lists(words, min_size=1, max_size=4))
def test_every_citation_of_every_answer_verifies(
    tmp_path_factory: pytest.TempPathFactory, title: str, paragraphs: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("law")
    write_five_formats(folder / "articles")
    body = "\n\n".join(paragraphs)
    for name in ("a.txt", "b.md"):
        (folder / "articles" / name).write_text(f"{title}\n\n{body}\n", encoding="utf-8")
    html = "".join(f"<p>{part}</p>" for part in paragraphs)
    (folder / "articles" / "c.html").write_text(f"<html><body>{html}</body></html>", "utf-8")
    embedder = WordEmbedder()
    sync([folder / "articles"], folder / "library", embedder)
    with Bot(Store(folder / "library"), embedder, threshold=0.0) as bot:
        questions = {article.title for article in bot.store.list_articles()}
        for question in questions | {body[:200]}:
            if any(char.isalnum() for char in question):
                answer = bot.ask(question)
                check_law(answer, bot.store)
                assert verify(answer.to_dict(), bot.store) == []
