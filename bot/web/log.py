"""What the server writes down of its requests: a line each, without questions, keys, addresses."""

import json
import logging
import sys
import time
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_requests = logging.getLogger("footnote.requests")
_questions = logging.getLogger("footnote.questions")
_METHODS = frozenset({"GET", "POST", "DELETE", "HEAD", "OPTIONS", "PUT", "PATCH"})


class LogForm(StrEnum):
    """The form of a log's lines."""

    TEXT = "text"
    JSON = "json"


class JsonLines(logging.Formatter):
    """A record as one line of JSON: when, how grave, who, what, and the fields that it has."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        line |= getattr(record, "fields", None) or {"message": record.getMessage()}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up_logs(form: LogForm | None = None, *, with_questions: bool = False) -> None:
    """Write warnings to standard error, and, in a form, a line for each request.

    Questions are written only `with_questions`.
    """
    handler = logging.StreamHandler(sys.stderr)
    text = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonLines() if form is LogForm.JSON else text)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    _requests.setLevel(logging.INFO if form else logging.WARNING)
    _questions.setLevel(logging.INFO if with_questions else logging.WARNING)


def note_question(question: str) -> None:
    """Write a question down, if that is wanted: see `set_up_logs`."""
    _questions.info("asked: %r", question, extra={"fields": {"question": question}})


class LogRequests:
    """ASGI middleware that writes a line for each request: how it was answered, and how fast."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; write its line when all is sent."""
        if scope["type"] != "http" or not _requests.isEnabledFor(logging.INFO):
            await self.app(scope, receive, send)
            return
        status, started = 500, time.perf_counter()

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watch)
        finally:
            fields = _describe(scope, status, (time.perf_counter() - started) * 1000)
            text = " ".join(map(str, fields.values()))
            _requests.info("%s", text, extra={"fields": fields})


def _describe(scope: Scope, status: int, milliseconds: float) -> dict[str, Any]:
    """Return a request's fields; the path is its route's template, which holds no article's id."""
    # The routers below have put what they found into the scope.
    template = getattr(scope.get("route"), "path", None)
    key = scope.get("state", {}).get("key")
    return {
        "method": scope["method"] if scope["method"] in _METHODS else "other",
        "path": "none" if template is None else f"{scope.get('root_path', '')}{template}",
        "status": status,
        "ms": round(milliseconds, 1),
        "key": key.name if key else None,
    }
