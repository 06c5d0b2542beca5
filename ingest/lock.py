"""The writer's lock: one process at a time changes a library."""

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
            raise OSError(
                f"{path / LOCK_NAME} cannot be locked: {error}; "
                "keep the library on a disk that has locks"
            ) from error
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
