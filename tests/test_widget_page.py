"""The widget in a real Chromium, on pages of another site: hostile CSS, keys, policy, articles."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from bot.answer import Bot
from bot.cite import Answer, cite, quote_sentences
from bot.page.build import make_server
from bot.web.link import link_to_quote
from tests.api_server import PLENTY, OpenedLibrary, serve_app
from tests.browser import PATIENCE, needs_chromium, open_browser
from tests.doors import ICELAND, LIMA
from tests.hostile import FOREIGN, PAYLOADS, tidy
from tests.libraries import ROOT
from tests.other_site import OtherSite, open_other_site
from tests.page_articles import ARTICLE

pytest_plugins = ["tests.door_fixtures"]
pytestmark = needs_chromium
expect.set_options(timeout=PATIENCE)

FOLLOW_UP = "And how tall is its lighthouse?"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A blog</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{style}</head>
<body><main><h1>A blog</h1><p id="own">Its text.</p></main>{script}</body></html>"""
# A page that would do anything to what is embedded in it, and takes all keys for itself.
HOSTILE_STYLE = """<style>
  html { font: 3px cursive; color: red; letter-spacing: 9px; visibility: hidden; cursor: none; }
  body { visibility: visible; }
  footnote-widget, footnote-widget *, button, dialog, div, textarea, .panel {
    display: none !important; opacity: 0 !important; transform: scale(9) !important;
    filter: blur(9px) !important; pointer-events: none !important; background: red !important; }
</style><script nonce="own">window.keys = "";
  addEventListener("keydown", (event) => { keys += event.key; });</script>"""
STRICT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-own' {server}; "
    "connect-src {server}; require-trusted-types-for 'script'"
)
EXPECTED = re.compile("CORS policy|net::ERR_FAILED|status of 40[13]")
# Elements and attributes that no words of the widget's own have, and traces of a payload.
SURVEY = """([foreign]) => {
  const shadow = document.querySelector("footnote-widget").shadowRoot;
  const all = [...document.querySelectorAll("*"), ...shadow.querySelectorAll("*")];
  const tags = new Set([...shadow.querySelectorAll("*")].map((item) => item.localName));
  const names = new Set([...shadow.querySelectorAll("*")].flatMap((i) => i.getAttributeNames()));
  const made = all.filter((item) => item.matches(".pwn, [id^=pwn], [name=pwn]"));
  const links = [...shadow.querySelectorAll("a")].map((item) => item.href);
  return [window.pwned ?? "", made.length, [...tags].sort(), [...names].sort(), links];
}"""
TAGS = {
    "a", "b", "blockquote", "br", "button", "dialog", "div", "form", "h2", "header", "label", "li",
    "mark", "ol", "p", "path", "span", "svg", "textarea",
}  # fmt: skip
NAMES = {
    "class", "d", "dir", "enterkeyhint", "for", "hidden", "href", "id", "lang", "maxlength",
    "open", "placeholder", "rel", "role", "rows", "style", "tabindex", "target", "title", "type",
    "viewBox",
}  # fmt: skip


class ScriptedBot:
    """A bot whose answers hold hostile words everywhere; one to "wait" stops half way."""

    def __init__(self) -> None:
        self.may_go_on = threading.Event()

    def stream(self, question: str, *_: object, **__: object) -> Iterator[Answer]:
        """Yield one sentence of the answer, then all."""
        whole = answer_with_payloads(question)
        first = whole.citations[:1]
        yield replace(
            whole, citations=first, sentences=whole.sentences[:1], text=f"{first[0].quote} [1]"
        )
        if question == "wait":
            self.may_go_on.wait(20)
        yield whole


def answer_with_payloads(question: str) -> Answer:
    """Return an answer whose every string is hostile, with a citation for each payload."""
    citations = []
    for number, payload in enumerate(PAYLOADS, 1):
        text = f"{payload} {payload} {payload}"
        article = replace(
            ARTICLE, article_id=payload, title=payload, author=payload, published=payload,
            text=text, url="javascript:window.pwned=99" if number % 2 else f"https://{FOREIGN}/",
        )  # fmt: skip
        start = len(payload) + 1
        span = (start + 1, start + 4)
        citations.append(cite(number, article, start, start + len(payload), payload, span))
    cited = tuple(citations)
    text = " ".join(f"{item.quote} [{item.number}]" for item in cited)
    note = PAYLOADS[0]
    return Answer(question, f"{note}?", text, False, 0.3, cited, (), {}, quote_sentences(cited),
                  note, note)  # fmt: skip


def read_examples(server: str) -> list[str]:
    """Return the HTML of docs/widget.md, with the address of a server of ours."""
    text = (ROOT / "docs" / "widget.md").read_text(encoding="utf-8")
    assert "http://127.0.0.1:8000" in text
    examples: list[str] = re.findall(r"```html\n(.*?)```", text, re.DOTALL)
    return [example.replace("http://127.0.0.1:8000", server) for example in examples]


@pytest.fixture(scope="module")
def site(harbours: Path, harbour_bot: Bot) -> Iterator[OtherSite]:
    """A site whose pages embed the chat of two servers: the harbours', and of hostile answers."""
    with open_other_site() as opened:
        rules = replace(PLENTY, widget_origins=frozenset({opened.origin}))
        hostile: Any = ScriptedBot()
        servers = [
            make_server(OpenedLibrary(harbours, bot), rules, with_mcp=False, with_page=has_page)[0]
            for bot, has_page in ((harbour_bot, True), (hostile, False))
        ]
        with serve_app(servers[0]) as server, serve_app(servers[1]) as hostile_server:
            plain, inline = read_examples(server)
            opened.pages = {
                "/": PAGE.format(style="", script=plain),
                "/strict": PAGE.format(style=HOSTILE_STYLE, script=plain),
                "/hostile": PAGE.format(style="", script=plain.replace(server, hostile_server)),
                "/both": PAGE.format(style="", script=plain + inline),
                "/inline": PAGE.format(style="", script=inline.replace("#7a2048", "#ffd54a")),
            }
            opened.policies["/strict"] = STRICT_POLICY.format(server=server)
            yield opened
            hostile.may_go_on.set()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A reader's browser; nothing may go wrong in it that the test does not expect."""
    errors: list[str] = []

    def hear(told: ConsoleMessage) -> None:
        if told.type == "error":
            errors.append(told.text)

    with browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800}) as opened:
        opened.set_default_timeout(60_000)
        opened.on("weberror", lambda error: errors.append(str(error.error)))
        opened.on("console", hear)
        yield opened
        # What the browser itself says of a site that is not allowed, or a token that is too old.
        assert [text for text in errors if not EXPECTED.search(text)] == []


def open_page(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    return page


def ask(page: Page, question: str) -> None:
    """Type a question, send it, and wait for the whole answer."""
    page.get_by_role("textbox", name="Question").fill(question)
    page.keyboard.press("Enter")
    page.locator(".turn").last.locator(".sources").wait_for()


def run_axe(page: Page) -> list[str]:
    """Return what axe-core finds wrong with the widget."""
    page.evaluate(AXE_SCRIPT)
    found = page.evaluate("axe.run('footnote-widget')")["violations"]
    return [f"{rule['id']}: {node['html']}" for rule in found for node in rule["nodes"]]


def test_a_reader_asks_on_a_page_that_hides_everything(
    context: BrowserContext, site: OtherSite, harbour_bot: Bot
) -> None:
    page = open_page(context, f"{site.origin}/strict")
    own = "() => JSON.stringify(getComputedStyle(document.querySelector('#own')))"
    before = page.evaluate(own)
    launcher = page.get_by_role("button", name="Ask the articles")
    assert launcher.bounding_box() == {"x": 1204, "y": 724, "width": 56, "height": 56}
    launcher.click()
    box = page.get_by_role("textbox", name="Question")
    expect(box).to_be_focused()
    page.keyboard.type("When")
    page.keyboard.press("Shift+Enter")
    expect(box).to_have_value("When\n")
    ask(page, LIMA)
    expected = harbour_bot.ask(LIMA)
    assert page.locator(".answer button.cite").count() == len(expected.citations) >= 1
    for citation, number in zip(expected.citations, page.locator("button.cite").all(), strict=True):
        number.click()
        shown = page.locator(".quote:visible")
        assert shown.locator("mark").inner_text() == citation.quote
        assert citation.title in page.locator(".source[aria-expanded=true]").inner_text()
        link = shown.get_by_role("link", name="Read it in the article")
        server = re.findall(r"connect-src (\S+);", site.policies["/strict"])[0]
        assert link.get_attribute("href") == f"{server}{link_to_quote(citation)}"
        assert link.get_attribute("rel") == "noopener"
    assert page.locator(".answer b").first.inner_text() == "1902"
    ask(page, FOLLOW_UP)
    expect(page.locator(".turn").last).to_contain_text("Understood as: ")
    expect(page.locator(".turn").last).to_contain_text("31 metres")
    ask(page, ICELAND)
    refusal = page.locator(".answer.refusal")
    expect(refusal).to_contain_text("No answer in the articles")
    assert refusal.locator(".source").count() == len(harbour_bot.ask(ICELAND).nearest)
    assert page.evaluate("window.keys") == ""
    assert page.evaluate(own) == before
    shown = page.locator(".panel").evaluate(
        "(panel) => { const { opacity, transform, filter, visibility, letterSpacing } = "
        "getComputedStyle(panel); return [opacity, transform, filter, visibility, letterSpacing]; }"
    )
    assert shown == ["1", "none", "none", "visible", "normal"]


def test_by_keyboard_alone_and_from_page_to_page(context: BrowserContext, site: OtherSite) -> None:
    page = open_page(context, site.origin)
    page.locator(".launcher").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    panel = page.get_by_role("dialog", name="Ask the articles")
    expect(page.get_by_role("textbox", name="Question")).to_be_focused()
    page.keyboard.type(LIMA)
    page.keyboard.press("Enter")
    page.locator(".sources").wait_for()
    expect(page.get_by_role("status")).to_contain_text("1902")
    page.keyboard.press("Shift+Tab")
    source = page.locator(".source").last
    expect(source).to_be_focused()
    page.keyboard.press("Enter")
    expect(source).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_contain_text("Source 1, The harbour of Lima: “")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link")).to_be_focused()
    page.keyboard.press("Escape")
    expect(source).to_be_focused()
    expect(source).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(page.locator(".launcher")).to_be_focused()
    # The conversation goes along, and is that of the next question.
    page.reload()
    page.locator(".launcher").click()
    expect(page.locator(".turn")).to_have_count(1)
    ask(page, FOLLOW_UP)
    expect(page.locator(".turn").last).to_contain_text("31 metres")
    page.reload()
    expect(panel).to_be_visible()
    expect(page.locator(".turn")).to_have_count(2)
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".turn")).to_have_count(0)


def test_two_on_a_page_keep_a_conversation_each(context: BrowserContext, site: OtherSite) -> None:
    page = open_page(context, f"{site.origin}/both")
    inline = page.get_by_role("region", name="Ask the archive")
    inline.get_by_role("button", name=LIMA).click()
    expect(inline.locator(".sources")).to_have_count(1)
    page.locator(".launcher").click()
    dialog = page.get_by_role("dialog", name="Ask the articles")
    dialog.get_by_role("textbox", name="Question").fill(ICELAND)
    page.keyboard.press("Enter")
    dialog.locator(".refusal").wait_for()
    page.reload()
    expect(inline.locator(".asked")).to_contain_text([LIMA])
    expect(dialog.locator(".asked")).to_contain_text([ICELAND])


@pytest.mark.parametrize(
    ("scheme", "path"),
    [
        ("light", "/"), ("dark", "/inline"),
        pytest.param("dark", "/", marks=pytest.mark.slow),
        pytest.param("light", "/inline", marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_axe_finds_nothing(browser: Browser, site: OtherSite, scheme: Any, path: str) -> None:
    with browser.new_context(color_scheme=scheme, reduced_motion="reduce") as context:
        page = open_page(context, f"{site.origin}{path}")
        if path == "/":
            page.locator(".launcher").click()
            ask(page, LIMA)
        else:
            expect(page.locator(".welcome")).to_contain_text("What would you like to know?")
            # A colour that is too pale for words is darkened for them.
            page.get_by_role("button", name=LIMA).click()
            box = page.locator("#chat").bounding_box()
            panel = page.get_by_role("region", name="Ask the archive").bounding_box()
            assert box and panel and (box["width"], 500) == (panel["width"], panel["height"])
        page.locator("button.cite").first.click()
        ask(page, ICELAND)
        assert run_axe(page) == []
        moving = "() => document.querySelector('footnote-widget').shadowRoot.getAnimations().length"
        assert page.evaluate(moving) == 0


def test_on_a_phone_it_covers_the_page(browser: Browser, site: OtherSite) -> None:
    size: Any = {"width": 390, "height": 780}
    with browser.new_context(viewport=size, has_touch=True, is_mobile=True) as context:
        page = open_page(context, site.origin)
        page.locator(".launcher").tap()
        expect(page.locator(".panel")).to_be_visible()
        page.wait_for_timeout(300)
        assert page.locator(".panel").bounding_box() == {"x": 0, "y": 0, **size}
        ask(page, LIMA)
        wide = "() => document.querySelector('footnote-widget').shadowRoot.querySelector('.talk')"
        assert page.evaluate(f"({wide})().scrollWidth <= 390")
        # What it covers cannot be reached.
        assert page.evaluate("document.querySelector('dialog') === null")
        page.get_by_role("button", name="Close").tap()
        expect(page.locator(".panel")).to_be_hidden()
        page.wait_for_function("history.state === null")
        # The way back closes it, too, and the page stays.
        page.locator(".launcher").tap()
        page.go_back()
        expect(page.locator(".panel")).to_be_hidden()
        expect(page.locator("#own")).to_be_visible()
        page.locator(".launcher").tap()
        expect(page.locator(".turn")).to_have_count(1)


def test_hostile_words_stay_words(context: BrowserContext, site: OtherSite) -> None:
    requested: list[str] = []
    context.on("request", lambda request: requested.append(request.url))
    page = open_page(context, f"{site.origin}/hostile")
    page.locator(".launcher").click()
    ask(page, PAYLOADS[0])

    def survey() -> None:
        page.locator("button.cite").nth(len(PAYLOADS) - 1).wait_for()
        for number in page.locator("button.cite").all()[::10]:
            number.click()
        pwned, made, tags, names, links = page.evaluate(SURVEY, [FOREIGN])
        assert (pwned, made) == ("", 0)
        assert set(tags) <= set(TAGS)
        assert {name for name in names if not name.startswith("aria-")} <= set(NAMES)
        assert set(links) == {f"https://{FOREIGN}/"}
        shown = tidy(page.locator(".talk").evaluate("(talk) => talk.textContent"))
        assert all(tidy(payload) in shown for payload in PAYLOADS)

    survey()
    # As it was kept in the tab.
    page.reload()
    survey()
    assert not [url for url in requested if FOREIGN in url]
    # Half an answer: it can be stopped, and asked for again.
    page.get_by_role("button", name="New conversation").click()
    page.get_by_role("textbox", name="Question").fill("wait")
    page.keyboard.press("Enter")
    page.locator("span.cite").wait_for()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".problem")).to_contain_text("Stopped.")
    expect(page.get_by_role("button", name="Ask again")).to_be_visible()
    # What was kept and then bent breaks nothing.
    for kept in ("{", "5", '{"answers": [{}]}', '{"answers": 5}', "null"):
        page.evaluate("(kept) => Object.keys(sessionStorage).forEach("
                      "(key) => sessionStorage.setItem(key, kept))", kept)  # fmt: skip
        page.reload()
        page.locator(".launcher").click()
        expect(page.locator(".welcome")).to_be_visible()
        page.get_by_role("button", name="Close").click()


def test_a_token_that_counts_no_more_is_replaced(context: BrowserContext, site: OtherSite) -> None:
    page = context.new_page()
    old = {"token": "1.forged", "seconds": 300, "has_page": True}
    headers = {"Access-Control-Allow-Origin": site.origin}
    page.route("**/widget/token", lambda route: route.fulfill(json=old, headers=headers), times=1)
    page.goto(site.origin)
    with page.expect_response("**/widget/token"):
        page.locator(".launcher").click()
    ask(page, LIMA)
    expect(page.locator(".turn")).to_contain_text("1902")


def test_a_site_that_is_not_allowed_gets_nothing(context: BrowserContext, site: OtherSite) -> None:
    # The same page, by another name.
    warned: list[str] = []
    context.on("console", lambda told: warned.append(told.text))
    page = open_page(context, site.origin.replace("127.0.0.1", "localhost"))
    page.locator(".launcher").click()
    page.get_by_role("textbox", name="Question").fill(LIMA)
    page.keyboard.press("Enter")
    expect(page.locator(".problem")).to_contain_text("The articles cannot be reached")
    assert "1902" not in page.locator(".talk").inner_text()
    assert any("--widget http://localhost:" in text for text in warned)
