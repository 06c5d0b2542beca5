"""`footnote keys`: make, list and revoke the API's keys."""

import json
import sqlite3
import sys
from dataclasses import asdict
from typing import Annotated, NoReturn

import typer

from bot.api.keys import BadKeyName, add_key, list_keys, revoke_key
from ingest.cli import DEFAULT_STORE, EXIT_USAGE, StoreOption

keys = typer.Typer(name="keys", help="Keys of the HTTP API.", no_args_is_help=True)


@keys.command()
def add(
    name: Annotated[str, typer.Argument(help="Whose key it is.")],
    admin: Annotated[bool, typer.Option("--admin", help="It may add and remove articles.")] = False,
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """Make a key and print it, this once: only its hash is kept."""
    try:
        key = add_key(store, name, is_admin=admin)
    except BadKeyName as error:
        _fail(str(error))
    except (OSError, sqlite3.Error) as error:
        _fail(f"{store}: no key can be kept there ({error}); name a library with --store")
    print(key)
    print("It is not shown again. Send it as: Authorization: Bearer KEY", file=sys.stderr)


@keys.command("list")
def show(
    store: StoreOption = DEFAULT_STORE,
    as_json: Annotated[bool, typer.Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """List the keys by name, without the keys themselves."""
    found = list_keys(store)
    if as_json:
        print(json.dumps([asdict(key) for key in found], ensure_ascii=False, indent=2))
        return
    for key in found:
        print(f"{key.name}\t{'admin' if key.is_admin else 'reader'}\t{key.made}")


@keys.command()
def revoke(
    name: Annotated[str, typer.Argument(help="The name that the key was made with.")],
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """Let a key count no more, at once."""
    try:
        revoke_key(store, name)
    except KeyError as error:
        _fail(str(error.args[0]))


def _fail(message: str) -> NoReturn:
    print(f"footnote: {message}", file=sys.stderr)
    raise typer.Exit(EXIT_USAGE)
