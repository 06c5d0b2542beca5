"""How long does a reader wait at the page? `python -m benchmarks.page STORE`."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer
from playwright.sync_api import Browser, Page

from benchmarks.latency import QUESTIONS, cut
from bot.evaluate import read_questions
from tests.browser import open_browser

ROOT = Path(__file__).parent.parent
# From the key press to the first words of the answer, measured in the page by its own clock.
_WATCH = """
() => {
  const chat = document.querySelector('#chat');
  const before = chat.querySelectorAll('.answer .said').length;
  window.waited = new Promise((resolve) => {
    addEventListener('keydown', (event) => {
      if (event.key !== 'Enter') return;
      const pressed = performance.now();
      const observer = new MutationObserver(() => {
        if (chat.querySelectorAll('.answer .said').length <= before) return;
        observer.disconnect();
        resolve(performance.now() - pressed);
      });
      observer.observe(chat, {childList: true, subtree: true});
    }, {capture: true, once: true});
  });
}
"""


@contextmanager
def serve(store: Path) -> Iterator[str]:
    """Run `python app.py` on a library in a process of its own; yield its address."""
    command = [sys.executable, "app.py", "--store", str(store), "--port", "7990", "--no-browser"]
    with subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        lines = iter(process.stdout.readline, "") if process.stdout else iter(())
        line = next((line for line in lines if line.startswith("Footnote is at ")), "")
        yield line.removeprefix("Footnote is at ").split(" ")[0]
        process.terminate()


def measure_opening(browser: Browser, address: str, times: int) -> list[float]:
    """Return the seconds from a new browser profile's first request to a question box in use."""
    seconds = []
    for _ in range(times):
        with browser.new_context() as context:
            page = context.new_page()
            started = time.perf_counter()
            page.goto(address, wait_until="commit")
            page.locator("#question textarea").wait_for()
            page.locator("#question textarea").fill("x")
            seconds.append(time.perf_counter() - started)
    return seconds


def measure_asking(page: Page, questions: Sequence[str]) -> list[float]:
    """Return the milliseconds from Enter to each answer's first words, one conversation each."""
    milliseconds = []
    for question in questions:
        page.locator("#question textarea").fill(question)
        page.evaluate(_WATCH)
        page.keyboard.press("Enter")
        milliseconds.append(float(page.evaluate("window.waited")))
        page.locator("#question .submit-button").wait_for()
        page.evaluate("document.querySelector('#new-talk').click()")
        page.locator("#chat .said").first.wait_for(state="detached")
    return milliseconds


def measure(address: str, questions: Sequence[str], openings: int) -> dict[str, Any]:
    """Return how long opening the page and asking take."""
    with open_browser() as browser:
        measure_opening(browser, address, 1)
        opening = measure_opening(browser, address, openings)
        page = browser.new_page()
        page.goto(address)
        page.locator("#new-talk").wait_for(state="attached")
        measure_asking(page, questions[:3])
        waits = measure_asking(page, questions)
    return {
        "openings": openings,
        "seconds to a usable page": {"median": round(median(opening), 2), "max": max(opening)},
        "questions": len(questions),
        "milliseconds from Enter to the first words": {
            "p50": cut(waits, 50),
            "p95": cut(waits, 95),
        },
    }


def main(
    store: Annotated[Path, typer.Argument(help="A library's folder.")],
    questions: Annotated[int, typer.Option(min=1, help="How many questions to ask.")] = 60,
    openings: Annotated[int, typer.Option(min=1, help="How often to open the page.")] = 7,
) -> None:
    """Print how long the page takes to open, and an answer to begin, in a real Chromium."""
    asked = [item.question for item in read_questions(QUESTIONS) if not item.history]
    with serve(store) as address:
        print(json.dumps(measure(address, asked[:questions], openings), indent=2))


if __name__ == "__main__":
    typer.run(main)
