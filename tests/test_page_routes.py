"""The page's routes: articles with quotes marked, links that outlive changes, exports."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape, unescape
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from bot.page.library import Shelf
from bot.page.opening import OpenLibrary
from bot.page.routes import make_routes
from bot.page.strings import WORDS
from ingest.embed import Embedder
from ingest.sync import sync
from tests.libraries import write_texts
from tests.page_articles import ARTICLE, make_answer

pytest_plugins = ["tests.library_fixtures"]

BEFORE = "The bridge was opened in 1931. The mayor cut the ribbon.\n\nIt carries two roads."
QUOTE = "The mayor cut the ribbon."


@contextmanager
def open_routes(store: Path) -> Iterator[TestClient]:
    """Serve the routes on a library."""
    library = OpenLibrary(store)
    app = FastAPI()
    app.include_router(make_routes(library, Shelf(library)))
    with TestClient(app) as client:
        yield client
    library.close()


@pytest.fixture(scope="module")
def bridge(
    tmp_path_factory: pytest.TempPathFactory,
    embedder: Embedder,
    model_folder: Callable[[Path], Path],
) -> Path:
    """A folder with a folder of one article, and the library of it."""
    folder = tmp_path_factory.mktemp("bridge")
    write_texts(folder / "articles", {"bridge.txt": f"The bridge\n\n{BEFORE}"})
    sync([folder / "articles"], folder / "library", embedder)
    model_folder(folder / "library")
    return folder


@pytest.fixture(scope="module")
def client(bridge: Path) -> Iterator[TestClient]:
    """The routes on a library with one article."""
    with open_routes(bridge / "library") as client:
        yield client


def read_mark(html: str) -> str:
    return "".join(unescape(text) for text in re.findall(r'<mark id="quote">(.*?)</mark>', html))


def ask_for_quote(client: TestClient, version: str | None, text: str) -> str:
    start = text.index(QUOTE)
    query = {"fragment": "true", "start": str(start), "end": str(start + len(QUOTE))}
    return client.get("/a/bridge", params=query | ({"v": version} if version else {})).text


def read_stored(client: TestClient) -> tuple[str, str]:
    """Return the article's stored text and the sha256 of it that its links carry."""
    html = client.get("/a/bridge", params={"fragment": "true", "start": "0", "end": "1"}).text
    link = re.search(r"/a/bridge\?v=([0-9a-f]{12})#0-1", html)
    assert link is not None
    paragraphs = re.findall(r"<(?:p|h\d)>(.*?)</(?:p|h\d)>", html)
    return unescape("\n\n".join(re.sub("<[^>]*>", "", item) for item in paragraphs)), link[1]


def test_a_quote_is_marked_and_can_be_copied(client: TestClient) -> None:
    text, version = read_stored(client)
    html = ask_for_quote(client, version, text)
    assert read_mark(html) == QUOTE and 'class="note"' not in html
    copied = [unescape(item) for item in re.findall(r'data-text="(.*?)"', html, re.DOTALL)]
    assert copied[0].startswith(f"“{QUOTE}”\nThe bridge\nhttp://testserver/a/bridge?v=")
    assert copied[1].startswith(f"> {QUOTE}\n>\n> [The bridge](http://testserver/a/bridge?v=")
    whole = client.get("/a/bridge").text
    assert whole.startswith("<!doctype html>") and "<mark" not in whole


def test_other_quotes_are_marked_lightly(client: TestClient) -> None:
    html = client.get("/a/bridge", params={"fragment": "true", "also": "0-3,4-10"}).text
    assert html.count('<mark class="also">') == 2 and 'id="quote"' not in html


def test_a_link_outlives_a_change_of_the_article(
    bridge: Path, tmp_path: Path, embedder: Embedder
) -> None:
    folder = shutil.copytree(bridge / "articles", tmp_path / "articles")
    sync([folder], tmp_path / "library", embedder)
    shutil.copytree(bridge / "library" / "models", tmp_path / "library" / "models")
    with open_routes(tmp_path / "library") as client:
        check_changes(client, folder, tmp_path / "library", embedder)


def check_changes(client: TestClient, articles: Path, store: Path, embedder: Embedder) -> None:
    """Ask for the quote after words were put before it, and after it was taken out."""
    text, version = read_stored(client)
    write_texts(articles, {"bridge.txt": f"The bridge\n\nA new beginning, a long one. {BEFORE}"})
    sync([articles], store, embedder)
    html = ask_for_quote(client, version, text)
    assert read_mark(html) == QUOTE and WORDS["en"]["quote_moved"] in html
    write_texts(articles, {"bridge.txt": "The bridge\n\nThe bridge is closed for good."})
    sync([articles], store, embedder)
    html = ask_for_quote(client, version, text)
    assert read_mark(html) == "" and WORDS["en"]["quote_gone"] in html and QUOTE in html


@pytest.mark.parametrize("path", ["/a/no-such-article", "/a/..%2f..%2fetc%2fpasswd"])
def test_what_is_not_there_is_404(client: TestClient, path: str) -> None:
    reply = client.get(path)
    assert reply.status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "fragment=true&v=../../x",
        "fragment=true&v=xyz",
        "also=1",
        "also=1-2;3-4",
        "start=x",
        "also=" + "9" * 40 + "-1",
    ],
)
def test_bent_questions_are_refused(client: TestClient, query: str) -> None:
    assert client.get(f"/a/bridge?{query}").status_code == 422


@pytest.mark.parametrize(
    ("path", "told"),
    [("/a/no-such-article", "no_article"), ("/a/bridge?v=xyz", "bad_link"),
     ("/a/bridge?v=", "bad_link")],
)  # fmt: skip
def test_a_link_that_leads_nowhere_shows_a_page(client: TestClient, path: str, told: str) -> None:
    for language in ("en", "ru"):
        words = WORDS[language]
        reply = client.get(path, headers={"accept-language": language})
        assert reply.status_code == 404 and reply.headers["content-type"].startswith("text/html")
        assert f'<html lang="{language}">' in reply.text and words[told] in reply.text
        assert f'<a href="/">← {words["all_articles"]}</a>' in reply.text
        assert "The bridge" not in reply.text


def test_a_place_that_is_not_in_the_text_is_no_change_of_it(client: TestClient) -> None:
    _, version = read_stored(client)
    for known in ({}, {"v": version}):
        query = {"fragment": "true", "start": "9000", "end": "9010", **known}
        html = client.get("/a/bridge", params=query).text
        assert escape(WORDS["en"]["quote_nowhere"]) in html and "has changed" not in html
    html = client.get("/a/bridge", params={**query, "v": "0" * 12}).text
    assert escape(WORDS["en"]["quote_gone"]) in html


@pytest.mark.parametrize("query", ["start=-9&end=4", "start=5&end=1", "start=0&end=999999"])
def test_odd_offsets_mark_nothing(client: TestClient, query: str) -> None:
    reply = client.get(f"/a/bridge?fragment=true&{query}")
    assert reply.status_code == 200 and read_mark(reply.text) == ""


def test_the_list_and_the_words_come_in_the_readers_language(client: TestClient) -> None:
    assert '<a class="place" href="/a/bridge">The bridge</a>' in client.get("/articles").text
    assert client.get("/words").json() == dict(WORDS["en"])


def test_a_conversation_is_exported_as_markdown(client: TestClient) -> None:
    answer = make_answer().to_dict()
    talk = {"id": "1", "title": "Talk", "turns": [{"answer": json.loads(json.dumps(answer))}]}
    reply = client.post("/export.md", json=talk)
    assert reply.status_code == 200 and f"/a/{ARTICLE.article_id}?v=" in reply.text
    assert client.post("/export.md", json={"turns": [1]}).status_code == 422
