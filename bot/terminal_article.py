"""An article in the terminal: the quoted words marked, a screen at a time when it is long."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from bot.anchor import Anchor
from ingest.clean import Article
from ingest.terminal import neutralise

QUOTE_STYLE = "reverse"
# Where the terminal has no styles.
QUOTE_MARKS = ("»", "«")
_LEAST_LINES = 4
# Of the lines above a quote as many are shown with it.
_LINES_BEFORE = 3


@dataclass(frozen=True, slots=True)
class Sheet:
    """An article as lines of the terminal's width; `quote_line` is the first with quoted words."""

    lines: Sequence[Text]
    quote_line: int


def lay_out_article(console: Console, article: Article, anchor: Anchor) -> Sheet:
    """Return an article with its title, and the words of the anchor marked if they are there."""
    origin = article.url or article.path
    byline = ", ".join(filter(None, (article.author, article.published, origin)))
    # Neutralised first: rich would drop some controls, and the offsets would be others.
    body = Text(neutralise(article.text))
    for heading in article.headings:
        body.stylize("bold", heading.start, heading.end)
    if anchor.state != "gone":
        body = _mark_quote(body, anchor, with_marks=console.color_system is None)
    lines = [*Text(article.title, "bold underline").wrap(console, console.width)]
    lines += [*Text(byline, "dim").wrap(console, console.width), Text()]
    first = len(lines)
    lines += body.wrap(console, console.width)
    quoted = (
        number
        for number, line in enumerate(lines)
        if any(span.style == QUOTE_STYLE for span in line.spans)
    )
    return Sheet(lines, next(quoted, first))


def page_lines(console: Console, sheet: Sheet, read_line: Callable[[str], str] | None) -> None:
    """Print a sheet; if it is longer than the screen, in parts, beginning at the quote.

    `read_line` asks the reader between two parts, with a prompt; None prints all at once.
    """
    height = max(console.height - 2, _LEAST_LINES)
    lines = sheet.lines
    if read_line is None or len(lines) <= height:
        _print_lines(console, lines)
        return
    top = sheet.quote_line - min(_LINES_BEFORE, height - 1)
    while True:
        top = max(0, min(top, len(lines) - height))
        bottom = top + height
        _print_lines(console, lines[top:bottom])
        prompt = f"-- lines {top + 1}-{bottom} of {len(lines)}: Enter, b(ack), q(uit) -- "
        reply = read_line(prompt).strip().lower()
        if reply.startswith("q") or (not reply and bottom == len(lines)):
            return
        top += -height if reply.startswith("b") else height


def _mark_quote(body: Text, anchor: Anchor, *, with_marks: bool) -> Text:
    before, quote, after = body.divide((anchor.start, anchor.end))
    if with_marks:
        quote = Text(QUOTE_MARKS[0]) + quote + Text(QUOTE_MARKS[1])
    quote.stylize(QUOTE_STYLE)
    return before + quote + after


def _print_lines(console: Console, lines: Sequence[Text]) -> None:
    for line in lines:
        line.rstrip()
        console.print(line)
