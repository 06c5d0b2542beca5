"""A generation on the disk: whole or not at all, held by its readers, damage is noticed."""

import shutil
from pathlib import Path

import pytest

from ingest.generation import (
    DamagedGeneration,
    Generation,
    IndexedPassage,
    remove_generations,
    write_generation,
)
from tests.articles import WordEmbedder

TEXTS = [f"word{number} and more" for number in range(12)]


def write(folder: Path) -> Path:
    passages = [IndexedPassage(n, "Title", "", text) for n, text in enumerate(TEXTS, start=1)]
    numbers = [passage.number for passage in passages]
    write_generation(folder, passages, numbers, WordEmbedder().encode(TEXTS))
    return folder


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("generations") / "00000001-a")


def test_is_written_whole_and_opens(original: Path) -> None:
    assert [path.name for path in original.parent.iterdir()] == [original.name]
    generation = Generation(original, len(TEXTS))
    assert generation.words.search(["word3"], 5)[0][0] == 4
    assert generation.vectors is None
    generation.open_vectors()
    assert generation.vectors is not None and len(generation.vectors) == len(TEXTS)
    generation.close()


def test_every_cut_or_missing_file_is_noticed(original: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(original, tmp_path / "copy")
    files = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]
    assert len(files) > 10
    for path in files:
        data = path.read_bytes()
        for damaged in (b"", data[: len(data) // 2], None):
            path.unlink()
            if damaged is not None:
                path.write_bytes(damaged)
            with pytest.raises(DamagedGeneration):
                Generation(folder, len(TEXTS)).close()
            path.write_bytes(data)
    Generation(folder, len(TEXTS)).close()


def test_number_of_passages_is_compared(original: Path) -> None:
    with pytest.raises(DamagedGeneration, match="12 of 13 passages"):
        Generation(original, 13)


def test_vector_index_that_does_not_open(original: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(original, tmp_path / "copy")
    database = folder / "vectors" / "chroma.sqlite3"
    database.write_bytes(b"\xff" * database.stat().st_size)
    generation = Generation(folder, len(TEXTS))
    with pytest.raises(DamagedGeneration, match="vectors"):
        generation.open_vectors()
    generation.close()


def test_only_what_no_reader_holds_is_removed(original: Path, tmp_path: Path) -> None:
    for name in ("old", "held", "current"):
        shutil.copytree(original, tmp_path / name)
    shutil.copytree(original, tmp_path / "half.partial")
    (tmp_path / "half.partial" / "held").unlink()
    reader = Generation(tmp_path / "held", len(TEXTS))
    remove_generations(tmp_path, "current")
    assert {path.name for path in tmp_path.iterdir()} == {"held", "current"}
    assert reader.words.search(["word3"], 5)
    reader.close()
    remove_generations(tmp_path, "current")
    assert [path.name for path in tmp_path.iterdir()] == ["current"]


def test_left_over_partial_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "1.partial" / "words").mkdir(parents=True)
    (tmp_path / "1.partial" / "words" / "meta.json").write_text("rubbish", encoding="utf-8")
    write(tmp_path / "1")
    Generation(tmp_path / "1", len(TEXTS)).close()
    assert [path.name for path in tmp_path.iterdir()] == ["1"]
