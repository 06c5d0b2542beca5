"""The same questions through all doors: the same answers, citations, offsets and quotes."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.langchain import FootnoteRetriever
from bot.scope import EVERYTHING
from ingest.embed import Embedder
from tests.api_server import get
from tests.contract import ASKINGS, TEXTS, House, open_house
from tests.contract_doors import DOORS, call_tool
from tests.libraries import check_law, load_reader

SEARCHES = ("the ferry to Nesodden", "ships in distress", "Article 9")


@pytest.fixture(scope="module")
def house(
    tmp_path_factory: pytest.TempPathFactory,
    embedder: Embedder,
    model_folder: Callable[[Path], Path],
) -> Iterator[House]:
    """A library with the real models behind all doors."""
    folder = tmp_path_factory.mktemp("contract")
    with open_house(folder, embedder, load_reader()) as opened:
        model_folder(opened.path)
        yield opened


def settle(answer: Any) -> dict[str, Any]:
    """Return an answer as JSON types, without the times that it took."""
    settled: dict[str, Any] = json.loads(json.dumps({**answer, "timings": None}))
    return settled


@pytest.fixture(scope="module")
def expected(house: House) -> list[dict[str, Any]]:
    """The answers of `Bot.ask`, checked against the stored texts."""
    answers = []
    for it in ASKINGS:
        answer = house.bot.ask(it.question, house.tell_history(it), scope=it.scope)
        check_law(answer, house.bot.store)
        answers.append(settle(answer.to_dict()))
    return answers


def test_the_questions_are_of_all_kinds(expected: list[dict[str, Any]]) -> None:
    assert len(ASKINGS) == 20
    assert sum(answer["refused"] for answer in expected) >= 3
    assert sum(len(answer["citations"]) > 1 for answer in expected) >= 5
    cited = {item["article_id"] for answer in expected for item in answer["citations"]}
    assert cited == {name.removesuffix(".md") for name in TEXTS}
    followed = [a["asked"] for a, it in zip(expected, ASKINGS, strict=True) if it.before]
    assert followed == ["When did ice stop the ferry of Oslo?"]
    for answer, it in zip(expected, ASKINGS, strict=True):
        assert it.scope == EVERYTHING or answer["citations"]


@pytest.mark.parametrize("name", DOORS)
def test_a_door_gives_the_bots_answer(
    house: House, expected: list[dict[str, Any]], name: str
) -> None:
    told = list(DOORS[name](house, ASKINGS))
    for it, answer, given in zip(ASKINGS, expected, told, strict=True):
        assert settle(given.answer) == answer, it.question
        shown = " ".join(given.words.split())
        for citation in answer["citations"] if shown else ():
            assert " ".join(citation["quote"].split()) in shown, it.question


def test_all_doors_find_the_same_passages(house: House) -> None:
    def place(passage: dict[str, Any]) -> tuple[str, int, int, str]:
        return passage["article_id"], passage["start"], passage["end"], passage["quote"]

    calls = [{"question": words, "limit": 5} for words in SEARCHES]
    by_mcp = call_tool(f"{house.address}/mcp", "search", calls)
    retriever = FootnoteRetriever(bot=house.bot, k=5)
    for words, told in zip(SEARCHES, by_mcp, strict=True):
        chunks = [passage.stored for passage in house.bot.search(words, 5)]
        found = [(it.article.article_id, it.chunk.start, it.chunk.end, it.text) for it in chunks]
        reply = get(f"{house.address}/v1/search", params={"q": words, "limit": 5}).json()
        documents = retriever.invoke(words)
        assert [place(hit["passage"]) for hit in reply["hits"]] == found
        assert list(map(place, told.answer["passages"])) == found
        assert [place({**it.metadata, "quote": it.page_content}) for it in documents] == found
