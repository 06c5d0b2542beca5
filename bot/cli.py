"""The terminal's door: all commands of `footnote`; `ask` and `verify` are here."""

from pathlib import Path
from typing import Annotated

import typer

from bot.aliases import BadAliasFile
from bot.answer import TIME_LIMIT, Bot
from bot.api.key_commands import keys
from bot.asked import BadQuestion
from bot.browse_commands import list_articles, read_article, search_passages
from bot.evaluate_command import evaluate_questions
from bot.history_file import read_history
from bot.json_file import BadFile, read_json_file
from bot.mcp_command import serve_mcp
from bot.model import BadModel
from bot.model_options import ModelOption, ModelUrlOption, TimeLimitOption, open_named_model
from bot.proof import prove
from bot.scope import BadScope
from bot.scope_options import ArticleOption, SinceOption, TopicOption, UntilOption, make_scope
from bot.serve import serve
from bot.terminal import describe_empty, print_answer, print_trace
from bot.terminal_chat import chat
from ingest.cli import DEFAULT_STORE, EXIT_ERROR, EXIT_USAGE, StoreOption, ingest
from ingest.counts import count_of
from ingest.embed import ModelUnavailable
from ingest.store import NoLibrary, Store
from ingest.store_commands import backup, repair, restore, status
from ingest.terminal import fail, open_console, print_json, print_line
from ingest.watch_command import watch_folders

EXIT_REFUSED = 4
_USAGE_ERRORS = (BadAliasFile, BadModel, NoLibrary, ModelUnavailable)

app = typer.Typer(
    name="footnote",
    help="Ask a folder of articles; every sentence of the answer is backed by their exact words.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_show_locals=False,
)
app.command()(ingest)
app.command("watch")(watch_folders)
app.command()(chat)
app.command("search")(search_passages)
app.command("articles")(list_articles)
app.command("read")(read_article)
app.command("mcp")(serve_mcp)
app.command("eval")(evaluate_questions)
app.command()(serve)
app.add_typer(keys)
for command in (status, repair, backup, restore):
    app.command()(command)


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
        typer.Option(
            help="The conversation so far: a JSON list of {question, answer}, or what /save of "
            "`footnote chat` writes."
        ),
    ] = None,
    article: ArticleOption = None,
    topic: TopicOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    model: ModelOption = None,
    model_url: ModelUrlOption = None,
    time_limit: TimeLimitOption = TIME_LIMIT,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show how passages and sentences were chosen.")
    ] = False,
) -> None:
    """Ask a question; with `--history` it may follow on from earlier ones.

    Exit status: 0 an answer, 4 the articles do not say or there are none, 2 no library, no
    question, or a restriction that leaves no article.
    """
    try:
        scope = make_scope(article, topic, since, until)
        turns = read_history(history) if history else []
        named = open_named_model(model, model_url)
        with Bot.open(
            store,
            threshold=threshold,
            model=named,
            time_limit=time_limit,
        ) as bot:
            trace = bot.explain(question, turns, scope=scope)
            is_empty = not bot.store.count_articles()
    except (*_USAGE_ERRORS, BadFile, BadQuestion, BadScope) as error:
        fail(str(error), EXIT_USAGE)
    answer = trace.answer
    if as_json:
        print_json(answer.to_dict())
    elif not is_empty:
        print_answer(open_console(), answer, scope)
    if explain:
        # With --json the trace goes beside the JSON, not into it.
        print_trace(open_console(stderr=as_json), trace)
    if is_empty:
        fail(describe_empty(store), EXIT_REFUSED)
    if answer.refused:
        raise typer.Exit(EXIT_REFUSED)


@app.command("verify")
def verify_answer(
    file: Annotated[
        Path,
        typer.Argument(
            help="An answer, as `footnote ask --json` prints it, or a conversation, as `/save` "
            "of `footnote chat` writes it; - is standard input."
        ),
    ],
    store: StoreOption = DEFAULT_STORE,
    as_json: Annotated[bool, typer.Option("--json", help="Print the proof as JSON.")] = False,
) -> None:
    """Check every quote of an answer, or of a conversation, against the library.

    Exit status: 0 all hold, 1 one does not (it is named), 2 no answer or no library.
    """
    try:
        data = read_json_file(file)
        with Store(store) as library:
            proof = prove(data, library)
    except (BadFile, NoLibrary) as error:
        fail(str(error), EXIT_USAGE)
    except (ValueError, OSError) as error:
        fail(f"{file}: {error}", EXIT_USAGE)
    if as_json:
        print_json(proof.to_dict())
    for flaw in proof.flaws:
        print_line(str(flaw), stderr=True)
    if proof.flaws:
        raise typer.Exit(EXIT_ERROR)
    if not as_json:
        stand = "stands in its article" if proof.quotes == 1 else "stand in their articles"
        print_line(f"{proof.quotes} of {count_of(proof.quotes, 'quote')} {stand}")
