"""Answers out of lists, tables and numbered rules, each item with what stands above it."""

from collections.abc import Iterator

import pytest

from bot.answer import Bot
from ingest.embed import Embedder
from ingest.sync import sync
from tests.libraries import check_law

pytest_plugins = ["tests.library_fixtures"]

RULES = """# House rules of the tool library

The library lends tools to its members from Monday to Friday. It is run by the members themselves.

## Members

Members must not:

- lend tools to persons who are not members;
- repair a tool themselves;
- keep a tool for more than two weeks.

## Opening hours

| Day | Early shift | Late shift |
|---|---|---|
| Monday | Ann | Ben |
| Friday | | Jonas |

## Changing a blade

1. Unplug the saw and wait for it to stop.
2. Loosen the bolt with the long key.
3. Lift the old blade out with gloves.
"""


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Bot]:
    """A bot of one article of rules."""
    folder = tmp_path_factory.mktemp("rules")
    (folder / "rules.md").write_text(RULES, encoding="utf-8")
    sync([folder / "rules.md"], folder / "library", embedder)
    with Bot.open(folder / "library") as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            "Can I lend tools to persons who are not members?",
            "Members must not: [1]\nlend tools to persons who are not members; [2]",
        ),
        (
            "Who works the late shift on Friday?",
            "Day | Early shift | Late shift [1]\nFriday | – | Jonas [2]",
        ),
        ("What is the third step of changing a blade?", "3. Lift the old blade out with gloves."),
        ("What does step 2 say?", "2. Loosen the bolt with the long key. [1]"),
        ("How do I change a blade?", "1. Unplug the saw and wait for it to stop. [1]\n2. Loosen"),
        ("What does rule 9 say?", "The articles do not say. No article mentions rule 9."),
    ],
)
def test_items_rows_and_steps(rules: Bot, question: str, text: str) -> None:
    answer = rules.ask(question)
    assert answer.text.startswith(text)
    check_law(answer, rules.store)
