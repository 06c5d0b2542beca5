"""What the page's script asks for: an article with its quote, the list of articles, words."""

import json
import re
from collections.abc import Iterable
from html import escape
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Header, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse

from bot.anchor import Anchor, resolve_anchor
from bot.page.address import read_host
from bot.page.article import (
    Span,
    describe_anchor,
    link_to_original,
    render_article,
    write_reference,
)
from bot.page.guard import MAX_EVENT_BYTES, read_body
from bot.page.library import Shelf, render_list
from bot.page.opening import OpenLibrary
from bot.page.strings import Words, choose_language, choose_words
from bot.page.talk import BadTalk, read_talk, write_markdown
from ingest.clean import Article

MAX_OTHERS = 20
_VERSION = re.compile("[0-9a-f]{8,64}")
_SCRIPT = '<script src="/page/page.js" defer></script>'
Language = Annotated[str | None, Header(alias="accept-language")]


def make_routes(library: OpenLibrary, shelf: Shelf) -> APIRouter:
    """Return the routes of the reading panel and of the links into articles."""
    router = APIRouter()

    @router.get("/a/{article_id}", response_class=HTMLResponse)
    def read_article(
        request: Request,
        article_id: str,
        start: int = 0,
        end: int = 0,
        v: str | None = None,
        also: Annotated[str, Query(pattern=r"^(\d{1,9}-\d{1,9}(,\d{1,9}-\d{1,9})*)?$")] = "",
        fragment: bool = False,
        accept_language: Language = None,
    ) -> HTMLResponse:
        """Return an article, as a page or as the panel's inside, the quote at its offsets marked.

        `v` begins the sha256 of the text that the offsets are of; `also` are other offsets.
        """
        words, language = choose_words(accept_language), choose_language(accept_language)
        if v is not None and not _VERSION.fullmatch(v):
            return _refuse(422, words["bad_link"], words, language, fragment=fragment)
        article, anchor = _find(library, article_id, start, end, v)
        if article is None:
            return _refuse(404, words["no_article"], words, language, fragment=fragment)
        others = tuple(_locate(library, article_id, item, v) for item in _split(also))
        shown = render_article(article, words, anchor, tuple(filter(None, others)))
        bar = _render_bar(article, anchor, words, str(request.base_url))
        is_current = v is None or article.sha256.startswith(v)
        inside = f"{bar}{describe_anchor(anchor, words, is_current=is_current)}{shown}"
        if fragment:
            return HTMLResponse(inside)
        return HTMLResponse(_render_page(article.title, inside, language, _SCRIPT))

    @router.get("/articles", response_class=HTMLResponse)
    def list_articles(accept_language: Language = None) -> str:
        """Return the list of all articles, the panel's first view."""
        words = choose_words(accept_language)
        cards = shelf.list_cards()
        if not cards:
            return f'<p class="hint">{escape(words["welcome_empty"])}</p>'
        count = words["article_count"].format(count=len(cards))
        return (
            f'<h2 tabindex="-1">{escape(words["library"])}</h2>'
            f'<p class="hint">{escape(count)}. {escape(words["read_here"])}</p>'
            f"{render_list(cards, words)}"
        )

    @router.get("/words")
    def read_words(accept_language: Language = None) -> JSONResponse:
        """Return the page's words for its script."""
        return JSONResponse(dict(choose_words(accept_language)))

    @router.post("/export.md", response_class=PlainTextResponse)
    def export_markdown(request: Request, talk: Annotated[object, Depends(_read_talk)]) -> str:
        """Return a conversation, as the browser keeps it, as Markdown with footnotes."""
        try:
            return write_markdown(read_talk(talk), str(request.base_url))
        except BadTalk as error:
            raise HTTPException(422, str(error)) from error

    return router


async def _read_talk(request: Request) -> object:
    """Return the JSON of a request's body. Raises HTTPException."""
    body = await read_body(request, MAX_EVENT_BYTES)
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(422, "a conversation is JSON") from error


def _find(
    library: OpenLibrary, article_id: str, start: int, end: int, version: str | None
) -> tuple[Article | None, Anchor | None]:
    """Return an article and what its offsets stand for now; no anchor where none was asked for."""
    bot = library.get_bot()
    if bot is None:
        return None, None
    bot.store.refresh()
    article = bot.store.get_article(article_id)
    if article is None or start >= end:
        return article, None
    return article, resolve_anchor(bot.store, article_id, start, end, version)


def _locate(
    library: OpenLibrary, article_id: str, span: tuple[int, int], version: str | None
) -> Span | None:
    _, anchor = _find(library, article_id, *span, version)
    return Span(anchor.start, anchor.end) if anchor and anchor.state != "gone" else None


def _split(also: str) -> Iterable[tuple[int, int]]:
    for item in also.split(",")[:MAX_OTHERS] if also else ():
        start, _, end = item.partition("-")
        yield int(start), int(end)


def _render_bar(article: Article, anchor: Anchor | None, words: Words, base: str) -> str:
    """Return the buttons over an article; those for a quote only where one is marked."""
    buttons = [_button("back", f"← {words['all_articles']}")]
    quoted = ""
    if anchor is not None and anchor.state != "gone":
        quoted = article.text[anchor.start : anchor.end]
        address = f"{base}{_link(article, anchor)}"
        texts = (write_reference(article, quoted, address, markdown=flag) for flag in (False, True))
        plain, marked_up = texts
        buttons += [
            f'<span class="step" hidden>{_button("previous", "‹", words["previous"])}'
            f'<span class="place" aria-live="polite"></span>{_button("next", "›", words["next"])}'
            "</span>",
            _button("copy", words["copy"], text=plain),
            _button("copy", words["copy_markdown"], text=marked_up),
            f'<a class="permalink" href="/{escape(_link(article, anchor))}">'
            f"{escape(words['permalink'])}</a>",
        ]
    original = link_to_original(article, quoted)
    if original:
        host = words["original"].format(host=read_host(original))
        buttons.append(
            f'<a class="original" href="{escape(original)}" target="_blank" '
            f'rel="noopener noreferrer">{escape(host)}</a>'
        )
    buttons.append(_button("close", "✕", words["close"]))
    return f'<div class="bar">{"".join(buttons)}</div>'


def _button(action: str, shown: str, spoken: str = "", text: str = "") -> str:
    label = f' aria-label="{escape(spoken)}" title="{escape(spoken)}"' if spoken else ""
    copied = f' data-text="{escape(text)}"' if text else ""
    return f'<button type="button" data-action="{action}"{label}{copied}>{escape(shown)}</button>'


def _link(article: Article, anchor: Anchor) -> str:
    article_id = quote(article.article_id, safe="")
    return f"a/{article_id}?v={article.sha256[:12]}#{anchor.start}-{anchor.end}"


def _refuse(
    status: int, reason: str, words: Words, language: str, *, fragment: bool
) -> HTMLResponse:
    """Return why no article is shown, as a page: 404, for a link that is opened by itself.

    Raises HTTPException with the status for what the script asks for.
    """
    if fragment:
        raise HTTPException(status, reason)
    inside = (
        f'<div class="bar"><a href="/">← {escape(words["all_articles"])}</a></div>'
        f'<p class="note" role="alert">{escape(reason)}</p>'
    )
    return HTMLResponse(_render_page(words["reading"], inside, language), 404)


def _render_page(title: str, inside: str, language: str, script: str = "") -> str:
    """Return a whole page with one article, for a link that is opened by itself."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Footnote</title>"
        '<link rel="stylesheet" href="/page/page.css"><link rel="icon" href="data:,">'
        f"{script}</head>"
        '<body class="alone"><header><h1><a href="/">Footnote</a></h1></header>'
        f'<main id="reading">{inside}</main></body></html>'
    )
