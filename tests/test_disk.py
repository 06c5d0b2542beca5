"""A disk that fails: what a user is told, and what is left, of the ingest it happens to."""

import errno
import sqlite3
from pathlib import Path

import pytest

from benchmarks.reliability.disk import Tally, Template, fail_changes
from benchmarks.reliability.ingester import Fault, Ingester, NoCompiler, compile_disk
from ingest.disk import explain_write_error


def test_full_disk_has_one_name(tmp_path: Path) -> None:
    for error in (
        sqlite3.OperationalError("database or disk is full"),
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        ValueError("An IO error occurred: 'No space left on device (os error 28)'"),
    ):
        assert explain_write_error(tmp_path, error) == "the disk is full"
    assert explain_write_error(tmp_path, OSError(errno.EIO, "I/O error", "a")) == "I/O error"
    assert explain_write_error(tmp_path, RuntimeError("segment")) == "segment"
    assert list(tmp_path.iterdir()) == []


def test_ingest_on_a_failing_disk_leaves_the_library_as_it_was(tmp_path: Path) -> None:
    try:
        compile_disk(tmp_path)
    except NoCompiler as error:
        pytest.skip(str(error))
    tally = Tally()
    with Ingester() as ingester:
        template = Template.make(tmp_path / "template", ingester)
        fail_changes(template, tmp_path / "work", ingester, tally, [template.changes // 2])
        killed = ingester.ingest(template.new, template.library, Fault(at=template.changes - 20))
    assert (tally.faults, tally.failures, killed.signal) == (2, [], 9)
    # A full disk is always told; one failing change may harm nothing, which was checked.
    assert tally.reported >= 1
