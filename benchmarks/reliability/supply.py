"""What the program is made of: no dangerous calls, no hole that is neither mended nor argued."""

import ast
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from benchmarks.reliability.row import main_of

ROOT = Path(__file__).parents[2]
PRODUCT = ("ingest", "bot", "app.py")
ADVISORIES = Path(__file__).with_name("advisories.toml")
# They run code that data holds, or a shell.
_MODULES = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "joblib", "jsonpickle"}
_NAMES = {"eval", "exec", "__import__"}
_METHODS = {
    "os.system", "os.popen", "torch.load", "yaml.load", "yaml.unsafe_load", "yaml.full_load",
    "chromadb.HttpClient", "chromadb.AsyncHttpClient", "chromadb.Server",
}  # fmt: skip
# Keywords, and the value that each may not have; None is any.
_KEYWORDS = {
    "trust_remote_code": True, "allow_pickle": True, "shell": True, "query_texts": None,
    "allow_dangerous_deserialization": True,
}  # fmt: skip
_AUDIT_SECONDS = 120


def run(quick: bool, seed: int) -> dict[str, object]:
    """Look through the program's code, its linter's findings, its bounds, and an audit."""
    advisories = tomllib.loads(ADVISORIES.read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    files = [file for name in PRODUCT for file in list_code(ROOT / name)]
    failures = [
        f"{file.relative_to(ROOT)}:{line}: {what}"
        for file in files
        for line, what in find_dangers(file.read_text(encoding="utf-8"))
    ]
    failures += run_linter()
    failures += find_low_bounds(read_requirements(project), advisories["mended"])
    failures += find_expired(advisories["open"], datetime.now(UTC).date())
    found, skipped = audit(advisories["open"])
    failures += find_unargued(found, advisories["open"])
    result: dict[str, object] = {
        "files": len(files),
        "mended": len(advisories["mended"]),
        "argued": len(advisories["open"]),
        "audited": len(found) if not skipped else None,
        "failures": failures,
    }
    return {**result, "skipped": skipped} if skipped else result


def list_code(place: Path) -> list[Path]:
    """Return the Python files of a folder, or the file."""
    return sorted(place.rglob("*.py")) if place.is_dir() else [place]


def find_dangers(code: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the kind of what runs code that data holds, or hands it to others."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
            for name in [module] if module else [alias.name for alias in node.names]:
                if name.partition(".")[0] in _MODULES:
                    yield node.lineno, f"imports {name}"
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            if called in _NAMES or called in _METHODS:
                yield node.lineno, f"calls {called}"
            for keyword in filter(_is_dangerous, node.keywords):
                yield node.lineno, f"passes {ast.unparse(keyword)}"


def _is_dangerous(keyword: ast.keyword) -> bool:
    if keyword.arg not in _KEYWORDS:
        return False
    forbidden, value = _KEYWORDS[keyword.arg], keyword.value
    if forbidden is None:
        return not (isinstance(value, ast.Constant) and value.value is None)
    # What is not a constant may turn out to be it.
    return not isinstance(value, ast.Constant) or value.value == forbidden


def run_linter() -> list[str]:
    """Return what ruff finds in the program; its security rules are among those chosen."""
    command = [sys.executable, "-m", "ruff", "check", "--output-format", "concise"]
    done = subprocess.run([*command, *PRODUCT], cwd=ROOT, capture_output=True, text=True)  # noqa: S603 - all constants
    return [] if done.returncode == 0 else (done.stdout or done.stderr).strip().splitlines()


def read_requirements(project: dict[str, Any]) -> list[Requirement]:
    """Return what a project and its extras require."""
    extras = project.get("optional-dependencies", {}).values()
    return [Requirement(text) for group in (project["dependencies"], *extras) for text in group]


def find_low_bounds(
    requirements: Sequence[Requirement], mended: Sequence[dict[str, Any]]
) -> Iterator[str]:
    """Yield the holes that a requirement's lower bound lets in, and those of nothing required."""
    for hole in mended:
        asked = [r for r in requirements if canonicalize_name(r.name) == hole["package"]]
        if not asked:
            yield f"{hole['package']} is not required: {hole['ids'][0]} is of no concern here"
        for requirement in asked:
            lows = [Version(s.version) for s in requirement.specifier if s.operator in {">=", "=="}]
            if not lows or max(lows) < Version(hole["version"]):
                yield f"{requirement} lets {hole['ids'][0]} in; ask for >={hole['version']}"


def find_expired(argued: Sequence[dict[str, Any]], today: date) -> Iterator[str]:
    """Yield the arguments that are to be looked at again."""
    for hole in argued:
        if hole["expires"] < today:
            yield f"{hole['package']}, {hole['ids'][0]}: argued until {hole['expires']}"


def audit(argued: Sequence[dict[str, Any]]) -> tuple[list[tuple[str, set[str]]], str]:
    """Return the known holes of what is installed, as packages with ids; or why there is no list.

    Needs pip-audit, which asks a public list of advisories. One that does not know of the holes
    that are argued is no list: mirrors of package indexes answer without any.
    """
    if find_spec("pip_audit") is None:
        return [], "no audit: pip-audit is not installed (pip install pip-audit)"
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_AUDIT_SECONDS)  # noqa: S603 - all constants
        told = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return [], f"no audit: the list of advisories did not answer in {_AUDIT_SECONDS} s"
    except ValueError:
        return [], f"no audit: {(done.stderr.strip().splitlines() or ['nothing came back'])[-1]}"
    found = [
        (str(canonicalize_name(item["name"])), {hole["id"], *hole.get("aliases", ())})
        for item in told["dependencies"]
        for hole in item.get("vulns", ())
    ]
    if not any(ids & set(hole["ids"]) for _, ids in found for hole in argued):
        return found, f"no audit: the list of advisories knows nothing of {argued[0]['ids'][0]}"
    return found, ""


def find_unargued(
    found: Sequence[tuple[str, set[str]]], argued: Sequence[dict[str, Any]]
) -> Iterator[str]:
    """Yield the holes found that the file does not argue."""
    for package, ids in found:
        if not any(package == hole["package"] and ids & set(hole["ids"]) for hole in argued):
            yield f"{package} has {', '.join(sorted(ids))}: mend it, or argue it in advisories.toml"


if __name__ == "__main__":
    main_of(run, "supply")
