"""Parse files in a process of their own, which may be killed: memory, time and crashes are its."""

import atexit
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import astuple
from typing import Any

from ingest.limits import Limits
from ingest.load import FileBytes, UnreadableFile
from ingest.messages import read_message, write_message
from ingest.read import Reading, unpack_reading

# Found where this process finds its own modules, and nowhere else: the folder that a user is in may
# be one of articles, with files named like modules.
_PROGRAM = (
    "import sys; count = int(sys.argv.pop(1)); sys.path[:] = sys.argv[1 : count + 1]; "
    "del sys.argv[1 : count + 1]; from ingest.parser_process import main; main()"
)
# What Python and the system need; keys of services are not for a parser.
_ENVIRONMENT = (
    "PATH",
    "LD_LIBRARY_PATH",
    "PYTHONHOME",
    "SYSTEMROOT",
    "LANG",
    "TZ",
    "TMPDIR",
    "TEMP",
)
# A reply is at most so many times as long as the limit of passages allows for text.
_REPLY_BYTES_A_PASSAGE = 20_000
_WATCH_SECONDS = 0.1


class _Died(Exception):
    """The process ended without a reply: by itself, by a signal, or killed for its time."""

    def __init__(self, code: int, *, late: bool) -> None:
        super().__init__(f"exit status {code}")
        self.code = code
        self.late = late


class _Child:
    """One process, asked for one file after the other."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.owner = os.getpid()
        self.has_served = False
        self._deadline = math.inf
        self._is_late = False
        path = [os.path.realpath(entry) for entry in sys.path if entry]
        settings = map(str, astuple(limits))
        # This interpreter and our own program.
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-c", _PROGRAM, str(len(path)), *path, *settings],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        )
        threading.Thread(target=self._watch, name="parser watch", daemon=True).start()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def ask(self, head: dict[str, Any], data: bytes) -> dict[str, Any]:
        """Return the reply to a request. Raises _Died, and ValueError for a reply that is none."""
        process, requests, replies = self._process, self._process.stdin, self._process.stdout
        assert requests and replies  # noqa: S101
        self._deadline = time.monotonic() + self.limits.seconds
        try:
            write_message(requests, head, data)
            reply, _ = read_message(replies, self.limits.passages * _REPLY_BYTES_A_PASSAGE)
        except (EOFError, OSError) as error:
            raise _Died(process.wait(), late=self._is_late) from error
        finally:
            self._deadline = math.inf
        self.has_served = True
        return reply

    def _watch(self) -> None:
        """Kill the process when a file takes too long; end with it."""
        while self._process.poll() is None:
            if time.monotonic() > self._deadline:
                self._is_late = True
                self._process.kill()
            time.sleep(_WATCH_SECONDS)

    def is_ready(self) -> bool:
        """Tell whether the process lives and is this process's own, not one from before a fork."""
        return self.owner == os.getpid() and self._process.poll() is None

    def end(self) -> None:
        """End the process, whatever it does."""
        if self.owner == os.getpid():
            self._process.kill()
            for pipe in (self._process.stdin, self._process.stdout):
                # What was never sent cannot be sent any more.
                with suppress(OSError):
                    pipe.close() if pipe else None
            self._process.wait()


class Parser:
    """Reads files in a child process, with another one after a file that broke it."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.child: _Child | None = None

    def read(self, file: FileBytes, article_id: str, words: int, encoding: str | None) -> Reading:
        """Return the article and passages of a file. Raises UnreadableFile with the reason."""
        head = {
            "path": str(file.path),
            "sha256": file.sha256,
            "article_id": article_id,
            "words": words,
            "encoding": encoding,
        }
        reply = self._ask(file, head)
        if "reason" in reply:
            raise UnreadableFile(file.path, str(reply["reason"]))
        if "unexpected" in reply:
            raise UnreadableFile(file.path, f"the parser failed on it ({reply['unexpected']})")
        try:
            return unpack_reading(reply, file, article_id)
        except (ValueError, TypeError, KeyError) as error:
            self.end()
            raise UnreadableFile(file.path, f"the parser's reply makes no sense: {error}") from None

    def end(self) -> None:
        """End the child process, if there is one."""
        if self.child:
            self.child.end()
            self.child = None

    def _ask(self, file: FileBytes, head: dict[str, Any]) -> dict[str, Any]:
        """Return the reply for a file; ends the child and raises UnreadableFile without one."""
        while True:
            self.child = self.child or _take_idle(self.limits) or _Child(self.limits)
            # What earlier files did to a process is no fault of this one.
            retry = self.child.has_served
            try:
                reply = self.child.ask(head, file.data)
                if "memory" not in reply:
                    return reply
                reason = self.limits.tell_excess("memory_mb", "it needs too much memory to parse")
            except ValueError as error:
                reason = f"the parser's reply makes no sense: {error}"
            except _Died as died:
                # One that was idle for long, or had grown much, ends by itself.
                retry = retry and died.code == 0
                reason = _tell_death(died, self.limits)
            self.end()
            if not retry:
                raise UnreadableFile(file.path, reason)


def _tell_death(died: _Died, limits: Limits) -> str:
    if died.late or (sys.platform != "win32" and died.code == -signal.SIGXCPU):
        return limits.tell_excess("seconds", "it takes too long to parse")
    if died.code >= 0:
        return f"it ended the parser (exit status {died.code})"
    name = signal.Signals(-died.code).name
    if name == "SIGKILL":
        return "the system killed the parser on it (SIGKILL), most likely for want of memory"
    return f"it crashed the parser ({name})"


_idle: list[_Child] = []
_idle_lock = threading.Lock()


@contextmanager
def open_parser(limits: Limits | None = None) -> Iterator[Parser]:
    """Give a parser for the files of one run; its process is kept for the next run, for a while."""
    parser = Parser(limits or Limits())
    try:
        yield parser
    except BaseException:
        parser.end()
        raise
    if parser.child and parser.child.is_ready():
        with _idle_lock:
            _idle.append(parser.child)
    else:
        parser.end()


def _take_idle(limits: Limits) -> _Child | None:
    """Return a process of these limits that waits for work, and end those that do no more."""
    with _idle_lock:
        waiting = [child for child in _idle if child.is_ready()]
        gone = [child for child in _idle if child not in waiting]
        taken = next((child for child in waiting if child.limits == limits), None)
        _idle[:] = [child for child in waiting if child is not taken]
    for child in gone:
        child.end()
    return taken


@atexit.register
def _end_idle() -> None:
    with _idle_lock:
        children = list(_idle)
        _idle.clear()
    for child in children:
        child.end()
