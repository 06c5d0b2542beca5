"""The `watch` command: a library that follows folders, told a line for each change."""

import signal
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from ingest.cli import (
    DEFAULT_STORE,
    EXIT_ERROR,
    EXIT_USAGE,
    StoreOption,
    describe_write_error,
    show_progress,
)
from ingest.counts import count_library
from ingest.embed import DEFAULT_MODEL, Embedder, ModelUnavailable, load_embedder, model_folder
from ingest.sync import Report, sync
from ingest.terminal import fail, print_json, print_line
from ingest.write import WrongModel, read_model


def watch_folders(
    paths: Annotated[list[Path], typer.Argument(help="Folders and files of articles.")],
    store: StoreOption = DEFAULT_STORE,
    model: Annotated[
        str | None, typer.Option(help="A sentence-transformers model, by folder or cached name.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print each round's report as a line of JSON.")
    ] = False,
) -> None:
    """Keep the library equal to folders until Ctrl+C: new, changed, moved and deleted files.

    A folder that is gone is waited for. Exit status: 0 ended by Ctrl+C or SIGTERM, 2 bad
    arguments, 1 the model's folder cannot be written.
    """
    for path in paths:
        if path.parts[:1] in (("http:",), ("https:",)):
            hint = "fetch it now and then: footnote ingest URL --allow-urls"
            fail(f"{path}: an address is not watched; {hint}", EXIT_USAGE)
        if not path.exists():
            fail(f"{path}: there is no such file or folder", EXIT_USAGE)
    # What ends a service ends it as Ctrl+C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt):
        try:
            _follow(paths, store, model, as_json=as_json)
        except (WrongModel, ModelUnavailable) as error:
            fail(str(error), EXIT_USAGE)
        except OSError as error:
            fail(describe_write_error(store, error), EXIT_ERROR)
    _tell("stopped", stderr=as_json)


def _follow(paths: list[Path], store: Path, model: str | None, *, as_json: bool) -> None:
    # Its library takes a tenth of a second to import, which `ask` need not wait for.
    from ingest.watch import Watcher, watch

    embedder = _load_model(store, model)

    def ingest(roots: list[Path], changed: set[Path]) -> Report:
        nonlocal embedder
        # Another process may have embedded the library anew, by a model of its choice.
        if embedder.model != (model or read_model(store) or embedder.model):
            embedder = _load_model(store, model)
        with show_progress(quiet=False) as on_progress:
            return sync(
                roots,
                store,
                embedder,
                remove_missing=True,
                changed=changed,
                on_progress=on_progress,
            )

    tell = partial(_tell, stderr=as_json)
    watcher = Watcher(paths, store, ingest, tell)
    told: list[Report] = []

    def look() -> None:
        report = watcher.look()
        if report is not None:
            if as_json:
                print_json(asdict(report), indent=None)
            else:
                _print_round(report, told[-1] if told else None)
            told[:] = [report]

    tell(f"watching {', '.join(map(str, paths))} for the library {store}; Ctrl+C ends it")
    watch(watcher, look, threading.Event())


def _load_model(store: Path, model: str | None) -> Embedder:
    """Load `model`, else the one that embedded the library."""
    name = model or read_model(store) or DEFAULT_MODEL
    return load_embedder(name, model_folder(store, name))


def _print_round(report: Report, last: Report | None) -> None:
    """Print what a round did, after the `last` one; nothing if it only found all as it was."""
    # The twins of before are looked at in every round, and told in the first one.
    twins = [text for text in report.duplicates if last is None or text not in last.duplicates]
    counts = {
        "new": report.added,
        "changed": report.changed,
        "moved": report.moved,
        "removed": report.removed,
        "failed": len(report.failed),
        "duplicates": len(twins),
    }
    done = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    if done or last is None:
        library = count_library(report.articles, report.passages)
        _tell(f"{done or 'nothing new'}: {library} ({report.seconds:.1f} s)")
    for twin in twins:
        _tell(f"duplicate: {twin}")
    for warning in report.warnings:
        _tell(f"note: {warning}")
    for failure in report.failed:
        _tell(f"failed: {failure.path}: {failure.reason}")


def _tell(line: str, *, stderr: bool = False) -> None:
    """Print a line with the time, at once also where the output is a file or a pipe."""
    print_line(f"{time.strftime('%H:%M:%S')} {line}", stderr=stderr)
    sys.stdout.flush()
