"""The writer's lock: one process at a time changes a library."""

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import portalocker

LOCK_NAME = "writer.lock"


class LibraryBusy(RuntimeError):
    """Another process is writing the library."""


@contextmanager
def lock_library(path: Path) -> Iterator[None]:
    """Hold the writer's lock; the system lets go of it when the process ends, however it ends.

    Raises LibraryBusy.
    """
    with (path / LOCK_NAME).open("a+", encoding="utf-8") as file:
        try:
            flags = portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING
            portalocker.lock(file, flags)
        except portalocker.LockException:
            file.seek(0)
            holder = _describe_holder(file.read())
            raise LibraryBusy(
                f"{path} is being written by {holder}; try again when it is done"
            ) from None
        file.truncate(0)
        file.write(json.dumps({"pid": os.getpid(), "host": socket.gethostname()}))
        file.flush()
        yield


def _describe_holder(text: str) -> str:
    try:
        holder = json.loads(text)
        return f"process {holder['pid']} on {holder['host']}"
    except (ValueError, KeyError):
        return "another process"
