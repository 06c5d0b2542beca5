"""Word an answer by a language model: its stream cut into sentences, each one through the gate."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import unescape

from bot.cite import Citation, Sentence, cite, quote_sentences
from bot.gate import Gate
from bot.prompt import NOTHING, Prompt
from ingest.chunk import split_sentences
from ingest.clean import clean_text

MAX_SENTENCES = 8
_SENTENCE_WORDS = 120
_MARKER = r"[\[【]\s*(?:\d+(?:\s*[,;–-]\s*\d+)*)\s*[\]】]"
_MARKERS = re.compile(_MARKER)
_LEADING = re.compile(rf"\A(?:\s*{_MARKER})+[.!?]?")
_HALF_MARKER = re.compile(r"\A\s*(?:[\[【][^\]】]*)?\Z")
_THOUGHTS = re.compile(r"\A\s*<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL)
_BRACKETS = str.maketrans("[]<>", "()‹›")
# Links and markup are never the model's to give.
_MARKUP = (
    (re.compile(r"!?\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"<[^<>]*>"), " "),
    (re.compile(r"(?i)\b(?:https?|ftp|javascript|data|mailto):\S+|\bwww\.\S+"), " "),
    (re.compile(r"(?m)^\s*(?:#{1,6}\s+|>+\s*|[-*+•]\s+|\d{1,2}[.)]\s+)"), ""),
    (re.compile(r"\*+|__+|`+|~~|^\s*\|"), ""),
)


@dataclass(frozen=True, slots=True)
class Held:
    """A sentence of a model that is not shown, and why."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Wording:
    """What came of a model's answer so far: its sentences, their citations, those held back.

    In the place of one that is held back stands the sentence of an article that it says otherwise,
    if there is one. `passed` is how many of the model's passed the gate.
    """

    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    held: tuple[Held, ...] = ()
    passed: int = 0


def word_answer(parts: Iterable[str], prompt: Prompt, gate: Gate) -> Iterator[Wording]:
    """Yield the wording each time that a sentence of the stream `parts` has been checked.

    `gate` checks against the passages of `prompt`. Raises what the stream raises.
    """
    wording = Wording()
    for raw in cut_sentences(parts):
        text, numbers = take_markers(raw)
        text = strip_markup(text)
        if not any(map(str.isalnum, text)) or text.rstrip(".") == NOTHING:
            continue
        if len(wording.sentences) >= MAX_SENTENCES:
            wording = _hold(wording, text, f"there are {MAX_SENTENCES} before it")
        elif wording.passed and any(text == sentence.text for sentence in wording.sentences):
            wording = _hold(wording, text, "it has been said")
        else:
            wording = _check(wording, text, numbers, prompt, gate)
        yield wording


def cut_sentences(parts: Iterable[str]) -> Iterator[str]:
    """Yield the sentences of a stream with the markers that follow them, each when it is whole."""
    text = ""
    for part in parts:
        text += part
        thoughts = _THOUGHTS.match(text)
        if thoughts and not re.search(r"</think(?:ing)?>\Z", thoughts[0]):
            continue
        text = text[thoughts.end() :] if thoughts else text
        whole, text = _split(text)
        yield from whole
    whole, rest = _split(_THOUGHTS.sub("", text) + "\n\n.")
    yield from whole
    if any(map(str.isalnum, rest)):
        yield rest


def take_markers(sentence: str) -> tuple[str, tuple[int, ...]]:
    """Return a sentence without its markers, and their numbers; "[1, 3]" and "[1-3]" are some."""
    numbers: list[int] = []
    for marker in _MARKERS.findall(sentence):
        for part in re.findall(r"\d+(?:\s*[–-]\s*\d+)?", marker):
            first, *last = (int(number[:4]) for number in re.findall(r"\d+", part))
            numbers += range(first, min(last[0] if last else first, first + 9) + 1)
    text = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(_MARKERS.sub(" ", sentence).split()))
    return text, tuple(dict.fromkeys(numbers))


def strip_markup(text: str) -> str:
    """Return a sentence of a model as plain words that end with a full stop."""
    text = clean_text(unescape(text))
    for form, instead in _MARKUP:
        text = form.sub(instead, text)
    line = " ".join(text.translate(_BRACKETS).split()).rstrip(" “‘(")
    return line if not line or line[-1] in '.!?”"' else f"{line}."


def _split(text: str) -> tuple[list[str], str]:
    """Return the whole sentences of a text that goes on, and what is left for later."""
    broken = re.sub(r"\s*\n\s*", "\n\n", text)
    pieces = [
        broken[start:end] for start, end in split_sentences(broken, 0, len(broken), _SENTENCE_WORDS)
    ]
    joined: list[str] = []
    for piece in pieces:
        lead = _LEADING.match(piece)
        if lead and joined:
            joined[-1] += f" {lead[0].strip()}"
            piece = piece[lead.end() :].strip()
        if piece:
            joined.append(piece)
    # The last one may go on, and so may the one before a marker that has just begun.
    open_from = len(joined) - 1
    if joined and _HALF_MARKER.match(joined[-1]):
        open_from -= 1
    open_from = max(0, open_from)
    rest = " ".join(joined[open_from:])
    return joined[:open_from], rest + (" " if text[-1:].isspace() else "")


def _check(
    wording: Wording, text: str, numbers: tuple[int, ...], prompt: Prompt, gate: Gate
) -> Wording:
    """Return a wording with one more sentence, or with what an article says in its place."""
    verdict = gate.check(text, numbers)
    if verdict.reason:
        wording = _hold(wording, text, verdict.reason)
        for place in gate.find_said(text, numbers):
            wording = _quote(wording, place, prompt)
        return wording
    added = _add(wording, text, verdict.quotes, prompt)
    *before, said = added.sentences
    quotes = [item for item in before if item in quote_sentences(added.citations)]
    repeated = [item for item in quotes if item.citations[0] in said.citations]
    if len(repeated) == len(said.citations) and wording.passed:
        return _hold(wording, text, "it has been said in the article's words")
    if len(repeated) == len(said.citations):
        # Nothing was shown yet, so the model's own words may take the place.
        kept = [said if item == repeated[0] else item for item in before]
        added = replace(added, sentences=tuple(it for it in kept if it not in repeated[1:]))
    return replace(added, passed=wording.passed + 1)


def _hold(wording: Wording, text: str, reason: str) -> Wording:
    return replace(wording, held=(*wording.held, Held(text, reason)))


def _add(
    wording: Wording, text: str, places: Iterable[tuple[int, int, int]], prompt: Prompt
) -> Wording:
    """Return a wording with one more sentence, its places in passages cited once each."""
    citations = list(wording.citations)
    numbers = []
    for place in places:
        made = _cite(len(citations) + 1, place, prompt)
        known = _find_citation(citations, made)
        if known is None:
            citations.append(made)
        numbers.append((known or made).number)
    sentence = Sentence(text, tuple(dict.fromkeys(numbers)))
    return replace(wording, sentences=(*wording.sentences, sentence), citations=tuple(citations))


def _quote(wording: Wording, place: tuple[int, int, int], prompt: Prompt) -> Wording:
    """Return a wording with the article's own words at a place, unless these are cited already."""
    made = _cite(len(wording.citations) + 1, place, prompt)
    if _find_citation(wording.citations, made):
        return wording
    sentences = (*wording.sentences, *quote_sentences([made]))
    return replace(wording, sentences=sentences, citations=(*wording.citations, made))


def _cite(number: int, place: tuple[int, int, int], prompt: Prompt) -> Citation:
    passage, start, end = place
    stored = prompt.passages[passage - 1].stored
    return cite(number, stored.article, start, end, stored.chunk.heading)


def _find_citation(citations: Iterable[Citation], like: Citation) -> Citation | None:
    place = (like.article_id, like.start, like.end)
    return next((it for it in citations if (it.article_id, it.start, it.end) == place), None)
