"""Row: an ingest killed at each named step of staging and publishing, before it and after it."""

import importlib
import multiprocessing
import os
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.reliability.journal import Victim, write_journal
from benchmarks.reliability.kill import check_end
from benchmarks.reliability.row import main_of
from ingest.sync import sync
from tests.articles import WordEmbedder

_ARTICLES = 4
_TIMES = 10
# Where each step is called, in the order in which an ingest takes them.
STEPS = {
    "store vectors": ("ingest.write", "insert_vectors"),
    "store an article": ("ingest.write", "insert_article"),
    "clean up before": ("ingest.write", "remove_generations"),
    "write the word index": ("ingest.generation", "WordIndex.add"),
    "write the vector index": ("ingest.generation", "write_vector_index"),
    "list and hash the files": ("ingest.generation", "write_manifest"),
    "wait for the disk": ("ingest.generation", "sync_tree"),
    "name the generation": ("ingest.generation", "rename_durably"),
    "write the row that publishes it": ("ingest.write", "write_state"),
    "commit it": ("ingest.write", "record_revision"),
    "copy the database": ("ingest.publish", "copy_database"),
    "check the copy": ("ingest.spare", "find_flaws"),
    "wait for the copy": ("ingest.spare", "sync_file"),
    "name the copy": ("ingest.spare", "rename_durably"),
}
_QUICK_STEPS = ("store an article", "name the generation", "commit it", "name the copy")


def run(quick: bool, seed: int) -> dict[str, object]:
    """Kill an ingest ten times at each step; in the quick row once, at four of them."""
    chance = Random(seed)
    context = multiprocessing.get_context("forkserver")
    # With everything imported, an ingest takes a fraction of a second.
    context.set_forkserver_preload(["chromadb.api.rust", "ingest.cli", "tests.articles"])
    killed = dict.fromkeys(_QUICK_STEPS if quick else STEPS, 0)
    with tempfile.TemporaryDirectory(prefix="steps-") as name:
        folder = Path(name).resolve()
        victim = Victim(folder / "articles", folder / "library", _ARTICLES)
        victim.change_articles()
        sync([victim.articles], victim.library, WordEmbedder())
        victim.versions = [0] * _ARTICLES
        for step in killed:
            for time in range(1 if quick else _TIMES):
                victim.change_articles()
                place = (step, chance.random() < 0.5, chance.randint(1, _ARTICLES))
                process = context.Process(target=ingest_until, args=(place, victim))
                process.start()
                process.join()
                killed[step] += process.exitcode == -signal.SIGKILL
                if process.exitcode != -signal.SIGKILL:
                    victim.failures.append(f"{place}: ended with {process.exitcode}")
                victim.examine(f"{step}, {time + 1}")
        victim.kills = sum(killed.values())
        check_end(victim)
    return {**victim.report(), "at_step": killed}


def ingest_until(place: tuple[str, bool, int], victim: Victim) -> None:
    """Ingest, and be killed before or after a step; of one for each article at the nth."""
    step, before, nth = place
    module_name, name = STEPS[step]
    holder: Any = importlib.import_module(module_name)
    *outer, name = name.split(".")
    for part in outer:
        holder = getattr(holder, part)
    calls = nth if module_name == "ingest.write" and name.startswith("insert") else 1
    setattr(holder, name, make_fatal(getattr(holder, name), before, calls))
    sync(
        [victim.articles],
        victim.library,
        WordEmbedder(),
        on_progress=lambda progress: write_journal(victim.journal, progress.done),
    )


def make_fatal(step: Callable[..., Any], before: bool, nth: int) -> Callable[..., Any]:
    """Return a step that kills the process before or after its nth call."""
    calls = 0

    def die(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == nth and before:
            os.kill(os.getpid(), signal.SIGKILL)
        result = step(*arguments, **options)
        if calls == nth:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return die


if __name__ == "__main__":
    main_of(run, "steps")
