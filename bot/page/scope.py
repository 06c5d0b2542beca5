"""The restriction of the next questions, as the page keeps it and shows it."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from bot.page.library import Card
from bot.page.strings import Words
from bot.scope import Scope


def read_scope(data: object) -> Scope:
    """Return the scope of JSON types, the whole library for nothing. Raises BadScope."""
    if not isinstance(data, Mapping):
        return Scope()
    return Scope(
        articles=frozenset(map(str, data.get("articles") or ())),
        topics=frozenset(map(str, data.get("topics") or ())),
        since=str(data["since"]) if data.get("since") else None,
        until=str(data["until"]) if data.get("until") else None,
    )


def write_scope(scope: Scope) -> dict[str, Any]:
    """Return a scope as JSON types, as `read_scope` takes it."""
    return {
        "articles": sorted(scope.articles),
        "topics": sorted(scope.topics),
        "since": scope.since,
        "until": scope.until,
    }


def describe_scope(scope: Scope, words: Words, cards: Sequence[Card] = ()) -> str:
    """Return a scope in words, nothing for the whole library; `cards` give titles to ids."""
    parts = []
    if len(scope.articles) == 1:
        titles = {card.article_id: card.title for card in cards}
        only = next(iter(scope.articles))
        parts.append(titles.get(only, only))
    elif scope.articles:
        parts.append(words["scope_articles"].format(count=len(scope.articles)))
    parts.extend(sorted(scope.topics))
    if scope.since or scope.until:
        dates = words["scope_dates"].format(since=scope.since or "…", until=scope.until or "…")
        parts.append(dates)
    return ", ".join(parts)


def render_chip(scope: Scope, words: Words, cards: Sequence[Card]) -> str:
    """Return, as HTML, what the next questions are asked of; nothing for the whole library."""
    described = describe_scope(scope, words, cards)
    if not described:
        return ""
    text = words["scope"].format(scope=described)
    label = escape(words["scope_clear"])
    return (
        f'<div class="chip" role="status"><span>{escape(text)}</span>'
        f'<button type="button" aria-label="{label}" title="{label}">✕</button></div>'
    )
