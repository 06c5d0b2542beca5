"""What a server starts ends with it, however it ends."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.child import run_child
from ingest.spare import SPARE_NAME
from tests.libraries import ROOT

pytest_plugins = ["tests.library_fixtures"]

SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGKILL)
# A process, its child and the child of that, which would wait for ever; each says who it is.
FAMILY = """
import os, signal, sys, time
from ingest.child import run_child
# What is started in the background of a script is told to pass over Ctrl+C.
signal.signal(signal.SIGINT, signal.default_int_handler)
print(os.getpid(), flush=True, file=open(sys.argv[2], "a"))
if sys.argv[1] != "0":
    run_child("tests.test_child", str(int(sys.argv[1]) - 1), sys.argv[2])
time.sleep(600)
"""

if __name__ == "__main__":
    exec(FAMILY)  # noqa: S102 - it is what stands above


def wait_until(holds: Callable[[], bool], seconds: float = 120.0) -> bool:
    """Wait until something holds; return whether it does."""
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds()


def find_processes(words: str) -> set[int]:
    """Return the processes whose command line holds some words, those that ended left out."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if words in line:
            found.add(int(folder.name))
    return found


@contextmanager
def run(*arguments: str, words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run Python; afterwards end all processes whose command line holds some words."""
    with subprocess.Popen([sys.executable, *arguments], cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()
            for left in find_processes(words):
                os.kill(left, signal.SIGKILL)


def test_a_child_says_what_it_says_and_how_it_ended() -> None:
    done = run_child("ingest.trial", "/nowhere")
    assert done.returncode == 1 and done.stdout == "" and "IndexError" in done.stderr
    with pytest.raises(subprocess.TimeoutExpired):
        run_child("ingest.trial", "/nowhere", seconds=0.01)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("number", SIGNALS)
def test_children_and_theirs_end_with_their_parent(tmp_path: Path, number: int) -> None:
    file = tmp_path / "pids"
    with run("-c", FAMILY, "2", str(file), words=str(file)) as process:
        assert wait_until(lambda: file.exists() and file.read_text().count("\n") == 3)
        assert len(find_processes(str(file))) == 3
        process.send_signal(number)
        process.wait(60)
        assert wait_until(lambda: not find_processes(str(file)))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("number", SIGNALS)
def test_a_repair_ends_with_its_server(library: Path, tmp_path: Path, number: int) -> None:
    library = shutil.copytree(library, tmp_path / "library")
    [generation] = (library / "generations").iterdir()
    (generation / "words" / "meta.json").write_bytes(b"{}")
    # A repair that opens it waits for ever.
    (library / SPARE_NAME).unlink()
    os.mkfifo(library / SPARE_NAME)
    command = f"ingest.repair {library}"
    code = "from bot.cli import app; app(prog_name='footnote')"
    options = ("serve", "--api-only", "--port", "0", "--store", str(library))
    with run("-c", code, *options, words=command) as process:
        assert wait_until(lambda: bool(find_processes(command)), 120)
        time.sleep(1)
        assert find_processes(command)
        process.send_signal(number)
        process.wait(30)
        assert wait_until(lambda: not find_processes(command))
