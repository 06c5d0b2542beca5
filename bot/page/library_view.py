"""The library's view on the page: its components, and which event leads to what."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import gradio

from bot.page.chat import words_of
from bot.page.chat_view import PRIVATE, ChatView
from bot.page.library import MAX_SHOWN, Card, Shelf, filter_cards, render_list
from bot.page.scope import read_scope, render_chip, write_scope
from bot.page.strings import Words
from bot.scope import BadScope, Scope

_ON_PICK = """
element.addEventListener('change', (event) => {
  if (event.target.dataset.article) trigger('pick');
});
"""
_RESET_CHOSEN = "() => footnote.resetChosen()"
_READ_CHOSEN = "(scope) => [footnote.readChosen(scope)]"


@dataclass(frozen=True, slots=True)
class LibraryView:
    """The components of the library's view."""

    search: gradio.Textbox
    order: gradio.Dropdown
    topics: gradio.Dropdown
    origins: gradio.Dropdown
    since: gradio.Textbox
    until: gradio.Textbox
    count: gradio.HTML
    only_these: gradio.Button
    ask_all: gradio.Button
    cards: gradio.HTML

    @property
    def filters(self) -> list[Any]:
        """What the list depends on, in the order in which `show_list` takes it."""
        return [self.search, self.order, self.topics, self.origins, self.since, self.until]


def build_library(i18n: gradio.I18n) -> LibraryView:
    """Return the list of articles under its filters."""
    orders = [(i18n("by_title"), "title"), (i18n("newest"), "newest"), (i18n("oldest"), "oldest")]
    with gradio.Row():
        search = gradio.Textbox(label=i18n("search"), scale=3, min_width=160)
        order = gradio.Dropdown(orders, value="title", label=i18n("sort"), min_width=140)
    with gradio.Row():
        topics = gradio.Dropdown([], label=i18n("topics"), multiselect=True, min_width=160)
        origins = gradio.Dropdown([], label=i18n("origin"), multiselect=True, min_width=160)
    with gradio.Row():
        since = gradio.Textbox(
            label=i18n("since"), placeholder=i18n("date_form"), max_length=10, min_width=190
        )
        until = gradio.Textbox(
            label=i18n("until"), placeholder=i18n("date_form"), max_length=10, min_width=190
        )
    count = gradio.HTML(elem_id="count")
    with gradio.Row():
        only_these = gradio.Button(i18n("only_these"), size="sm", min_width=120)
        ask_all = gradio.Button(i18n("ask_all"), size="sm", min_width=120)
    cards = gradio.HTML(elem_id="cards", js_on_load=_ON_PICK, apply_default_css=False)
    return LibraryView(
        search, order, topics, origins, since, until, count, only_these, ask_all, cards
    )


def wire_library(view: LibraryView, parts: ChatView, tabs: gradio.Tabs, shelf: Shelf) -> None:
    """Lead each filter to the list, and each choice to what the next questions are asked of."""

    def show(scope: object, request: gradio.Request, *filters: Any) -> tuple[str, str]:
        return show_list(shelf.list_cards(), filters, read_scope(scope), words_of(request))

    def show_scope(scope: Scope, request: gradio.Request) -> tuple[dict[str, Any], str]:
        chip = render_chip(scope, words_of(request), shelf.list_cards())
        return write_scope(scope), chip

    def pick(chosen: object, request: gradio.Request) -> tuple[dict[str, Any], str]:
        return show_scope(Scope(articles=read_scope(chosen).articles), request)

    def restrict(request: gradio.Request, *filters: Any) -> tuple[Any, ...]:
        try:
            scope = _restrict(shelf.list_cards(), filters, words_of(request))
        except BadScope as error:
            raise gradio.Error(str(error), print_exception=False) from None
        return (*show_scope(scope, request), gradio.Tabs(selected="ask"))

    def clear(request: gradio.Request) -> tuple[dict[str, Any], str]:
        return show_scope(Scope(), request)

    listed = [view.count, view.cards]
    chosen = [parts.scope, parts.chip]
    gradio.on(
        [item.change for item in view.filters],
        show,
        [parts.scope, *view.filters],
        listed,
        trigger_mode="always_last",
        **PRIVATE,
    )
    # All boxes as they are: one that is ticked while another is on its way must not be lost.
    view.cards.pick(
        pick, parts.scope, chosen, js=_READ_CHOSEN, trigger_mode="always_last", **PRIVATE
    )
    view.only_these.click(restrict, view.filters, [*chosen, tabs], **PRIVATE).then(
        show, [parts.scope, *view.filters], listed, **PRIVATE
    ).then(None, None, None, js=_RESET_CHOSEN, **PRIVATE)
    gradio.on([view.ask_all.click, parts.chip.clear], clear, None, chosen, **PRIVATE).then(
        show, [parts.scope, *view.filters], listed, **PRIVATE
    ).then(None, None, None, js=_RESET_CHOSEN, **PRIVATE)


def show_list(
    cards: Sequence[Card], filters: Sequence[Any], scope: Scope, words: Words
) -> tuple[str, str]:
    """Return how many articles fit, and their list, as HTML.

    Dates that are none count for nothing, which is told in place of the number.
    """
    *others, since, until = filters
    fault = _find_fault(since, until, words)
    found = _filter(cards, [*others, "", ""] if fault else filters)
    shown = min(len(found), MAX_SHOWN)
    count = words["shown"].format(shown=shown, count=len(cards))
    kind = "problem" if fault else "hint"
    return f'<p class="{kind}" role="status">{escape(fault or count)}</p>', render_list(
        found, words, scope.articles
    )


def _find_fault(since: str | None, until: str | None, words: Words) -> str:
    """Return in words what is wrong with two dates as typed; nothing if they are right."""
    given = [(date or "").strip() for date in (since, until)]
    for value in filter(None, given):
        try:
            Scope(since=value)
        except BadScope:
            return words["bad_date"].format(value=value)
    try:
        Scope(since=given[0] or None, until=given[1] or None)
    except BadScope:
        return words["dates_swapped"].format(since=given[0], until=given[1])
    return ""


def _filter(cards: Sequence[Card], filters: Sequence[Any]) -> list[Card]:
    search, order, topics, origins, since, until = filters
    return filter_cards(
        cards,
        search=search or "",
        order=order or "title",
        topics=topics or (),
        origins=origins or (),
        since=(since or "").strip(),
        until=(until or "").strip(),
    )


def _restrict(cards: Sequence[Card], filters: Sequence[Any], words: Words) -> Scope:
    """Return the scope of the list as filtered; by topics and dates where these say it all.

    Raises BadScope, in the reader's words, for dates that are none and if nothing is left.
    """
    search, _, topics, origins, since, until = filters
    if fault := _find_fault(since, until, words):
        raise BadScope(fault)
    found = frozenset(card.article_id for card in _filter(cards, filters))
    if not found:
        raise BadScope(words["none_found"])
    if search or origins:
        return Scope(articles=found)
    since, until = (since or "").strip(), (until or "").strip()
    return Scope(topics=frozenset(topics or ()), since=since or None, until=until or None)
