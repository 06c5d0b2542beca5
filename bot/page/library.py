"""The articles of a library as cards: what there is, searched, sorted and filtered."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal
from urllib.parse import quote

from bot.page.address import clean_address, read_host
from bot.page.opening import OpenLibrary
from bot.page.strings import Words

Order = Literal["title", "newest", "oldest"]
MAX_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Card:
    """What a list shows of an article. `origin` is its web host, else the folder of its file."""

    article_id: str
    title: str
    published: str | None
    topics: tuple[str, ...]
    origin: str
    summary: str


class Shelf:
    """The cards of all articles, made anew when the library has changed."""

    def __init__(self, library: OpenLibrary) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._version = ""
        self._cards: list[Card] = []

    def list_cards(self) -> list[Card]:
        """Return the cards of the articles, by title; none as long as there is no library."""
        bot = self._library.get_bot()
        if bot is None:
            return []
        bot.store.refresh()
        with self._lock:
            if self._version != bot.store.version:
                self._version = bot.store.version
                self._cards = [
                    Card(
                        article_id=item.article_id,
                        title=item.title,
                        published=item.published,
                        topics=item.topics,
                        origin=_find_origin(item.url, item.path),
                        summary=item.summary or "",
                    )
                    for item in bot.store.list_articles()
                ]
            return self._cards


def filter_cards(
    cards: Iterable[Card],
    *,
    search: str = "",
    topics: Sequence[str] = (),
    origins: Sequence[str] = (),
    since: str = "",
    until: str = "",
    order: Order = "title",
) -> list[Card]:
    """Return the cards that fit, in order; each word of `search` must stand in the title.

    Dates are a `Scope`'s; an undated article is in no range of dates.
    """
    wanted = search.casefold().split()
    found = [
        card
        for card in cards
        if all(word in card.title.casefold() for word in wanted)
        and (not topics or set(topics) & set(card.topics))
        and (not origins or card.origin in origins)
        and _is_dated(card, since, until)
    ]
    if order == "title":
        return sorted(found, key=lambda card: (card.title.casefold(), card.article_id))
    dated = [card for card in found if card.published]
    undated = [card for card in found if not card.published]
    dated.sort(key=lambda card: str(card.published), reverse=order == "newest")
    return dated + undated


def render_list(cards: Sequence[Card], words: Words, chosen: Iterable[str] | None = None) -> str:
    """Return cards as a list of links, with boxes to choose them where `chosen` is given."""
    if not cards:
        return f'<p class="hint">{escape(words["none_found"])}</p>'
    picked = None if chosen is None else set(chosen)
    items = "".join(_render_card(card, words, picked) for card in cards[:MAX_SHOWN])
    return f'<ul class="cards">{items}</ul>'


def _render_card(card: Card, words: Words, chosen: set[str] | None) -> str:
    box = ""
    if chosen is not None:
        label = escape(words["choose_article"].format(title=card.title))
        checked = " checked" if card.article_id in chosen else ""
        box = (
            f'<input type="checkbox" data-article="{escape(card.article_id)}" '
            f'aria-label="{label}"{checked}>'
        )
    details = " · ".join((card.published or words["undated"], *card.topics))
    address = quote(card.article_id, safe="")
    summary = f'<p class="summary">{escape(card.summary)}</p>' if card.summary else ""
    return (
        f'<li>{box}<div><a class="place" href="/a/{address}">{escape(card.title)}</a> '
        f'<span class="details">{escape(details)}</span>{summary}</div></li>'
    )


def _find_origin(url: str | None, path: str) -> str:
    address = clean_address(url)
    if address:
        return read_host(address).removeprefix("www.")
    return path.replace("\\", "/").rpartition("/")[0].rpartition("/")[2] or path


def _is_dated(card: Card, since: str, until: str) -> bool:
    """Return whether a card's date lies within, as an article's does in a `Scope`."""
    if not (since or until):
        return True
    day = card.published or ""
    starts = not since or day[: len(since)] >= since[: len(day)]
    ends = not until or day[: len(until)] <= until[: len(day)]
    return bool(day) and starts and ends
