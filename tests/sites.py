"""Servers of the page for its tests: each in a process of its own, on loopback."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.libraries import ROOT

# Seconds before and between sentences that a reader has time to stop; how many may ask then.
PAUSE, FEW = 4.0, 3


class Site:
    """A server on a library; it may be stopped and started again at the same address."""

    def __init__(self, library: Path, command: Sequence[str]) -> None:
        self.library = library
        self.port = find_free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._command = [sys.executable, *command, "--port", str(self.port)]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._process = subprocess.Popen(self._command, cwd=ROOT, stdout=subprocess.DEVNULL)
        for _ in range(600):
            try:
                httpx.get(f"{self.address}/words", timeout=5).raise_for_status()
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError(self.address)

    def stop(self) -> None:
        """End the server."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)


@contextmanager
def open_site(library: Path, *options: str) -> Iterator[Site]:
    """Run `python app.py` on a library."""
    yield from _run(Site(library, ["app.py", "--store", str(library), "--no-browser", *options]))


@contextmanager
def open_slow_site(library: Path) -> Iterator[Site]:
    """Run the page with a bot that rests between sentences, for a `FEW` questions at a time."""
    yield from _run(Site(library, ["-m", "tests.sites", "--store", str(library)]))


def find_free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(site: Site) -> Iterator[Site]:
    try:
        site.start()
        yield site
    finally:
        site.stop()


def serve_slowly(store: Path, port: int) -> None:
    """Serve the page with a bot that rests between sentences, and before it refuses."""
    import uvicorn

    import app
    from bot.answer import Bot
    from bot.asked import History
    from bot.cite import Answer
    from bot.page import blocks, opening
    from bot.scope import EVERYTHING, Scope

    class SlowBot(Bot):
        """A bot that takes its time."""

        def stream(
            self, question: str, history: History = (), *, scope: Scope = EVERYTHING
        ) -> Iterator[Answer]:
            for answer in super().stream(question, history, scope=scope):
                if answer.refused:
                    time.sleep(PAUSE)
                yield answer
                if answer.citations:
                    time.sleep(PAUSE)

    vars(opening)["Bot"] = SlowBot
    vars(blocks)["MAX_QUESTIONS"] = FEW
    uvicorn.run(app.build_app(store), host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    _, _, store, _, port = sys.argv
    serve_slowly(Path(store), int(port))
