"""The page as a reader has it: ask, read, check, keep. A real server, a real Chromium."""

import json
import re
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from app import find_port
from benchmarks.reliability.chatters import find_event
from bot.answer import Bot
from bot.page.answer import DOUBTFUL
from bot.page.chat import EXAMPLES, FOLLOW_UPS
from bot.page.headers import SECURITY_HEADERS
from bot.page.strings import WORDS
from ingest.feedback import list_feedback
from ingest.load import find_files
from ingest.store import Store
from tests.browser import needs_chromium
from tests.libraries import AGREED_FRAMEWORK, ARTICLE_4, ICELAND, ROOT
from tests.sites import FEW, PAUSE, Site, open_site
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

WORDS_SHOWN = WORDS["en"]


def count_articles() -> int:
    """Return how many articles corpus/ has."""
    return sum(1 for _ in find_files([ROOT / "corpus"]))


@pytest.fixture
def page(site: Site, visit: Visit) -> Page:
    """The page, just opened."""
    return visit(site)


# Before the browser.


def test_headers_keep_other_hosts_out(site: Site) -> None:
    for path in ("/", "/articles", "/page/page.css", "/a/no-such-article"):
        headers = httpx.get(site.address + path).headers
        assert {name: headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_find_port_passes_over_one_in_use(site: Site) -> None:
    assert find_port(site.port) > site.port


# Ask, read and check.


def test_ask_read_and_check(page: Page) -> None:
    answer = ask(page, ARTICLE_4)
    for number in answer.locator("a.cite").all():
        number.hover()
        quote = read_card(page)
        assert quote in answer.locator(".said").inner_text().replace("\n", " ")
        assert open_quote(page, number) == quote
        expect(page.locator(".card")).to_have_count(0)
    expect(page.locator("#reading mark#quote")).to_be_focused()


def test_an_answer_grows_sentence_by_sentence(slow_site: Site, visit: Visit) -> None:
    page = visit(slow_site)
    find_box(page).fill(ARTICLE_4)
    page.keyboard.press("Enter")
    expect(page.locator("#chat .asked")).to_have_text(ARTICLE_4)
    expect(page.locator("#chat a.cite")).to_have_count(1)
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(page.locator("#chat .made")).to_have_count(0)
    expect(page.locator("#chat a.cite")).to_have_count(2)
    wait_for_answer(page)


def test_a_line_says_that_the_articles_are_read(slow_site: Site, visit: Visit) -> None:
    page = visit(slow_site)
    find_box(page).fill(ICELAND)
    page.keyboard.press("Enter")
    waiting = page.locator("#chat .waiting").get_by_role("status")
    expect(waiting).to_have_text(WORDS_SHOWN["waiting"])
    expect(page.locator("#chat .asked")).to_have_text(ICELAND)
    expect(page.locator("#chat").get_by_role("button", name="Like", exact=True)).to_have_count(0)
    expect(wait_for_answer(page)).to_have_class(re.compile("refusal"))
    expect(waiting).to_have_count(0)


def test_stop_before_the_first_words_gives_the_question_back(slow_site: Site, visit: Visit) -> None:
    page = visit(slow_site)
    find_box(page).fill(ICELAND)
    page.keyboard.press("Enter")
    expect(page.locator("#chat .waiting")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(find_box(page)).to_have_value(ICELAND)
    expect(page.locator("#chat .asked")).to_have_count(0)


def test_a_card_comes_with_the_focus_and_goes_with_escape(page: Page) -> None:
    answer = ask(page, ARTICLE_4)
    number = answer.locator("a.cite").first
    number.focus()
    card, source = page.locator(".card"), answer.locator(".sources li").first
    expect(card.locator("q")).to_have_text(source.locator("blockquote").text_content() or "-")
    expect(card).to_contain_text(source.locator(".place").inner_text())
    expect(card.locator(".details")).to_have_text(re.compile(r"\d{4}-\d\d-\d\d"))
    assert number.get_attribute("aria-describedby") == card.get_attribute("id")
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    expect(number).to_be_focused()


def test_the_citations_of_an_answer_follow_one_another(page: Page) -> None:
    answer = ask(page, ARTICLE_4)
    numbers = answer.locator("a.cite")
    quotes = []
    for number in numbers.all():
        number.focus()
        quotes.append(read_card(page))
    assert len(quotes) > 2
    open_quote(page, numbers.first)
    place = page.locator("#reading .step .place")
    steps: list[Callable[[], None]] = [
        lambda: page.get_by_role("button", name=WORDS_SHOWN["next"]).click(),
        lambda: page.keyboard.press("ArrowRight"),
        lambda: page.keyboard.press("ArrowLeft"),
        lambda: page.get_by_role("button", name=WORDS_SHOWN["previous"]).click(),
        lambda: page.keyboard.press("ArrowLeft"),
    ]
    for step, at in zip(steps, (1, 2, 1, 0, len(quotes) - 1), strict=True):
        step()
        expect(place).to_have_text(f"{at + 1} of {len(quotes)}")
        assert read_marked(page) == quotes[at]


def test_the_other_quotes_of_an_answer_are_marked_lightly(page: Page) -> None:
    answer = ask(page, ARTICLE_4)
    marked = open_quote(page, answer.locator("a.cite").first)
    also = page.locator("#reading mark.also")
    said = answer.locator(".said").inner_text().replace("\n", " ")
    assert also.count() and all(" ".join(text.split()) in said for text in also.all_inner_texts())
    assert marked not in also.all_inner_texts()
    colours = [
        mark.evaluate("element => getComputedStyle(element).backgroundColor")
        for mark in (page.locator(MARKED).first, also.first)
    ]
    assert colours[0] != colours[1]


def test_a_quote_is_copied_with_its_source(site: Site, visit: Visit) -> None:
    page = visit(site, permissions=["clipboard-read", "clipboard-write"])
    quote = open_quote(page, ask(page, ARTICLE_4).locator("a.cite").first)
    title = page.locator("#reading article h2").inner_text()
    link = site.address + str(page.locator("#reading .permalink").get_attribute("href"))
    copied = []
    for name in (WORDS_SHOWN["copy"], WORDS_SHOWN["copy_markdown"]):
        button = page.locator("#reading .bar button").filter(has_text=re.compile(f"^{name}$"))
        button.click()
        expect(page.get_by_role("button", name=WORDS_SHOWN["copied"])).to_be_visible()
        copied.append(page.evaluate("navigator.clipboard.readText()"))
        expect(button).to_be_visible()
    assert copied[0].startswith(f"“{quote}”\n{title}") and copied[0].endswith(link)
    assert copied[1].startswith(f"> {quote}") and f"]({link})" in copied[1]


def test_a_permalink_marks_the_same_words_in_a_tab_of_its_own(page: Page) -> None:
    quote = open_quote(page, ask(page, ARTICLE_4).locator("a.cite").first)
    with page.context.expect_page() as opened:
        page.locator("#reading .permalink").click(modifiers=["ControlOrMeta"])
    tab = opened.value
    tab.locator(MARKED).first.wait_for()
    assert read_marked(tab) == quote
    expect(tab.locator(MARKED).first).to_be_in_viewport()
    tab.get_by_role("button", name=WORDS_SHOWN["all_articles"]).click()
    expect(find_box(tab)).to_be_visible()


def test_all_articles_come_back(page: Page) -> None:
    titles = page.locator("#reading .cards .place")
    expect(titles.first).to_be_visible()
    listed = titles.all_inner_texts()
    assert len(listed) == count_articles()
    open_quote(page, ask(page, ARTICLE_4).locator("a.cite").first)
    page.get_by_role("button", name=WORDS_SHOWN["all_articles"]).click()
    expect(titles).to_have_text(listed)
    titles.last.click()
    expect(page.locator("#reading article h2")).to_have_text(listed[-1])
    expect(page.locator("#reading article h2")).to_be_focused()


def test_escape_closes_and_the_focus_returns(page: Page) -> None:
    number = ask(page, ARTICLE_4).locator("a.cite").nth(1)
    open_quote(page, number)
    page.keyboard.press("Escape")
    expect(page.locator("#reading article")).to_have_count(0)
    expect(page.locator("#reading .cards")).to_be_visible()
    expect(number).to_be_focused()


def test_the_way_back_leads_out_of_the_article_not_of_the_page(page: Page) -> None:
    answer = ask(page, ARTICLE_4)
    first, second = answer.locator("a.cite").nth(0), answer.locator("a.cite").nth(1)
    open_quote(page, first)
    open_quote(page, second)
    page.go_back()
    expect(page.locator("#reading .cards")).to_be_visible()
    expect(page.locator("#reading article")).to_have_count(0)
    expect(answer).to_be_visible()
    expect(second).to_be_focused()
    # Closed otherwise, it leaves nothing to go back from.
    for close in ("Escape", WORDS_SHOWN["all_articles"]):
        entries = page.evaluate("history.length")
        open_quote(page, first)
        if close == "Escape":
            page.keyboard.press(close)
        else:
            page.get_by_role("button", name=close).click()
        expect(page.locator("#reading .cards")).to_be_visible()
        assert page.evaluate("[history.length, history.state?.reading ?? null]") == [entries, None]
    expect(answer).to_be_visible()


def test_no_card_lies_in_the_way_on_a_phone(site: Site, visit: Visit) -> None:
    size = {"width": 390, "height": 780}
    page = visit(site, viewport=size, is_mobile=True, has_touch=True)
    number = ask(page, ARTICLE_4).locator("a.cite").first
    number.tap()
    page.locator(MARKED).first.wait_for()
    page.locator("#reading [data-action=close]").tap()
    expect(number).to_be_focused()
    expect(page.locator("#reading .cards")).to_be_visible()
    expect(page.locator(".card")).to_have_count(0)


# Honest states.


def test_a_refusal_shows_what_is_near(page: Page) -> None:
    refusal = ask(page, ICELAND)
    expect(refusal).to_have_class(re.compile("refusal"))
    expect(refusal.locator(".verdict")).to_have_text(WORDS_SHOWN["refused_title"])
    expect(refusal).to_contain_text("No article mentions Iceland")
    expect(refusal.locator("a.cite")).to_have_count(0)
    passage = refusal.locator("blockquote").first
    expect(passage).to_be_visible()
    begun = passage.inner_text().removesuffix("…").strip()
    assert open_quote(page, refusal.locator("a.place").first).startswith(begun)
    expect(page.locator("#reading .step .place")).to_have_text("1 of 3")


def test_doubt_is_said_in_words(page: Page, bot: Bot) -> None:
    lines = (ROOT / "tests" / "questions.jsonl").read_text("utf-8").splitlines()
    asked = (json.loads(line)["question"] for line in lines)
    doubtful = next(
        question
        for question in asked
        if (answer := bot.ask(question)).citations and answer.confidence < DOUBTFUL
    )
    expect(ask(page, doubtful).locator(".doubt")).to_have_text(WORDS_SHOWN["doubtful"])
    sure = ask(page, ARTICLE_4)
    expect(sure.locator(".doubt")).to_have_count(0)
    expect(sure.locator(".made")).to_have_text(WORDS_SHOWN["own_words"])


def test_what_cannot_be_asked_is_told_and_left_to_be_mended(page: Page) -> None:
    expect(ask(page, "???")).to_have_text("The question is empty; ask in words.")
    expect(find_box(page)).to_have_value("???")
    find_box(page).fill(ARTICLE_4)
    page.keyboard.press("Enter")
    expect(page.locator("#chat a.cite").first).to_be_visible()
    expect(page.locator("#chat .problem")).to_have_count(0)


def test_an_empty_box_asks_nothing(page: Page) -> None:
    for blank in ("", "  "):
        find_box(page).fill(blank)
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)
    ask(page, ICELAND)
    expect(page.locator("#chat .asked")).to_have_text([ICELAND])
    page.keyboard.press("Enter")
    page.wait_for_timeout(1_000)
    expect(page.locator("#chat .asked")).to_have_text([ICELAND])
    expect(page.locator("#chat .refusal")).to_have_count(1)
    expect(page.locator("#question .submit-button")).to_be_visible()


def test_a_question_too_many_is_told_and_left_to_be_asked_again(
    slow_site: Site, browser: Browser
) -> None:
    with closing(browser.new_context()) as context:
        page = context.new_page()
        page.goto(slow_site.address)
        find_box(page).fill(ARTICLE_4)
        with httpx.Client(base_url=slow_site.address) as client:
            event = find_event(client)
            body = {"data": [AGREED_FRAMEWORK, {}, {}], "fn_index": event}
            for number in range(FEW):
                more = {"session_hash": f"other{number}"}
                client.post("/gradio_api/queue/join", json=body | more).raise_for_status()
        page.keyboard.press("Enter")
        expect(page.get_by_text(re.compile("busy"))).to_be_visible()
        expect(find_box(page)).to_have_value(ARTICLE_4)


def test_a_first_reader_sees_the_library_being_made(tmp_path: Path, visit: Visit) -> None:
    (tmp_path / "corpus").mkdir()
    for file in list(find_files([ROOT / "corpus"]))[:5]:
        shutil.copy(file, tmp_path / "corpus")
    with open_site(tmp_path / "library", "--corpus", str(tmp_path / "corpus")) as fresh:
        page = visit(fresh)
        expect(page.locator("#status")).to_contain_text("The library is being made")
        expect(find_box(page)).to_be_visible()
        expect(page.locator("#chat .example")).to_have_count(EXAMPLES, timeout=90_000)
        expect(page.locator("#status")).to_be_hidden()
        expect(page.locator("#chat .welcome")).to_contain_text("Ask 5 articles")
        expect(page.locator("#reading .cards li")).to_have_count(5)
        question = page.locator("#chat .example").first.inner_text()
        expect(ask(page, question).locator("a.cite").first).to_be_visible()
        page.close()


# Going on.


def test_examples_can_be_asked(page: Page) -> None:
    expect(page.locator("#chat .welcome")).to_contain_text(
        f"Ask {count_articles()} articles, dated 20"
    )
    examples = page.locator("#chat .example")
    expect(examples).to_have_count(EXAMPLES)
    questions = [text.strip() for text in examples.all_inner_texts()]
    assert len(set(questions)) == EXAMPLES
    examples.nth(2).click()
    expect(wait_for_answer(page).locator("a.cite").first).to_be_visible()
    expect(page.locator("#chat .asked")).to_have_text(questions[2])


def test_follow_ups_lead_to_answers(page: Page) -> None:
    ask(page, ARTICLE_4)
    buttons = page.locator(".follow-up")
    buttons.first.wait_for()
    assert buttons.count() <= FOLLOW_UPS
    question = buttons.first.inner_text()
    buttons.first.click()
    expect(wait_for_answer(page, 1).locator("a.cite").first).to_be_visible()
    expect(page.locator("#chat .asked").last).to_have_text(question)


def test_suggestions_cover_nothing_of_an_answer(page: Page) -> None:
    ask(page, AGREED_FRAMEWORK)
    page.locator(".follow-up").first.wait_for()
    ask(page, ARTICLE_4)
    page.locator(".follow-up").first.wait_for()
    # The question is at the top, or else the answer's end at the bottom.
    page.wait_for_function("""() => {
      const question = [...document.querySelectorAll("#chat .asked")].at(-1);
      const scroller = question.closest(".bubble-wrap");
      const above = question.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
      const below = scroller.scrollHeight - scroller.clientHeight - scroller.scrollTop;
      return Math.abs(above - 16) < 4 || below < 4;
    }""")


def test_suggestions_go_as_the_next_answer_begins(slow_site: Site, visit: Visit) -> None:
    page = visit(slow_site)
    ask(page, AGREED_FRAMEWORK)
    suggested = page.locator(".follow-up")
    question = suggested.first.inner_text()
    suggested.first.click()
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    expect(suggested).to_have_count(0)
    wait_for_answer(page, 1)
    suggested.first.wait_for()
    expect(suggested.filter(has_text=question)).to_have_count(0)


def test_a_follow_up_is_understood_from_the_conversation(page: Page) -> None:
    expect(ask(page, AGREED_FRAMEWORK).locator(".said")).to_contain_text("1994")
    expect(ask(page, "Why did it collapse?")).to_contain_text(
        "Understood as: Why did the Agreed Framework collapse?"
    )


def test_retry_asks_the_same_question_again(page: Page) -> None:
    said = ask(page, AGREED_FRAMEWORK).locator(".said").inner_text()
    page.get_by_role("button", name="Retry").click()
    expect(page.locator("#chat a.cite").first).to_be_visible()
    expect(wait_for_answer(page).locator(".said")).to_have_text(said, use_inner_text=True)
    expect(page.locator("#chat .asked")).to_have_text([AGREED_FRAMEWORK])


def test_stop_keeps_what_was_said(slow_site: Site, visit: Visit) -> None:
    page = visit(slow_site)
    find_box(page).fill(ARTICLE_4)
    page.keyboard.press("Enter")
    numbers = page.locator("#chat a.cite")
    expect(numbers).to_have_count(1)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#question .submit-button")).to_be_visible()
    page.wait_for_timeout(PAUSE * 1200)
    expect(numbers).to_have_count(1)
    expect(page.locator("#chat .made")).to_contain_text(WORDS_SHOWN["stopped"])
    expect(open_sidebar(page)).to_have_count(1)
    expect(ask(page, ICELAND)).to_have_class(re.compile("refusal"))
    expect(page.locator("#chat .asked")).to_have_text([ARTICLE_4, ICELAND])


# The library.


def test_the_library_is_searched_and_sorted(page: Page) -> None:
    cards, count = open_library(page), count_articles()
    expect(cards).to_have_count(count)
    page.get_by_label(WORDS_SHOWN["search"]).fill("summit")
    expect(cards).not_to_have_count(count)
    titles = page.locator("#cards .place").all_inner_texts()
    assert 1 < len(titles) < count and all("summit" in title.lower() for title in titles)
    expect(page.locator("#count")).to_contain_text(f"Articles: {len(titles)} of {count}")
    for name, newest in ((WORDS_SHOWN["newest"], True), (WORDS_SHOWN["oldest"], False)):
        page.get_by_label(WORDS_SHOWN["sort"]).click()
        page.get_by_role("option", name=name).click()
        details = page.locator("#cards .details")
        dates = sorted((text[:10] for text in details.all_inner_texts()), reverse=newest)
        expect(details).to_have_text([re.compile(f"^{date}") for date in dates])
    page.get_by_label(WORDS_SHOWN["search"]).fill("zebra")
    expect(page.locator("#cards")).to_have_text(WORDS_SHOWN["none_found"])


def test_a_topic_and_dates_restrict_what_is_asked(site: Site, page: Page) -> None:
    with Store(site.library) as store:
        articles = store.list_articles()
    dates: dict[str, list[str]] = {}
    for article in articles:
        for name in article.topics:
            dates.setdefault(name, []).append(str(article.published))
    topic, published = max(dates.items(), key=lambda item: len(set(item[1])))
    since = max(published)
    open_library(page)
    page.get_by_label(WORDS_SHOWN["topics"]).click()
    page.get_by_role("option", name=topic, exact=True).click()
    details = page.locator("#cards .details")
    expect(details).to_have_count(len(published))
    page.get_by_label(WORDS_SHOWN["since"]).fill(since)
    expect(details).to_have_text([re.compile(f"^{since}.*{topic}")] * published.count(since))
    shown = set(page.locator("#cards .place").all_inner_texts())
    page.get_by_role("button", name=WORDS_SHOWN["only_these"]).click()
    expect(page.locator("#chip")).to_have_text(re.compile(f"{topic}, dated {since} – …"))
    answer = ask(page, ICELAND)
    expect(answer).to_contain_text(f"Asked only of: {topic}, dated {since}")
    near = answer.locator("a.place").all_inner_texts()
    assert near and {place.partition(" › ")[0] for place in near} <= shown


def test_nothing_is_asked_of_no_article(page: Page) -> None:
    open_library(page)
    page.get_by_label(WORDS_SHOWN["search"]).fill("zebra crossing on Mars")
    expect(page.locator("#cards .place")).to_have_count(0)
    page.get_by_role("button", name=WORDS_SHOWN["only_these"]).click()
    expect(page.get_by_text(WORDS_SHOWN["none_found"]).last).to_be_visible()
    expect(page.get_by_role("tab", name="Library")).to_have_attribute("aria-selected", "true")
    page.get_by_label(WORDS_SHOWN["search"]).fill("")
    page.get_by_label(WORDS_SHOWN["since"]).fill("2024-6")
    page.get_by_role("button", name=WORDS_SHOWN["only_these"]).click()
    expect(page.get_by_text("2024-6").last).to_be_visible()
    expect(page.locator("#count")).to_contain_text("“2024-6” is no date")
    expect(page.locator("#cards .place")).to_have_count(count_articles())
    expect(page.locator("#chip .chip")).to_have_count(0)


def test_dates_that_no_article_has_are_not_asked(page: Page) -> None:
    open_library(page)
    page.get_by_label(WORDS_SHOWN["since"]).fill("2090")
    # In place of the list, then in the refusal.
    told = page.get_by_text(WORDS_SHOWN["none_found"])
    expect(told).to_have_count(1)
    page.get_by_role("button", name=WORDS_SHOWN["only_these"]).click()
    expect(told).to_have_count(2)
    expect(page.get_by_role("tab", name="Library")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#chip .chip")).to_have_count(0)


def test_boxes_ticked_at_once_all_count(page: Page) -> None:
    cards = open_library(page)
    title = cards.nth(2).locator(".place").inner_text()
    tick = "(count) => [...document.querySelectorAll('#cards input')].slice(0, count)"
    page.evaluate(f"{tick}.forEach((box) => box.click())", 3)
    expect(page.locator("#chip")).to_contain_text(WORDS_SHOWN["scope_articles"].format(count=3))
    page.evaluate(f"{tick}.forEach((box) => box.click())", 2)
    expect(page.locator("#chip")).to_contain_text(title)


def test_chosen_articles_alone_are_asked(page: Page) -> None:
    cards = open_library(page)
    card = cards.nth(3)
    title = card.locator(".place").inner_text()
    card.get_by_role("checkbox").check()
    chip = page.locator("#chip .chip")
    expect(page.locator("#chip")).to_contain_text(title)
    page.get_by_role("tab", name="Ask").click()
    expect(chip).to_be_visible()
    answer = ask(page, ARTICLE_4)
    expect(answer).to_contain_text(f"Asked only of: {title}")
    places = answer.locator("a.place").all_inner_texts()
    assert places and all(place.startswith(title) for place in places)
    chip.get_by_role("button", name=WORDS_SHOWN["scope_clear"]).click()
    expect(chip).to_have_count(0)
    freed = ask(page, ARTICLE_4)
    expect(freed).not_to_contain_text("Asked only of")
    assert not all(place.startswith(title) for place in freed.locator(".place").all_inner_texts())
    open_library(page)
    expect(page.locator("#cards input:checked")).to_have_count(0)


# What readers think.


def test_a_thumb_and_a_word_are_stored(site: Site, page: Page) -> None:
    ask(page, AGREED_FRAMEWORK)
    page.get_by_role("button", name="Like", exact=True).click()
    comment = page.get_by_label(WORDS_SHOWN["helpful_thanks"])
    comment.fill("Just what I looked for.")
    page.get_by_role("button", name=WORDS_SHOWN["send"], exact=True).click()
    expect(comment).to_be_hidden()
    [entry] = list_feedback(site.library)
    assert (entry.question, entry.helpful) == (AGREED_FRAMEWORK, True)
    assert entry.comment == "Just what I looked for." and entry.answer["citations"]


@pytest.mark.parametrize("way", ["question", "new", "clear"])
def test_a_word_is_asked_for_only_of_the_answer_that_is_shown(page: Page, way: str) -> None:
    ask(page, ICELAND)
    page.get_by_role("button", name="Like", exact=True).click()
    comment = page.get_by_label(WORDS_SHOWN["helpful_thanks"])
    comment.fill("Half a")
    if way == "question":
        find_box(page).fill(ARTICLE_4)
        page.keyboard.press("Enter")
    elif way == "new":
        open_sidebar(page)
        page.locator("#new-talk").click()
    else:
        page.get_by_role("button", name="Clear").click()
    expect(comment).to_be_hidden()
    if way != "question":
        ask(page, ICELAND)
    else:
        wait_for_answer(page, 1)
    page.get_by_role("button", name="Dislike", exact=True).last.click()
    expect(comment).to_have_value("")


def test_what_is_no_answer_is_not_to_be_rated(page: Page) -> None:
    ask(page, "???")
    expect(page.get_by_role("button", name="Retry")).to_be_visible()
    expect(page.get_by_role("button", name="Like", exact=True)).to_be_hidden()
    find_box(page).fill(ICELAND)
    page.keyboard.press("Enter")
    expect(page.locator("#chat .refusal")).to_be_visible()
    expect(page.get_by_role("button", name="Like", exact=True)).to_be_visible()
