"""The readers' password: what is shut without it, the form, the cookie, links into the page."""

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.page.door import READERS_COOKIE, ReadersDoor
from bot.page.readers import ReadersOnly, make_entrance
from tests.hostile import FOREIGN

PASSWORD = "the readers' own"  # noqa: S105
HTML = {"Accept": "text/html,*/*"}


@pytest.fixture
def client() -> Iterator[TestClient]:
    app, door = FastAPI(), ReadersDoor(PASSWORD)
    app.include_router(make_entrance(door))
    app.add_middleware(ReadersOnly, door=door)

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    def answer(path: str) -> str:
        return path

    with TestClient(app, follow_redirects=False) as opened:
        yield opened


@pytest.mark.parametrize(
    "path",
    ["/", "/a/x", "/articles", "/words", "/gradio_api/queue/join", "/gradio_api/upload", "/config",
     "/staff/login", "/export.md", "/page/page.js", "/v1x", "//v1/answers", "/mcp/", 
     "/enter/", "/%2e%2e/enter", "/page/page.css/", "/healthz/x", "/widgets", "/widget.js/x"],
)  # fmt: skip
def test_all_but_what_has_a_gate_of_its_own_is_shut(client: TestClient, path: str) -> None:
    for method in ("GET", "POST", "HEAD", "DELETE"):
        assert client.request(method, path).status_code == 401
    assert client.get(path, headers=HTML).headers["location"].startswith("/enter?onward=")
    assert client.post(path, headers=HTML).status_code == 401
    client.cookies.set(READERS_COOKIE, "guessed")
    assert client.get(path).status_code == 401


@pytest.mark.parametrize("path", ["/v1", "/v1/answers", "/mcp", "/widget/token", "/widget.js",
                                  "/metrics", "/healthz", "/readyz", "/page/page.css"])  # fmt: skip
def test_what_has_a_gate_of_its_own_is_passed_on(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_a_link_leads_to_the_form_and_on_to_where_it_led(client: TestClient) -> None:
    reply = client.get("/a/x%20y?v=12&also=1-2", headers=HTML)
    assert reply.status_code == 303
    form = client.get(reply.headers["location"])
    assert 'name="onward" value="/a/x%20y?v=12&amp;also=1-2"' in form.text
    body = {"password": PASSWORD, "onward": "/a/x%20y?v=12&also=1-2"}
    reply = client.post("/enter", data=body)
    assert (reply.status_code, reply.headers["location"]) == (303, body["onward"])
    cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "max-age" not in cookie
    assert "secure" not in cookie
    assert client.get("/a/x").status_code == 200


@pytest.mark.parametrize("onward", ["//evil.test", "/\\evil.test", "https://evil.test", "", "x",
                                    "/\n/evil.test", "/" + "x" * 3000, "javascript:1"])  # fmt: skip
def test_the_form_leads_nowhere_else(client: TestClient, onward: str) -> None:
    reply = client.post("/enter", data={"password": PASSWORD, "onward": onward})
    assert (reply.status_code, reply.headers["location"]) == (303, "/")


def test_what_the_address_says_is_not_markup(client: TestClient) -> None:
    onward = '"><script>alert(1)</script>'
    assert "<script>alert" not in client.get("/enter", params={"onward": onward}).text


def test_guesses_are_few_and_from_here(client: TestClient) -> None:
    headers = {"Origin": FOREIGN}
    assert client.post("/enter", data={"password": PASSWORD}, headers=headers).status_code == 403
    for guess in ("", "wrong", PASSWORD.upper(), PASSWORD + " ", "x" * 3000):
        reply = client.post("/enter", data={"password": guess})
        assert reply.status_code == 403 and "set-cookie" not in reply.headers
        assert 'role="alert"' in reply.text
    reply = client.post("/enter", data={"password": PASSWORD})
    assert (reply.status_code, reply.headers["retry-after"]) == (429, "60")
    assert client.post("/enter", content=b"x" * 5000).status_code == 413
