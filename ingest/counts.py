"""Numbers of things in words: one is no plural."""


def count_of(number: int, noun: str) -> str:
    """Return "1 article" or "2 articles"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def count_library(articles: int, passages: int) -> str:
    """Return "24 articles, 269 passages"."""
    return f"{count_of(articles, 'article')}, {count_of(passages, 'passage')}"
