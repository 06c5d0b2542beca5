"""The Gradio page: where each part stands, and what it shows at first."""

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import gradio

from bot.page.chat import Chat, words_of
from bot.page.chat_view import PRIVATE, ChatView, build_chat, wire_chat
from bot.page.door import StaffDoor
from bot.page.library import Card, Shelf
from bot.page.library_view import LibraryView, build_library, show_list, wire_library
from bot.page.opening import Making, OpenLibrary
from bot.page.scope import read_scope
from bot.page.staff import TAB_ID as STAFF_TAB
from bot.page.staff import build_staff_tab
from bot.page.strings import WORDS, Words

# An answer mostly waits for a language model: two rounds of so many serve 50 readers.
CONCURRENT_QUESTIONS, WAITING_QUESTIONS = 32, 64
MAX_QUESTIONS = CONCURRENT_QUESTIONS + WAITING_QUESTIONS
# Of all events together; those that are no questions are done in no time.
_MAX_WAITING = 8 * MAX_QUESTIONS
_TICK_SECONDS = 1.0
_ON_TALKS = "footnote.showTalks(element, (talk) => trigger('open', talk));"


def make_i18n() -> gradio.I18n:
    """Return the page's words for Gradio, which picks the language by the browser's."""
    return gradio.I18n(**{language: dict(words) for language, words in WORDS.items()})


def build_page(library: OpenLibrary, shelf: Shelf, chat: Chat, door: StaffDoor) -> Any:
    """Return the page: conversations, the chat beside what is read, the library, the staff."""
    i18n = make_i18n()
    with gradio.Blocks(
        title="Footnote",
        fill_width=True,
        analytics_enabled=False,
        # Files that staff chose but did not add: looked for every hour, gone after a day.
        delete_cache=(3600, 86400),
    ) as page:
        with gradio.Sidebar(label=i18n("conversations"), open=False, width=280):
            gradio.HTML('<h1 id="brand">Footnote</h1>')
            talks = gradio.HTML(elem_id="talks", js_on_load=_ON_TALKS, apply_default_css=False)
        with gradio.Row(equal_height=False, elem_id="columns"):
            with gradio.Column(scale=6, min_width=320, elem_id="left"), gradio.Tabs() as tabs:
                with gradio.Tab(i18n("ask"), id="ask"):
                    parts = build_chat(i18n)
                with gradio.Tab(i18n("library"), id="library"):
                    view = build_library(i18n)
                staff = build_staff_tab(library, door, i18n) if door.is_open else None
            with gradio.Column(scale=5, min_width=320, elem_id="right"):
                gradio.HTML('<section id="reading"></section>', apply_default_css=False)
        wire_chat(parts, chat, talks)
        wire_library(view, parts, tabs, shelf)
        changed = [page.load] if staff is None else [page.load, staff.changed.change]
        _wire_welcome(changed, parts, view, library, shelf, chat)
        if staff is not None:
            page.load(staff.show, None, staff.outputs, **PRIVATE)
            page.load(_choose_tab, None, tabs, **PRIVATE)
        page.queue(max_size=_MAX_WAITING, default_concurrency_limit=CONCURRENT_QUESTIONS)
    return page


def find_events(page: Any, *handlers: Callable[..., Any]) -> frozenset[int]:
    """Return the numbers of a page's events that lead to one of some handlers."""
    return frozenset(number for number, item in page.fns.items() if item.fn in handlers)


def count_taken(page: Any, events: frozenset[int]) -> int:
    """Return how many events of some numbers Gradio has taken in and not ended yet."""
    taken = page._queue.event_ids_to_events.values()
    return sum(item.fn._id in events for item in taken)


def _wire_welcome(
    changed: Sequence[Any],
    parts: ChatView,
    view: LibraryView,
    library: OpenLibrary,
    shelf: Shelf,
    chat: Chat,
) -> None:
    """Show what the library holds: at first, while it is being made, and when it has changed."""
    timer = gradio.Timer(_TICK_SECONDS, active=False)

    def welcome(scope: object, request: gradio.Request, *filters: Any) -> tuple[Any, ...]:
        words, cards = words_of(request), shelf.list_cards()
        making = library.read_making()
        count, listed = show_list(cards, filters, read_scope(scope), words)
        return (
            gradio.Chatbot(placeholder=_welcome(cards, making, words)),
            _show_making(making, words),
            gradio.Timer(active=making is not None and not making.error),
            gradio.Dropdown(sorted({topic for card in cards for topic in card.topics})),
            gradio.Dropdown(sorted({card.origin for card in cards})),
            count,
            listed,
        )

    shown = [
        parts.messages, parts.status, timer, view.topics, view.origins, view.count, view.cards,
    ]  # fmt: skip

    def offer() -> Any:
        return gradio.Chatbot(examples=[{"text": text} for text in chat.find_examples()])

    for event in (*changed, timer.tick):
        # What a reader has filtered and chosen meanwhile stays.
        drawn = event(welcome, [parts.scope, *view.filters], shown, **PRIVATE)
        drawn.then(offer, None, parts.messages, **PRIVATE)
    for event in (*changed[1:], timer.tick):
        event(None, None, None, js="() => footnote.refresh()", **PRIVATE)


def _choose_tab(request: gradio.Request) -> Any:
    """Open the tab for staff where the address asks for it: the way back from its login form."""
    is_staff = request.query_params.get("view") == STAFF_TAB
    return gradio.Tabs(selected=STAFF_TAB) if is_staff else gradio.skip()


def _welcome(cards: Sequence[Card], making: Making | None, words: Words) -> str:
    """Return what an empty chat says: the library in a sentence."""
    # With hyphens that a line does not break at.
    dates = sorted(card.published.replace("-", "‑") for card in cards if card.published)
    if not cards:
        title = words["making_start" if making else "welcome_empty"]
    elif len(cards) == 1:
        title = words["welcome_one"]
    elif dates:
        title = words["welcome_dated"].format(count=len(cards), first=dates[0], last=dates[-1])
    else:
        title = words["welcome"].format(count=len(cards))
    return f'<div class="welcome"><h2>{escape(title)}</h2><p>{escape(words["promise"])}</p></div>'


def _show_making(making: Making | None, words: Words) -> str:
    if making is None:
        return ""
    if making.error:
        text, kind = words["making_failed"].format(error=making.error), "problem"
    elif making.done:
        text, kind = words["making"].format(done=making.done, total=making.total), "making"
    else:
        text, kind = words["making_start"], "making"
    return f'<p class="{kind}" role="status">{escape(text)}</p>'
