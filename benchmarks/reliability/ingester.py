"""Ingest in processes of their own, on a disk that fails at the nth change, or killed there.

`Ingester` is the near end: it orders one ingest at a time. The far end forks a process for each,
from one that has imported everything, so that an ingest takes a fraction of a second.
"""

import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SOURCE = Path(__file__).with_name("failing_disk.c")
ROOT = Path(__file__).resolve().parents[2]
FOR_GOOD = 2**40
TIMEOUT = 120.0


class NoCompiler(RuntimeError):
    """There is no C compiler here, so no disk that fails."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to an ingest.

    At change number `at` of a file in the library, and at the `lasts - 1` after it, the disk gives
    the system's `error`; error 0 kills the process there. After `kill_after` seconds it is killed.
    A disk that `lies_of_room` tells that it has plenty.
    """

    at: int = 0
    lasts: int = 1
    error: int = 0
    lies_of_room: bool = False
    kill_after: float | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an ingest ended: `error` is what a user is told, `changes` those of the library's files.

    All is empty but `signal`, when the process was killed.
    """

    signal: int = 0
    error: str = ""
    kind: str = ""
    changes: int = 0
    embedded: int = 0
    articles: int = 0


class Ingester:
    """The process that ingests on order; use it with `with`. Raises NoCompiler."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="failing-disk-")
        disk = compile_disk(Path(self._folder.name))
        self._process = subprocess.Popen(  # noqa: S603 - this module
            [sys.executable, "-m", __spec__.name if __spec__ else __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "LD_PRELOAD": str(disk)},
        )
        assert self._process.stdin and self._process.stdout
        self._orders, self._answers = self._process.stdin, self._process.stdout

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._orders.close()
        self._process.wait(TIMEOUT)
        self._answers.close()
        self._folder.cleanup()

    def begin(
        self,
        articles: Path,
        library: Path,
        fault: Fault | None = None,
        journal: Path | None = None,
    ) -> None:
        """Order that `library` is made equal to the folder `articles`; see `finish`.

        How many files are stored is written into the file `journal`.
        """
        order = {
            "articles": str(articles),
            "library": str(library),
            "journal": str(journal or os.devnull),
            **asdict(fault or Fault()),
        }
        self._orders.write(json.dumps(order) + "\n")
        self._orders.flush()

    def is_done(self, seconds: float = 0.0) -> bool:
        """Tell whether the ingest has ended, waiting for that as long as `seconds`."""
        return bool(select.select([self._answers], [], [], seconds)[0])

    def finish(self) -> Outcome:
        """Return how the ingest ended, once it has."""
        if not self.is_done(TIMEOUT):
            self._process.kill()
            raise TimeoutError(f"an ingest hung for {TIMEOUT:.0f} seconds")
        return Outcome(**json.loads(self._answers.readline()))

    def ingest(
        self,
        articles: Path,
        library: Path,
        fault: Fault | None = None,
        journal: Path | None = None,
    ) -> Outcome:
        """Make `library` equal to the folder `articles`, and return how that ended."""
        self.begin(articles, library, fault, journal)
        return self.finish()


def compile_disk(folder: Path) -> Path:
    """Compile the disk that fails into `folder` and return its file. Raises NoCompiler."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None or sys.platform != "linux":
        raise NoCompiler("a disk that fails needs Linux and a C compiler (cc, gcc or clang)")
    file = folder / "failing_disk.so"
    options = ["-shared", "-fPIC", "-O1", "-o", str(file), str(SOURCE), "-ldl"]
    subprocess.run([compiler, *options], check=True)  # noqa: S603 - the compiler of this machine
    return file


def _serve() -> None:
    """Carry out the orders of standard input, each in a process of its own."""
    import chromadb.api.rust  # noqa: F401 - here once, instead of in each process

    import ingest.cli  # noqa: F401
    import tests.articles  # noqa: F401

    for line in sys.stdin:
        order = json.loads(line)
        reading, writing = os.pipe()
        process = os.fork()
        if process == 0:
            try:
                os.close(reading)
                told = _ingest(Path(order["articles"]), Path(order["library"]), order)
                os.write(writing, json.dumps(asdict(told)).encode())
            finally:
                os._exit(0)
        os.close(writing)
        if order["kill_after"] is not None:
            time.sleep(order["kill_after"])
            os.kill(process, signal.SIGKILL)
        with os.fdopen(reading, "rb") as pipe:
            text = pipe.read().decode()
        _, status = os.waitpid(process, 0)
        killed = Outcome(signal=os.WTERMSIG(status) if os.WIFSIGNALED(status) else -1)
        print(text or json.dumps(asdict(killed)), flush=True)


def _ingest(articles: Path, library: Path, order: dict[str, Any]) -> Outcome:
    from benchmarks.reliability.journal import write_journal
    from ingest.cli import describe_write_error
    from ingest.sync import sync
    from tests.articles import WordEmbedder

    disk = ctypes.CDLL(None)
    disk.arm_failing_disk(
        os.fsencode(library),
        ctypes.c_long(order["at"]),
        ctypes.c_long(order["lasts"]),
        order["error"],
        int(order["lies_of_room"]),
    )
    try:
        report = sync(
            [articles],
            library,
            WordEmbedder(),
            remove_missing=True,
            on_progress=lambda progress: write_journal(Path(order["journal"]), progress.done),
        )
    # Whatever it is: the one who ordered it judges whether that is what a user should see.
    except Exception as error:
        told = describe_write_error(library, error)
        return Outcome(error=told, kind=type(error).__name__, changes=disk.count_changes())
    return Outcome(changes=disk.count_changes(), embedded=report.embedded, articles=report.articles)


if __name__ == "__main__":
    _serve()
