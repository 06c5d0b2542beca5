"""`footnote keys`: make, list and revoke the API's keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer

from bot.api.keys import BadKeyFile, BadKeyName, add_key, list_keys, revoke_key
from ingest.cli import DEFAULT_STORE, EXIT_USAGE, StoreOption
from ingest.terminal import fail, print_json, print_line

JsonOption = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]
keys = typer.Typer(name="keys", help="Keys of the HTTP API.", no_args_is_help=True)


@keys.command()
def add(
    name: Annotated[str, typer.Argument(help="Whose key it is.")],
    admin: Annotated[bool, typer.Option("--admin", help="It may add and remove articles.")] = False,
    store: StoreOption = DEFAULT_STORE,
    as_json: JsonOption = False,
) -> None:
    """Make a key and print it, this once: only its hash is kept."""
    with _name_errors():
        key = add_key(store, name, is_admin=admin)
    if as_json:
        print_json({"name": name, "is_admin": admin, "key": key})
    else:
        print_line(key)
    print_line("It is not shown again. Send it as: Authorization: Bearer KEY", stderr=True)


@keys.command("list")
def show(
    store: StoreOption = DEFAULT_STORE,
    as_json: JsonOption = False,
) -> None:
    """List the keys by name, without the keys themselves."""
    with _name_errors():
        found = list_keys(store)
    if as_json:
        print_json([asdict(key) for key in found])
        return
    for key in found:
        print_line(f"{key.name}\t{'admin' if key.is_admin else 'reader'}\t{key.made}")
    if not found:
        print_line(f"no keys in {store}; make one: footnote keys add NAME", stderr=True)


@keys.command()
def revoke(
    name: Annotated[str, typer.Argument(help="The name that the key was made with.")],
    store: StoreOption = DEFAULT_STORE,
    as_json: JsonOption = False,
) -> None:
    """Let a key count no more, at once."""
    with _name_errors():
        revoke_key(store, name)
    if as_json:
        print_json({"name": name, "revoked": True})


@contextmanager
def _name_errors() -> Iterator[None]:
    """Exit with one line for what a user can do something about."""
    try:
        yield
    except (BadKeyFile, BadKeyName) as error:
        fail(str(error), EXIT_USAGE)
    except KeyError as error:
        fail(str(error.args[0]), EXIT_USAGE)
