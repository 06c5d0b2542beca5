"""docs/store.md shows what its commands print."""

import re
import shutil
from pathlib import Path

import pytest

from tests.libraries import ROOT, run

pytest_plugins = ["tests.library_fixtures"]

PAGE = (ROOT / "docs" / "store.md").read_text(encoding="utf-8")


def hide_numbers(text: str) -> str:
    """Return a text without its numbers: corpus/ may change."""
    return re.sub(r"[0-9.]+", "0", text)


def test_the_commands_print_this(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(library, "my-library")
    monkeypatch.setenv("FOOTNOTE_STORE", "my-library")
    shown = re.findall(r"^\$ footnote (.*)\n((?:(?!\$|```).*\n)+)", PAGE, re.MULTILINE)
    assert [line.split()[0] for line, _ in shown] == [
        "status", "repair", "backup", "restore",
    ]  # fmt: skip
    for line, told in shown:
        result = run(*line.split())
        assert result.exit_code == 0, result.stderr
        begun, cut, _ = told.partition("…")
        printed, wanted = hide_numbers(result.stdout), hide_numbers(begun)
        assert printed.startswith(wanted) if cut else printed == wanted
