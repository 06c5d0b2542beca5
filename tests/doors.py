"""What the tests of the doors share: a few articles, and the examples of the docs run."""

import contextlib
import io
import re
from collections.abc import Mapping
from typing import Any

from tests.libraries import ROOT

LIMA = "When did the harbour of Lima open?"
ICELAND = "What is the population of Iceland?"
TEXTS = {
    f"{name}.md": f"""---
title: The harbour of {name.title()}
date: {date}
topics: [{topic}]
url: https://example.org/{name}
---

The harbour of {name.title()} opened in {year}. Its {tower} is {height} metres tall.

## The ferry

The ferry of {name.title()} carries {height} passengers to {goal}. It was built in {year + 50}.
"""
    for name, date, topic, year, tower, height, goal in (
        ("lima", "2024-01-01", "Ports", 1902, "lighthouse", 31, "Callao"),
        ("cairo", "2024-06-30", "Rivers", 1903, "crane", 42, "Aswan"),
        ("oslo", "2023-12-31", "Ports", 1901, "lighthouse", 53, "Nesodden"),
    )
}
_BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run_page(name: str, replaced: Mapping[str, str] | None = None) -> int:
    """Run the Python examples of docs/NAME in order; return how many.

    What one prints is what stands in the block of text after it. `replaced` are words of the page
    that mean something else here.
    """
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    for old, new in (replaced or {}).items():
        assert old in page
        page = page.replace(old, new)
    known: dict[str, Any] = {"__name__": "__example__"}
    printed = io.StringIO()
    count = 0
    for kind, body in _BLOCK.findall(page):
        if kind == "text":
            assert printed.getvalue() == body
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(body, known)  # noqa: S102
        count += 1
    return count
