"""What differs from what was ingested, and when it is whole."""

import os
from pathlib import Path

from ingest.settle import Settling, Stamp, scan_files

A, B = Path("a"), Path("b")
ONE: Stamp = (1, 1, 1)
TWO: Stamp = (2, 2, 2)


def settled(files: dict[Path, Stamp]) -> Settling:
    """Return how it is after these files were ingested."""
    settling = Settling(rest=1, patience=10)
    settling.look(files, 0)
    settling.note_ingested(files, files)
    return settling


def test_the_first_time_there_is_something_to_do() -> None:
    settling = Settling(rest=1, patience=10)
    assert settling.look({}, 0) == set()
    settling.note_ingested({}, ())
    assert settling.look({}, 1) is None and not settling.is_waiting


def test_a_file_is_whole_when_it_has_stayed_as_it_is() -> None:
    settling = settled({})
    assert settling.look({A: ONE}, 0) is None
    assert settling.look({A: TWO}, 0.75) is None
    assert settling.look({A: TWO}, 1.5) is None
    assert settling.is_waiting
    assert settling.look({A: TWO}, 1.75) == {A}
    settling.note_ingested({A: TWO}, {A})
    assert settling.look({A: TWO}, 5) is None and not settling.is_waiting


def test_what_changes_together_is_taken_together() -> None:
    settling = settled({A: ONE})
    # The old name of a file that is copied to its new one.
    assert settling.look({B: ONE}, 0) is None
    assert settling.look({B: TWO}, 1) is None
    assert settling.look({B: TWO}, 2) == {B}


def test_nobody_waits_for_ever() -> None:
    settling = settled({})
    for second in range(10):
        assert settling.look({A: (second, 0, 0), B: ONE}, second) is None
    assert settling.look({A: (10, 0, 0), B: ONE}, 10) == {B}
    settling.note_ingested({A: (10, 0, 0), B: ONE}, {B})
    assert settling.look({A: (10, 0, 0), B: ONE}, 11) == {A}


def test_a_file_is_gone_when_it_stays_away() -> None:
    settling = settled({A: ONE, B: ONE})
    assert settling.look({B: ONE}, 0) is None
    assert settling.look({A: ONE, B: ONE}, 0.5) is None and not settling.is_waiting
    assert settling.look({B: ONE}, 2) is None
    assert settling.look({B: ONE}, 3) == set()
    settling.note_ingested({B: ONE}, set())
    assert settling.look({B: ONE}, 9) is None and not settling.is_waiting


def test_what_changes_while_it_is_ingested_is_read_again() -> None:
    settling = settled({A: ONE})
    settling.look({A: TWO}, 0)
    assert settling.look({A: TWO}, 1) == {A}
    settling.note_ingested({A: TWO}, {A})
    assert settling.look({A: (3, 3, 3)}, 1.5) is None
    assert settling.look({A: (3, 3, 3)}, 2.5) == {A}


def test_every_change_shows_in_a_stamp(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("one")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    first = scan_files([tmp_path])
    assert first[Path(os.path.realpath(tmp_path / "loop.txt"))] == (0, 0, 0)
    file.chmod(0o600)
    assert scan_files([tmp_path])[file.resolve()] != first[file.resolve()]
