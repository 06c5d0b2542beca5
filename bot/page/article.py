"""An article as HTML, its quotes marked, and what a reader does with a quote."""

from dataclasses import dataclass
from html import escape
from itertools import pairwise
from urllib.parse import quote

from bot.anchor import Anchor
from bot.page.address import clean_address
from bot.page.strings import Words
from ingest.clean import PARAGRAPH_BREAK, Article

_FRAGMENT_WORDS = 6


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an article's text, by character offsets."""

    start: int
    end: int


def render_article(
    article: Article, words: Words, anchor: Anchor | None = None, others: tuple[Span, ...] = ()
) -> str:
    """Return an article as HTML: the quote of `anchor` marked, `others` marked lightly."""
    marks = _Marks(article.text, anchor, others)
    byline = ", ".join(filter(None, (article.author, article.published)))
    levels = {heading.start: heading.level for heading in article.headings}
    parts = []
    position = 0
    for paragraph in article.text.split(PARAGRAPH_BREAK):
        stop = position + len(paragraph)
        # The article's title is an h2.
        tag = f"h{min(levels[position] + 1, 6)}" if position in levels else "p"
        parts.append(f"<{tag}>{marks.render(position, stop)}</{tag}>")
        position = stop + len(PARAGRAPH_BREAK)
    lead = f'<p class="byline">{escape(byline)}</p>' if byline else ""
    return (
        f'<article data-article="{escape(article.article_id)}" lang="en">'
        f'<h2 tabindex="-1">{escape(article.title)}</h2>{lead}{"".join(parts)}</article>'
        f"{_list_sources(article, words)}"
    )


def describe_anchor(anchor: Anchor | None, words: Words, *, is_current: bool = False) -> str:
    """Return, as HTML, what became of a quote whose article has changed since.

    `is_current` says that it has not: the quote's offsets are of the text that is shown.
    """
    if anchor is None or anchor.state == "same":
        return ""
    if anchor.state == "moved":
        return f'<p class="note" role="status">{escape(words["quote_moved"])}</p>'
    if is_current:
        return f'<p class="note gone" role="status">{escape(words["quote_nowhere"])}</p>'
    was = words["quote_was"].format(quote=anchor.quote) if anchor.quote else ""
    return f'<p class="note gone" role="status">{escape(words["quote_gone"])} {escape(was)}</p>'


def link_to_original(article: Article, quoted: str) -> str | None:
    """Return the address of the page an article came from, with the quote as a text fragment.

    None for an article that has no plain web address. The form is that of the WICG draft "URL
    Fragment Text Directives": a long quote by its first and last words.
    """
    address = clean_address(article.url)
    tokens = quoted.split()
    if address is None or not tokens:
        return address
    ends = (tokens[:_FRAGMENT_WORDS], tokens[-_FRAGMENT_WORDS:])
    parts = ends if len(tokens) > 2 * _FRAGMENT_WORDS else (tokens,)
    # A dash has a meaning of its own there and is not escaped by `quote`.
    text = ",".join(quote(" ".join(part), safe="").replace("-", "%2D") for part in parts)
    return f"{address}#:~:text={text}"


def write_reference(article: Article, quoted: str, address: str, *, markdown: bool) -> str:
    """Return a quote with its source, as plain text or Markdown, for the clipboard."""
    by = ", ".join(filter(None, (article.author, article.published)))
    line = " ".join(quoted.split())
    if not markdown:
        return f"“{line}”\n{', '.join(filter(None, (article.title, by)))}\n{address}"
    title = "".join(f"\\{char}" if char in "\\[]*_`<" else char for char in article.title)
    return f"> {line}\n>\n> [{title}]({address}){f', {by}' if by else ''}"


class _Marks:
    """The marked stretches of a text, cut so that none overlaps another."""

    def __init__(self, text: str, anchor: Anchor | None, others: tuple[Span, ...]) -> None:
        self._text = text
        self._quote = Span(anchor.start, anchor.end) if anchor and anchor.state != "gone" else None
        self._others = others
        spans = [*others, *([self._quote] if self._quote else [])]
        within = {min(max(edge, 0), len(text)) for span in spans for edge in (span.start, span.end)}
        self._edges = sorted(within)

    def render(self, start: int, stop: int) -> str:
        """Return `text[start:stop]` escaped, with its marks."""
        edges = [start, *(edge for edge in self._edges if start < edge < stop), stop]
        return "".join(self._render_piece(first, last) for first, last in pairwise(edges))

    def _render_piece(self, start: int, stop: int) -> str:
        body = escape(self._text[start:stop])
        if self._quote and self._quote.start <= start and stop <= self._quote.end:
            anchor = ' id="quote"' if start == max(self._quote.start, 0) else ""
            return f"<mark{anchor}>{body}</mark>"
        if any(span.start <= start and stop <= span.end for span in self._others):
            return f'<mark class="also">{body}</mark>'
        return body


def _list_sources(article: Article, words: Words) -> str:
    if not article.sources:
        return ""
    items = "".join(f"<li>{escape(source)}</li>" for source in article.sources)
    return (
        f"<footer><h3>{escape(words['article_sources'])}</h3>"
        f'<ul class="addresses">{items}</ul></footer>'
    )
