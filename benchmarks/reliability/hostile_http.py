"""Requests that guess at what is not theirs, and requests that want too much, over HTTP."""

import json
import socket
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from bot.answer import Bot
from bot.api.gate import Rules
from ingest.store import Store
from tests.api_server import serve_bot
from tests.articles import WordEmbedder

_RULES = Rules(per_minute=1_000_000, burst=100_000)
# Seconds within which too much is refused.
_PATIENCE = 1.0
_QUESTION = "When was the bridge of Barbarbar opened?"
_GUESSES = (
    "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2flibrary.sqlite", "' OR '1'='1",
    "bar%00bar", "*", "%25", "a" * 5_000, "\u202ebar", "barbarba",
)  # fmt: skip

Try = Callable[[httpx.Client], httpx.Response]


def try_http(store: Path, failures: list[str]) -> dict[str, int]:
    """Try both classes at the API of the library `store`; return how many tries there were."""
    consuming = _list_consuming()
    with (
        Bot(Store(store), WordEmbedder(), threshold=0.0) as bot,
        serve_bot(store, bot, _RULES) as address,
        httpx.Client(base_url=f"{address}/v1", timeout=30) as client,
    ):
        for guess in _GUESSES:
            failures += [f"guess {guess[:30]!r}: {fault}" for fault in _guess(client, guess)]
        for name, (wanted, ask) in consuming.items():
            failures += [f"{name}: {item}" for item in _consume(client, wanted, ask)]
    return {"guessing": len(_GUESSES), "consumption": len(consuming)}


def _guess(client: httpx.Client, guess: str) -> list[str]:
    """Return what came of an id that is none, in an address and as a restriction."""
    got = client.get(f"/articles/{guess}").status_code
    body = {"question": _QUESTION, "scope": {"articles": [guess]}}
    asked = client.post("/answers", json=body).status_code
    faults = [] if got in {404, 414, 422} else [f"GET /articles/ID: {got}"]
    return faults if asked in {400, 422} else [*faults, f"restricted to it: {asked}"]


def _consume(client: httpx.Client, wanted: set[int], ask: Try) -> list[str]:
    """Return what was not as wanted, and whether the next reader is still served."""
    started = time.monotonic()
    status = ask(client).status_code
    seconds = time.monotonic() - started
    faults = [] if status in wanted else [f"status {status}"]
    if seconds > _PATIENCE and 200 not in wanted:
        faults.append(f"refused after {seconds:.1f} s")
    if client.get("/search", params={"q": _QUESTION, "limit": 1}).status_code != 200:
        faults.append("the next reader was not served")
    return faults


def _list_consuming() -> Mapping[str, tuple[set[int], Try]]:
    """Return requests that want too much by name, with the statuses that answer them."""
    refused = {400, 413, 414, 422, 431}
    turn = {"question": _QUESTION, "answer": "In 1931. " * 20}
    ask = partial(_post, "/answers")
    return {
        "a question of 1 MB": (refused, partial(ask, {"question": "why " * 262_144})),
        "a question of 5,000 letters": (refused, partial(ask, {"question": "why " * 1_250})),
        "a history of 10,000 turns": (
            refused, partial(ask, {"question": _QUESTION, "history": [turn] * 10_000}),
        ),
        "a turn of 1 MB": (
            refused,
            partial(ask, {"question": "And?", "history": [{**turn, "answer": "x" * 999_000}]}),
        ),
        "a restriction to 100,000 articles": (
            refused,
            partial(ask, {"question": _QUESTION, "scope": {"articles": ["x"] * 100_000}}),
        ),
        "JSON nested 100,000 deep": (refused, lambda client: client.post(
            "/answers", content="[" * 100_000, headers={"Content-Type": "application/json"})),
        "a billion passages": (refused, lambda client: client.get(
            "/search", params={"q": _QUESTION, "limit": 10**9})),
        "the billionth article": ({200, 422}, lambda client: client.get(
            "/articles", params={"offset": 10**9})),
        "a header of 100 kB": (refused | {200}, lambda client: client.get(
            "/articles", headers={"X-Long": "x" * 100_000})),
        "a body that does not come": ({200}, _dawdle),
    }  # fmt: skip


def _post(path: str, body: object, client: httpx.Client) -> httpx.Response:
    content = json.dumps(body)
    return client.post(path, content=content, headers={"Content-Type": "application/json"})


def _dawdle(client: httpx.Client) -> httpx.Response:
    """Leave eight requests half sent, and ask while they wait."""
    place = urlsplit(str(client.base_url))
    head = b"POST /v1/answers HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\n{"
    waiting = []
    for _ in range(8):
        waiting.append(socket.create_connection((str(place.hostname), int(place.port or 80))))
        waiting[-1].sendall(head)
    try:
        return client.post("/answers", json={"question": _QUESTION})
    finally:
        for item in waiting:
            item.close()
