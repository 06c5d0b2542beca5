"""The page as a reader has it: a real server on loopback, a real Chromium."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, sync_playwright

from app import SECURITY_HEADERS, find_port
from ingest.embed import Embedder
from ingest.sync import sync
from tests.libraries import ARTICLE_4, ICELAND, ROOT, write_texts

pytest_plugins = ["tests.library_fixtures"]

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
HOSTILE = (
    "<script>window.pwned = 1</script><img src='http://127.0.0.1:9/x' onerror='window.pwned=2'>"
)
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="NO CHROMIUM: the page is not tested; install Debian's chromium"
)


def serve(store: Path) -> Iterator[str]:
    """Run `python app.py` on a library in a process of its own; yield the address it prints."""
    command = [sys.executable, "app.py", "--store", str(store), "--port", "7960", "--no-browser"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        line = next((line for line in lines if line.startswith("Footnote is at ")), "")
        address = line.removeprefix("Footnote is at ").split(" ")[0]
        with httpx.Client(transport=httpx.HTTPTransport(retries=20)) as client:
            assert client.get(address).status_code == 200
        yield address
        process.terminate()


@pytest.fixture(scope="module")
def address(library: Path) -> Iterator[str]:
    """The page of the library of corpus/."""
    yield from serve(library)


@pytest.fixture(scope="module")
def hostile_address(
    tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, model_folder: Any
) -> Iterator[str]:
    """The page of a library with a hostile article."""
    folder = tmp_path_factory.mktemp("hostile")
    text = f"The bridge {HOSTILE}\n\nThe bridge was opened in 1931 {HOSTILE} by the mayor."
    write_texts(folder / "articles", {"bridge.txt": text})
    sync([folder / "articles"], folder / "library", embedder)
    model_folder(folder / "library")
    yield from serve(folder / "library")


@pytest.fixture
def page() -> Iterator[Page]:
    """A page of a real, headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page(viewport={"width": 1440, "height": 900})
        browser.close()


def ask(page: Page, question: str) -> None:
    """Type a question and send it."""
    page.locator("textarea").fill(question)
    page.keyboard.press("Enter")


def test_headers_keep_other_hosts_out(address: str) -> None:
    for path in ("/", "/a/comprehensive-strategic-partnership-treaty", "/page/page.css"):
        reply = httpx.get(address + path)
        assert reply.status_code == 200
        assert {name: reply.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_an_article_is_served_with_its_mark(address: str) -> None:
    reply = httpx.get(f"{address}/a/comprehensive-strategic-partnership-treaty?start=0&end=10")
    assert '<mark id="quote">The Treaty</mark>' in reply.text
    fragment = httpx.get(f"{address}/a/trade-figures?fragment=1").text
    assert fragment.startswith("<article") and "<html" not in fragment


@pytest.mark.parametrize("path", ["/a/no-such-article", "/a/..%2f..%2fetc%2fpasswd"])
def test_what_is_not_there_is_404(address: str, path: str) -> None:
    assert httpx.get(address + path).status_code == 404


def test_find_port_passes_over_one_in_use(address: str) -> None:
    port = int(address.rsplit(":", 1)[1])
    assert find_port(port) > port


@needs_chromium
def test_ask_read_and_check(address: str, page: Page) -> None:
    page.goto(address)
    page.locator("#reading .library li").nth(23).wait_for()
    ask(page, ARTICLE_4)
    link = page.locator("a.cite").first
    link.wait_for()
    quote = link.get_attribute("title")
    link.click()
    mark = page.locator("#reading mark")
    mark.wait_for()
    assert quote and mark.inner_text() == quote
    page.locator("#back").click()
    page.locator("#reading .library").wait_for()
    ask(page, ICELAND)
    page.locator(".refusal").wait_for()
    assert page.locator(".refusal blockquote").count() == 3


@needs_chromium
def test_a_follow_up_is_understood_from_the_conversation(address: str, page: Page) -> None:
    page.goto(address)
    ask(page, "When was the Agreed Framework signed?")
    page.locator(".answer b").first.wait_for()
    assert "1994" in page.locator(".answer p").first.inner_text()
    ask(page, "Why did it collapse?")
    page.get_by_text("Understood as: Why did the Agreed Framework collapse?").wait_for()


@needs_chromium
def test_a_hostile_article_runs_nothing_and_reaches_nobody(
    hostile_address: str, page: Page
) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(hostile_address)
    ask(page, "When was the bridge opened?")
    link = page.locator("a.cite").first
    link.wait_for()
    link.click()
    page.locator("#reading mark").wait_for()
    assert page.evaluate("window.pwned === undefined")
    assert "<script>" in page.locator("#reading mark").inner_text()
    foreign = [url for url in requested if not url.startswith((hostile_address, "data:", "blob:"))]
    assert foreign == []
