"""A server's library is repaired in the background, while it answers."""

import time
from contextlib import closing
from pathlib import Path

import pytest

from ingest.keeper import Keeper
from ingest.schema import FILE_NAME
from ingest.status import read_status
from ingest.store import Store
from ingest.sync import sync
from tests.articles import WordEmbedder, write_articles


def test_damage_is_repaired_while_answers_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.keeper._PAUSE", 0.05)
    library = tmp_path / "library"
    sync(write_articles(tmp_path / "articles", 4), library, WordEmbedder())
    (library / FILE_NAME).write_bytes(b"rubbish" * 1000)
    [generation] = (library / "generations").iterdir()
    (generation / "words" / "meta.json").write_bytes(b"{}")
    with Store(library) as store, closing(Keeper(library, lambda: store)):
        deadline = time.monotonic() + 60
        while store.flaws and time.monotonic() < deadline:
            assert store.count_articles() == 4 and store.search_words(["harbour"], 5)
            time.sleep(0.02)
        assert store.flaws == () and store.count_articles() == 4
        assert store.revision == 2 and store.search_words(["harbour"], 5)
    assert read_status(library, deep=True).healthy
