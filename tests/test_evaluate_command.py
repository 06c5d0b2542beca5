"""`footnote eval`: limits, files of feedback, tables on a terminal, and what its page shows."""

import json
import re
import shlex
from pathlib import Path

import pytest

from ingest.feedback import Feedback, export_feedback
from tests.libraries import ARTICLE_4, ICELAND, ROOT, run
from tests.terminals import open_terminal

pytest_plugins = ["tests.library_fixtures"]

PAGE = (ROOT / "docs" / "eval.md").read_text(encoding="utf-8")


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """A file with one question that is answered and one that is not."""
    path = tmp_path / "questions.csv"
    path.write_text(
        f"question,answer,articles,answerable\n{ARTICLE_4},Article 51,"
        f"comprehensive-strategic-partnership-treaty;no-such,yes\n{ICELAND},,,no\n",
        encoding="utf-8",
    )
    return path


def test_the_page_shows_what_is_printed(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOOTNOTE_STORE", str(library))
    Path("questions.csv").write_text(PAGE.split("```csv\n")[1].split("```")[0], "utf-8")
    console = PAGE.split("```console\n")[1].split("```")[0]
    command, _, shown = console.partition("\n")
    result = run(*shlex.split(command.removeprefix("$ footnote ")))
    printed, told = json.loads(result.stdout), json.loads(shown)
    times = {"milliseconds_p50", "milliseconds_p95"}
    assert result.exit_code == 0 and list(printed) == list(told)
    assert {key: printed[key] for key in printed if key not in times} == {
        key: told[key] for key in told if key not in times
    }
    assert "<svg" in Path("report.html").read_text("utf-8")


def test_limits_that_are_not_kept_are_named(library: Path, questions: Path) -> None:
    def check(*limits: str) -> tuple[int, list[str]]:
        result = run("eval", questions, "--store", library, *limits)
        assert json.loads(result.stdout)["questions"] == 2
        return result.exit_code, [line for line in result.stderr.splitlines() if "gold" not in line]

    kept = ("--fail-under", "refusal_recall=1", "--fail-over", "wrongly_refused = 0")
    assert check(*kept) == (0, [])
    code, told = check(
        *kept, "--fail-under", "citation_recall=0.9", "--fail-over", "milliseconds_p50=0.001"
    )
    assert code == 1 and len(told) == 2
    assert "citation_recall is 0.5, under 0.9" in told[0] or "citation_recall is 0," in told[0]
    assert re.search(r"milliseconds_p50 is .*, over 0.001", told[1])


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--fail-under", "nonsense=1", "no metric 'nonsense'; there are right_article_first, "),
        ("--fail-under", "key_words", "'' is no number; write key_words=0.5"),
        ("--fail-under", "key_words=nan", "'nan' is no number"),
        ("--fail-under", "wrongly_refused=0.1", "better when lower; use --fail-over"),
        ("--fail-over", "key_words=0.1", "better when higher; use --fail-under"),
        ("--html", "none/report.html", "there is no folder none"),
        ("--html", ".", ". is a folder; name a file"),
        ("--model", "nobody:model", "PROVIDER:NAME"),
    ],
)
def test_an_option_that_cannot_be_meant_exits_2(
    questions: Path, option: str, value: str, told: str
) -> None:
    result = run("eval", questions, "--store", "none", option, value)
    assert result.exit_code == 2 and told in result.stderr and result.stdout == ""


def test_a_limit_on_what_nothing_concerns_is_not_kept(library: Path, tmp_path: Path) -> None:
    file = tmp_path / "questions.csv"
    file.write_text(f"question,answerable\n{ICELAND},no\n", "utf-8")
    result = run("eval", file, "--store", library, "--fail-under", "key_words=0")
    assert result.exit_code == 1 and "key_words cannot be told" in result.stderr
    assert json.loads(result.stdout)["key_words"] is None


def test_exported_feedback_is_a_file_of_questions(library: Path, tmp_path: Path) -> None:
    answer = json.loads(run("ask", ARTICLE_4, "--store", library, "--json").stdout)
    said = [
        Feedback(1, "", ARTICLE_4, ARTICLE_4, True, "", answer),
        Feedback(2, "", ICELAND, ICELAND, False, "wrong", answer),
    ]
    file = tmp_path / "feedback.jsonl"
    file.write_text(export_feedback(said), encoding="utf-8")
    result = run("eval", file, "--store", library, "--show")
    printed = json.loads(result.stdout)
    assert result.exit_code == 0 and "1 skipped: lines with a note" in result.stderr
    assert (printed["questions"], printed["skipped"]) == (1, 1)
    assert printed["citation_precision"] == printed["citation_recall"] == printed["key_words"] == 1


def test_what_went_wrong_is_shown_and_unknown_ids_named(library: Path, questions: Path) -> None:
    questions.write_text(questions.read_text("utf-8").replace(",,no", ",,yes"), "utf-8")
    result = run("eval", questions, "--store", library, "--show")
    assert "gold articles that are not in the library: no-such" in result.stderr
    assert f"\n{ICELAND}\n  wanted:  []\n  got: The articles do not say." in result.stderr
    assert "wrongly refused" in result.stderr


def test_a_model_that_does_not_answer_is_told(library: Path, questions: Path) -> None:
    url = "http://127.0.0.1:1/v1"
    result = run("eval", questions, "--store", library, "--model", "m", "--model-url", url)
    assert result.exit_code == 0
    assert re.search(
        r"\d times: m could not be reached; these are the articles' own", result.stderr
    )


def test_a_terminal_gets_a_table(library: Path, questions: Path) -> None:
    with open_terminal("eval", questions, "--store", library) as terminal:
        assert terminal.close() == 0
    assert b"refusal_recall" in terminal.output and b"lower is better" in terminal.output
    assert b'{\r\n  "questions"' not in terminal.output
