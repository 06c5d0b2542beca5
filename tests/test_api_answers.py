"""The API by plain HTTP, at a real server: the same answers as `Bot.ask`, and its errors."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from httpx_sse import connect_sse
from prometheus_client.parser import text_string_to_metric_families

from bot.answer import Bot
from bot.api.build import mount_api
from bot.api.keys import add_key
from bot.cite import REFUSAL
from tests.api_server import (
    PLENTY,
    OpenedLibrary,
    delete,
    get,
    post,
    put,
    request,
    serve_app,
    serve_bot,
)
from tests.libraries import ARTICLE_4, ICELAND, MakeBot

pytest_plugins = ["tests.library_fixtures", "tests.api_fixtures"]

QUESTIONS = [ARTICLE_4, ICELAND, "Who sits on the 1718 Committee?"]
BRIDGE = "The bridge\n\nThe bridge was opened in 1931 by the mayor of Testville."


def drop_times(answer: Mapping[str, Any]) -> Any:
    """Return an answer as JSON has it, without its timings."""
    return json.loads(json.dumps({**answer, "timings": None}))


def read_events(url: str, body: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Ask for events, as a client of them does, and return their names and data."""
    with httpx.Client(timeout=60) as client, connect_sse(client, "POST", url, json=body) as source:
        return [(event.event, event.json()) for event in source.iter_sse()]


def check_problem(reply: httpx.Response, status: int, words: str = "") -> None:
    problem = reply.json()
    assert reply.status_code == status == problem["status"]
    assert reply.headers["content-type"] == "application/problem+json"
    assert problem["type"] == "about:blank" and problem["title"]
    assert words in problem["detail"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_are_those_of_the_bot(api: str, api_bot: Bot, question: str) -> None:
    expected = drop_times(api_bot.ask(question).to_dict())
    reply = post(f"{api}/v1/answers", json={"question": question})
    assert drop_times(reply.json()) == expected
    events = read_events(f"{api}/v1/answers", {"question": question})
    assert [name for name, _ in events] == ["sentence"] * (len(events) - 1) + ["answer"]
    assert drop_times(events[-1][1]) == expected
    sentences = [data for name, data in events if name == "sentence"]
    assert " ".join(item["text"] for item in sentences) == expected["text"]
    assert [c for item in sentences for c in item["citations"]] == expected["citations"]


def test_stream_in_the_body_asks_for_events_too(api: str) -> None:
    reply = post(f"{api}/v1/answers", json={"question": ICELAND, "stream": True})
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers["cache-control"] == "no-store"


def test_history_and_scope_are_kept(api: str, api_bot: Bot) -> None:
    history = [("When was the Agreed Framework signed?", "In 1994. [1]")]
    turns = [{"question": question, "answer": answer} for question, answer in history]
    body = {"question": "Why did it collapse?", "history": turns}
    answer = post(f"{api}/v1/answers", json=body).json()
    assert answer["asked"] == api_bot.ask("Why did it collapse?", history).asked != body["question"]
    scope = {"articles": ["trade-figures"]}
    narrow = post(f"{api}/v1/answers", json={"question": ARTICLE_4, "scope": scope}).json()
    cited = narrow["citations"] + narrow["nearest"]
    assert cited and {item["article_id"] for item in cited} == {"trade-figures"}


def test_search_returns_passages_as_citations(api: str, api_bot: Bot) -> None:
    parameters = {"q": ARTICLE_4, "limit": "3", "since": "2024"}
    hits = get(f"{api}/v1/search", params=parameters).json()["hits"]
    assert len(hits) == 3
    for number, hit in enumerate(hits, 1):
        passage = hit["passage"]
        article = api_bot.store.get_article(passage["article_id"])
        assert article is not None and article.sha256 == passage["sha256"]
        assert article.text[passage["start"] : passage["end"]] == passage["quote"]
        assert passage["number"] == number and passage["published"] >= "2024"


def test_articles_are_listed_and_read(api: str, api_bot: Bot) -> None:
    articles = api_bot.store.list_articles()
    pages = [
        get(f"{api}/v1/articles", params={"limit": 10, "offset": offset}).json()
        for offset in (0, 10, 20, 30)
    ]
    assert {page["total"] for page in pages} == {len(articles)}
    listed = [item["article_id"] for page in pages for item in page["articles"]]
    assert listed == [item.article_id for item in articles]
    article = get(f"{api}/v1/articles/{articles[0].article_id}").json()
    assert article["text"] == articles[0].text and article["sha256"] == articles[0].sha256


def test_no_reply_says_in_which_folder_an_article_lies(api: str, api_bot: Bot) -> None:
    article = api_bot.store.list_articles()[0]
    read = get(f"{api}/v1/articles/{article.article_id}").json()
    assert read["path"] == Path(article.path).name != article.path
    body = {"question": ARTICLE_4}
    chat = {"model": "footnote", "messages": [{"role": "user", "content": ARTICLE_4}]}
    replies = [
        post(f"{api}/v1/answers", json=body),
        post(f"{api}/v1/answers", json={**body, "stream": True}),
        post(f"{api}/v1/chat/completions", json=chat),
        get(f"{api}/v1/search", params={"q": ARTICLE_4}),
    ]
    for reply in replies:
        assert '"source":' in reply.text and str(Path(article.path).parent) not in reply.text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"question": " ?! "}, "the question is empty"),
        ({"question": "a" * 4001}, "4,001 characters"),
        ({"question": 1}, "body.question"),
        ({}, "body.question: Field required"),
        ({"question": "x", "scope": {"articles": ["no-such"]}}, "no article 'no-such'"),
        ({"question": "x", "scope": {"since": "June"}}, "since 'June' is no date"),
        ({"question": "x", "history": [{"question": "y"}]}, "body.history.0.answer"),
        ({"question": "x", "scope": {"topic": ["Law"]}}, "body.scope.topic: Extra inputs"),
        ({"question": "x", "histroy": []}, "body.histroy: Extra inputs"),
        ({"question": "\ud800"}, "the question is empty"),
        ({"question": "x", "scope": {"topics": ["\ud800"]}}, "no topic"),
        ([], "body"),
    ],
)
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_bad_questions_are_problems(
    api: str, body: Mapping[str, Any] | Sequence[Any], words: str, accept: str
) -> None:
    headers = {"Content-Type": "application/json", "Accept": accept}
    reply = post(f"{api}/v1/answers", content=json.dumps(body), headers=headers)
    check_problem(reply, 422, words)


def test_other_errors_are_problems_too(api: str) -> None:
    check_problem(get(f"{api}/v1/"), 404)
    check_problem(get(f"{api}/v1/nothing"), 404, "/v1/nothing")
    check_problem(get(f"{api}/v1/articles/no-such"), 404, "no article 'no-such'")
    check_problem(get(f"{api}/v1/search?q=x&limit=0"), 422, "query.limit")
    check_problem(get(f"{api}/v1/search?q=x&since=1"), 422, "is no date")
    check_problem(get(f"{api}/v1/search?q=x&topics=Law"), 422, "query.topics: Extra inputs")
    check_problem(get(f"{api}/v1/articles?topic=Law"), 422, "query.topic: Extra inputs")
    check_problem(get(f"{api}/v1/articles/models"), 404, "no article 'models'")
    reply = put(f"{api}/v1/articles")
    check_problem(reply, 405)
    assert sorted(reply.headers["allow"].split(", ")) == ["GET", "POST"]
    headers = {"Content-Type": "application/json"}
    reply = post(f"{api}/v1/answers", content=b"{", headers=headers)
    check_problem(reply, 422, "JSON decode error: Expecting")
    check_problem(post(f"{api}/v1/answers", content=b'"\xff"', headers=headers), 400)
    check_problem(post(f"{api}/v1/answers", content=b"[" * 90_000, headers=headers), 400)
    reply = post(f"{api}/v1/answers", content=b'{"question": "x"}')
    check_problem(reply, 422, "Content-Type: application/json")
    # Outside /v1 the application is its own master.
    assert get(f"{api}/nothing").headers["content-type"] == "application/json"


def test_a_library_in_the_making_is_not_ready(tmp_path: Path) -> None:
    with serve_bot(tmp_path, None, PLENTY) as address:
        check_problem(post(f"{address}/v1/answers", json={"question": "x"}), 503, "made")
        check_problem(get(f"{address}/readyz"), 503, "made")
        assert get(f"{address}/healthz").json() == {"status": "ok"}
        assert "footnote_articles 0.0" in get(f"{address}/metrics").text


def test_a_broken_server_says_so(make_bot: MakeBot, tmp_path: Path) -> None:
    bot = make_bot({"bridge.txt": BRIDGE})
    with serve_bot(tmp_path, bot, PLENTY) as address:
        (bot.store.path / "aliases.txt").write_text("one = one\n = ", encoding="utf-8")
        reply = post(f"{address}/v1/answers", json={"question": "When was it opened?"})
        check_problem(reply, 500, "aliases.txt")
        (bot.store.path / "aliases.txt").unlink()
        bot.close()
        reply = post(f"{address}/v1/answers", json={"question": "When was it opened?"})
        for told in (reply, get(f"{address}/readyz")):
            check_problem(told, 503, "the library cannot be read")
            assert str(bot.store.path) not in told.text


class BrokenLibrary(OpenedLibrary):
    """A library with a mistake in its code."""

    def get_bot(self) -> Bot | None:
        raise LookupError("a secret")


def test_a_mistake_is_a_problem_that_tells_no_secret(tmp_path: Path) -> None:
    app = FastAPI()
    mount_api(app, BrokenLibrary(tmp_path, None), PLENTY)
    with serve_app(app) as address:
        reply = post(f"{address}/v1/answers", json={"question": "When was it opened?"})
        check_problem(reply, 500, "server's log")
        assert "secret" not in reply.text
        request = {"model": "footnote", "messages": [{"role": "user", "content": "When?"}]}
        reply = post(f"{address}/v1/chat/completions", json=request)
        assert reply.status_code == 500 and reply.json()["error"]["type"] == "server_error"


def test_half_letters_break_nothing(api: str) -> None:
    turn = {"question": "When \ud800?", "answer": "In \udfff 1994. [1]"}
    headers = {"Content-Type": "application/json"}
    body: dict[str, Any] = {"question": "Why \ud800 did it collapse?"}
    reply = post(f"{api}/v1/answers", content=json.dumps(body), headers=headers)
    assert reply.status_code == 200
    body |= {"history": [turn]}
    reply = post(f"{api}/v1/answers", content=json.dumps(body), headers=headers)
    check_problem(reply, 422, "body.history.0.question")
    assert get(f"{api}/v1/search?q=treaty%ED%A0%80").status_code == 200
    messages = [{"role": "user", "content": "When \ud800?"}]
    content = json.dumps({"model": "\ud800", "messages": messages})
    reply = post(f"{api}/v1/chat/completions", content=content, headers=headers)
    assert reply.status_code == 404


def test_an_admin_adds_and_removes_articles(make_bot: MakeBot, tmp_path: Path) -> None:
    bot = make_bot({"ferry.txt": "The ferry\n\nThe ferry sails at noon from the old harbour."})
    library = bot.store.path
    key = {"Authorization": f"Bearer {add_key(library, 'admin', is_admin=True)}"}
    question = {"question": "When was the bridge opened?"}
    with serve_bot(library, bot, PLENTY) as address:

        def send(name: str, content: bytes, **form: str) -> httpx.Response:
            url, files = f"{address}/v1/articles", {"file": (name, content)}
            return post(url, headers=key, files=files, data=form)

        added = send("../../bridge.txt", BRIDGE.encode())
        assert added.status_code == 201 and added.headers["location"] == "/v1/articles/bridge"
        assert added.json()["state"] == "added" and added.json()["article_id"] == "bridge"
        assert (library / "uploads" / "bridge.txt").exists()
        assert "1931" in post(f"{address}/v1/answers", json=question).json()["text"]
        twin = send("copy.txt", BRIDGE.encode())
        assert twin.status_code == 200 and twin.json()["state"] == "twin"
        changed = send("bridge.txt", BRIDGE.replace("1931", "1932").encode(), replace="true")
        assert changed.status_code == 201 and changed.json()["state"] == "replaced"
        assert "1932" in post(f"{address}/v1/answers", json=question).json()["text"]
        check_problem(send("empty.txt", b" "), 422, "empty.txt: the file is empty")
        check_problem(send("bad.pdf", b"%PDF-1.4 nothing"), 422, "bad.pdf: ")
        url = f"{address}/v1/articles/bridge"
        assert delete(url, headers=key).status_code == 204
        check_problem(delete(url, headers=key), 404, "no article 'bridge'")
        assert not (library / "uploads" / "bridge.txt").exists()
        answer = post(f"{address}/v1/answers", json=question).json()
        assert all(item["article_id"] == "ferry" for item in answer["citations"])


def test_metrics_are_what_prometheus_reads(api_library: Path, api_bot: Bot) -> None:
    with serve_bot(api_library, api_bot, PLENTY) as address:
        for question in (ARTICLE_4, ICELAND, ""):
            post(f"{address}/v1/answers", json={"question": question})
        read_events(f"{address}/v1/answers", {"question": ICELAND})
        get(f"{address}/v1/articles/trade-figures")
        request("PROPFIND", f"{address}/v1/nothing")
        reply = get(f"{address}/metrics")
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(reply.text)
        for sample in family.samples
    }
    assert samples[("footnote_requests_total", "/answers", "200", "POST")] == 3
    assert samples[("footnote_requests_total", "/answers", "422", "POST")] == 1
    assert samples[("footnote_requests_total", "/articles/{article_id}", "200", "GET")] == 1
    assert samples[("footnote_requests_total", "404", "none", "other")] == 1
    assert samples[("footnote_answers_total", "answered")] == 1
    assert samples[("footnote_answers_total", "refused")] == 2
    assert samples[("footnote_request_seconds_count", "/answers")] == 4
    assert samples[("footnote_articles",)] == api_bot.store.count_articles()


def test_a_refusal_is_an_answer(api: str) -> None:
    answer = post(f"{api}/v1/answers", json={"question": ICELAND}).json()
    assert answer["refused"] and answer["text"].startswith(REFUSAL) and answer["nearest"]
