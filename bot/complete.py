"""What the shell offers after `--article` and `--topic`: what the library has."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import typer

from ingest.clean import Article
from ingest.cli import DEFAULT_STORE
from ingest.store import NoLibrary, Store
from ingest.terminal import put_on_one_line


def complete_article(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Return the ids that begin like a word, each with its article's title."""
    return _complete(context, incomplete, lambda item: [(item.article_id, item.title)])


def complete_topic(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Return the topics that begin like a word, in capitals or not."""
    return _complete(context, incomplete, lambda item: [(topic, "") for topic in item.topics])


def _complete(
    context: typer.Context,
    incomplete: str,
    list_choices: Callable[[Article], list[tuple[str, str]]],
) -> list[tuple[str, str]]:
    """Return the choices of the library that `--store` names; none, in silence, without one."""
    try:
        with Store(Path(context.params.get("store") or DEFAULT_STORE)) as store:
            articles = store.list_articles()
    except (NoLibrary, OSError, sqlite3.Error):
        return []
    choices = {
        put_on_one_line(value): put_on_one_line(told)
        for article in articles
        for value, told in list_choices(article)
    }
    begun = incomplete.casefold()
    return sorted(item for item in choices.items() if item[0].casefold().startswith(begun))
