"""API keys: made, listed and revoked; the library's folder holds only their hashes.

A key is 256 random bits, so a plain SHA-256 of it is enough: there is nothing to guess that a slow
hash, as passwords need, would make dearer; and finding a key by its hash tells nothing by its time.
"""

import hashlib
import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest.history import tell_time

FILE_NAME = "keys.sqlite"
PREFIX = "fn_"
_NAME = re.compile(r"[\w.@ -]{1,64}")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS keys (
    name TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, is_admin INTEGER NOT NULL, made TEXT NOT NULL
)
"""


class BadKeyFile(RuntimeError):
    """A file of keys that cannot be read or written; the message names it and says why."""


class BadKeyName(ValueError):
    """A name that no key can have, or that one has already; the message says why."""


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of a key: `made` is ISO time in UTC; admins may change the library."""

    name: str
    is_admin: bool
    made: str


def add_key(library: Path, name: str, *, is_admin: bool = False) -> str:
    """Make a key for the library in folder `library` and return it; it is stored nowhere.

    Raises BadKeyName, and BadKeyFile as all of these do.
    """
    if not _NAME.fullmatch(name):
        raise BadKeyName(f"{name!r} is no name for a key; use up to 64 letters, digits and .@-_")
    key = f"{PREFIX}{secrets.token_urlsafe(32)}"
    try:
        with _open(library) as connection:
            connection.execute(
                "INSERT INTO keys VALUES (?, ?, ?, ?)", (name, _hash(key), is_admin, tell_time())
            )
    except sqlite3.IntegrityError:
        raise BadKeyName(
            f"there is a key {name!r} already; revoke it first: footnote keys revoke {name}"
        ) from None
    return key


def list_keys(library: Path) -> list[Key]:
    """Return the keys of a library, oldest first."""
    if not (library / FILE_NAME).exists():
        return []
    with _open(library) as connection:
        rows = connection.execute("SELECT name, is_admin, made FROM keys ORDER BY made, name")
        return [Key(name, bool(is_admin), made) for name, is_admin, made in rows]


def revoke_key(library: Path, name: str) -> None:
    """Let a key count no more, in running servers too. Raises KeyError for an unknown name."""
    names = [key.name for key in list_keys(library)]
    if name not in names:
        raise KeyError(f"no key {name!r} in {library}; there are: {', '.join(names) or 'none'}")
    with _open(library) as connection:
        connection.execute("DELETE FROM keys WHERE name = ?", (name,))


def find_key(library: Path, key: str) -> Key | None:
    """Return what is known of a key as it was sent, None if it is none of the library's."""
    if not key.startswith(PREFIX) or not (library / FILE_NAME).exists():
        return None
    with _open(library) as connection:
        row = connection.execute(
            "SELECT name, is_admin, made FROM keys WHERE hash = ?", (_hash(key),)
        ).fetchone()
    return Key(row[0], bool(row[1]), row[2]) if row else None


@contextmanager
def _open(library: Path) -> Iterator[sqlite3.Connection]:
    """Open the file of keys, which only its owner may read, making it if there is none.

    Raises BadKeyFile.
    """
    file = library / FILE_NAME
    try:
        if not file.exists():
            file.touch(mode=0o600)
        with closing(sqlite3.connect(file, timeout=5)) as connection, connection:
            connection.execute(_SCHEMA)
            yield connection
    except sqlite3.IntegrityError:
        raise
    except sqlite3.Error as error:
        raise BadKeyFile(
            f"{file}: {error}; if it is damaged, delete it and make the keys again: footnote keys "
            "add NAME"
        ) from error
    except OSError as error:
        told = error.strerror or error
        raise BadKeyFile(f"{file}: {told}; name a library with --store") from error


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode("utf-8", "replace")).digest()
