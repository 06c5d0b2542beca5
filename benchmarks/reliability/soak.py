"""An hour of everything at once: memory is given back, files are closed, nothing fails.

`python -m benchmarks.reliability.soak [--minutes N]`: questions, follow-ups, streams, searches and
articles read, while small ingests publish new generations of the library that is served.
"""

import json
import random
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import httpx
import numpy as np
import typer

from benchmarks.reliability.askers import make_questions
from benchmarks.reliability.model import put_model
from benchmarks.reliability.server import ROOT, Server, open_server
from ingest.embed import Embedder
from ingest.sync import sync

QUICK_SECONDS, FULL_SECONDS = 60.0, 3600.0
GROWTH_PERCENT = 5.0
# Until then caches fill and threads start; a run under JUDGED_SECONDS says nothing of an hour.
_WARM_UP, _JUDGED_SECONDS = 0.4, 600.0
# Seconds between two ingests, and between two looks at the server.
_INGEST_EVERY, _LOOK_EVERY = 8.0, 1.0
# Connections come and go; more open files than that are a leak.
_SPARE_DESCRIPTORS = 8
_PAUSE = 0.1

Doing = Callable[[httpx.Client, str], httpx.Response]


@dataclass(slots=True)
class Soaked:
    """What was done and seen: counts by kind, errors, and the server's (time, MB, open files)."""

    counts: dict[str, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    looks: list[tuple[float, float, int]] = field(default_factory=list)

    def note(self, kind: str) -> None:
        """Count something that was done."""
        self.counts[kind] = self.counts.get(kind, 0) + 1


def run(quick: bool, seed: int) -> dict[str, object]:
    """Soak a server for a minute, or for an hour."""
    return soak(QUICK_SECONDS if quick else FULL_SECONDS, seed)


def soak(seconds: float, seed: int, embedder: Embedder | None = None) -> dict[str, object]:
    """Do everything at once for so long; return counts, memory, and what did not hold."""
    with tempfile.TemporaryDirectory(prefix="footnote-soak-") as folder:
        store = Path(folder) / "library"
        embedder = embedder or put_model(store)
        sync([ROOT / "corpus"], store, embedder)
        with open_server(store, "--api-only") as server:
            soaked = _keep_busy(server, store, embedder, seconds, seed)
    return judge(soaked, seconds)


def judge(soaked: Soaked, seconds: float) -> dict[str, object]:
    """Return the figures of a soak, and as failures what is not as promised."""
    times, memory, descriptors = map(np.array, zip(*soaked.looks, strict=True))
    settled = times >= times[0] + _WARM_UP * (times[-1] - times[0])
    slope = float(np.polyfit(times[settled], memory[settled], 1)[0]) if settled.sum() > 1 else 0.0
    start = float(memory[settled][0])
    an_hour = 100 * slope * 3600 / start
    first, last = int(np.median(descriptors[settled][:5])), int(np.median(descriptors[-5:]))
    failures = list(soaked.errors)
    if seconds >= _JUDGED_SECONDS and an_hour > GROWTH_PERCENT:
        failures.append(f"memory grows by {an_hour:.1f} % an hour")
    if last > first + _SPARE_DESCRIPTORS:
        failures.append(f"open files grow from {first} to {last}")
    return {
        "soaked_seconds": seconds,
        **soaked.counts,
        "memory_mb": [round(start, 1), round(float(memory[-1]), 1)],
        "memory_growth_percent_an_hour": round(an_hour, 1),
        "memory_is_judged": seconds >= _JUDGED_SECONDS,
        "open_files": [first, last],
        "failures": failures,
    }


def _keep_busy(
    server: Server, store: Path, embedder: Embedder, seconds: float, seed: int
) -> Soaked:
    """Do everything at once for so long; the calling thread looks at the server meanwhile."""
    soaked, stop = Soaked(), threading.Event()
    questions = make_questions(seed)
    lock = threading.Lock()

    def repeat(kind: str, do: Doing) -> None:
        with httpx.Client(base_url=server.address, timeout=60) as client:
            while not stop.wait(_PAUSE):
                with lock:
                    question = next(questions)
                try:
                    do(client, question).raise_for_status()
                except httpx.HTTPError as error:
                    soaked.errors.append(f"{kind} {question!r}: {error!r}")
                soaked.note(kind)

    threads = [threading.Thread(target=repeat, args=item) for item in _DOINGS.items()]
    threads.append(threading.Thread(target=_ingest, args=(store, embedder, seed, soaked, stop)))
    for thread in threads:
        thread.start()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        look = (time.monotonic(), server.read_memory(), server.count_descriptors())
        soaked.looks.append(look)
        time.sleep(_LOOK_EVERY)
    stop.set()
    for thread in threads:
        thread.join()
    return soaked


def _ingest(
    store: Path, embedder: Embedder, seed: int, soaked: Soaked, stop: threading.Event
) -> None:
    """Change a small article every few seconds, which publishes a new generation."""
    chance = random.Random(seed)
    file = store.with_name("harbour.md")
    while not stop.wait(_INGEST_EVERY):
        file.write_text(
            f"# The harbour\n\nThe harbour was dredged in {chance.randrange(1000, 2000)}.\n",
            encoding="utf-8",
        )
        with suppress(FileNotFoundError):
            sync([file], store, embedder)
        soaked.note("generations")


def _ask(client: httpx.Client, question: str) -> httpx.Response:
    return client.post("/v1/answers", json={"question": question})


def _follow_up(client: httpx.Client, question: str) -> httpx.Response:
    turn = {"question": question, "answer": "The treaty was signed in 2024. [1]"}
    return client.post("/v1/answers", json={"question": "And who signed it?", "history": [turn]})


def _stream(client: httpx.Client, question: str) -> httpx.Response:
    return client.post("/v1/answers", json={"question": question, "stream": True})


def _search(client: httpx.Client, question: str) -> httpx.Response:
    return client.get("/v1/search", params={"q": question, "limit": 5})


def _read(client: httpx.Client, _: str) -> httpx.Response:
    listed: Sequence[dict[str, str]] = client.get("/v1/articles").json()["articles"]
    return client.get(f"/v1/articles/{random.choice(listed)['article_id']}")


_DOINGS: dict[str, Doing] = {
    "questions": _ask, "follow_ups": _follow_up, "streams": _stream, "searches": _search,
    "articles_read": _read,
}  # fmt: skip


def main(
    minutes: Annotated[float, typer.Option(min=0.1)] = QUICK_SECONDS / 60, seed: int = 0
) -> None:
    """Soak a server for some minutes and print the figures as JSON."""
    result = soak(60 * minutes, seed)
    print(json.dumps(result, indent=2, ensure_ascii=False))
    raise typer.Exit(bool(result["failures"]))


if __name__ == "__main__":
    typer.run(main)
