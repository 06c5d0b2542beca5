"""The chat's events: what is told of a question that cannot be asked, and of no question."""

from collections.abc import Iterator
from typing import Any

import gradio
import pytest

from bot.page.chat import Chat
from bot.page.library import Shelf
from tests.libraries import MakeBot

pytest_plugins = ["tests.library_fixtures"]


class HeldLibrary:
    """A library that is open already."""

    def __init__(self, bot: Any) -> None:
        self.path = bot.store.path
        self._bot = bot

    def get_bot(self) -> Any:
        """Return its bot."""
        return self._bot

    def read_making(self) -> None:
        """Return that it is whole."""


@pytest.fixture
def chat(make_bot: MakeBot) -> Iterator[Any]:
    """A chat on a library of one article."""
    library: Any = HeldLibrary(make_bot({"NK-25.txt": "The Ferry\n\nThe ferry was built in 1911."}))
    yield Chat(library, Shelf(library))


def test_names_in_a_reason_keep_their_capitals(chat: Any) -> None:
    scope = {"articles": ["NATO-25"]}
    *_, (messages, *_) = chat.answer("Who built it?", None, scope, None)
    assert "No article &#x27;NATO-25&#x27; in the library" in messages[-1]["content"]


@pytest.mark.parametrize("blank", ["", " \n"])
def test_no_question_changes_nothing(chat: Any, blank: str) -> None:
    for change in chat.answer(blank, None, None, None):
        assert all(item == gradio.skip() for item in change)
