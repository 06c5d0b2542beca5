"""Tell which files differ from what was ingested, and which of them are written whole."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from ingest.load import find_files

# Size, time of the last write and of the last change of the entry, as of os.stat.
Stamp = tuple[int, int, int]
Files = Mapping[Path, Stamp]


def scan_files(roots: Iterable[Path], without: Path | None = None) -> dict[Path, Stamp]:
    """Return the stamp of each article file at `roots`; given and raised as by `find_files`."""
    return {file: _read_stamp(file) for file in find_files(roots, without)}


def _read_stamp(file: Path) -> Stamp:
    try:
        status = file.stat()
    except OSError:  # It has vanished, or is a loop of links: the next look or the ingest tells.
        return (0, 0, 0)
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns)


class Settling:
    """What was ingested of some files, and how long what differs from it has been as it is.

    A file is whole when its stamp has stayed the same for `rest` seconds, and gone when it has been
    missing for as long. What changes together is taken together: nothing is ready while anything is
    still being written, but for `patience` seconds at most.
    """

    def __init__(self, rest: float, patience: float) -> None:
        self._rest = rest
        self._patience = patience
        self._ingested: dict[Path, Stamp] | None = None
        # When each file that differs was first seen with its stamp; None stands for a missing one.
        self._seen: dict[Path, tuple[Stamp | None, float]] = {}
        self._waiting_since = 0.0

    @property
    def is_waiting(self) -> bool:
        """Whether something differs from what was ingested."""
        return bool(self._seen) or self._ingested is None

    def look(self, files: Files, now: float) -> set[Path] | None:
        """Return the files to read at time `now`, None if there is nothing to do, or not yet.

        An empty set says that files are only gone. The first time there is always something to do.
        """
        known = self._ingested or {}
        there: dict[Path, Stamp | None] = {**dict.fromkeys(known), **files}
        before, self._seen = self._seen, {}
        for file, stamp in there.items():
            if stamp != known.get(file):
                same = file in before and before[file][0] == stamp
                self._seen[file] = (stamp, before[file][1] if same else now)
        if not before:
            self._waiting_since = now
        ready = {file for file, (_, since) in self._seen.items() if now - since >= self._rest}
        patient = now - self._waiting_since < self._patience
        if not self.is_waiting or (patient and len(ready) < len(self._seen)):
            return None
        return ready & files.keys() if ready or self._ingested is None else None

    def note_ingested(self, files: Files, read: Iterable[Path]) -> None:
        """Note that of `files`, as they were looked at, those of `read` are ingested as they were.

        Those that are not among `files` are gone.
        """
        known = {file: stamp for file, stamp in (self._ingested or {}).items() if file in files}
        self._ingested = known | {file: files[file] for file in read}
        self._seen = {
            file: seen for file, seen in self._seen.items() if file in files and file not in read
        }
