"""Several processes on one library: a second writer, and readers during writes."""

from pathlib import Path

from benchmarks.reliability.processes import read_during_writes, refuse_second_writers


def test_a_second_writer_is_refused_and_a_killed_one_keeps_nobody_out(tmp_path: Path) -> None:
    assert set(refuse_second_writers(tmp_path).values()) == {""}


def test_readers_see_whole_revisions_and_never_an_older_one(tmp_path: Path) -> None:
    [watch] = read_during_writes(tmp_path, revisions=3, readers=1)
    assert watch.faults == [] and watch.looks and 3 in watch.revisions
