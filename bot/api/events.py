"""Answers as they grow: what each step adds, and events that carry it (server-sent events)."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.cite import Answer, Citation

EVENT_STREAM = "text/event-stream"
# Proxies that gather a response before they pass it on would undo the streaming.
STREAM_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@dataclass(frozen=True, slots=True)
class Growth:
    """What `answer` has more than the one before: `text` goes after what was said already."""

    text: str
    citations: tuple[Citation, ...]
    answer: Answer


def follow_growth(answers: Iterable[Answer]) -> Iterator[Growth]:
    """Yield what each answer adds to the one before it.

    One that does not go on from the text before is given whole, in a paragraph of its own.
    """
    said, cited = "", 0
    for answer in answers:
        text = answer.text.removeprefix(said)
        if said and not answer.text.startswith(said):
            text, cited = f"\n\n{answer.text}", 0
        yield Growth(text, answer.citations[cited:], answer)
        said, cited = answer.text, len(answer.citations)


def write_event(data: Any, name: str | None = None) -> str:
    """Return an event with JSON types as its data."""
    lead = f"event: {name}\n" if name else ""
    return f"{lead}data: {json.dumps(data, ensure_ascii=False)}\n\n"
