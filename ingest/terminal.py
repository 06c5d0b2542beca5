"""What a terminal is sent: all of it made harmless here, whatever article or file name it holds."""

import codecs
import io
import json
import re
import sys
import unicodedata
from collections.abc import Iterable
from typing import Any, NoReturn

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from ingest.clean import UNSAFE_LETTERS

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_LINE_END = re.compile(r"[\r\n]+")
# A terminal that says that it is narrower, or that it has no columns at all, is not believed.
_LEAST_WIDTH, _USUAL_WIDTH = 20, 80
# How a terminal without Unicode is told what cannot be decomposed.
_PLAIN = {
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "«": "<<", "»": ">>",
    "–": "-", "—": "-", "‑": "-", "›": ">", "‹": "<", "·": "-", "•": "*", "█": "#",
}  # fmt: skip


def neutralise(text: str) -> str:
    """Return a text of the same length that no terminal takes for anything but letters.

    Escape sequences lose their first character (C0 but tab and line feed, DEL, C1), and the order
    of letters cannot be turned (bidirectional and other invisible controls); lone surrogates, as
    in file names that are not UTF-8, cannot be written. Each becomes U+FFFD.
    """
    return UNSAFE_LETTERS.sub(REPLACEMENT, text)


def put_on_one_line(text: str) -> str:
    """Return a text neutralised and without line ends: what follows one could pass for ours."""
    return neutralise(_LINE_END.sub(" ", text))


def open_console(*, stderr: bool = False) -> Console:
    """Return a console on standard output or error that neutralises whatever it prints.

    Strings are printed as they are, without markup. Colours follow the terminal and NO_COLOR.
    """
    _accept_any_letter(sys.stderr if stderr else sys.stdout)
    console = _SafeConsole(stderr=stderr, highlight=False, markup=False, emoji=False)
    if console.width < _LEAST_WIDTH:
        console.width = _USUAL_WIDTH
    return console


def print_line(text: str, *, stderr: bool = False) -> None:
    """Print a text on one line, never folded, neutralised."""
    stream = sys.stderr if stderr else sys.stdout
    _accept_any_letter(stream)
    print(put_on_one_line(text), file=stream, flush=stderr)


def print_json(value: Any, *, indent: int | None = 2) -> None:
    """Print JSON types, readable, in any script; what `neutralise` replaces is escaped instead.

    So nothing is lost: a program reads every character back. Without `indent` it is one line.
    """
    _accept_any_letter(sys.stdout)
    is_unicode = (sys.stdout.encoding or "").lower().startswith("utf")
    text = json.dumps(value, ensure_ascii=not is_unicode, indent=indent)
    print(UNSAFE_LETTERS.sub(_escape_letter, text))
    sys.stdout.flush()


def fail(message: str, code: int) -> NoReturn:
    """Say in one line on standard error what went wrong, and exit with `code`."""
    print_line(f"footnote: {message}", stderr=True)
    raise typer.Exit(code)


class _SafeConsole(Console):
    """A console whose every piece of text is neutralised on its way out."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterable[Segment]:
        for segment in super().render(renderable, options):
            # Control segments are the console's own, such as those that move a progress bar.
            yield segment if segment.control else segment._replace(text=neutralise(segment.text))


def _escape_letter(match: re.Match[str]) -> str:
    """Return a letter as JSON escapes it, DEL too."""
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return re.sub("(....)", r"\\u\1", units)


def _accept_any_letter(stream: object) -> None:
    """Let a stream of any encoding print any letter, in the nearest plain ones if need be."""
    if isinstance(stream, io.TextIOWrapper) and stream.errors != _spell_plainly.__name__:
        stream.reconfigure(errors=_spell_plainly.__name__)


def _spell_plainly(error: UnicodeError) -> tuple[str, int]:
    """Return, for a letter that an encoding lacks, ASCII letters or a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    return "".join(map(_spell_letter, letters)), error.end


def _spell_letter(letter: str) -> str:
    plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return _PLAIN.get(letter) or plain or "?"


codecs.register_error(_spell_plainly.__name__, _spell_plainly)
