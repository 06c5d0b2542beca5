"""Articles that are added and removed through the page; their files lie in the library's folder."""

import os
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from ingest.clean import clean_text
from ingest.embed import Embedder
from ingest.load import ARTICLE_SUFFIXES
from ingest.sync import Progress, Report, sync_files
from ingest.write import list_stored_files, open_writer

FOLDER_NAME = "uploads"
# With room for the number of a name that is taken; file systems count bytes, up to 255.
MAX_NAME_LETTERS, _MAX_NAME_BYTES = 110, 240
_SEPARATORS = re.compile(r"[/\\]")
# Not allowed in names on Windows.
_FORBIDDEN = re.compile(r'[<>:"|?*]')


def save_upload(library: Path, name: str, content: Path, *, replace: bool = False) -> Path:
    """Copy the file `content` into the library's uploads under a safe form of `name`.

    It appears there whole or not at all. A name that is taken gets a number, unless `replace` is
    set. Returns the new file. Raises OSError.
    """
    folder = library / FOLDER_NAME
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f".{os.urandom(8).hex()}"
    try:
        with content.open("rb") as source, partial.open("xb") as target:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        file = folder / make_safe_name(name)
        if not replace:
            file = _claim_name(file)
        return partial.replace(file)
    finally:
        partial.unlink(missing_ok=True)


def make_safe_name(name: str) -> str:
    """Return the last part of a file's name as one that any system stores, its suffix kept."""
    last = clean_text(_FORBIDDEN.sub("-", _SEPARATORS.split(name)[-1])).strip(" .")
    stem, dot, suffix = last.rpartition(".")
    if not dot or f".{suffix.lower()}" not in ARTICLE_SUFFIXES:
        stem, dot, suffix = last, "", ""
    stem = stem[: MAX_NAME_LETTERS - len(dot + suffix)]
    while len(f"{stem}.{suffix}".encode()) > _MAX_NAME_BYTES:
        stem = stem[:-1]
    return f"{stem.rstrip(' .') or 'article'}{dot}{suffix}"


def ingest_uploads(
    library: Path,
    files: Sequence[Path],
    embedder: Embedder,
    on_progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Store the articles of uploaded files and publish them.

    Uploads that did not become an article (bad files, duplicates) are deleted. Raises as `sync`;
    all files are kept then, to be tried again.
    """
    report = sync_files(files, library, embedder, on_progress=on_progress)
    stored = list_stored_files(library)
    for file in files:
        if os.path.realpath(file) not in stored:
            _delete_upload(library, file)
    return report


def remove_article(library: Path, article_id: str, embedder: Embedder) -> None:
    """Take an article out of the library and publish that; its file is deleted if it is an upload.

    Raises KeyError for an id that the library does not have, LibraryBusy and WrongModel.
    """
    files = {stored.article_id: path for path, stored in list_stored_files(library).items()}
    path = Path(files[article_id])
    with open_writer(library, embedder) as writer:
        writer.remove(article_id)
        writer.publish()
    _delete_upload(library, path)


def reingest(
    library: Path,
    embedder: Embedder,
    on_progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Read the files of all stored articles again and publish what changed. Raises as `sync`.

    An article whose file is gone or turned bad stays as it is, and the file is reported as failed.
    """
    files = [Path(path) for path in sorted(list_stored_files(library))]
    return sync_files(files, library, embedder, on_progress=on_progress)


def _delete_upload(library: Path, file: Path) -> None:
    """Delete a file that lies in the library's uploads; never one that lies elsewhere."""
    folder = os.path.realpath(library / FOLDER_NAME)
    if Path(os.path.realpath(file)).is_relative_to(folder):
        file.unlink(missing_ok=True)


def _claim_name(file: Path) -> Path:
    """Make an empty file of that name, or of the first numbered one that is free."""
    candidate, number = file, 1
    while True:
        try:
            candidate.touch(exist_ok=False)
        except FileExistsError:
            number += 1
            candidate = file.with_name(f"{file.stem}-{number}{file.suffix}")
        else:
            return candidate
