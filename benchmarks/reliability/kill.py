"""Row: SIGKILL during ingest, half of them at a write of a file or at the publishing step."""

import signal
import tempfile
import time
from pathlib import Path
from random import Random

from benchmarks.reliability.ingester import Fault, Ingester, NoCompiler
from benchmarks.reliability.journal import Victim
from benchmarks.reliability.row import main_of
from ingest.sync import sync
from tests.articles import WordEmbedder

_ARTICLES = 8
_QUICK_KILLS, _FULL_KILLS = 8, 300
# The last of an ingest's changes of files are those that publish it.
_PUBLISHING = 0.7


def run(quick: bool, seed: int) -> dict[str, object]:
    """Kill an ingest again and again, each time going on with what the last one left."""
    chance = Random(seed)
    wanted = _QUICK_KILLS if quick else _FULL_KILLS
    aimed = {"time": 0, "write": 0, "publishing": 0}
    with tempfile.TemporaryDirectory(prefix="kill-") as name:
        folder = Path(name).resolve()
        victim = Victim(folder / "articles", folder / "library", _ARTICLES)
        try:
            with Ingester() as ingester:
                seconds, changes = measure(victim, ingester)
                rounds = 0
                while victim.kills < wanted and rounds < 3 * wanted:
                    rounds += 1
                    aim = ("time", "write", "time", "publishing")[victim.kills % 4]
                    killed = kill(victim, ingester, choose_fault(aim, chance, seconds, changes))
                    victim.kills += killed
                    aimed[aim] += killed
                    victim.examine(f"kill {victim.kills}, by {aim}")
        except NoCompiler as error:
            return {"skipped": str(error), "failures": []}
        check_end(victim)
    return {**victim.report(), "aimed_at": aimed}


def measure(victim: Victim, ingester: Ingester) -> tuple[float, int]:
    """Return how long an ingest takes that is not killed, and how many changes of files it has."""
    for _ in range(2):
        victim.change_articles()
        started = time.perf_counter()
        outcome = ingester.ingest(victim.articles, victim.library, journal=victim.journal)
        seconds = time.perf_counter() - started
        assert not outcome.error, outcome
        victim.examine("not killed")
    return seconds, outcome.changes


def choose_fault(aim: str, chance: Random, seconds: float, changes: int) -> Fault:
    """Return a kill after some time, or at a change of a file of the library."""
    if aim == "time":
        return Fault(kill_after=chance.uniform(0, seconds))
    first = int(_PUBLISHING * changes) if aim == "publishing" else 1
    return Fault(at=chance.randint(first, changes), error=0)


def kill(victim: Victim, ingester: Ingester, fault: Fault) -> bool:
    """Change all articles, ingest them and be killed; return whether that came in time."""
    victim.change_articles()
    outcome = ingester.ingest(victim.articles, victim.library, fault, victim.journal)
    if outcome.error:
        victim.failures.append(f"an ingest failed: {outcome.error}")
    return outcome.signal == signal.SIGKILL


def check_end(victim: Victim) -> None:
    """Check that the next ingest has nothing left to mend, and leaves nothing behind."""
    report = sync([victim.articles], victim.library, WordEmbedder())
    if report.articles != victim.count or report.failed:
        victim.failures.append(f"in the end: {report}")
    if len(list((victim.library / "generations").iterdir())) != 1:
        victim.failures.append("in the end: generations are left behind")
    left = sorted(path.name for path in victim.library.glob("*.partial*"))
    if left:
        victim.failures.append(f"in the end: {', '.join(left)} left behind")


if __name__ == "__main__":
    main_of(run, "kill")
