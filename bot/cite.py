"""Answers and their citations, and the proof that every quote stands in its article."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ingest.clean import Article
from ingest.store import Store

REFUSAL = "The articles do not say."
CONTEXT_LETTERS = 160
_MARKER = re.compile(r"\[(\d+)\]")
# What prose ends with; an item of a list or a row of a table begins and is cut otherwise.
_ENDS_SENTENCE = re.compile(r"[.!?…][\"'”’»)\]]*\Z")
_BEGINS_ITEM = re.compile(r"\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]\s")
_CELLS = " | "


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote: `text[start:end]` of the stored article, whose `sha256` is that of its text.

    `span` are the offsets in that text of the exact answer within the quote, None without one.
    """

    number: int
    article_id: str
    title: str
    author: str | None
    published: str | None
    source: str
    heading: str
    start: int
    end: int
    quote: str
    sha256: str
    before: str
    after: str
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer, without markers, and the numbers of the citations that back it."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question got. `text` holds a marker like [1] after each sentence.

    `asked` is the question as it was understood: a follow-up made to stand alone. `confidence` is
    the probability, 0 to 1, that the articles support the answer; `nearest` are the closest
    passages, given when refused; `timings` are milliseconds by stage. `model` names the language
    model that worded sentences, None where all are the articles' own; `note` says in words where
    articles differ, and why a model was not used this time.
    """

    question: str
    asked: str
    text: str
    refused: bool
    confidence: float
    citations: tuple[Citation, ...]
    nearest: tuple[Citation, ...]
    timings: Mapping[str, float]
    sentences: tuple[Sentence, ...] = ()
    model: str | None = None
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON types; the keys are the names of the fields."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Problem:
    """A citation that does not hold, and why."""

    number: int
    article_id: str
    reason: str


def cite(
    number: int,
    article: Article,
    start: int,
    end: int,
    heading: str = "",
    span: tuple[int, int] | None = None,
) -> Citation:
    """Return the citation of `article.text[start:end]`; `span` is the exact answer within it."""
    return Citation(
        number=number,
        article_id=article.article_id,
        title=article.title,
        author=article.author,
        published=article.published,
        source=article.source,
        heading=heading,
        start=start,
        end=end,
        quote=article.text[start:end],
        sha256=article.sha256,
        before=article.text[max(0, start - CONTEXT_LETTERS) : start],
        after=article.text[end : end + CONTEXT_LETTERS],
        span=span,
    )


def quote_sentences(citations: Sequence[Citation]) -> tuple[Sentence, ...]:
    """Return the quotes of citations as sentences, each backed by its own."""
    return tuple(Sentence(item.quote, (item.number,)) for item in citations)


def join_sentences(sentences: Sequence[Sentence]) -> str:
    """Return the text of an answer: each sentence with its markers, items on lines of their own."""
    text = ""
    for place, sentence in enumerate(sentences):
        gap = separate(sentences[place - 1].text, sentence.text) if place else ""
        marks = (f" [{number}]" for number in sentence.citations)
        text += f"{gap}{sentence.text}{''.join(marks)}"
    return text


def separate(before: str, after: str) -> str:
    """Return what stands between two sentences: a line end if either is an item, row or heading."""
    return " " if _is_prose(before) and _is_prose(after) else "\n"


def _is_prose(sentence: str) -> bool:
    is_item = _BEGINS_ITEM.match(sentence) or _CELLS in sentence
    return _ENDS_SENTENCE.search(sentence) is not None and not is_item


def shorten(quote: str, letters: int = 300) -> str:
    """Return a quote on one line, cut between words with an ellipsis if it is long."""
    line = " ".join(quote.split())
    return line if len(line) <= letters else f"{line[:letters].rsplit(' ', 1)[0]} …"


def verify(answer: Mapping[str, Any], store: Store) -> list[Problem]:
    """Return what does not hold in an answer (as of `Answer.to_dict`), none if all does.

    Each quote must be exactly the stored text at its offsets, and each marker, in the text and of
    its sentences, must have its citation. Raises ValueError for something that is no answer.
    """
    try:
        citations, nearest = list(answer["citations"]), list(answer.get("nearest", []))
        problems = [
            Problem(int(item["number"]), str(item["article_id"]), reason)
            for item in citations + nearest
            if (reason := _check_citation(item, store))
        ]
        numbers = {int(item["number"]) for item in citations}
        markers = [int(marker) for marker in _MARKER.findall(_strip_quotes(answer, citations))]
        markers += [
            int(number) for item in answer.get("sentences", ()) for number in item["citations"]
        ]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        told = f"no {error}" if isinstance(error, KeyError) else error
        raise ValueError(f"not an answer of footnote: {told}") from error
    dangling = dict.fromkeys(marker for marker in markers if marker not in numbers)
    return problems + [
        Problem(marker, "", "the text's marker has no citation") for marker in dangling
    ]


def _strip_quotes(answer: Mapping[str, Any], citations: list[Mapping[str, Any]]) -> str:
    """Return the answer's text without its quotes, which may hold brackets of their own."""
    text = str(answer["text"])
    # The longest first: a quote may be part of another.
    for quote in sorted((str(item["quote"]) for item in citations), key=len, reverse=True):
        text = text.replace(quote, "")
    return text


def _check_citation(item: Mapping[str, Any], store: Store) -> str | None:
    """Return why a citation does not hold, None if it does."""
    article = store.get_article(str(item["article_id"]))
    if article is None:
        return "the library has no such article"
    start, end, quote = int(item["start"]), int(item["end"]), str(item["quote"])
    if not quote:
        return "the quote is empty"
    if 0 <= start <= end and article.text[start:end] == quote:
        first, last = item.get("span") or (start, end)
        within = start <= int(first) < int(last) <= end
        return None if within else f"the marked words at {first}-{last} are not within the quote"
    found = article.text.find(quote)
    changed = "" if article.sha256 == item["sha256"] else "; the article has changed since"
    if found < 0:
        return f"the quote is not in the article{changed}"
    return f"the quote is not at {start}-{end} but at {found}-{found + len(quote)}{changed}"
