"""What the page shows of answers and articles, as HTML. Everything is escaped here."""

import re
from collections.abc import Iterable, Mapping
from html import escape, unescape
from typing import Any
from urllib.parse import quote, urlencode

from bot.cite import Answer, Citation, shorten
from ingest.clean import PARAGRAPH_BREAK, Article


def render_answer(answer: Answer) -> str:
    """Return an answer as HTML: its sentences with numbered links, then its sources."""
    if answer.refused:
        return _render_refusal(answer)
    sentences = " ".join(
        f"{_mark_answer(item)}{_link(item, str(item.number), 'cite')}" for item in answer.citations
    )
    sources = "".join(f"<li>{_describe(item)}</li>" for item in answer.citations)
    return _one_line(
        f'<div class="answer">{_show_asked(answer)}<p>{sentences}</p>'
        f'<ol class="sources">{sources}</ol></div>'
    )


def render_article(article: Article, start: int = 0, end: int = 0) -> str:
    """Return an article as HTML with `text[start:end]` marked."""
    byline = ", ".join(filter(None, (article.author, article.published)))
    levels = {heading.start: heading.level for heading in article.headings}
    parts = []
    position = 0
    for paragraph in article.text.split(PARAGRAPH_BREAK):
        stop = position + len(paragraph)
        body = _mark(article.text, position, stop, start, end)
        tag = f"h{min(levels[position] + 1, 6)}" if position in levels else "p"
        parts.append(f"<{tag}>{body}</{tag}>")
        position = stop + len(PARAGRAPH_BREAK)
    lead = f'<p class="byline">{escape(byline)}</p>' if byline else ""
    sources = "".join(f"<li>{escape(source)}</li>" for source in article.sources)
    listed = f'<footer><h3>Sources</h3><ul class="addresses">{sources}</ul></footer>'
    return (
        f'<article data-article="{escape(article.article_id)}"><h2>{escape(article.title)}</h2>'
        f"{lead}{''.join(parts)}{listed if sources else ''}</article>"
    )


def render_article_page(article: Article, start: int, end: int) -> str:
    """Return a whole page with one article, for a link that is opened by itself."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(article.title)}</title>"
        '<link rel="stylesheet" href="/page/page.css"></head>'
        f'<body class="alone"><main>{render_article(article, start, end)}</main></body></html>'
    )


def read_turns(messages: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Return the (question, answer text) pairs of a chat's messages, as Gradio keeps them."""
    turns: list[tuple[str, str]] = []
    question: str | None = None
    for message in messages:
        content = message["content"]
        parts = content if isinstance(content, list) else [{"type": "text", "text": content}]
        text = " ".join(str(part.get("text") or "") for part in parts)
        if message["role"] == "user":
            question = text
        elif question is not None:
            turns.append((question, _read_answer(text)))
            question = None
    return turns


def _read_answer(html: str) -> str:
    """Return the sentences of an answer that `render_answer` made, without links and sources."""
    body = html.partition('<ol class="sources">')[0]
    body = re.sub(r'<p class="hint">.*?</p>', " ", body)
    body = re.sub(r'<a class="cite".*?</a>', "", body)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", body)).split())


def link_to_quote(citation: Citation) -> str:
    """Return the address of the article with the quote marked."""
    span = urlencode({"start": citation.start, "end": citation.end})
    return f"/a/{quote(citation.article_id, safe='')}?{span}#quote"


def render_welcome(articles: list[Article]) -> str:
    """Return what the page says before the first question: what the library holds."""
    dates = sorted(article.published for article in articles if article.published)
    span = f", dated {dates[0]} to {dates[-1]}" if dates else ""
    titles = "".join(
        f'<li><a class="article-link" href="/a/{quote(item.article_id, safe="")}">'
        f"{escape(item.title)}</a></li>"
        for item in articles
    )
    return (
        f'<section class="library"><h2>The library</h2><p>{len(articles)} articles{escape(span)}. '
        "Choose one to read it, or ask a question and choose a number in the answer to see its "
        f"words here.</p><ul>{titles}</ul></section>"
    )


def _render_refusal(answer: Answer) -> str:
    nearest = "".join(_render_source(item) for item in answer.nearest)
    listed = f'<p class="hint">The nearest passages:</p><ol class="sources">{nearest}</ol>'
    return _one_line(
        f'<div class="answer refusal">{_show_asked(answer)}<p>{escape(answer.text)}</p>'
        f"{listed if nearest else ''}</div>"
    )


def _show_asked(answer: Answer) -> str:
    """Return how a follow-up was understood, nothing for a question that stands alone."""
    if answer.asked == answer.question:
        return ""
    return f'<p class="hint">Understood as: {escape(answer.asked)}</p>'


def _mark_answer(citation: Citation) -> str:
    """Return a quote, escaped, with the exact answer within it in bold."""
    if citation.span is None:
        return escape(citation.quote)
    start, end = (offset - citation.start for offset in citation.span)
    quote = citation.quote
    return f"{escape(quote[:start])}<b>{escape(quote[start:end])}</b>{escape(quote[end:])}"


def _render_source(citation: Citation) -> str:
    """Return a list item with a passage: where it stands and its words."""
    return (
        f"<li>{_describe(citation)}<blockquote>{escape(shorten(citation.quote))}</blockquote></li>"
    )


def _describe(citation: Citation) -> str:
    place = " › ".join(filter(None, (citation.title, citation.heading)))
    details = ", ".join(filter(None, (citation.author, citation.published)))
    return f'{_link(citation, place, "place")} <span class="details">{escape(details)}</span>'


def _link(citation: Citation, text: str, kind: str) -> str:
    label = escape(f"Source {citation.number}: {citation.title}")
    return (
        f'<a class="{kind}" href="{escape(link_to_quote(citation))}" aria-label="{label}" '
        f'title="{escape(shorten(citation.quote))}">{escape(text)}</a>'
    )


def _mark(text: str, start: int, stop: int, first: int, last: int) -> str:
    """Return `text[start:stop]` escaped, the part of it within `first` to `last` marked."""
    left, right = max(start, first), min(stop, last)
    if left >= right:
        return escape(text[start:stop])
    anchor = ' id="quote"' if left == first else ""
    return (
        f"{escape(text[start:left])}<mark{anchor}>{escape(text[left:right])}</mark>"
        f"{escape(text[right:stop])}"
    )


def _one_line(html: str) -> str:
    """Return HTML that Markdown leaves alone: no line of it begins anything."""
    return html.replace("\n", " ")
