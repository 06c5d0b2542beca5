"""A real server of language models: `transformers serve`, with a model that knows nothing."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import httpx
import pytest

from bot.model import open_model
from tests.libraries import check_law, open_words_bot, write_texts
from tests.sites import find_free_port
from tests.tiny_model import make_tiny_model

SERVE = shutil.which("transformers", path=str(Path(sys.executable).parent))
pytestmark = [
    # Half a minute, of which a test here takes a second.
    pytest.mark.slow,
    pytest.mark.skipif(
        SERVE is None or find_spec("accelerate") is None,
        reason="`transformers serve` needs accelerate: pip install accelerate",
    ),
]
MESSAGES = (("system", "Rules."), ("user", "Why?"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model."""
    return make_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Where the server of that model speaks OpenAI's protocol."""
    port = find_free_port()
    command = [str(SERVE), "serve", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    offline = {**os.environ, "HF_HUB_OFFLINE": "1"}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=offline, stdout=quiet, stderr=quiet) as process:
        try:
            for _ in range(1200):
                try:
                    httpx.get(f"http://127.0.0.1:{port}/health", timeout=5).raise_for_status()
                    break
                except httpx.HTTPError:
                    assert process.poll() is None, "transformers serve ended"
                    time.sleep(0.1)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()


def test_what_it_says_is_heard_as_it_comes(folder: Path, address: str) -> None:
    model = open_model(f"openai:{folder}", address)
    parts = list(model.stream(MESSAGES, 60))
    assert len(parts) > 1 and "".join(parts).strip()


def test_of_its_babble_nothing_is_shown(folder: Path, address: str, tmp_path: Path) -> None:
    texts = {"oslo.md": "# Oslo\n\nThe harbour of Oslo is 9 metres deep."}
    with open_words_bot(write_texts(tmp_path / "articles", texts), tmp_path / "library") as bot:
        bot.model, bot.time_limit = open_model(f"openai:{folder}", address), 60
        answer = bot.ask("How deep is the harbour of Oslo?")
        check_law(answer, bot.store)
    assert answer.sentences[0].text == "The harbour of Oslo is 9 metres deep."
    assert answer.note
