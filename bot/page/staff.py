"""The tab for staff: add, remove and re-read articles, see what changed and what readers thought.

What it holds is sent to those with the password only; others get a form that asks for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio

from bot.page.desk import Desk
from bot.page.door import StaffDoor
from bot.page.opening import OpenLibrary

TAB_ID = "staff"
_SUFFIXES = [".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf", ".docx"]
Label = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class StaffTab:
    """What the page wires: `show` fills `outputs` on its load, `changed.change` tells of changes.

    `changed` holds the revision of the library that an action here led to.
    """

    tab: gradio.Tab
    show: Callable[..., tuple[Any, ...]]
    outputs: list[Any]
    changed: gradio.State


@dataclass(frozen=True, slots=True)
class _Lists:
    """What every action fills anew."""

    changes: gradio.HTML
    feedback: gradio.HTML
    articles: gradio.Dropdown

    @property
    def outputs(self) -> list[Any]:
        return [self.changes, self.feedback, self.articles]


def build_staff_tab(library: OpenLibrary, door: StaffDoor, i18n: Label) -> StaffTab:
    """Build the tab inside `with gradio.Tabs():`; only where the door is open."""
    desk = Desk(library, door)
    with gradio.Tab(i18n("staff"), id=TAB_ID, elem_id="staff") as tab:
        login = _build_html("staff-login")
        with gradio.Column(visible=False, elem_id="staff-desk") as shown:
            account = _build_html("staff-account")
            changed = gradio.State(0)
            with gradio.Row(equal_height=False):
                with gradio.Column(min_width=280):
                    add = _build_upload(desk, i18n, changed)
                with gradio.Column(min_width=280):
                    remove, articles = _build_removal(desk, i18n, changed)
                    read_again = _build_reingest(desk, i18n, changed)
            changes = _build_list(i18n("changes"), "staff-changes")
            lists = _Lists(changes, _build_list(i18n("feedback"), "staff-feedback"), articles)
    for event in (add, remove, read_again):
        event.then(
            desk.refresh, None, lists.outputs, show_progress="hidden", api_visibility="private"
        )
    outputs = [login, account, shown, *lists.outputs]
    tab.select(desk.show, None, outputs, show_progress="hidden", api_visibility="private")
    return StaffTab(tab, desk.show, outputs, changed)


def _build_upload(desk: Desk, i18n: Label, changed: gradio.State) -> Any:
    """Build the part that adds files; return the event after which they are in."""
    _build_heading(i18n("upload"))
    files = gradio.File(
        file_count="multiple",
        file_types=_SUFFIXES,
        label=i18n("upload_files"),
        height=160,
        elem_id="staff-files",
    )
    overwrite = gradio.Checkbox(label=i18n("upload_replace"), container=False)
    start = gradio.Button(i18n("upload_start"), variant="primary", elem_id="staff-add")
    results = _build_html("staff-results")
    return start.click(
        desk.add,
        [files, overwrite],
        [files, results, changed],
        show_progress="hidden",
        api_visibility="private",
    )


def _build_removal(desk: Desk, i18n: Label, changed: gradio.State) -> tuple[Any, gradio.Dropdown]:
    """Build the part that removes an article, once it is asked; return that event."""
    _build_heading(i18n("removal"))
    articles = gradio.Dropdown(
        [], label=i18n("removal_choose"), interactive=True, elem_id="staff-articles"
    )
    ask = gradio.Button(i18n("removal_ask"), elem_id="staff-ask")
    asked = gradio.State(None)
    question = _build_html("staff-question")
    with gradio.Row(visible=False, elem_id="staff-sure") as buttons:
        yes = gradio.Button(i18n("removal_yes"), variant="stop", min_width=80)
        no = gradio.Button(i18n("removal_no"), min_width=80)
    outputs: list[Any] = [asked, question, buttons]
    hidden: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    # One by one, and a choice may come in after the question that was asked about it.
    in_turn = {**hidden, "concurrency_id": "removal", "concurrency_limit": 1}
    ask.click(desk.ask, articles, outputs, **in_turn)
    articles.input(desk.choose, [articles, asked], outputs, **in_turn)
    no.click(desk.keep, None, outputs, **in_turn)
    return yes.click(desk.remove, asked, [*outputs, changed], **hidden), articles


def _build_reingest(desk: Desk, i18n: Label, changed: gradio.State) -> Any:
    """Build the part that reads all files again; return the event after which it is done."""
    _build_heading(i18n("reingest"))
    gradio.Markdown(i18n("reingest_hint"), elem_classes="quiet")
    start = gradio.Button(i18n("reingest_start"), elem_id="staff-reingest")
    progress = _build_html("staff-progress")
    return start.click(
        desk.read_again,
        None,
        [progress, changed],
        show_progress="hidden",
        api_visibility="private",
    )


def _build_list(title: Any, name: str) -> gradio.HTML:
    _build_heading(title)
    return _build_html(name)


def _build_heading(title: Any) -> None:
    gradio.Markdown(title, elem_classes="staff-heading")


def _build_html(name: str) -> gradio.HTML:
    # Gradio's own styles for HTML draw boxes around the cells of tables.
    return gradio.HTML(elem_id=name, elem_classes="staff-html", apply_default_css=False)
