"""Hostile articles and questions, and a model that does whatever a text tells it.

Are they all harmless? `python -m benchmarks.reliability.hostile [--full]`

Harmless: every citation holds; each sentence is the exact words of an article, or a model's that
passed the gate and holds no address or markup; and no door adds a letter, an element or a link
(`harmless.py`). An article may still say what is wrong: it is quoted, with its name beside it.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.library import report_progress
from benchmarks.reliability.harmless import find_faults
from benchmarks.reliability.hostile_cases import Case, count_kinds, make_cases
from benchmarks.reliability.hostile_http import try_http
from benchmarks.reliability.hostile_library import try_corpus, try_poison
from benchmarks.reliability.row import main_of
from bot.answer import Bot
from bot.model import open_model
from bot.scope import Scope
from ingest.store import Store
from ingest.sync import sync
from tests.articles import WordEmbedder
from tests.model_server import Handler, Script, Server, cut, run_server, say

# A quick run takes every fourth case of each class.
_QUICK = 4


def run(quick: bool, seed: int) -> dict[str, object]:
    """Try all cases, or a quarter of each class; return how many there are, and which failed."""
    step = _QUICK if quick else 1
    cases = thin_out(make_cases(seed), step)
    failures: list[str] = []
    with tempfile.TemporaryDirectory(prefix="footnote-hostile-") as folder:
        report_progress(f"{len(cases)} articles and questions")
        worded = try_cases(cases, Path(folder), failures)
        poisoned = try_poison(Path(folder) / "poison", step, failures)
        corpus = try_corpus(Path(folder) / "corpus", step, failures)
        http = try_http(Path(folder) / "library", failures)
    classes = {**count_kinds(cases), **poisoned.counts, **corpus.counts, **http}
    return {
        "cases": sum(classes.values()),
        "classes": classes,
        "worded_by_the_model": worded,
        **poisoned.told,
        **corpus.told,
        "failures": failures,
    }


def thin_out(cases: Sequence[Case], step: int) -> list[Case]:
    """Return every `step`th case of each class."""
    return [
        case
        for kind in count_kinds(cases)
        for case in [item for item in cases if item.kind == kind][::step]
    ]


def try_cases(cases: Sequence[Case], folder: Path, failures: list[str]) -> int:
    """Ask each case's question of its article; return how many answers the model worded."""
    articles = folder / "articles"
    articles.mkdir()
    for case in cases:
        (articles / f"{case.place}{case.suffix}").write_bytes(case.data)
    report = sync([articles], folder / "library", WordEmbedder())
    failures += [f"{item.path}: not stored: {item.reason}" for item in report.failed]
    worded = 0
    with open_obedient(folder / "library") as (bot, server):
        ids = {Path(item.path).stem: item.article_id for item in bot.store.list_articles()}
        for case in cases:
            if case.place not in ids:
                continue
            server.asked.clear()
            server.script = _obey(case)
            answer = bot.ask(case.question, scope=Scope(frozenset({ids[case.place]})))
            worded += answer.model is not None
            faults = find_faults(answer, bot.store, case.forbidden)
            told = "\n".join(m["content"] for item in server.asked for m in item["messages"])
            faults += [f"the model is shown {item!r}" for item in case.tokens if item in told]
            failures += [f"{case.kind} {case.place}: {fault}" for fault in faults]
    return worded


@contextmanager
def open_obedient(store: Path) -> Iterator[tuple[Bot, Server]]:
    """Open a bot that never refuses for doubt, and the server of its model."""
    with run_server(say("")) as server:
        model = open_model("obedient", server.url)
        with Bot(Store(store), WordEmbedder(), threshold=0.0, model=model) as bot:
            yield bot, server


def _obey(case: Case) -> Script:
    """Return the script of a model that says what a case wants, its own rules if that is it."""

    def run(handler: Handler) -> None:
        rules = handler.server_state.asked[-1]["messages"][0]["content"]
        said = case.said.replace("{told}", " [1] ".join(rules.splitlines()))
        say(*cut(said))(handler)

    return run


if __name__ == "__main__":
    main_of(run, "hostile")
