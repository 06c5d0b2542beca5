"""The tab for staff as they have it: a real server on loopback, a real Chromium."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Page

from bot.answer import Bot
from bot.page.door import COOKIE
from bot.page.opening import OpenLibrary
from bot.page.strings import WORDS
from ingest.feedback import add_feedback
from ingest.store import Store
from ingest.sync import sync
from ingest.write import open_writer
from tests.articles import WordEmbedder, make_text, write_articles
from tests.browser import PATIENCE, needs_chromium, open_browser, run_axe
from tests.libraries import ROOT, load_reader, write_texts

PASSWORD = "correct horse"  # noqa: S105


HOSTILE = "<img src=x onerror='window.pwned=1'> ${window.pwned=2} {{value}}"
LIGHTHOUSE = (
    "The lighthouse of Riga\n\nThe lighthouse of Riga has a beacon that shines for twelve miles. "
    "It was built in 1931 and its keeper retired in 1978."
)


@dataclass(frozen=True)
class Site:
    """A running server, and the folder with its library."""

    address: str
    folder: Path

    @property
    def library(self) -> Path:
        return self.folder / "library"


class WordsLibrary(OpenLibrary):
    """A library without a model that is not being made."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._words_bot = Bot(Store(path), WordEmbedder(), reader=load_reader(), threshold=0)

    def get_bot(self) -> Bot:
        return self._words_bot

    def read_making(self) -> None:
        return None


def serve_staff(path: Path, port: int) -> None:
    """Serve a page that is the staff's tab only, with a count that its changes refresh."""
    import gradio
    import uvicorn
    from fastapi import FastAPI
    from fastapi.staticfiles import StaticFiles

    from bot.page.door import StaffDoor
    from bot.page.guard import GuardUploads
    from bot.page.staff import build_staff_tab
    from bot.page.staff_routes import make_staff_routes
    from bot.page.theme import make_theme

    library, door = WordsLibrary(path), StaffDoor(PASSWORD)
    i18n = gradio.I18n(**{name: dict(words) for name, words in WORDS.items()})
    app = FastAPI()
    app.include_router(make_staff_routes(door, library))
    app.add_middleware(GuardUploads, door=door)
    static = ROOT / "bot" / "page" / "static"
    app.mount("/page", StaticFiles(directory=static))
    with gradio.Blocks(title="Staff", analytics_enabled=False) as page:
        gradio.HTML("<h1>Staff</h1>")
        count = gradio.HTML("", elem_id="count")
        with gradio.Tabs():
            staff = build_staff_tab(library, door, i18n)
        page.load(staff.show, None, staff.outputs, api_visibility="private")
        staff.changed.change(
            lambda: str(len(library.get_bot().store.list_articles())),
            None,
            count,
            api_visibility="private",
        )
    gradio.mount_gradio_app(
        app,
        page,
        "/",
        server_name="127.0.0.1",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size="20mb",
        ssr_mode=False,
        i18n=i18n,
        css_paths=[static / "page.css", static / "staff.css"],
        theme=make_theme(),
    )
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The tab on a library of three articles, one of them uploaded, with a word of a reader."""
    folder = tmp_path_factory.mktemp("staff")
    sync(write_articles(folder / "articles", 3), folder / "library", WordEmbedder())
    answer = {"text": "In Oslo [1].", "citations": []}
    add_feedback(folder / "library", HOSTILE, HOSTILE, False, "Not there.", answer)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.test_staff", str(folder / "library"), str(port)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        address = f"http://127.0.0.1:{port}"
        wait_for(address)
        yield Site(address, folder)
        process.terminate()


def wait_for(address: str) -> None:
    """Wait until a server answers."""
    for _ in range(300):
        try:
            httpx.get(address, timeout=5)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(address)


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """One page for all tests: it stays logged in."""
    with open_browser() as browser:
        opened = browser.new_page(viewport={"width": 1440, "height": 900})
        opened.set_default_timeout(PATIENCE)
        yield opened


def call_event(site: Site, name: str, data: list[Any], cookies: dict[str, str]) -> dict[str, Any]:
    """Send the event of the handler `name` over HTTP, as no browser would; return what came."""
    config = httpx.get(f"{site.address}/config").json()
    number = next(i["id"] for i in config["dependencies"] if i["api_name"] == name)
    body = {"data": data, "fn_index": number, "session_hash": uuid4().hex}
    with httpx.Client(base_url=site.address, cookies=cookies) as client:
        assert client.post("/gradio_api/queue/join", json=body).status_code == 200
        params = {"session_hash": body["session_hash"]}
        for line in client.get("/gradio_api/queue/data", params=params, timeout=20).iter_lines():
            if "process_completed" in line:
                return dict(json.loads(line.removeprefix("data:")))
    raise AssertionError(f"the event {name} came to no end")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("refresh", []),
        ("add", [None, True]),
        ("ask", [None]),
        ("remove", [None]),
        ("read_again", []),
    ],
)
def test_an_event_without_the_cookie_is_refused(site: Site, name: str, data: list[Any]) -> None:
    for cookies in ({}, {COOKIE: "guessed"}):
        reply = call_event(site, name, data, cookies)
        assert reply["success"] is False
        assert reply["output"]["error"] == WORDS["en"]["staff_only"]


def test_others_are_sent_the_login_form_only(site: Site) -> None:
    reply = json.dumps(call_event(site, "show", [], {})["output"])
    assert "/staff/login" in reply
    assert "Report" not in reply and "Not there." not in reply
    assert "Report" not in httpx.get(f"{site.address}/config").text


def test_gradio_takes_no_upload_without_the_cookie(site: Site) -> None:
    for path in ("/gradio_api/upload", "/upload", "/gradio_api/upload/"):
        reply = httpx.post(site.address + path, files={"files": ("a.txt", b"text")})
        assert reply.status_code in {403, 404, 405}
    assert httpx.post(f"{site.address}/gradio_api/upload").status_code == 403


@needs_chromium
def test_the_password_opens_the_desk(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/?view=staff")
    enter(page, "wrong")
    page.get_by_text(WORDS["en"]["staff_wrong"]).wait_for()
    assert not page.locator("#staff-desk").is_visible()
    assert run_axe(page) == []
    enter(page, PASSWORD)
    page.locator("#staff-changes tbody tr").nth(2).wait_for()
    assert not page.locator(".staff-door").is_visible()
    assert page.locator("#staff-feedback").get_by_text(HOSTILE).is_visible()
    assert page.evaluate("window.pwned === undefined")
    assert page.evaluate("document.cookie") == ""
    with page.expect_download() as download:
        page.locator("#staff-feedback a.export").click()
    lines = Path(download.value.path()).read_text().splitlines()
    assert [json.loads(line)["typed"] for line in lines] == [HOSTILE]


@needs_chromium
def test_good_files_are_added_and_bad_ones_named(site: Site, page: Page) -> None:
    new = write_texts(site.folder / "new", {"lighthouse.txt": LIGHTHOUSE})
    (new / "damaged.docx").write_bytes(b"PK\x03\x04" + bytes(200))
    add(page, new / "lighthouse.txt", new / "damaged.docx")
    page.locator("#staff-results .added").wait_for()
    rows = page.locator("#staff-results tbody tr").all_inner_texts()
    assert [row.split()[0] for row in rows] == ["lighthouse.txt", "damaged.docx"]
    assert "failed" in rows[1] and "docx" in rows[1].split("failed")[1]
    assert read_titles(page, 4)[0] == "The lighthouse of Riga"
    assert page.locator("#count").inner_text() == "4"
    assert page.locator("#staff-changes .failed").count() == 1
    with Store(site.library) as store:
        assert store.search_words("beacon", 5)
    add(page, new / "lighthouse.txt")
    page.locator("#staff-results .twin").wait_for()
    (new / "lighthouse.txt").write_text(LIGHTHOUSE.replace("beacon", "lantern"))
    page.get_by_label(WORDS["en"]["upload_replace"]).check()
    add(page, new / "lighthouse.txt")
    page.locator("#staff-results .replaced").wait_for()


@needs_chromium
def test_an_article_is_removed_once_that_is_confirmed(site: Site, page: Page) -> None:
    choose(page, "The lighthouse of Riga")
    page.locator("#staff-ask").click()
    page.get_by_role("button", name=WORDS["en"]["removal_no"]).click()
    page.locator("#staff-sure").wait_for(state="hidden")
    assert len(read_titles(page, 4)) == 4
    page.locator("#staff-ask").click()
    page.get_by_role("button", name=WORDS["en"]["removal_yes"]).click()
    page.get_by_text("“The lighthouse of Riga” is removed.").wait_for()
    page.locator("#staff-changes .removed").wait_for()
    assert page.locator("#count").inner_text() == "3"
    assert not (site.library / "uploads" / "lighthouse.txt").exists()


@needs_chromium
def test_changed_files_are_read_again(site: Site, page: Page) -> None:
    (site.folder / "articles" / "report-01.txt").write_text(make_text(1, version=1))
    page.locator("#staff-reingest").click()
    page.get_by_text("Done: 1 changed, 0 added, 0 removed, 2 unchanged, 0 failed.").wait_for()
    page.locator("#staff-changes").get_by_text("new text").first.wait_for()


@needs_chromium
def test_a_library_that_cannot_be_written_is_told(site: Site, page: Page) -> None:
    with open_writer(site.library, WordEmbedder()):
        page.locator("#staff-reingest").click()
        page.locator("#staff-progress [role=alert]").wait_for()
        choose(page, "Report 0 on the harbour")
        page.locator("#staff-ask").click()
        page.get_by_role("button", name=WORDS["en"]["removal_yes"]).click()
        page.locator("#staff-question [role=alert]").wait_for()
        write_texts(site.folder / "new", {"late.txt": LIGHTHOUSE})
        add(page, site.folder / "new" / "late.txt")
        page.locator("#staff-results [role=alert]").wait_for()
    assert not (site.library / "uploads" / "late.txt").exists()
    page.locator("#staff-add").click()
    page.locator("#staff-results .added").wait_for()


@needs_chromium
def test_logout_shuts_the_desk(site: Site, page: Page) -> None:
    assert run_axe(page) == []
    page.locator(".staff-account button").click()
    page.locator(".staff-door").wait_for()
    assert not page.locator("#staff-desk").is_visible()
    assert page.context.cookies() == []


def enter(page: Page, password: str) -> None:
    page.locator(".staff-door input").fill(password)
    page.keyboard.press("Enter")


def add(page: Page, *files: Path) -> None:
    """Choose files and press the button once they are sent."""
    page.locator("#staff-files input[type=file]").set_input_files(list(files))
    page.locator("#staff-files").get_by_text(files[-1].stem).first.wait_for()
    page.locator("#staff-add").click()


def choose(page: Page, title: str) -> None:
    page.locator("#staff-articles input").click()
    page.get_by_role("option", name=title).click()


def read_titles(page: Page, count: int) -> list[str]:
    """Return the articles to choose from, once there are `count`."""
    page.locator("#staff-articles input").click()
    options = page.get_by_role("option")
    options.nth(count - 1).wait_for()
    titles = [text.strip(" ✓\n") for text in options.all_inner_texts()]
    page.keyboard.press("Escape")
    return sorted(titles, reverse=True)


if __name__ == "__main__":
    serve_staff(Path(sys.argv[1]), int(sys.argv[2]))
