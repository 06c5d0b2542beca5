"""The options of all commands that look at some of a library's articles only, and what they say."""

from typing import Annotated

import typer

from bot.complete import complete_article, complete_topic
from bot.scope import Scope

ArticleOption = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ID", help="This article only; may be repeated.", autocompletion=complete_article
    ),
]
TopicOption = Annotated[
    list[str] | None,
    typer.Option(
        help="Articles on this topic only; may be repeated.", autocompletion=complete_topic
    ),
]
SinceOption = Annotated[
    str | None, typer.Option(metavar="DATE", help="Articles of YYYY[-MM[-DD]] on only.")
]
UntilOption = Annotated[
    str | None, typer.Option(metavar="DATE", help="Articles up to YYYY[-MM[-DD]] only.")
]


def make_scope(
    article: list[str] | None, topic: list[str] | None, since: str | None, until: str | None
) -> Scope:
    """Return the restriction that the options say. Raises BadScope."""
    return Scope(frozenset(article or ()), frozenset(topic or ()), since, until)
