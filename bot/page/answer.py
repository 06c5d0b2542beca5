"""An answer as HTML: its sentences, their numbers, their sources. Everything is escaped here.

A chat message keeps few attributes of an element (no data-*, no aria-*), so what the page's script
needs for the card of a citation stands in the list of sources.
"""

from collections.abc import Iterable
from html import escape

from bot.cite import Answer, Citation, Sentence, separate, shorten
from bot.page.strings import Words
from bot.web.link import link_to_quote

# Below this confidence an answer says that it may not be one; of corpus/'s answered questions,
# right ones included, a third are.
DOUBTFUL = 0.6


def render_question(text: str) -> str:
    """Return a question as HTML."""
    return _one_line(f'<p class="asked">{escape(text)}</p>')


def render_answer(
    answer: Answer, words: Words, *, scope: str = "", whole: bool = True, stopped: bool = False
) -> str:
    """Return an answer as HTML; `whole` is false while sentences are still coming.

    `scope` says in words what the question was restricted to; `stopped`, that the reader had no
    more sentences come.
    """
    if answer.refused:
        return _render_refusal(answer, words, scope)
    sentences, before = "", ""
    for item in answer.sentences:
        gap = separate(before, item.text) if before else ""
        sentences += gap.replace("\n", "<br>") + _render_sentence(item, answer, words)
        before = item.text
    doubt = f'<p class="doubt">{escape(words["doubtful"])}</p>'
    own = words["own_words"]
    by = words["model_words"].format(model=answer.model) if answer.model else own
    told = f"{words['stopped']} {by}" if stopped else by
    made = f'<p class="made">{escape(told)}</p>'
    return _one_line(
        f'<div class="answer">{_explain(answer, words, scope)}<p class="said">{sentences}</p>'
        f"{doubt if whole and answer.confidence < DOUBTFUL else ''}{made if whole else ''}"
        f"{_list_sources(answer.citations)}</div>"
    )


def render_follow_ups(questions: Iterable[str]) -> str:
    """Return questions to go on with as buttons."""
    return "".join(
        f'<button type="button" class="follow-up">{escape(question)}</button>'
        for question in questions
    )


def render_waiting(words: Words) -> str:
    """Return what stands in the place of an answer until its first words come, as HTML."""
    return _one_line(
        f'<div class="answer waiting"><p role="status">{escape(words["waiting"])}</p></div>'
    )


def render_problem(text: str) -> str:
    """Return what went wrong, in words, as HTML."""
    return _one_line(f'<div class="answer problem"><p>{escape(text)}</p></div>')


def _render_refusal(answer: Answer, words: Words, scope: str) -> str:
    nearest = (
        f'<p class="hint">{escape(words["nearest"])}</p>{_list_sources(answer.nearest)}'
        if answer.nearest
        else ""
    )
    return _one_line(
        f'<div class="answer refusal"><p class="verdict">{escape(words["refused_title"])}</p>'
        f'{_explain(answer, words, scope)}<p class="said">{escape(answer.text)}</p>{nearest}</div>'
    )


def _explain(answer: Answer, words: Words, scope: str) -> str:
    """Return how a follow-up was understood and what was asked, where that is not plain."""
    notes = []
    if answer.asked != answer.question:
        notes.append(words["understood"].format(question=answer.asked))
    if scope:
        notes.append(words["asked_only"].format(scope=scope))
    if answer.note:
        notes.append(answer.note)
    return "".join(f'<p class="hint">{escape(note)}</p>' for note in notes)


def _render_sentence(sentence: Sentence, answer: Answer, words: Words) -> str:
    """Return a sentence with its numbers; the exact answer in bold where it is a quote."""
    cited = [item for item in answer.citations if item.number in sentence.citations]
    quoted = next((item for item in cited if item.quote == sentence.text), None)
    said = _mark_answer(quoted) if quoted else escape(sentence.text)
    return said + "".join(_number(item, words) for item in cited)


def _mark_answer(citation: Citation) -> str:
    """Return a quote, escaped, with the exact answer within it in bold."""
    if citation.span is None:
        return escape(citation.quote)
    start, end = (offset - citation.start for offset in citation.span)
    text = citation.quote
    return f"{escape(text[:start])}<b>{escape(text[start:end])}</b>{escape(text[end:])}"


def _number(citation: Citation, words: Words) -> str:
    """Return the small numbered link that ends a sentence."""
    label, _, after = words["source"].partition("{number}")
    spoken = f'<span class="spoken">{escape(label)}</span>{citation.number}'
    title = f'<span class="spoken">{escape(after + citation.title)}</span>'
    return f'<a class="cite" href="{escape(link_to_quote(citation))}">{spoken}{title}</a>'


def _list_sources(citations: tuple[Citation, ...]) -> str:
    """Return a list of passages: where each stands, when it is from, and its words."""
    items = "".join(
        f"<li>{_describe(item)}<blockquote>{escape(shorten(item.quote))}</blockquote></li>"
        for item in citations
    )
    return f'<ol class="sources">{items}</ol>'


def _describe(citation: Citation) -> str:
    place = " › ".join(filter(None, (citation.title, citation.heading)))
    details = ", ".join(filter(None, (citation.author, citation.published)))
    link = f'<a class="place" href="{escape(link_to_quote(citation))}">{escape(place)}</a>'
    return f'{link} <span class="details">{escape(details)}</span>'


def _one_line(html: str) -> str:
    """Return HTML that Markdown leaves alone: no line of it begins anything."""
    return " ".join(html.splitlines())
