"""The `ingest` command: files and folders in, progress and a summary out."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from ingest.embed import DEFAULT_MODEL, ModelUnavailable, load_embedder, model_folder
from ingest.limits import Limits
from ingest.sync import Progress as Step
from ingest.sync import Report, sync
from ingest.terminal import fail, open_console, print_json, put_on_one_line
from ingest.write import LibraryBusy, WrongModel, read_model

DEFAULT_STORE = Path("library")
EXIT_ERROR, EXIT_USAGE, EXIT_SOME_FAILED = 1, 2, 3

StoreOption = Annotated[
    Path, typer.Option("--store", envvar="FOOTNOTE_STORE", help="The library's folder.")
]


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders of articles.")],
    store: StoreOption = DEFAULT_STORE,
    remove_missing: Annotated[
        bool, typer.Option("--sync", help="Remove articles whose files are gone.")
    ] = False,
    model: Annotated[
        str | None, typer.Option(help="A sentence-transformers model, by name or folder.")
    ] = None,
    reembed: Annotated[
        bool, typer.Option("--reembed", help="Embed everything again, with another model.")
    ] = False,
    encoding: Annotated[
        str | None, typer.Option(help="The encoding of text files, when it is told wrongly.")
    ] = None,
    limit: Annotated[
        list[str] | None, typer.Option(help="NAME=N, a limit of one file; see docs/ingest.md.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Store articles (.txt, .md, .html, .pdf, .docx) in the library.

    Exit status: 0 all stored, 3 some failed (the others are stored), 2 nothing to do or bad
    arguments, 1 the library cannot be written.
    """
    try:
        limits = Limits.parse(limit or ())
    except ValueError as error:
        fail(str(error), EXIT_USAGE)
    try:
        with show_progress(quiet=as_json) as on_progress:
            report = run_ingest(
                paths,
                store,
                model=model,
                remove_missing=remove_missing,
                reembed=reembed,
                encoding=encoding,
                limits=limits,
                on_progress=on_progress,
            )
    except FileNotFoundError as error:
        fail(f"{error.args[0]}: there is no such file or folder", EXIT_USAGE)
    except (WrongModel, ModelUnavailable) as error:
        fail(str(error), EXIT_USAGE)
    except (LibraryBusy, OSError, sqlite3.Error) as error:
        fail(describe_write_error(store, error), EXIT_ERROR)
    if as_json:
        print_json(asdict(report))
    else:
        print_report(report, store)
    if not report.files and not report.removed:
        places = ", ".join(map(str, paths))
        fail(f"no articles in {places} (.txt, .md, .html, .pdf, .docx)", EXIT_USAGE)
    if report.failed:
        raise typer.Exit(EXIT_SOME_FAILED)


def run_ingest(
    paths: list[Path],
    store: Path,
    *,
    model: str | None = None,
    remove_missing: bool = False,
    reembed: bool = False,
    encoding: str | None = None,
    limits: Limits | None = None,
    on_progress: Callable[[Step], None] | None = None,
) -> Report:
    """Load the library's own embedding model, or `model`, and sync the library with `paths`."""
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(path)
    name = model or read_model(store) or DEFAULT_MODEL
    embedder = load_embedder(name, model_folder(store, name))
    return sync(
        paths,
        store,
        embedder,
        remove_missing=remove_missing,
        reembed=reembed,
        encoding=encoding,
        limits=limits,
        on_progress=on_progress,
    )


@contextmanager
def show_progress(*, quiet: bool) -> Iterator[Callable[[Step], None]]:
    """Show a bar with articles, passages and time left on a terminal's standard error."""
    console = open_console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("articles, {task.fields[passages]} passages embedded"),
        TimeRemainingColumn(),
    )
    hidden = quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task("Loading the model", total=None, passages=0)

        def on_progress(step: Step) -> None:
            bar.update(
                task,
                description="Ingesting",
                completed=step.done,
                total=step.total,
                passages=step.passages,
            )

        yield on_progress


def print_report(report: Report, store: Path) -> None:
    """Print what an ingest did, and each file that failed with its reason."""
    console = open_console()
    table = Table(title=f"Library {store}", title_justify="left", show_header=False)
    rows = {
        "new articles": report.added,
        "changed": report.changed,
        "moved": report.moved,
        "unchanged": report.unchanged,
        "removed": report.removed,
        "duplicates": len(report.duplicates),
        "failed": len(report.failed),
        "passages embedded": report.embedded,
        "left-overs taken out": report.leftovers,
        "seconds": f"{report.seconds:.1f}",
        "in the library": f"{report.articles} articles, {report.passages} passages",
    }
    always = {"new articles", "seconds", "in the library"}
    for name, value in rows.items():
        if value or name in always:
            table.add_row(name, str(value))
    console.print(table)
    # Not folded: a part of a file's name could pass for a line of its own.
    for duplicate in report.duplicates:
        console.print(Text(put_on_one_line(f"duplicate: {duplicate}")), soft_wrap=True)
    for warning in report.warnings:
        console.print(Text(put_on_one_line(f"note: {warning}")), soft_wrap=True)
    for failure in report.failed:
        told = put_on_one_line(f"failed: {failure.path}: {failure.reason}")
        console.print(Text(told, style="red"), soft_wrap=True)


def describe_write_error(store: Path, error: Exception) -> str:
    """Return what a user needs to know of an error while writing the library."""
    text = str(error)
    if "disk is full" in text or "No space left" in text:
        return (
            f"{store}: the disk is full; the library is as it was. "
            "Free some space and run the same command again"
        )
    return text
