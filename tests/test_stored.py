from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.stored import StoredFiles
from ingest.write import StoredFile

PATHS = st.sampled_from(["/a/x.txt", "/b/x.txt", "/c/x.txt", "/d/y.txt"])
TEXTS = st.sampled_from(["one", "two"])


def hold(*ids: str) -> StoredFiles:
    files = {f"/{number}.txt": make_file(name, name) for number, name in enumerate(ids)}
    return StoredFiles(files)


def make_file(article_id: str, text: str) -> StoredFile:
    return StoredFile(article_id, "bytes", text, "recipe")


@pytest.mark.parametrize(
    ("path", "taken", "article_id"),
    [
        ("/a/Two  New_lines (1).txt", (), "two-new-lines-1"),
        ("/a/договор.md", (), "договор"),
        ("/a/---.txt", (), "article"),
        ("/a/x.txt", ("x", "x-2"), "x-3"),
        ("/a/x.txt", ("x-2",), "x"),
    ],
)
def test_an_article_is_named_after_its_file(
    path: str, taken: tuple[str, ...], article_id: str
) -> None:
    assert hold(*taken).choose_article_id(Path(path)) == article_id


@given(st.lists(st.tuples(PATHS, TEXTS | st.none())))
def test_files_are_found_by_path_and_by_text(steps: list[tuple[str, str | None]]) -> None:
    stored, truth = StoredFiles({}), dict[str, StoredFile]()
    for path, text in steps:
        if text is None:
            if path in truth:
                assert stored.pop(path) == truth.pop(path)
        else:
            before = truth.get(path)
            article_id = before.article_id if before else stored.choose_article_id(Path(path))
            assert before or article_id not in {item.article_id for item in truth.values()}
            truth[path] = make_file(article_id, text)
            stored.put(path, truth[path])
        assert stored.list_texts() == {item.sha256 for item in truth.values()}
        for name in ("one", "two"):
            holders = [where for where, item in truth.items() if item.sha256 == name]
            found = stored.find_text(name)
            assert found in holders if holders else found is None
    assert all(stored.get(path) == item for path, item in truth.items())
