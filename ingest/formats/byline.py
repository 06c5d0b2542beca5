"""Bylines: the author and the date in a short line at the beginning of an article."""

import re
from dataclasses import replace

from ingest.formats.block import Metadata, read_date

_BYLINE = re.compile(r"\A(?:By|Author:)\s+(?P<author>[^\d,|]{3,60})", re.IGNORECASE)
_DATELINE = re.compile(r"\A(?:Published|Posted|Date|Updated|Last updated)\b[:\s]", re.IGNORECASE)


def read_byline(line: str, metadata: Metadata) -> Metadata | None:
    """Return the metadata with the author or date of a short first line, None if it has none."""
    if len(line) > 120:
        return None
    # "By then it was over." is no byline.
    if (byline := _BYLINE.match(line)) and not line.endswith((".", "!", "?")):
        published = metadata.published or read_date(line)
        return replace(metadata, author=byline["author"].strip(" –—-·•"), published=published)
    published = read_date(line)
    stands_alone = _DATELINE.match(line) or len(line.split()) <= 4
    if published and stands_alone and not metadata.published:
        return replace(metadata, published=published)
    return None
