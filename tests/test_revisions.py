"""Questions while the library changes under them: whole answers, by the model of the vectors."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.answer import Bot
from bot.retrieve import Passage
from bot.trace import Trace
from ingest.embed import DEFAULT_MODEL, Embedder, ModelUnavailable, Vectors
from ingest.snapshot import Numbers
from ingest.store import Store
from ingest.sync import sync
from tests.articles import WordEmbedder, write_articles
from tests.libraries import load_reader

QUESTION = "What did the committee of Oslo agree on?"


class MovingStore(Store):
    """A store that is refreshed, as by another thread, in the middle of its next searches."""

    changes: tuple[Callable[[], object], ...] = ()

    def search_vector(
        self, vector: Vectors, limit: int, among: Numbers | None = None
    ) -> list[tuple[int, float]]:
        found = super().search_vector(vector, limit, among)
        if self.changes:
            change, *others = self.changes
            self.changes = tuple(others)
            change()
            self.refresh()
        return found


def list_passages(trace: Trace) -> list[Passage]:
    return [item.passage for item in trace.passages]


def test_passages_that_are_replaced_during_a_search_are_not_missed(tmp_path: Path) -> None:
    folder, library, embedder = tmp_path / "articles", tmp_path / "library", WordEmbedder()
    sync(write_articles(folder, 6), library, embedder)

    def change(version: int) -> None:
        sync(write_articles(folder, 6, version), library, embedder)

    with Bot(MovingStore(library), embedder, reader=load_reader(), threshold=0.0) as bot:
        for changes in ((lambda: change(1),), (lambda: change(2), lambda: change(3))):
            vars(bot.store)["changes"] = changes
            trace = bot.explain(QUESTION)
            assert not vars(bot.store)["changes"]
            again = bot.explain(QUESTION)
            assert list_passages(trace) == list_passages(again)
            assert trace.answer.text == again.answer.text


@pytest.mark.parametrize("dimensions", [384, 16])
def test_a_library_embedded_anew_is_searched_with_its_new_model(
    tmp_path: Path,
    embedder: Embedder,
    model_folder: Callable[[Path], Path],
    dimensions: int,
) -> None:
    files, library = write_articles(tmp_path / "articles", 6), tmp_path / "library"
    old = WordEmbedder("words", dimensions)
    sync(files, library, old)
    model_folder(library)

    def embed_anew() -> None:
        sync(files, library, embedder, reembed=True)

    with Bot(MovingStore(library), old, reader=load_reader(), threshold=0.0) as bot:
        # In the middle of a question: what the old model found counts no more.
        vars(bot.store)["changes"] = (embed_anew,)
        trace = bot.explain(QUESTION)
        assert bot.parts.embedder.model == DEFAULT_MODEL
    with Bot.open(library, threshold=0.0) as fresh:
        assert list_passages(trace) == list_passages(fresh.explain(QUESTION))
        assert fresh.search(QUESTION, 3)


@pytest.mark.slow
def test_a_model_that_cannot_be_loaded_is_named(tmp_path: Path) -> None:
    files, library, old = write_articles(tmp_path / "a", 2), tmp_path / "library", WordEmbedder()
    sync(files, library, old)
    with Bot(Store(library), old, reader=load_reader(), threshold=0.0) as bot:
        sync(files, library, WordEmbedder("nowhere/other"), reembed=True)
        for ask in (bot.ask, bot.search):
            with pytest.raises(ModelUnavailable, match="nowhere/other"):
                ask(QUESTION)
