"""Changes, ingests, interruptions and restarts in any order; the row does it 1,000 times."""

from collections import Counter
from pathlib import Path

from benchmarks.reliability.state import try_examples


def test_library_is_the_folders_after_any_steps(tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    try_examples(tmp_path, None, counts, examples=3, seed=4, steps=15)
    assert counts["checks"] >= 5 and list(tmp_path.iterdir()) == []
