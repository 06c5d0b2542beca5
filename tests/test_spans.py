"""Spans of an answer's stages, where OpenTelemetry is set up, and none where it is not."""

import sys

import pytest

from bot.spans import span
from tests.libraries import MakeBot

pytest_plugins = ["tests.library_fixtures"]


def test_the_stages_of_an_answer_are_spans(
    make_bot: MakeBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = pytest.importorskip("opentelemetry.trace")
    sdk = pytest.importorskip("opentelemetry.sdk.trace")
    export = pytest.importorskip("opentelemetry.sdk.trace.export")
    memory = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")
    provider, exporter = sdk.TracerProvider(), memory.InMemorySpanExporter()
    provider.add_span_processor(export.SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    make_bot({"bridge.txt": "The bridge was opened in 1931."}).ask("When was the bridge opened?")
    spans = exporter.get_finished_spans()
    names = [item.name.removeprefix("footnote.") for item in spans]
    assert names == ["follow", "retrieve", "read"]
    assert all(item.end_time >= item.start_time and not item.attributes for item in spans)


def test_without_it_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "opentelemetry.trace", raising=False)
    with span("read"):
        assert "opentelemetry.trace" not in sys.modules
