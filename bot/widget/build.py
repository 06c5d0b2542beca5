"""The widget put together: its script, and what it asks, open to the sites that the rules name."""

from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.api.answers import make_answer_route
from bot.api.gate import Gate, Gatekeeper
from bot.api.library import Library
from bot.api.metrics import Meter, Metrics
from bot.api.problems import handle_problems
from bot.widget.guests import GuestKeeper
from bot.widget.tokens import SECONDS, Tokens

PREFIX = "/widget"
STATIC = Path(__file__).parent / "static"
SCRIPT = "widget.js"
_SCRIPT_HEADERS = {
    # Else a page that does not say how it is written takes the script to be in an old encoding.
    "Content-Type": "text/javascript; charset=utf-8",
    # Some minutes, after which the browser asks whether it has changed.
    "Cache-Control": "public, max-age=300",
    # So that pages that take nothing from others but by permission may load it (COEP).
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class Admission:
    """A token, for how many seconds it is good, and whether articles can be read here."""

    token: str
    seconds: int
    has_page: bool


def mount_widget(
    app: FastAPI, library: Library, keeper: Gatekeeper, metrics: Metrics, *, has_page: bool
) -> None:
    """Add the widget to an application, before what takes all paths; nothing if no site may embed.

    `has_page` says whether the application shows articles, at /a/ARTICLE_ID.
    """
    sites = keeper.rules.widget_origins
    if sites:
        # With CORS, so that a page may load it with `integrity`, too.
        script = CORSMiddleware(GZipMiddleware(_send_script), allow_origins=sites)
        app.router.routes.append(Route(f"/{SCRIPT}", script))
        app.mount(PREFIX, make_widget(library, keeper, metrics, has_page=has_page))


def make_widget(
    library: Library, keeper: Gatekeeper, metrics: Metrics, *, has_page: bool
) -> ASGIApp:
    """Return what the widget asks: POST /token, then with it POST /answers, as the API's."""
    tokens = Tokens()
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    handle_problems(app)
    # A gate of its own: guests do not take the places of the API's other callers.
    app.add_middleware(Gate, keeper=GuestKeeper(keeper, tokens))
    app.add_middleware(Meter, metrics=metrics, prefix=PREFIX)
    app.include_router(_make_token_route(tokens, has_page))
    app.include_router(make_answer_route(library, metrics))
    # Around all of it, so that a page can read why it was refused.
    return CORSMiddleware(
        app,
        allow_origins=keeper.rules.widget_origins,
        allow_methods=["POST"],
        allow_headers=["Authorization", "Content-Type"],
        expose_headers=["Retry-After"],
    )


async def _send_script(scope: Scope, receive: Receive, send: Send) -> None:
    """Send the script, or that it has not changed, as an ASGI application."""
    response = await StaticFiles(directory=STATIC).get_response(SCRIPT, scope)
    response.headers.update(_SCRIPT_HEADERS)
    await response(scope, receive, send)


def _make_token_route(tokens: Tokens, has_page: bool) -> APIRouter:
    router = APIRouter()

    @router.post("/token")
    def make_token(request: Request, response: Response) -> Admission:
        """Return a token for the site that asks."""
        response.headers["Cache-Control"] = "no-store"
        return Admission(tokens.make(request.headers["origin"]), SECONDS, has_page)

    return router
