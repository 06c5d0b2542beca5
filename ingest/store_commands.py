"""The commands that look after a library: `status`, `repair`, `backup` and `restore`."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ingest.backup import WouldOverwrite, back_up_library, restore_library
from ingest.cli import DEFAULT_STORE, EXIT_ERROR, EXIT_USAGE, StoreOption
from ingest.counts import count_library, count_of
from ingest.lock import LibraryBusy
from ingest.repair import Repair, repair_library
from ingest.status import Status, read_status
from ingest.terminal import fail, open_console, print_json, print_line

JsonOption = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Replace what is there.")]
_MOST_FILES = 10


def status(
    store: StoreOption = DEFAULT_STORE,
    deep: Annotated[
        bool, typer.Option("--deep", help="Read all of the database and of the indexes.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what the library holds, its size, damage, and files that changed since.

    Exit status: 0 healthy, 1 damaged (repair it: `footnote repair`), 2 no library.
    """
    with _name_errors(store):
        found = read_status(store, deep=deep)
    if as_json:
        print_json({**asdict(found), "healthy": found.healthy})
    else:
        _print_status(found)
    if not found.healthy:
        raise typer.Exit(EXIT_ERROR)


def repair(store: StoreOption = DEFAULT_STORE, as_json: JsonOption = False) -> None:
    """Find all damage of the library and repair it from its spare copy; no article is read again.

    Exit status: 0 whole, 1 articles are lost (they are named) or it cannot be repaired, 2 no
    library.
    """
    with _name_errors(store):
        done = repair_library(store)
    if as_json:
        print_json(asdict(done))
    else:
        _print_repair(done, store)
    if done.lost:
        raise typer.Exit(EXIT_ERROR)


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    store: StoreOption = DEFAULT_STORE,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Copy the library into one file; it may be asked and written meanwhile."""
    with _name_errors(store):
        size = back_up_library(store, file, force=force)
    if as_json:
        print_json({"file": str(file), "bytes": size})
    else:
        print_line(f"{file}: {size / 1e6:.1f} MB, checked")


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `footnote backup` wrote.")],
    store: StoreOption = DEFAULT_STORE,
    force: ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make the library what it was when FILE was written; FILE is checked first."""
    if not file.is_file():
        fail(f"{file} is no file; name one that `footnote backup` wrote", EXIT_USAGE)
    with _name_errors(store):
        done = restore_library(store, file, force=force)
    if as_json:
        print_json(asdict(done))
    else:
        print_line(f"{store}: {count_library(done.articles, done.passages)} restored")


@contextmanager
def _name_errors(store: Path) -> Iterator[None]:
    """Exit with one line for what a user can do something about."""
    try:
        yield
    except WouldOverwrite as error:
        fail(str(error), EXIT_USAGE)
    except FileNotFoundError as error:
        missing = error.args[0] if error.errno is None else error.filename
        fail(f"{missing} is not there; make a library: footnote ingest FOLDER --store {store}",
             EXIT_USAGE)  # fmt: skip
    except (LibraryBusy, OSError, sqlite3.Error) as error:
        fail(str(error), EXIT_ERROR)


def _print_status(found: Status) -> None:
    table = Table(title=f"Library {found.path}", title_justify="left", show_header=False)
    rows = {
        "health": "good" if found.healthy else "DAMAGED",
        "articles": f"{found.articles}",
        "passages": f"{found.passages}",
        "embedding model": f"{found.model}, {found.dimensions} dimensions",
        "revision": f"{found.revision}, generation {found.generation or 'none'}",
        "store format": f"{found.format}",
        "database": _tell_size(found.database_bytes),
        "its spare copy": _tell_size(found.spare_bytes),
        "indexes": _tell_size(found.index_bytes),
        "model": _tell_size(found.model_bytes),
        "files changed since": f"{len(found.changed)}",
        "files gone": f"{len(found.gone)}",
    }
    for name, value in rows.items():
        table.add_row(name, value)
    open_console().print(table)
    for kind, files in (("changed", found.changed), ("gone", found.gone)):
        for file in files[:_MOST_FILES]:
            print_line(f"{kind}: {file}")
        if len(files) > _MOST_FILES:
            print_line(f"{kind}: {len(files) - _MOST_FILES} more, all with --json")
    for flaw in found.flaws:
        print_line(f"damaged: {flaw}")
    if found.flaws:
        print_line(f"repair it: footnote repair --store {found.path}")


def _print_repair(done: Repair, store: Path) -> None:
    for flaw in done.flaws:
        print_line(f"repaired: {flaw}")
    if done.from_spare:
        print_line(f"{count_of(done.from_spare, 'article')} came from the spare copy")
    for article_id in done.lost:
        print_line(f"lost: {article_id}; ingest its file again")
    rest = "the rest is well" if done.lost else "all is well"
    print_line(f"{store}: {count_library(done.articles, done.passages)}, {rest}")


def _tell_size(count: int) -> str:
    return f"{count / 1e6:.1f} MB"
