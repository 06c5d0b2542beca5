"""Who and what gets to the API: host, origin, key, rate, size, and how many at once."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.api.keys import Key, find_key
from bot.api.limits import TokenBuckets, limit_body
from bot.api.problems import answer_problem
from bot.web.origin import comes_from_here, group_address

MAX_BODY_BYTES, MAX_UPLOAD_BYTES = 1_000_000, 20_000_000
# The description of the API says nothing that its documentation does not.
_PUBLIC = re.compile(r"/v1/openapi\.json\Z")
_UPLOAD = re.compile(r"/articles/?\Z")


@dataclass(frozen=True, slots=True)
class Rules:
    """What gets in. The default is for a server on loopback: no key, but no other host's name.

    `hosts` are the Host names answered to besides this machine's own; None is any. A caller has
    `burst` requests at once and `per_minute` on; of all callers `at_once` are served at a time.
    `widget_origins` are the sites that may embed the chat, as of `bot.web.origin.read_origin`.
    """

    needs_key: bool = False
    hosts: frozenset[str] | None = frozenset()
    per_minute: int = 120
    burst: int = 60
    at_once: int = 16
    widget_origins: frozenset[str] = frozenset()


class Keeper(Protocol):
    """What a gate asks who may pass."""

    @property
    def rules(self) -> Rules:
        """What gets in."""

    def admit(self, request: Request) -> Key | None:
        """Return the key that a request has, if any. Raises HTTPException if it may not pass."""


class Gatekeeper:
    """Admits requests to one library's API, or says why not."""

    def __init__(self, library: Path, rules: Rules) -> None:
        self.rules = rules
        self._library = library
        self._buckets = TokenBuckets(rules.per_minute, rules.burst)

    def admit(self, request: Request) -> Key | None:
        """Return the key that a request has, if any. Raises HTTPException 401, 403, 421, 429."""
        self.check_host(request)
        if not comes_from_here(request.headers):
            raise HTTPException(403, "asked for by a web page of another site")
        # Set here too: who is refused for asking too much stands in the log as well.
        key = request.state.key = self._find_key(request)
        self.check_rate(request, key)
        if key is None and self.rules.needs_key and not _PUBLIC.match(request.scope["path"]):
            raise _ask_for_key(request, "a key is needed")
        return key

    def check_host(self, request: Request) -> None:
        """Raise HTTPException 421 for a foreign name, by which a web page may have got here.

        A page of a site whose name was made to mean this machine (DNS rebinding) sends that name.
        """
        name = _read_host(request.headers.get("host", ""))
        hosts = self.rules.hosts
        if hosts is not None and name not in hosts and not is_loopback(name):
            raise HTTPException(421, f"this server is not {name!r}; allow the name with --hostname")

    def check_rate(self, request: Request, key: Key | None = None) -> None:
        """Raise HTTPException 429 if the caller, a key or else an address, asks too much."""
        address = group_address(request.client.host if request.client else "")
        wait = self._buckets.take(f"key {key.name}" if key else f"address {address}")
        if wait:
            raise HTTPException(
                429, f"too many requests; wait {wait} seconds", {"Retry-After": str(wait)}
            )

    def _find_key(self, request: Request) -> Key | None:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        return find_key(self._library, key.strip()) if scheme.lower() == "bearer" else None


class Gate:
    """ASGI middleware: passes on what the gatekeeper admits, few enough and small enough."""

    def __init__(self, app: ASGIApp, keeper: Keeper) -> None:
        self.app = app
        self._keeper = keeper
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with a problem."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        limit = MAX_UPLOAD_BYTES if _UPLOAD.search(scope["path"]) else MAX_BODY_BYTES
        try:
            request.state.key = self._keeper.admit(request)
            if limit == MAX_UPLOAD_BYTES and request.method == "POST":
                # Before a large body is read, which FastAPI does before it asks who sends it.
                require_admin(request)
            self._check_load(request, limit)
        except HTTPException as error:
            response = answer_problem(
                request, error.status_code, error.detail, headers=error.headers
            )
            await response(scope, receive, send)
            return
        self._running += 1
        try:
            await self.app(scope, limit_body(receive, limit), send)
        finally:
            self._running -= 1

    def _check_load(self, request: Request, limit: int) -> None:
        if self._running >= self._keeper.rules.at_once:
            raise HTTPException(503, "too much is asked at once; try again", {"Retry-After": "1"})
        length = request.headers.get("content-length", "0")
        if length.isdigit() and int(length) > limit:
            raise HTTPException(413, f"the request has over {limit:,} bytes; send less at once")


class CheckHost:
    """ASGI middleware: answers only to the names that the gatekeeper's rules allow."""

    def __init__(self, app: ASGIApp, keeper: Gatekeeper) -> None:
        self.app = app
        self._keeper = keeper

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it with a problem."""
        if scope["type"] == "http":
            request = Request(scope)
            try:
                self._keeper.check_host(request)
            except HTTPException as error:
                problem = answer_problem(request, error.status_code, error.detail)
                await problem(scope, receive, send)
                return
        await self.app(scope, receive, send)


def require_admin(request: Request) -> None:
    """Raise HTTPException unless a request has an admin's key: 401 without a key, or 403."""
    key: Key | None = request.state.key
    if key is None:
        raise _ask_for_key(request, "an admin's key is needed (footnote keys add NAME --admin)")
    if not key.is_admin:
        raise HTTPException(403, f"the key {key.name!r} is not an admin's")


def is_loopback(host: str) -> bool:
    """Tell whether a host's name or address means this machine only."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _read_host(header: str) -> str:
    """Return the name of a Host header, without the port, in small letters."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return header


def _ask_for_key(request: Request, needed: str) -> HTTPException:
    """Return the error of a request without a key that is known; the key is not repeated."""
    if request.headers.get("authorization"):
        needed += ", and what was sent is none of this library's (footnote keys list)"
    hint = f"{needed}; send it as Authorization: Bearer KEY"
    return HTTPException(401, hint, {"WWW-Authenticate": "Bearer"})
