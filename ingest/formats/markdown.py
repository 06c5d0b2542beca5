"""Markdown: YAML front matter, then the text of each block without its markup."""

import html
import re
from collections.abc import Iterator
from dataclasses import replace

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ingest.formats.block import Block, Kind, Metadata, ParsedFile, join_cells, read_date
from ingest.formats.byline import read_byline

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?!\s)(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
# One of these makes it front matter: what is read of it, and what makers of sites put there.
_KNOWN_KEYS = {
    "author", "authors", "date", "description", "published", "source", "sources", "summary",
    "tags", "title", "topics", "url", "aliases", "categories", "category", "created", "draft",
    "id", "image", "keywords", "lang", "language", "lastmod", "layout", "modified", "permalink",
    "slug", "status", "subtitle", "type", "updated", "weight",
}  # fmt: skip
_TAG = re.compile(
    r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|</?[a-zA-Z!][^>]*>", re.DOTALL | re.IGNORECASE
)
# An author's line, and one of the date.
_BYLINES = 2
_MARKDOWN = MarkdownIt("commonmark").enable("table")


def parse_markdown(text: str) -> ParsedFile:
    """Read a Markdown file; a first top heading is the title where front matter gives none."""
    metadata = Metadata()
    warnings: tuple[str, ...] = ()
    if match := _FRONT_MATTER.match(text):
        found = read_front_matter(match[1])
        # Between two rules there may be prose, which must not be lost.
        if found is not None:
            metadata, warnings = found
            text = text[match.end() :]
    blocks = list(_walk_tokens(_MARKDOWN.parse(text)))
    if blocks and blocks[0].kind == "heading" and blocks[0].level == 1:
        title = blocks.pop(0).text
        if metadata.title is None:
            metadata = replace(metadata, title=title)
    # The line itself stays: it is part of what the file shows.
    for block in blocks[:_BYLINES]:
        known = read_byline(block.text, metadata) if block.kind == "paragraph" else None
        if known is None:
            break
        metadata = replace(known, author=metadata.author or known.author)
    return ParsedFile(tuple(blocks), metadata, warnings)


def read_front_matter(text: str) -> tuple[Metadata, tuple[str, ...]] | None:
    """Return the metadata of a YAML front matter, with a warning when it is not valid YAML.

    None if it is no front matter: no YAML of keys, or none of them one that is known.
    """
    try:
        fields = yaml.safe_load(text)
    # PyYAML lets a ValueError through for a date that no calendar has, and any depth of nesting.
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        return Metadata(), (f"front matter is not valid YAML, left out: {error}".split("\n")[0],)
    if not isinstance(fields, dict):
        return None
    fields = {str(key).lower(): value for key, value in fields.items()}
    if not _KNOWN_KEYS & fields.keys():
        return None
    return (
        Metadata(
            title=_to_text(fields.get("title")),
            author=_to_text(fields.get("author") or fields.get("authors")),
            published=read_date(fields.get("published") or fields.get("date")),
            url=_to_text(fields.get("url") or fields.get("source")),
            summary=_to_text(fields.get("summary") or fields.get("description")),
            topics=_to_texts(fields.get("topics") or fields.get("tags")),
            sources=_to_texts(fields.get("sources")),
        ),
        (),
    )


def _to_text(value: object) -> str | None:
    if isinstance(value, list):
        value = ", ".join(_to_texts(value))
    # Aliases in nested values can grow without bound as text.
    return None if value is None or isinstance(value, dict) else str(value).strip() or None


def _to_texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list):
        return ()
    return tuple(str(item).strip() for item in value if not isinstance(item, list | dict))


def _walk_tokens(tokens: list[Token]) -> Iterator[Block]:
    """Yield one block for each heading, paragraph, list item, table row and code block."""
    depth = 0
    heading = 0
    # The next number of each list that is open, None where it has none; and that of an item.
    numbers: list[int | None] = []
    number = ""
    row: list[str] | None = None
    for token in tokens:
        if token.type in {"ordered_list_open", "bullet_list_open"}:
            ordered = token.type == "ordered_list_open"
            numbers.append(int(token.attrGet("start") or 1) if ordered else None)
        elif token.type in {"ordered_list_close", "bullet_list_close"}:
            numbers.pop()
        elif token.type in {"list_item_open", "list_item_close"}:
            depth += token.nesting
            number = ""
            if token.nesting > 0 and (counted := numbers[-1]) is not None:
                number = f"{counted}{token.markup} "
                numbers[-1] = counted + 1
        elif token.type == "heading_open":
            heading = int(token.tag[1])
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield Block("item", join_cells(row or []))
            row = None
        elif token.type == "inline" and row is not None:
            row.append(_inline_text(token))
        elif token.type == "inline":
            kind: Kind = "heading" if heading else "item" if depth else "paragraph"
            text = _inline_text(token)
            yield Block(kind, text if heading else number + text, heading)
            heading, number = 0, ""
        elif token.type == "html_block":
            yield Block("paragraph", html.unescape(_TAG.sub(" ", token.content)).strip())
        elif token.type in {"fence", "code_block"}:
            yield Block("paragraph", token.content.strip())


def _inline_text(token: Token) -> str:
    """Return the visible text of an inline token: link and emphasis markup dropped."""
    parts = []
    for child in token.children or []:
        if child.type in {"text", "code_inline"}:
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(" ")
        elif child.type == "image":
            parts.append(child.content)
    return "".join(parts)
