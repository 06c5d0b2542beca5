"""A terminal of its own for a command: keys go in, and what the screen is sent comes out."""

import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from fcntl import ioctl
from pathlib import Path

from tests.libraries import ROOT

CODE = "from bot.cli import app; app(prog_name='footnote')"
# What `rich` and `readline` send of themselves: styles, bracketed paste, edits of a line.
OWN = re.compile(rb"\x1b\[(?:[0-9;]*m|\?2004[hl]|[0-9]*[CDKP@])")


class Terminal:
    """A running command and what it has printed so far."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self.process = process
        self.output = b""
        self._master = master
        self._read_to = 0

    def send(self, keys: str) -> None:
        """Press keys."""
        if "\x03" in keys:
            # Python's readline sleeps through a Ctrl+C between its prompt and its first wait.
            time.sleep(0.3)
        os.write(self._master, keys.encode())

    def wait(self, text: str, seconds: float = 30) -> str:
        """Return what is printed up to a text that has not been waited for yet."""
        end = time.monotonic() + seconds
        while (place := self.output.find(text.encode(), self._read_to)) < 0:
            assert time.monotonic() < end, self.output.decode(errors="replace")
            assert self._read(), self.output.decode(errors="replace")
        start, self._read_to = self._read_to, place + len(text.encode())
        return self.output[start : self._read_to].decode(errors="replace")

    def close(self) -> int:
        """Wait for the end and return the exit status."""
        while self._read():
            pass
        return self.process.wait(10)

    def _read(self) -> bool:
        """Read what is there within a second; return whether there may be more."""
        if not select.select([self._master], [], [], 1)[0]:
            return self.process.poll() is None
        try:
            data = os.read(self._master, 65_536)
        except OSError:  # Linux says so when the other end is closed.
            return False
        self.output += data
        return bool(data)


@contextmanager
def open_terminal(
    *arguments: object, size: tuple[int, int] = (24, 80), **variables: str
) -> Iterator[Terminal]:
    """Run `footnote` in a terminal of some rows and columns; it is killed if it does not end."""
    master, slave = pty.openpty()
    ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", *size, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, *map(str, arguments)],
        cwd=ROOT, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
        env=make_environment(**{"TERM": "xterm-256color"} | variables),
        preexec_fn=_take_terminal,
    )  # fmt: skip
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        process.kill()
        process.wait()
        os.close(master)


def _take_terminal() -> None:
    """Make standard input the terminal that Ctrl+C comes from."""
    # A shell that runs the tests in the background has Ctrl+C ignored, which is inherited.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    ioctl(0, termios.TIOCSCTTY, 0)


def make_environment(**variables: str) -> Mapping[str, str]:
    """Return the environment without what says how a terminal is to be used, and with some more."""
    telling = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "FOOTNOTE_STORE", "PYTHONIOENCODING",
               "TTY_COMPATIBLE", "COLORTERM", "INPUTRC"}  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if name not in telling}
    return {**kept, "LC_ALL": "C.UTF-8", **variables}


def run_command(
    *arguments: object, stdin: bytes = b"", cwd: Path = ROOT, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    """Run `footnote` in a process of its own, its output a pipe."""
    return subprocess.run(
        [sys.executable, "-c", CODE, *map(os.fsencode, map(str, arguments))],
        cwd=cwd, input=stdin, capture_output=True, check=False,
        env=make_environment(PYTHONPATH=str(ROOT), **variables),
    )  # fmt: skip
