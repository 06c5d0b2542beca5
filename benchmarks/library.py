"""Make the library of a data set with the product's own code, and find its places again."""

import hashlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks.datasets import Document
from bot.answer import Bot
from ingest.chunk import PASSAGE_WORDS, chunk_article
from ingest.clean import Article, EmptyArticle, clean_article, clean_text
from ingest.decode import SourceFile
from ingest.embed import DEFAULT_MODEL, Embedder, load_embedder, model_folder
from ingest.formats.block import Block, ParsedFile
from ingest.formats.text import parse_text
from ingest.write import open_writer

_PROGRESS_EVERY = 500


def report_progress(text: str) -> None:
    """Write a line for people; standard output is for the JSON alone."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def open_library(documents: Sequence[Document], store: Path | None) -> Iterator[Bot]:
    """Open a bot that never refuses on the library of `documents`.

    The library is made in the folder `store`, which keeps what it can from an earlier run, or in
    a temporary one.
    """
    with tempfile.TemporaryDirectory(prefix="footnote-benchmark-") as temporary:
        path = store or Path(temporary)
        path.mkdir(parents=True, exist_ok=True)
        embedder = load_embedder(DEFAULT_MODEL, model_folder(path, DEFAULT_MODEL))
        build_library(documents, path, embedder)
        with Bot.open(path, threshold=0.0) as bot:
            yield bot


def build_library(
    documents: Sequence[Document], store: Path, embedder: Embedder, words: int = PASSAGE_WORDS
) -> None:
    """Make the library `store` hold `documents` and nothing else.

    Documents that it holds already, cut in the same way, are not embedded again.
    """
    with open_writer(store, embedder) as writer:
        stored = writer.list_files()
        recipe = f"{words} words"
        for place, document in enumerate(documents):
            if place % _PROGRESS_EVERY == 0:
                report_progress(f"library: {place} of {len(documents)} documents")
            article = make_article(document, place)
            if article is None:
                continue
            before = stored.pop(article.path, None)
            if before and (before.file_sha256, before.recipe) == (article.file_sha256, recipe):
                continue
            writer.stage(article, chunk_article(article, words), recipe)
        for gone in stored.values():
            writer.remove(gone.article_id)
        writer.publish()
        articles, passages = writer.count()
    report_progress(f"library: {articles} articles, {passages} passages")


def make_article(document: Document, place: int) -> Article | None:
    """Return a document, the row `place` of its corpus, as an article; None if it has no text."""
    parsed = parse_text(document.text)
    taken = parsed.metadata.title
    if document.title and taken and clean_text(taken) != clean_text(document.title):
        # The first line looked like a title, but the document has another one.
        blocks = (Block("paragraph", taken), *parsed.blocks)
        parsed = replace(parsed, blocks=blocks)
    if document.title:
        parsed = replace(parsed, metadata=replace(parsed.metadata, title=document.title))
    title = parsed.metadata.title or ""
    source = _to_source(document, place)
    for attempt in (parsed, _one_paragraph(document.text), _one_paragraph(document.title)):
        try:
            cleaned = clean_article(source, attempt, name_article(place)).article
        except EmptyArticle:
            continue
        # A document without a title has none: its row's number would only mislead.
        return replace(cleaned, title=clean_text(title))
    return None


def name_article(place: int) -> str:
    """Return the id of the article of a row: a document's own id may not do for one."""
    return f"document-{place}"


def map_documents(documents: Sequence[Document]) -> dict[str, str]:
    """Return the document's id for each article's id."""
    return {name_article(place): item.document_id for place, item in enumerate(documents)}


def locate_span(article: Article, document: Document, start: int, text: str) -> tuple[int, int]:
    """Return where `document.text[start:]`, which begins with `text`, stands in the stored text.

    Cleaning may have changed white space and taken blocks out before it, so of several places the
    nearest one counts. An empty span is returned where it stands no more.
    """
    expected = len(_squeeze(document.text[:start]))
    places = _find_squeezed(article.text, text)
    squeezed = [(abs(first - expected), begin, end) for first, begin, end in places]
    return min(squeezed)[1:] if squeezed else (0, 0)


def locate_text(article: Article, text: str) -> list[tuple[int, int]]:
    """Return all places of whole words where `text` stands in the stored text."""
    whole = f" {article.text} "
    return [
        (start, end)
        for _, start, end in _find_squeezed(article.text, text)
        if not (whole[start].isalnum() and whole[start + 1].isalnum())
        and not (whole[end].isalnum() and whole[end + 1].isalnum())
    ]


def _find_squeezed(stored: str, text: str) -> list[tuple[int, int, int]]:
    """Return (place among the letters, start, end) of `text` in `stored`, white space ignored."""
    letters, wanted = _squeeze(stored), _squeeze(text)
    offsets = [place for place, char in enumerate(stored) if not char.isspace()]
    found = []
    first = letters.find(wanted) if wanted else -1
    while first >= 0:
        found.append((first, offsets[first], offsets[first + len(wanted) - 1] + 1))
        first = letters.find(wanted, first + 1)
    return found


def _squeeze(text: str) -> str:
    return clean_text(text).replace(" ", "")


def _one_paragraph(text: str) -> ParsedFile:
    return ParsedFile((Block("paragraph", text),), parse_text("").metadata)


def _to_source(document: Document, place: int) -> SourceFile:
    data = f"{document.title}\n\n{document.text}".encode("utf-8", "replace")
    return SourceFile(
        path=Path(name_article(place)),
        kind="text",
        data=data,
        text=document.text,
        sha256=hashlib.sha256(data).hexdigest(),
    )
