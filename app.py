"""The web page: ask, read the answer, open the article at the quoted words.

`python app.py` opens the page on 127.0.0.1, and makes the library from corpus/ on first start.
"""

import os
import socket
import sys
import webbrowser
from pathlib import Path
from threading import Timer
from typing import Annotated

import typer

from bot.aliases import BadAliasFile
from bot.catalogue import read_users_names
from bot.model import BadModel
from bot.page.build import build_app
from bot.page.opening import is_whole
from ingest.cli import DEFAULT_STORE, EXIT_USAGE
from ingest.embed import ModelUnavailable
from ingest.store import NoLibrary
from ingest.terminal import fail

__all__ = ["build_app", "main"]

HOST = "127.0.0.1"
CORPUS = Path(__file__).parent / "corpus"


def find_port(first: int) -> int:
    """Return the first free port of `first` and the 100 after it. Raises OSError if none is."""
    for port in range(first, first + 100):
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)):
                return port
    raise OSError(f"no free port from {first} to {first + 99}; name one with --port")


def main(
    store: Annotated[
        Path, typer.Option(envvar="FOOTNOTE_STORE", help="The library's folder.")
    ] = DEFAULT_STORE,
    corpus: Annotated[Path, typer.Option(help="The articles a new library is made from.")] = CORPUS,
    port: Annotated[int, typer.Option(help="The port, or the first free one after it.")] = 7860,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
) -> None:
    """Open the web page, making the library meanwhile if there is none.

    FOOTNOTE_ADMIN_PASSWORD, in the environment, opens a part for staff: articles added and removed,
    what readers thought of the answers. FOOTNOTE_MODEL (PROVIDER:NAME) and FOOTNOTE_MODEL_URL name
    a language model that words the answers: docs/models.md.
    """
    from bot.web.log import set_up_logs
    from bot.web.server import leave, run_server

    is_new = not is_whole(store)
    if is_new:
        if not corpus.exists():
            fail(f"{corpus}: there is no such folder; name one with --corpus", EXIT_USAGE)
        print(f"Making the library {store} from {corpus} (once) …", flush=True)
    try:
        read_users_names(store)
        app = build_app(
            store,
            corpus=corpus if is_new else None,
            password=os.environ.get("FOOTNOTE_ADMIN_PASSWORD"),
            model=os.environ.get("FOOTNOTE_MODEL"),
            model_url=os.environ.get("FOOTNOTE_MODEL_URL"),
        )
    except (BadAliasFile, BadModel, ModelUnavailable, NoLibrary) as error:
        fail(str(error), EXIT_USAGE)
    try:
        port = find_port(port)
    except OSError as error:
        fail(str(error), EXIT_USAGE)
    address = f"http://{HOST}:{port}"
    print(f"Footnote is at {address} (Ctrl+C stops it)", flush=True)
    if browser and sys.stdout.isatty():
        Timer(1, webbrowser.open, [address]).start()
    set_up_logs()
    with socket.create_server((HOST, port)) as listener:
        run_server(app, listener)
    leave()


if __name__ == "__main__":
    typer.run(main)
