"""Processes forked from one that has libraries open: they open them anew.

SQLite's locks and Chroma's threads stay with the parent. A child that went on with them would hold
no lock: another process could remove the log under it, and it would go on with the old one.
"""

import os
import threading
from typing import Protocol
from weakref import WeakSet


class Forkable(Protocol):
    """Something open that a forked process must open for itself."""

    def hold_for_fork(self) -> None:
        """Let no other thread be in the middle of anything."""

    def release_after_fork(self) -> None:
        """Go on in the parent."""

    def close_after_fork(self) -> None:
        """Let go in the child of what is the parent's."""

    def reopen_after_fork(self) -> None:
        """Open everything anew in the child, and go on. Must raise nothing."""


_followed: WeakSet[Forkable] = WeakSet()
_held: list[Forkable] = []
# One thread forks at a time: what is held is the fork's own.
_forking = threading.Lock()


def follow_forks(thing: Forkable) -> None:
    """Have a thing opened anew in whatever is forked from this process while the thing lives."""
    _followed.add(thing)


def _hold_all() -> None:
    _forking.acquire()
    _held[:] = _followed
    for thing in _held:
        thing.hold_for_fork()


def _release_all() -> None:
    for thing in reversed(_held):
        thing.release_after_fork()
    _held.clear()
    _forking.release()


def _reopen_all() -> None:
    # All first: SQLite has one set of locks for all connections of a process to a file.
    for thing in _held:
        thing.close_after_fork()
    for thing in reversed(_held):
        thing.reopen_after_fork()
    _held.clear()
    _forking.release()


# Windows has no fork.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_hold_all, after_in_parent=_release_all, after_in_child=_reopen_all)
