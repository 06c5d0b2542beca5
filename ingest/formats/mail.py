"""Email (.eml): the message's own text, its subject as title, sender and date."""

from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr, parsedate

from ingest.counts import count_of
from ingest.formats.block import Block, Metadata, ParsedFile, read_date
from ingest.formats.text import split_blocks


class UnreadableMail(ValueError):
    """An email that cannot be read; the message is the reason."""


def parse_mail(data: bytes) -> ParsedFile:
    """Read an email: its plain text, that of its HTML where it has no other; no attachments.

    Raises UnreadableMail for a damaged one.
    """
    try:
        message = message_from_bytes(data, policy=policy.default)
        body = message.get_body(("plain", "html"))
        blocks, warnings = _read_body(body) if isinstance(body, EmailMessage) else ((), ())
        attached = sum(1 for _ in message.iter_attachments()) if message.is_multipart() else 0
        metadata = _read_head(message)
    except MemoryError:
        raise
    # Python's parser lets errors of many kinds through on odd heads; all mean the same to a user.
    except Exception as error:
        raise UnreadableMail(f"a damaged email ({type(error).__name__})") from error
    left_out = (f"{count_of(attached, 'attachment')} left out",) if attached else ()
    return ParsedFile(blocks, metadata, (*warnings, *left_out))


def _read_head(message: EmailMessage) -> Metadata:
    """Return subject, sender and the day of sending, as the sender's clock had it."""
    lines = {name.lower(): str(value) for name, value in reversed(list(message.raw_items()))}
    name, address = parseaddr(lines.get("from", ""))
    sent = parsedate(lines.get("date", ""))
    return Metadata(
        title=_decode_words(lines.get("subject", "")) or None,
        author=_decode_words(name) or address or None,
        published=read_date(f"{sent[0]:04}-{sent[1]:02}-{sent[2]:02}") if sent else None,
    )


def _decode_words(text: str) -> str:
    """Return a line of a message's head, what is encoded as "=?utf-8?q?…?=" made readable."""
    with suppress(MessageError, LookupError, ValueError):
        text = str(make_header(decode_header(text)))
    return " ".join(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())


def _read_body(body: EmailMessage) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Return the blocks of a message's body, and what was odd in it."""
    text = _decode_body(body)
    if body.get_content_subtype() == "html":
        # Its import takes a second.
        from ingest.formats.html import parse_html

        parsed = parse_html(text)
        return parsed.blocks, parsed.warnings
    return tuple(split_blocks("\n".join(_unquote_lines(text)))), ()


def _decode_body(body: EmailMessage) -> str:
    try:
        text = str(body.get_content())
    # A character set that nobody knows.
    except LookupError:
        data = body.get_payload(decode=True)
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else ""
    return text.replace("\r\n", "\n")


def _unquote_lines(text: str) -> Iterator[str]:
    """Yield the lines of a text without the marks of those quoted from another message."""
    for line in text.split("\n"):
        yield line.lstrip("> ") if line.startswith(">") else line
