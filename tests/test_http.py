"""The row on what strangers try over HTTP: that it sees what is not held, and tries every route."""

from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI
from starlette.responses import PlainTextResponse

from benchmarks.reliability.http import Tally
from benchmarks.reliability.http_attacks import Attack, list_attacks, visit_routes
from benchmarks.reliability.http_sending import send, serve


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a server with holes."""
    app, router, inner = FastAPI(openapi_url=None), APIRouter(prefix="/staff"), FastAPI()

    @app.get("/open")
    def show() -> PlainTextResponse:
        return PlainTextResponse("Traceback (most recent call last)")

    @router.post("/{name}/x")
    def change(name: str) -> str:
        return name

    @inner.get("/file={path:path}")
    def read(path: str) -> PlainTextResponse:
        return PlainTextResponse("root:x:0", 404, {"Access-Control-Allow-Origin": "*"})

    app.include_router(router)
    app.mount("/inner", inner)
    routes = {(attack.method, attack.path) for attack in visit_routes(app)}
    assert {("GET", "/open"), ("POST", "/staff/x/x"), ("GET", "/inner/file=x")} <= routes
    with serve(app) as opened:
        yield opened


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/open"), ("POST", "/staff/name/x"), ("GET", "/inner/file=/etc/passwd")],
)
def test_a_hole_is_seen(port: int, method: str, path: str) -> None:
    tally = Tally("/library")
    attack = Attack("traversal", method, path)
    tally.judge(attack, send(port, attack))
    assert len(tally.failures) == 1 and tally.kinds == {"traversal": 1}


def test_what_is_refused_is_held(port: int) -> None:
    tally = Tally("/library")
    for attack in (
        Attack("x", "GET", "/../etc"),
        Attack("x", "GET", "/open", {"Content-Length": "-1"}),
    ):
        tally.judge(attack, send(port, attack))
    assert tally.failures == [] and tally.kinds.total() == 2


def test_each_attack_is_another() -> None:
    attacks = list(list_attacks("/library", b"form", "edge"))
    assert len({(item.name, item.body) for item in attacks}) == len(attacks) >= 80
