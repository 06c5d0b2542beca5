"""Processes of our own modules that end when the one that started them ends, however it does.

`python -m ingest.child MODULE ARGUMENT...` runs a module until its standard input ends, which the
system sees to also when the process that holds the other end is killed.
"""

import os
import runpy
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO


def start_child(module: str, *arguments: str, errors: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start `python -m MODULE ARGUMENT...`; what it says is dropped, its errors go to a file."""
    return subprocess.Popen(  # noqa: S603 - this Python, on our own modules
        _make_command(module, arguments),
        env=_make_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        # Ctrl+C is for the process that started it.
        start_new_session=True,
    )


def let_go(child: subprocess.Popen[bytes]) -> None:
    """End a child that was started, if it has not ended."""
    if child.stdin is not None:
        child.stdin.close()


def run_child(
    module: str, *arguments: str, seconds: float | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `python -m MODULE ARGUMENT...` to its end; return its exit status and what it said.

    Raises subprocess.TimeoutExpired after `seconds`, and OSError if no process can be started.
    """
    given, kept = os.pipe()
    try:
        return subprocess.run(  # noqa: S603 - this Python, on our own modules
            _make_command(module, arguments),
            env=_make_environment(),
            stdin=given,
            start_new_session=True,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
    finally:
        os.close(given)
        os.close(kept)


def _make_command(module: str, arguments: tuple[str, ...]) -> list[str]:
    # Not from the folder that the user is in, which may hold files named like modules.
    return [sys.executable, "-P", "-m", __name__, module, *arguments]


def _make_environment() -> dict[str, str]:
    """Return the environment in which our own modules are found."""
    root = Path(__file__).parents[1]
    paths = filter(None, (str(root), os.environ.get("PYTHONPATH")))
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def _end_with_parent() -> None:
    """Wait until standard input ends, then end this process, whatever it is doing."""
    while os.read(0, 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
