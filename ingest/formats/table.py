"""Tables (.csv, .tsv): each row a line, its cells apart as those of other formats' tables."""

import csv
from io import StringIO

from ingest.formats.block import Block, Metadata, ParsedFile, join_cells

_SEPARATORS = ",;\t|"


class UnreadableTable(ValueError):
    """A table that cannot be read; the message is the reason."""


def parse_table(text: str) -> ParsedFile:
    """Read a table of values between commas, semicolons, tabs or bars. Raises UnreadableTable."""
    rows = csv.reader(StringIO(text, newline=""), delimiter=_tell_separator(text))
    blocks = []
    try:
        for row in rows:
            if line := join_cells([" ".join(cell.split()) for cell in row]):
                blocks.append(Block("item", line))
    except csv.Error as error:
        raise UnreadableTable(f"no table at its line {rows.line_num}: {error}") from error
    return ParsedFile(tuple(blocks), Metadata())


def _tell_separator(text: str) -> str:
    """Return what stands between values: what the first line has most of, outside quotes."""
    first = next((line for line in text.split("\n") if line.strip()), "")
    unquoted = "".join(first.split('"')[::2])
    return max(_SEPARATORS, key=unquoted.count)
