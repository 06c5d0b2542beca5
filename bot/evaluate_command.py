"""`footnote eval`: measure the answers to a file of questions, and hold them to limits."""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from math import isfinite
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track
from rich.table import Table
from rich.text import Text

from bot.aliases import BadAliasFile
from bot.answer import TIME_LIMIT, Bot
from bot.evaluate import BETTER_WHEN_LOWER, COUNTS, Evaluation, Outcome, evaluate
from bot.evaluate_report import write_report
from bot.model_options import ModelOption, ModelUrlOption, TimeLimitOption, open_named_model
from bot.question_file import QuestionFile, read_question_file
from ingest.cli import DEFAULT_STORE, EXIT_ERROR, EXIT_USAGE, StoreOption
from ingest.embed import ModelUnavailable
from ingest.store import NoLibrary, Store
from ingest.terminal import fail, open_console, print_json, print_line, put_on_one_line

METRICS = tuple(name for name in Evaluation.__dataclass_fields__ if name not in COUNTS)
Limit = tuple[str, float]


def evaluate_questions(
    file: Annotated[Path, typer.Argument(help="Questions with gold answers: JSON Lines or CSV.")],
    store: StoreOption = DEFAULT_STORE,
    show: Annotated[
        bool, typer.Option("--show", help="List the questions that went wrong, on standard error.")
    ] = False,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(metavar="METRIC=VALUE", help="Exit with 1 if a metric is lower; repeatable."),
    ] = None,
    fail_over: Annotated[
        list[str] | None,
        typer.Option(metavar="METRIC=VALUE", help="Exit with 1 if a metric is higher; repeatable."),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a report with charts, one HTML file.")
    ] = None,
    model: ModelOption = None,
    model_url: ModelUrlOption = None,
    time_limit: TimeLimitOption = TIME_LIMIT,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON on a terminal too, as a pipe always gets.")
    ] = False,
) -> None:
    """Ask a file of questions and print how well they were answered.

    Each question has question, answerable, and perhaps answer, articles (ids, in CSV separated by
    ;) and history, a list of {question, answer}. Prints a table on a terminal, JSON into a pipe.

    Exit status: 0 done, 1 a limit of --fail-under or --fail-over is not kept (each is named), 2 no
    library, or a file or an option that cannot be read.
    """
    try:
        lower = [_read_limit(text, under=True) for text in fail_under or ()]
        upper = [_read_limit(text, under=False) for text in fail_over or ()]
        if html and not html.parent.is_dir():
            raise FileNotFoundError(f"{html}: there is no folder {html.parent}")
        if html and html.is_dir():
            raise IsADirectoryError(f"{html} is a folder; name a file in it for --html")
        asked = read_question_file(file)
        named = open_named_model(model, model_url)
        with Bot.open(store, model=named, time_limit=time_limit) as bot:
            _tell_oddities(asked, bot.store)
            waiting = open_console(stderr=True)
            evaluation, outcomes = evaluate(
                bot,
                track(asked.questions, "Asking", console=waiting, transient=True,
                      disable=not waiting.is_terminal),
            )  # fmt: skip
            if html:
                write_report(html, file.name, evaluation, outcomes, bot.threshold)
    except (BadAliasFile, NoLibrary, ModelUnavailable, ValueError, OSError) as error:
        fail(str(error), EXIT_USAGE)
    # Else a model that never answered would pass for one that did well.
    for note, count in Counter(item.answer.note for item in outcomes if item.answer.note).items():
        print_line(f"footnote: {count} times: {note}", stderr=True)
    if as_json or not sys.stdout.isatty():
        print_json(asdict(evaluation) | {"skipped": asked.skipped})
    else:
        print_evaluation(evaluation)
    for outcome in outcomes if show else ():
        print_outcome(outcome)
    if broken := find_broken_limits(evaluation, lower, upper):
        for told in broken:
            print_line(f"footnote: {told}", stderr=True)
        raise typer.Exit(EXIT_ERROR)


def find_broken_limits(
    evaluation: Evaluation, lower: Sequence[Limit], upper: Sequence[Limit]
) -> list[str]:
    """Return, in words, each limit that is not kept; one on a metric that is None never is."""
    broken = []
    for limits, sign, word in ((lower, 1, "under"), (upper, -1, "over")):
        for name, limit in limits:
            value = getattr(evaluation, name)
            if value is None:
                broken.append(f"{name} cannot be told: no question of the file concerns it")
            elif sign * value < sign * limit:
                broken.append(f"{name} is {value:g}, {word} {limit:g}")
    return broken


def print_evaluation(evaluation: Evaluation) -> None:
    """Print the metrics as a table."""
    told = f"{evaluation.questions} questions, {evaluation.unanswerable} of them unanswerable"
    table = Table(title=told, title_justify="left", show_header=False)
    for name in METRICS:
        value = getattr(evaluation, name)
        unit = " ms" if name.startswith("milliseconds") else ""
        shown = "-" if value is None else f"{value:.1f}{unit}" if unit else f"{value:.3f}"
        better = "lower is better" if name in BETTER_WHEN_LOWER else ""
        table.add_row(name, Text(shown, justify="right"), Text(better, style="dim"))
    open_console().print(table)


def print_outcome(outcome: Outcome) -> None:
    """Print a question that went wrong to standard error, nothing for one that went well."""
    if outcome.is_good:
        return
    question, answer = outcome.question, outcome.answer
    found = outcome.verdict
    if outcome.key_words is not None:
        found += f", {outcome.key_words:.0%} of the key words"
    cited = answer.citations[0].article_id if answer.citations else "refused"
    print_line("", stderr=True)
    print_line(question.question, stderr=True)
    print_line(f"  wanted: {question.answer} {list(question.articles)}", stderr=True)
    print_line(f"  got: {answer.text} ({cited}; {found}; {answer.confidence})", stderr=True)


def _read_limit(text: str, *, under: bool) -> Limit:
    """Return the metric and value of "metric=value". Raises ValueError."""
    option, other = ("--fail-under", "--fail-over") if under else ("--fail-over", "--fail-under")
    name, _, value = (part.strip() for part in text.partition("="))
    if name not in METRICS:
        raise ValueError(f"{option} {text!r}: no metric {name!r}; there are {', '.join(METRICS)}")
    if under == (name in BETTER_WHEN_LOWER):
        better = "lower" if under else "higher"
        raise ValueError(f"{option} {text!r}: {name} is better when {better}; use {other}")
    try:
        limit = float(value)
    except ValueError:
        limit = float("nan")
    if not isfinite(limit):
        raise ValueError(f"{option} {text!r}: {value!r} is no number; write {name}=0.5")
    return name, limit


def _tell_oddities(asked: QuestionFile, store: Store) -> None:
    """Say, on standard error, what of a file was passed over and what cannot be found."""
    if asked.skipped:
        print_line(
            f"footnote: {asked.skipped} skipped: lines with a note and without answerable, "
            "which people must still decide",
            stderr=True,
        )
    known = {article.article_id for article in store.list_articles()}
    named = {name for question in asked.questions for name in question.articles}
    if missing := sorted(named - known):
        listed = put_on_one_line(", ".join(missing[:5])) + (" …" if missing[5:] else "")
        print_line(f"footnote: gold articles that are not in the library: {listed}", stderr=True)
