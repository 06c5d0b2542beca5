"""Keeping up: a watched folder changes while a server is asked; how soon each change is served."""

import contextlib
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.reliability.model import put_model
from benchmarks.reliability.row import main_of
from tests.sites import find_free_port

# Seconds from a change of a file to the first answer that has it.
LIMIT = 5.0
START_LIMIT = 180.0
_CODE = "from bot.cli import app; app(prog_name='footnote')"
_PAGES = ("/", "/articles", "/v1/articles?limit=5", "/v1/search?q=lighthouse")


@dataclass(slots=True)
class Asked:
    """What those were told who asked all the while."""

    requests: int = 0
    failures: list[str] = field(default_factory=list)


def run(quick: bool, seed: int) -> dict[str, object]:
    """Change a folder of 20 (or 200) articles 8 (or 100) times under `watch` and `serve`."""
    articles, changes = (20, 8) if quick else (200, 100)
    with tempfile.TemporaryDirectory() as place:
        folder, library = Path(place, "articles"), Path(place, "library")
        folder.mkdir()
        for number in range(articles):
            write_report(folder / f"report-{number:03d}.md", number)
        put_model(library)
        _run_to_end("ingest", folder, "--store", library)
        port = find_free_port()
        address = f"http://127.0.0.1:{port}"
        with (
            _started("serve", "--store", library, "--port", port, "--rate", 1_000_000),
            _started("watch", folder, "--store", library),
        ):
            wait_until(lambda: _is_up(address), START_LIMIT)
            # The first round of the watch is under way until a change is seen.
            change_folder(folder, address, 1, random.Random(seed), START_LIMIT)
            with asking(address) as asked:
                delays = change_folder(folder, address, changes, random.Random(seed + 1))
    late = [f"{kind} was served after {delay:.1f} s" for kind, delay in delays if delay > LIMIT]
    return {
        "articles": articles,
        "changes": len(delays),
        "slowest_seconds": round(max(delay for _, delay in delays), 2),
        "mean_seconds": round(sum(delay for _, delay in delays) / len(delays), 2),
        "requests": asked.requests,
        "failed_requests": len(asked.failures),
        "failures": late + asked.failures,
    }


def write_report(file: Path, code: int) -> None:
    """Write an article that a search for `code…` finds, whole under another name first."""
    partial = file.with_name(f".{file.name}.part")
    partial.write_text(
        f"# The lighthouse of {file.stem}\n\nIts number is code{code}. The lamp was lit in 1902.\n",
        encoding="utf-8",
    )
    partial.replace(file)


def change_folder(
    folder: Path, address: str, changes: int, chance: random.Random, limit: float = 6 * LIMIT
) -> list[tuple[str, float]]:
    """Change one file after the other; return each kind of change and when it was served."""
    delays = []
    with httpx.Client(base_url=address, timeout=60) as client:
        for number in range(changes):
            kind = ("edit", "add", "rename", "delete")[number % 4]
            file = chance.choice(sorted(folder.glob("*.md")))
            is_served = _change(client, kind, file, 1_000_000 + chance.randrange(1_000_000))
            started = time.perf_counter()
            with contextlib.suppress(TimeoutError):
                wait_until(is_served, limit)
            delays.append((kind, time.perf_counter() - started))
    return delays


def _change(client: httpx.Client, kind: str, file: Path, code: int) -> Callable[[], bool]:
    """Change a file; return what tells whether the server shows that."""

    def find(code: str) -> str:
        return client.get("/v1/search", params={"q": code, "limit": 5}).text

    if kind in {"edit", "add"}:
        write_report(file if kind == "edit" else file.with_name(f"new-{code}.md"), code)
        return lambda: f"number is code{code}." in find(f"code{code}")
    text = file.read_text(encoding="utf-8")
    old = next(word for word in text.split() if word.startswith("code")).rstrip(".")
    if kind == "rename":
        new = file.rename(file.with_name(f"moved-{code}.md"))
        return lambda: new.name in find(old)
    file.unlink()
    return lambda: f"number is {old}." not in find(old)


@contextlib.contextmanager
def asking(address: str, pages: tuple[str, ...] = _PAGES) -> Iterator[Asked]:
    """Ask without a pause meanwhile, one for answers and one for pages; yield what they got."""
    asked, stop = Asked(), threading.Event()

    def ask(send: Callable[[httpx.Client, int], httpx.Response]) -> None:
        with httpx.Client(base_url=address, timeout=60) as client:
            number = 0
            while not stop.wait(0.05):
                number += 1
                try:
                    send(client, number).raise_for_status()
                except httpx.HTTPError as error:
                    asked.failures.append(repr(error))
                asked.requests += 1

    question = {"question": "When was the lamp of the lighthouse lit?"}
    threads = [
        threading.Thread(target=ask, args=(send,))
        for send in (
            lambda client, _: client.post("/v1/answers", json=question),
            lambda client, number: client.get(pages[number % len(pages)]),
        )
    ]
    for thread in threads:
        thread.start()
    try:
        yield asked
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def wait_until(is_so: Callable[[], bool], limit: float) -> None:
    """Wait until something is so. Raises TimeoutError after `limit` seconds."""
    end = time.monotonic() + limit
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)


def _is_up(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz", timeout=60).is_success
    except httpx.TransportError:
        return False


def _run_to_end(*arguments: object) -> None:
    command = [sys.executable, "-c", _CODE, *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603


@contextlib.contextmanager
def _started(*arguments: object) -> Iterator[None]:
    command = [sys.executable, "-c", _CODE, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


if __name__ == "__main__":
    main_of(run, "keeping_up")
