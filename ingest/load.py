"""Find article files, and take in the bytes of each: regular files, whole, no link followed."""

import hashlib
import os
import re
import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.limits import Limits

ARTICLE_SUFFIXES = frozenset(
    {"", ".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".pdf", ".docx", ".eml"}
)
# What editors keep beside a file while it is open, or as it was: `x~`, Emacs's `#x#`, Word's `~$x`.
_EDITORS_COPY = re.compile(r"~\$.*|.*~|#.*#", re.DOTALL)
# The clock of a file system may tick this seldom: of a younger file, equal times prove nothing.
_CLOCK_SECONDS = 2
_RETRY_SECONDS = 0.2
# A pipe would wait for a writer; where the system lacks a flag, the checks around it remain.
_OPEN_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
)


class UnreadableFile(Exception):
    """A file that holds no article: `path` and a `reason` for people."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class FileBytes:
    """One file as it was at one moment."""

    path: Path
    data: bytes
    sha256: str


def find_files(
    paths: Iterable[Path], without: Path | None = None, passed_over: set[Path] | None = None
) -> Iterator[Path]:
    """Yield the article files at `paths`, folders searched through, in a stable order.

    Inside a folder hidden files, README files, editors' copies and files of other suffixes are
    passed over; a file that is named itself is always yielded. What `read_file` refuses is yielded
    too, so that it is named: links that lead out of the folder, and folders that cannot be
    searched. All else is yielded without links in its path. The folder `without` inside another is
    passed over. Files of other suffixes are put into `passed_over`. Raises FileNotFoundError for a
    path that is not there.
    """
    others = set[Path]() if passed_over is None else passed_over
    seen: set[Path] = set()
    own = resolve(without) if without else None
    for path in paths:
        if not os.path.exists(path):  # noqa: PTH110 - Path.exists raises for what may not be seen
            raise FileNotFoundError(path)
        folder = resolve(path)
        for file in sorted(_walk_folder(folder, own, others)) if path.is_dir() else [folder]:
            if file not in seen:
                seen.add(file)
                yield file


def resolve(path: Path) -> Path:
    """Return a path without links. Path.resolve raises on a circle of them before Python 3.13."""
    return Path(os.path.realpath(path))


def _walk_folder(root: Path, without: Path | None, passed_over: set[Path]) -> Iterator[Path]:
    closed: list[Path] = []
    walk = os.walk(root, onerror=lambda error: closed.append(Path(error.filename)))
    for folder, folders, names in walk:
        folders[:] = [
            name for name in folders if not name.startswith(".") and Path(folder, name) != without
        ]
        named = [(name, True) for name in folders] + [(name, False) for name in names]
        for name, is_folder in named:
            found = Path(folder, name)
            target = resolve(found) if os.path.islink(found) else found  # noqa: PTH114 - as above
            if is_folder and target.is_relative_to(root):
                continue
            if is_folder or _is_article(found):
                leads_here = target.is_relative_to(root) and not os.path.isdir(target)  # noqa: PTH112
                yield target if leads_here else found
            elif _is_shown(found) and found.suffix.lower() not in ARTICLE_SUFFIXES:
                passed_over.add(found)
    yield from closed


def _is_article(path: Path) -> bool:
    return _is_shown(path) and path.suffix.lower() in ARTICLE_SUFFIXES


def _is_shown(path: Path) -> bool:
    """Tell whether a file is there for its readers: not hidden, no editor's copy, no README."""
    is_hidden = path.name.startswith(".") or _EDITORS_COPY.fullmatch(path.name)
    return not is_hidden and path.stem.lower() != "readme"


def read_file(path: Path, limits: Limits | None = None) -> FileBytes:
    """Take in a file's bytes, all of one moment: a file that changes meanwhile is read once more.

    `path` is as `find_files` gives it: what is a link by now is refused. Raises UnreadableFile.
    """
    limits = limits or Limits()
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise UnreadableFile(path, "its name is not UTF-8; rename it") from None
    try:
        for pause in (_RETRY_SECONDS, 0):
            data, is_whole = _read_once(path, limits)
            if is_whole:
                return FileBytes(path, data, hashlib.sha256(data).hexdigest())
            time.sleep(pause)
    except FileNotFoundError:
        raise UnreadableFile(path, "the file vanished before it was read") from None
    except PermissionError:
        raise UnreadableFile(path, "no permission to read it") from None
    except OSError as error:
        raise UnreadableFile(path, f"cannot be read: {error.strerror or error}") from error
    raise UnreadableFile(path, "it changes while it is read; ingest it again once it is written")


def _read_once(path: Path, limits: Limits) -> tuple[bytes, bool]:
    """Return a file's bytes, and whether nobody wrote it meanwhile."""
    _require_regular(path, path.lstat())
    with os.fdopen(os.open(path, _OPEN_FLAGS), "rb") as file:
        status = os.fstat(file.fileno())
        _require_regular(path, status)
        if os.path.realpath(path) != str(path.absolute()):
            raise UnreadableFile(path, "a folder above it is a link; name its real path")
        if status.st_size > limits.file_mb * 1_000_000:
            found = f"{status.st_size / 1_000_000:.1f} MB"
            raise UnreadableFile(path, limits.tell_excess("file_mb", found))
        data = file.read(status.st_size + 1)
        is_whole = len(data) == status.st_size
        if time.time() - status.st_mtime < _CLOCK_SECONDS:
            file.seek(0)
            is_whole = is_whole and file.read(status.st_size + 1) == data
        return data, is_whole and _stamp(os.fstat(file.fileno())) == _stamp(status)


def _require_regular(path: Path, status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        where = "in a circle" if resolve(path).is_symlink() else "out of its folder"
        raise UnreadableFile(path, f"cannot be read: a link that leads {where}; name its target")
    if stat.S_ISDIR(status.st_mode):
        raise UnreadableFile(path, "a folder that cannot be searched; see its permissions")
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableFile(path, "not a regular file")


def _stamp(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns
