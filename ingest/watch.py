"""Keep a library equal to folders: look when something changes, ingest what is written whole."""

import os
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import watchfiles

from ingest.cli import describe_write_error
from ingest.load import resolve
from ingest.settle import Files, Settling, scan_files
from ingest.sync import Report
from ingest.write import LibraryBusy, list_stored_files

# Seconds that a file has to stay as it is to be taken as whole, and that others wait for it.
REST, PATIENCE = 1.0, 10.0
# Seconds between two looks: while something waits, after an error, and for events that were lost.
TICK, RETRY, RESCAN = 0.25, 5.0, 60.0

_NO_DISK = -1
# Make the library equal to those of the roots that are there, reading the files of the set.
Ingest = Callable[[list[Path], set[Path]], Report]


class Watcher:
    """Folders and files that a library follows, and how far it is."""

    def __init__(
        self,
        roots: Sequence[Path],
        store: Path,
        ingest: Ingest,
        tell: Callable[[str], None],
        *,
        rest: float = REST,
    ) -> None:
        """Follow `roots` in the library `store`, changed by `ingest` alone.

        `tell` is given a line on what goes wrong. A file is whole after `rest` seconds without a
        change.
        """
        self.roots = [Path(os.path.abspath(root)) for root in roots]  # noqa: PTH100 - `..` goes too
        self.store = store
        self._tell = tell
        self._ingest = ingest
        self._rest = rest
        self._settling = Settling(rest, PATIENCE)
        self._disks = {root: self._expect_disk(root) for root in self.roots}
        # When each root that is gone was first missed, and those of them that were told.
        self._missed: dict[Path, float] = {}
        self._told_gone: set[Path] = set()
        # Files that are not stored: for what is in them, or because another holds the same text.
        self._failed: set[Path] = set()
        self._twins: set[Path] = set()
        self._error = ""
        self._pause_until = 0.0
        self._told: set[str] = set()

    @property
    def is_waiting(self) -> bool:
        """Whether to look again soon, though nothing more happens."""
        return self._settling.is_waiting or bool(self._missed)

    def look(self) -> Report | None:
        """Ingest what has changed and is written whole; return what was done, None if nothing was.

        What goes wrong is told once and tried again. Raises WrongModel.
        """
        now = time.monotonic()
        roots = [root for root in self.roots if self._is_there(root, now)]
        if not roots or now < self._pause_until:
            return None
        try:
            files = scan_files(roots, self.store)
            ready = self._settling.look(files, now)
            if ready is None:
                return None
            report = self._ingest(roots, ready | self._twins)
        except FileNotFoundError:
            return None  # A folder vanished under the search: the next look sees it.
        except (LibraryBusy, OSError, sqlite3.Error) as error:
            self._note_error(describe_write_error(self.store, error))
            return None
        self._error = ""
        self._settling.note_ingested(files, ready)
        self._note_unstored(files, ready, report)
        return report

    def tell_once(self, line: str) -> None:
        """Tell a line, the first time."""
        if line not in self._told:
            self._told.add(line)
            self._tell(line)

    def _is_there(self, root: Path, now: float) -> bool:
        """Tell whether a root is there; one that stays away is told, and its articles are kept."""
        disk = _find_disk(root)
        # A mount point without its disk is an empty folder of another disk.
        gone = disk == _NO_DISK or (disk != self._disks[root] and _is_empty(root))
        if not gone:
            self._disks[root] = disk
            self._missed.pop(root, None)
            if root in self._told_gone:
                self._told_gone.remove(root)
                self._tell(f"{root} is back")
        elif now - self._missed.setdefault(root, now) >= self._rest and root not in self._told_gone:
            self._told_gone.add(root)
            self._tell(f"{root} is gone: its articles stay, and it is waited for")
        return not gone

    def _expect_disk(self, root: Path) -> int:
        """Return the disk of a root, none if it is empty though the library has files of it.

        Its disk may not be mounted yet.
        """
        real = resolve(root)
        empty = _is_empty(root)
        if empty and any(Path(name).is_relative_to(real) for name in list_stored_files(self.store)):
            return _NO_DISK
        return _find_disk(root)

    def _note_error(self, error: str) -> None:
        """Tell an error, once for as long as it lasts, and pause before the next try."""
        if error != self._error:
            self._tell(f"{error} (tried again until it works)")
        self._error = error
        self._pause_until = time.monotonic() + RETRY

    def _note_unstored(self, files: Files, read: set[Path], report: Report) -> None:
        failed = {Path(failure.path) for failure in report.failed}
        self._failed = ((self._failed - read) | failed) & files.keys()
        stored = list_stored_files(self.store)
        known = (self._twins | read) & files.keys()
        # The text of a twin may be its alone the next time.
        self._twins = {file for file in known if str(file) not in stored} - self._failed


def watch(watcher: Watcher, look: Callable[[], None], stop: threading.Event) -> None:
    """Call `look` now, whenever something happens at the watcher's roots, and while it waits."""
    looked = -RESCAN
    while not stop.is_set():
        places = _find_places(watcher.roots)
        for happened in _follow_events(places, watcher, stop):
            now = time.monotonic()
            if happened or watcher.is_waiting or now - looked >= RESCAN:
                look()
                looked = now
            if _find_places(watcher.roots) != places:
                break  # A folder was made anew: of the old one there are no more events.


def _follow_events(
    places: Mapping[Path, tuple[int, int]], watcher: Watcher, stop: threading.Event
) -> Iterator[bool]:
    """Yield, every `TICK` seconds or sooner, whether something happened in folders."""
    own = watcher.store.resolve()
    if not places:
        stop.wait(TICK)
        yield True
        return
    try:
        for changes in watchfiles.watch(
            *places,
            watch_filter=lambda _, path: not Path(path).is_relative_to(own),
            stop_event=stop,
            yield_on_timeout=True,
            rust_timeout=int(TICK * 1000),
            debounce=int(TICK * 1000),
        ):
            yield bool(changes)
    # The first is of a limit of the system, the second watchfiles' own.
    except (OSError, RuntimeError) as error:
        watcher.tell_once(f"changes are looked for every {RETRY:.0f} s: {error}")
        stop.wait(RETRY)
        yield True


def _find_places(roots: Iterable[Path]) -> dict[Path, tuple[int, int]]:
    """Return the folders that are there to be watched, each as the very one that it is now."""
    found = {}
    for root in sorted(roots):
        with suppress(OSError):
            folder = root if stat.S_ISDIR(root.stat().st_mode) else root.parent
            status = folder.stat()
            found[folder] = (status.st_dev, status.st_ino)
    return found


def _find_disk(root: Path) -> int:
    try:
        return root.stat().st_dev
    except OSError:
        return _NO_DISK


def _is_empty(root: Path) -> bool:
    try:
        return root.is_dir() and next(root.iterdir(), None) is None
    except OSError:
        return True
