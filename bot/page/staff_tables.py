"""What staff see, as HTML: the way in, files sent in, what changed, what readers thought."""

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

from bot.page.strings import Words
from bot.web.intake import Intake
from ingest.feedback import Feedback
from ingest.history import Change


def render_account(words: Words) -> str:
    """Return the line that says who one is, with the way out."""
    return (
        f'<form class="staff-account" method="post" action="/staff/logout">'
        f"<span>{escape(words['staff_here'])}</span>"
        f'<button type="submit">{escape(words["staff_leave"])}</button></form>'
    )


def render_heading(text: str, hint: str = "") -> str:
    """Return the heading of a part, with a word on it."""
    return f"<h3>{escape(text)}</h3>" + (f'<p class="quiet">{escape(hint)}</p>' if hint else "")


def render_notice(text: str, *, bad: bool = False) -> str:
    """Return a line that a screen reader reads out when it appears."""
    kind, role = ("bad", "alert") if bad else ("quiet", "status")
    return f'<p class="{kind}" role="{role}">{escape(text)}</p>'


def render_intakes(items: Sequence[Intake], words: Words) -> str:
    """Return a line for each file: how far it is, what became of it, and why."""
    rows = (
        (
            escape(item.name),
            f'<span class="state {item.state}">{escape(words[f"upload_{item.state}"])}</span>',
            escape(item.reason),
        )
        for item in items
    )
    return _render_table((words["file"], words["outcome"], words["reason"]), rows)


def render_changes(changes: Sequence[Change], words: Words) -> str:
    """Return what changed when, newest first; articles that are still there are links."""
    if not changes:
        return render_notice(words["changes_none"])
    rows = (
        (
            _render_time(change.at),
            f'<span class="state {change.kind}">{escape(words[f"change_{change.kind}"])}</span>',
            _render_article(change),
            escape(change.detail),
        )
        for change in changes
    )
    heads = (words["when"], words["change"], words["article"], words["detail"])
    return _wrap_long(_render_table(heads, rows), words["changes"])


def render_feedback(items: Sequence[Feedback], words: Words) -> str:
    """Return what readers thought of answers, newest first, with the way to save it."""
    if not items:
        return render_notice(words["feedback_none"])
    rows = (
        (
            _render_time(item.at),
            _render_question(item, words),
            escape(words["feedback_yes" if item.helpful else "feedback_no"]),
            escape(item.comment),
        )
        for item in items
    )
    names = ("when", "feedback_asked", "feedback_verdict", "feedback_comment")
    return (
        _wrap_long(_render_table([words[name] for name in names], rows), words["feedback"])
        + '<p><a class="export" href="/staff/feedback.jsonl" download>'
        f"{escape(words['feedback_export'])}</a></p>"
    )


def _render_table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table of cells that are HTML; each cell names its column, for narrow screens."""
    names = [escape(head) for head in heads]
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td data-head="{name}"><div>{cell}</div></td>'
            for name, cell in zip(names, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return f'<table class="staff-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _wrap_long(table: str, name: str) -> str:
    """Return a table in a frame of its own to scroll in, by keys too."""
    label = escape(name)
    return f'<div class="staff-long" role="region" tabindex="0" aria-label="{label}">{table}</div>'


def _render_time(at: str) -> str:
    shown = at[:16].replace("T", " ")
    return f'<time datetime="{escape(at)}">{escape(shown)}</time>'


def _render_article(change: Change) -> str:
    name = escape(change.title or change.path.replace("\\", "/").rpartition("/")[2])
    if not change.article_id or change.kind == "removed":
        return name
    return f'<a href="/a/{quote(change.article_id, safe="")}">{name}</a>'


def _render_question(item: Feedback, words: Words) -> str:
    """Return a question as typed, as understood where that differs, and what was answered."""
    understood = words["understood"].format(question=item.asked)
    hint = f'<div class="quiet">{escape(understood)}</div>' if item.asked != item.question else ""
    label, answer = escape(words["feedback_answer"]), escape(str(item.answer.get("text") or ""))
    return (
        f"{escape(item.question)}{hint}<details><summary>{label}</summary><p>{answer}</p></details>"
    )
