"""Make the pictures of the README: `python docs/make_screenshots.py`, from the real page.

It makes a library of corpus/ in a temporary folder, serves it, and drives a real Chromium.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.page import serve  # noqa: E402
from tests.browser import open_browser  # noqa: E402
from tests.other_site import open_other_site  # noqa: E402

IMAGES = ROOT / "docs" / "images"
BLOG_SIZE: ViewportSize = {"width": 1040, "height": 720}
BLOG = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Notes</title><style>
body {{ font: 17px/1.7 Georgia, serif; margin: 48px 64px; max-width: 480px; color: #2a2a2a; }}
h1 {{ font-size: 30px; line-height: 1.25; }} nav {{ color: #8a6d3b; letter-spacing: .04em; }}
</style></head><body><nav>NOTES · ARCHIVE · ABOUT</nav><h1>Who watches the sanctions?</h1>
<p>For fifteen years a panel of eight experts reported to the Security Council on how sanctions were
kept, and how they were not. Its reports were read far beyond New York.</p>
<p>Since the panel ended, eleven states have carried on outside the United Nations. What they may
ask for, and of whom, is another matter, which the articles collected here have followed.</p>
<p>Ask them anything: the button is in the corner.</p>
<script src="{script}" async></script></body></html>"""
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


def take_widget(browser: Browser, store: Path) -> None:
    """Serve a blog that embeds the chat, ask there, open a quote, and keep a picture."""
    with open_other_site() as site:
        code = "from bot.cli import app; app()"
        command = [sys.executable, "-c", code, "serve", "--store", str(store), "--port", "0"]
        command += ["--api-only", "--widget", site.origin]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
            line = process.stdout.readline() if process.stdout else ""
            script = f"{line.split()[3].removesuffix('/v1')}/widget.js"
            site.pages["/"] = BLOG.format(script=script)
            with browser.new_context(viewport=BLOG_SIZE, reduced_motion="reduce") as context:
                page = context.new_page()
                page.goto(site.origin)
                page.locator(".launcher").click()
                page.get_by_role("textbox").fill("When was the 1718 Committee set up?")
                page.keyboard.press("Enter")
                page.locator("button.cite").first.click()
                page.mouse.move(0, 0)
                page.screenshot(path=IMAGES / "widget.png")
            process.terminate()


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
            take_widget(browser, store)


if __name__ == "__main__":
    main()
