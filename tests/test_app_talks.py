"""The conversations of a reader: kept in the browser, renamed, deleted, taken along.

A real server, a real Chromium.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.page.chat import EXAMPLES
from bot.page.strings import WORDS
from tests.browser import needs_chromium
from tests.libraries import AGREED_FRAMEWORK, ARTICLE_4, ICELAND, run
from tests.sites import Site
from tests.visits import (
    Visit,
    ask,
    choose_action,
    find_box,
    open_quote,
    open_sidebar,
    wait_for_answer,
)

pytest_plugins = ["tests.library_fixtures", "tests.page_fixtures"]
pytestmark = needs_chromium

WORDS_SHOWN = WORDS["en"]


@pytest.fixture
def page(site: Site, visit: Visit) -> Page:
    """The page, just opened."""
    return visit(site)


def test_a_conversation_outlives_reload_and_restart(site: Site, page: Page) -> None:
    said = ask(page, AGREED_FRAMEWORK).locator(".said").inner_text()
    page.reload()
    expect(open_sidebar(page)).to_have_text(re.compile(re.escape(AGREED_FRAMEWORK)))
    context = page.context
    page.close()
    site.stop()
    site.start()
    page = context.new_page()
    page.goto(site.address)
    open_sidebar(page).locator(".talk").click()
    answer = wait_for_answer(page)
    expect(answer.locator(".said")).to_have_text(said, use_inner_text=True)
    assert open_quote(page, answer.locator("a.cite").first) in said.replace("\n", " ")
    expect(ask(page, "Why did it collapse?")).to_contain_text("Understood as:")
    expect(open_sidebar(page)).to_have_count(1)


def test_the_conversation_that_was_shown_comes_back_with_the_page(page: Page) -> None:
    said = ask(page, AGREED_FRAMEWORK).locator(".said").inner_text()
    expect(page.locator("#talks .talk")).to_have_count(1)
    page.reload()
    expect(wait_for_answer(page).locator(".said")).to_have_text(said, use_inner_text=True)
    expect(ask(page, "Why did it collapse?")).to_contain_text("Understood as:")
    expect(page.locator("#talks .talk")).to_have_count(1)
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#chat .asked")).to_have_count(0)
    page.wait_for_function("sessionStorage.getItem('footnote-shown') === ''")
    page.reload()
    expect(page.locator("#chat .example")).to_have_count(EXAMPLES)
    expect(page.locator("#chat .asked")).to_have_count(0)


def test_a_conversation_is_renamed_and_deleted(page: Page) -> None:
    ask(page, AGREED_FRAMEWORK)
    page.once("dialog", lambda dialog: dialog.accept("The framework <b>"))
    choose_action(page, AGREED_FRAMEWORK, WORDS_SHOWN["rename"])
    talks = open_sidebar(page).locator(".talk")
    expect(talks).to_have_text("The framework <b>")
    page.reload()
    open_sidebar(page)
    expect(talks).to_have_text("The framework <b>")
    page.once("dialog", lambda dialog: dialog.accept())
    choose_action(page, "The framework", WORDS_SHOWN["delete"])
    expect(page.locator("#talks")).to_contain_text(WORDS_SHOWN["no_conversations"])
    page.reload()
    expect(open_sidebar(page)).to_have_count(0)


def test_a_new_conversation_begins_empty(page: Page) -> None:
    ask(page, AGREED_FRAMEWORK)
    open_sidebar(page)
    page.locator("#new-talk").click()
    expect(page.locator("#chat .answer")).to_have_count(0)
    expect(page.locator("#chat .example")).to_have_count(EXAMPLES)
    expect(find_box(page)).to_be_focused()
    ask(page, ICELAND)
    expect(open_sidebar(page)).to_have_count(2)


def test_a_new_conversation_gives_up_an_answer_that_is_coming(
    slow_site: Site, visit: Visit
) -> None:
    page = visit(slow_site)
    open_sidebar(page)
    find_box(page).fill(ARTICLE_4)
    page.keyboard.press("Enter")
    expect(page.locator("#chat a.cite")).to_have_count(1)
    page.locator("#new-talk").click()
    expect(page.locator("#chat .asked")).to_have_count(0)
    page.wait_for_timeout(2_500)
    expect(page.locator("#chat .asked")).to_have_count(0)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()


def test_a_conversation_is_exported(site: Site, page: Page, tmp_path: Path) -> None:
    said = ask(page, AGREED_FRAMEWORK).locator(".said").inner_text()
    ask(page, ICELAND)
    files = {}
    for action in ("export_markdown", "export_json"):
        with page.expect_download() as download:
            choose_action(page, AGREED_FRAMEWORK, WORDS_SHOWN[action])
        files[action] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[action])
    written = files["export_markdown"].read_text("utf-8")
    assert files["export_markdown"].suffix == ".md" and "[^1]" in written
    assert f"## {AGREED_FRAMEWORK}" in written and f"({site.address}/a/" in written
    assert said.partition("\n")[0][:40] in written.replace("\\", "")
    result = run("verify", files["export_json"], "--store", site.library)
    assert result.exit_code == 0 and "quotes stand in their articles" in result.stdout


def test_two_tabs_keep_each_others_conversations(page: Page) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    ask(page, AGREED_FRAMEWORK)
    ask(other, ICELAND)
    ask(page, ARTICLE_4)
    for tab in (page, other):
        titles = open_sidebar(tab).locator(".talk")
        expect(titles).to_have_text([AGREED_FRAMEWORK, ICELAND])


def test_a_conversation_that_was_deleted_is_not_kept_again(page: Page) -> None:
    ask(page, AGREED_FRAMEWORK)
    page.on("dialog", lambda dialog: dialog.accept())
    choose_action(page, AGREED_FRAMEWORK, WORDS_SHOWN["delete"])
    expect(page.locator("#chat .asked")).to_have_count(0)
    ask(page, ICELAND)
    expect(open_sidebar(page)).to_have_text([re.compile(re.escape(ICELAND))])


def test_a_conversation_that_another_tab_went_on_with_is_kept_twice(site: Site, page: Page) -> None:
    ask(page, AGREED_FRAMEWORK)
    other = page.context.new_page()
    other.goto(site.address)
    open_sidebar(other).first.locator(".talk").click()
    expect(other.locator("#chat .asked")).to_have_count(1)
    ask(other, ICELAND)
    ask(page, ARTICLE_4)
    expect(open_sidebar(page)).to_have_count(2)
