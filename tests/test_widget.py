"""What the widget asks: tokens, origins, limits, and that its answers are the API's."""

import base64
import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import Bot
from bot.api.gate import Rules
from bot.page.build import make_server
from bot.web.origin import BadOrigin, read_origin
from bot.widget.build import SCRIPT as SCRIPT_NAME
from bot.widget.build import STATIC
from bot.widget.tokens import SECONDS, Tokens
from tests.api_server import PLENTY, OpenedLibrary, get, post, request, serve_app
from tests.doors import ICELAND, LIMA
from tests.libraries import run

pytest_plugins = ["tests.door_fixtures"]

SITE, OTHER = "https://blog.example", "http://localhost:3000"
PLENTY_OF_GUESTS = replace(PLENTY, widget_origins=frozenset({SITE, OTHER}))
SCRIPT = STATIC / SCRIPT_NAME
CORS = "access-control-allow-origin"


@contextmanager
def serve(path: Path, bot: Bot, rules: Rules, *, with_page: bool = False) -> Iterator[str]:
    """Serve the API and the widget, without MCP; yield the address."""
    library = OpenedLibrary(path, bot)
    app: FastAPI = make_server(library, rules, with_mcp=False, with_page=with_page)[0]
    with serve_app(app) as address:
        yield address


@pytest.fixture(scope="module")
def server(harbours: Path, harbour_bot: Bot) -> Iterator[str]:
    """The address of a server that lets two sites embed the chat."""
    with serve(harbours, harbour_bot, PLENTY_OF_GUESTS) as address:
        yield address


def ask_token(address: str, origin: str | None = SITE) -> httpx.Response:
    return post(f"{address}/widget/token", headers={"Origin": origin} if origin else {})


def as_guest(address: str, origin: str = SITE) -> dict[str, str]:
    """Return the headers of a guest."""
    token = ask_token(address, origin).json()["token"]
    return {"Origin": origin, "Authorization": f"Bearer {token}"}


def ask(address: str, headers: dict[str, str], question: str = LIMA) -> httpx.Response:
    return post(f"{address}/widget/answers", headers=headers, json={"question": question})


class Clock:
    """Seconds that a test sets."""

    now = 1000.5

    def __call__(self) -> float:
        return self.now


def test_a_token_is_for_one_site_and_some_minutes() -> None:
    clock = Clock()
    tokens = Tokens(read_clock=clock)
    token = tokens.make(SITE)
    assert tokens.check(token, SITE)
    assert not tokens.check(token, OTHER)
    assert not Tokens(read_clock=clock).check(token, SITE)
    clock.now += SECONDS - 1
    assert tokens.check(token, SITE)
    clock.now += 1
    assert not tokens.check(token, SITE)


@given(st.text())
def test_a_forged_token_is_none(text: str) -> None:
    clock = Clock()
    tokens = Tokens(read_clock=clock)
    end, _, signature = tokens.make(SITE).partition(".")
    for forged in (text, f"{end}.{text}", f"{int(end) + 9}.{signature}", f"{end}.{signature}0"):
        assert not tokens.check(forged, SITE)


@pytest.mark.parametrize(
    "origin",
    ["https://example.org", "http://localhost:3000", "https://a.b.example.org:8443",
     "http://127.0.0.1:1", "http://[::1]:8080", "https://xn--bcher-kva.example"],
)  # fmt: skip
def test_origins_as_browsers_write_them(origin: str) -> None:
    assert read_origin(origin) == origin


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("https://example.org/", "write https://example.org"),
        ("https://Example.org", "write https://example.org"),
        ("https://example.org:443", "write https://example.org"),
        ("http://example.org:80/blog?x#y", "write http://example.org"),
        ("https://maria@example.org", "write https://example.org"),
        *((bad, "is no site") for bad in (
            "", "null", "*", "example.org", "https://*.example.org", "https://", "file:///a",
            "https://bücher.example", "https://a.example https://b.example", "https://a:b", "//a",
            "https://example.org:99999", "https://[::1", "javascript://example.org",
        )),
    ],
)  # fmt: skip
def test_other_texts_are_told_what_to_write(text: str, told: str) -> None:
    with pytest.raises(BadOrigin) as caught:
        read_origin(text)
    assert repr(text) in str(caught.value) and told in str(caught.value)


def test_a_bad_site_is_told_before_anything_is_opened(tmp_path: Path) -> None:
    result = run("serve", "--store", tmp_path, "--widget", "https://*.example.org")
    assert result.exit_code == 2 and len(result.stderr.splitlines()) == 1
    assert "'https://*.example.org' is no site" in result.stderr


def test_the_answer_is_the_apis(server: str) -> None:
    for question in (LIMA, ICELAND):
        reply = ask(server, as_guest(server), question)
        assert reply.status_code == 200 and reply.headers[CORS] == SITE
        assert reply.headers["vary"] == "Origin"
        mine, apis = reply.json(), post(f"{server}/v1/answers", json={"question": question}).json()
        assert mine.pop("timings") and apis.pop("timings")
        assert mine == apis and mine["refused"] is (question == ICELAND)


def test_a_follow_up_and_a_stream(server: str) -> None:
    turn = {"question": LIMA, "answer": "It opened in 1902. [1]"}
    body = {"question": "And how tall is its lighthouse?", "history": [turn]}
    headers = {**as_guest(server), "Accept": "text/event-stream"}
    reply = post(f"{server}/widget/answers", headers=headers, json=body)
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers[CORS] == SITE
    assert reply.text.startswith("event: sentence\n") and "31 metres" in reply.text


def test_sites_that_are_not_allowed_get_nothing(server: str) -> None:
    guest = as_guest(server)
    for origin in ("https://evil.example", "null", "https://blog.example.evil.example",
                   "http://blog.example", "https://blog.example:444", "HTTPS://BLOG.EXAMPLE",
                   f"{SITE}/", "*", ""):  # fmt: skip
        replies = [ask_token(server, origin), ask(server, {**guest, "Origin": origin})]
        assert [reply.status_code for reply in replies] == [403, 403], origin
        assert not any(CORS in reply.headers for reply in replies)
        assert all(reply.headers["vary"] == "Origin" for reply in replies)
    # A program that is no browser, without Origin.
    assert ask_token(server, None).status_code == 403


def test_the_browser_asks_first_and_is_told_only_for_allowed_sites(server: str) -> None:
    def preflight(origin: str, method: str = "POST") -> httpx.Response:
        headers = {
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization, content-type",
        }
        return request("OPTIONS", f"{server}/widget/answers", headers=headers)

    allowed = preflight(OTHER)
    assert allowed.status_code == 200 and allowed.headers[CORS] == OTHER
    assert allowed.headers["access-control-allow-methods"] == "POST"
    assert {"Authorization", "Content-Type"} < set(
        allowed.headers["access-control-allow-headers"].split(", ")
    )
    assert "access-control-allow-credentials" not in allowed.headers
    for refused in (preflight("https://evil.example"), preflight("null")):
        assert refused.status_code == 400 and CORS not in refused.headers
    assert preflight(OTHER, "DELETE").status_code == 400


def test_the_rest_of_the_server_stays_closed_to_the_site(server: str) -> None:
    guest = as_guest(server)
    for path in ("/v1/articles", "/v1/search?q=harbour", "/metrics"):
        reply = get(server + path, headers=guest)
        assert reply.status_code == 403 and CORS not in reply.headers
    for path in ("/widget/search?q=harbour", "/widget/articles", "/widget/openapi.json"):
        assert get(server + path, headers=guest).status_code == 404
    assert get(f"{server}/widget/answers", headers=guest).status_code == 405


def test_asking_takes_a_token(server: str) -> None:
    token = as_guest(server)["Authorization"].removeprefix("Bearer ")
    forged = base64.b64encode(token.encode()).decode()
    for header in (None, "Bearer", f"Bearer {forged}", f"Basic {token}", token, "Bearer 9."):
        headers = {"Origin": SITE} | ({"Authorization": header} if header else {})
        reply = ask(server, headers)
        assert reply.status_code == 401 and reply.headers["www-authenticate"] == "Bearer"
        # The page can read why.
        assert reply.headers[CORS] == SITE and "token" in reply.json()["detail"]
    reply = ask(server, {**as_guest(server), "Origin": OTHER})
    assert reply.status_code == 401


def test_guests_need_no_key_where_others_do(harbours: Path, harbour_bot: Bot) -> None:
    rules = replace(PLENTY_OF_GUESTS, needs_key=True)
    with serve(harbours, harbour_bot, rules) as address:
        guest = as_guest(address)
        assert ask(address, guest).json()["citations"]
        assert post(f"{address}/v1/answers", json={"question": LIMA}).status_code == 401
        # A guest's token is none of the API's keys.
        token = {"Authorization": guest["Authorization"]}
        assert post(f"{address}/v1/answers", json={"question": LIMA}, headers=token).is_error
        assert ask_token(address).json()["has_page"] is False


def test_guests_have_the_limits_of_other_callers(harbours: Path, harbour_bot: Bot) -> None:
    rules = replace(PLENTY_OF_GUESTS, per_minute=1, burst=2)
    with serve(harbours, harbour_bot, rules) as address:
        guest = as_guest(address)
        assert ask(address, guest).status_code == 200
        for reply in (ask(address, guest), ask_token(address), ask_token(address, OTHER)):
            assert reply.status_code == 429 and 1 <= int(reply.headers["retry-after"]) <= 60
            assert reply.headers["access-control-expose-headers"] == "Retry-After"
            assert reply.headers[CORS] in {SITE, OTHER}
        assert get(f"{address}/v1/articles").status_code == 429
    with serve(harbours, harbour_bot, replace(PLENTY_OF_GUESTS, at_once=0)) as address:
        reply = ask_token(address)
        assert reply.status_code == 503 and reply.headers[CORS] == SITE


def test_a_foreign_name_and_a_large_body_are_refused(server: str) -> None:
    guest = as_guest(server)
    assert ask(server, {**guest, "Host": "evil.example"}).status_code == 421
    reply = ask(server, guest, "x" * 1_000_001)
    assert reply.status_code == 413 and reply.headers[CORS] == SITE
    reply = ask(server, guest, " ")
    assert reply.status_code == 422 and reply.headers[CORS] == SITE


def test_requests_of_guests_are_counted_by_themselves(server: str) -> None:
    ask(server, as_guest(server))
    metrics = get(f"{server}/metrics").text
    assert 'route="/widget/answers",status="200"' in metrics
    assert 'route="/widget/token",status="200"' in metrics


def test_the_script_can_be_loaded_from_anywhere(server: str) -> None:
    url = f"{server}/widget.js"
    reply = get(url, headers={"Origin": SITE})
    assert reply.text == SCRIPT.read_text(encoding="utf-8")
    assert reply.headers["content-type"] == "text/javascript; charset=utf-8"
    assert reply.headers["content-encoding"] == "gzip"
    assert reply.headers["cross-origin-resource-policy"] == "cross-origin"
    assert reply.headers["cache-control"] == "public, max-age=300"
    assert reply.headers[CORS] == SITE and "Origin" in reply.headers["vary"]
    assert CORS not in get(url, headers={"Origin": "https://evil.example"}).headers
    known = {"If-None-Match": reply.headers["etag"]}
    assert get(url, headers=known).status_code == 304
    assert post(url).status_code == 405


def test_the_script_is_small_and_sets_no_markup() -> None:
    script = SCRIPT.read_bytes()
    assert len(gzip.compress(script)) <= 20_000
    for word in (b"innerHTML", b"outerHTML", b"insertAdjacentHTML", b"document.write", b"eval(",
                 b"Function(", b"setHTML", b"DOMParser", b"srcdoc", b"import("):  # fmt: skip
        assert word not in script
    assert b"http://www.w3.org/2000/svg" in script
    assert len(re.findall(rb"https?://", script)) == 1


def test_without_a_site_there_is_no_widget(harbours: Path, harbour_bot: Bot) -> None:
    with serve(harbours, harbour_bot, PLENTY) as address:
        assert ask_token(address).status_code == 404
        assert get(f"{address}/widget.js").status_code == 404
        assert ask(address, {"Origin": SITE}).status_code == 404


def test_a_token_says_whether_articles_can_be_read(harbours: Path, harbour_bot: Bot) -> None:
    with serve(harbours, harbour_bot, PLENTY_OF_GUESTS, with_page=True) as address:
        reply = ask_token(address)
    assert reply.json()["has_page"] is True and reply.json()["seconds"] == SECONDS
    assert reply.headers["cache-control"] == "no-store"
