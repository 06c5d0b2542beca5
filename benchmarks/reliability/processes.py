"""Several processes on one library: a second writer, readers during writes, two servers."""

import contextlib
import multiprocessing
import os
import signal
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.context import SpawnContext
from pathlib import Path
from typing import Any

import httpx

from benchmarks.reliability.contents import find_disagreements
from benchmarks.reliability.keeping_up import LIMIT, asking, wait_until, write_report
from benchmarks.reliability.model import put_model
from benchmarks.reliability.row import main_of
from benchmarks.reliability.server import open_server
from ingest.lock import LibraryBusy, lock_library
from ingest.store import Store
from ingest.sync import sync
from tests.articles import WordEmbedder

_PLACES = ("lima", "cairo", "oslo", "riga")
_SPAWN: SpawnContext = multiprocessing.get_context("spawn")


@dataclass(slots=True)
class Watch:
    """What a reader saw while others wrote: how often it looked, how many revisions, faults."""

    looks: int = 0
    revisions: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def run(quick: bool, seed: int) -> dict[str, object]:
    """Write 8 (or 300) revisions under 2 readers; serve 2 (or 30) changes from two servers."""
    with tempfile.TemporaryDirectory() as place:
        refusals = refuse_second_writers(Path(place, "locked"))
        watches = read_during_writes(Path(place, "read"), revisions=8 if quick else 300, readers=2)
        delays, requests, failed = serve_twice(Path(place, "served"), changes=2 if quick else 30)
    late = [f"a server had a change after {delay:.1f} s" for delay in delays if delay > LIMIT]
    return {
        "second_writers_refused": sum(not fault for fault in refusals.values()),
        "readers": len(watches),
        "looks": sum(watch.looks for watch in watches),
        "revisions_seen": [len(watch.revisions) for watch in watches],
        "servers": 2,
        "changes_served": len(delays),
        "slowest_seconds": round(max(delays), 2),
        "requests": requests,
        "failures": [
            *filter(None, refusals.values()),
            *(fault for watch in watches for fault in watch.faults),
            *late,
            *failed,
        ],
    }


def refuse_second_writers(place: Path) -> dict[str, str]:
    """Write while another process does, and after one was killed; return what went wrong of each.

    The first is refused and told who writes; the second is not.
    """
    folder, library = write_revision(place / "articles", 1), place / "library"
    sync([folder], library, WordEmbedder())
    faults = {}
    with ProcessPoolExecutor(1, mp_context=_SPAWN) as pool:
        with lock_library(library):
            told = pool.submit(_try_to_write, folder, library).result()
        held = f"process {os.getpid()} on "
        faults["beside a writer"] = "" if held in told else f"a second writer was told {told!r}"
        killed = _SPAWN.Process(target=_die_writing, args=(library,))
        killed.start()
        killed.join()
        told = pool.submit(_try_to_write, folder, library).result()
        faults["after a killed one"] = f"a dead writer keeps others out: {told}" if told else ""
    return faults


def read_during_writes(place: Path, revisions: int, readers: int) -> list[Watch]:
    """Write revisions while other processes read; each shows one whole, never an older one."""
    folder, library = write_revision(place / "articles", 1), place / "library"
    sync([folder], library, WordEmbedder())
    with _SPAWN.Manager() as manager, ProcessPoolExecutor(readers, mp_context=_SPAWN) as pool:
        published = manager.Value("i", 1)
        futures = [pool.submit(_watch, library, published, revisions) for _ in range(readers)]
        for revision in range(2, revisions + 1):
            write_revision(folder, revision)
            sync([folder], library, WordEmbedder(), remove_missing=True)
            published.value = revision
        return [future.result() for future in futures]


def serve_twice(place: Path, changes: int) -> tuple[list[float], int, list[str]]:
    """Ingest under two servers; return the seconds until both had each change, and what failed.

    The middle of the three is how many requests there were meanwhile.
    """
    folder, library = place / "articles", place / "library"
    folder.mkdir(parents=True)
    for number in range(4):
        write_report(folder / f"report-{number}.md", number)
    embedder = put_model(library)
    sync([folder], library, embedder)
    delays = []
    pages = ("/v1/articles?limit=5", "/v1/search?q=lighthouse")
    with contextlib.ExitStack() as stack:
        servers = [stack.enter_context(open_server(library, "--api-only")) for _ in range(2)]
        asked = [stack.enter_context(asking(server.address, pages)) for server in servers]
        for code in range(1000, 1000 + changes):
            write_report(folder / f"report-{code % 4}.md", code)
            sync([folder], library, embedder)
            started = time.monotonic()
            for server in servers:
                with contextlib.suppress(TimeoutError):
                    wait_until(lambda at=server.address, code=code: _shows(at, code), 6 * LIMIT)  # type: ignore[misc]
            delays.append(time.monotonic() - started)
    failures = [failure for one in asked for failure in one.failures]
    return delays, sum(one.requests for one in asked), failures


def write_revision(folder: Path, revision: int) -> Path:
    """Write all articles of a revision into a folder, one with another name each time."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in folder.glob("*.md"):
        file.unlink()
    for place in (*_PLACES, f"port-{revision}"):
        says = f"That of {place} is as revision {revision} says."
        text = f"# The harbour of {place}\n\n{says}\n\nShips come.\n"
        (folder / f"{place}.md").write_text(text, encoding="utf-8")
    return folder


def _watch(library: Path, published: Any, last: int) -> Watch:
    """Look at a library again and again until it shows revision `last`, or for ten minutes."""
    watch, newest, ends = Watch(), 0, time.monotonic() + 600
    with Store(library, use_vector_index=True) as store:
        while newest < last and time.monotonic() < ends and len(watch.faults) < 10:
            newest = max(newest, published.value)
            store.refresh()
            shown = list(_read_revisions(store))
            watch.looks += 1
            watch.revisions.update(shown)
            if len(set(shown)) != 1 or len(shown) != len(_PLACES) + 1:
                watch.faults.append(f"a reader saw articles of revisions {shown}")
            elif shown[0] < newest:
                watch.faults.append(f"a reader saw revision {shown[0]} after {newest}")
            newest = max(newest, *shown)
            watch.faults += find_disagreements(store, WordEmbedder())
    return watch


def _read_revisions(store: Store) -> Iterator[int]:
    for article in store.list_articles():
        yield int(article.text.partition("revision ")[2].split()[0])


def _try_to_write(folder: Path, library: Path) -> str:
    """Ingest; return what was told if that was refused."""
    try:
        sync([folder], library, WordEmbedder())
    except LibraryBusy as error:
        return str(error)
    return ""


def _die_writing(library: Path) -> None:
    with lock_library(library):
        os.kill(os.getpid(), signal.SIGKILL)


def _shows(address: str, code: int) -> bool:
    found = httpx.get(f"{address}/v1/search", params={"q": f"code{code}", "limit": 5}, timeout=60)
    return f"number is code{code}." in found.text


if __name__ == "__main__":
    main_of(run, "processes")
