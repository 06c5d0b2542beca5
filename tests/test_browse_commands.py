"""The commands that list, read and search the articles, as a reader types them."""

import json
from pathlib import Path

import pytest

from ingest.cli import name_store
from ingest.store import Store
from ingest.sync import sync
from tests.articles import WordEmbedder
from tests.libraries import run, write_texts

pytest_plugins = ["tests.library_fixtures"]


def test_articles_are_listed_by_title_a_line_each(library: Path) -> None:
    result = run("articles", "--store", library)
    with Store(library) as store:
        known = {item.article_id: item.title for item in store.list_articles()}
    rows = [line.split(maxsplit=2) for line in result.stdout.splitlines()]
    assert [row[2] for row in rows] == sorted(known.values(), key=str.casefold)
    assert {row[0] for row in rows} == {*known}


def test_a_list_is_restricted_by_date_and_topic(library: Path) -> None:
    listed = json.loads(run("articles", "--store", library, "--since", "2025", "--json").stdout)
    assert 0 < listed["total"] == len(listed["articles"])
    assert all(item["published"] >= "2025" for item in listed["articles"])
    topic = listed["articles"][0]["topics"][0]
    some = json.loads(run("articles", "--store", library, "--topic", topic, "--json").stdout)
    assert 0 < some["total"] < 24
    assert all(topic in item["topics"] for item in some["articles"])


def test_an_empty_library_has_no_articles(tmp_path: Path) -> None:
    articles = write_texts(tmp_path / "articles", {"a.txt": "Rain\n\nIt rains."})
    sync([articles], tmp_path / "library", WordEmbedder())
    (articles / "a.txt").unlink()
    sync([articles], tmp_path / "library", WordEmbedder(), remove_missing=True)
    result = run("articles", "--store", tmp_path / "library")
    assert result.exit_code == 0 and not result.stdout


def test_an_article_is_read_whole(library: Path) -> None:
    with Store(library) as store:
        article = store.list_articles()[0]
    printed = run("read", article.article_id, "--store", library).stdout
    assert printed.split()[: len(article.title.split())] == article.title.split()
    assert " ".join(article.text.split()) in " ".join(printed.split())
    read = json.loads(run("read", article.article_id, "--store", library, "--json").stdout)
    assert read["text"] == article.text


def test_passages_found_are_words_of_their_articles(library: Path) -> None:
    command = ("search", "Who sits on the 1718 Committee?", "--store", library, "--limit", "3")
    hits = json.loads(run(*command, "--json").stdout)["hits"]
    scores = [hit["score"] for hit in hits]
    assert len(hits) == 3 and scores == sorted(scores, reverse=True)
    with Store(library) as store:
        for hit in hits:
            passage = hit["passage"]
            article = store.get_article(passage["article_id"])
            assert article and article.text[passage["start"] : passage["end"]] == passage["quote"]
    printed = run(*command).stdout
    assert [f"[{number}]" in printed for number in (1, 2, 3, 4)] == [True, True, True, False]
    commands = [f"footnote read {hit['passage']['article_id']} --store {library}" for hit in hits]
    assert all(f"    {command}\n" in printed for command in commands)
    assert run(*commands[0].split()[1:]).stdout
    within = ("--article", hits[2]["passage"]["article_id"])
    only = json.loads(run(*command, *within, "--json").stdout)["hits"]
    assert {hit["passage"]["article_id"] for hit in only} == {within[1]}


def test_a_command_names_no_store_that_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert name_store(Path("library")) == ""
    assert name_store(Path("my library")) == " --store 'my library'"
    monkeypatch.setenv("FOOTNOTE_STORE", "/kb")
    assert name_store(Path("/kb")) == ""
    assert name_store(Path("library")) == " --store library"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("read", "chinas-positio"), "did you mean 'chinas-position'?"),
        (("articles", "--topic", "gardening"), "no topic 'gardening' in the library; there are"),
        (("articles", "--since", "lately"), "since 'lately' is no date"),
        (("search", "?!"), "the question is empty"),
        (("search", "treaty", "--article", "nothing"), "no article 'nothing' in the library"),
    ],
)
def test_what_cannot_be_done_is_said(library: Path, command: tuple[str, ...], said: str) -> None:
    result = run(*command, "--store", library)
    assert result.exit_code == 2 and said in result.stderr and not result.stdout


@pytest.mark.parametrize("command", [("articles",), ("read", "x"), ("search", "x")])
def test_without_a_library_the_next_step_is_named(tmp_path: Path, command: tuple[str, ...]) -> None:
    result = run(*command, "--store", tmp_path / "none")
    assert result.exit_code == 2 and "footnote ingest" in result.stderr
