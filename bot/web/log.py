"""What the server writes down of its requests: a line each, without questions, keys, addresses."""

import json
import logging
import sys
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.web.exchange import Exchange

_requests = logging.getLogger("footnote.requests")
_questions = logging.getLogger("footnote.questions")


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
        exchange = Exchange(scope, send)
        try:
            await self.app(scope, receive, exchange.send)
        finally:
            fields = _describe(scope, exchange)
            text = " ".join(map(str, fields.values()))
            _requests.info("%s", text, extra={"fields": fields})


def _describe(scope: Scope, exchange: Exchange) -> dict[str, Any]:
    """Return a request's fields; the path is its route's template."""
    route = exchange.route
    key = scope.get("state", {}).get("key")
    return {
        "method": exchange.method,
        "path": "none" if route is None else f"{scope.get('root_path', '')}{route}",
        "status": exchange.status,
        "ms": round(exchange.seconds * 1000, 1),
        "key": key.name if key else None,
    }
