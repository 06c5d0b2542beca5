"""The articles of a library as resources of the MCP door: listed by pages, read whole."""

from urllib.parse import quote, unquote

from mcp import MCPError
from mcp.types import (
    INVALID_PARAMS,
    ListResourcesResult,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextResourceContents,
)

from bot.answer import Bot
from bot.mcp_tools import NoSuchPlace, find_article
from ingest.clean import Article

PAGE_SIZE = 100
PREFIX = "footnote://articles/"
TEMPLATE = ResourceTemplate(
    uri_template=f"{PREFIX}{{article_id}}",
    name="article",
    title="An article",
    description="The text of an article; the offsets of citations are places in it.",
    mime_type="text/plain",
)


def list_articles(bot: Bot | None, cursor: str | None) -> ListResourcesResult:
    """Return a page of the articles, by title; none without a bot.

    The cursor is how many were listed before. Raises MCPError for one that no page gave.
    """
    if bot is None:
        return ListResourcesResult(resources=[])
    bot.store.refresh()
    articles = bot.store.list_articles()
    first = int(cursor) if cursor and cursor.isdecimal() else 0
    if cursor is not None and not 0 < first < len(articles):
        raise MCPError(INVALID_PARAMS, f"no page at cursor {cursor!r}; list from the beginning")
    last = first + PAGE_SIZE
    return ListResourcesResult(
        resources=[_describe_article(article) for article in articles[first:last]],
        next_cursor=str(last) if last < len(articles) else None,
    )


def read_article(bot: Bot, uri: str) -> ReadResourceResult:
    """Return the whole stored text of an article, to which offsets and hash belong.

    Raises NoSuchPlace.
    """
    if not uri.startswith(PREFIX):
        raise NoSuchPlace(f"no resource {uri!r}; articles are {PREFIX}ID")
    bot.store.refresh()
    article = find_article(bot, unquote(uri.removeprefix(PREFIX)))
    meta = {"title": article.title, "source": article.source, "sha256": article.sha256}
    contents = TextResourceContents(uri=uri, mime_type="text/plain", text=article.text, _meta=meta)
    return ReadResourceResult(contents=[contents])


def _describe_article(article: Article) -> Resource:
    by = ", ".join(filter(None, (article.author, article.published)))
    return Resource(
        uri=f"{PREFIX}{quote(article.article_id, safe='')}",
        name=article.article_id,
        title=article.title,
        description=article.summary or by or None,
        mime_type="text/plain",
        size=len(article.text.encode()),
    )
