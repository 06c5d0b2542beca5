"""How much one caller may ask: a token bucket each; and how large a request may be."""

import asyncio
import math
import threading
import time
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

MAX_CALLERS = 10_000
BODY_SECONDS = 30


class TokenBuckets:
    """A bucket of `burst` tokens for each caller, filled at `per_minute`; safe for any threads."""

    def __init__(
        self, per_minute: float, burst: int, *, read_clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = per_minute / 60
        self._burst = burst
        self._read_clock = read_clock
        self._lock = threading.Lock()
        # What each caller had left, and when; a caller who is not in it has a full bucket.
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, caller: str) -> int:
        """Take a token; return 0, or in how many seconds (1 or more) there will be one."""
        with self._lock:
            now = self._read_clock()
            left = self._count(caller, now)
            if left < 1:
                return math.ceil((1 - left) / self._rate)
            if caller not in self._buckets and len(self._buckets) >= MAX_CALLERS:
                self._drop_full(now)
            self._buckets[caller] = (left - 1, now)
            return 0

    def _count(self, caller: str, now: float) -> float:
        left, seen = self._buckets.get(caller, (float(self._burst), now))
        return min(float(self._burst), left + (now - seen) * self._rate)

    def _drop_full(self, now: float) -> None:
        """Forget callers whose bucket is full, and the one not seen longest if none is."""
        kept = {
            key: bucket
            for key, bucket in self._buckets.items()
            if self._count(key, now) < self._burst
        }
        if len(kept) >= MAX_CALLERS:
            del kept[min(kept, key=lambda key: kept[key][1])]
        self._buckets = kept


def limit_body(receive: Receive, limit: int, seconds: float = BODY_SECONDS) -> Receive:
    """Return a `receive` that raises HTTPException for a body too long, or too long in coming.

    413 is for one of more than `limit` bytes, 408 for one that is not there after `seconds`.
    """
    size, is_whole, end = 0, False, time.monotonic() + seconds

    async def count() -> Message:
        nonlocal size, is_whole
        if is_whole:
            return await receive()
        try:
            async with asyncio.timeout(end - time.monotonic()):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408, f"the request was not sent in {seconds} seconds") from None
        size += len(message.get("body", b""))
        is_whole = not message.get("more_body", False)
        if size > limit:
            raise HTTPException(413, f"the request has over {limit:,} bytes; send less at once")
        return message

    return count
