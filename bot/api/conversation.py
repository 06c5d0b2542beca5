"""Conversations of OpenAI's clients: messages to a question and its history, answers to content.

An answer's content is its text, with markers like [1], and below it a line for each citation (its
quotes may hold Markdown, which is defused there; the answer itself has them exactly):
`[1]: address "title"`. That is a list of sources to anyone's eye, and to Markdown what makes a link
of the marker, so that clients which know nothing of annotations have the sources too.
"""

import re
from collections.abc import Iterable, Sequence

from bot.api.chat_models import Annotation, Message, UrlCitation
from bot.cite import Answer, Citation
from bot.web.link import link_to_quote
from bot.web.markdown import defuse_markdown

# Each line must end: else one could be read as many, and a few hundred letters would take for ever.
_SOURCES = re.compile(r'\n\n(?:\[\d+\]: \S+ ".*"(?:\n|(?=\s*\Z)))+\s*\Z')
_MARKER = re.compile(r"\[(\d+)\]")
_TOKEN = re.compile(r"\w+|[^\w\s]")


class BadConversation(ValueError):
    """Messages that hold no question; the message says why."""


def read_conversation(messages: Sequence[Message]) -> tuple[str, list[tuple[str, str]]]:
    """Return the question that messages end with, and the questions and answers before it.

    Raises BadConversation.
    """
    spoken = [item for item in messages if item.role in {"user", "assistant"}]
    if not spoken or spoken[-1].role != "user":
        raise BadConversation("the last message must be the user's: it is the question")
    history: list[tuple[str, str]] = []
    asked: str | None = None
    for message in spoken[:-1]:
        text = _read_text(message)
        if message.role == "user":
            asked = text
        elif asked is not None:
            history.append((asked, _SOURCES.sub("", text)))
            asked = None
    return _read_text(spoken[-1]), history


def write_content(answer: Answer, base: str) -> str:
    """Return an answer as the content of a message; its text keeps its length and its place."""
    return defuse_markdown(answer.text) + write_sources(answer, base)


def write_sources(answer: Answer, base: str) -> str:
    """Return what goes below an answer's text: its note, its citations as link definitions."""
    lines = [
        f'[{item.number}]: {_link(item, base)} "{_write_title(item)}"' for item in answer.citations
    ]
    return "".join(
        f"\n\n{part}" for part in (defuse_markdown(answer.note), "\n".join(lines)) if part
    )


def annotate(answer: Answer, base: str, offset: int = 0) -> list[Annotation]:
    """Return an annotation for each marker of an answer's text, which begins at `offset`."""
    by_number = {item.number: item for item in answer.citations}
    return [
        Annotation(
            url_citation=UrlCitation(
                start_index=offset + start,
                end_index=offset + end,
                title=by_number[number].title,
                url=_link(by_number[number], base),
            )
        )
        for start, end, number in _find_markers(answer)
        if number in by_number
    ]


def count_tokens(texts: Iterable[str]) -> int:
    """Return how many words and marks there are in texts."""
    return sum(len(_TOKEN.findall(text)) for text in texts)


def list_texts(messages: Iterable[Message]) -> list[str]:
    """Return the texts of messages, whoever spoke; what is no text is passed over."""
    contents = [item.content or "" for item in messages]
    return [
        content if isinstance(content, str) else " ".join(part.text for part in content)
        for content in contents
    ]


def _read_text(message: Message) -> str:
    if isinstance(message.content, list):
        for part in message.content:
            if part.type not in {"text", "refusal"}:
                raise BadConversation(f"content of type {part.type!r} cannot be read; send text")
    return list_texts([message])[0]


def _find_markers(answer: Answer) -> list[tuple[int, int, int]]:
    """Return (start, end, number) of the markers in an answer's text, none within a quote."""
    text = answer.text
    # The longest first: a quote may be part of another. The offsets stay.
    for quote in sorted((item.quote for item in answer.citations), key=len, reverse=True):
        text = text.replace(quote, " " * len(quote))
    return [(found.start(), found.end(), int(found[1])) for found in _MARKER.finditer(text)]


def _link(citation: Citation, base: str) -> str:
    return f"{base.rstrip('/')}{link_to_quote(citation)}"


def _write_title(citation: Citation) -> str:
    title = ", ".join(filter(None, (citation.title, citation.published)))
    return title.replace("\\", "\\\\").replace('"', '\\"')
