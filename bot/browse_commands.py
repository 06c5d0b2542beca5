"""The commands that look into a library without an answer: `articles`, `read` and `search`."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer
from rich.text import Text

from bot.aliases import BadAliasFile
from bot.anchor import Anchor
from bot.answer import Bot
from bot.asked import BadQuestion
from bot.complete import complete_article
from bot.listing import MAX_HITS, ArticleEntry, ArticleList, Hits
from bot.scope import EVERYTHING, BadScope, Scope, find_articles
from bot.scope_options import ArticleOption, SinceOption, TopicOption, UntilOption, make_scope
from bot.terminal import print_citation
from bot.terminal_article import lay_out_article, page_lines
from ingest.cli import DEFAULT_STORE, EXIT_ERROR, EXIT_USAGE, StoreOption, name_store
from ingest.embed import ModelUnavailable
from ingest.store import NoLibrary, Store
from ingest.store_commands import JsonOption
from ingest.terminal import fail, open_console, print_json, print_line

# What is looked for may stand at the end of a passage, so nearly all are printed whole.
_MOST_LETTERS = 1_200
_NO_QUOTE = Anchor(0, 0, "gone", "")


def list_articles(
    store: StoreOption = DEFAULT_STORE,
    topic: TopicOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the articles, by title: a line each with the article's id, date and title."""
    with _name_errors():
        scope = make_scope(None, topic, since, until)
        with Store(store) as library:
            known = library.list_articles()
            # A library may be empty; a restriction that leaves nothing is a slip.
            found = known if scope == EVERYTHING else find_articles(scope, known)
    found = tuple(sorted(found, key=lambda item: item.title.casefold()))
    if as_json:
        print_json(asdict(ArticleList(len(found), tuple(map(ArticleEntry.of, found)))))
        return
    width = max((len(item.article_id) for item in found), default=0)
    for item in found:
        print_line(f"{item.article_id:<{width}}  {item.published or '':<10}  {item.title}")


def read_article(
    article_id: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="The article's id, as `footnote articles` lists it.",
            autocompletion=complete_article,
        ),
    ],
    store: StoreOption = DEFAULT_STORE,
    as_json: JsonOption = False,
) -> None:
    """Print an article as the library has it; every quote is a piece of its text."""
    with _name_errors(), Store(store) as library:
        (article,) = find_articles(Scope(frozenset({article_id})), library.list_articles())
    if as_json:
        print_json(asdict(article))
        return
    console = open_console()
    page_lines(console, lay_out_article(console, article, _NO_QUOTE), None)


def search_passages(
    question: Annotated[str, typer.Argument(help="A question, or words to look for.")],
    store: StoreOption = DEFAULT_STORE,
    limit: Annotated[int, typer.Option(min=1, max=MAX_HITS, help="Passages at most.")] = 5,
    article: ArticleOption = None,
    topic: TopicOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the passages that are closest to a question, the best first, without an answer."""
    with _name_errors(), Bot.open(store) as bot:
        scope = make_scope(article, topic, since, until)
        hits = Hits.of(question, bot.search(question, limit, scope=scope))
    if as_json:
        print_json(asdict(hits))
        return
    console = open_console()
    for hit in hits.hits:
        print_citation(console, hit.passage, _MOST_LETTERS)
        command = f"    footnote read {hit.passage.article_id}{name_store(store)}"
        # Not folded: it is to be copied.
        console.print(Text(command, style="dim"), soft_wrap=True)


@contextmanager
def _name_errors() -> Iterator[None]:
    """Exit with one line for what a user can do something about."""
    try:
        yield
    except (BadAliasFile, BadQuestion, BadScope, ModelUnavailable, NoLibrary) as error:
        fail(str(error), EXIT_USAGE)
    except (OSError, sqlite3.Error) as error:
        fail(str(error), EXIT_ERROR)
