"""The commands that look after a library: what they print and their exit status."""

import json
import shutil
from pathlib import Path

import pytest

from ingest.lock import lock_library
from ingest.schema import FILE_NAME
from ingest.store import Store
from ingest.sync import sync
from tests.articles import WordEmbedder, write_articles
from tests.libraries import run


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    write_articles(tmp_path / "articles", 3)
    sync([tmp_path / "articles"], tmp_path / "library", WordEmbedder())
    return tmp_path / "articles"


def test_status_of_a_library(articles: Path, tmp_path: Path) -> None:
    store = tmp_path / "library"
    result = run("status", "--store", store)
    assert result.exit_code == 0 and "good" in result.stdout and "words-32" in result.stdout
    (articles / "report-00.txt").write_text("Other words.", encoding="utf-8")
    (articles / "report-01.txt").unlink()
    result = run("status", "--store", store, "--deep", "--json")
    status = json.loads(result.stdout)
    assert (result.exit_code, status["healthy"], status["articles"]) == (0, True, 3)
    assert [Path(name).name for name in status["changed"]] == ["report-00.txt"]
    assert [Path(name).name for name in status["gone"]] == ["report-01.txt"]
    (store / FILE_NAME).unlink()
    result = run("status", "--store", store)
    assert result.exit_code == 1 and f"{FILE_NAME} is missing" in result.stdout
    assert "footnote repair" in result.stdout and "report-00.txt" in result.stdout
    result = run("repair", "--store", store)
    assert result.exit_code == 0 and "3 articles came from the spare copy" in result.stdout
    assert run("status", "--store", store).exit_code == 0
    assert json.loads(run("repair", "--store", store, "--json").stdout)["flaws"] == []


def test_no_library(tmp_path: Path) -> None:
    for command in (["status"], ["repair"], ["backup", tmp_path / "a"]):
        result = run(*command, "--store", tmp_path / "none")
        assert result.exit_code == 2 and "footnote ingest FOLDER" in result.stderr
    for file in (tmp_path, tmp_path / "b"):
        result = run("restore", file, "--store", tmp_path / "none")
        assert result.exit_code == 2 and f"{file} is no file; name one" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_backup_and_restore(articles: Path, tmp_path: Path) -> None:
    store, file = tmp_path / "library", tmp_path / "kept.sqlite"
    with Store(store) as reader:
        assert run("backup", file, "--store", store).exit_code == 0
        result = run("backup", file, "--store", store)
        assert result.exit_code == 2 and "--force" in result.stderr
        for place in (tmp_path, tmp_path / "nowhere" / "a"):
            result = run("backup", place, "--store", store, "--force")
            assert result.exit_code == 1 and f"{place} cannot be written" in result.stderr
        before = reader.list_articles()
        write_articles(articles, 5, version=1)
        sync([articles], store, WordEmbedder())
        assert reader.refresh() and reader.count_articles() == 5
        result = run("restore", file, "--store", store)
        assert result.exit_code == 2 and "--force" in result.stderr and reader.count_articles() == 5
        with lock_library(store):
            result = run("restore", file, "--store", store, "--force")
            assert result.exit_code == 1 and "is being written" in result.stderr
        made = json.loads(run("backup", tmp_path / "b", "--store", store, "--json").stdout)
        assert made["bytes"] == (tmp_path / "b").stat().st_size
        result = run("restore", file, "--store", store, "--force", "--json")
        assert result.exit_code == 0 and json.loads(result.stdout)["articles"] == 3
        assert reader.refresh() and reader.list_articles() == before and reader.revision == 3
        assert reader.flaws == () and len(reader.search_words(["harbour"], 100)) > 3
    assert run("status", "--store", store, "--deep").exit_code == 0
    # Elsewhere, from the file alone.
    assert run("restore", file, "--store", tmp_path / "other").exit_code == 0
    with Store(tmp_path / "other") as other:
        assert other.list_articles() == before
    assert sync([articles], store, WordEmbedder()).changed == 3


def test_damaged_backup_is_refused(articles: Path, tmp_path: Path) -> None:
    store, file = tmp_path / "library", tmp_path / "kept.sqlite"
    run("backup", file, "--store", store)
    data = file.read_bytes()
    file.write_bytes(data.replace(b"met on 3 May", b"met on 8 May"))
    before = shutil.copytree(store, tmp_path / "copy")
    result = run("restore", file, "--store", store, "--force")
    assert result.exit_code == 1 and "nothing was changed" in result.stderr
    assert (store / FILE_NAME).read_bytes() == (before / FILE_NAME).read_bytes()
