"""What a library was: the past texts of its articles, and what changed when.

Both are derived from the rows of a revision while it is published, in the same transaction, so an
interrupted ingest loses none of them.
"""

import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from ingest.database import FILE_NAME, connect, has_table

PAST_TEXTS_KEPT = 20
CHANGES_KEPT = 10_000
ChangeKind = Literal["added", "changed", "removed", "failed"]
# Added to libraries of format 1 when they are next written; to readers a missing table is empty.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS past_texts (
    number INTEGER PRIMARY KEY, article_id TEXT NOT NULL, sha256 TEXT NOT NULL, text BLOB NOT NULL,
    replaced_at TEXT NOT NULL, UNIQUE (article_id, sha256)
);
CREATE TABLE IF NOT EXISTS changes (
    number INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, article_id TEXT NOT NULL,
    title TEXT NOT NULL, path TEXT NOT NULL, detail TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS changes_by_path ON changes (path);
"""


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to an article or a file; `at` is ISO time in UTC.

    `detail` says what of it changed, or why it failed. A file that failed and is not stored has an
    empty `article_id` and `title`.
    """

    at: str
    kind: ChangeKind
    article_id: str
    title: str
    path: str
    detail: str


@dataclass(frozen=True, slots=True)
class _Version:
    """A row of an article; `details` is all that is told of it beside the text."""

    number: int
    article_id: str
    path: str
    title: str
    sha256: str
    details: str

    def is_same_article(self, other: "_Version") -> bool:
        """Tell a new text or a moved file from another article that took over the id."""
        return self.path == other.path or self.sha256 == other.sha256


def create_history(connection: sqlite3.Connection) -> None:
    """Add the tables of the history to a library that lacks them."""
    connection.executescript(_SCHEMA)


def record_revision(connection: sqlite3.Connection, revision: int) -> None:
    """Keep the texts that `revision` replaces and note what it changes; part of its transaction.

    The past texts of an article that it removes are deleted.
    """
    at = tell_time()
    before = _read_versions(connection, "removed = ?", revision)
    after = _read_versions(connection, "added = ? AND removed IS NULL", revision)
    changes = []
    for article_id, new in after.items():
        old = before.get(article_id)
        if old is None or not old.is_same_article(new):
            changes.append(Change(at, "added", article_id, new.title, new.path, ""))
            continue
        del before[article_id]
        if old.sha256 != new.sha256:
            _keep_text(connection, old, at)
        if detail := _describe_change(old, new):
            changes.append(Change(at, "changed", article_id, new.title, new.path, detail))
    removed = [Change(at, "removed", i.article_id, i.title, i.path, "") for i in before.values()]
    _insert_changes(connection, removed + changes)
    connection.executemany("DELETE FROM past_texts WHERE article_id = ?", [(i,) for i in before])
    # A version without this table leaves the texts of what it removes behind.
    connection.execute(
        "DELETE FROM past_texts WHERE article_id NOT IN "
        "(SELECT article_id FROM articles WHERE removed IS NULL)"
    )


def record_failures(connection: sqlite3.Connection, failures: Iterable[tuple[str, str]]) -> None:
    """Note (path, reason) of files that failed, once for as long as nothing else becomes of them.

    Else a bad file in a folder that is ingested every hour would push out all that is older.
    """
    rows = connection.execute("SELECT path, article_id, title FROM articles WHERE removed IS NULL")
    stored = {path: (article_id, title) for path, article_id, title in rows}
    at = tell_time()
    changes = []
    for name, reason in failures:
        # A name that is not UTF-8 is no text for a database.
        path = name.encode(errors="replace").decode()
        last = connection.execute(
            "SELECT kind, detail FROM changes WHERE path = ? ORDER BY number DESC LIMIT 1", (path,)
        ).fetchone()
        if last != ("failed", reason):
            changes.append(Change(at, "failed", *stored.get(path, ("", "")), path, reason))
    _insert_changes(connection, changes)


def list_changes(path: Path, limit: int = 200) -> list[Change]:
    """Return the latest changes of the library in folder `path`, newest first."""
    if not (path / FILE_NAME).exists():
        return []
    with closing(connect(path / FILE_NAME)) as connection:
        if not has_table(connection, "changes"):
            return []
        rows = connection.execute(
            "SELECT at, kind, article_id, title, path, detail FROM changes "
            "ORDER BY number DESC LIMIT ?",
            (limit,),
        )
        return [Change(*row) for row in rows]


def read_past_text(connection: sqlite3.Connection, article_id: str, sha256: str) -> str | None:
    """Return the past text of an article whose sha256 starts with `sha256`, None without one."""
    if not has_table(connection, "past_texts"):
        return None
    row = connection.execute(
        "SELECT text FROM past_texts WHERE article_id = :article_id "
        "AND substr(sha256, 1, length(:sha256)) = :sha256 ORDER BY number DESC LIMIT 1",
        {"article_id": article_id, "sha256": sha256},
    ).fetchone()
    return zlib.decompress(row[0]).decode() if row else None


def tell_time() -> str:
    """Return the time, as ISO in UTC to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _read_versions(
    connection: sqlite3.Connection, condition: str, revision: int
) -> dict[str, _Version]:
    rows = connection.execute(
        "SELECT number, article_id, path, title, sha256, "
        "json_array(title, author, published, url, summary, topics, sources) "
        f"FROM articles WHERE {condition} ORDER BY number",
        (revision,),
    )
    return {row[1]: _Version(*row) for row in rows}


def _describe_change(old: _Version, new: _Version) -> str:
    """Return what a reader can tell two rows by; nothing if only passages or vectors differ."""
    parts = {
        "new text": old.sha256 != new.sha256,
        "new details": old.details != new.details,
        "file moved": old.path != new.path,
    }
    return ", ".join(name for name, differs in parts.items() if differs)


def _keep_text(connection: sqlite3.Connection, old: _Version, at: str) -> None:
    [text] = connection.execute(
        "SELECT text FROM articles WHERE number = ?", (old.number,)
    ).fetchone()
    connection.execute(
        "INSERT OR REPLACE INTO past_texts (article_id, sha256, text, replaced_at) "
        "VALUES (?, ?, ?, ?)",
        (old.article_id, old.sha256, zlib.compress(text.encode()), at),
    )
    connection.execute(
        "DELETE FROM past_texts WHERE article_id = :id AND number NOT IN (SELECT number "
        "FROM past_texts WHERE article_id = :id ORDER BY number DESC LIMIT :kept)",
        {"id": old.article_id, "kept": PAST_TEXTS_KEPT},
    )


def _insert_changes(connection: sqlite3.Connection, changes: Sequence[Change]) -> None:
    connection.executemany(
        "INSERT INTO changes (at, kind, article_id, title, path, detail) VALUES (?, ?, ?, ?, ?, ?)",
        [(i.at, i.kind, i.article_id, i.title, i.path, i.detail) for i in changes],
    )
    connection.execute(
        "DELETE FROM changes WHERE number <= (SELECT MAX(number) FROM changes) - ?",
        (CHANGES_KEPT,),
    )
