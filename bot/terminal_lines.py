"""Lines that a person types: edited, recalled and completed where there is a terminal.

By the standard library's `readline`: no dependency and no start-up time, and the keys are those of
the person's shell, .inputrc included. Systems without it (Windows) edit lines in their console.
"""

import sys
from collections.abc import Callable, Sequence

from ingest.terminal import print_line

try:
    import readline
except ImportError:
    readline = None  # type: ignore[assignment]


class LineReader:
    """Reads lines from standard input, whether that is a terminal, a pipe or a file."""

    def __init__(self, complete: Callable[[str], Sequence[str]], *, echo: bool = True) -> None:
        """Read lines; `complete` returns the whole lines that may follow from one that is begun.

        With `echo` a line that no terminal shows is printed.
        """
        self._echo = echo
        self.is_interactive = sys.stdin.isatty() and sys.stdout.isatty()
        if hasattr(sys.stdin, "reconfigure"):
            sys.stdin.reconfigure(errors="replace")
        if readline is not None and self.is_interactive:
            _prepare(complete)

    def read(self, prompt: str) -> str:
        """Return the next line, to be recalled later. Raises EOFError, KeyboardInterrupt.

        Without a terminal the line is printed after the prompt, so that what was asked stands above
        its answer.
        """
        if not self.is_interactive:
            line = input()
            if self._echo and line.strip():
                print_line(f"{prompt}{line}")
            return line
        line = input(prompt)
        if readline is not None and line.strip():
            readline.add_history(line)
        return line

    def ask(self, prompt: str) -> str:
        """Return the reply to a question of the program's own; "q" if there is none."""
        try:
            return input(prompt)
        except (EOFError, KeyboardInterrupt):
            print_line("")
            return "q"


def _prepare(complete: Callable[[str], Sequence[str]]) -> None:
    """Let Tab complete whole lines, and keep in the history what `read` read only."""
    found: list[str] = []

    def offer(text: str, state: int) -> str | None:
        if state == 0:
            found[:] = complete(text)
        return found[state] if state < len(found) else None

    is_libedit = "libedit" in (readline.__doc__ or "")
    readline.set_auto_history(False)
    readline.set_completer_delims("")
    readline.set_completer(offer)
    readline.parse_and_bind("bind ^I rl_complete" if is_libedit else "tab: complete")
