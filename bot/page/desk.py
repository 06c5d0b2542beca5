"""What the buttons for staff do; each asks again on the server who presses it."""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio

from bot.answer import Bot
from bot.page.door import StaffDoor
from bot.page.library import Card, Shelf
from bot.page.login import render_login
from bot.page.opening import OpenLibrary
from bot.page.staff_tables import (
    render_account,
    render_changes,
    render_feedback,
    render_intakes,
    render_notice,
)
from bot.page.strings import Words, choose_words
from bot.web.intake import WRITE_ERRORS, follow_work, take_files
from ingest.cli import describe_write_error
from ingest.feedback import list_feedback
from ingest.history import list_changes
from ingest.sync import Progress, Report
from ingest.upload import reingest, remove_article

MAX_CHANGES = MAX_FEEDBACK = 200
# An article to remove: its id and title, None while none is asked about.
Asked = tuple[str, str] | None


class Desk:
    """Handlers of the staff part's events. Each raises gradio.Error for those who are not staff."""

    def __init__(self, library: OpenLibrary, door: StaffDoor) -> None:
        self._library = library
        self._door = door
        self._shelf = Shelf(library)

    def show(self, request: gradio.Request) -> tuple[Any, ...]:
        """Return login form, account line, whether the rest is shown, and what `refresh` returns.

        Those who are not staff get the login form only.
        """
        words = _choose_words(request)
        if not self._door.is_staff(request):
            wrong = request.query_params.get("staff") == "wrong"
            login = gradio.HTML(render_login(words, "/staff/login", wrong=wrong), visible=True)
            return login, "", gradio.Column(visible=False), "", "", gradio.Dropdown(choices=[])
        shown = gradio.Column(visible=True)
        return gradio.HTML("", visible=False), render_account(words), shown, *self.refresh(request)

    def refresh(self, request: gradio.Request) -> tuple[Any, ...]:
        """Return what changed, what readers thought, and the articles to choose from."""
        words = self._check(request)
        path = self._library.path
        try:
            changes, feedback = list_changes(path, MAX_CHANGES), list_feedback(path, MAX_FEEDBACK)
            choices = [(_name_card(card), card.article_id) for card in self._shelf.list_cards()]
        except (OSError, sqlite3.Error) as error:
            raise gradio.Error(describe_write_error(path, error)) from error
        return (
            render_changes(changes, words),
            render_feedback(feedback, words),
            gradio.Dropdown(choices=choices, value=None),
        )

    def add(
        self, files: Sequence[str] | None, overwrite: bool, request: gradio.Request
    ) -> Iterator[tuple[Any, ...]]:
        """Store files; yield the emptied choice of files, each file's state, and the revision."""
        words = self._check(request)
        bot = self._library.get_bot()
        if bot is None or not files:
            text = words["upload_none" if bot else "busy"]
            yield gradio.skip(), render_notice(text), gradio.skip()
            return
        table = ""
        chosen = [Path(file) for file in files]
        try:
            for items in take_files(bot, self._library.path, chosen, overwrite=overwrite):
                table = render_intakes(items, words)
                yield gradio.skip(), table, gradio.skip()
        except WRITE_ERRORS as error:
            yield gradio.skip(), self._render_error(error), gradio.skip()
            return
        total = words["upload_total"].format(articles=len(self._shelf.list_cards()))
        yield None, table + render_notice(total), _read_revision(bot)

    def ask(self, article_id: str | None, request: gradio.Request) -> tuple[Any, ...]:
        """Return what was asked about, the question whether to remove it, and if it is shown."""
        words = self._check(request)
        card = next((i for i in self._shelf.list_cards() if i.article_id == article_id), None)
        if card is None:
            return None, render_notice(words["removal_none"]), gradio.Row(visible=False)
        question = words["removal_sure"].format(title=card.title)
        asked = (card.article_id, card.title)
        return asked, render_notice(question), gradio.Row(visible=True)

    def keep(self, request: gradio.Request) -> tuple[Any, ...]:
        """Return that nothing is asked about any more."""
        self._check(request)
        return None, "", gradio.Row(visible=False)

    def choose(
        self, article_id: str | None, asked: Asked, request: gradio.Request
    ) -> tuple[Any, ...]:
        """Return as `keep` does, unless the article chosen is asked about: that came first."""
        if asked is not None and asked[0] == article_id:
            self._check(request)
            return gradio.skip(), gradio.skip(), gradio.skip()
        return self.keep(request)

    def remove(self, asked: Asked, request: gradio.Request) -> tuple[Any, ...]:
        """Remove the article asked about; return as `ask` does, then the revision."""
        words = self._check(request)
        bot = self._library.get_bot()
        if bot is None or asked is None:
            text = words["removal_none" if bot else "busy"]
            return None, render_notice(text), gradio.Row(visible=False), gradio.skip()
        article_id, title = asked
        notice = render_notice(words["removal_done"].format(title=title))
        try:
            remove_article(self._library.path, article_id, bot.fit_embedder())
        except KeyError:
            notice = render_notice(words["no_article"], bad=True)
        except WRITE_ERRORS as error:
            notice = self._render_error(error)
        return None, notice, gradio.Row(visible=False), _read_revision(bot)

    def read_again(self, request: gradio.Request) -> Iterator[tuple[Any, ...]]:
        """Read the files of all articles again; yield how far it is, and the revision."""
        words = self._check(request)
        bot = self._library.get_bot()
        if bot is None:
            yield render_notice(words["busy"]), gradio.skip()
            return
        path = self._library.path
        try:
            embedder = bot.fit_embedder()
            for step in follow_work(lambda on_progress: reingest(path, embedder, on_progress)):
                yield _render_step(step, words), gradio.skip()
        except WRITE_ERRORS as error:
            yield self._render_error(error), gradio.skip()
            return
        yield gradio.skip(), _read_revision(bot)

    def _check(self, request: gradio.Request) -> Words:
        """Return the words for a request by staff. Raises gradio.Error for others."""
        words = _choose_words(request)
        if not self._door.is_staff(request):
            raise gradio.Error(words["staff_only"], print_exception=False)
        return words

    def _render_error(self, error: Exception) -> str:
        return render_notice(describe_write_error(self._library.path, error), bad=True)


def _choose_words(request: gradio.Request) -> Words:
    return choose_words(request.headers.get("accept-language"))


def _name_card(card: Card) -> str:
    return f"{card.title} ({card.published})" if card.published else card.title


def _read_revision(bot: Bot) -> int:
    bot.store.refresh()
    return bot.store.revision


def _render_step(step: Progress | Report, words: Words) -> str:
    if isinstance(step, Progress):
        return render_notice(words["reingest_step"].format(done=step.done, total=step.total))
    counts = {name: getattr(step, name) for name in ("changed", "added", "removed", "unchanged")}
    text = words["reingest_done"].format(**counts, failed=len(step.failed))
    failed = (
        render_notice(f"{Path(failure.path).name}: {failure.reason}", bad=True)
        for failure in step.failed
    )
    return render_notice(text) + "".join(failed)
