"""Who gets to the API, at real servers: names, origins, keys, rates, sizes, how many at once."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from bot.answer import Bot
from bot.api.gate import MAX_BODY_BYTES, Rules, is_loopback
from bot.api.keys import add_key, revoke_key
from tests.api_server import PLENTY, delete, get, post, serve_bot
from tests.libraries import ICELAND

pytest_plugins = ["tests.library_fixtures", "tests.api_fixtures"]


def with_key(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def time_fastest(send: Callable[[], httpx.Response]) -> tuple[httpx.Response, float]:
    """Send a request a few times; return the last reply and the seconds of the fastest."""
    times = []
    for _ in range(3):
        started = time.perf_counter()
        reply = send()
        times.append(time.perf_counter() - started)
    return reply, min(times)


@pytest.mark.parametrize(
    ("host", "is_here"),
    [
        ("localhost", True), ("127.0.0.1", True), ("127.1.2.3", True), ("::1", True),
        ("0.0.0.0", False),  # noqa: S104
        ("::", False), ("localhost.example", False), ("example", False),
        ("", False), ("10.0.0.1", False),
    ],
)  # fmt: skip
def test_what_is_loopback(host: str, is_here: bool) -> None:
    assert is_loopback(host) is is_here


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "", "127.0.0.1.evil.example",
                                  "[", "localhost@evil.example"])  # fmt: skip
def test_a_foreign_name_is_refused(api: str, host: str) -> None:
    for path in ("/v1/articles", "/metrics"):
        reply = get(api + path, headers={"Host": host})
        assert reply.status_code == 421 and "--hostname" in reply.json()["detail"]


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:80"])
def test_names_of_this_machine_are_answered_to(api: str, host: str) -> None:
    assert get(f"{api}/v1/articles", headers={"Host": host}).status_code == 200


def test_other_names_can_be_allowed(api_library: Path, api_bot: Bot) -> None:
    rules = Rules(hosts=frozenset({"ours.example"}))
    with serve_bot(api_library, api_bot, rules) as address:
        replies = [
            get(f"{address}/v1/articles", headers={"Host": host}).status_code
            for host in ("ours.example:80", "OURS.example", "evil.example")
        ]
    assert replies == [200, 200, 421]


def test_web_pages_of_other_sites_are_refused(api: str) -> None:
    for headers in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        reply = get(f"{api}/v1/articles", headers=headers)
        assert reply.status_code == 403 and "access-control-allow-origin" not in reply.headers
    assert get(f"{api}/v1/articles", headers={"Origin": api}).status_code == 200


def test_a_key_is_needed(locked_api: str, api_library: Path, reader_key: str) -> None:
    for path in ("/v1/articles", "/v1/models", "/v1/nothing", "/metrics"):
        reply = get(locked_api + path)
        assert reply.status_code == 401 and reply.headers["www-authenticate"] == "Bearer"
    for path in ("/v1/articles", "/v1/models", "/metrics"):
        assert get(locked_api + path, headers=with_key(reader_key)).status_code == 200
    for path in ("/healthz", "/readyz", "/v1/openapi.json"):
        assert get(locked_api + path).status_code == 200
    for header in ("Bearer fn_wrong", "Bearer", f"Basic {reader_key}", reader_key, "Bearer é"):
        headers = {"Authorization": header.encode()}
        reply = get(f"{locked_api}/v1/articles", headers=headers)
        assert reply.status_code == 401
        assert "what was sent is none of this library's" in reply.text
        assert "fn_wrong" not in reply.text and reader_key not in reply.text


def test_a_revoked_key_counts_no_more(locked_api: str, api_library: Path) -> None:
    key = add_key(api_library, "short")
    assert get(f"{locked_api}/v1/articles", headers=with_key(key)).status_code == 200
    revoke_key(api_library, "short")
    assert get(f"{locked_api}/v1/articles", headers=with_key(key)).status_code == 401


def test_changing_articles_takes_an_admins_key(api: str, reader_key: str) -> None:
    for key, status in (("any", 401), ("fn_wrong", 401), (reader_key, 403)):
        headers = with_key(key)
        files = {"file": ("a.txt", b"A text of words.")}
        assert post(f"{api}/v1/articles", headers=headers, files=files).status_code == status
        reply = delete(f"{api}/v1/articles/trade-figures", headers=headers)
        assert reply.status_code == status
    assert get(f"{api}/v1/articles/trade-figures").status_code == 200


def test_a_caller_may_ask_so_much_each(api_library: Path, api_bot: Bot, reader_key: str) -> None:
    with serve_bot(api_library, api_bot, Rules(per_minute=1, burst=2)) as address:
        url = f"{address}/v1/articles"
        assert [get(url).status_code for _ in range(2)] == [200, 200]
        reply, seconds = time_fastest(partial(get, url))
        assert reply.status_code == 429 and seconds < 1
        assert 1 <= int(reply.headers["retry-after"]) <= 60
        assert get(url, headers=with_key(reader_key)).status_code == 200


@pytest.fixture
def full_api(api_library: Path, api_bot: Bot) -> Iterator[str]:
    """An API that serves one request at a time, and is at one: its body never comes."""
    rules = Rules(per_minute=PLENTY.per_minute, burst=PLENTY.burst, at_once=1)
    with ExitStack() as stack:
        address = stack.enter_context(serve_bot(api_library, api_bot, rules))
        host, port = urlsplit(address).hostname, urlsplit(address).port
        slow = stack.enter_context(socket.create_connection((host, port)))
        head = f"POST /v1/answers HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        slow.sendall(f"{head}Content-Length: 9\r\n\r\n".encode())
        metrics = ""
        while "footnote_requests_running 1.0" not in metrics:
            metrics = get(f"{address}/metrics").text
        yield address


def test_too_many_at_once_are_told_so_at_once(full_api: str) -> None:
    question = {"question": ICELAND}
    reply, seconds = time_fastest(partial(post, f"{full_api}/v1/answers", json=question))
    assert reply.status_code == 503 and reply.headers["retry-after"] == "1" and seconds < 1
    assert get(f"{full_api}/healthz").status_code == 200


def test_a_large_body_is_refused(api: str) -> None:
    def send_parts() -> Iterator[bytes]:
        for _ in range(2 + MAX_BODY_BYTES // 100_000):
            yield b" " * 100_000

    headers = {"Content-Type": "application/json"}
    reply = post(f"{api}/v1/answers", content=send_parts(), headers=headers)
    assert reply.status_code == 413
    reply = post(f"{api}/v1/answers", content=b" " * (MAX_BODY_BYTES + 1), headers=headers)
    assert reply.status_code == 413
