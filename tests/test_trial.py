"""A vector index is tried in another process, once; what ends that one does not end this one."""

import json
import shutil
import sys
from pathlib import Path

import pytest

from ingest.generation import DamagedGeneration, Generation, IndexedPassage, write_generation
from ingest.manifest import write_manifest
from ingest.trial import RECORD_NAME
from tests.articles import WordEmbedder

TEXTS = [f"word{number} and more" for number in range(12)]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generation that was tried."""
    folder = tmp_path_factory.mktemp("trial") / "1"
    passages = [IndexedPassage(n, "Title", "", text) for n, text in enumerate(TEXTS, start=1)]
    vectors = WordEmbedder().encode(TEXTS)
    write_generation(folder, passages, [passage.number for passage in passages], vectors)
    try_vectors(folder)
    return folder


def try_vectors(folder: Path) -> int:
    """Try the vector index of a generation and open it; return how many vectors it has."""
    generation = Generation(folder, len(TEXTS))
    try:
        generation.try_vectors()
        return len(generation.vectors) if generation.vectors else 0
    finally:
        generation.close()


def make_python(folder: Path, script: str) -> str:
    """Write a program that stands for Python, and fails in its own way."""
    program = folder / "python"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return str(program)


def test_is_tried_once(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = shutil.copytree(original, tmp_path / "copy")
    record = json.loads((folder / RECORD_NAME).read_text(encoding="utf-8"))
    assert record["verdict"] == "sound"
    monkeypatch.setattr(sys, "executable", "no-such-python")
    assert try_vectors(folder) == len(TEXTS)


@pytest.mark.skipif(sys.platform == "win32", reason="programs as shell scripts")
def test_end_of_the_other_process_is_damage(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = shutil.copytree(original, tmp_path / "copy")
    (folder / RECORD_NAME).unlink()
    monkeypatch.setattr(sys, "executable", make_python(tmp_path, "kill -SEGV $$"))
    for _ in range(2):
        with pytest.raises(DamagedGeneration, match="ended the process that opened it: signal 11"):
            try_vectors(folder)
        # It is not even tried again.
        monkeypatch.setattr(sys, "executable", "no-such-python")


@pytest.mark.parametrize("script", [None, "echo no module; exit 1"])
def test_no_other_process_is_no_damage(
    original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None
) -> None:
    folder = shutil.copytree(original, tmp_path / "copy")
    (folder / RECORD_NAME).unlink()
    python = make_python(tmp_path, script) if script else "no-such-python"
    monkeypatch.setattr(sys, "executable", python)
    assert try_vectors(folder) == 0 and not (folder / RECORD_NAME).exists()


def test_index_of_other_vectors_is_damage(original: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(original, tmp_path / "copy")
    [graph] = folder.glob("vectors/*/data_level0.bin")
    graph.write_bytes(b"\x07" * graph.stat().st_size)
    (folder / RECORD_NAME).unlink()
    # As if it had been written like that.
    (folder / "held").unlink()
    write_manifest(folder, folder / "held")
    with pytest.raises(DamagedGeneration, match="vectors"):
        try_vectors(folder)
