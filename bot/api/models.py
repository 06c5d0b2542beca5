"""What requests hold and what answers hold, with an example of each for OpenAPI.

An answer is `bot.cite.Answer` itself; nothing here repeats its fields.
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.asked import MAX_QUESTION_LETTERS
from bot.cite import Answer, cite
from bot.listing import MAX_HITS
from bot.scope import Scope
from ingest.clean import Article, Heading

MAX_LISTED = 1000
_EXAMPLE_TEXT = (
    "The bridge\n\nThe bridge was opened in 1931 by the mayor. It replaced the ferry, which had "
    "crossed the river since 1850."
)
EXAMPLE_ARTICLE = Article(
    article_id="bridge",
    path="bridge.txt",
    title="The bridge",
    text=_EXAMPLE_TEXT,
    headings=(Heading(0, 10, 1),),
    sha256="0c3b6a4a4a7b",
    file_sha256="5d1f0b6c1e2a",
    author="A. Writer",
    published="2024-05-01",
    summary="How the river was bridged.",
    topics=("bridges",),
)
_CITED = cite(1, EXAMPLE_ARTICLE, 12, 55, "The bridge", (34, 41))
EXAMPLE_ANSWER = Answer(
    question="And when was it opened?",
    asked="When was the bridge opened?",
    text=f"{_CITED.quote} [1]",
    refused=False,
    confidence=0.93,
    citations=(_CITED,),
    nearest=(),
    timings={"total": 81.5},
)


class Turn(BaseModel):
    """A question of the conversation so far, and the text of its answer."""

    question: str = Field(max_length=20_000)
    answer: str = Field(max_length=20_000)


class Strict(BaseModel):
    """What a request says; a field that is not there is no field that may be passed over.

    A restriction that is spelt otherwise would restrict nothing.
    """

    model_config = ConfigDict(extra="forbid")


class Restriction(Strict):
    """The articles that an answer may come from; what is left out restricts nothing.

    Dates are YYYY, YYYY-MM or YYYY-MM-DD, both inclusive.
    """

    articles: list[str] = Field(default=[], max_length=1000, description="ids of articles")
    topics: list[str] = Field(default=[], max_length=100)
    since: str | None = None
    until: str | None = None

    def to_scope(self) -> Scope:
        """Return the restriction as the bot takes it. Raises BadScope."""
        return Scope(frozenset(self.articles), frozenset(self.topics), self.since, self.until)


class SearchQuery(Strict):
    """The parameters of a search; `article` and `topic` may be repeated."""

    q: str = Field(description="a question or words", max_length=MAX_QUESTION_LETTERS)
    limit: int = Field(default=10, ge=1, le=MAX_HITS)
    article: list[str] = Field(default=[], max_length=1000, description="id of an article")
    topic: list[str] = Field(default=[], max_length=100)
    since: str | None = Field(default=None, description="YYYY, YYYY-MM or YYYY-MM-DD")
    until: str | None = Field(default=None, description="YYYY, YYYY-MM or YYYY-MM-DD")

    def to_scope(self) -> Scope:
        """Return the restriction as the bot takes it. Raises BadScope."""
        return Scope(frozenset(self.article), frozenset(self.topic), self.since, self.until)


class ListQuery(Strict):
    """The parameters of a list of articles."""

    limit: int = Field(default=100, ge=1, le=MAX_LISTED)
    offset: int = Field(default=0, ge=0, le=10_000_000)


class Question(Strict):
    """A question; with a history it may lean on what was said before."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "question": "And when was it opened?",
                    "history": [
                        {
                            "question": "What did the bridge replace?",
                            "answer": "It replaced the ferry. [1]",
                        }
                    ],
                    "scope": {"since": "2020"},
                    "stream": False,
                }
            ]
        }
    )

    question: str
    history: list[Turn] = Field(default=[], max_length=1000, description="oldest first")
    scope: Restriction = Restriction()
    stream: bool = Field(
        default=False,
        strict=True,
        description="send events, as with Accept: text/event-stream",
    )


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a file; "twin" is one whose text is in the library already."""

    name: str
    state: Literal["added", "replaced", "twin"]
    article_id: str | None
    note: str


def document_success(
    description: str, value: Any, status: int = 200
) -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI's description of a success; `value` is a dataclass, the example."""
    content = {"application/json": {"example": asdict(value)}}
    return {status: {"description": description, "content": content}}
