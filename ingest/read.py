"""Read the bytes of a file into its article and passages; its form as JSON, to be sent as such."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from ingest.chunk import Chunk, chunk_article
from ingest.clean import Article, EmptyArticle, Heading, clean_article
from ingest.decode import decode_file
from ingest.limits import Limits
from ingest.load import FileBytes, UnreadableFile
from ingest.parse import parse_file
from ingest.suspicion import tell_orders

Checked = TypeVar("Checked", str, int)
_TEXTS = ("author", "published", "url", "summary")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file was read into; `leftovers` counts the blocks that were taken out of it."""

    article: Article
    chunks: list[Chunk]
    leftovers: int
    warnings: tuple[str, ...]


def read_article(
    file: FileBytes, article_id: str, words: int, encoding: str | None, limits: Limits
) -> Reading:
    """Decode, parse and clean a file, and cut it into passages. Raises UnreadableFile."""
    source = decode_file(file, encoding)
    if source.kind in ("text", "markdown", "table"):
        _require_short(file, source.text, words, limits)
    try:
        cleaned = clean_article(source, parse_file(source, limits), article_id)
    except EmptyArticle as error:
        raise UnreadableFile(file.path, str(error)) from error
    article = cleaned.article
    _require_short(file, article.text, words, limits)
    chunks = chunk_article(article, words)
    if len(chunks) > limits.passages:
        found = f"{len(chunks):,} passages"
        raise UnreadableFile(file.path, limits.tell_excess("passages", found))
    warnings = (*cleaned.warnings, *tell_orders(f"{article.title}\n{article.text}"))
    return Reading(article, chunks, len(cleaned.dropped), warnings)


def _require_short(file: FileBytes, text: str, words: int, limits: Limits) -> None:
    """Refuse a text that cannot be cut into few enough passages, before all that work is done."""
    passages = text.count(" ") // words
    if passages > limits.passages:
        found = f"a text of at least {passages:,} passages"
        raise UnreadableFile(file.path, limits.tell_excess("passages", found))


def pack_reading(reading: Reading) -> dict[str, Any]:
    """Return a reading as JSON types, without what the receiver knows itself."""
    article = asdict(reading.article)
    known = ("article_id", "path", "sha256", "file_sha256")
    return {
        "article": {name: value for name, value in article.items() if name not in known},
        "chunks": [[item.start, item.end, item.heading, item.sentences] for item in reading.chunks],
        "leftovers": reading.leftovers,
        "warnings": reading.warnings,
    }


def unpack_reading(packed: Mapping[str, Any], file: FileBytes, article_id: str) -> Reading:
    """Return the reading of `file` that was packed elsewhere, where nobody is trusted.

    Every type and offset is checked. Raises ValueError, KeyError or TypeError.
    """
    fields = packed["article"]
    text = _require(str, fields["text"])
    article = Article(
        article_id=article_id,
        path=str(file.path),
        title=_require(str, fields["title"]),
        text=text,
        headings=tuple(
            Heading(*_require_slice(text, item["start"], item["end"]), _require(int, item["level"]))
            for item in fields["headings"]
        ),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        file_sha256=file.sha256,
        topics=tuple(_require(str, item) for item in fields["topics"]),
        sources=tuple(_require(str, item) for item in fields["sources"]),
        **{name: fields[name] and _require(str, fields[name]) for name in _TEXTS},
    )
    chunks = [
        Chunk(
            article_id,
            *_require_slice(text, start, end),
            _require(str, heading),
            tuple(_require_slice(text, first, last) for first, last in sentences),
        )
        for start, end, heading, sentences in packed["chunks"]
    ]
    warnings = tuple(_require(str, item) for item in packed["warnings"])
    return Reading(article, chunks, _require(int, packed["leftovers"]), warnings)


def _require(kind: type[Checked], value: Any) -> Checked:
    if type(value) is not kind:
        raise TypeError(f"{type(value).__name__} in place of {kind.__name__}")
    return value


def _require_slice(text: str, start: Any, end: Any) -> tuple[int, int]:
    if not 0 <= _require(int, start) <= _require(int, end) <= len(text):
        raise ValueError(f"no slice of the text: {start} to {end}")
    return start, end
