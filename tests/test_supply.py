"""The row on what the program is made of: it holds, and it sees what would not."""

import re
import tomllib
from datetime import date, timedelta
from importlib.util import find_spec
from typing import Any

import pytest
from packaging.requirements import Requirement

from benchmarks.reliability import supply
from benchmarks.reliability.supply import (
    ADVISORIES,
    ROOT,
    find_dangers,
    find_expired,
    find_low_bounds,
    find_unargued,
)

HOLE: dict[str, Any] = {
    "ids": ["CVE-1", "GHSA-1"], "package": "some-parser", "version": "2.1",
    "expires": date(2027, 1, 1),
}  # fmt: skip


def test_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    # An audit would ask the network.
    monkeypatch.setattr(supply, "audit", lambda argued: ([("chromadb", {"CVE-2026-45829"})], ""))
    result = supply.run(quick=True, seed=0)
    assert result["failures"] == [] and result["audited"] == 1


@pytest.mark.parametrize(
    "code",
    ["import pickle", "from pickle import loads", "import marshal as m", "eval('1')", "exec(x)",
     "torch.load(f)", "yaml.load(f)", "os.system('x')", "f(trust_remote_code=True)",
     "f(trust_remote_code=flag)", "collection.query(query_texts=[q])", "run(x, shell=True)",
     "numpy.load(f, allow_pickle=True)", "chromadb.HttpClient()"],
)  # fmt: skip
def test_dangerous_code_is_seen(code: str) -> None:
    assert list(find_dangers(code))


@pytest.mark.parametrize(
    "code",
    ["import json", "model.eval()", "re.compile('x')", "f(trust_remote_code=False)",
     "numpy.load(f, allow_pickle=False)", "collection.query(query_embeddings=v)"],
)  # fmt: skip
def test_harmless_code_is_left_alone(code: str) -> None:
    assert not list(find_dangers(code))


@pytest.mark.parametrize(
    ("requirement", "held"),
    [("some.parser>=2.1,<3", True), ("Some_Parser>=2.2", True), ("some-parser>=2,<3", False),
     ("some-parser<3", False), ("other>=9", False)],
)  # fmt: skip
def test_a_bound_below_a_hole_is_seen(requirement: str, held: bool) -> None:
    assert (not list(find_low_bounds([Requirement(requirement)], [HOLE]))) is held


def test_an_argument_ends() -> None:
    end = HOLE["expires"]
    assert not list(find_expired([HOLE], end))
    assert list(find_expired([HOLE], end + timedelta(days=1)))


def test_what_is_found_must_be_argued() -> None:
    assert not list(find_unargued([("some-parser", {"PYSEC-1", "GHSA-1"})], [HOLE]))
    assert list(find_unargued([("some-parser", {"CVE-2"})], [HOLE]))
    assert list(find_unargued([("other", {"CVE-1"})], [HOLE]))


def test_what_the_page_on_security_names_is_there() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    modules = re.findall(r"python -m (benchmarks[\w.]*)", text)
    files = re.findall(r"(?:tests|docs|benchmarks)/[\w/]+\.\w+", text)
    assert len(modules) >= 4 and len(files) >= 4
    assert [name for name in modules if find_spec(name) is None] == []
    assert [file for file in files if not (ROOT / file).exists()] == []
    open_holes = tomllib.loads(ADVISORIES.read_text(encoding="utf-8"))["open"]
    assert all(any(name in text for name in hole["ids"]) for hole in open_holes)
