"""Hostile words wherever the page shows any: shown as words, and nothing else comes of them.

The browser is told not to heed the page's Content-Security-Policy: escaping alone must do.
"""

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

from ingest.store import Store
from tests.browser import CHROMIUM, FLAGS, PATIENCE, needs_chromium
from tests.hostile import (
    FOREIGN,
    PASSWORD,
    PAYLOADS,
    make_answers,
    make_hostile_library,
    make_talk,
    shown_of,
    tidy,
)
from tests.libraries import ROOT
from tests.test_staff import wait_for

pytestmark = needs_chromium

# Where words of articles, readers and answers stand, and the elements and attributes of the page's
# own that may stand there.
PLACES = (
    "#chat .asked", "#chat .answer", "#chat .welcome", "#chat .examples", "#reading", ".cards",
    "#talks ul", "#chip .chip", "#follow-ups .follow-up", ".card", ".staff-table",
    "#staff-question p", "#staff-results p",
)  # fmt: skip
ELEMENTS = (
    "A", "ARTICLE", "B", "BLOCKQUOTE", "BUTTON", "DETAILS", "DIV", "FOOTER", "H2", "H3", "H4",
    "INPUT", "LI", "MARK", "OL", "P", "Q", "SPAN", "SUMMARY", "TABLE", "TBODY", "TD", "TH",
    "THEAD", "TIME", "TR", "UL",
)  # fmt: skip
ATTRIBUTES = (
    "class", "href", "id", "type", "role", "tabindex", "title", "lang", "hidden", "checked",
    "datetime", "rel", "target", "download", "scope", "data-action", "data-text", "data-article",
    "data-head",
)  # fmt: skip
# What a payload made: a trace that it ran, elements of its own, elements and attributes that no
# words of ours have, addresses of the foreign host (the link to an article's original is ours).
SURVEY = """([places, elements, attributes, foreign]) => {
  const found = [];
  const say = (what, element) => found.push(`${what}: ${element.outerHTML.slice(0, 160)}`);
  if (window.pwned !== undefined) found.push(`ran: ${window.pwned}`);
  document.querySelectorAll('.pwn, [id^=pwn], [name=pwn]').forEach((item) => say('made', item));
  for (const item of document.querySelectorAll('*')) {
    if (item.matches('a.original[rel="noopener noreferrer"]')) continue;
    for (const name of ['src', 'srcset', 'href', 'action', 'poster', 'data', 'style']) {
      if (item.getAttribute(name)?.includes(foreign)) say(`leads to ${foreign}`, item);
    }
  }
  const within = places.flatMap((place) => [...document.querySelectorAll(place)]);
  for (const item of within.flatMap((root) => [...root.querySelectorAll('*')])) {
    if (!elements.includes(item.tagName)) say('odd element', item);
    for (const { name } of item.attributes) {
      if (!attributes.includes(name) && !name.startsWith('aria-')) say(`odd ${name}`, item);
    }
    if (item.matches('a:not(.original)')) {
      const { origin, pathname } = new URL(item.href, location.href);
      const ours = pathname.startsWith('/a/') || pathname === '/staff/feedback.jsonl';
      if (origin !== location.origin || !ours) say('odd link', item);
    }
  }
  return [found, within.length];
}"""


@dataclass
class Tally:
    """What came of all payloads: where they were shown, and what ran, was made or asked for."""

    shown: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    requested: list[str] = field(default_factory=list)

    def note_dialog(self, dialog: Dialog) -> None:
        """Write down a dialog that nobody asked for, and close it."""
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def check_shown(self, place: str, text: str, wanted: Sequence[str]) -> None:
        """Check that all of `wanted` stand in the text of a place, and count them."""
        text = tidy(text)
        lost = [words for words in map(tidy, wanted) if words not in text]
        assert not lost, f"{place} does not show {lost}"
        self.shown[place] = self.shown.get(place, 0) + len(wanted)


@dataclass(frozen=True)
class Site:
    """A running server, the folder of its library, and what knocked at the foreign host."""

    address: str
    store: Path
    knocks: list[bytes]


@contextmanager
def count_knocks(knocks: list[bytes]) -> Iterator[int]:
    """Listen where the foreign host is; yield the port. Whoever connects is written down."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            while True:
                try:
                    with server.accept()[0] as guest:
                        guest.settimeout(1)
                        knocks.append(guest.recv(200))
                except TimeoutError:
                    knocks.append(b"")
                except OSError:
                    return

        threading.Thread(target=listen, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


@contextmanager
def serve(store: Path) -> Iterator[str]:
    """Serve the real page on a library in a process of its own; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "tests.hostile", str(store), str(port)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(address)
            yield address
        finally:
            # It would wait for pages that are open still.
            process.kill()


@pytest.fixture(scope="module")
def knocks() -> list[bytes]:
    return []


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, knocks: list[bytes]) -> Iterator[Site]:
    """The real page on the library of hostile articles."""
    store = make_hostile_library(tmp_path_factory.mktemp("hostile"))
    with serve(store) as address:
        yield Site(address, store, knocks)


@pytest.fixture(scope="module")
def tally() -> Tally:
    return Tally()


@pytest.fixture(scope="module")
def browser(knocks: list[bytes]) -> Iterator[Browser]:
    """A Chromium that finds the foreign host at the listener."""
    with count_knocks(knocks) as port, sync_playwright() as playwright:
        rule = f"--host-resolver-rules=MAP {FOREIGN}:* 127.0.0.1:{port}, MAP *.invalid 127.0.0.1:1"
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, rule])
        yield opened
        opened.close()


@contextmanager
def open_page(browser: Browser, tally: Tally, *, bypass_csp: bool = True) -> Iterator[Page]:
    """Open a page whose requests are written down."""
    context = browser.new_context(bypass_csp=bypass_csp, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.on("request", lambda request: tally.requested.append(request.url))
    page.on("dialog", lambda dialog: tally.note_dialog(dialog))
    try:
        yield page
    finally:
        context.close()


def survey(page: Page, tally: Tally) -> None:
    """Look for anything that a payload made."""
    found, places = page.evaluate(SURVEY, [PLACES, ELEMENTS, ATTRIBUTES, FOREIGN])
    assert places
    tally.faults += found
    assert not found


def read(page: Page, selector: str) -> str:
    """Return the text of all elements of a kind, also of those out of sight."""
    return "\n".join(page.locator(selector).evaluate_all("all => all.map((i) => i.textContent)"))


def test_the_host_is_listened_at(browser: Browser, knocks: list[bytes]) -> None:
    """The proof that a request would be counted."""
    page = browser.new_page()
    page.set_content(f"<img src=http://{FOREIGN}/canary.png>")
    page.wait_for_timeout(300)
    page.close()
    assert any(b"canary" in knock for knock in knocks)
    knocks.clear()


def test_articles_in_lists_and_panel(site: Site, browser: Browser, tally: Tally) -> None:
    words = [shown_of(payload) for payload in PAYLOADS]
    # Gradio translates what asks for it in its lists of options, into text again.
    options = [item for item in words if "__i18n__" not in item]
    with open_page(browser, tally) as page:
        page.goto(site.address)
        page.locator("#reading .cards li").nth(len(PAYLOADS) - 1).wait_for()
        tally.check_shown("list in the panel: title", read(page, "#reading .cards .place"), words)
        tally.check_shown("list in the panel: topics", read(page, "#reading .details"), words)
        tally.check_shown("list in the panel: summary", read(page, "#reading .summary"), words)
        page.locator("#chat .example").nth(len(PAYLOADS) - 1).wait_for()
        tally.check_shown("examples", read(page, "#chat .example"), PAYLOADS)
        survey(page, tally)
        page.get_by_role("tab", name="Library").click()
        page.locator("#cards .cards li").nth(len(PAYLOADS) - 1).wait_for()
        tally.check_shown("library: title, topics, summary", read(page, "#cards .cards"), words)
        labels = page.locator("#cards input").evaluate_all("all => all.map((i) => i.ariaLabel)")
        tally.check_shown("library: label of the box", "\n".join(labels), words)
        survey(page, tally)
        page.get_by_label("Topics").click()
        page.get_by_role("option").nth(len(PAYLOADS) - 1).wait_for()
        tally.check_shown("topics to choose from", read(page, "[role=option]"), options)
        survey(page, tally)


def test_articles_as_they_are_read(site: Site, browser: Browser, tally: Tally) -> None:
    """Each article in the panel, by its link there, then as a page of its own."""
    with Store(site.store) as library:
        articles = {item.article_id: item.title for item in library.list_articles()}
    with open_page(browser, tally) as page:
        page.goto(site.address)
        page.locator("#reading .cards li").nth(len(PAYLOADS) - 1).wait_for()
        for article_id, words in articles.items():
            page.evaluate(
                """(id) => {
              const link = document.createElement('a');
              link.href = `/a/${id}#0-12`;
              document.querySelector('#reading').append(link);
              link.click();
            }""",
                article_id,
            )
            page.locator(f'#reading article[data-article="{article_id}"]').wait_for()
            tally.check_shown("panel", read(page, "#reading article"), [words] * 5)
            survey(page, tally)
        for article_id, words in articles.items():
            page.goto(f"{site.address}/a/{article_id}?start=0&end=12#{words}")
            tally.check_shown("own page", read(page, "#reading article"), [words] * 5)
            tally.check_shown("title of the window", page.title(), [words])
            survey(page, tally)


def test_a_conversation_bent_by_hand(site: Site, browser: Browser, tally: Tally) -> None:
    answers = make_answers(site.store)
    talks = [make_talk(answers, "whole", "whole")]
    talks += [make_talk(answers[:1], f"t{n}", words) for n, words in enumerate(PAYLOADS)]
    odd = ["null", "5", "{", '{"turns": 1}', '{"turns": [1], "title": {}}']
    with open_page(browser, tally) as page:
        page.goto(f"{site.address}/words")
        for number, kept in enumerate([*map(json.dumps, talks), *odd]):
            keep = "([key, kept]) => localStorage.setItem(key, kept)"
            page.evaluate(keep, [f"footnote-talk-{number}", kept])
        page.goto(site.address)
        page.locator("#talks li").nth(len(talks) - 1).wait_for(state="attached")
        tally.check_shown("sidebar", read(page, "#talks .talk"), PAYLOADS)
        page.evaluate(
            "[...document.querySelectorAll('.talk')].find((i) => i.textContent === 'whole').click()"
        )
        page.locator("#chat .answer").nth(len(answers) - 1).wait_for()
        tally.check_shown("question, kept", read(page, "#chat .asked"), PAYLOADS)
        said, refused = "#chat .answer:not(.refusal)", "#chat .refusal"
        words = [shown_of(payload) for payload in PAYLOADS]
        tally.check_shown("answer: quote", read(page, f"{said} .said"), words)
        tally.check_shown("answer: understood and scope", read(page, f"{said} .hint"), PAYLOADS)
        tally.check_shown("answer: title, heading", read(page, f"{said} .place"), PAYLOADS)
        tally.check_shown("answer: author", read(page, f"{said} .details"), words)
        tally.check_shown("refusal: text", read(page, f"{refused} .said"), PAYLOADS)
        tally.check_shown("refusal: nearest", read(page, f"{refused} blockquote"), words)
        survey(page, tally)
        cards = page.evaluate("""() => [...document.querySelectorAll('a.cite')].map((link) => {
          link.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
          return document.querySelector('.card').textContent;
        })""")
        tally.check_shown("card of a citation", "\n".join(cards), words)
        survey(page, tally)


def test_what_a_reader_types(site: Site, browser: Browser, tally: Tally) -> None:
    with open_page(browser, tally) as page:
        page.goto(site.address)
        box = page.locator("#question textarea")
        half = len(PAYLOADS) // 2
        for turn, part in enumerate([PAYLOADS[:half], PAYLOADS[half:]]):
            page.locator("#question button").last.wait_for()
            box.fill("When was the bridge opened? " + " ".join(part))
            box.press("Enter")
            page.locator("#chat .answer").nth(turn).wait_for()
            page.locator("#follow-ups .follow-up").nth(len(PAYLOADS) - 1).wait_for()
            tally.check_shown("question, asked", read(page, "#chat .asked"), part)
            tally.check_shown("follow-ups", read(page, "#follow-ups .follow-up"), PAYLOADS)
            survey(page, tally)
        page.get_by_role("tab", name="Library").click()
        for label in ("Search in titles", "From date", "To date"):
            page.get_by_label(label).fill("".join(PAYLOADS[40:50]))
        page.locator("#cards .hint").wait_for()
        survey(page, tally)


def test_what_staff_see(site: Site, browser: Browser, tally: Tally) -> None:
    words = [shown_of(payload) for payload in PAYLOADS]
    # Gradio translates what asks for it in its lists of options, into text again.
    options = [item for item in words if "__i18n__" not in item]
    with open_page(browser, tally) as page:
        page.goto(f"{site.address}/?view=staff")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("input[name=password]").press("Enter")
        page.locator("#staff-feedback tbody tr").nth(len(PAYLOADS) - 1).wait_for()
        tally.check_shown("staff: feedback", read(page, "#staff-feedback td"), PAYLOADS)
        tally.check_shown("staff: changes", read(page, "#staff-changes td"), words)
        survey(page, tally)
        page.get_by_label("Article", exact=True).click()
        page.get_by_role("option").nth(len(PAYLOADS) - 1).wait_for()
        tally.check_shown("staff: articles to remove", read(page, "[role=option]"), options)
        survey(page, tally)
        page.get_by_role("option").nth(8).click()
        page.get_by_role("button", name="Remove …").click()
        page.locator("#staff-question p").wait_for()
        survey(page, tally)


def test_nothing_came_of_them(tally: Tally, knocks: list[bytes]) -> None:
    """The sum of all the above."""
    foreign = [url for url in tally.requested if FOREIGN in url]
    places, times = len(tally.shown), sum(tally.shown.values())
    print(
        f"{len(PAYLOADS)} payloads in {places} places, shown {times:,} times: "
        f"{len(tally.faults)} faults, {len(foreign)} requests, {len(knocks)} connections"
    )
    assert len(set(PAYLOADS)) >= 60 and places >= 18
    assert (tally.faults, foreign, knocks) == ([], [], [])
