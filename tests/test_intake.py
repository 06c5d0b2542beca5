"""Files sent in: what became of each, and what is left when the library cannot be written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.page.staff_tables import render_intakes
from bot.page.strings import WORDS
from bot.web.intake import Intake, OnProgress, follow_work, take_files
from ingest.embed import Embedder, ModelUnavailable
from ingest.sync import Progress, Report, sync
from ingest.write import LibraryBusy, open_writer
from tests.articles import WordEmbedder, make_text
from tests.libraries import MakeBot, write_texts

pytest_plugins = ["tests.library_fixtures"]


def describe(items: list[Intake]) -> list[str]:
    return [f"{item.state} {item.reason}".strip() for item in items]


def send(tmp_path: Path, **texts: str) -> list[Path]:
    """Return files as they come from a browser, in a folder of their own each."""
    named = {f"{name}.txt": text for name, text in texts.items()}
    return [write_texts(tmp_path / "sent" / name, {name: named[name]}) / name for name in named]


def test_each_file_is_told_step_by_step(tmp_path: Path, make_bot: MakeBot) -> None:
    bot = make_bot({"one.txt": make_text(1)})
    files = send(tmp_path, two=make_text(2), empty="", again=make_text(1))
    states = [
        describe(items) for items in take_files(bot, tmp_path / "library", files, overwrite=False)
    ]
    assert states[0] == ["waiting"] * 3
    assert states[1:4] == [
        ["reading" if place == number else "waiting" for place in range(3)] for number in range(3)
    ]
    added, empty, again = states[-1]
    assert added == "added" and empty.startswith("failed ") and len(empty) > 10
    assert again == "twin the same text as one.txt"
    assert not any(file.exists() for file in files)
    assert [file.name for file in (tmp_path / "library" / "uploads").iterdir()] == ["two.txt"]
    [sent] = send(tmp_path, two=make_text(2, version=1))
    *_, last = take_files(bot, tmp_path / "library", [sent], overwrite=True)
    assert describe(last) == ["replaced"]


def test_a_busy_library_leaves_the_files_to_try_again(tmp_path: Path, make_bot: MakeBot) -> None:
    bot = make_bot({"one.txt": make_text(1)})
    files = send(tmp_path, two=make_text(2))
    library = tmp_path / "library"
    with open_writer(library, WordEmbedder()), pytest.raises(LibraryBusy):
        list(take_files(bot, library, files, overwrite=False))
    assert files[0].exists() and not list((library / "uploads").iterdir())
    *_, last = take_files(bot, library, files, overwrite=False)
    assert describe(last) == ["added"]


def test_a_library_embedded_anew_takes_files_at_once(
    tmp_path: Path, make_bot: MakeBot, embedder: Embedder, model_folder: Callable[[Path], Path]
) -> None:
    bot, library = make_bot({"one.txt": make_text(1)}), tmp_path / "library"
    model_folder(library)
    sync([], library, embedder, reembed=True)
    *_, last = take_files(bot, library, send(tmp_path, two=make_text(2)), overwrite=False)
    assert describe(last) == ["added"]
    sync([], library, WordEmbedder("nowhere/other"), reembed=True)
    with pytest.raises(ModelUnavailable, match="nowhere/other"):
        list(take_files(bot, library, send(tmp_path, three=make_text(3)), overwrite=False))


def test_work_is_followed_to_its_report_or_error() -> None:
    def work(on_progress: OnProgress) -> Report:
        on_progress(Progress(0, 1, 0))
        return Report(added=1)

    assert list(follow_work(work)) == [Progress(0, 1, 0), Report(added=1)]

    def fail(on_progress: OnProgress) -> Report:
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        list(follow_work(fail))


def test_names_and_reasons_are_escaped() -> None:
    html = render_intakes([Intake("<b>.txt", "failed", "<script>")], WORDS["en"])
    assert "&lt;b&gt;.txt" in html and "<script>" not in html
