"""`footnote serve`: a process of its own, what it prints, when it does not start."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import typer
from fastapi import FastAPI

from app import main
from bot.api.gate import Rules
from bot.api.keys import add_key
from bot.page.opening import OpenLibrary
from bot.serve import build_server
from tests.api_server import get, post, serve_app
from tests.libraries import ARTICLE_4, ROOT, run

pytest_plugins = ["tests.library_fixtures", "tests.api_fixtures"]


@contextmanager
def start(*arguments: object) -> Iterator[str]:
    """Run `footnote serve` in a process of its own; yield the address it prints."""
    code = "from bot.cli import app; app()"
    command = [sys.executable, "-c", code, "serve", "--port", "0", *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.startswith("Footnote answers at http://")
            yield line.split()[3].removesuffix("/v1")
        finally:
            process.terminate()
            assert process.wait(40) == 0


def test_it_serves_the_page_the_api_and_the_articles_that_citations_link_to(library: Path) -> None:
    with start("--store", library) as address:
        body = {
            "model": "footnote",
            "messages": [{"role": "user", "content": ARTICLE_4}],
        }
        reply = post(f"{address}/v1/chat/completions", json=body)
        message = reply.json()["choices"][0]["message"]
        page = get(message["annotations"][0]["url_citation"]["url"])
        assert page.status_code == 200 and "<article" in page.text
        assert "default-src 'self'" in page.headers["content-security-policy"]
        assert get(f"{address}/page/page.css").status_code == 200
        assert "gradio" in get(address).text
        assert get(f"{address}/mcp").status_code == 405
        for url in (page.url, address, f"{address}/mcp", f"{address}/readyz"):
            assert get(url, headers={"Host": "evil.example"}).status_code == 421, url


def test_articles_have_no_pages_where_a_key_is_needed(api_library: Path, reader_key: str) -> None:
    library = OpenLibrary(api_library)
    try:
        servers: list[FastAPI] = [
            build_server(library, Rules(needs_key=True)),
            build_server(library, Rules(), with_mcp=False),
        ]
        for server in servers:
            with serve_app(server) as address:
                reply = get(f"{address}/a/trade-figures")
                assert reply.status_code == 404
                assert reply.headers["content-type"] == "application/problem+json"
                assert get(f"{address}/readyz").status_code == 200
    finally:
        library.close()


@pytest.mark.parametrize(
    "arguments",
    [("--host", "0.0.0.0"), ("--host", "::"), ("--keys",)],  # noqa: S104
)
def test_without_a_key_made_it_does_not_open_to_others(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    result = run("serve", "--store", tmp_path, *arguments)
    assert result.exit_code == 2 and len(result.stderr.splitlines()) == 1
    assert "footnote keys add NAME" in result.stderr and "--no-keys" in result.stderr
    add_key(tmp_path, "alice")
    result = run("serve", "--store", tmp_path, *arguments)
    assert result.exit_code == 2 and "no library in" in result.stderr


def test_a_slip_among_the_names_of_users_is_told_before_it_listens(tmp_path: Path) -> None:
    (tmp_path / "aliases.txt").write_text("only one name\n", encoding="utf-8")
    result = run("serve", "--store", tmp_path)
    assert result.exit_code == 2 and "aliases.txt:1: 'only one name'" in result.stderr


def test_a_port_in_use_is_told_in_one_line(library: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        result = run("serve", "--store", library, "--port", other.getsockname()[1])
    assert result.exit_code == 1 and len(result.stderr.splitlines()) == 1
    assert ": another program listens there; name another with --port" in result.stderr


def test_an_address_that_is_none_is_told_in_one_line(library: Path) -> None:
    # An address for documentation, which no machine has.
    result = run("serve", "--store", library, "--host", "192.0.2.1", "--no-keys", "--open-to-all")
    assert result.exit_code == 1 and "name another with --host" in result.stderr
    assert "Errno" not in result.stderr and "attempting" not in result.stderr


def test_the_page_by_itself_tells_what_it_cannot_open(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "library.sqlite").write_text("no database", "utf-8")
    for store, told in ((tmp_path, "is not a database"), (tmp_path / "none", "--corpus")):
        with pytest.raises(typer.Exit) as ended:
            main(store, tmp_path / "nothing", 0, browser=False)
        assert ended.value.exit_code == 2 and told in capsys.readouterr().err
