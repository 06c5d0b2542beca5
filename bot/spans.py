"""Spans of an answer's stages for OpenTelemetry, where the process has it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def span(stage: str) -> Iterator[None]:
    """Make a span of what is done within, named `footnote.STAGE`; it holds no question.

    Whoever sets up traces has imported OpenTelemetry's API by then; else this does nothing. The
    span is never the current one, so that it may begin and end in different threads.
    """
    api = sys.modules.get("opentelemetry.trace")
    if api is None:
        yield
        return
    made = api.get_tracer("footnote").start_span(f"footnote.{stage}")
    try:
        yield
    finally:
        made.end()
