"""The way in for readers, where the page has a password: a form, a cookie, a gate before all."""

import re
from urllib.parse import quote

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.page.door import LockedOut, ReadersDoor
from bot.page.login import answer_locked, read_client, read_form, render_alone, render_login
from bot.page.strings import choose_words
from bot.web.origin import comes_from_here

ENTER = "/enter"
# The API, MCP and the widget have gates of their own; a probe tells nothing; the form has a style.
_OPEN = re.compile(
    r"/(v1(/.*)?|mcp|widget(\.js|/.*)?|metrics|healthz|readyz|enter|page/(page|staff)\.css)\Z",
    re.DOTALL,
)
# Within this server only: not //host, nor what a browser would read as that.
_ONWARD = re.compile(r"/(?![/\\])[\x21-\x7e]{0,2000}\Z")


class ReadersOnly:
    """ASGI middleware: whatever is not open to all is for those who gave the password."""

    def __init__(self, app: ASGIApp, door: ReadersDoor) -> None:
        self.app = app
        self.door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, lead a reader to the form, or answer 401."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        if _OPEN.fullmatch(scope["path"]) or self.door.has_token(request):
            await self.app(scope, receive, send)
        elif scope["method"] == "GET" and "text/html" in request.headers.get("accept", ""):
            # As it was sent: an article's id may hold a slash that is not one of the path's.
            asked = scope["raw_path"] + (b"?" + scope["query_string"]).rstrip(b"?")
            await RedirectResponse(f"{ENTER}?onward={quote(asked)}", 303)(scope, receive, send)
        else:
            told = {"detail": f"Log in first: {ENTER}"}
            await JSONResponse(told, 401)(scope, receive, send)


def make_entrance(door: ReadersDoor) -> APIRouter:
    """Return the route of the form, and the one that it is sent to."""
    router = APIRouter(prefix=ENTER, include_in_schema=False)

    @router.get("")
    def show_form(request: Request, onward: str = "/") -> HTMLResponse:
        """Return the form."""
        return _answer_form(request, onward, wrong=False)

    @router.post("")
    async def enter(request: Request) -> Response:
        """Take the form's password: a cookie for the right one, 429 after too many wrong ones."""
        if not comes_from_here(request.headers):
            raise HTTPException(403, "asked for by another site")
        form = await read_form(request)
        onward = form.get("onward", "/")
        try:
            token = door.enter(read_client(request), form.get("password", ""))
        except LockedOut as error:
            return answer_locked(request, error.seconds)
        if token is None:
            return _answer_form(request, onward, wrong=True)
        response = RedirectResponse(onward if _ONWARD.fullmatch(onward) else "/", 303)
        secure = request.url.scheme == "https"
        # For links from other sites, too; gone with the browser.
        response.set_cookie(door.cookie, token, httponly=True, samesite="lax", secure=secure)
        return response

    return router


def _answer_form(request: Request, onward: str, *, wrong: bool) -> HTMLResponse:
    words = choose_words(request.headers.get("accept-language"))
    form = render_login(words, ENTER, wrong=wrong, onward=onward)
    inside = f"<h1>Footnote</h1>{form}"
    return HTMLResponse(render_alone(request, words["staff_enter"], inside), 403 if wrong else 200)
