"""A restriction in the words of a command: `topic sanctions since 2023`."""

from collections.abc import Iterator

from bot.scope import EVERYTHING, BadScope, Scope

_KINDS = ("article", "topic", "since", "until")


def read_scope_words(words: str, scope: Scope = EVERYTHING) -> Scope:
    """Return a scope with more restrictions, as in "article ID topic NAME since DATE until DATE".

    Further articles or topics are added to those in the scope, a date replaces the one there. A
    topic may be several words. Raises BadScope.
    """
    articles, topics = set(scope.articles), set(scope.topics)
    since, until = scope.since, scope.until
    for kind, value in _split(words):
        if kind == "article":
            articles.add(value)
        elif kind == "topic":
            topics.add(value)
        elif kind == "since":
            since = value
        else:
            until = value
    return Scope(frozenset(articles), frozenset(topics), since, until)


def _split(words: str) -> Iterator[tuple[str, str]]:
    """Yield each kind of restriction with its value. Raises BadScope."""
    pairs: list[tuple[str, list[str]]] = []
    for word in words.split():
        if word in _KINDS:
            pairs.append((word, []))
        elif pairs:
            pairs[-1][1].append(word)
        else:
            raise BadScope(f"{word!r} is no restriction; write {', '.join(_KINDS)} and a value")
    for kind, value in pairs:
        if not value:
            raise BadScope(f"{kind} wants a value after it")
        yield kind, " ".join(value)
