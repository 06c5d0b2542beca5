"""Parse a source file by its kind into blocks and metadata."""

from ingest.formats.block import ParsedFile
from ingest.load import SourceFile, UnreadableFile

# Raised when parsing or cleaning gives another text for the same bytes: unchanged files are then
# read again.
PARSER_VERSION = 1


def parse_file(source: SourceFile) -> ParsedFile:
    """Return the blocks and metadata of a file. Raises UnreadableFile with the reason."""
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
                return parse_pdf(source.data)
            except UnreadablePdf as error:
                raise UnreadableFile(source.path, str(error)) from error
        case "docx":
            from ingest.formats.docx import UnreadableDocx, parse_docx

            try:
                return parse_docx(source.data)
            except UnreadableDocx as error:
                raise UnreadableFile(source.path, str(error)) from error
