"""The `ingest` command: files and folders in, progress and a summary out."""

import codecs
import os
import re
import shlex
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import starmap
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

from ingest.counts import count_library
from ingest.embed import DEFAULT_MODEL, ModelUnavailable, load_embedder, model_folder
from ingest.limits import Limits
from ingest.pages import NOTHING, Gathered
from ingest.sync import Failure, Report, sync
from ingest.sync import Progress as Step
from ingest.terminal import (
    fail,
    open_console,
    print_json,
    print_line,
    put_on_one_line,
)
from ingest.write import LibraryBusy, WrongModel, read_model

DEFAULT_STORE = Path("library")
EXIT_ERROR, EXIT_USAGE, EXIT_SOME_FAILED = 1, 2, 3
_URL = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)

StoreOption = Annotated[
    Path, typer.Option("--store", envvar="FOOTNOTE_STORE", help="The library's folder.")
]


def name_store(store: Path) -> str:
    """Return " --store PATH", as a command needs it to find a library; "" for the default one."""
    if store == Path(os.environ.get("FOOTNOTE_STORE") or DEFAULT_STORE):
        return ""
    return f" --store {shlex.quote(str(store))}"


def ingest(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH|URL...",
            help="Files and folders of articles; pages, feeds and sitemaps of the web.",
        ),
    ],
    store: StoreOption = DEFAULT_STORE,
    remove_missing: Annotated[
        bool, typer.Option("--sync", help="Remove articles whose files are gone.")
    ] = False,
    model: Annotated[
        str | None, typer.Option(help="A sentence-transformers model, by folder or cached name.")
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
    allow_urls: Annotated[
        bool, typer.Option("--allow-urls", help="Fetch from the web; see docs/keeping-up.md.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Store articles (.txt, .md, .html, .pdf, .docx, .eml) in the library.

    Exit status: 0 all stored, 3 some failed (the others are stored), 2 nothing to do or bad
    arguments, 1 the library cannot be written.
    """
    urls = [source for source in sources if _URL.match(source)]
    paths = [Path(source) for source in sources if not _URL.match(source)]
    if urls and not allow_urls:
        fail(f"{urls[0]}: fetching from the web is off; allow it: --allow-urls", EXIT_USAGE)
    try:
        limits = Limits.parse(limit or ())
        codecs.lookup(encoding or "utf-8")
    except ValueError as error:
        fail(str(error), EXIT_USAGE)
    except LookupError:
        fail(f"--encoding {encoding}: there is no such encoding; one is cp1251", EXIT_USAGE)
    try:
        gathered = gather(urls, paths, store, as_json=as_json) if urls else NOTHING
        with show_progress(quiet=as_json) as on_progress:
            report = run_ingest(
                paths,
                store,
                gathered=gathered,
                model=model,
                remove_missing=remove_missing,
                reembed=reembed,
                encoding=encoding,
                limits=limits,
                on_progress=on_progress,
            )
    except FileNotFoundError as error:
        # With a number it is of the library's folder.
        if error.errno is not None:
            fail(describe_write_error(store, error), EXIT_ERROR)
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
        places = ", ".join(sources)
        fail(f"no articles in {places} (.txt, .md, .html, .pdf, .docx, .eml)", EXIT_USAGE)
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
    gathered: Gathered = NOTHING,
    on_progress: Callable[[Step], None] | None = None,
) -> Report:
    """Load the library's own embedding model, or `model`, and sync the library with `paths`."""
    _require_paths(paths)
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
        gathered=gathered,
        on_progress=on_progress,
    )


def gather(urls: list[str], paths: list[Path], store: Path, *, as_json: bool = False) -> Gathered:
    """Fetch pages, feeds and sitemaps; `paths` are to be ingested with them.

    Exits where nothing was fetched and there is nothing else to do; no library is made then.
    """
    # They take a tenth of a second to import.
    from ingest.web.connection import Policy
    from ingest.web.gather import gather_pages

    _require_paths(paths)
    with show_progress(quiet=as_json, doing="Fetching", first="Fetching") as on_progress:
        gathered = gather_pages(
            urls, store, Policy(), lambda done, total: on_progress(Step(done, total, 0))
        )
    if not (paths or gathered.pages or gathered.gone):
        if as_json:
            failed = tuple(starmap(Failure, gathered.failed))
            print_json(asdict(Report(failed=failed, warnings=gathered.notes)))
        for url, reason in gathered.failed:
            print_line(f"failed: {url}: {reason}", stderr=True)
        fail("nothing was fetched", EXIT_SOME_FAILED)
    return gathered


def _require_paths(paths: list[Path]) -> None:
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(path)


@contextmanager
def show_progress(
    *, quiet: bool, doing: str = "Ingesting", first: str = "Loading the model"
) -> Iterator[Callable[[Step], None]]:
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
        task = bar.add_task(first, total=None, passages=0)

        def on_progress(step: Step) -> None:
            bar.update(
                task,
                description=doing,
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
        "in the library": count_library(report.articles, report.passages),
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
    if isinstance(error, OSError) and error.filename:
        return f"{store} cannot be written: {error.filename}: {error.strerror}"
    return text
