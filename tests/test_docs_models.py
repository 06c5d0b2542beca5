"""The example of docs/models.md, run with a scripted model in place of a provider's."""

from pathlib import Path

import pytest

from tests.doors import run_page
from tests.model_server import run_server, say

pytest_plugins = ["tests.door_fixtures"]


def test_the_example_of_the_page_runs(harbours: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(harbours.parent)
    with run_server(say("The harbour of Lima opened in 1902. [1]")) as server:
        named = f'model="tiny", model_url={server.url!r}'
        question = '"When did the harbour of Lima open?"'
        replaced = {
            'model="openai:NAME"': named,
            '"What does Article 4 of the treaty require?")\n    print': f"{question})\n    print",
        }
        assert run_page("models.md", replaced) == 1
        assert server.asked
