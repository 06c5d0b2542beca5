"""`footnote watch` in a terminal: what it says, and how it ends."""

import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.embed import DEFAULT_MODEL, OnnxEmbedder
from ingest.sync import sync
from ingest.write import read_model
from tests.articles import make_text, write_articles
from tests.libraries import run
from tests.terminals import CODE, open_terminal


@pytest.mark.parametrize(
    "ending", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
def test_it_says_what_it_does_and_ends_cleanly(
    tmp_path: Path, model_folder: Callable[[Path], Path], ending: signal.Signals
) -> None:
    articles, library = tmp_path / "articles", tmp_path / "library"
    write_articles(articles, 1)
    model_folder(library)
    with open_terminal("watch", articles, "--store", library, size=(24, 300)) as terminal:
        assert f"watching {articles} for the library" in terminal.wait("Ctrl+C ends it", 120)
        terminal.wait("1 new: 1 article, ")
        (articles / "bad.txt").touch()
        (articles / "report-00.txt").rename(articles / "other.txt")
        terminal.wait("1 moved, 1 failed: 1 article, ")
        assert terminal.wait("the file is empty").strip().endswith("bad.txt: the file is empty")
        (articles / "other.txt").write_text(make_text(7), encoding="utf-8")
        terminal.wait("1 changed: 1 article, ")
        if ending == signal.SIGINT:
            terminal.send("\x03")
        else:
            terminal.process.send_signal(ending)
        assert terminal.close() == 0
        assert terminal.output.strip().endswith(b" stopped") and b"Traceback" not in terminal.output


def test_as_json_a_round_is_a_line(tmp_path: Path, model_folder: Callable[[Path], Path]) -> None:
    articles, library = tmp_path / "articles", tmp_path / "library"
    write_articles(articles, 1)
    model_folder(library)
    command = [sys.executable, "-c", CODE, "watch", str(articles), "--store", str(library)]
    with subprocess.Popen(
        [*command, "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        report = json.loads(process.stdout.readline())
        process.terminate()
        assert process.stdout.read() == b"" and process.wait(40) == 0
    assert (report["added"], report["articles"]) == (1, 1)


@pytest.mark.slow
def test_a_library_embedded_anew_is_followed_by_its_new_model(
    tmp_path: Path, model_folder: Callable[[Path], Path]
) -> None:
    articles, library = tmp_path / "articles", tmp_path / "library"
    write_articles(articles, 1)
    other = model_folder(library).with_name("other")
    shutil.copytree(model_folder(library), other)
    settings = (other / "model.json").read_text(encoding="utf-8")
    (other / "model.json").write_text(settings.replace(DEFAULT_MODEL, "other"), encoding="utf-8")
    with open_terminal("watch", articles, "--store", library, size=(24, 300)) as terminal:
        terminal.wait("1 new: 1 article, ", 120)
        sync([articles], library, OnnxEmbedder(other), reembed=True)
        write_articles(articles, 2)
        terminal.wait("1 new: 2 articles, ")
    assert read_model(library) == "other"


def test_wrong_input_is_named(tmp_path: Path) -> None:
    result = run("watch", tmp_path / "nowhere", "--store", tmp_path / "library")
    assert result.exit_code == 2 and "nowhere: there is no such file or folder" in result.stderr
    assert not (tmp_path / "library").exists()


def test_an_address_is_not_watched(tmp_path: Path) -> None:
    result = run("watch", "https://example.org/feed", "--store", tmp_path / "library")
    assert result.exit_code == 2 and "footnote ingest URL --allow-urls" in result.stderr
    assert not (tmp_path / "library").exists()
