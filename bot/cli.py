"""The terminal's door: `footnote ask`, `footnote verify`, `footnote ingest`."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.aliases import BadAliasFile
from bot.answer import BadQuestion, Bot, Trace
from bot.cite import Answer, Citation, shorten, verify
from bot.evaluate import Outcome, evaluate, read_questions
from ingest.cli import DEFAULT_STORE, EXIT_ERROR, EXIT_USAGE, StoreOption, ingest
from ingest.embed import ModelUnavailable
from ingest.store import NoLibrary, Store

EXIT_REFUSED = 4

app = typer.Typer(
    name="footnote",
    help="Ask a folder of articles; every sentence of the answer is backed by their exact words.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_show_locals=False,
)
app.command()(ingest)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    store: StoreOption = DEFAULT_STORE,
    threshold: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Refuse below this confidence.", show_default="fitted"),
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option(help="The conversation so far: a JSON list of {question, answer}."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how passages and sentences were chosen.")
    ] = False,
) -> None:
    """Ask a question; with `--history` it may follow on from earlier ones.

    Exit status: 0 an answer, 4 the articles do not say, 2 no library or no question.
    """
    try:
        turns = read_history(history) if history else []
        with Bot.open(store, threshold=threshold) as bot:
            trace = bot.explain(question, turns)
    except (BadQuestion, BadHistory, BadAliasFile, NoLibrary, ModelUnavailable) as error:
        _fail(str(error), EXIT_USAGE)
    answer = trace.answer
    if as_json:
        print_json(answer.to_dict())
    else:
        print_answer(answer)
    if explain:
        # With --json the trace goes beside the JSON, not into it.
        print_trace(trace, Console(stderr=as_json))
    if answer.refused:
        raise typer.Exit(EXIT_REFUSED)


@app.command("verify")
def verify_answer(
    file: Annotated[Path, typer.Argument(help="An answer, as `footnote ask --json` prints it.")],
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """Check every quote of an answer against the library.

    Exit status: 0 all hold, 1 one does not (it is named), 2 no answer or no library.
    """
    try:
        answer = json.loads(sys.stdin.read() if str(file) == "-" else file.read_text("utf-8"))
        with Store(store) as library:
            problems = verify(answer, library)
    except (NoLibrary, ValueError, OSError) as error:
        _fail(f"{file}: {error}" if not isinstance(error, NoLibrary) else str(error), EXIT_USAGE)
    for problem in problems:
        print(f"[{problem.number}] {problem.article_id}: {problem.reason}", file=sys.stderr)
    if problems:
        raise typer.Exit(EXIT_ERROR)
    quotes = len(answer["citations"]) + len(answer.get("nearest", []))
    print(f"{quotes} of {quotes} quotes stand in their articles")


@app.command("eval")
def evaluate_questions(
    file: Annotated[Path, typer.Argument(help="Questions with gold answers, as JSON Lines.")],
    store: StoreOption = DEFAULT_STORE,
    show: Annotated[
        bool, typer.Option("--show", help="List the questions that went wrong, on standard error.")
    ] = False,
) -> None:
    """Ask a file of questions and print how well they were answered, as JSON.

    Each line holds question, answer, articles (ids), answerable, and perhaps history, a list of
    {question, answer}.
    """
    try:
        with Bot.open(store) as bot:
            evaluation, outcomes = evaluate(bot, read_questions(file))
    except (BadAliasFile, NoLibrary, ModelUnavailable, ValueError, OSError) as error:
        _fail(str(error), EXIT_USAGE)
    print_json(asdict(evaluation))
    for outcome in outcomes if show else ():
        print_outcome(outcome)


class BadHistory(ValueError):
    """A file that holds no conversation; the message says why."""


def read_history(file: Path) -> list[tuple[str, str]]:
    """Return the questions and answer texts of a JSON list of {question, answer}.

    Raises BadHistory.
    """
    try:
        turns: list[Any] = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(turns, list):
            raise TypeError("not a list")
        return [(str(turn["question"]), str(turn["answer"])) for turn in turns]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadHistory(
            f"{file}: {error!r}; a history is a JSON list of {{question, answer}}"
        ) from error


def print_outcome(outcome: Outcome) -> None:
    """Print a question that went wrong to standard error, nothing for one that went well."""
    question, answer = outcome.question, outcome.answer
    found = f"{outcome.key_words:.0%} of the key words" if outcome.key_words is not None else ""
    good = outcome.right_article and outcome.key_words in {None, 1.0}
    if good if question.answerable else answer.refused:
        return
    cited = answer.citations[0].article_id if answer.citations else "refused"
    print(
        f"\n{question.question}\n  wanted: {question.answer} {list(question.articles)}"
        f"\n  got: {answer.text} ({cited}, {found or 'should refuse'}, {answer.confidence})",
        file=sys.stderr,
    )


def print_json(value: Any) -> None:
    """Print JSON types, readable, in any script."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def print_answer(answer: Answer) -> None:
    """Print an answer with its numbered passages, or the refusal with the nearest ones."""
    console = Console(highlight=False)
    if answer.asked != answer.question:
        console.print(Text(f"Understood as: {answer.asked}", style="dim"))
    console.print(style_answer(answer))
    if answer.refused and answer.nearest:
        console.print(Text("\nThe nearest passages:", style="dim"))
    for citation in answer.citations or answer.nearest:
        console.print()
        console.print(Text(f"[{citation.number}] ", style="cyan") + describe_source(citation))
        console.print(Text(f"    “{shorten(citation.quote)}”"))


def style_answer(answer: Answer) -> Text:
    """Return an answer's text with the exact answers within its sentences in bold."""
    if answer.refused:
        return Text(answer.text, style="yellow")
    sentences = []
    for citation in answer.citations:
        sentence = Text(citation.quote)
        if citation.span:
            start, end = citation.span
            sentence.stylize("bold", start - citation.start, end - citation.start)
        sentences.append(sentence + Text(f" [{citation.number}]", style="cyan"))
    return Text(" ").join(sentences)


def describe_source(citation: Citation) -> Text:
    """Return title, heading, author and date of a citation, on one line."""
    place = " › ".join(filter(None, (citation.title, citation.heading)))
    return Text(", ".join(filter(None, (place, citation.author, citation.published))))


def print_trace(trace: Trace, console: Console) -> None:
    """Print the passages with their ranks and scores, then the sentences with theirs."""
    passages = Table("passage", "words: rank", "score", "vector: rank", "cosine", "fused",
                     "named", "answers", "relevant", "read",
                     title="Passages", title_justify="left")  # fmt: skip
    for item in sorted(trace.passages, key=lambda item: -item.score):
        passage = item.passage
        article, chunk = passage.stored.article, passage.stored.chunk
        passages.add_row(
            Text(f"{article.article_id} {chunk.start}-{chunk.end}"),
            str(passage.word_rank or "-"),
            f"{passage.word_score:.2f}",
            str(passage.vector_rank or "-"),
            f"{passage.cosine:.3f}",
            f"{passage.score:.3f}",
            f"{passage.referred:.2f}",
            f"{item.reading.answers:.2f}",
            f"{item.reading.relevance:.2f}",
            f"{item.score:.2f}",
        )
    console.print()
    for note in trace.notes:
        console.print(Text(note))
    console.print(passages)
    sentences = Table("kept", "sentence", "score", "place", "words", "around", "kind",
                      title="Sentences", title_justify="left")  # fmt: skip
    for finding in trace.findings[:10]:
        sentences.add_row(
            "yes" if finding in trace.kept else "",
            Text(shorten(finding.text, 90)),
            f"{finding.score:.2f}",
            f"{finding.features['share']:.2f}",
            f"{finding.features['coverage']:.2f}",
            f"{finding.features['context']:.2f}",
            f"{finding.features['kind']:.2f}",
        )
    console.print(sentences)
    if trace.missing_words:
        console.print(Text(f"in no article: {', '.join(trace.missing_words)}"))
    console.print(Text(f"confidence {trace.answer.confidence:.3f}"))


def _fail(message: str, code: int) -> NoReturn:
    print(f"footnote: {message}", file=sys.stderr)
    raise typer.Exit(code)
