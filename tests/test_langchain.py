"""The LangChain door: LangChain's own tests of a retriever, and chains as its docs build them."""

import asyncio
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.documents import Document
from langchain_core.language_models import FakeListChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from langchain_tests.integration_tests import RetrieversIntegrationTests

from bot import BadQuestion, BadScope, Bot, NoLibrary, Scope, verify
from bot.langchain import AnswerRunnable, AskedQuestion, FootnoteRetriever
from tests.doors import LIMA, run_page

pytest_plugins = ["tests.door_fixtures"]

PORTS = Scope(topics=frozenset({"Ports"}))
HEIGHT = "How tall is the lighthouse of Oslo?"


@pytest.mark.anyio
class TestFootnoteRetriever(RetrieversIntegrationTests):
    """LangChain's tests: `k` given to the constructor and to a call, sync and async."""

    bot: Bot

    @pytest.fixture(autouse=True)
    def _open(self, harbour_bot: Bot) -> None:
        self.bot = harbour_bot

    @pytest.fixture
    def anyio_backend(self) -> str:
        return "asyncio"

    @property
    def retriever_constructor(self) -> type[FootnoteRetriever]:
        return FootnoteRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"bot": self.bot}

    @property
    def retriever_query_example(self) -> str:
        return LIMA


@pytest.fixture
def retriever(harbour_bot: Bot) -> FootnoteRetriever:
    """A retriever of two passages."""
    return FootnoteRetriever(bot=harbour_bot, k=2)


def test_a_document_says_where_it_stands(retriever: FootnoteRetriever) -> None:
    first, second = retriever.invoke("the ferry to Aswan")
    assert "Aswan" in first.page_content
    assert first.id != second.id
    told = first.metadata
    stored = retriever.bot.store.get_article(told["article_id"])
    assert stored is not None
    assert stored.text[told["start"] : told["end"]] == first.page_content
    assert told["sha256"] == stored.sha256
    assert (told["title"], told["heading"]) == ("The harbour of Cairo", "The ferry")
    assert (told["published"], told["author"]) == ("2024-06-30", None)
    assert told["url"] == told["source"] == "https://example.org/cairo"
    assert 0 <= told["score"] <= 1


def test_a_retriever_keeps_its_scope(retriever: FootnoteRetriever, harbour_bot: Bot) -> None:
    def list_articles(documents: list[Document]) -> set[str]:
        return {item.metadata["article_id"] for item in documents}

    chosen = FootnoteRetriever(bot=harbour_bot, k=6, scope=PORTS)
    assert list_articles(chosen.invoke("the ferry to Aswan")) == {"lima", "oslo"}
    only = Scope(articles=frozenset({"oslo"}))
    assert list_articles(retriever.invoke(LIMA, scope=only)) == {"oslo"}
    assert list_articles(asyncio.run(retriever.ainvoke(LIMA, k=1, scope=only))) == {"oslo"}
    assert len(asyncio.run(retriever.ainvoke(LIMA, k=1))) == 1


def test_a_retriever_opens_a_library(harbours: Path, tmp_path: Path) -> None:
    with FootnoteRetriever.open(harbours, k=1).bot as bot:
        assert len(FootnoteRetriever(bot=bot, k=1).invoke(LIMA)) == 1
    with pytest.raises(NoLibrary, match="footnote ingest"):
        FootnoteRetriever.open(tmp_path)


def test_errors_are_the_bots(retriever: FootnoteRetriever, harbour_bot: Bot) -> None:
    with pytest.raises(BadQuestion):
        retriever.invoke("?")
    with pytest.raises(BadScope, match="did you mean 'lima'"):
        retriever.invoke(LIMA, scope=Scope(articles=frozenset({"limo"})))
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        FootnoteRetriever(bot=harbour_bot, k=0)
    with pytest.raises(ValueError, match="limit is 0"):
        retriever.invoke(LIMA, k=0)
    with pytest.raises(TypeError, match="'question'"):
        AnswerRunnable(harbour_bot).invoke({"ask": LIMA})  # type: ignore[arg-type]


def test_keys_of_other_steps_of_a_chain_are_theirs(harbour_bot: Bot) -> None:
    asked: Any = {"question": LIMA, "session_id": "a", "user": "b"}
    assert AnswerRunnable(harbour_bot).invoke(asked)["citations"]


@pytest.mark.parametrize(
    ("more", "error", "said"),
    [
        ({"scpe": PORTS}, TypeError, "'scpe' is no part of a question; did you mean 'scope'"),
        ({"session": 1, "History": []}, TypeError, "'History' is no part .* 'history'"),
        ({"scope": {"topics": ["Ports"]}}, BadScope, "scope is .'topics': .*; give a Scope"),
        ({"scope": None}, BadScope, "scope is None; give a Scope"),
    ],
)
def test_slips_in_a_question_are_named(
    harbour_bot: Bot, more: dict[Any, Any], error: type[Exception], said: str
) -> None:
    asked: Any = {"question": LIMA, **more}
    runnable = AnswerRunnable(harbour_bot)
    with pytest.raises(error, match=said):
        runnable.invoke(asked)
    with pytest.raises(error, match=said):
        list(runnable.stream(asked))


def test_the_usual_chain_runs(retriever: FootnoteRetriever) -> None:
    seen: list[str] = []

    def join(documents: list[Document]) -> str:
        seen.extend(item.page_content for item in documents)
        return "\n\n".join(item.page_content for item in documents)

    prompt = ChatPromptTemplate.from_template("From {context}\n\nanswer: {question}")
    model = FakeListChatModel(responses=["In 1902."])
    chain = (
        {"context": retriever | join, "question": RunnablePassthrough()}
        | prompt
        | model
        | StrOutputParser()
    )
    assert chain.invoke(LIMA) == "In 1902."
    assert "".join(chain.stream(LIMA)) == "In 1902."
    assert "The harbour of Lima opened in 1902." in seen[0]


def test_the_bot_is_a_runnable(harbour_bot: Bot) -> None:
    runnable = harbour_bot.as_runnable()
    answer = runnable.invoke(LIMA)
    assert drop_timings(answer) == drop_timings(harbour_bot.ask(LIMA).to_dict())
    assert verify(answer, harbour_bot.store) == []
    turn = (answer["asked"], answer["text"])
    follow_up = AskedQuestion(question="How tall is its lighthouse?", history=[turn])
    assert "31 metres" in runnable.invoke(follow_up)["text"]
    asked = AskedQuestion(question="How tall is the lighthouse?", scope=Scope(until="2023"))
    assert {item["article_id"] for item in runnable.invoke(asked)["citations"]} == {"oslo"}
    texts = [item["text"] for item in runnable.batch([LIMA, HEIGHT])]
    assert texts == [harbour_bot.ask(LIMA).text, harbour_bot.ask(HEIGHT).text]
    assert asyncio.run(runnable.ainvoke(LIMA))["text"] == answer["text"]
    # What tools and servers of LangChain are made by.
    assert "question" in str(runnable.get_input_jsonschema())


def drop_timings(answer: dict[str, Any]) -> dict[str, Any]:
    """Return an answer without what is never the same twice."""
    return {key: value for key, value in answer.items() if key != "timings"}


def test_an_answer_streams(harbour_bot: Bot) -> None:
    runnable = harbour_bot.as_runnable()
    pieces = [item["text"] for item in runnable.stream(HEIGHT)]
    whole = harbour_bot.ask(HEIGHT).text
    assert len(pieces) > 1 and pieces[-1] == whole
    assert all(whole.startswith(piece) for piece in pieces)

    async def hear() -> list[str]:
        return [item["text"] async for item in runnable.astream(HEIGHT)]

    assert asyncio.run(hear()) == pieces
    # A step after it that cannot stream gets the whole answer, once.
    assert list((runnable | RunnableLambda(itemgetter("text"))).stream(HEIGHT)) == [whole]


def test_what_runs_is_told(harbour_bot: Bot, retriever: FootnoteRetriever) -> None:
    class Listener(BaseCallbackHandler):
        def __init__(self) -> None:
            self.heard: list[str] = []

        def on_chain_start(self, *_: Any, name: str = "", **__: Any) -> None:
            self.heard.append(name)

        def on_retriever_end(self, documents: Any, **_: Any) -> None:
            self.heard.append(f"{len(documents)} documents")

    listener = Listener()
    harbour_bot.as_runnable().invoke(LIMA, {"callbacks": [listener]})
    list(harbour_bot.as_runnable().stream(LIMA, {"callbacks": [listener]}))
    retriever.invoke(LIMA, {"callbacks": [listener]})
    assert listener.heard == ["AnswerRunnable", "AnswerRunnable", "2 documents"]


@pytest.fixture
def _beside_the_library(harbours: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(harbours.parent)
    yield


@pytest.mark.usefixtures("_beside_the_library")
def test_the_examples_of_the_page_run() -> None:
    assert run_page("langchain.md") == 5
