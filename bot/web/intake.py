"""Files that staff send in: kept, stored in the library, and what became of each so far."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import Literal

from bot.answer import Bot
from ingest.cli import describe_write_error
from ingest.embed import ModelUnavailable
from ingest.sync import Progress, Report
from ingest.upload import ingest_uploads, save_upload
from ingest.write import LibraryBusy, WrongModel, list_stored_files

# What writing a library ends with when it cannot be written; each is told in plain words.
WRITE_ERRORS = (LibraryBusy, WrongModel, ModelUnavailable, OSError, sqlite3.Error)
State = Literal["waiting", "reading", "added", "replaced", "twin", "failed"]
OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of a file so far; `path` is where it is kept, None if it could not be."""

    name: str
    state: State
    reason: str = ""
    path: Path | None = None


def take_files(
    bot: Bot, library: Path, files: Sequence[Path], *, overwrite: bool
) -> Iterator[list[Intake]]:
    """Keep files in the library's folder and store their articles; yield how far all are.

    A file that fails has its reason, and the others are stored; `files` are deleted then. Raises
    `WRITE_ERRORS` when the library cannot be written; `files` stay then, to be tried again.
    """
    bot.store.refresh()
    known = {item.path for item in bot.store.list_articles()}
    intakes = [_keep_file(library, file, overwrite) for file in files]
    yield intakes
    kept = list(dict.fromkeys(item.path for item in intakes if item.path))

    def work(on_progress: OnProgress) -> Report:
        try:
            return ingest_uploads(library, kept, bot.fit_embedder(), on_progress)
        except BaseException:
            _discard(library, kept)
            raise

    for step in follow_work(work) if kept else ():
        if isinstance(step, Progress):
            current = kept[step.done] if step.done < len(kept) else None
            yield [_mark_reading(item, current) for item in intakes]
        else:
            yield [_judge(item, step, known) for item in intakes]
    for file in files:
        file.unlink(missing_ok=True)


def follow_work(work: Callable[[OnProgress], Report]) -> Iterator[Progress | Report]:
    """Do work in a thread of its own; yield its progress, then its report, or raise its error.

    The work is finished also when nobody looks any more.
    """
    steps: SimpleQueue[Progress | Report | Exception] = SimpleQueue()

    def do_work() -> None:
        try:
            steps.put(work(steps.put))
        except Exception as error:
            steps.put(error)

    threading.Thread(target=do_work, name="staff work").start()
    while True:
        step = steps.get()
        if isinstance(step, Exception):
            raise step
        yield step
        if isinstance(step, Report):
            return


def _keep_file(library: Path, file: Path, overwrite: bool) -> Intake:
    try:
        saved = save_upload(library, file.name, file, replace=overwrite)
    except OSError as error:
        return Intake(file.name, "failed", describe_write_error(library, error))
    return Intake(file.name, "waiting", path=Path(os.path.realpath(saved)))


def _discard(library: Path, kept: Sequence[Path]) -> None:
    """Delete files that no article came of; the disk may be full of them."""
    with suppress(OSError, sqlite3.Error):
        stored = list_stored_files(library)
        for path in kept:
            if str(path) not in stored:
                path.unlink(missing_ok=True)


def _mark_reading(item: Intake, current: Path | None) -> Intake:
    return replace(item, state="reading") if current and item.path == current else item


def _judge(item: Intake, report: Report, known: set[str]) -> Intake:
    """Return what a report says of a file."""
    if item.path is None:
        return item
    path = str(item.path)
    reason = next((failure.reason for failure in report.failed if failure.path == path), None)
    if reason is not None:
        return replace(item, state="failed", reason=reason)
    about = f"{path} holds the same text as "
    twin = next((text for text in report.duplicates if text.startswith(about)), None)
    if twin is not None:
        reason = f"the same text as {Path(twin.removeprefix(about)).name}"
        return replace(item, state="twin", reason=reason)
    notes = [text[len(path) + 2 :] for text in report.warnings if text.startswith(f"{path}: ")]
    return replace(item, state="replaced" if path in known else "added", reason="; ".join(notes))
