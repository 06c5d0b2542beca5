"""The locks of a library: one process at a time changes it, and one stores what readers say."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import portalocker

from ingest.disk import explain_errors

LOCK_NAME = "writer.lock"
FEEDBACK_LOCK_NAME = "feedback.lock"


class LibraryBusy(RuntimeError):
    """Another process is writing the library."""


@contextmanager
def lock_library(path: Path) -> Iterator[None]:
    """Hold the writer's lock; the system lets go of it when the process ends, however it ends.

    Makes the folder if there is none. Raises LibraryBusy, and OSError when it cannot be locked.
    """
    with explain_errors(path, OSError):
        path.mkdir(parents=True, exist_ok=True)
        file = (path / LOCK_NAME).open("a+", encoding="utf-8")
    with file:
        try:
            flags = portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING
            portalocker.lock(file, flags)
        except portalocker.AlreadyLocked:
            holder = _describe_holder(_read_holder(file))
            raise LibraryBusy(
                f"{path} is being written by {holder}; try again when it is done"
            ) from None
        except portalocker.LockException as error:
            raise _explain_failure(path / LOCK_NAME, error) from error
        pid = os.getpid()
        try:
            with explain_errors(path, OSError):
                file.truncate(0)
                file.write(json.dumps({"pid": pid, "host": socket.gethostname()}))
                file.flush()
            yield
        finally:
            # A process that was forked meanwhile has the file open too: closing it is not enough.
            if os.getpid() == pid:
                portalocker.unlock(file)


@contextmanager
def lock_feedback(path: Path) -> Iterator[None]:
    """Hold the lock of what readers say, waiting for it: no word goes to a database on its way out.

    It is held for as long as a row or a copy of the database takes to write. Raises OSError when it
    cannot be locked.
    """
    with explain_errors(path, OSError):
        file = (path / FEEDBACK_LOCK_NAME).open("ab")
    with file:
        try:
            portalocker.lock(file, portalocker.LockFlags.EXCLUSIVE)
        except portalocker.LockException as error:
            raise _explain_failure(path / FEEDBACK_LOCK_NAME, error) from error
        try:
            yield
        finally:
            portalocker.unlock(file)


def _explain_failure(file: Path, error: portalocker.LockException) -> OSError:
    return OSError(f"{file} cannot be locked: {error}; keep the library on a disk that has locks")


def _read_holder(file: IO[str]) -> str:
    # Windows lets nobody read what another has locked.
    with suppress(OSError):
        file.seek(0)
        return file.read()
    return ""


def _describe_holder(text: str) -> str:
    try:
        holder = json.loads(text)
        return f"process {holder['pid']} on {holder['host']}"
    except (ValueError, KeyError):
        return "another process"
