"""Parse a source file by its kind into blocks and metadata."""

from ingest.decode import SourceFile
from ingest.formats.block import ParsedFile
from ingest.limits import Limits
from ingest.load import UnreadableFile

# Raised when parsing or cleaning gives another text for the same bytes: unchanged files are then
# read again.
PARSER_VERSION = 5


def parse_file(source: SourceFile, limits: Limits | None = None) -> ParsedFile:
    """Return the blocks and metadata of a file. Raises UnreadableFile with the reason."""
    limits = limits or Limits()
    # Each format's library takes 50 to 1,000 ms to import: only those that are met are loaded.
    match source.kind:
        case "text":
            from ingest.formats.text import parse_text

            return parse_text(source.text)
        case "markdown":
            from ingest.formats.markdown import parse_markdown

            return parse_markdown(source.text)
        case "html":
            from ingest.formats.html import parse_html

            return parse_html(source.text)
        case "pdf":
            from ingest.formats.pdf import UnreadablePdf, parse_pdf

            try:
                return parse_pdf(source.data, limits)
            except UnreadablePdf as error:
                raise UnreadableFile(source.path, str(error)) from error
        case "mail":
            from ingest.formats.mail import UnreadableMail, parse_mail

            try:
                return parse_mail(source.data)
            except UnreadableMail as error:
                raise UnreadableFile(source.path, str(error)) from error
        case "table":
            from ingest.formats.table import UnreadableTable, parse_table

            try:
                return parse_table(source.text)
            except UnreadableTable as error:
                raise UnreadableFile(source.path, str(error)) from error
        case "docx":
            from ingest.formats.docx import UnreadableDocx, parse_docx

            try:
                return parse_docx(source.data, limits)
            except UnreadableDocx as error:
                raise UnreadableFile(source.path, str(error)) from error
