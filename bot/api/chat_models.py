"""Requests and responses of OpenAI's chat completions, as far as an answer fills them."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool
from pydantic.config import JsonDict

from bot.api.models import Restriction
from bot.cite import Answer

MODEL = "footnote"
_EXAMPLE: JsonDict = {
    "model": MODEL,
    "messages": [{"role": "user", "content": "When was the bridge opened?"}],
    "stream": False,
}


class ContentPart(BaseModel):
    """A part of a message; only text can be read."""

    type: str
    text: str = ""


class Message(BaseModel):
    """A message of the conversation; those of users and assistants count."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[ContentPart] | None = None


class StreamOptions(BaseModel):
    """What a stream holds besides."""

    include_usage: StrictBool | None = False


class ResponseFormat(BaseModel):
    """The form asked for; there is only text."""

    type: Literal["text"] = "text"


class ChatRequest(BaseModel):
    """A conversation that ends with the question. Fields that are not here are passed over.

    `scope` is Footnote's own: the articles that the answer may come from.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    model: str
    messages: list[Message] = Field(min_length=1, max_length=2000)
    stream: StrictBool | None = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = 1
    response_format: ResponseFormat | None = None
    scope: Restriction = Restriction()


class UrlCitation(BaseModel):
    """Where a citation's marker stands in the content, and the page that shows its quote."""

    start_index: int
    end_index: int
    title: str
    url: str


class Annotation(BaseModel):
    """A citation, in the form of OpenAI's web search."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class AnswerMessage(BaseModel):
    """The answer as a message."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[Annotation]


class Choice(BaseModel):
    """The one choice there is."""

    index: int = 0
    message: AnswerMessage
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class Usage(BaseModel):
    """Words and marks of the messages and of the answer; nobody is billed for them."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatCompletion(BaseModel):
    """An answer as a chat completion; `footnote` is all of it, with quotes and offsets."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[Choice]
    usage: Usage
    footnote: Answer


class Model(BaseModel):
    """The model that can be asked."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = MODEL


class ModelList(BaseModel):
    """All models: one."""

    object: Literal["list"] = "list"
    data: list[Model]


def make_chunk(completion_id: str, created: int, **fields: Any) -> dict[str, Any]:
    """Return a chunk of a streamed completion with these fields."""
    kind = "chat.completion.chunk"
    return {"id": completion_id, "object": kind, "created": created, "model": MODEL, **fields}


def make_delta(finish_reason: str | None = None, **delta: Any) -> list[dict[str, Any]]:
    """Return the choices of a chunk: what is new of the one message."""
    return [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}]
