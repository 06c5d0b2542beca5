"""What the tests of `bot` do with libraries: make small ones, run commands, check the law."""

import hashlib
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Protocol

from typer.testing import CliRunner, Result

from bot.answer import Bot
from bot.cite import Answer
from bot.cli import app
from bot.reader import OnnxReader
from ingest.database import compute_seal, digest_contents
from ingest.state import read_state, write_state
from ingest.store import Store
from ingest.sync import sync
from tests.articles import WordEmbedder

ROOT = Path(__file__).parent.parent
ARTICLE_4 = "What does Article 4 of the treaty require?"
HELP_CLAUSE = (
    "shall immediately provide military and other assistance with all the means at its disposal"
)
AGREED_FRAMEWORK = "When was the Agreed Framework signed?"
ICELAND = "What is the population of Iceland?"


class MakeBot(Protocol):
    """Make a library of texts by file name, without a model; its bot never refuses for doubt."""

    def __call__(self, texts: Mapping[str, str], threshold: float = 0.0) -> Bot: ...


def write_texts(folder: Path, texts: Mapping[str, str]) -> Path:
    """Write files by name into a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@cache
def load_reader() -> OnnxReader:
    """Load the trained reader, once per run."""
    return OnnxReader()


def open_words_bot(folder: Path, store: Path, threshold: float = 0.0) -> Bot:
    """Make the library `store` of a folder, without a model, and open it."""
    sync([folder], store, WordEmbedder())
    return Bot(Store(store), WordEmbedder(), reader=load_reader(), threshold=threshold)


def seal_rows(connection: sqlite3.Connection) -> None:
    """Make the checksums of a library right for what a test has written into it."""
    connection.create_function("sha256", 1, lambda text: hashlib.sha256(text.encode()).hexdigest())
    connection.execute("UPDATE articles SET sha256 = sha256(text)")
    for (number,) in connection.execute("SELECT number FROM articles").fetchall():
        seal = compute_seal(connection, number)
        connection.execute("UPDATE articles SET seal = ? WHERE number = ?", (seal, number))
    state = read_state(connection)
    assert state is not None
    contents = digest_contents(connection, state.revision)
    write_state(connection, replace(state, contents=contents))


def run(*arguments: object, stdin: str | None = None) -> Result:
    """Run `footnote` with arguments in this process."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def check_law(answer: Answer, store: Store) -> None:
    """Check that every quote of an answer is the stored text at its offsets, hash included."""
    assert bool(answer.citations) is not answer.refused
    assert not (answer.citations and answer.nearest)
    for citation in (*answer.citations, *answer.nearest):
        article = store.get_article(citation.article_id)
        assert article is not None
        assert article.text[citation.start : citation.end] == citation.quote
        assert citation.quote and citation.sha256 == article.sha256
        assert citation.before + citation.quote + citation.after in article.text
