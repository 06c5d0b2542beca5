"""The README's first screen is what a user sees."""

import re
from pathlib import Path

from tests.libraries import ROOT, run

pytest_plugins = ["tests.library_fixtures"]

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_console_shows_real_output(library: Path) -> None:
    console = README.split("```console\n")[1].split("```")[0]
    examples = re.findall(
        r"^\$ footnote ask \"(.+?)\".*\n((?:(?!\$ ).*\n)+)", console, re.MULTILINE
    )
    assert len(examples) == 2
    for question, shown in examples:
        printed = run("ask", question, "--store", library).stdout
        assert " ".join(printed.split()).startswith(" ".join(shown.split()))


def test_the_python_example_runs(library: Path) -> None:
    code = README.split("```python\n")[1].split("```")[0]
    exec(code.replace('"library"', repr(str(library))), {})  # noqa: S102


def test_every_command_named_is_there() -> None:
    commands = set(re.findall(r"footnote (\w+)\b", README))
    assert commands == {
        "ingest", "watch", "ask", "chat", "articles", "read", "search", "verify", "eval", "serve",
        "keys", "mcp", "status",
    }  # fmt: skip
    for command in commands:
        assert run(command, "--help").exit_code == 0
