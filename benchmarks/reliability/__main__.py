"""`python -m benchmarks.reliability --quick` (or `--full`): all rows there are, as one JSON."""

from importlib import import_module
from pkgutil import iter_modules

import typer

from benchmarks import reliability
from benchmarks.reliability.row import Row, make_command


def find_rows() -> dict[str, Row]:
    """Return the rows by name: the modules beside this one that have a `run`."""
    names = sorted(item.name for item in iter_modules(reliability.__path__))
    modules = {
        name: import_module(f"{reliability.__name__}.{name}") for name in names if name[0] != "_"
    }
    return {name: module.run for name, module in modules.items() if hasattr(module, "run")}


if __name__ == "__main__":
    typer.run(make_command(find_rows()))
