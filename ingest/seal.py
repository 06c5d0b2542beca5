"""Checksums of the database's rows: SQLite keeps none, so a flipped bit would pass for a text.

CRC-32 (ISO 3309) misses no change within 32 neighbouring bits, and one other in four billion.
"""

import json
import zlib
from collections.abc import Iterable


def seal_values(values: Iterable[object]) -> int:
    """Return the checksum of a row: of its values as JSON types, in order."""
    # In a damaged row a text may have become bytes.
    text = json.dumps(list(values), ensure_ascii=False, default=repr)
    return zlib.crc32(text.encode(errors="surrogatepass"))


def seal_article(columns: Iterable[object], passages: Iterable[Iterable[object]]) -> int:
    """Return the checksum of an article's row and of all rows of its passages."""
    return seal_values([list(columns), [list(passage) for passage in passages]])


def seal_vector(key: bytes, vector: object) -> int:
    """Return the checksum of a vector under its key; one under another's key is noticed too."""
    if not isinstance(vector, bytes):
        return -1
    return zlib.crc32(vector, zlib.crc32(key))
