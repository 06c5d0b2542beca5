"""The vector index: nearest passages, frozen after it was written."""

import gc
import sys
from pathlib import Path

import numpy as np
import pytest

from ingest import vectors as vectors_module
from ingest.vectors import VectorIndex, write_vector_index
from tests.articles import WordEmbedder


def read_graph(path: Path) -> bytes:
    """Return a file of the graph; Chroma notes each opening in its own database."""
    return b"" if path.name == "chroma.sqlite3" else path.read_bytes()


def test_nearest_passages_are_found(tmp_path: Path) -> None:
    vectors = WordEmbedder().encode([f"word{number} and more" for number in range(60)])
    numbers = [number * 7 + 1 for number in range(60)]
    write_vector_index(tmp_path, numbers, vectors)
    index = VectorIndex(tmp_path)
    try:
        assert len(index) == 60
        for row in (0, 17, 59):
            nearest = np.argsort(-(vectors @ vectors[row]), kind="stable")[:5]
            found = index.search(vectors[row], 5)
            assert numbers[row] in found and len(set(found)) == 5
            worst = min(vectors[numbers.index(number)] @ vectors[row] for number in found)
            assert worst >= vectors[nearest[-1]] @ vectors[row] - 1e-6
        # The graph is approximate, and not the same each time: a vector may not be reached.
        found = index.search(vectors[0], 1000)
        assert len(set(found)) == len(found) >= 57 and set(found) <= set(numbers)
    finally:
        index.close()


def test_reading_changes_no_graph_and_no_size(tmp_path: Path) -> None:
    vectors = WordEmbedder().encode(["one", "two", "three"])
    write_vector_index(tmp_path, [1, 2, 3], vectors)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    before = {path: (path.stat().st_size, read_graph(path)) for path in files}
    for _ in range(3):
        index = VectorIndex(tmp_path)
        index.search(vectors[0], 2)
        index.close()
    assert before == {path: (path.stat().st_size, read_graph(path)) for path in files}


def test_empty_index(tmp_path: Path) -> None:
    write_vector_index(tmp_path, [], np.empty((0, 32), dtype=np.float32))
    index = VectorIndex(tmp_path)
    assert len(index) == 0 and index.search(WordEmbedder().encode(["x"])[0], 5) == []
    index.close()


@pytest.mark.skipif(sys.platform != "linux", reason="counts what the process has open")
def test_an_index_that_could_not_be_written_holds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(vectors_module, "_set_threshold", fail)
    for number in range(2):
        with pytest.raises(OSError, match="No space left"):
            write_vector_index(tmp_path / str(number), [1], WordEmbedder().encode(["one"]))
    gc.collect()
    opened = (item.resolve() for item in Path("/proc/self/fd").iterdir())
    assert not [file for file in opened if file.is_relative_to(tmp_path.resolve())]
