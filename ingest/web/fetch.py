"""Fetch an address of the web: checked, redirects too, and limited in time and size."""

import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import httpcore

from ingest.web.connection import CheckedBackend, NotPublic, Policy

USER_AGENT = "footnote-bot/0.1"
_STEP_SECONDS = 10.0
_REDIRECTS = {301, 302, 303, 307, 308}
_PORTS = {"http": 80, "https": 443}
# What an address may hold unescaped, RFC 3986; the rest is escaped, a percent sign stays.
_ALLOWED = "/:@!$&'()*+,;=-._~%?"


class FetchError(Exception):
    """An address of the web that was not fetched: the address and a `reason` for people."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.url = url
        self.reason = reason


class Forbidden(FetchError):
    """An address that must not be fetched."""


class Gone(FetchError):
    """A page that the server says is not there (404) or no more (410)."""


@dataclass(frozen=True, slots=True)
class Response:
    """What was got: the address it was got from in the end, and the body without its encoding.

    The names of `headers` are in lower case. `status` is 200, or 304: not changed.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        """The type of the body, in lower case and without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


def check_url(url: str, policy: Policy) -> str:
    """Return an address as it is sent, without fragment. Raises Forbidden with the reason."""
    shown = hide_password(url)
    if any(ord(letter) <= 32 or letter in "\\\x7f" for letter in url):
        raise Forbidden(shown, "a letter that no address has")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        host = host if ":" in host else host.encode("idna").decode()
    except (ValueError, UnicodeError) as error:
        raise Forbidden(shown, f"not an address: {error}") from None
    if parts.scheme not in _PORTS:
        raise Forbidden(shown, "only http and https are fetched")
    if parts.username is not None or parts.password is not None:
        raise Forbidden(shown, "addresses with a user or password are refused")
    if not host or "%" in host:
        raise Forbidden(shown, "no host in it")
    if (port or _PORTS[parts.scheme]) not in policy.ports:
        raise Forbidden(shown, f"only ports {', '.join(map(str, sorted(policy.ports)))}")
    place = f"[{host}]" if ":" in host else host
    place += f":{port}" if port not in {None, _PORTS[parts.scheme]} else ""
    path, query = quote(parts.path or "/", _ALLOWED), quote(parts.query, _ALLOWED)
    return urlunsplit((parts.scheme, place, path, query, ""))


def hide_password(url: str) -> str:
    """Return an address without what stands before an @ of its host."""
    scheme, mark, rest = url.partition("://")
    place, slash, path = rest.partition("/")
    return f"{scheme}{mark}{place.rpartition('@')[2]}{slash}{path}"


def fetch(
    url: str,
    policy: Policy,
    headers: Mapping[str, str] | None = None,
    check: Callable[[str], None] = lambda url: None,
) -> Response:
    """Get an address; `check` is called with it, and with each that it leads on to, and may wait.

    Raises FetchError with the reason (Forbidden, Gone), or what `check` raises.
    """
    left = policy.seconds
    for _ in range(policy.max_redirects + 1):
        url = check_url(url, policy)
        check(url)
        started = time.monotonic()
        try:
            response = _request(url, policy, headers or {}, started + left)
        except httpcore.TimeoutException:
            raise FetchError(url, _describe_wait(policy, started, left)) from None
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError) as error:
            raise FetchError(url, f"{error or 'the connection broke off'}") from error
        except NotPublic as error:
            raise Forbidden(url, str(error)) from None
        left -= time.monotonic() - started
        if response.status not in _REDIRECTS:
            return _require_success(response)
        url = _follow(url, response.headers.get("location", ""))
    raise FetchError(url, f"more than {policy.max_redirects} redirects")


def _follow(url: str, location: str) -> str:
    """Return the address that a redirect leads on to; its letters may be UTF-8, unescaped."""
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode()
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise FetchError(url, f"it leads on to what is no address: {error}") from None


def _describe_wait(policy: Policy, started: float, left: float) -> str:
    if time.monotonic() - started < left:
        return f"silent for {_STEP_SECONDS:.0f} seconds"
    return f"no answer in {policy.seconds:.0f} seconds"


def _require_success(response: Response) -> Response:
    if response.status in {404, 410}:
        raise Gone(response.url, f"gone (status {response.status})")
    if response.status not in {200, 304}:
        raise FetchError(response.url, f"status {response.status}")
    return response


def _request(url: str, policy: Policy, headers: Mapping[str, str], deadline: float) -> Response:
    parts = urlsplit(url)
    sent = {
        "Host": parts.netloc,
        "User-Agent": USER_AGENT,
        "Accept": "text/html, application/xhtml+xml, application/xml, text/*, */*;q=0.5",
        "Accept-Encoding": "gzip",
        "Connection": "close",
        **headers,
    }
    steps = dict.fromkeys(("connect", "read", "write", "pool"), _STEP_SECONDS)
    with (
        httpcore.ConnectionPool(
            ssl_context=policy.tls, network_backend=CheckedBackend(policy, deadline)
        ) as pool,
        pool.stream(
            "GET",
            # In parts: nothing that reads the text another way decides where to connect.
            httpcore.URL(
                scheme=parts.scheme,
                host=parts.hostname or "",
                port=parts.port,
                target=urlunsplit(("", "", parts.path, parts.query, "")),
            ),
            # As they came: an ETag may hold any byte.
            headers=[(name.encode(), value.encode("latin-1")) for name, value in sent.items()],
            extensions={"timeout": steps},
        ) as response,
    ):
        got = {name.decode().lower(): value.decode("latin-1") for name, value in response.headers}
        body = b""
        if response.status == 200:
            body = _read_body(url, got, response.iter_stream(), policy.max_bytes)
        return Response(url, response.status, got, body)


def _read_body(
    url: str, headers: Mapping[str, str], chunks: Iterable[bytes], max_bytes: int
) -> bytes:
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"identity", "gzip", "x-gzip", ""}:
        raise FetchError(url, f"sent as {encoding}, which was not asked for")
    if encoding.endswith("gzip"):
        return unpack(url, chunks, max_bytes)
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            raise FetchError(url, f"more than {max_bytes // 1_000_000} MB")
    return bytes(body)


def unpack(url: str, chunks: Iterable[bytes], max_bytes: int) -> bytes:
    """Return what gzip packed, never more than `max_bytes` of it. Raises FetchError."""
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    body = bytearray()
    try:
        for chunk in chunks:
            body += unpacker.decompress(chunk, max_bytes + 1 - len(body))
            if len(body) > max_bytes:
                raise FetchError(url, f"more than {max_bytes // 1_000_000} MB when unpacked")
    except zlib.error as error:
        raise FetchError(url, f"damaged gzip: {error}") from None
    if not unpacker.eof:
        raise FetchError(url, "the gzip was cut off")
    return bytes(body)
