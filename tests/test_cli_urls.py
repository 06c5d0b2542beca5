"""`footnote ingest URL`: off by default, and what is told of what was not fetched."""

from pathlib import Path

import pytest

from tests.libraries import run


def test_it_is_off_until_allowed(tmp_path: Path) -> None:
    result = run("ingest", "https://site.test/a", "--store", tmp_path / "library")
    assert result.exit_code == 2 and "--allow-urls" in result.stderr
    assert not (tmp_path / "library").exists()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1/", "127.0.0.1 is not a public address"),
        ("http://[::1]/", "::1 is not a public address"),
        ("http://localhost/", "is not a public address"),
        ("http://ann:secret@site.test/", "user or password"),
        ("file:///etc/passwd", "only http and https"),
        ("http://site.test:8080/", "only ports 80, 443"),
    ],
)
def test_what_is_refused_is_named_and_no_library_made(
    tmp_path: Path, url: str, reason: str
) -> None:
    result = run("ingest", url, "--allow-urls", "--store", tmp_path / "library")
    assert result.exit_code == 3 and reason in result.stderr
    assert "nothing was fetched" in result.stderr and "secret" not in result.stderr
    assert not (tmp_path / "library").exists()


def test_a_missing_folder_is_told_before_anything_is_fetched(tmp_path: Path) -> None:
    result = run("ingest", tmp_path / "none", "http://127.0.0.1/", "--allow-urls")
    assert result.exit_code == 2 and "no such file or folder" in result.stderr
