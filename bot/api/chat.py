"""Routes that OpenAI's clients ask: POST /chat/completions, streamed or not, and /models."""

import logging
import secrets
import time
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.exceptions import HTTPException

from bot.api.chat_models import (
    MODEL,
    AnswerMessage,
    ChatCompletion,
    ChatRequest,
    Choice,
    Model,
    ModelList,
    Usage,
    make_chunk,
    make_delta,
)
from bot.api.conversation import (
    BadConversation,
    annotate,
    count_tokens,
    list_texts,
    read_conversation,
    write_content,
    write_sources,
)
from bot.api.events import EVENT_STREAM, STREAM_HEADERS, follow_growth, write_event
from bot.api.library import Library, open_bot
from bot.api.metrics import Metrics
from bot.api.models import EXAMPLE_ANSWER
from bot.api.problems import document_problems, make_openai_problem
from bot.asked import BadQuestion
from bot.cite import Answer
from bot.web.log import note_question
from bot.web.markdown import defuse_markdown

log = logging.getLogger(__name__)

_DONE = "data: [DONE]\n\n"


def make_chat_routes(library: Library, metrics: Metrics) -> APIRouter:
    """Return the routes that speak as OpenAI's API does."""
    router = APIRouter(tags=["openai"])

    @router.post(
        "/chat/completions",
        operation_id="createChatCompletion",
        response_model=ChatCompletion,
        responses=_document_completions() | document_problems(400, 404, openai=True),
    )
    def create_completion(request: Request, body: ChatRequest) -> Response:
        """Answer the conversation's last message; its citations are annotations and in the text."""
        _check_model(body.model)
        bot = open_bot(library)
        base = str(request.base_url)
        try:
            question, history = read_conversation(body.messages)
            note_question(question)
            answers = bot.stream(question, history, scope=body.scope.to_scope())
            # The first one now: what is wrong with a question is told by the response's status.
            begun = chain([next(answers)], answers)
        except (BadConversation, BadQuestion) as error:
            raise HTTPException(400, str(error)) from error
        if body.stream:
            chunks = _write_chunks(begun, body, base, metrics)
            return StreamingResponse(chunks, media_type=EVENT_STREAM, headers=STREAM_HEADERS)
        *_, answer = begun
        metrics.count_answer(answer)
        return JSONResponse(_complete(answer, body, base).model_dump(mode="json"))

    @router.get(
        "/models",
        operation_id="listModels",
        responses=_document(ModelList(data=[Model()])) | document_problems(openai=True),
    )
    def list_models() -> ModelList:
        """List the one model."""
        return ModelList(data=[Model()])

    @router.get(
        "/models/{model}",
        operation_id="getModel",
        responses=_document(Model()) | document_problems(400, 404, openai=True),
    )
    def get_model(model: str) -> Model:
        """Return the one model."""
        _check_model(model)
        return Model()

    return router


def _check_model(model: str) -> None:
    if model != MODEL:
        raise HTTPException(404, f"there is no model {model!r}; ask for {MODEL!r}")


def _complete(answer: Answer, body: ChatRequest, base: str) -> ChatCompletion:
    """Return an answer as a completion."""
    content = write_content(answer, base)
    message = AnswerMessage(content=content, annotations=annotate(answer, base))
    return ChatCompletion(
        id=_make_id(),
        created=int(time.time()),
        choices=[Choice(message=message)],
        usage=_count_usage(body, content),
        footnote=answer,
    )


def _write_chunks(
    answers: Iterable[Answer], body: ChatRequest, base: str, metrics: Metrics
) -> Iterator[str]:
    """Yield a completion as events: sentences, then the sources with annotations, then the end."""
    completion_id, created, content = _make_id(), int(time.time()), ""

    def write_chunk(**fields: Any) -> str:
        return write_event(make_chunk(completion_id, created, **fields))

    yield write_chunk(choices=make_delta(role="assistant", content=""))
    try:
        for growth in follow_growth(answers):
            text = defuse_markdown(growth.text)
            content += text
            yield write_chunk(choices=make_delta(content=text))
    except Exception:
        # The status is sent already: only an event can still tell.
        log.exception("an answer broke off")
        yield write_event(make_openai_problem(500, "the answer broke off; ask again"))
        return
    answer = growth.answer
    metrics.count_answer(answer)
    annotations = annotate(answer, base, len(content) - len(answer.text))
    sources = write_sources(answer, base)
    found = [item.model_dump() for item in annotations]
    yield write_chunk(choices=make_delta(content=sources, annotations=found))
    yield write_chunk(choices=make_delta("stop"), footnote=answer.to_dict())
    if body.stream_options and body.stream_options.include_usage:
        usage = _count_usage(body, content + sources)
        yield write_chunk(choices=[], usage=usage.model_dump())
    yield _DONE


def _count_usage(body: ChatRequest, content: str) -> Usage:
    asked, said = count_tokens(list_texts(body.messages)), count_tokens([content])
    return Usage(prompt_tokens=asked, completion_tokens=said, total_tokens=asked + said)


def _make_id() -> str:
    return f"chatcmpl-{secrets.token_hex(12)}"


def _document(example: ModelList | Model) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {"application/json": {"example": example.model_dump()}}}}


def _document_completions() -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI's description of both forms of a completion."""
    request = ChatRequest.model_validate(
        {"model": MODEL, "messages": [{"role": "user", "content": EXAMPLE_ANSWER.question}]}
    )
    example = _complete(EXAMPLE_ANSWER, request, "http://127.0.0.1:8000")
    example = example.model_copy(update={"id": "chatcmpl-1", "created": 1_700_000_000})
    chunk = make_chunk("chatcmpl-1", example.created, choices=make_delta(content="It was. [1]"))
    content: dict[str, Any] = {
        "application/json": {"example": example.model_dump(mode="json")},
        EVENT_STREAM: {"example": write_event(chunk) + _DONE},
    }
    return {200: {"description": "The answer, or the refusal.", "content": content}}
