"""Keep Gradio's own routes from writing files for anyone but staff."""

import json
import re

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.api.limits import limit_body
from bot.page.door import StaffDoor
from bot.web.origin import comes_from_here

MAX_EVENT_BYTES = 2_000_000
_READS = {"GET", "HEAD", "OPTIONS"}
# Its POST /login, which leads nowhere here, would take files too.
_GRADIO = re.compile(r"(^|/)gradio_api(/|$)|^/login/?$")
_JOIN = "queue/join"
# What the page of a reader sends; all else that Gradio takes can write files.
_EVENTS = re.compile(rf"/gradio_api/({_JOIN}|cancel|reset|run/[^/]+)/?")


class GuardUploads:
    """ASGI middleware: from those who are not staff, Gradio takes events without files only.

    Its POST /gradio_api/upload is open to everyone, also where a page has nothing to upload, and
    an event may name a file by its address, which the server then fetches and keeps. The number
    of an event that is to be queued is left in the request's state as `event`.
    """

    def __init__(self, app: ASGIApp, door: StaffDoor) -> None:
        self.app = app
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 403, 413 or 400."""
        guarded = (
            scope["type"] == "http"
            and scope["method"] not in _READS
            and _GRADIO.search(scope["path"])
            and not self.door.is_staff(Request(scope))
        )
        if not guarded:
            await self.app(scope, receive, send)
            return
        if not comes_from_here(Request(scope).headers):
            await PlainTextResponse("Asked for by another site.", 403)(scope, receive, send)
            return
        asked = _EVENTS.fullmatch(scope["path"])
        if asked is None:
            await PlainTextResponse("For staff only.", 403)(scope, receive, send)
            return
        try:
            body = await read_body(Request(scope, receive), MAX_EVENT_BYTES)
        except HTTPException as error:
            await PlainTextResponse(error.detail, error.status_code)(scope, receive, send)
            return
        try:
            event = _read_event(body)
        except ValueError:
            await PlainTextResponse("No files, please.", 403)(scope, receive, send)
            return
        if asked[1] == _JOIN and isinstance(event, dict):
            scope.setdefault("state", {})["event"] = event.get("fn_index")
        await self.app(scope, _repeat(body, receive), send)


async def read_body(request: Request, limit: int) -> bytes:
    """Return a request's body.

    Raises HTTPException: 413 for one of more than `limit` bytes, 408 for one too long in coming.
    """
    limited = Request(request.scope, limit_body(request.receive, limit))
    return await limited.body()


def _repeat(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives out a body read already, then goes on."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def repeat() -> Message:
        return messages.pop() if messages else await receive()

    return repeat


def _read_event(body: bytes) -> object:
    """Return the JSON of a body, None for an empty one. Raises ValueError if it names a file."""
    if not body:
        return None
    try:
        event: object = json.loads(body)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    waiting = [event]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            meta = item.get("meta")
            if isinstance(meta, dict) and meta.get("_type") == "gradio.FileData":
                raise ValueError("names a file")
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
    return event
