"""Fixtures of the page's tests; a module that needs them names this one in `pytest_plugins`."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.browser import PATIENCE, open_browser
from tests.sites import Site, open_site, open_slow_site
from tests.visits import Visit

# Gradio's own stream is cut when a page is left, or its server stopped.
_LEFT = ("AbortError", "Unexpected error Connection errored out")


@pytest.fixture(scope="module")
def site(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The page of the library of corpus/."""
    copy = shutil.copytree(library, tmp_path_factory.mktemp("site") / "library")
    with open_site(copy) as opened:
        yield opened


@pytest.fixture(scope="module")
def slow_site(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The same, with a rest after each sentence of an answer."""
    copy = shutil.copytree(library, tmp_path_factory.mktemp("slow") / "library")
    with open_slow_site(copy) as opened:
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium."""
    with open_browser() as opened:
        yield opened


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Open pages, each in a context of its own."""
    errors: list[str] = []
    requests: list[str] = []
    addresses: list[str] = ["data:", "blob:"]

    def hear(told: ConsoleMessage) -> None:
        if told.type == "error":
            errors.append(told.text)

    def open_page(site: Site, path: str = "/", **options: Any) -> Page:
        size = {"width": 1440, "height": 900}
        context = browser.new_context(**{"viewport": size, "locale": "en-GB", **options})
        context.set_default_timeout(PATIENCE)
        context.on("console", hear)
        context.on("weberror", lambda error: errors.append(str(error.error)))
        context.on("request", lambda request: requests.append(request.url))
        addresses.append(site.address)
        page = context.new_page()
        page.goto(f"{site.address}{path}")
        return page

    yield open_page
    for context in browser.contexts:
        context.close()
    assert [text for text in errors if not text.startswith(_LEFT)] == []
    assert [url for url in requests if not url.startswith(tuple(addresses))] == []
