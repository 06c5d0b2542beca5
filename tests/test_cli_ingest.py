"""The ingest command: exit codes, the report, and what happens on the second run."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.articles import write_five_formats
from tests.libraries import ROOT, run

Ingest = Callable[..., Any]


@pytest.fixture
def store(tmp_path: Path, model_folder: Callable[[Path], Path]) -> Path:
    """A place for a library, with the model already there."""
    path = tmp_path / "library"
    model_folder(path)
    return path


def report(*arguments: object) -> dict[str, Any]:
    """Run `footnote ingest --json` and return its report."""
    parsed: dict[str, Any] = json.loads(run("ingest", "--json", *arguments).stdout)
    return parsed


def test_all_five_formats_are_stored(tmp_path: Path, store: Path) -> None:
    write_five_formats(tmp_path / "articles")
    result = run("ingest", tmp_path / "articles", "--store", store)
    assert result.exit_code == 0
    assert "5 articles" in result.stdout


def test_a_second_run_embeds_nothing(tmp_path: Path, store: Path) -> None:
    write_five_formats(tmp_path / "articles")
    first = report(tmp_path / "articles", "--store", store)
    second = report(tmp_path / "articles", "--store", store)
    assert first["added"] == 5 and first["embedded"] >= 5
    assert (second["added"], second["unchanged"], second["embedded"]) == (0, 5, 0)


def test_sync_removes_what_is_gone(tmp_path: Path, store: Path) -> None:
    files = write_five_formats(tmp_path / "articles")
    run("ingest", tmp_path / "articles", "--store", store)
    next(iter(files.values())).unlink()
    assert report(tmp_path / "articles", "--store", store)["articles"] == 5
    after = report(tmp_path / "articles", "--store", store, "--sync")
    assert (after["removed"], after["articles"]) == (1, 4)


def test_failed_files_are_named_and_the_rest_stored(tmp_path: Path, store: Path) -> None:
    write_five_formats(tmp_path / "articles")
    (tmp_path / "articles" / "empty.txt").touch()
    (tmp_path / "articles" / "broken.pdf").write_bytes(b"%PDF-1.7 nothing more")
    (tmp_path / "articles" / "binary.txt").write_bytes(bytes(range(256)) * 20)
    result = run("ingest", tmp_path / "articles", "--store", store)
    flat = "".join(result.stdout.split())
    assert result.exit_code == 3
    assert all(name in flat for name in ("empty.txt", "broken.pdf", "binary.txt"))
    assert "thefileisempty" in flat and "adamagedPDF" in flat and "binarydata" in flat
    assert "5articles" in flat


def test_an_empty_folder_is_nothing_to_do(tmp_path: Path, store: Path) -> None:
    (tmp_path / "articles").mkdir()
    result = run("ingest", tmp_path / "articles", "--store", store)
    assert result.exit_code == 2 and "no articles in" in result.stderr


def test_a_missing_folder_is_named_and_no_library_made(tmp_path: Path) -> None:
    result = run("ingest", tmp_path / "none", "--store", tmp_path / "library")
    assert result.exit_code == 2 and "no such file or folder" in result.stderr
    assert not (tmp_path / "library").exists()


def test_another_model_is_refused_with_the_command(tmp_path: Path, store: Path) -> None:
    write_five_formats(tmp_path / "articles")
    run("ingest", tmp_path / "articles", "--store", store)
    (store / "models" / "other").mkdir()
    default = store / "models" / "sentence-transformers--all-MiniLM-L6-v2"
    for file in default.iterdir():
        (store / "models" / "other" / file.name).write_bytes(file.read_bytes())
    settings = store / "models" / "other" / "model.json"
    named = json.loads(settings.read_text(encoding="utf-8")) | {"model": "other"}
    settings.write_text(json.dumps(named), encoding="utf-8")
    result = run("ingest", tmp_path / "articles", "--store", store, "--model", "other")
    assert result.exit_code == 2 and "--reembed" in result.stderr


def test_python_m_ingest_is_the_same_command(tmp_path: Path, store: Path) -> None:
    write_five_formats(tmp_path / "articles")
    command = [sys.executable, "-m", "ingest", str(tmp_path / "articles"), "--store", str(store)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "5 articles" in done.stdout


def test_the_scraped_article_answers_and_its_tail_is_gone(tmp_path: Path, store: Path) -> None:
    folder = ROOT.parent / "shared" / "articles"
    if not folder.exists():
        pytest.skip("the scraped article is not beside the project")
    assert run("ingest", folder, "--store", store).exit_code == 0
    wanted = {
        "What does Article 4 say?": "shall immediately provide military and other assistance",
        "Who is Cho Han-bum?": "a researcher at the Korea Institute for National Unification",
        "How many North Korean soldiers were in Kursk?": "up to 10,000 North Korean soldiers",
        "When did the two leaders meet in Pyongyang?": "In June of 2024",
    }
    for question, words in wanted.items():
        answer = json.loads(run("ask", question, "--store", store, "--json").stdout)
        assert words in answer["citations"][0]["quote"], question
        assert "Latest posts" not in json.dumps(answer)
