"""The page for every hand and eye: by keyboard, at each size, in each theme, for screen readers."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.page.strings import WORDS
from tests.browser import needs_chromium, run_axe
from tests.libraries import ARTICLE_4
from tests.sites import Site
from tests.visits import (
    MARKED,
    Visit,
    ask,
    find_box,
    open_library,
    open_quote,
    open_sidebar,
    read_card,
    read_marked,
    wait_for_answer,
)

pytest_plugins = ["tests.library_fixtures", "tests.page_fixtures"]
pytestmark = needs_chromium

SIZES = [
    (360, 740),
    pytest.param(820, 1180, marks=pytest.mark.slow),
    pytest.param(1440, 900, marks=pytest.mark.slow),
    (2560, 1440),
]
WORDS_SHOWN = WORDS["en"]
# What has the focus: what it is and says, whether it is seen to have it, and where it is.
DESCRIBE_FOCUS = """() => {
  const element = document.activeElement, style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return {
    name: element === document.body ? "" : [element.tagName, element.id, element.className,
      element.ariaLabel || element.textContent.slice(0, 60), element.getAttribute("href"),
      element.dataset.article].join("|"),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && box.height > 0,
  };
}"""


@pytest.fixture
def page(site: Site, visit: Visit) -> Page:
    """The page, just opened."""
    page = visit(site)
    page.locator("#chat .example").first.wait_for()
    page.locator("#reading .cards").wait_for()
    return page


def press_until(page: Page, key: str, selector: str) -> None:
    """Press a key until an element that fits has the focus."""
    for _ in range(60):
        page.keyboard.press(key)
        focus = page.evaluate(DESCRIBE_FOCUS)
        assert focus["outlined"] or not focus["name"], focus
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"{key} does not lead to {selector}")


def test_a_question_is_asked_and_checked_by_keyboard_alone(page: Page) -> None:
    expect(find_box(page)).to_be_focused()
    page.keyboard.type(ARTICLE_4)
    page.keyboard.press("Enter")
    wait_for_answer(page)
    page.locator(".follow-up").first.wait_for()
    press_until(page, "Shift+Tab", ".sources a.place")
    press_until(page, "Shift+Tab", "a.cite")
    press_until(page, "Shift+Tab", "a.cite:first-of-type")
    first = read_card(page)
    page.keyboard.press("Enter")
    page.locator(MARKED).first.wait_for()
    assert read_marked(page) == first
    page.keyboard.press("ArrowRight")
    expect(page.locator("#reading .step .place")).to_have_text(re.compile("^2 of"))
    page.keyboard.press("Escape")
    expect(page.locator("#chat a.cite").nth(1)).to_be_focused()
    assert read_card(page) != first
    page.keyboard.press("/")
    expect(find_box(page)).to_be_focused()
    expect(find_box(page)).to_have_value("")
    press_until(page, "Shift+Tab", ".follow-up")
    page.keyboard.press("Enter")
    wait_for_answer(page, 1)


def test_the_keys_are_told_and_typed_characters_stay_typed(page: Page) -> None:
    page.keyboard.type("is it so? n/a")
    expect(find_box(page)).to_have_value("is it so? n/a")
    expect(page.locator("dialog")).to_have_count(0)
    page.locator("#reading").focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name=WORDS_SHOWN["keys"])
    expect(dialog).to_contain_text(WORDS_SHOWN["key_step"])
    expect(dialog.get_by_role("button")).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator("#reading")).to_be_focused()


def test_articles_are_chosen_by_keyboard_alone(page: Page) -> None:
    press_until(page, "Shift+Tab", "[role=tab]:not([aria-selected=true])")
    page.keyboard.press("Enter")
    press_until(page, "Tab", "#cards input")
    label = page.evaluate("document.activeElement.ariaLabel")
    page.keyboard.press("Space")
    expect(page.locator("#chip")).to_contain_text(label.partition(": ")[2])
    expect(page.locator("#cards input:checked")).to_be_focused()


@pytest.mark.parametrize("key", ["Tab", pytest.param("Shift+Tab", marks=pytest.mark.slow)])
def test_the_focus_goes_round_and_is_always_seen(page: Page, key: str) -> None:
    ask(page, ARTICLE_4)
    page.locator(".follow-up").first.wait_for()
    open_sidebar(page)
    find_box(page).focus()
    stops = []
    for _ in range(120):
        page.keyboard.press(key)
        focus = page.evaluate(DESCRIBE_FOCUS)
        stops.append(focus["name"])
        if page.evaluate("document.activeElement.matches('#question textarea')"):
            break
        assert not focus["name"] or (focus["outlined"] and focus["seen"]), focus
    else:
        pytest.fail(f"the focus never comes back: {stops[-5:]}")
    for part in ("toggle-button", "new-talk", "|cite|", "follow-up", "Retry", "|place|"):
        assert any(part in stop for stop in stops), part


def test_the_closed_sidebar_is_passed_over(page: Page) -> None:
    toggle = page.get_by_role("button", name=WORDS_SHOWN["conversations"], exact=True)
    expect(toggle).to_have_attribute("aria-expanded", "false")
    find_box(page).focus()
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        assert not page.evaluate("document.activeElement.matches('.sidebar-content *')")
        if page.evaluate("document.activeElement.matches('.toggle-button')"):
            break
    expect(toggle).to_be_focused()
    page.keyboard.press("Enter")
    expect(toggle).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(page.locator("#new-talk")).to_be_focused()
    toggle.click()
    expect(toggle).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_is_wider_than_the_window(
    site: Site, visit: Visit, width: int, height: int
) -> None:
    page = visit(site, viewport={"width": width, "height": height})
    page.locator("#chat .example").first.wait_for()
    page.locator("#reading .cards").wait_for()
    check_width(page)
    expect(find_box(page)).to_be_in_viewport(ratio=1)
    ask(page, ARTICLE_4)
    page.locator(".follow-up").first.wait_for()
    check_width(page)
    expect(find_box(page)).to_be_in_viewport(ratio=1)
    expect(page.locator("#question .submit-button")).to_be_in_viewport(ratio=1)
    open_quote(page, page.locator("a.cite").first)
    expect(page.locator(MARKED).first).to_be_in_viewport()
    check_width(page)
    page.keyboard.press("Escape")
    expect(page.locator("a.cite").first).to_be_focused()
    expect(page.locator("a.cite").first).to_be_in_viewport()
    open_library(page)
    check_width(page)
    open_sidebar(page).first.wait_for()
    check_width(page)


def check_width(page: Page) -> None:
    """Check that nothing is cut off at the right, nor can be scrolled to."""
    page.wait_for_timeout(100)
    wide = page.evaluate(
        """() => [...document.querySelectorAll("body *")]
          .filter((one) => !one.closest("#follow-ups, .spoken, .sr-only") && one.checkVisibility())
          .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
          .map((one) => `${one.tagName} ${one.id} ${one.className}`)"""
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_chat_does_not_scroll_the_page(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    open_quote(page, ask(page, ARTICLE_4).locator("a.cite").first)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_touch_targets_are_large_enough(site: Site, visit: Visit) -> None:
    page = visit(site, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    ask(page, ARTICLE_4)
    page.locator("a.cite").first.tap()
    page.locator(MARKED).first.wait_for()
    small = page.evaluate(
        """() => [..."#reading .bar button, .follow-up, #question button".split(", ")]
          .flatMap((selector) => [...document.querySelectorAll(selector)])
          .map((one) => one.getBoundingClientRect()).filter((box) => box.width && box.height)
          .filter((box) => Math.min(box.width, box.height) < 24).length"""
    )
    assert small == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_follows_the_system(site: Site, visit: Visit, scheme: Any) -> None:
    page = visit(site, color_scheme=scheme)
    link = ask(page, ARTICLE_4).locator("a.cite").first
    open_quote(page, link)
    alone = page.context.new_page()
    alone.goto(site.address + str(link.get_attribute("href")))
    alone.locator(MARKED).first.wait_for()
    for shown in (page, alone):
        back, text, controls = shown.locator("body").evaluate(
            "body => [getComputedStyle(body).backgroundColor,"
            " getComputedStyle(document.querySelector('#reading article')).color,"
            " getComputedStyle(document.querySelector('#reading button')).colorScheme]"
        )
        assert (controls == "dark") is (scheme == "dark")
        assert (read_lightness(back) < 60) is (scheme == "dark")
        assert (read_lightness(text) > 160) is (scheme == "dark")


def read_lightness(colour: str) -> float:
    """Return the mean of a colour's red, green and blue."""
    return sum(map(float, re.findall(r"[\d.]+", colour)[:3])) / 3


def test_nothing_moves_where_no_motion_is_wanted(site: Site, visit: Visit) -> None:
    page = visit(site, reduced_motion="reduce")
    open_quote(page, ask(page, ARTICLE_4).locator("a.cite").first)
    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].map((one) => [one, getComputedStyle(one)])
          .filter(([one, style]) => style.scrollBehavior === "smooth" || [style.animationDuration,
            style.transitionDuration].some((times) => times.split(",").some(
              (time) => parseFloat(time) * (time.includes("ms") ? 1 : 1000) > 1)))
          .map(([one, style]) => `${one.tagName} ${one.className} ${style.transition}`)"""
    )
    assert moving == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(site: Site, visit: Visit, scheme: Any) -> None:
    page = visit(site, color_scheme=scheme)
    page.locator("#chat .example").first.wait_for()
    page.locator("#reading .cards").wait_for()
    assert run_axe(page) == []
    link = ask(page, ARTICLE_4).locator("a.cite").first
    page.locator(".follow-up").first.wait_for()
    open_quote(page, link)
    page.locator("a.cite").last.hover()
    page.locator(".card").wait_for()
    assert run_axe(page) == []
    page.goto(site.address + str(link.get_attribute("href")))
    page.locator(MARKED).first.wait_for()
    assert run_axe(page) == []


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_axe_finds_nothing_in_the_library_and_the_sidebar(
    site: Site, visit: Visit, scheme: Any
) -> None:
    page = visit(site, color_scheme=scheme)
    ask(page, "What is the population of Iceland?")
    open_library(page).first.get_by_role("checkbox").check()
    page.locator("#chip .chip").wait_for(state="attached")
    assert run_axe(page) == []
    page.get_by_role("tab", name="Ask").click()
    page.get_by_role("button", name="Dislike").click()
    page.locator("#thanks textarea").wait_for()
    open_sidebar(page).locator("summary").click()
    assert run_axe(page) == []
    page.locator("#reading").focus()
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()
    assert run_axe(page) == []


def test_a_screen_reader_hears_words_not_markup(page: Page) -> None:
    answer = ask(page, ARTICLE_4)
    log = page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    expect(page.locator("#chat [aria-label*='<']")).to_have_count(0)
    expect(page.get_by_role("button", name=WORDS_SHOWN["ask"], exact=True)).to_be_visible()
    expect(page.get_by_role("textbox", name=WORDS_SHOWN["question"], exact=True)).to_be_visible()
    title = answer.locator(".place").first.inner_text().partition(" › ")[0]
    expect(answer.get_by_role("link", name=re.compile(f"^Source 1 ?: {title}$"))).to_be_visible()
    expect(page.get_by_role("region", name=WORDS_SHOWN["reading"])).to_be_visible()


@pytest.mark.parametrize("locale", ["ru", "ko"])
def test_the_page_speaks_the_readers_language(site: Site, visit: Visit, locale: str) -> None:
    if locale not in WORDS:
        pytest.skip(f"the page has no words in {locale}")
    words = WORDS[locale]
    page = visit(site, locale=locale)
    expect(page.locator("#question textarea")).to_have_attribute(
        "placeholder", words["ask_placeholder"]
    )
    expect(page.get_by_role("tab", name=words["library"])).to_be_visible()
    expect(page.locator("#chat .welcome p")).to_have_text(words["promise"])
    page.locator("#question textarea").fill(ARTICLE_4)
    page.keyboard.press("Enter")
    expect(page.locator("#chat .made")).to_have_text(words["own_words"])
    page.locator("a.cite").first.click()
    expect(page.get_by_role("button", name=words["next"])).to_be_visible()
