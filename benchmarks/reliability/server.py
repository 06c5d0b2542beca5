"""A real server in a process of its own, and what it takes of the machine."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FOOTNOTE = "from bot.cli import app; app(prog_name='footnote')"


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its address, without a slash at the end, and the id of its process."""

    address: str
    process_id: int

    def read_cpu_seconds(self) -> float:
        """Return the processor time that it took so far."""
        fields = Path(f"/proc/{self.process_id}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def read_memory(self) -> float:
        """Return the memory that is its own alone, in MB; pages of files do not count."""
        status = Path(f"/proc/{self.process_id}/status").read_text("utf-8")
        return int(status.partition("RssAnon:")[2].split()[0]) / 1024

    def count_descriptors(self) -> int:
        """Return how many files and sockets it holds open."""
        return sum(1 for _ in Path(f"/proc/{self.process_id}/fd").iterdir())


@contextmanager
def open_server(store: Path, *options: object) -> Iterator[Server]:
    """Run `footnote serve` on a library, no caller limited, until the end of the block."""
    free = ("--port", "0", "--rate", "1000000", "--store", store)
    with _run(["-c", _FOOTNOTE, "serve", *map(str, (*free, *options))], {}) as server:
        yield server


@contextmanager
def open_page(store: Path, model_url: str) -> Iterator[Server]:
    """Run `python app.py` on a library with the language model at an address."""
    environment = {"FOOTNOTE_MODEL": "scripted", "FOOTNOTE_MODEL_URL": model_url}
    with _run(["app.py", "--store", str(store), "--no-browser"], environment) as server:
        yield server


@contextmanager
def _run(arguments: list[str], environment: dict[str, str]) -> Iterator[Server]:
    """Run Python and read from its first line with an address where it serves."""
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-u", *arguments],
        cwd=ROOT, env=os.environ | environment, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            lines = process.stdout or ()
            words = next((line.split() for line in lines if " http" in line), None)
            if words is None:
                raise RuntimeError(f"the server did not start: {' '.join(arguments)}")
            address = next(word for word in words if word.startswith("http"))
            yield Server(address.removesuffix("/v1"), process.pid)
        finally:
            process.terminate()
