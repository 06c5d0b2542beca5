"""What the terminal shows of an answer, its sources, and how it came about."""

from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from bot.cite import Answer, Citation, separate, shorten
from bot.scope import EVERYTHING, Scope
from bot.trace import Trace
from ingest.cli import name_store
from ingest.terminal import neutralise


def print_answer(console: Console, answer: Answer, scope: Scope = EVERYTHING) -> None:
    """Print an answer with its numbered passages, or the refusal with the nearest ones."""
    if scope != EVERYTHING:
        console.print(Text(f"Restricted to: {scope.describe()}", style="dim"))
    if answer.asked != answer.question:
        console.print(Text(f"Understood as: {answer.asked}", style="dim"))
    console.print(style_answer(answer))
    if answer.model:
        console.print(Text(f"Worded by {answer.model}, checked against the articles.", style="dim"))
    if answer.note:
        console.print(Text(answer.note, style="dim"))
    if answer.refused and answer.nearest:
        console.print(Text("\nThe nearest passages:", style="dim"))
    for citation in answer.citations or answer.nearest:
        print_citation(console, citation)


def print_citation(console: Console, citation: Citation, letters: int = 300) -> None:
    """Print a citation after an empty line: its number, where it is from, so many of its words."""
    console.print()
    console.print(Text(f"[{citation.number}] ", style="cyan") + describe_source(citation))
    console.print(Text(f"    “{shorten(citation.quote, letters)}”"))


def describe_empty(store: Path) -> str:
    """Return what a user needs to know of a library without articles."""
    return f"the library {store} is empty; fill it: footnote ingest PATH{name_store(store)}"


def style_answer(answer: Answer) -> Text:
    """Return an answer's text with the exact answers within its sentences in bold."""
    if answer.refused:
        return Text(answer.text, style="yellow")
    quotes: dict[tuple[int, ...], Citation] = {(item.number,): item for item in answer.citations}
    whole, before = Text(), ""
    for said in answer.sentences:
        # One letter for one, so that the offsets stay.
        sentence, citation = Text(neutralise(said.text)), quotes.get(said.citations)
        if citation and citation.span and citation.quote == said.text:
            start, end = citation.span
            sentence.stylize("bold", start - citation.start, end - citation.start)
        marks = "".join(f" [{number}]" for number in said.citations)
        whole += Text(separate(before, said.text) if before else "") + sentence
        whole += Text(marks, style="cyan")
        before = said.text
    return whole


def describe_source(citation: Citation) -> Text:
    """Return title, heading, author and date of a citation, on one line."""
    place = " › ".join(filter(None, (citation.title, citation.heading)))
    return Text(", ".join(filter(None, (place, citation.author, citation.published))))


def print_trace(console: Console, trace: Trace) -> None:
    """Print the passages with their ranks and scores, then the sentences with theirs."""
    console.print()
    for note in trace.notes:
        console.print(Text(note))
    console.print(_tabulate_passages(trace))
    console.print(_tabulate_sentences(trace))
    for held in trace.held:
        struck = Text("held back: ") + Text(held.text, style="strike") + Text(f" ({held.reason})")
        console.print(struck)
    for passage in trace.left_out:
        chunk = passage.stored.chunk
        console.print(Text(f"no room for: {chunk.article_id} {chunk.start}-{chunk.end}"))
    if trace.missing_words:
        console.print(Text(f"in no article: {', '.join(trace.missing_words)}"))
    console.print(Text(f"confidence {trace.answer.confidence:.3f}"))


def _tabulate_passages(trace: Trace) -> Table:
    # In 80 columns too a passage is named in full, on lines of its own if need be.
    table = Table(Column("passage", overflow="fold"), "words", "score", "vector", "cosine", "fused",
                  "named", "answers", "relevant", "read", box=SIMPLE_HEAD, padding=0,
                  title="Passages (words, vector: ranks)", title_justify="left")  # fmt: skip
    for item in sorted(trace.passages, key=lambda item: -item.score):
        passage = item.passage
        article, chunk = passage.stored.article, passage.stored.chunk
        table.add_row(
            Text(f"{article.article_id} {chunk.start}-{chunk.end}"),
            str(passage.word_rank or "-"),
            f"{passage.word_score:.2f}",
            str(passage.vector_rank or "-"),
            f"{passage.cosine:.3f}",
            f"{passage.score:.3f}",
            f"{passage.referred:.2f}",
            f"{item.reading.answers:.2f}",
            f"{item.reading.relevance:.2f}",
            f"{item.score:.2f}",
        )
    return table


def _tabulate_sentences(trace: Trace) -> Table:
    table = Table("kept", "sentence", "score", "place", "words", "around", "kind",
                  box=SIMPLE_HEAD, padding=0, title="Sentences",
                  title_justify="left")  # fmt: skip
    for finding in trace.findings[:10]:
        table.add_row(
            "yes" if finding in trace.kept else "",
            Text(shorten(finding.text, 90)),
            f"{finding.score:.2f}",
            f"{finding.features['share']:.2f}",
            f"{finding.features['coverage']:.2f}",
            f"{finding.features['context']:.2f}",
            f"{finding.features['kind']:.2f}",
        )
    return table
