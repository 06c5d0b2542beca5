"""People who ask at the same time, each the next question when the one before is answered."""

import json
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from threading import Lock

import httpx

from benchmarks.latency import QUESTIONS, cut
from bot.evaluate import read_questions


@dataclass(slots=True)
class Asked:
    """What askers met: milliseconds of each answer, all told and by the server's stages; errors.

    `seconds` is how long it took until the last one was answered.
    """

    seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    stages: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def describe(self) -> dict[str, object]:
        """Return the figures as JSON types."""
        if not self.milliseconds:
            return {"answers": 0, "errors": len(self.errors)}
        return {
            "answers": len(self.milliseconds),
            "answers_per_second": round(len(self.milliseconds) / self.seconds, 2),
            "p50_ms": cut(self.milliseconds, 50),
            "p95_ms": cut(self.milliseconds, 95),
            "stages_p50_ms": {name: cut(times, 50) for name, times in self.stages.items()},
            "errors": len(self.errors),
        }


def make_questions(seed: int) -> Iterator[str]:
    """Yield questions without end, no two the same, those of tests/questions.jsonl first."""
    known = [item.question for item in read_questions(QUESTIONS)]
    random.Random(seed).shuffle(known)
    for turn in count():
        yield from (f"In case {turn}: {item}" if turn else item for item in known)


def ask_together(
    address: str, questions: Iterator[str], askers: int, seconds: float, pause: float = 0.0
) -> Asked:
    """Let `askers` ask for so long, each with a `pause` of seconds after each answer."""
    asked, lock = Asked(), Lock()
    started = time.monotonic()

    def ask(number: int) -> None:
        # Not all at the same moment, where there is a pause.
        time.sleep(pause * number / askers)
        with httpx.Client(base_url=address, timeout=60) as client:
            while time.monotonic() < started + seconds:
                with lock:
                    question = next(questions)
                _ask(client, question, asked)
                time.sleep(pause)

    with ThreadPoolExecutor(askers) as pool:
        list(pool.map(ask, range(askers)))
    asked.seconds = time.monotonic() - started
    return asked


def _ask(client: httpx.Client, question: str, asked: Asked) -> None:
    started = time.perf_counter()
    try:
        reply = client.post("/v1/answers", json={"question": question})
        reply.raise_for_status()
    except httpx.HTTPError as error:
        asked.errors.append(f"{question!r}: {error!r}")
        return
    asked.milliseconds.append((time.perf_counter() - started) * 1000)
    for stage, milliseconds in json.loads(reply.content)["timings"].items():
        asked.stages.setdefault(stage, []).append(milliseconds)


def find_late(name: str, times: Sequence[float], limit: float) -> list[str]:
    """Return, as a failure in words, that the 95th percentile is over a limit, if it is."""
    late = cut(times, 95) if times else 0.0
    return [f"{name}: p95 is {late:,.0f} ms, over {limit:,.0f}"] if late > limit else []
