"""What a bot knows of a library as a whole: learnt when asked for, and anew after a change."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.alias_patterns import find_pairs
from bot.aliases import BadAliasFile
from bot.catalogue import ALIAS_FILE, Catalogue
from ingest.store import Store
from ingest.sync import Progress, sync
from tests.articles import WordEmbedder, make_text
from tests.libraries import MakeBot, write_texts

pytest_plugins = ["tests.library_fixtures"]

HARBOUR = {"a.md": "# Rules\n\n## Section 4\n\nThe Harbour Safety Office (HSO) keeps ten boats."}


def test_names_and_references_are_learnt(make_bot: MakeBot) -> None:
    aliases, references = Catalogue(make_bot(HARBOUR).store).get()
    assert "Harbour Safety Office" in aliases.expand("When was the HSO founded?")
    assert references.resolve("What does section 4 say?").spans[0].article_id == "a"


def test_a_change_of_the_library_is_learnt_too(make_bot: MakeBot) -> None:
    store = make_bot(HARBOUR).store
    catalogue = Catalogue(store)
    before = catalogue.get()
    assert catalogue.get() == before
    folder = write_texts(
        store.path.parent / "articles", {"b.md": "The Old Ferry Union (OFU) owns a ferry."}
    )
    sync([folder], store.path, WordEmbedder())
    assert not before[0].expand("Who leads the OFU?")
    store.refresh()
    assert "Old Ferry Union" in catalogue.get()[0].expand("Who leads the OFU?")


def test_only_the_texts_that_changed_are_read_again(
    make_bot: MakeBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {**HARBOUR, "b.md": "The Old Ferry Union (OFU) owns a ferry.", "c.md": "Rain fell."}
    store = make_bot(texts).store
    catalogue = Catalogue(store)
    catalogue.get()
    read: list[str] = []

    def note_pairs(text: str) -> Iterator[tuple[str, str]]:
        read.append(text)
        return find_pairs(text)

    monkeypatch.setattr("bot.mentions.find_pairs", note_pairs)
    changed = write_texts(
        store.path.parent / "articles", {"b.md": "The Odd Fish Union (OFU) has a boat."}
    )
    sync([changed], store.path, WordEmbedder())
    store.refresh()
    aliases, _ = catalogue.get()
    assert aliases.expand("Who leads the OFU?") == ("Odd Fish Union",)
    assert len(read) == 2 and "Old Ferry" in read[0] and "Odd Fish" in read[1]


def test_what_a_first_ingest_stores_is_learnt_when_it_is_shown(tmp_path: Path) -> None:
    folder = write_texts(
        tmp_path / "articles", {**HARBOUR, "b.md": "The Old Ferry Union (OFU) owns a ferry."}
    )

    def interrupt(progress: Progress) -> None:
        if progress.done == 1:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        sync([folder], tmp_path / "library", WordEmbedder(), on_progress=interrupt)
    with Store(tmp_path / "library") as store:
        catalogue = Catalogue(store)
        aliases, _ = catalogue.get()
        assert aliases.expand("Who leads the HSO?") and not aliases.expand("Who leads the OFU?")
        revision = store.revision
        sync([folder], tmp_path / "library", WordEmbedder())
        assert store.refresh() and store.revision == revision
        assert catalogue.get()[0].expand("Who leads the OFU?")


def test_users_add_names_in_a_file(make_bot: MakeBot) -> None:
    store = make_bot(HARBOUR).store
    (store.path / ALIAS_FILE).write_text("# ours\nThe Keepers = HSO\n", encoding="utf-8")
    assert "HSO" in Catalogue(store).get()[0].expand("How many boats have The Keepers?")
    (store.path / ALIAS_FILE).write_text("only one name\n", encoding="utf-8")
    with pytest.raises(BadAliasFile, match=r"aliases\.txt:1"):
        Catalogue(store).get()


def test_a_slip_in_the_file_later_on_stops_no_answers(
    make_bot: MakeBot, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = make_bot(HARBOUR).store
    (store.path / ALIAS_FILE).write_text("The Keepers = HSO\n", encoding="utf-8")
    catalogue = Catalogue(store)
    catalogue.get()
    (store.path / ALIAS_FILE).write_text("only one name\n", encoding="utf-8")
    sync([write_texts(tmp_path / "more", {"b.txt": make_text(2)})], store.path, WordEmbedder())
    assert store.refresh()
    assert "HSO" in catalogue.get()[0].expand("How many boats have The Keepers?")
    assert "the names of before are used: aliases.txt:1: 'only one name'" in caplog.text
