"""Who may pass a door: one password, lockouts for guessing, tokens for those who knew it."""

import hashlib
import hmac
import math
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.web.origin import comes_from_here, group_address

COOKIE, READERS_COOKIE = "footnote_staff", "footnote_reader"
TOKEN_SECONDS = 12 * 3600
FREE_GUESSES, FIRST_LOCKOUT, LONGEST_LOCKOUT = 5, 60, 3600
# Guesses of a day ago do not count any more.
_FORGET_SECONDS = 24 * 3600
MAX_ADDRESSES, MAX_TOKENS, MAX_READERS = 5_000, 200, 20_000
# All addresses that there is no room for are counted as this one.
_OTHERS = ""


class LockedOut(Exception):
    """Too many wrong passwords; `seconds` is how long no other is looked at."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many wrong passwords: wait {seconds} seconds")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class _Failures:
    """How often an address was wrong, and since when it must wait until when (seconds)."""

    count: int
    last: float
    until: float


class Door:
    """Lets in who knows the password; without one it is shut for good. Safe for any threads."""

    cookie: str
    max_tokens: int

    def __init__(
        self, password: str | None, *, read_clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Make a door with a password; None and the empty one mean that nobody gets in."""
        self._password = _digest(password) if password else None
        self._read_clock = read_clock
        self._lock = threading.Lock()
        self._failures: dict[str, _Failures] = {}
        self._tokens: dict[bytes, float] = {}

    @property
    def is_open(self) -> bool:
        """Whether there is a password at all."""
        return self._password is not None

    def enter(self, address: str, password: str) -> str | None:
        """Return a new token for the right password, None for a wrong one.

        Wrong ones are counted by address; the fifth locks it out for a minute, each further one for
        twice as long as the one before, up to an hour. Raises LockedOut during that time.
        """
        if self._password is None:
            return None
        with self._lock:
            now = self._read_clock()
            key = self._choose_key(group_address(address), now)
            failures = self._failures.get(key)
            if failures and now < failures.until:
                raise LockedOut(math.ceil(failures.until - now))
            # Digests are of one length, so that the time tells nothing of the password's.
            if not hmac.compare_digest(_digest(password), self._password):
                self._failures[key] = _count_failure(failures, now)
                return None
            if key != _OTHERS:
                self._failures.pop(key, None)
            return self._make_token(now)

    def leave(self, request: Any) -> None:
        """Let the token of a request count no more."""
        with self._lock:
            self._tokens.pop(self._read_token(request), None)

    def has_token(self, request: Any) -> bool:
        """Return whether a request has a good token."""
        with self._lock:
            expires = self._tokens.get(self._read_token(request))
            return expires is not None and self._read_clock() < expires

    def _read_token(self, request: Any) -> bytes:
        return _digest(str(request.cookies.get(self.cookie, "")))

    def _choose_key(self, address: str, now: float) -> str:
        """Return what guesses from an address are counted under; memory stays bounded."""
        if address not in self._failures and len(self._failures) >= MAX_ADDRESSES:
            self._failures = {
                key: item
                for key, item in self._failures.items()
                if now < item.last + _FORGET_SECONDS
            }
            if len(self._failures) >= MAX_ADDRESSES:
                return _OTHERS
        return address

    def _make_token(self, now: float) -> str:
        self._tokens = {key: end for key, end in self._tokens.items() if now < end}
        if len(self._tokens) >= self.max_tokens:
            del self._tokens[min(self._tokens, key=self._tokens.__getitem__)]
        token = secrets.token_urlsafe(32)
        self._tokens[_digest(token)] = now + TOKEN_SECONDS
        return token


class StaffDoor(Door):
    """The door of the part for staff."""

    cookie, max_tokens = COOKIE, MAX_TOKENS

    def is_staff(self, request: Any) -> bool:
        """Return whether a request, Starlette's or Gradio's, is from here and has a good token."""
        request = getattr(request, "request", None) or request
        if request is None or not self.is_open or not comes_from_here(request.headers):
            return False
        return self.has_token(request)


class ReadersDoor(Door):
    """The door of the page itself, where readers are asked for a password.

    It is passed by links from other sites, too: whoever changes something asks where it is from.
    """

    cookie, max_tokens = READERS_COOKIE, MAX_READERS


def _count_failure(before: _Failures | None, now: float) -> _Failures:
    counts = before is not None and now < before.last + _FORGET_SECONDS
    count = before.count + 1 if before and counts else 1
    if count < FREE_GUESSES:
        return _Failures(count, now, now)
    doublings = min(count - FREE_GUESSES, 16)
    return _Failures(count, now, now + min(FIRST_LOCKOUT << doublings, LONGEST_LOCKOUT))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()
