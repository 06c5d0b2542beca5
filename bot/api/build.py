"""The API put together: routes under /v1 with their gate, and the probes beside it."""

import sqlite3
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from starlette.exceptions import HTTPException

from bot.api.answers import make_answer_route, make_search_route
from bot.api.articles import make_admin_routes, make_article_routes
from bot.api.chat import make_chat_routes
from bot.api.gate import Gate, Gatekeeper, Rules
from bot.api.library import Library
from bot.api.metrics import Meter, Metrics
from bot.api.problems import answer_problem, complete_description, describe_broken, handle_problems
from ingest.store import NoLibrary

PREFIX = "/v1"
_DESCRIPTION = """
Ask a library of articles; every sentence of an answer is backed by the exact words of one.
Errors are application/problem+json (RFC 9457); under /chat and /models, OpenAI's form.
"""


class Api(FastAPI):
    """FastAPI, its description completed."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI description."""
        if not self.openapi_schema:
            complete_description(super().openapi())
        return super().openapi()


def mount_api(
    app: FastAPI, library: Library, rules: Rules | None = None, metrics: Metrics | None = None
) -> Gatekeeper:
    """Add the API to an application, under /v1, and its probes; before what takes all paths.

    Returns what admits its requests. The default rules are for an application on loopback.
    """
    metrics, keeper = metrics or Metrics(), Gatekeeper(library.path, rules or Rules())
    app.include_router(make_probes(library, keeper, metrics))
    app.mount(PREFIX, make_api(library, keeper, metrics))
    return keeper


def make_api(library: Library, keeper: Gatekeeper, metrics: Metrics) -> FastAPI:
    """Return the API as an application of its own, so that errors have one form under it."""
    api = Api(
        title="Footnote",
        version=version("footnote-bot"),
        description=_DESCRIPTION.strip(),
        servers=[{"url": PREFIX}],
        root_path_in_servers=False,
        # Its pages would load scripts from another host.
        docs_url=None,
        redoc_url=None,
        dependencies=[
            Depends(HTTPBearer(auto_error=False, description="a key of `footnote keys add`"))
        ],
    )
    handle_problems(api)
    api.add_middleware(Gate, keeper=keeper)
    api.add_middleware(Meter, metrics=metrics)
    api.include_router(make_answer_route(library, metrics))
    api.include_router(make_search_route(library))
    api.include_router(make_article_routes(library))
    api.include_router(make_admin_routes(library))
    api.include_router(make_chat_routes(library, metrics))
    return api


def make_probes(library: Library, keeper: Gatekeeper, metrics: Metrics) -> APIRouter:
    """Return /healthz (it runs), /readyz (it can be asked) and /metrics."""
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def tell_health() -> dict[str, str]:
        """Return 200 as long as the process answers."""
        return {"status": "ok"}

    @router.get("/readyz")
    def tell_readiness(request: Request) -> JSONResponse:
        """Return 200 if questions can be asked, 503 with the reason if not."""
        try:
            bot = library.get_bot()
            if bot is None:
                soon = {"Retry-After": "2"}
                return answer_problem(request, 503, "the library is still being made", headers=soon)
            bot.store.refresh()
            return JSONResponse({"status": "ready", "articles": bot.store.count_articles()})
        except (NoLibrary, OSError, sqlite3.Error) as error:
            return answer_problem(request, 503, describe_broken(error))

    @router.get("/metrics")
    def read_metrics(request: Request) -> Response:
        """Return the counters for Prometheus; it needs a key where the API does."""
        try:
            keeper.admit(request)
        except HTTPException as error:
            status, detail = error.status_code, error.detail
            return answer_problem(request, status, detail, headers=error.headers)
        return Response(metrics.write(library.get_bot()), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return router
