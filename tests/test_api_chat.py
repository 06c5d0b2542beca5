"""OpenAI's own client at a real server: completions, streams, citations, errors."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai import (
    AuthenticationError,
    BadRequestError,
    NotFoundError,
    OpenAI,
    RateLimitError,
)

from bot.answer import Bot
from bot.api.chat_models import ContentPart, Message
from bot.api.conversation import annotate, read_conversation, write_sources
from bot.api.gate import Rules
from bot.cite import REFUSAL
from tests.api_server import get, serve_bot
from tests.libraries import ARTICLE_4, ICELAND
from tests.page_articles import make_answer

pytest_plugins = ["tests.library_fixtures", "tests.api_fixtures"]

COMMITTEE = "Who sits on the 1718 Committee?"


def open_client(address: str, key: str = "any") -> Any:
    return OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0, timeout=60)


@pytest.fixture(scope="module")
def client(api: str) -> Iterator[Any]:
    """OpenAI's client at the API."""
    with open_client(api) as client:
        yield client


def ask(client: Any, *texts: str, **options: Any) -> Any:
    """Ask with a conversation: user, assistant, user …"""
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)]
    return client.chat.completions.create(model="footnote", messages=messages, **options)


@pytest.mark.parametrize("question", [ARTICLE_4, COMMITTEE, ICELAND])
def test_a_completion_has_the_bots_citations(
    client: Any, api: str, api_bot: Bot, question: str
) -> None:
    answer = api_bot.ask(question)
    completion = ask(client, question)
    message = completion.choices[0].message
    assert message.content.startswith(answer.text)
    cited = [annotation.url_citation for annotation in message.annotations]
    assert len(cited) == len(answer.citations)
    for citation, url_citation in zip(answer.citations, cited, strict=True):
        marker = message.content[url_citation.start_index : url_citation.end_index]
        assert marker == f"[{citation.number}]"
        assert url_citation.title == citation.title
        address = urlsplit(url_citation.url)
        assert url_citation.url.startswith(f"{api}/a/{citation.article_id}?")
        assert address.fragment == f"{citation.start}-{citation.end}"
        assert citation.sha256.startswith(parse_qs(address.query)["v"][0])
        assert f'{marker}: {url_citation.url} "{citation.title}' in message.content
    assert completion.footnote["citations"] == [
        {**item, "span": list(item["span"]) if item["span"] else None}
        for item in answer.to_dict()["citations"]
    ]
    assert completion.model == "footnote" and completion.choices[0].finish_reason == "stop"
    usage = completion.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens > 0


def test_a_stream_adds_up_to_the_completion(client: Any) -> None:
    whole = ask(client, COMMITTEE)
    options = {"stream": True, "stream_options": {"include_usage": True}}
    chunks = list(ask(client, COMMITTEE, **options))
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert deltas[0].role == "assistant" and len(deltas) > 4
    assert "".join(delta.content or "" for delta in deltas) == whole.choices[0].message.content
    annotations = [item for delta in deltas for item in getattr(delta, "annotations", None) or []]
    assert annotations == [item.model_dump() for item in whole.choices[0].message.annotations]
    assert chunks[-1].usage == whole.usage and chunks[-1].choices == []
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-2].footnote["citations"] == whole.footnote["citations"]


def test_the_clients_own_stream_helper_works(client: Any) -> None:
    messages = [{"role": "user", "content": COMMITTEE}]
    with client.chat.completions.stream(model="footnote", messages=messages) as stream:
        said = "".join(event.delta for event in stream if event.type == "content.delta")
        assert said == stream.get_final_completion().choices[0].message.content


def test_a_follow_up_is_understood(client: Any) -> None:
    first = ask(client, "When was the Agreed Framework signed?")
    said = first.choices[0].message.content
    assert "\n\n[1]: " in said
    second = ask(client, "When was the Agreed Framework signed?", said, "Why did it collapse?")
    assert second.footnote["asked"] == "Why did the Agreed Framework collapse?"


def test_a_refusal_is_a_message(client: Any) -> None:
    message = ask(client, ICELAND).choices[0].message
    assert message.content.startswith(REFUSAL) and message.annotations == []


def test_models_are_listed(client: Any) -> None:
    assert [model.id for model in client.models.list()] == ["footnote"]
    assert client.models.retrieve("footnote").object == "model"
    with pytest.raises(NotFoundError, match="there is no model 'gpt-4'") as caught:
        client.models.retrieve("gpt-4")
    assert caught.value.code == "model_not_found"


def test_what_is_not_served_is_no_unknown_model(client: Any) -> None:
    with pytest.raises(NotFoundError, match="POST /v1/responses; ") as caught:
        client.responses.create(model="footnote", input=ICELAND)
    assert caught.value.code is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "system", "content": "Be kind."}]}, "last message must be"),
        ({"messages": [{"role": "assistant", "content": "Hello."}]}, "last message must be"),
        ({"messages": [{"role": "user", "content": ""}]}, "the question is empty"),
        ({"messages": [{"role": "user"}]}, "the question is empty"),
        ({"messages": [{"role": "nobody", "content": "x"}]}, "role"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "'image_url'"),
        ({"n": 2}, "n: Input should be 1"),
        ({"response_format": {"type": "json_object"}}, "response_format"),
        ({"extra_body": {"scope": {"articles": ["no-such"]}}}, "no article 'no-such'"),
        ({"extra_body": {"scope": {"since": "June"}}}, "since 'June' is no date"),
        ({"extra_body": {"scope": "chinas-position"}}, "scope"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_bad_requests_have_openais_form(
    client: Any, changes: dict[str, Any], words: str, stream: bool
) -> None:
    request = {"messages": [{"role": "user", "content": "x"}], "stream": stream, **changes}
    with pytest.raises(BadRequestError) as caught:
        client.chat.completions.create(model="footnote", **request)
    assert words in caught.value.message and caught.value.type == "invalid_request_error"


def test_another_model_is_not_found(client: Any) -> None:
    for model in ("gpt", ""):
        check_model_missing(client, model)


def check_model_missing(client: Any, model: str) -> None:
    with pytest.raises(NotFoundError, match="ask for 'footnote'"):
        client.chat.completions.create(model=model, messages=[{"role": "user", "content": "x"}])


def test_what_other_models_take_is_passed_over(client: Any) -> None:
    tool = {"type": "function", "function": {"name": "f", "parameters": {}}}
    completion = ask(client, ICELAND, temperature=0, max_tokens=5, seed=1, tools=[tool], user="u")
    assert completion.choices[0].message.content.startswith(REFUSAL)


def test_a_wrong_key_is_an_authentication_error(locked_api: str, reader_key: str) -> None:
    with open_client(locked_api, "sk-wrong") as client:
        with pytest.raises(AuthenticationError) as caught:
            client.models.list()
        assert caught.value.code == "invalid_api_key"
    with open_client(locked_api, reader_key) as client:
        assert client.models.list().data


def test_too_many_requests_are_a_rate_limit_error(api_library: Path, api_bot: Bot) -> None:
    with (
        serve_bot(api_library, api_bot, Rules(per_minute=60, burst=1)) as address,
        open_client(address) as client,
    ):
        client.models.list()
        with pytest.raises(RateLimitError) as caught:
            client.models.list()
        assert caught.value.response.headers["retry-after"] == "1"
        # As its users have it, the client waits and asks again.
        assert client.with_options(max_retries=2).models.list().data


def test_errors_under_other_paths_are_read_by_the_client(client: Any, api: str) -> None:
    with pytest.raises(NotFoundError, match="POST /v1/embeddings"):
        client.embeddings.create(model="footnote", input="x")
    assert get(f"{api}/v1/chat/completions").json()["error"]["type"]


TEXTS = st.text(max_size=30)
MESSAGES = st.lists(
    st.builds(
        Message,
        role=st.sampled_from(["system", "user", "assistant", "tool"]),
        content=st.none() | TEXTS,
    ),
    max_size=8,
)


@given(MESSAGES, TEXTS)
def test_every_conversation_ends_with_its_question(messages: list[Message], text: str) -> None:
    question, history = read_conversation([*messages, Message(role="user", content=text)])
    assert question == text
    said = [item.content for item in messages if item.role == "assistant"]
    assert len(history) <= len(said)


def test_sources_are_taken_out_of_the_history() -> None:
    answer = make_answer()
    content = answer.text + write_sources(answer, "http://here/")
    messages = [
        Message(role="user", content="When?"),
        Message(role="assistant", content=content),
        Message(role="user", content=[ContentPart(type="text", text="Why?")]),
    ]
    assert read_conversation(messages) == ("Why?", [("When?", answer.text)])


def test_markers_within_quotes_are_no_citations() -> None:
    answer = make_answer()
    first = answer.citations[0]
    quote = "The list [1] says so."
    cited = replace(answer, text=f"{quote} [1]", citations=(replace(first, quote=quote),))
    found = [item.url_citation for item in annotate(cited, "http://here", 100)]
    assert [(item.start_index, item.end_index) for item in found] == [(122, 125)]


def test_what_looks_like_sources_does_not_take_for_ever() -> None:
    almost = "Said.\n\n" + '[1]: a ""' * 200 + "x"
    messages = [
        Message(role="user", content="When?"),
        Message(role="assistant", content=almost),
        Message(role="user", content="Why?"),
    ]
    assert read_conversation(messages) == ("Why?", [("When?", almost)])
