"""Who passes as staff, who is locked out, and what is kept from everyone else."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.page import door as door_module
from bot.page.door import COOKIE, LockedOut, StaffDoor
from bot.page.guard import MAX_EVENT_BYTES, GuardUploads
from bot.page.opening import OpenLibrary
from bot.page.staff_routes import make_staff_routes
from bot.web.origin import comes_from_here
from ingest.feedback import add_feedback
from ingest.sync import sync
from tests.articles import WordEmbedder, write_articles

PASSWORD = "correct horse"  # noqa: S105
HERE, FOREIGN = "http://testserver", "http://elsewhere.example"


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(clock: Clock) -> StaffDoor:
    return StaffDoor(PASSWORD, read_clock=clock)


@pytest.fixture
def client(door: StaffDoor, tmp_path: Path) -> Iterator[TestClient]:
    with open_client(door, tmp_path) as opened:
        yield opened


def open_client(door: StaffDoor, library: Path) -> TestClient:
    """Return a client of an app with the routes, the guard, and routes like Gradio's."""
    app = FastAPI()
    app.include_router(make_staff_routes(door, cast(OpenLibrary, SimpleNamespace(path=library))))
    app.add_middleware(GuardUploads, door=door)

    @app.post("/gradio_api/{path:path}")
    async def take(request: Request) -> int:
        return len(await request.body())

    return TestClient(app, follow_redirects=False)


def make_request(token: str | None, **headers: str) -> Any:
    return SimpleNamespace(cookies={COOKIE: token} if token else {}, headers=headers)


def guess(door: StaffDoor, address: str = "10.0.0.1") -> float:
    """Guess wrongly; return for how many seconds that was refused, 0 if it was looked at."""
    try:
        assert door.enter(address, "wrong") is None
    except LockedOut as error:
        return error.seconds
    return 0


def log_in(client: TestClient, password: str = PASSWORD, **headers: str) -> Any:
    return client.post("/staff/login", data={"password": password}, headers=headers)


@pytest.mark.parametrize("password", [None, ""])
def test_without_a_password_nobody_is_staff(password: str | None) -> None:
    door = StaffDoor(password)
    assert not door.is_open
    assert door.enter("10.0.0.1", "") is None
    assert not door.is_staff(make_request(None)) and not door.is_staff(make_request(""))


def test_a_token_is_good_for_twelve_hours_and_until_logout(door: StaffDoor, clock: Clock) -> None:
    token = door.enter("10.0.0.1", PASSWORD)
    assert token and door.is_staff(make_request(token))
    assert not door.is_staff(make_request(token + "x")) and not door.is_staff(make_request(None))
    assert token not in repr(vars(door)) and PASSWORD not in repr(vars(door))
    clock.seconds += 12 * 3600 - 1
    assert door.is_staff(make_request(token))
    clock.seconds += 1
    assert not door.is_staff(make_request(token))
    other = door.enter("10.0.0.1", PASSWORD)
    door.leave(make_request(other))
    assert not door.is_staff(make_request(other))


def test_gradios_request_is_looked_into(door: StaffDoor) -> None:
    token = door.enter("10.0.0.1", PASSWORD)
    assert door.is_staff(SimpleNamespace(request=make_request(token)))
    assert not door.is_staff(None)


def test_lockouts_double_up_to_an_hour(door: StaffDoor, clock: Clock) -> None:
    assert [guess(door) for _ in range(5)] == [0] * 5
    for seconds in (60, 120, 240, 480, 960, 1920, 3600, 3600, 3600):
        assert guess(door) == seconds
        with pytest.raises(LockedOut):
            door.enter("10.0.0.1", PASSWORD)
        assert door.enter("10.0.0.2", PASSWORD), "others are not locked out"
        clock.seconds += seconds
        assert guess(door) == 0
    clock.seconds += 3600
    assert door.enter("10.0.0.1", PASSWORD)
    assert [guess(door) for _ in range(6)] == [0] * 5 + [60], "the right one starts the count anew"


def test_guesses_at_once_are_counted_one_by_one(door: StaffDoor) -> None:
    with ThreadPoolExecutor(16) as pool:
        refused = list(pool.map(lambda _: guess(door), range(64)))
    assert refused.count(0) == 5


def test_guesses_of_a_day_ago_do_not_count(door: StaffDoor, clock: Clock) -> None:
    for _ in range(4):
        guess(door)
    clock.seconds += 24 * 3600
    assert [guess(door) for _ in range(6)] == [0] * 5 + [60]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1:2:3", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("", "unknown", True),
    ],
)
def test_what_one_household_has_is_one_address(
    door: StaffDoor, first: str, second: str, same: bool
) -> None:
    for _ in range(5):
        guess(door, first)
    assert (guess(door, second) > 0) is same


def test_memory_is_bounded_and_the_surplus_shares_one_count(
    door: StaffDoor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door_module, "MAX_ADDRESSES", 3)
    monkeypatch.setattr(StaffDoor, "max_tokens", 2)
    refused = [guess(door, f"10.0.1.{number}") > 0 for number in range(20)]
    assert refused == [False] * 8 + [True] * 12
    assert len(vars(door)["_failures"]) == 4
    clock.seconds += 25 * 3600
    assert guess(door, "10.0.2.1") == 0 and len(vars(door)["_failures"]) == 1
    tokens = [door.enter("10.0.3.1", PASSWORD) for _ in range(3)]
    assert [door.is_staff(make_request(token)) for token in tokens] == [False, True, True]


@pytest.mark.parametrize(
    ("headers", "here"),
    [
        ({}, True),
        ({"origin": "http://a.example:80", "host": "A.example:80"}, True),
        ({"origin": "http://a.example:81", "host": "a.example:80"}, False),
        ({"origin": "null", "host": "a.example"}, False),
        ({"origin": "null", "host": "a.example", "sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        (
            {"origin": "http://a.example", "host": "a.example", "sec-fetch-site": "cross-site"},
            False,
        ),
    ],
)
def test_what_comes_from_another_site_is_told(headers: dict[str, str], here: bool) -> None:
    assert comes_from_here(headers) is here


def test_login_and_logout(client: TestClient, door: StaffDoor) -> None:
    reply = log_in(client)
    assert (reply.status_code, reply.headers["location"]) == (303, "/?view=staff")
    cookie = reply.headers["set-cookie"].lower()
    assert f"{COOKIE}=" in cookie and "secure" not in cookie
    assert all(part in cookie for part in ("httponly", "samesite=strict", "path=/;"))
    assert "max-age" not in cookie
    token = client.cookies[COOKIE]
    assert door.is_staff(make_request(token))
    assert client.post("/staff/logout").headers["location"] == "/?view=staff"
    assert COOKIE not in client.cookies and not door.is_staff(make_request(token))


def test_the_cookie_is_for_https_only_where_the_page_is(door: StaffDoor, tmp_path: Path) -> None:
    with open_client(door, tmp_path) as client:
        client.base_url = "https://testserver"
        assert "; secure" in log_in(client).headers["set-cookie"].lower()


def test_a_wrong_password_then_a_lockout_in_words(client: TestClient, clock: Clock) -> None:
    for _ in range(5):
        reply = log_in(client, "wrong")
        assert (reply.status_code, reply.headers["location"]) == (303, "/?view=staff&staff=wrong")
        assert "set-cookie" not in reply.headers
    reply = log_in(client)
    assert (reply.status_code, reply.headers["retry-after"]) == (429, "60")
    assert "Try again in 1 min" in reply.text
    clock.seconds += 60
    assert log_in(client).headers["location"] == "/?view=staff"


@pytest.mark.parametrize(
    "body", [b"", b"password", b"\xff\xfe=%ff", b"password=" + b"x" * 3900, b"a&" * 50]
)
def test_any_form_is_a_wrong_password_at_worst(client: TestClient, body: bytes) -> None:
    assert client.post("/staff/login", content=body).headers["location"].endswith("wrong")


def test_a_form_too_long_or_from_elsewhere_is_not_looked_at(client: TestClient) -> None:
    assert log_in(client, "x" * 5000).status_code == 413
    assert log_in(client, origin=FOREIGN).status_code == 403
    assert log_in(client, origin=HERE).status_code == 303


def test_feedback_is_for_staff(client: TestClient, tmp_path: Path) -> None:
    sync(write_articles(tmp_path / "articles", 1), tmp_path, WordEmbedder())
    answer = {"text": "In Oslo [1].", "citations": [{"article_id": "report-00", "quote": "Oslo"}]}
    add_feedback(tmp_path, "Where?", "Where was it?", True, "", answer)
    assert client.get("/staff/feedback.jsonl").status_code == 403
    log_in(client)
    reply = client.get("/staff/feedback.jsonl")
    assert reply.status_code == 200 and "attachment" in reply.headers["content-disposition"]
    assert json.loads(reply.text)["question"] == "Where was it?"
    assert client.get("/staff/feedback.jsonl", headers={"origin": FOREIGN}).status_code == 403


def test_a_shut_door_has_no_routes(tmp_path: Path) -> None:
    with open_client(StaffDoor(None), tmp_path) as client:
        assert log_in(client).status_code == 404
        assert client.post("/staff/logout").status_code == 404
        assert client.get("/staff/feedback.jsonl").status_code == 404
        assert client.post("/gradio_api/upload").status_code == 403


FILE = {"path": "http://10.0.0.1/x", "meta": {"_type": "gradio.FileData"}}


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("upload", b"x", 403),
        ("upload/", b"x", 403),
        ("%75pload", b"x", 403),
        ("component_server", b"{}", 403),
        ("process_recording", b"", 403),
        ("queue/join", b'{"data": ["a question about gradio.FileData"]}', 200),
        ("queue/join", json.dumps({"data": [[{"content": FILE}]]}).encode(), 403),
        (
            "run/predict",
            json.dumps({"data": [FILE]}).replace("gradio", "\\u0067radio").encode(),
            403,
        ),
        ("queue/join", json.dumps(FILE).encode("utf-16"), 403),
        ("queue/join", b"[" * 100_000, 403),
        ("queue/join", b"no json", 403),
        ("queue/join", b" " * (MAX_EVENT_BYTES + 1), 413),
        ("reset", b"", 200),
    ],
)
def test_gradio_takes_no_files_but_from_staff(
    client: TestClient, path: str, body: bytes, status: int
) -> None:
    reply = client.post(f"/gradio_api/{path}", content=body)
    assert reply.status_code == status
    if status == 200:
        assert reply.json() == len(body)
    log_in(client)
    assert client.post(f"/gradio_api/{path}", content=body).json() == len(body)
    foreign = client.post(f"/gradio_api/{path}", content=body, headers={"origin": FOREIGN})
    assert foreign.status_code == 403


nested = st.recursive(
    st.none() | st.text() | st.just(FILE),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=50, deadline=None)
@given(nested)
def test_a_file_is_found_wherever_it_is(value: Any) -> None:
    from bot.page.guard import _read_event

    body = json.dumps(value).encode()
    if '"path": "http://10.0.0.1/x"' in body.decode():
        with pytest.raises(ValueError, match="file"):
            _read_event(body)
    else:
        assert _read_event(body) == json.loads(body)
