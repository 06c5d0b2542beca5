"""A row of the reliability table: how one is run from the command line, alone or with others."""

import json
import platform
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Protocol

import typer

_PACKAGES = ("footnote-bot", "chromadb", "tantivy", "numpy", "gradio", "fastapi")


class Row(Protocol):
    """One promise to try; each module of this package that has such a `run` is a row."""

    def __call__(self, quick: bool, seed: int) -> dict[str, object]:
        """Return counts, as JSON types; `quick` is a cut for every change, else the whole.

        `failures` lists what did not hold; a row that this machine cannot run says why in
        `skipped`.
        """


def run_rows(rows: Mapping[str, Row], quick: bool, seed: int) -> dict[str, object]:
    """Run rows one after the other; return what they counted, with the versions used."""
    results: dict[str, object] = {}
    failed = []
    for name, row in rows.items():
        print(f"{name} ...", file=sys.stderr, flush=True)
        started = time.perf_counter()
        result = row(quick, seed)
        seconds = round(time.perf_counter() - started, 1)
        results[name] = {"seed": seed, "seconds": seconds, **result}
        if result.get("failures"):
            failed.append(name)
        if result.get("skipped"):
            print(f"{name} SKIPPED: {result['skipped']}", file=sys.stderr, flush=True)
    return {
        "quick": quick,
        "failed": failed,
        "rows": results,
        "versions": {"python": platform.python_version(), **_find_versions(_PACKAGES)},
    }


def main_of(row: Row, name: str) -> None:
    """Be the command of one row: `--quick` or `--full`, `--seed`; print its JSON.

    Exit status: 1 if something did not hold.
    """
    typer.run(make_command({name: row}))


def make_command(rows: Mapping[str, Row]) -> Callable[..., None]:
    """Return the command that runs rows and prints their JSON; exit status 1 if one failed."""

    def command(
        quick: Annotated[bool, typer.Option("--quick/--full", help="A cut of minutes.")] = True,
        seed: Annotated[int, typer.Option(help="What is left to chance follows from it.")] = 0,
        only: Annotated[list[str] | None, typer.Option(help="These rows; may be repeated.")] = None,
    ) -> None:
        """Try what is promised to hold, and print counts, seeds and versions as JSON."""
        unknown = sorted(set(only or ()) - set(rows))
        if unknown:
            raise typer.BadParameter(f"no row {unknown[0]!r}; there are {', '.join(rows)}")
        chosen = {name: row for name, row in rows.items() if not only or name in only}
        table = run_rows(chosen, quick, seed)
        print(json.dumps(table, indent=2, ensure_ascii=False))
        if table["failed"]:
            raise typer.Exit(1)

    return command


def _find_versions(packages: Iterable[str]) -> dict[str, str]:
    found = {}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found
