"""How two processes speak over a pipe: a head in JSON and bytes after it, the sizes of both first.

Nothing is ever unpickled: whoever sends may be in the hands of a hostile file.
"""

import json
import struct
from collections.abc import Mapping
from typing import IO, Any

_SIZES = struct.Struct("!QQ")


def write_message(pipe: IO[bytes], head: Mapping[str, Any], data: bytes = b"") -> None:
    """Send a head of JSON types, and bytes. Raises OSError when nobody reads any more."""
    encoded = json.dumps(head, ensure_ascii=False).encode("utf-8", "surrogatepass")
    pipe.write(_SIZES.pack(len(encoded), len(data)))
    pipe.write(encoded)
    pipe.write(data)
    pipe.flush()


def read_message(pipe: IO[bytes], most: int) -> tuple[dict[str, Any], bytes]:
    """Return the next head and bytes, of at most `most` bytes together.

    Raises EOFError when the other end is closed, and ValueError for what is no such message.
    """
    head, data = _SIZES.unpack(_read_exactly(pipe, _SIZES.size))
    if head + data > most:
        raise ValueError(f"a message of {head + data} bytes, over the limit of {most}")
    parsed = json.loads(_read_exactly(pipe, head).decode("utf-8", "surrogatepass"))
    if not isinstance(parsed, dict):
        raise ValueError("a message whose head is no object")
    return parsed, _read_exactly(pipe, data)


def _read_exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data
