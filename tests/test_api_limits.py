"""Token buckets and the size of bodies."""

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.types import Message

from bot.api.limits import MAX_CALLERS, TokenBuckets, limit_body

STEPS = st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 30)), max_size=60)


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(STEPS, st.integers(1, 120), st.integers(1, 10))
def test_no_caller_gets_more_than_burst_and_rate(
    steps: Sequence[tuple[str, float]], per_minute: int, burst: int
) -> None:
    clock = Clock()
    buckets = TokenBuckets(per_minute, burst, read_clock=clock)
    taken = {"a": 0, "b": 0}
    for caller, pause in steps:
        clock.now += pause
        wait = buckets.take(caller)
        taken[caller] += wait == 0
        assert taken[caller] <= burst + clock.now * per_minute / 60 + 1e-6
        assert wait == 0 or wait >= 1


@given(st.integers(1, 200), st.integers(1, 10))
def test_who_waits_as_told_is_let_in(per_minute: int, burst: int) -> None:
    clock = Clock()
    buckets = TokenBuckets(per_minute, burst, read_clock=clock)
    assert [buckets.take("a") for _ in range(burst)] == [0] * burst
    wait = buckets.take("a")
    assert wait >= 1 and buckets.take("b") == 0
    clock.now += wait
    assert buckets.take("a") == 0


def test_memory_is_bounded_and_those_that_wait_are_not_forgotten() -> None:
    clock = Clock()
    buckets = TokenBuckets(60, 1, read_clock=clock)
    for number in range(MAX_CALLERS):
        buckets.take(str(number))
    buckets.take("one more")
    assert len(buckets._buckets) == MAX_CALLERS
    assert buckets.take("one more") == 1
    clock.now += 60
    buckets.take("another")
    assert len(buckets._buckets) == 1


def receive_all(sizes: Sequence[int], limit: int, seconds: float = 5) -> int:
    """Receive a body in parts of such sizes, -1 being one that never comes; return its size."""

    async def read() -> int:
        parts = iter(sizes)

        async def receive() -> Message:
            size = next(parts)
            if size < 0:
                await asyncio.sleep(60)
            return {"type": "http.request", "body": b"x" * size, "more_body": True}

        count = limit_body(receive, limit, seconds)
        return sum([len((await count())["body"]) for _ in sizes])

    return asyncio.run(read())


@given(st.lists(st.integers(0, 20), max_size=20), st.integers(0, 200))
def test_a_body_is_let_through_up_to_the_limit(sizes: list[int], limit: int) -> None:
    if sum(sizes) <= limit:
        assert receive_all(sizes, limit) == sum(sizes)
    else:
        with pytest.raises(HTTPException) as caught:
            receive_all(sizes, limit)
        assert caught.value.status_code == 413


def test_a_body_that_does_not_come_is_given_up() -> None:
    with pytest.raises(HTTPException) as caught:
        receive_all([1, -1], 10, seconds=0.05)
    assert caught.value.status_code == 408
