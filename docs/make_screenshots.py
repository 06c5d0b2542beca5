"""Make the pictures of the README: `python docs/make_screenshots.py`, from the real page.

It makes a library of corpus/ in a temporary folder, serves it, and drives a real Chromium.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.page import serve  # noqa: E402
from tests.browser import open_browser  # noqa: E402

IMAGES = ROOT / "docs" / "images"
WIDE, PHONE = {"width": 1440, "height": 860}, {"width": 390, "height": 780}


def ask(page: Page, question: str) -> None:
    """Ask a question and wait for the whole answer and what to go on with."""
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    page.locator(".answer .made, .answer.refusal").last.wait_for()
    page.locator("#follow-ups button").first.wait_for()


def read_quote(page: Page) -> None:
    """Ask, and open the first citation."""
    ask(page, "What does Article 4 of the treaty require?")
    page.locator("a.cite").first.click()
    page.locator("#quote").wait_for()


def refuse(page: Page) -> None:
    """Ask what the articles do not say."""
    ask(page, "What is the population of Iceland?")


def show_library(page: Page) -> None:
    """Look at the library, a few articles chosen."""
    page.get_by_role("tab", name="Library").click()
    for box in page.locator("#cards input").all()[:2]:
        box.check()
    page.locator("#chip .chip").wait_for(state="attached")


def wait_for_examples(page: Page) -> None:
    """Wait for the questions that the page offers."""
    page.locator("#chat .example").nth(5).wait_for()


def take(
    browser: Browser,
    address: str,
    name: str,
    act: Callable[[Page], None],
    size: dict[str, int],
    scheme: str = "light",
) -> None:
    """Open the page, do something, and keep a picture."""
    with browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="en",
        reduced_motion="reduce",
    ) as context:
        page = context.new_page()
        page.goto(address)
        page.locator("#new-talk").wait_for(state="attached")
        wait_for_examples(page)
        act(page)
        page.mouse.move(0, 0)
        page.wait_for_timeout(500)
        page.screenshot(path=IMAGES / f"{name}.png")


def main() -> None:
    """Make all pictures."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="footnote-") as folder:
        store = Path(folder) / "library"
        command = [sys.executable, "-m", "ingest", "corpus", "--store", str(store)]
        subprocess.run(command, cwd=ROOT, check=True)  # noqa: S603
        with serve(store) as address, open_browser() as browser:
            take(browser, address, "start", wait_for_examples, WIDE)
            take(browser, address, "quote", read_quote, WIDE)
            take(browser, address, "quote-dark", read_quote, WIDE, "dark")
            take(browser, address, "refusal", refuse, WIDE)
            take(browser, address, "library", show_library, WIDE)
            take(browser, address, "phone", read_quote, PHONE)


if __name__ == "__main__":
    main()
