"""Make one safe text of a parsed file: page left-overs out, metadata in, headings located."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from textwrap import shorten

from ingest.counts import count_of
from ingest.decode import SourceFile
from ingest.formats.block import Block, Metadata, ParsedFile
from ingest.formats.buttons import BUTTONS, PERHAPS_BUTTON

MAX_LEFTOVER_WORDS = 30
# Left-overs that a warning quotes.
_SHOWN = 4
PARAGRAPH_BREAK = "\n\n"

# Whole blocks that a web page adds around an article, at any place in it. What an article may say
# itself is none: "(c) Rent means …", "Sign up for health insurance", "Read more than one offer".
_LEFTOVER = re.compile(
    r"""(?ix)\A(?:
      latest\ posts\ by\ .+ | .*\(see\ all\)
    | share\ (?:this|on)\b.{0,80}
    | (?:this\ (?:site|website)|we)\ uses?\ cookies\b.*
    | (?:accept|reject|manage)(?:\ all)?\ cookies.*
    | (?:(?:read|see|view|our|your|privacy|manage|change)\b.{0,60})?
      \bcookie\ (?:policy|settings|preferences|notice)\W*
    | by\ (?:using|continuing|browsing|clicking)\b.*\bcookie\ (?:policy|notice)\b.{0,80}
    | (?:sign\ up|subscribe)\b.{0,60}\b(?:newsletters?|updates|e-?mails?|mailing\ list|alerts|feed
        |podcast|channel|blog)\b.{0,60}
    | follow\ us\b.* | skip\ to\ (?:main\ )?content | back\ to\ top
    | (?:continue\ reading|read\ more)(?!\ than\b)\b(?:\W*|.{0,80}[^\s.!?])
    | leave\ a\ (?:reply|comment).* | (?:\d+|no)\ comments? | all\ rights\ reserved\W*
    | (?:©\s|\(c\)\s(?=(?:19|20)\d\d)|copyright\s+(?:©|\(c\)|(?:19|20)\d\d)\s).{0,100}
    | (?:filed\ under|posted\ in|tagged(?:\ with)?)\b\W[^.!?]*
    )\Z"""
)
# What follows one of these near the end of a page, up to the next heading, is a list of links to
# other pages.
_TAIL_START = re.compile(
    r"(?i)\A(?:related(?: (?:articles?|posts?|stories|content|news|links))?"
    r"|you (?:may|might) also (?:like|enjoy).*|more from .{1,60}"
    r"|recommended (?:for you|articles?|posts?|stories|reading)"
    r"|read next|most (?:read|popular)|trending(?: now)?)\W*\Z"
)
_SEE_ALL = re.compile(r"(?i)\Alatest posts by (?P<author>.{2,60}?)\s*\(see all\)\Z")
# Joiners (U+200C, U+200D) stay: Persian, Hindi and emoji are spelt with them. So does one variation
# selector after a letter, but not those after it: a hidden text can be spelt with them.
UNSAFE_LETTERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"
    "|(?<=[\ufe00-\ufe0f\U000e0100-\U000e01ef])[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)


class EmptyArticle(ValueError):
    """A file without a text to store; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the stored text: `text[start:end]`, its level 1 (highest) to 6."""

    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it is stored. Every quote is a slice of `text`; `sha256` is that of `text`."""

    article_id: str
    path: str
    title: str
    text: str
    headings: tuple[Heading, ...]
    sha256: str
    file_sha256: str
    author: str | None = None
    published: str | None = None
    url: str | None = None
    summary: str | None = None
    topics: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """Where a reader finds the original: its address, or else the file's name.

        Not its folder: answers leave this machine, and where its files lie is nobody's business.
        """
        return self.url or self.file_name

    @property
    def file_name(self) -> str:
        """The name of the file, without the folder that it is in."""
        return self.path.replace("\\", "/").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class CleanedFile:
    """An article, the left-over blocks that were taken out of it, and warnings for people."""

    article: Article
    dropped: tuple[str, ...]
    warnings: tuple[str, ...]


def clean_article(source: SourceFile, parsed: ParsedFile, article_id: str) -> CleanedFile:
    """Make the stored article of a parsed file. Raises EmptyArticle."""
    blocks = tuple(
        replace(block, text=text) for block in parsed.blocks if (text := clean_text(block.text))
    )
    kept, dropped, author = drop_leftovers(blocks)
    dropped = (*filter(None, map(clean_text, parsed.left_out)), *dropped)
    if not any(block.kind != "heading" for block in kept):
        reason = "no text in it" if not blocks else "nothing but page left-overs in it"
        raise EmptyArticle("; ".join((reason, *parsed.warnings)))
    text, headings = join_blocks(kept)
    fields = _clean_metadata(parsed.metadata)
    article = Article(
        article_id=article_id,
        path=str(source.path),
        title=fields.title or _title_from_name(source.path.stem),
        text=text,
        headings=headings,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        file_sha256=source.sha256,
        author=fields.author or author,
        published=fields.published,
        url=fields.url,
        summary=fields.summary,
        topics=fields.topics,
        sources=fields.sources,
    )
    hidden = sum(len(UNSAFE_LETTERS.findall(block.text)) for block in parsed.blocks)
    odd = (f"{count_of(hidden, 'invisible or control character')} left out",) if hidden else ()
    warnings = (*source.warnings, *parsed.warnings, *odd, *_quote_dropped(dropped))
    return CleanedFile(article, dropped, warnings)


def clean_text(text: str) -> str:
    """Return a text in NFC, on one line, without control, direction and invisible characters."""
    text = UNSAFE_LETTERS.sub(lambda match: " " if match[0].isspace() else "", text)
    return " ".join(unicodedata.normalize("NFC", text).split())


def drop_leftovers(
    blocks: tuple[Block, ...],
) -> tuple[tuple[Block, ...], tuple[str, ...], str | None]:
    """Return the blocks of the article, the texts taken out, and the author that they named."""
    author = next((m["author"] for block in blocks if (m := _SEE_ALL.match(block.text))), None)
    kept: list[Block] = []
    dropped: list[str] = []
    in_tail = False
    leftovers = _find_leftovers(blocks)
    for position, block in enumerate(blocks):
        starts = _is_short(block) and _TAIL_START.match(block.text)
        if starts and position >= 0.5 * len(blocks):
            in_tail = not _is_prose(blocks[position + 1 : position + 2])
        elif block.kind == "heading":
            in_tail = False
        byline = author is not None and block.text in {author, f"By {author}", f"by {author}"}
        if leftovers[position] or byline or (in_tail and not _is_prose((block,))):
            dropped.append(block.text)
        else:
            kept.append(block)
    return tuple(kept), tuple(dropped), author


def _find_leftovers(blocks: Sequence[Block]) -> list[bool]:
    """Tell of each block whether it is a left-over by its words, and by those beside it."""
    sure = [
        _is_short(block)
        and bool(
            _LEFTOVER.match(block.text)
            # They may as well be headings and items of an article.
            or (block.kind == "paragraph" and BUTTONS.match(block.text))
        )
        for block in blocks
    ]
    perhaps = [
        block.kind == "paragraph" and bool(PERHAPS_BUTTON.match(block.text)) for block in blocks
    ]
    for places in (range(len(blocks)), reversed(range(len(blocks)))):
        beside = False
        for place in places:
            sure[place] = sure[place] or (beside and perhaps[place])
            beside = sure[place]
    return sure


def _is_short(block: Block) -> bool:
    return len(block.text.split()) <= MAX_LEFTOVER_WORDS


def _quote_dropped(dropped: Sequence[str]) -> tuple[str, ...]:
    """Return a warning that quotes what was left out: it may have been the article's after all."""
    if not dropped:
        return ()
    quoted = ", ".join(f'"{shorten(text, 60, placeholder="…")}"' for text in dropped[:_SHOWN])
    more = f" and {len(dropped) - _SHOWN} more" if len(dropped) > _SHOWN else ""
    return (f"left out as left-overs of a page: {quoted}{more}",)


def _is_prose(blocks: tuple[Block, ...]) -> bool:
    """Tell whether a block reads as a sentence of an article rather than as a link."""
    return any(
        block.text.rstrip("\"'”’)").endswith((".", "!", "?")) and len(block.text.split()) > 8
        for block in blocks
    )


def join_blocks(blocks: tuple[Block, ...]) -> tuple[str, tuple[Heading, ...]]:
    """Return the stored text of blocks, a blank line between them, and where its headings are."""
    headings: list[Heading] = []
    position = 0
    for block in blocks:
        if block.kind == "heading":
            headings.append(Heading(position, position + len(block.text), block.level))
        position += len(block.text) + len(PARAGRAPH_BREAK)
    return PARAGRAPH_BREAK.join(block.text for block in blocks), tuple(headings)


def _clean_metadata(metadata: Metadata) -> Metadata:
    """Return metadata with every text made safe and cut to a length that a page can show."""

    def cut(text: str | None, limit: int = 300) -> str | None:
        return clean_text(text)[:limit].rstrip() or None if text else None

    return Metadata(
        title=cut(metadata.title),
        author=cut(metadata.author),
        published=metadata.published,
        url=cut(metadata.url, 2000),
        summary=cut(metadata.summary, 1000),
        topics=tuple(filter(None, map(cut, metadata.topics))),
        sources=tuple(filter(None, map(cut, metadata.sources))),
    )


def _title_from_name(stem: str) -> str:
    return clean_text(re.sub(r"[-_]+", " ", stem)).capitalize() or "Untitled"
