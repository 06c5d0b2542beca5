"""What harmless means: an answer looked at through every door, by code."""

import io
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from typing import Any

from lxml import html
from markdown_it import MarkdownIt

from bot.api.conversation import write_content
from bot.cite import Answer, verify
from bot.mcp_tools import TOOLS
from bot.page.answer import render_answer, render_question
from bot.page.strings import choose_words
from bot.terminal import print_answer
from ingest.clean import UNSAFE_LETTERS
from ingest.store import Store
from ingest.terminal import open_console

# What the page makes of an answer, and no words of an article or a model can add to.
_ELEMENTS = {"div", "p", "b", "a", "span", "ol", "li", "blockquote"}
_ATTRIBUTES = {"class", "href"}
# What a model's sentence may not hold: addresses, markup, markers of its own.
_LIVE = re.compile(r"(?i)\b(?:https?|ftp|javascript|data|mailto):|\bwww\.|[<>\[\]`]")
_WORDS = choose_words(None)
_BASE = "http://footnote.test/"
_MARKDOWN = MarkdownIt("commonmark", {"html": True})
_MARKDOWN_ELEMENTS = {
    "div", "p", "a", "b", "em", "strong", "code", "pre", "ol", "ul", "li", "hr", "blockquote",
    "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip
_MARKDOWN_ATTRIBUTES = {"href", "title", "class", "start"}
_ASK = next(card for card in TOOLS if card.name == "ask")


def find_faults(answer: Answer, store: Store, forbidden: Sequence[str] = ()) -> list[str]:
    """Return what of an answer is not harmless, by door; none if all is."""
    return [
        *(f"citation: {item.reason}" for item in verify(answer.to_dict(), store)),
        *(f"sentences: {fault}" for fault in _check_sentences(answer, forbidden)),
        *(f"api: {fault}" for fault in _check_letters(answer.to_dict())),
        *(f"page: {fault}" for fault in _check_page(answer)),
        *(f"terminal: {fault}" for fault in _check_letters(_print(answer))),
        *(f"chat: {fault}" for fault in _check_markdown(write_content(answer, _BASE))),
        *(f"mcp: {fault}" for fault in _check_mcp(answer)),
    ]


def _check_sentences(answer: Answer, forbidden: Sequence[str]) -> Iterator[str]:
    """Yield sentences that are neither an exact quote nor words that a gate let pass."""
    quotes = {item.number: item.quote for item in answer.citations}
    for sentence in answer.sentences:
        cited = [quotes[number] for number in sentence.citations if number in quotes]
        if not cited:
            yield f"without a citation: {sentence.text!r}"
        if sentence.text in cited:
            continue
        if answer.model is None:
            yield f"not the words of an article: {sentence.text!r}"
        if live := _LIVE.search(sentence.text):
            yield f"{live[0]!r} in a model's {sentence.text!r}"
        yield from (f"{word!r} in {sentence.text!r}" for word in forbidden if word in sentence.text)
    if answer.refused and (answer.citations or answer.sentences):
        yield "a refusal that says something"


def _check_letters(value: Any) -> Iterator[str]:
    """Yield what steers a terminal, or the order of letters, in a text or in JSON types."""
    for text in _list_strings(value):
        if found := UNSAFE_LETTERS.search(text):
            yield f"{found[0]!r} in {text[:80]!r}"


def _list_strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value
    within = items if isinstance(value, dict | list | tuple) else ()
    return [text for item in within for text in _list_strings(item)]


def _check_page(answer: Answer) -> Iterator[str]:
    """Yield elements, attributes and links that are not the page's own."""
    shown = render_question(answer.question) + render_answer(answer, _WORDS)
    for element in html.fragment_fromstring(shown, create_parent="div").iter():
        if element.tag not in _ELEMENTS:
            yield f"element {element.tag!r}"
        yield from (f"attribute {name!r}" for name in element.attrib if name not in _ATTRIBUTES)
        if not element.get("href", "/a/").startswith("/a/"):
            yield f"link to {element.get('href')!r}"
    text = html.fragment_fromstring(shown, create_parent="div").text_content()
    for sentence in answer.sentences:
        if " ".join(sentence.text.split()) not in " ".join(text.split()):
            yield f"not shown as it is: {sentence.text!r}"


def _check_markdown(text: str) -> Iterator[str]:
    """Yield what a client that shows Markdown would fetch, run, or lead to elsewhere."""
    shown = html.fragment_fromstring(_MARKDOWN.render(text), create_parent="div")
    for element in shown.iter():
        if element.tag not in _MARKDOWN_ELEMENTS:
            yield f"element {element.tag!r}"
        elif set(element.attrib) - _MARKDOWN_ATTRIBUTES:
            yield f"attributes {dict(element.attrib)}"
        if not element.get("href", _BASE).startswith(_BASE):
            yield f"link to {element.get('href')!r}"


def _check_mcp(answer: Answer) -> Iterator[str]:
    words = _ASK.say(answer)
    yield from _check_letters(words)
    yield from _check_markdown(words)
    if json.loads(_ASK.output.dump_json(answer))["text"] != answer.text:
        yield "another text than the answer's"


def _print(answer: Answer) -> str:
    with redirect_stdout(io.StringIO()) as printed:
        print_answer(open_console(), answer)
    return printed.getvalue()
