"""Fifty chatters at the page at once, whose model takes a second, and then two hundred.

`python -m benchmarks.reliability.chatters`: each sends a question as the page does and reads the
events until the answer is whole. All ask in the same moment, which is the worst of all.
"""

import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse
from itertools import count, islice
from pathlib import Path
from typing import Any

import httpx

from benchmarks.latency import cut
from benchmarks.reliability.askers import find_late, make_questions
from benchmarks.reliability.model import put_model
from benchmarks.reliability.row import main_of
from benchmarks.reliability.server import ROOT, open_page
from ingest.sync import sync
from tests.doors import TEXTS
from tests.libraries import write_texts
from tests.model_server import Handler, run_server, say

CHATTERS, CROWD = 50, 200
LIMIT_MS, REFUSAL_LIMIT_MS = 3_000.0, 1_000.0
MODEL_SECONDS = 1.0
_PATIENCE = 120.0
_ANSWER = "question.submit"


@dataclass(frozen=True, slots=True)
class Chat:
    """What one chatter met: how long until refused, or until the answer was whole; a fault."""

    refused: bool
    milliseconds: float
    fault: str = ""


def run(quick: bool, seed: int) -> dict[str, object]:
    """Let 50 chat, then 200, about corpus/.

    The quick run is about three articles of two sentences, which take next to no time to read: what
    waits is then the page, its queue and the model. How long reading takes is `load`'s to tell.
    """
    with tempfile.TemporaryDirectory(prefix="footnote-chatters-") as folder:
        store = Path(folder)
        embedder = put_model(store)
        articles = write_texts(store / "articles", TEXTS) if quick else ROOT / "corpus"
        sync([articles], store, embedder)
        with run_server(answer_slowly) as model, open_page(store, model.url) as server:
            questions = ask_about_harbours() if quick else make_questions(seed)
            chat_together(server.address, questions, 2)
            few = chat_together(server.address, questions, CHATTERS)
            many = chat_together(server.address, questions, CROWD)
    return {"articles": "three small ones" if quick else "corpus/", **judge(few, many)}


def ask_about_harbours() -> Iterator[str]:
    """Yield questions without end on the small articles, no two the same."""
    for number in count(1):
        yield f"When did the harbour of Lima open, for the {number}. time of asking?"


def judge(few: Sequence[Chat], many: Sequence[Chat]) -> dict[str, object]:
    """Return the figures of both, and as failures what is not as promised."""
    served = [chat.milliseconds for chat in few if not chat.refused]
    refusals = [chat.milliseconds for chat in many if chat.refused]
    late = [time for time in refusals if time > REFUSAL_LIMIT_MS]
    told = [f"{len(late)} were refused late, the last after {max(late):,.0f} ms"] if late else []
    return {
        f"of_{len(few)}": describe(few),
        f"of_{len(many)}": describe(many),
        "failures": [
            *(chat.fault for chat in (*few, *many) if chat.fault),
            *(f"one of {len(few)} was refused" for chat in few if chat.refused),
            *find_late(f"{len(few)} chatters", served, LIMIT_MS),
            *told,
        ],
    }


def describe(chats: Sequence[Chat]) -> dict[str, object]:
    """Return how many were served, refused and dropped, and how long that took."""
    served = [chat.milliseconds for chat in chats if not chat.refused and not chat.fault]
    refused = [chat.milliseconds for chat in chats if chat.refused]
    return {
        "served": len(served),
        "refused": len(refused),
        "dropped": sum(bool(chat.fault) for chat in chats),
        "p50_ms": cut(served, 50) if served else None,
        "p95_ms": cut(served, 95) if served else None,
        "slowest_refusal_ms": round(max(refused, default=0.0)),
    }


def answer_slowly(handler: Handler) -> None:
    """Say, after a second, the first sentence of the first passage that the model was shown."""
    asked = handler.server_state.asked[-1]["messages"][-1]["content"]
    passage = asked.partition("passage 1:")[2].partition("\n")[2]
    time.sleep(MODEL_SECONDS)
    say(f"{passage.partition('. ')[0]}. [1]")(handler)


def chat_together(address: str, questions: Iterator[str], chatters: int) -> list[Chat]:
    """Let so many chatters ask a question each, all in the same moment."""
    with httpx.Client(base_url=address, timeout=_PATIENCE) as client:
        event = find_event(client)
    host = address.removeprefix("http://")
    asked = list(islice(questions, chatters))
    with ThreadPoolExecutor(chatters) as pool:
        return list(pool.map(lambda question: _chat(host, event, question), asked))


def find_event(client: httpx.Client) -> int:
    """Return the number of the page's event that answers a question."""
    config = client.get("/config").json()
    ids = {item["id"]: item["props"].get("elem_id") for item in config["components"]}
    return next(
        int(item["id"])
        for item in config["dependencies"]
        for target, name in item["targets"]
        if f"{ids.get(target)}.{name}" == _ANSWER
    )


def _chat(host: str, event: int, question: str) -> Chat:
    """Ask as the page does, by the plainest client: two hundred of them share one process."""
    session = f"chatter{time.monotonic_ns()}{hash(question)}"
    body = json.dumps({"data": [question, {}, {}], "fn_index": event, "session_hash": session})
    started = time.perf_counter()

    def take_time() -> float:
        return (time.perf_counter() - started) * 1000

    try:
        with _send(host, "POST", "/gradio_api/queue/join", body) as joined:
            if joined.status == HTTPStatus.SERVICE_UNAVAILABLE:
                return Chat(True, take_time())
            if joined.status != HTTPStatus.OK:
                return Chat(False, take_time(), f"{question!r}: {joined.status} {joined.reason}")
        end = _read_to_end(host, session)
    except (OSError, HTTPException) as error:
        return Chat(False, take_time(), f"{question!r}: {error!r}")
    fault = "" if end.get("success") else f"{question!r}: {json.dumps(end)[:200]}"
    return Chat(False, take_time(), fault)


def _read_to_end(host: str, session: str) -> dict[str, Any]:
    """Return the last event of an answer, an empty one if the stream ended before it."""
    with _send(host, "GET", f"/gradio_api/queue/data?session_hash={session}") as stream:
        for line in stream:
            if b'"process_completed"' in line[:200]:
                ended: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
                return ended
    return {}


@contextmanager
def _send(host: str, method: str, path: str, body: str | None = None) -> Iterator[HTTPResponse]:
    """Send a request on a connection of its own; it is closed after the block."""
    connection = HTTPConnection(host, timeout=_PATIENCE)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        yield connection.getresponse()
    finally:
        connection.close()


if __name__ == "__main__":
    main_of(run, "chatters")
