"""The door for Python: what `import bot` gives and costs, and that its examples run."""

import doctest
import subprocess
import sys
from pathlib import Path

import pytest

import bot
from tests.doors import run_page
from tests.libraries import ROOT

pytest_plugins = ["tests.door_fixtures"]

HEAVY = ("torch", "sentence_transformers", "chromadb", "langchain", "langchain_core", "mcp")


def list_imported(code: str, *names: str) -> set[str]:
    """Return which of some modules a fresh process has imported after it ran some code."""
    ask = f"{code}\nimport sys; print(*[name for name in {names!r} if name in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.split())


def test_importing_the_package_imports_next_to_nothing() -> None:
    assert list_imported("import bot", *HEAVY, "numpy", "onnxruntime", "bot.answer") == set()


def test_asking_never_imports_what_is_heavy(harbours: Path) -> None:
    code = f"import bot\nwith bot.Bot.open({str(harbours)!r}) as it: it.ask('How tall is it?')"
    assert list_imported(code, *HEAVY, "bot.answer") == {"bot.answer"}


def test_every_public_name_is_there() -> None:
    for name in bot.__all__:
        assert getattr(bot, name) is not None
        assert name in dir(bot)
    assert {name for names in bot._MODULES.values() for name in names} == set(bot.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Bott'"):
        bot.Bott  # noqa: B018


def test_the_doctest_runs(harbours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(harbours.parent)
    result = doctest.testmod(bot)
    assert result.attempted == 5
    assert result.failed == 0


def test_the_examples_of_the_page_run(harbours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(harbours.parent)
    assert run_page("python.md") > 5
