"""The tools of the MCP door: what they take and give, as JSON and in words for a model."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from bot.answer import Bot
from bot.cite import Answer, Citation, cite, shorten
from bot.scope import Scope
from bot.web.log import note_question
from bot.web.markdown import defuse_markdown
from ingest.clean import Article

# Some 5,000 tokens of a model.
MAX_READ_LETTERS = 20_000
MAX_PASSAGES = 50


class NoSuchPlace(LookupError):
    """An article, or a place in one, that the library does not have; the message says which."""


def _read_list(value: object) -> object:
    """Return a list that came as JSON in a string, as some clients send it; else what came."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return value


_Strings = Annotated[list[str] | None, BeforeValidator(_read_list)]


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Turn(_Arguments):
    """One question of the conversation so far, and the text of its answer."""

    question: str
    answer: str


class _Asked(_Arguments):
    """A question and what restricts it; a model may send "" for a date that it leaves out."""

    question: str
    articles: _Strings = Field(None, description="Only the articles of these ids.")
    topics: _Strings = Field(None, description="Only articles on these topics.")
    since: str | None = Field(None, description="Only articles from YYYY[-MM[-DD]] on.")
    until: str | None = Field(None, description="Only articles up to YYYY[-MM[-DD]].")

    def to_scope(self) -> Scope:
        """Return the restriction as the bot takes it. Raises BadScope."""
        articles, topics = frozenset(self.articles or ()), frozenset(self.topics or ())
        return Scope(articles, topics, self.since or None, self.until or None)


class AskArguments(_Asked):
    """What `ask` takes."""

    question: str = Field(description="A whole question in English, in the user's words.")
    history: Annotated[list[Turn] | None, BeforeValidator(_read_list)] = Field(
        None, description="The conversation so far, oldest first; needed for a follow-up."
    )


class SearchArguments(_Asked):
    """What `search` takes."""

    question: str = Field(description="A question, or words to look for.")
    limit: int = Field(5, ge=1, le=MAX_PASSAGES, description="How many passages at most.")


class ReadArguments(_Arguments):
    """What `read_article` takes."""

    article_id: str = Field(description="The article's id, as citations and passages give it.")
    start: int = Field(0, ge=0, description="The first character to read.")
    end: int | None = Field(None, description="The character to stop before; none: read on.")


@dataclass(frozen=True, slots=True)
class FoundPassages:
    """Passages for a question, the best first; each is a quote of its article."""

    question: str
    passages: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class ReadText:
    """`text` is what stands in the article from `start` to `end`, of `length` characters."""

    article_id: str
    title: str
    author: str | None
    published: str | None
    source: str
    topics: tuple[str, ...]
    sha256: str
    length: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class ToolCard:
    """A tool: its words for the model, its types, what it does, and its result in words."""

    name: str
    title: str
    description: str
    arguments: type[BaseModel]
    output: TypeAdapter[Any]
    run: Callable[[Bot, Any], Any]
    describe: Callable[[Any], str]

    def call(self, bot: Bot, arguments: object) -> tuple[dict[str, Any], str]:
        """Return what the tool gives, as JSON types and in words.

        Raises pydantic's ValidationError, NoSuchPlace, and what `Bot` raises.
        """
        bot.store.refresh()
        result = self.run(bot, self.arguments.model_validate(arguments))
        structured: dict[str, Any] = self.output.dump_python(result, mode="json")
        return structured, self.say(result)

    def say(self, result: Any) -> str:
        """Return a result in words, which a model may repeat to a client that shows Markdown."""
        return defuse_markdown(self.describe(result))


def find_article(bot: Bot, article_id: str) -> Article:
    """Return an article of the library. Raises NoSuchPlace."""
    article = bot.store.get_article(article_id)
    if article is None:
        raise NoSuchPlace(f"no article {article_id!r} in the library; search finds ids")
    return article


def _ask(bot: Bot, given: AskArguments) -> Answer:
    note_question(given.question)
    history = [(turn.question, turn.answer) for turn in given.history or ()]
    return bot.ask(given.question, history, scope=given.to_scope())


def _search(bot: Bot, given: SearchArguments) -> FoundPassages:
    found = bot.search(given.question, given.limit, scope=given.to_scope())
    passages = (
        cite(number, item.article, item.chunk.start, item.chunk.end, item.chunk.heading)
        for number, item in enumerate((passage.stored for passage in found), 1)
    )
    return FoundPassages(given.question, tuple(passages))


def _read_article(bot: Bot, given: ReadArguments) -> ReadText:
    article = find_article(bot, given.article_id)
    length = len(article.text)
    end = min(length if given.end is None else given.end, length, given.start + MAX_READ_LETTERS)
    if given.start >= end:
        raise NoSuchPlace(
            f"nothing to read at start={given.start}, end={given.end}: {article.article_id!r} has "
            f"{length} characters; leave both out to read it from the beginning"
        )
    return ReadText(
        article_id=article.article_id,
        title=article.title,
        author=article.author,
        published=article.published,
        source=article.source,
        topics=article.topics,
        sha256=article.sha256,
        length=length,
        start=given.start,
        end=end,
        text=article.text[given.start : end],
    )


def _describe_answer(answer: Answer) -> str:
    understood = [f"Understood as: {answer.asked}"] if answer.asked != answer.question else []
    nearest = ["The nearest passages, which do not answer it:"] if answer.nearest else []
    quotes = _describe_quotes(answer.citations or answer.nearest)
    notes = [answer.note] if answer.note else []
    return "\n\n".join([*understood, answer.text, *notes, *nearest, *quotes])


def _describe_passages(found: FoundPassages) -> str:
    return "\n\n".join(_describe_quotes(found.passages)) or "No passage found."


def _describe_quotes(citations: Iterable[Citation]) -> list[str]:
    """Return each quote in words: where it stands, for `read_article` too, and what it says."""
    return [
        f"[{item.number}] {' › '.join(filter(None, (item.title, item.heading)))}"
        f"{f', {item.published}' if item.published else ''} "
        f"(article {item.article_id}, characters {item.start}-{item.end}, {item.source})\n"
        f"“{shorten(item.quote, 1_200)}”"
        for item in citations
    ]


def _describe_text(read: ReadText) -> str:
    by = ", ".join(filter(None, (read.title, read.author, read.published, read.source)))
    rest = f"\n\n(It goes on at start={read.end}.)" if read.end < read.length else ""
    return f"{by}; characters {read.start}-{read.end} of {read.length}\n\n{read.text}{rest}"


TOOLS = (
    ToolCard(
        name="ask",
        title="Ask the articles",
        description=(
            "Answer a question from the library's articles. Every sentence is backed by an exact "
            "quote, numbered like [1]; `refused` is true when the articles do not say. Repeat "
            "the sentences with their numbers and name the sources; add nothing to them."
        ),
        arguments=AskArguments,
        output=TypeAdapter(Answer),
        run=_ask,
        describe=_describe_answer,
    ),
    ToolCard(
        name="search",
        title="Search the articles",
        description=(
            "Find the passages of the library's articles that are closest to a question, the best "
            "first. For reading around a subject; for an answer use `ask`."
        ),
        arguments=SearchArguments,
        output=TypeAdapter(FoundPassages),
        run=_search,
        describe=_describe_passages,
    ),
    ToolCard(
        name="read_article",
        title="Read an article",
        description=(
            "Read an article's text, or a stretch of it by character offsets, as citations and "
            f"passages give them; at most {MAX_READ_LETTERS:,} characters at a time."
        ),
        arguments=ReadArguments,
        output=TypeAdapter(ReadText),
        run=_read_article,
        describe=_describe_text,
    ),
)
