"""Keep a server's library whole: find damage in the background, and repair it there."""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path

from ingest.child import run_child
from ingest.store import NoLibrary, Store

# Seconds: how often the open library is asked whether something is wrong, when all of its files are
# read for the first time, and how often after that.
_PAUSE, _FIRST_CHECK, _NEXT_CHECK = 2.0, 60.0, 6 * 3600.0
log = logging.getLogger(__name__)


class Keeper:
    """Looks after one library, by a thread; repairs run in a process of their own."""

    def __init__(self, path: Path, get_store: Callable[[], Store | None]) -> None:
        self._path = path
        self._get_store = get_store
        self._failed: tuple[str, ...] = ()
        self._stop = threading.Event()
        self._next_check = time.monotonic() + _FIRST_CHECK
        threading.Thread(target=self._watch, name="keeper", daemon=True).start()

    def close(self) -> None:
        """Stop looking; a repair that runs ends with this process, which harms nothing."""
        self._stop.set()

    def _watch(self) -> None:
        while not self._stop.wait(_PAUSE):
            store = self._get_store()
            flaws = store.flaws if store else ()
            # What could not be repaired is not tried again: it would fail in the same way.
            if (flaws and flaws != self._failed) or time.monotonic() >= self._next_check:
                self._next_check = time.monotonic() + _NEXT_CHECK
                try:
                    self._repair(flaws)
                    self._refresh(store)
                # No process to be had, no more open files: it may be so no more at the next check.
                except (OSError, sqlite3.Error) as error:
                    log.error("%s could not be checked: %s", self._path, error)

    def _repair(self, flaws: tuple[str, ...]) -> None:
        """Have another process check and repair the library; note what it could not do."""
        done = run_child("ingest.repair", str(self._path))
        told = (done.stdout + done.stderr).strip().split("\n")[-1]
        if done.returncode == 0:
            log.info("%s: %s", self._path, told)
            self._failed = ()
        elif "is being written" not in told:
            log.error("%s could not be repaired: %s", self._path, told)
            self._failed = flaws

    def _refresh(self, store: Store | None) -> None:
        try:
            if store:
                store.refresh()
        except NoLibrary as error:
            log.error("%s", error)
