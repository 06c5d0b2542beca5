"""Errors as problem+json (RFC 9457), and in OpenAI's form where its clients ask."""

import logging
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from bot.aliases import BadAliasFile
from bot.answer import LibraryChanges
from bot.asked import BadQuestion
from bot.scope import BadScope
from ingest.embed import ModelUnavailable
from ingest.store import NoLibrary

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_OPENAI_PATH = re.compile(r"/v1/(chat/completions|completions|responses|embeddings|models)(/|\Z)")
# Those of them that are not served: there the path is unknown, not the model.
_UNSERVED = ("completions", "responses", "embeddings")
# What clients of OpenAI tell errors by: (type, code).
_OPENAI_KINDS = {
    401: ("invalid_request_error", "invalid_api_key"),
    404: ("invalid_request_error", "model_not_found"),
    429: ("rate_limit_error", "rate_limit_exceeded"),
    500: ("server_error", None),
    503: ("server_error", "overloaded"),
}
_STATUS_OF = {
    BadQuestion: 422,
    BadScope: 422,
    BadAliasFile: 500,
    NoLibrary: 503,
    ModelUnavailable: 503,
    LibraryChanges: 503,
}


class FieldProblem(BaseModel):
    """What is wrong with one field of a request."""

    field: str = Field(examples=["body.question"])
    detail: str = Field(examples=["Field required"])


class Problem(BaseModel):
    """An error, as of RFC 9457."""

    type: str = Field(default="about:blank", examples=["about:blank"])
    title: str = Field(examples=[HTTPStatus(422).phrase])
    status: int = Field(examples=[422])
    detail: str = Field(examples=["the question is empty; ask in words"])
    errors: list[FieldProblem] = []


class OpenAIError(BaseModel):
    """What went wrong, as OpenAI's clients read it."""

    message: str = Field(examples=["there is no model 'gpt'; ask for 'footnote'"])
    type: str = Field(examples=["invalid_request_error"])
    param: str | None = Field(default=None, examples=["model"])
    code: str | None = Field(default=None, examples=["model_not_found"])


class OpenAIProblem(BaseModel):
    """An error in OpenAI's form."""

    error: OpenAIError


def make_problem(status: int, detail: str, fields: Sequence[FieldProblem] = ()) -> dict[str, Any]:
    """Return an error as the JSON of RFC 9457."""
    title = HTTPStatus(status).phrase
    return Problem(title=title, status=status, detail=detail, errors=list(fields)).model_dump()


def make_openai_problem(status: int, detail: str, param: str | None = None) -> dict[str, Any]:
    """Return an error as the JSON of OpenAI's API."""
    kind, code = _OPENAI_KINDS.get(status, ("invalid_request_error", None))
    error = OpenAIError(message=detail, type=kind, param=param, code=code)
    return OpenAIProblem(error=error).model_dump()


def answer_problem(
    request: Request,
    status: int,
    detail: str,
    fields: Sequence[FieldProblem] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """Return the response of an error, in the form that the asked path's clients read."""
    asked = _OPENAI_PATH.match(request.scope["path"])
    if not asked:
        content = make_problem(status, detail, fields)
        return JSONResponse(content, status, headers, media_type=MEDIA_TYPE)
    # OpenAI has no 422; its clients show a 400 as what it is.
    status = 400 if status == 422 else status
    param = fields[0].field.removeprefix("body.") if fields else None
    content = make_openai_problem(status, detail, param)
    if status == 404 and asked[1] in _UNSERVED:
        content["error"]["code"] = None
    return JSONResponse(content, status, headers)


def handle_problems(api: FastAPI) -> None:
    """Let every error of `api` be answered as a problem: its own and FastAPI's."""

    @api.exception_handler(HTTPException)
    async def answer_http(request: Request, error: HTTPException) -> JSONResponse:
        detail, headers = error.detail, dict(error.headers or {})
        if detail == HTTPStatus(error.status_code).phrase:
            path = request.scope["path"]
            detail = f"{detail}: {request.method} {path}; /v1/openapi.json lists what there is"
        if error.status_code == 405:
            headers["Allow"] = ", ".join(_list_methods(api, request))
        return answer_problem(request, error.status_code, detail, headers=headers)

    @api.exception_handler(RequestValidationError)
    async def answer_invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        fields = [
            FieldProblem(field=".".join(map(str, item["loc"])), detail=_describe_mistake(item))
            for item in error.errors()
        ]
        detail = "; ".join(f"{item.field}: {item.detail}" for item in fields[:3])
        if fields and fields[0].field == "body":
            detail += "; send it with Content-Type: application/json"
        return answer_problem(request, 422, detail or "the request cannot be read", fields)

    async def answer_known(request: Request, error: Exception) -> JSONResponse:
        status = next(code for kind, code in _STATUS_OF.items() if isinstance(error, kind))
        if isinstance(error, NoLibrary | ModelUnavailable):
            return answer_problem(request, status, describe_broken(error))
        soon = {"Retry-After": "1"} if isinstance(error, LibraryChanges) else None
        return answer_problem(request, status, str(error), headers=soon)

    for kind in _STATUS_OF:
        api.add_exception_handler(kind, answer_known)

    @api.exception_handler(Exception)
    async def answer_unknown(request: Request, error: Exception) -> JSONResponse:
        # Starlette raises it again, so that the server logs it.
        return answer_problem(request, 500, "something is broken here; the server's log says what")


def _describe_mistake(item: Mapping[str, Any]) -> str:
    """Return what is wrong with a field; of what is no JSON, what the parser says, too."""
    reason = item.get("ctx", {}).get("error", "") if item["type"] == "json_invalid" else ""
    return f"{item['msg']}: {reason}" if reason else str(item["msg"])


def describe_broken(error: Exception) -> str:
    """Return what a client is told of a library that cannot be read; the log has the file."""
    log.error("the library cannot be read: %s", error)
    return "the library cannot be read; the server's log says why"


def complete_description(description: dict[str, Any]) -> None:
    """Put the schemas of `document_problems` into an OpenAPI description, FastAPI's own out."""
    schemas = description.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for operations in description["paths"].values():
        for operation in operations.values():
            if "HTTPValidationError" in str(operation["responses"].get("422")):
                del operation["responses"]["422"]
    for model in (Problem, OpenAIProblem):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schema.pop("$defs", {}) | {model.__name__: schema}


def document_problems(*statuses: int, openai: bool = False) -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI's descriptions of errors, each with an example."""
    common = (401, 403, 408, 413, 421, 429, 500, 503)
    return {
        status: _document_problem(status, openai=openai) for status in sorted({*statuses, *common})
    }


def _list_methods(api: FastAPI, request: Request) -> list[str]:
    """Return the methods of the path that was asked; Starlette names those of one route only."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    return [
        method.upper()
        for template, operations in api.openapi()["paths"].items()
        if compile_path(template)[0].match(path)
        for method in operations
    ]


def _document_problem(status: int, *, openai: bool) -> dict[str, Any]:
    detail = "what was wrong, and what to do"
    model: type[BaseModel] = OpenAIProblem if openai else Problem
    example = (make_openai_problem if openai else make_problem)(status, detail)
    media_type = "application/json" if openai else MEDIA_TYPE
    schema = {"$ref": f"#/components/schemas/{model.__name__}"}
    return {
        "description": HTTPStatus(status).phrase,
        "content": {media_type: {"schema": schema, "example": example}},
    }
