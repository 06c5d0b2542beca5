"""`footnote chat`: a conversation in the terminal, its sources a command away."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot.aliases import BadAliasFile
from bot.anchor import resolve_anchor
from bot.answer import TIME_LIMIT, Bot, LibraryChanges
from bot.asked import BadQuestion
from bot.cite import Citation
from bot.model import BadModel
from bot.model_options import ModelOption, ModelUrlOption, TimeLimitOption, open_named_model
from bot.page.talk import Talk, Turn, write_markdown
from bot.scope import EVERYTHING, BadScope, find_articles
from bot.terminal import describe_empty, describe_source, print_answer, print_trace
from bot.terminal_article import lay_out_article, page_lines
from bot.terminal_lines import LineReader
from bot.terminal_scope import read_scope_words
from bot.trace import Trace
from ingest.cli import DEFAULT_STORE, EXIT_USAGE, StoreOption
from ingest.counts import count_of
from ingest.embed import ModelUnavailable
from ingest.store import NoLibrary
from ingest.terminal import fail, open_console, print_json, print_line

PROMPT = "> "
WELCOME = "Ask {articles} in {store}. /help lists the commands, Ctrl+D ends."


def chat(
    store: StoreOption = DEFAULT_STORE,
    threshold: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Refuse below this confidence.", show_default="fitted"),
    ] = None,
    model: ModelOption = None,
    model_url: ModelUrlOption = None,
    time_limit: TimeLimitOption = TIME_LIMIT,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print each answer as a line of JSON; the rest as errors are."),
    ] = False,
) -> None:
    """Talk with the articles: questions may follow on from earlier ones.

    /help lists the commands. Reads questions from a pipe as well, one a line.
    """
    try:
        named = open_named_model(model, model_url)
        bot = Bot.open(
            store,
            threshold=threshold,
            model=named,
            time_limit=time_limit,
        )
    except (BadAliasFile, BadModel, NoLibrary, ModelUnavailable) as error:
        fail(str(error), EXIT_USAGE)
    with bot:
        conversation = Conversation(bot, open_console(stderr=as_json), as_json=as_json)
        lines = LineReader(conversation.complete, echo=not as_json)
        if lines.is_interactive:
            conversation.ask_reader = lines.ask
            articles = count_of(len(bot.store.list_articles()), "article")
            print_line(WELCOME.format(articles=articles, store=store), stderr=as_json)
            if not bot.store.count_articles():
                print_line(describe_empty(store), stderr=as_json)
        _run(conversation, lines, as_json=as_json)


def _run(conversation: "Conversation", lines: LineReader, *, as_json: bool) -> None:
    """Take lines to their end. Ctrl+C drops a line or an answer, twice in a row it ends too."""
    interrupted = False
    while True:
        try:
            line = lines.read(PROMPT)
            interrupted = False
            if not conversation.take(line):
                return
        except EOFError:
            if lines.is_interactive:
                print_line("", stderr=as_json)
            return
        except KeyboardInterrupt:
            if not lines.is_interactive:
                raise
            told = "" if interrupted else "\N{BULLET} Ctrl+C again, or Ctrl+D, ends"
            print_line(told, stderr=as_json)
            if interrupted:
                return
            interrupted = True


class BadCommand(ValueError):
    """A command that cannot be followed; the message says why."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command by name: what it takes, what it does, in words and in fact."""

    usage: str
    told: str
    run: Callable[["Conversation", str], None]


class Conversation:
    """A conversation with a bot on a console: its turns, its restriction, its last answer.

    `ask_reader` prompts the reader between the parts of a long article; without it all is printed.
    With `as_json` answers are lines of JSON, and the console should be that of errors.
    """

    def __init__(self, bot: Bot, console: Console, *, as_json: bool = False) -> None:
        self._as_json = as_json
        self.ask_reader: Callable[[str], str] | None = None
        self._bot = bot
        self._console = console
        self._scope = EVERYTHING
        self._talk = Talk()
        self._trace: Trace | None = None
        self._saved: set[Path] = set()

    def take(self, line: str) -> bool:
        """Answer a question or follow a command; return whether the conversation goes on."""
        line = line.strip()
        name, _, words = line.partition(" ")
        if name in {"/quit", "/exit", "/q"}:
            return False
        try:
            if line.startswith("/"):
                self._find_command(name).run(self, words.strip())
            elif line:
                self._ask(line)
        except (
            BadCommand, BadQuestion, BadScope, BadAliasFile, LibraryChanges, ModelUnavailable,
            NoLibrary, OSError,
        ) as error:  # fmt: skip
            self._say(str(error))
        except sqlite3.Error as error:
            self._say(f"{self._bot.store.path}: the library cannot be read: {error}")
        return True

    def complete(self, begun: str) -> list[str]:
        """Return the commands that a line may become."""
        name, space, rest = begun.partition(" ")
        if not space:
            return [f"{known} " for known in COMMANDS if begun and known.startswith(begun)]
        if name == "/open":
            numbers = (str(item.number) for item in self._list_citations())
            return [f"{name} {number}" for number in numbers if number.startswith(rest)]
        if name == "/only" and rest.startswith("article "):
            ids = (item.article_id for item in self._bot.store.list_articles())
            lead, _, part = begun.rpartition(" ")
            return [f"{lead} {known}" for known in ids if known.startswith(part)]
        return []

    def _ask(self, question: str) -> None:
        history = self._talk.read_history()
        trace = self._bot.explain(question, history, scope=self._scope)
        if not self._bot.store.count_articles():
            self._say(describe_empty(self._bot.store.path))
            if not self._as_json:
                return
        self._trace = trace
        told = "" if self._scope == EVERYTHING else self._scope.describe()
        self._talk = replace(
            self._talk,
            title=self._talk.title or trace.answer.asked,
            turns=(*self._talk.turns, Turn(trace.answer, told)),
        )
        if self._as_json:
            print_json(trace.answer.to_dict(), indent=None)
            return
        print_answer(self._console, trace.answer, self._scope)
        self._console.print()

    def _list_sources(self, words: str) -> None:
        for citation in self._list_citations():
            self._console.print(Text(f"[{citation.number}] ", "cyan") + describe_source(citation))
            article = self._bot.store.get_article(citation.article_id)
            # Here the whole path is of use, and nobody else sees it.
            source = article.url or article.path if article else citation.source
            self._console.print(Text(f"    {source}"))
            self._console.print(Text(f"    article {citation.article_id}", "dim"))

    def _open_article(self, words: str) -> None:
        citation = self._find_citation(words)
        store = self._bot.store
        article = store.get_article(citation.article_id)
        anchor = resolve_anchor(
            store, citation.article_id, citation.start, citation.end, citation.sha256
        )
        if article is None or anchor is None:
            raise BadCommand(f"the article {citation.article_id} is not in the library any more")
        sheet = lay_out_article(self._console, article, anchor)
        page_lines(self._console, sheet, self.ask_reader)
        if anchor.state == "gone":
            self._say(f"the article has changed and does not say any more: “{citation.quote}”")

    def _explain(self, words: str) -> None:
        print_trace(self._console, self._get_trace())

    def _restrict(self, words: str) -> None:
        if words.strip("[]").isdecimal():
            words = f"article {self._find_citation(words).article_id}"
        scope = read_scope_words(words, self._scope) if words else self._scope
        articles = find_articles(scope, self._bot.store.list_articles())
        self._scope = scope
        self._say(f"Restricted to: {scope.describe()} ({count_of(len(articles), 'article')})")

    def _lift(self, words: str) -> None:
        self._scope = EVERYTHING
        self._say("Questions are answered from all articles")

    def _save(self, words: str) -> None:
        try:
            file = Path(words.strip("\"'")).expanduser()
        except RuntimeError as error:
            raise BadCommand(f"{words}: no such user; write ~/{words.lstrip('~')}") from error
        if not words or file.suffix not in {".md", ".json"}:
            raise BadCommand("name a file that ends in .md or .json: /save talk.md")
        if file.suffix == ".json":
            text = json.dumps(self._talk.to_dict(), ensure_ascii=False, indent=1) + "\n"
        else:
            text = write_markdown(self._talk)
        try:
            if file.exists() and file.resolve() not in self._saved:
                raise BadCommand(f"{file} is there already; choose another name")
            file.write_text(text, encoding="utf-8")
        except OSError as error:
            lacks = "there is no such folder" if not file.parent.is_dir() else error.strerror
            raise BadCommand(
                f"{file} cannot be written: {lacks}; name another place: /save ~/{file.name}"
            ) from error
        self._saved.add(file.resolve())
        self._say(f"{count_of(len(self._talk.turns), 'answer')} saved in {file}")

    def _help(self, words: str) -> None:
        width = max(len(command.usage) for command in COMMANDS.values())
        for command in COMMANDS.values():
            self._say(f"{command.usage:{width}}  {command.told}")
        self._say(f"{'/quit':{width}}  end, as Ctrl+D does; Ctrl+C drops the line or the answer")

    def _find_command(self, name: str) -> Command:
        if name not in COMMANDS:
            raise BadCommand(f"no command {name}; /help lists them")
        return COMMANDS[name]

    def _get_trace(self) -> Trace:
        if self._trace is None:
            raise BadCommand("ask something first")
        return self._trace

    def _list_citations(self) -> tuple[Citation, ...]:
        answer = self._get_trace().answer
        return answer.citations or answer.nearest

    def _find_citation(self, words: str) -> Citation:
        """Return a citation of the last answer by its number, as "2" or "[2]"."""
        citations = self._list_citations()
        for citation in citations:
            if str(citation.number) == words.strip("[]"):
                return citation
        numbers = ", ".join(str(citation.number) for citation in citations) or "none"
        if not words:
            raise BadCommand(f"name a citation's number: /open N; the last answer has {numbers}")
        raise BadCommand(f"no citation {words!r}; the last answer has {numbers}: /open N, /only N")

    def _say(self, text: str) -> None:
        print_line(text, stderr=self._as_json)


COMMANDS = {
    "/sources": Command("/sources", "where the last answer is from", Conversation._list_sources),
    "/open": Command(
        "/open N", "the article of citation N, its quote marked", Conversation._open_article
    ),
    "/explain": Command("/explain", "how the last answer came about", Conversation._explain),
    "/only": Command(
        "/only …",
        "restrict what follows: article ID, topic NAME, since DATE, until DATE, or a citation's N",
        Conversation._restrict,
    ),
    "/all": Command("/all", "lift the restriction", Conversation._lift),
    "/save": Command(
        "/save FILE",
        "the conversation: .md with footnotes, .json for footnote verify",
        Conversation._save,
    ),
    "/help": Command("/help", "this list", Conversation._help),
}
