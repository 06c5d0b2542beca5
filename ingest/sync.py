"""Make the library equal to files and folders, and report what was done."""

import os
import re
import time
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import starmap
from pathlib import Path
from types import MappingProxyType
from typing import Self

from ingest.chunk import PASSAGE_WORDS, chunk_article
from ingest.embed import Embedder
from ingest.isolate import Parser, open_parser
from ingest.limits import Limits
from ingest.load import UnreadableFile, find_files, read_file, resolve
from ingest.moves import find_moves
from ingest.pages import NOTHING, Gathered
from ingest.parse import PARSER_VERSION
from ingest.passed_over import tell_passed_over
from ingest.space import MIN_FREE_BYTES, estimate_space
from ingest.stored import StoredFiles
from ingest.write import StoredFile, Writer, check_free_space, open_writer

# In place of the hash of a stored file that lies elsewhere now: it is read again.
_MOVED = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that could not be stored, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did; `articles` and `passages` count the whole library afterwards."""

    added: int = 0
    changed: int = 0
    moved: int = 0
    unchanged: int = 0
    removed: int = 0
    duplicates: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    warnings: tuple[str, ...] = ()
    articles: int = 0
    passages: int = 0
    embedded: int = 0
    leftovers: int = 0
    seconds: float = 0.0

    @property
    def files(self) -> int:
        """How many files were looked at."""
        told = len(self.duplicates) + len(self.failed)
        return self.added + self.changed + self.moved + self.unchanged + told


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest is: files done of all, and passages embedded so far."""

    done: int
    total: int
    passages: int


@dataclass(frozen=True, slots=True)
class _Recipe:
    """How files become passages; one that differs from the stored one means to read again."""

    words: int = PASSAGE_WORDS
    encoding: str | None = None

    @classmethod
    def of(cls, stored: StoredFile | None) -> Self:
        """Return the recipe of today for a file, in the encoding that was once named for it."""
        named = re.search(r", encoding (?!told\Z)(.+)\Z", stored.recipe) if stored else None
        return cls(encoding=named[1] if named else None)

    def __str__(self) -> str:
        return f"parser {PARSER_VERSION}, {self.words} words, encoding {self.encoding or 'told'}"


def sync(
    paths: Iterable[Path],
    store: Path,
    embedder: Embedder,
    *,
    remove_missing: bool = False,
    changed: Container[Path] | None = None,
    reembed: bool = False,
    encoding: str | None = None,
    words: int = PASSAGE_WORDS,
    limits: Limits | None = None,
    gathered: Gathered = NOTHING,
    on_progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Store the articles at `paths` in the library `store` and publish them.

    Files are parsed in a process of their own, within `limits`. Unchanged files are passed over,
    with `changed` all others than those; a file that fails is reported and the rest is stored. An
    article whose file was moved keeps its id. With `remove_missing`, stored articles whose files
    lie under `paths` no more are removed, and those of pages that are gone. Pages that were
    `gathered` are stored as the files are. Raises FileNotFoundError, LibraryBusy, WrongModel, and
    OSError or sqlite3.Error for a full disk; what was published before stays readable then, and
    what was stored so far is kept, what was removed so far is not.
    """
    paths = list(paths)
    roots = [*paths, *(Path(page.path) for page in gathered.pages)]
    passed_over: set[Path] = set()
    files = list(find_files(roots, store, passed_over))
    to_read = [file for file in files if changed is None or file in changed]
    recipe = _Recipe(words, encoding)

    def store_all(writer: Writer) -> Report:
        stored = writer.list_files()
        moves = find_moves(stored, to_read)
        present = {*map(str, files), *moves, *_find_unseen(stored, files)}
        report = _note_gathered(writer, gathered, remove_missing)
        if changed is None:
            told = tell_passed_over(passed_over.difference(files))
            report = replace(report, warnings=(*report.warnings, *told))
        if remove_missing:
            left = writer.note_roots(paths)
            lost = [*roots, *left, *(Path(page.path) for page in gathered.gone)]
            report = _remove_missing(writer, lost, resolve(store), present, report)
        with open_parser(limits) as parser:
            return _store_files(writer, parser, to_read, recipe, report, on_progress, moves)

    return _publish(store, embedder, reembed, store_all, files)


def sync_files(
    files: Sequence[Path],
    store: Path,
    embedder: Embedder,
    *,
    on_progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Store the articles of `files` and publish them; what was stored is read as it was then.

    A file that is gone is reported as failed, and its article stays. Raises as `sync` does, but no
    FileNotFoundError.
    """
    resolved = [Path(name) for name in dict.fromkeys(map(os.path.realpath, files))]

    def store_all(writer: Writer) -> Report:
        with open_parser() as parser:
            return _store_files(writer, parser, resolved, None, Report(), on_progress)

    return _publish(store, embedder, False, store_all, resolved)


def _publish(
    store: Path,
    embedder: Embedder,
    reembed: bool,
    store_all: Callable[[Writer], Report],
    files: Iterable[Path],
) -> Report:
    """Open the library, stage what `store_all` does of `files`, and publish it.

    Refused where there is no room for it; a disk that fills up meanwhile is told as such.
    """
    started = time.perf_counter()
    store.mkdir(parents=True, exist_ok=True)
    check_free_space(store, estimate_space(store, files))
    with open_writer(store, embedder, reembed=reembed) as writer:
        try:
            report = store_all(writer)
            if report.failed:
                writer.note_failures((failure.path, failure.reason) for failure in report.failed)
            writer.publish()
        except Exception:
            # SQLite, tantivy and Chroma each have another name for a full disk.
            check_free_space(store, MIN_FREE_BYTES)
            raise
        articles, passages = writer.count()
    seconds = time.perf_counter() - started
    return replace(report, articles=articles, passages=passages, seconds=seconds)


def _store_files(
    writer: Writer,
    parser: Parser,
    files: list[Path],
    recipe: _Recipe | None,
    report: Report,
    on_progress: Callable[[Progress], None] | None,
    moves: Mapping[str, str] = MappingProxyType({}),
) -> Report:
    """Stage the articles of `files`, and what must be embedded again.

    Without a `recipe` each file has its own; an encoding that was named for a file once stays its
    own until another is named. `moves` gives the old paths of files their new ones.
    """
    stored = StoredFiles(writer.list_files())
    for old, new in moves.items():
        stored.put(new, replace(stored.pop(old), file_sha256=_MOVED))
    texts = stored.list_texts()
    twins: dict[Path, _Recipe] = {}
    for done, file in enumerate(files):
        if on_progress:
            on_progress(Progress(done, len(files), report.embedded))
        used = _Recipe.of(stored.get(str(file)))
        if recipe:
            used = replace(recipe, encoding=recipe.encoding or used.encoding)
        before, report = report, _store_file(writer, parser, file, used, stored, report)
        if report.duplicates != before.duplicates:
            twins[file] = used
    if texts - stored.list_texts():
        # The file that held the same text has got another one since, or gave way to a twin itself.
        report = replace(report, duplicates=())
        for file, used in twins.items():
            report = _store_file(writer, parser, file, used, stored, report)
    report = _reembed_articles(writer, recipe or _Recipe(), report)
    if on_progress:
        on_progress(Progress(len(files), len(files), report.embedded))
    return report


def _find_unseen(stored: Iterable[str], files: Iterable[Path]) -> list[str]:
    """Return the stored files in folders that could not be searched: they may still be there."""
    # Not even what it is may be seen of a folder inside a closed one.
    closed = [file for file in files if not os.path.isfile(file)]  # noqa: PTH113
    return [name for name in stored if any(Path(name).is_relative_to(item) for item in closed)]


def _note_gathered(writer: Writer, gathered: Gathered, remove_gone: bool) -> Report:
    """Note what was fetched, and return what is to be told of it."""
    if gathered != NOTHING:
        writer.note_pages(gathered.pages, gathered.gone if remove_gone else ())
    kept = () if remove_gone else gathered.gone
    reason = "gone, says its server; its article stays (--sync removes it)"
    failed = [*gathered.failed, *((page.asked, reason) for page in kept)]
    return Report(failed=tuple(starmap(Failure, failed)), warnings=gathered.notes)


def _remove_missing(
    writer: Writer, roots: list[Path], own: Path, present: Container[str], report: Report
) -> Report:
    """Remove the articles whose files lay under the roots; `own` is the library's folder.

    What the library keeps itself, uploads and pages, goes only by a root of its own.
    """
    folders = [resolve(root) for root in roots]
    for name, stored in writer.list_files().items():
        path = Path(name)
        above = [folder for folder in folders if path.is_relative_to(folder)]
        if path.is_relative_to(own):
            above = [folder for folder in above if folder.is_relative_to(own) and folder != own]
        if name not in present and above:
            writer.remove(stored.article_id)
            report = replace(report, removed=report.removed + 1)
    return report


def _store_file(
    writer: Writer,
    parser: Parser,
    path: Path,
    recipe: _Recipe,
    stored: StoredFiles,
    report: Report,
) -> Report:
    """Store one file's article, or note why not; `stored` is kept up to date."""
    before = stored.get(str(path))
    try:
        file = read_file(path, parser.limits)
        if before and (before.file_sha256, before.recipe) == (file.sha256, str(recipe)):
            return replace(report, unchanged=report.unchanged + 1)
        article_id = before.article_id if before else stored.choose_article_id(path)
        reading = parser.read(file, article_id, recipe.words, recipe.encoding)
    except UnreadableFile as error:
        return replace(report, failed=(*report.failed, Failure(str(path), error.reason)))
    article = reading.article
    twin = stored.find_text(article.sha256)
    if twin not in (None, str(path)):
        if before:
            writer.remove(before.article_id)
            stored.pop(str(path))
        duplicate = f"{path} holds the same text as {twin}"
        return replace(report, duplicates=(*report.duplicates, duplicate))
    embedded = writer.stage(article, reading.chunks, str(recipe))
    held = StoredFile(article.article_id, article.file_sha256, article.sha256, str(recipe))
    stored.put(str(path), held)
    return replace(
        report,
        added=report.added + (before is None),
        changed=report.changed + (before is not None and before.file_sha256 != _MOVED),
        moved=report.moved + (before is not None and before.file_sha256 == _MOVED),
        embedded=report.embedded + embedded,
        leftovers=report.leftovers + reading.leftovers,
        warnings=(*report.warnings, *(f"{path}: {warning}" for warning in reading.warnings)),
    )


def _reembed_articles(writer: Writer, recipe: _Recipe, report: Report) -> Report:
    """Stage again what another model embedded: all of it, or what an interrupted change left."""
    for article in writer.read_articles_to_embed():
        chunks = chunk_article(article, recipe.words)
        embedded = writer.stage(article, chunks, str(recipe))
        report = replace(report, embedded=report.embedded + embedded)
    return report
