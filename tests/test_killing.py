"""Nothing that was stored is lost by kill -9, wherever it comes."""

import pytest

from benchmarks.reliability import kill, steps


def test_killed_at_any_time_and_at_any_write() -> None:
    result = kill.run(True, 9)
    if "skipped" in result:
        pytest.skip(f"KILLS ARE NOT TESTED HERE: {result['skipped']}")
    assert result["failures"] == [] and result["kills"] == 8
    assert (result["committed_articles_lost"], result["unreadable"]) == (0, 0)


def test_killed_at_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "_QUICK_STEPS", ("commit it",))
    result = steps.run(True, 1)
    assert (result["failures"], result["at_step"]) == ([], {"commit it": 1})
