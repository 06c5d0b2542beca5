"""The report of an evaluation: whole, escaped, loading nothing, sorted by a click."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluate import Outcome, Question, summarise
from bot.evaluate_charts import draw_histogram, draw_shares
from bot.evaluate_report import render_report, write_report
from tests.page_articles import HOSTILE, make_answer


def make_outcomes() -> list[Outcome]:
    """Return three outcomes, of confidence .9, .2 and .5, whose texts are hostile."""
    outcomes = []
    for number, (confidence, refused) in enumerate(((0.9, False), (0.2, True), (0.5, False))):
        answer = replace(
            make_answer(refused=refused), text=HOSTILE, confidence=confidence, asked=HOSTILE,
            timings={"total": 10.0 ** (number + 1)},
        )  # fmt: skip
        question = Question(f"{HOSTILE}\u202e\x1b{number}", HOSTILE, ("treaty",), number != 1)
        outcomes.append(Outcome(question, answer, number == 0, None if refused else 0.5))
    return outcomes


def render() -> str:
    outcomes = make_outcomes()
    return render_report(HOSTILE, summarise(outcomes), outcomes, 0.35)


def test_nothing_of_the_texts_is_markup() -> None:
    page = render()
    assert "<img" not in page and page.count("<script>") == 1 and "alert(1)&lt;" in page
    assert "\x1b" not in page and "\u202e" not in page
    assert not re.search(r"(?:src|href|url|import)\s*[=(]", page.replace("src=x", ""))
    assert page.count("<tr>") == 4 and page.count("<svg") == 3


def test_charts_are_well_formed() -> None:
    charts = re.findall(r"<svg.*?</svg>", render(), re.DOTALL)
    assert all(ElementTree.fromstring(chart).get("role") == "img" for chart in charts)  # noqa: S314


@given(st.lists(st.floats(-10, 1e6)), st.lists(st.floats(-10, 1e6)), st.floats(0, 1e6))
def test_a_histogram_counts_everyone(some: list[float], more: list[float], high: float) -> None:
    chart = draw_histogram({"good": some, "bad": more}, limits=(0, high), marks={"<&": 5})
    root = ElementTree.fromstring(chart)  # noqa: S314
    told = [title.text or "" for title in root.iter("title")]
    counts = [int(text.split(": ")[1].split()[0]) for text in told]
    assert sum(counts) == len(some) + len(more)
    assert all(float(rect.get("height", "-1")) >= 0 for rect in root.iter("rect"))


def test_a_share_that_is_none_has_no_bar() -> None:
    chart = draw_shares({"key_words": (None, "share"), "refused": (2.0, "lower")})
    bars = [rect for rect in ElementTree.fromstring(chart).iter("rect") if len(rect)]  # noqa: S314
    assert bars[0].get("width") == "0.0" and ">-</text>" in chart
    rail = re.search(r'class="rail" x="[\d.]+" y="[\d.]+" width="([\d.]+)"', chart)
    assert rail and bars[1].get("width") == rail[1]


def test_a_click_sorts_and_nothing_is_loaded(tmp_path: Path) -> None:
    browser = pytest.importorskip("tests.browser")
    outcomes = make_outcomes()
    path = tmp_path / "report.html"
    write_report(path, "questions.csv", summarise(outcomes), outcomes, 0.35)
    with browser.open_browser() as opened:
        page = opened.new_page()
        told: list[str] = []
        page.on("console", lambda message: told.append(message.text))
        page.on("request", lambda request: told.append(request.url))
        page.goto(path.as_uri())

        def read() -> list[str]:
            texts: list[str] = page.locator("tbody td:nth-child(1)").all_inner_texts()
            return texts

        page.click("th button >> text=confidence")
        assert read() == ["2", "3", "1"]
        page.click("th button >> text=confidence")
        assert read() == ["1", "3", "2"]
        page.click("th button >> text=ms")
        assert read() == ["1", "2", "3"]
        assert page.locator("[aria-sort=ascending]").inner_text().startswith("ms")
        assert told == [path.as_uri()]
