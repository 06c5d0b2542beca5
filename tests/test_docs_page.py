"""docs/page.md: the commands open the page, and the links are those of citations."""

import re
import shutil
from pathlib import Path

import httpx
import pytest

from app import main
from bot.cite import Answer
from bot.web.link import link_to_quote
from tests.libraries import ROOT
from tests.sites import Site

pytest_plugins = ["tests.library_fixtures"]

PAGE = (ROOT / "docs" / "page.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    (?:(\w+)=… )?python (app\.py.*)$", PAGE, re.MULTILINE)


def test_the_commands_open_the_page(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last one, which has a part for staff beside what the first has."""
    assert [bool(password) for password, _ in COMMANDS] == [False, True]
    password, command = COMMANDS[-1]
    assert password in (main.__doc__ or "")
    monkeypatch.setenv(password, "a long password")
    store = shutil.copytree(library, tmp_path / "library")
    site = Site(store, [*command.split(), "--store", str(store), "--no-browser"])
    try:
        site.start()
        assert '"title":"Footnote"' in httpx.get(site.address).text
        assert httpx.get(f"{site.address}/staff/feedback.jsonl").status_code == 403
    finally:
        site.stop()


def test_links_are_those_of_citations(real_answer: Answer) -> None:
    [form] = re.findall(r"^    (/a/.+)$", PAGE, re.MULTILINE)
    pattern = re.escape(form).replace("ARTICLE", r"[\w-]+").replace("TEXT", r"[0-9a-f]+")
    pattern = pattern.replace("START", r"(\d+)").replace("END", r"(\d+)")
    for citation in real_answer.citations:
        found = re.fullmatch(pattern, link_to_quote(citation))
        assert found and found.groups() == (str(citation.start), str(citation.end))
