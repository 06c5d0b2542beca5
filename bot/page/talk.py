"""A conversation as the reader's browser keeps it: its turns, read back, written out.

It comes from outside, so nothing in it is taken on trust: its form is checked here, and whatever is
shown of it is escaped like an article's words.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import quote

from bot.cite import Answer, Citation, Sentence, quote_sentences
from bot.page.address import clean_address
from bot.web.link import link_to_quote

MAX_TURNS = 200
# A number of JavaScript's and of a database's.
_MAX_OFFSET = 2**53
_Kind = TypeVar("_Kind")
_MARKER = re.compile(r"\[(\d+)\]")


class BadTalk(ValueError):
    """A conversation that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A question with its answer, and in words what it was restricted to.

    `stopped` is true where the reader had heard enough before the answer was whole.
    """

    answer: Answer
    scope: str = ""
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation; `talk_id` is the browser's name for it, empty before the first answer."""

    talk_id: str = ""
    title: str = ""
    turns: tuple[Turn, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the conversation as JSON types, as `read_talk` takes it."""
        return {
            "id": self.talk_id,
            "title": self.title,
            "turns": [
                {"answer": turn.answer.to_dict(), "scope": turn.scope, "stopped": turn.stopped}
                for turn in self.turns
            ],
        }

    def read_history(self) -> list[tuple[str, str]]:
        """Return the questions as understood and the answers' words, as the bot takes them."""
        return [
            (turn.answer.asked, _MARKER.sub("", turn.answer.text).replace("  ", " ").strip())
            for turn in self.turns
        ]


def read_talk(value: object) -> Talk:
    """Return the conversation of JSON types. Raises BadTalk."""
    if not value:
        return Talk()
    try:
        # A half of a character, which no answer of ours holds, could not be sent back.
        json.dumps(value, ensure_ascii=False).encode()
        data = _expect(value, dict)
        turns = _expect(data.get("turns", []), list)[-MAX_TURNS:]
        return Talk(
            talk_id=str(data.get("id", "")),
            title=str(data.get("title", "")),
            turns=tuple(_read_turn(_expect(turn, dict)) for turn in turns),
        )
    except (LookupError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        raise BadTalk(f"not a conversation of footnote: {error!r:.200}") from error


def write_markdown(talk: Talk, base: str | None = None) -> str:
    """Return a conversation as Markdown, its citations as footnotes.

    They link to the page under `base`, or else to where the articles are from.
    """
    parts = [f"# {_escape(talk.title or 'Conversation')}"]
    notes: list[str] = []
    for turn in talk.turns:
        answer = turn.answer
        parts.append(f"## {_escape(answer.question)}")
        if answer.asked != answer.question:
            parts.append(f"*Understood as: {_escape(answer.asked)}*")
        said = []
        first = len(notes)
        footnotes = {item.number: first + place for place, item in enumerate(answer.citations, 1)}
        for citation in answer.citations:
            notes.append(_write_note(len(notes) + 1, citation, base))
        for sentence in answer.sentences:
            marks = "".join(f"[^{footnotes[number]}]" for number in sentence.citations)
            said.append(f"{_escape(sentence.text)}{marks}")
        parts.append(_begin(" ".join(said) or _escape(answer.text)))
    return "\n\n".join((*parts, *notes)) + "\n"


def _write_note(number: int, citation: Citation, base: str | None) -> str:
    if base is None:
        # What would end a link in Markdown is escaped, a parenthesis above all.
        address = quote(clean_address(citation.source) or "", safe="/:?#[]@!$&'*+,;=%~")
    else:
        address = f"{base.rstrip('/')}{link_to_quote(citation)}"
    title = _escape(citation.title)
    source = f"[{title}]({address})" if address else f"{title}, {_escape(citation.source)}"
    by = ", ".join(filter(None, (citation.author, citation.published)))
    tail = f", {_escape(by)}" if by else ""
    return f"[^{number}]: “{_escape(citation.quote)}” {source}{tail}"


def _escape(text: str) -> str:
    """Return text that Markdown shows as it is within a line."""
    return re.sub(r"([\\`*_\[\]<>#|~&])", r"\\\1", " ".join(text.split()))


def _begin(line: str) -> str:
    """Return an escaped line that begins no list, and is none that underlines a heading."""
    return re.sub(r"\A(\d{0,9})([-+=.)])", r"\1\\\2", line)


def _read_turn(data: Mapping[str, Any]) -> Turn:
    return Turn(
        answer=_read_answer(_expect(data["answer"], dict)),
        scope=str(data.get("scope", "")),
        stopped=bool(data.get("stopped", False)),
    )


def _read_answer(data: Mapping[str, Any]) -> Answer:
    if not 0 <= float(data["confidence"]) <= 1:
        raise ValueError("a confidence is from 0 to 1")
    citations = _read_citations(data["citations"])
    return Answer(
        question=str(data["question"]),
        asked=str(data["asked"]),
        text=str(data["text"]),
        refused=bool(data["refused"]),
        confidence=float(data["confidence"]),
        citations=citations,
        nearest=_read_citations(data["nearest"]),
        timings={},
        sentences=_read_sentences(data.get("sentences"), citations),
        model=_read_optional(data.get("model")),
        note=str(data.get("note", "")),
    )


def _read_sentences(
    items: Iterable[object] | None, citations: tuple[Citation, ...]
) -> tuple[Sentence, ...]:
    """Return an answer's sentences; one kept before there were any consists of its quotes."""
    if items is None:
        return quote_sentences(citations)
    numbers = {item.number for item in citations}
    sentences = tuple(
        Sentence(_expect(item["text"], str), tuple(int(number) for number in item["citations"]))
        for item in (_expect(item, dict) for item in items)
    )
    if any(not numbers.issuperset(item.citations) for item in sentences):
        raise ValueError("a sentence names a citation that is not there")
    return sentences


def _read_citations(items: Iterable[object]) -> tuple[Citation, ...]:
    return tuple(_read_citation(_expect(item, dict)) for item in items)


def _read_citation(data: Mapping[str, Any]) -> Citation:
    """Return a citation whose offsets fit its quote, so that marking it cannot go wrong."""
    number = int(data["number"])
    if not 0 < number <= _MAX_OFFSET:
        raise ValueError(f"no citation has the number {number:.0e}")
    citation = Citation(
        number=number,
        article_id=_expect(data["article_id"], str),
        title=_expect(data["title"], str),
        author=_read_optional(data.get("author")),
        published=_read_optional(data.get("published")),
        source=_expect(data["source"], str),
        heading=_expect(data["heading"], str),
        start=int(data["start"]),
        end=int(data["end"]),
        quote=_expect(data["quote"], str),
        sha256=_expect(data["sha256"], str),
        before=str(data.get("before", "")),
        after=str(data.get("after", "")),
    )
    if not 0 <= citation.start <= citation.end <= _MAX_OFFSET:
        raise ValueError(f"the quote of citation {citation.number} stands nowhere")
    if citation.end - citation.start != len(citation.quote):
        raise ValueError(f"the quote of citation {citation.number} has another length")
    span = data.get("span")
    if span is None:
        return citation
    first, last = int(span[0]), int(span[1])
    if not citation.start <= first < last <= citation.end:
        raise ValueError(f"the marked words of citation {citation.number} lie outside its quote")
    return replace(citation, span=(first, last))


def _read_optional(value: object) -> str | None:
    return None if value is None else str(value)


def _expect(value: object, kind: type[_Kind]) -> _Kind:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r:.40} is not of type {kind.__name__}")
    return value
