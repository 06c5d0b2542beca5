"""The door for LangChain: a retriever of passages, and the bot as a runnable."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, NotRequired, Self

from langchain_core.callbacks import (
    AsyncCallbackManagerForRetrieverRun,
    CallbackManagerForRetrieverRun,
)
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig
from langchain_core.runnables.config import run_in_executor
from pydantic import Field

# Pydantic, which LangChain makes tools' schemas with, takes no other before Python 3.12.
from typing_extensions import TypedDict

from bot.answer import Bot
from bot.retrieve import Passage
from bot.scope import EVERYTHING, BadScope, Scope

# "scpe" is as like "scope"; "session" is less like "question".
_NEARLY = 0.75


class AskedQuestion(TypedDict):
    """A question with what belongs to it; the history is as `Bot.ask` takes it."""

    question: str
    history: NotRequired[Sequence[tuple[str, str]]]
    scope: NotRequired[Scope]


class FootnoteRetriever(BaseRetriever):
    """The passages for a question, the best first, as documents.

    The metadata of each are `article_id`, `title`, `author`, `published`, `heading`, `start` and
    `end` (offsets of the passage in the stored text), `sha256` (of that text), `topics`, `source`
    (address or file), `url` and `score` (how well words and meaning fit, 0 to 1; the order is
    that of the reader, which has read the passages). What an article does not have is None.

    `k` and `scope` may be given to a single `invoke` too. Raises BadQuestion and BadScope.
    """

    bot: Annotated[Bot, Field(exclude=True, repr=False)]
    k: int = Field(4, ge=1)
    scope: Scope = EVERYTHING

    @classmethod
    def open(cls, path: str | Path, *, k: int = 4, scope: Scope = EVERYTHING) -> Self:
        """Return a retriever on the library in folder `path`. Raises NoLibrary."""
        return cls(bot=Bot.open(path), k=k, scope=scope)

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        scope: Scope | None = None,
    ) -> list[Document]:
        self.bot.store.refresh()
        found = self.bot.search(query, self.k if k is None else k, scope=scope or self.scope)
        return [make_document(passage) for passage in found]

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        k: int | None = None,
        scope: Scope | None = None,
    ) -> list[Document]:
        # LangChain's own leaves out what was given to a single call.
        return await run_in_executor(
            None,
            self._get_relevant_documents,
            query,
            run_manager=run_manager.get_sync(),
            k=k,
            scope=scope,
        )


def make_document(passage: Passage) -> Document:
    """Return a passage as a document; its id names the article, the place and the text."""
    article, chunk = passage.stored.article, passage.stored.chunk
    return Document(
        id=f"{article.article_id}:{chunk.start}-{chunk.end}:{article.sha256[:12]}",
        page_content=passage.stored.text,
        metadata={
            "article_id": article.article_id,
            "title": article.title,
            "author": article.author,
            "published": article.published,
            "heading": chunk.heading,
            "start": chunk.start,
            "end": chunk.end,
            "sha256": article.sha256,
            "topics": list(article.topics),
            "source": article.source,
            "url": article.url,
            "score": passage.score,
        },
    )


class AnswerRunnable(Runnable[str | AskedQuestion, dict[str, Any]]):
    """A question in, its answer out, as `Answer.to_dict` gives it.

    The question is a string or an `AskedQuestion`. Streamed, each piece is the whole answer so
    far; the last one is what `invoke` returns. Raises BadQuestion and BadScope.
    """

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    def invoke(
        self,
        input: str | AskedQuestion,
        config: RunnableConfig | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Answer one question."""
        return self._call_with_config(self._ask, input, config, **kwargs)

    def stream(
        self,
        input: str | AskedQuestion,
        config: RunnableConfig | None = None,
        **kwargs: Any | None,
    ) -> Iterator[dict[str, Any]]:
        """Yield the answer as it grows, sentence by sentence."""
        yield from self._transform_stream_with_config(iter([input]), self._stream, config, **kwargs)

    async def astream(
        self,
        input: str | AskedQuestion,
        config: RunnableConfig | None = None,
        **kwargs: Any | None,
    ) -> AsyncIterator[dict[str, Any]]:
        """Yield the answer as it grows; it is made in other threads, the event loop goes on."""

        async def give() -> AsyncIterator[str | AskedQuestion]:
            yield input

        pieces = self._atransform_stream_with_config(give(), self._astream, config, **kwargs)
        async for piece in pieces:
            yield piece

    def _ask(self, asked: str | AskedQuestion) -> dict[str, Any]:
        given = _read(asked)
        return self.bot.ask(
            given["question"], given.get("history", ()), scope=given.get("scope", EVERYTHING)
        ).to_dict()

    def _stream(self, inputs: Iterator[str | AskedQuestion]) -> Iterator[dict[str, Any]]:
        for asked in inputs:
            given = _read(asked)
            history, scope = given.get("history", ()), given.get("scope", EVERYTHING)
            for answer in self.bot.stream(given["question"], history, scope=scope):
                yield answer.to_dict()

    async def _astream(
        self, inputs: AsyncIterator[str | AskedQuestion]
    ) -> AsyncIterator[dict[str, Any]]:
        async for asked in inputs:
            pieces = self._stream(iter([asked]))
            while piece := await run_in_executor(None, next, pieces, None):
                yield piece


def _read(asked: str | AskedQuestion) -> AskedQuestion:
    """Return a question as a mapping. Raises TypeError for what is none, and BadScope."""
    if isinstance(asked, str):
        return AskedQuestion(question=asked)
    if not isinstance(asked, Mapping) or not isinstance(asked.get("question"), str):
        raise TypeError(f"{asked!r} is no question; give a string or {{'question': ...}}")
    # Other steps of a chain may have keys of their own; one that is nearly ours is a slip.
    own = list(AskedQuestion.__annotations__)
    for key in map(str, asked.keys() - set(own)):
        if meant := get_close_matches(key.lower(), own, 1, _NEARLY):
            raise TypeError(f"{key!r} is no part of a question; did you mean {meant[0]!r}?")
    scope = asked.get("scope", EVERYTHING)
    if not isinstance(scope, Scope):
        raise BadScope(f"scope is {scope!r:.80}; give a Scope: Scope(topics=frozenset({{'NAME'}}))")
    return asked
