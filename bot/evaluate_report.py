"""An evaluation as one HTML file: metrics, charts, and every question with what it got.

It loads nothing, from anywhere; its one script, which sorts the table, is named by its hash in the
file's content security policy, so that no other runs, whatever a question or an article says.
"""

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence
from html import escape
from pathlib import Path

from bot.evaluate import BETTER_WHEN_LOWER, COUNTS, Evaluation, Outcome
from bot.evaluate_charts import draw_histogram, draw_shares
from ingest.terminal import neutralise

_COLUMNS = ("#", "question", "wanted", "got", "went", "gold articles", "cited", "key words",
            "confidence", "ms")  # fmt: skip
_SCRIPT = """
document.querySelectorAll("th button").forEach((button, column) => {
  button.onclick = () => {
    const head = button.parentElement, up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of head.parentElement.children) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    const read = row => row.cells[column].dataset.value ?? row.cells[column].textContent;
    const compare = (a, b) => a - b || (isNaN(a - b) ? a.localeCompare(b) : 0);
    const body = head.closest("table").tBodies[0];
    const rows = [...body.rows].sort((a, b) => compare(read(a), read(b)));
    body.append(...(up ? rows : rows.reverse()));
  };
});
"""
_STYLE = """
:root { color-scheme: light dark; --good: #2a7f4f; --bad: #b3402a; --refused: #8a6d1a;
  --share: #2f6db3; --rail: #e6e6e6; --line: #d0d0d0; --soft: #5a5a5a; }
@media (prefers-color-scheme: dark) { :root { --good: #5cc08a; --bad: #f0836c; --refused: #d9b650;
  --share: #7fb2f0; --rail: #333; --line: #444; --soft: #a8a8a8; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 84rem; padding: 0 1rem;
  background: Canvas; color: CanvasText; }
h1, h2 { line-height: 1.2; } figure { margin: 0 0 1.5rem; }
figcaption, .soft { color: var(--soft); }
.charts { display: grid; gap: 1rem 3rem;
  grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); }
svg { width: 100%; height: auto; font-size: 13px; overflow: visible; }
svg text { fill: currentColor; }
.rail { fill: var(--rail); } .share { fill: var(--share); } .good { fill: var(--good); }
.bad, .lower { fill: var(--bad); } .refused { fill: var(--refused); }
.all-questions { fill: var(--share); }
.axis, .mark { stroke: currentColor; fill: none; } .mark { stroke-dasharray: 4 3; }
.key { display: inline-block; width: .8em; height: .8em; margin: 0 .3em 0 .8em; }
.key.good { background: var(--good); } .key.bad { background: var(--bad); }
.key.refused { background: var(--refused); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .5rem; text-align: start;
  vertical-align: top; overflow-wrap: break-word; }
th button { font: inherit; font-weight: 600; background: none; border: 0; padding: 0;
  color: inherit; cursor: pointer; text-align: start; }
th[aria-sort=ascending] button::after { content: " ▲"; }
th[aria-sort=descending] button::after { content: " ▼"; }
td.text { min-width: 9rem; overflow-wrap: anywhere; }
td.went-good { color: var(--good); } td.went-bad { color: var(--bad); }
"""


def write_report(
    path: Path,
    name: str,
    evaluation: Evaluation,
    outcomes: Sequence[Outcome],
    threshold: float,
) -> None:
    """Write the report of the questions in the file `name`. Raises OSError.

    `threshold` is the confidence below which the bot refused.
    """
    path.write_text(render_report(name, evaluation, outcomes, threshold), encoding="utf-8")


def render_report(
    name: str, evaluation: Evaluation, outcomes: Sequence[Outcome], threshold: float
) -> str:
    """Return the report as HTML."""
    digest = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
    title = f"Footnote on {_escape(name)}"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{title}</h1>{_describe(evaluation, outcomes)}"
        f'<div class="charts">{_draw_charts(evaluation, outcomes, threshold)}</div>'
        f"<h2>All questions</h2>{_list_outcomes(outcomes)}"
        f"<script>{_SCRIPT}</script></body></html>\n"
    )


def _describe(evaluation: Evaluation, outcomes: Sequence[Outcome]) -> str:
    counted = Counter(outcome.verdict for outcome in outcomes)
    went = ", ".join(f"{count} {verdict}" for verdict, count in counted.most_common())
    return (
        f"<p>{evaluation.questions} questions, {evaluation.answerable} answerable, "
        f"{evaluation.unanswerable} not: {escape(went)}.</p>"
    )


def _draw_charts(evaluation: Evaluation, outcomes: Sequence[Outcome], threshold: float) -> str:
    shares = {
        field: (getattr(evaluation, field), "lower" if field in BETTER_WHEN_LOWER else "share")
        for field in Evaluation.__dataclass_fields__
        # "refused" is refusal_recall by its older name.
        if field not in COUNTS and field != "refused" and not field.startswith("milliseconds")
    }
    confidence: dict[str, list[float]] = {"good": [], "bad": [], "refused": []}
    for outcome in outcomes:
        kind = "refused" if outcome.answer.refused else "good" if outcome.is_good else "bad"
        confidence[kind].append(outcome.answer.confidence)
    times = [outcome.answer.timings["total"] for outcome in outcomes]
    p50, p95 = evaluation.milliseconds_p50, evaluation.milliseconds_p95
    key = (
        'Confidence: <span class="key good"></span>right<span class="key bad"></span>answered, '
        'not right<span class="key refused"></span>refused'
    )
    return (
        _frame("Metrics (red: lower is better)", draw_shares(shares))
        + _frame(key, draw_histogram(confidence, limits=(0, 1), marks={"refuses under": threshold}))
        + _frame(
            "Time of a question",
            draw_histogram(
                {"all questions": times},
                limits=(0, max(times)),
                unit=" ms",
                marks={"p50": p50, "p95": p95},
            ),
        )
    )


def _frame(caption: str, chart: str) -> str:
    return f"<figure><figcaption>{caption}</figcaption>{chart}</figure>"


def _list_outcomes(outcomes: Sequence[Outcome]) -> str:
    heads = "".join(
        f'<th scope="col"><button type="button">{name}</button></th>' for name in _COLUMNS
    )
    rows = "".join(_render_outcome(number, item) for number, item in enumerate(outcomes, 1))
    return (
        '<p class="soft">A column\'s name sorts by it.</p><div class="scroll"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _render_outcome(number: int, outcome: Outcome) -> str:
    question, answer = outcome.question, outcome.answer
    asked = question.question
    if answer.asked != asked:
        asked += f" (understood as: {answer.asked})"
    cited = ", ".join(dict.fromkeys(citation.article_id for citation in answer.citations))
    time = answer.timings["total"]
    return (
        f"<tr><td>{number}</td>"
        + _write_cell(asked, "text")
        + _write_cell(question.answer, "text")
        + _write_cell(answer.text, "text")
        + _write_cell(outcome.verdict, "went-good" if outcome.is_good else "went-bad")
        + _write_cell(", ".join(question.articles))
        + _write_cell(cited)
        + _write_number(outcome.key_words, ".0%")
        + _write_number(answer.confidence, ".2f")
        + _write_number(time, ".0f")
        + "</tr>"
    )


def _write_cell(text: str, kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<td{named} dir="auto">{_escape(text)}</td>'


def _write_number(value: float | None, form: str) -> str:
    if value is None:
        return '<td data-value="-1">-</td>'
    return f'<td data-value="{value}">{value:{form}}</td>'


def _escape(text: str) -> str:
    return escape(neutralise(text))
