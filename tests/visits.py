"""What a reader does on the page."""

from typing import Any, Protocol

from playwright.sync_api import Locator, Page, expect

from tests.browser import PATIENCE
from tests.sites import Site

expect.set_options(timeout=PATIENCE)
_DONE = "#chat .answer:is(.refusal, .problem, :has(.made))"
MARKED = "#reading mark:not(.also)"


class Visit(Protocol):
    """Open a site's page as a reader with a browser of their own, who has `options`.

    After the test it is checked that the browser told of no error and went to no other host.
    """

    def __call__(self, site: Site, path: str = "/", **options: Any) -> Page: ...


def find_box(page: Page) -> Locator:
    """Return the question box."""
    return page.get_by_role("textbox", name="Question")


def ask(page: Page, question: str) -> Locator:
    """Type a question, send it, and return its whole answer."""
    answered = page.locator(_DONE).count()
    find_box(page).fill(question)
    page.keyboard.press("Enter")
    return wait_for_answer(page, answered)


def wait_for_answer(page: Page, answered: int = 0) -> Locator:
    """Wait until one more than `answered` questions are answered; return the last answer."""
    answer = page.locator(_DONE).nth(answered)
    answer.wait_for()
    page.locator("#question .submit-button").wait_for()
    return answer


def open_quote(page: Page, number: Locator) -> str:
    """Click a citation's number; return the words that are marked in its article."""
    number.click()
    page.locator("#reading:not([aria-busy])").wait_for()
    page.locator(MARKED).first.wait_for()
    return read_marked(page)


def read_marked(page: Page) -> str:
    """Return the marked words, on one line."""
    pieces = page.locator(MARKED).evaluate_all(
        "marks => marks.map((mark, n) =>"
        " (n && mark.parentElement !== marks[n - 1].parentElement ? ' ' : '') + mark.textContent)"
    )
    return " ".join("".join(pieces).split())


def read_card(page: Page) -> str:
    """Return the quote of the card that is shown."""
    return " ".join(page.locator(".card q").inner_text().strip("“”\"'").split())


def open_sidebar(page: Page) -> Locator:
    """Open the list of conversations and return its entries."""
    if not page.locator("#new-talk").is_visible() or not page.locator(".sidebar.open").count():
        page.locator(".sidebar .toggle-button").click()
    page.locator(".sidebar.open #new-talk").wait_for()
    return page.locator("#talks li")


def choose_action(page: Page, title: str, action: str) -> None:
    """Choose an action of a conversation's menu."""
    entry = open_sidebar(page).filter(has_text=title).first
    entry.locator("summary").click()
    expect(entry.get_by_role("button").last).to_be_in_viewport(ratio=1)
    entry.get_by_role("button", name=action).click()


def open_library(page: Page) -> Locator:
    """Open the library's view and return its entries."""
    page.get_by_role("tab", name="Library").click()
    cards = page.locator("#cards li")
    cards.first.wait_for()
    return cards
