"""The terminal's door: what it prints, its exit codes, and that a cold question stays light."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.cite import REFUSAL
from tests.libraries import ARTICLE_4, HELP_CLAUSE, ICELAND, ROOT, run

pytest_plugins = ["tests.library_fixtures"]

ANSWER_KEYS = [
    "question", "asked", "text", "refused", "confidence", "citations", "nearest", "timings",
    "sentences", "model", "note",
]  # fmt: skip
CITATION_KEYS = {
    "number", "article_id", "title", "author", "published", "source", "start", "end", "quote",
    "sha256",
}  # fmt: skip


@pytest.fixture(scope="module")
def answer_json(library: Path) -> str:
    """What `footnote ask --json` prints about Article 4."""
    return run("ask", ARTICLE_4, "--store", library, "--json").stdout


@pytest.fixture
def answer_file(answer_json: str, tmp_path: Path) -> Path:
    """The same, in a file."""
    path = tmp_path / "answer.json"
    path.write_text(answer_json, encoding="utf-8")
    return path


def change_answer(path: Path, **changes: Any) -> Path:
    """Change fields of the first citation in an answer's file; `text` is the answer's own."""
    answer = json.loads(path.read_text(encoding="utf-8"))
    answer["text"] = changes.pop("text", answer["text"])
    answer["citations"][0].update(changes)
    path.write_text(json.dumps(answer), encoding="utf-8")
    return path


def test_ask_prints_sentences_and_numbered_passages(library: Path) -> None:
    result = run("ask", ARTICLE_4, "--store", library)
    assert result.exit_code == 0
    flat = " ".join(result.stdout.split())
    assert HELP_CLAUSE in flat and "[1]" in flat
    answer = json.loads(run("ask", ARTICLE_4, "--store", library, "--json").stdout)
    assert all(item["title"] in flat and item["quote"] in flat for item in answer["citations"])


def test_ask_refuses_with_exit_4(library: Path) -> None:
    result = run("ask", ICELAND, "--store", library)
    assert result.exit_code == 4
    assert REFUSAL in result.stdout and "nearest passages" in result.stdout


def test_json_has_the_keys_that_others_read(answer_json: str) -> None:
    answer = json.loads(answer_json)
    assert list(answer) == ANSWER_KEYS
    assert all(set(item) >= CITATION_KEYS for item in answer["citations"])
    assert set(answer["timings"]) == {"understand", "retrieve", "read", "total"}


def test_json_of_a_refusal_exits_4_and_parses(library: Path) -> None:
    result = run("ask", ICELAND, "--store", library, "--json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["refused"], answer["citations"]) == (4, True, [])
    assert len(answer["nearest"]) == 3


def test_explain_prints_the_trace(library: Path) -> None:
    result = run("ask", ARTICLE_4, "--store", library, "--explain")
    assert "Passages" in result.stdout and "Sentences" in result.stdout
    # In 80 columns too passages are named in full.
    assert "…" not in result.stdout.split("Passages")[1].split("Sentences")[0]
    assert "confidence" in result.stdout


def test_explain_leaves_the_json_alone(library: Path) -> None:
    result = run("ask", ARTICLE_4, "--store", library, "--explain", "--json")
    assert list(json.loads(result.stdout)) == ANSWER_KEYS
    assert "Sentences" in result.stderr


def test_a_follow_up_is_understood_by_its_history(library: Path, tmp_path: Path) -> None:
    file = tmp_path / "history.json"
    turn = {"question": "What was the Agreed Framework?", "answer": "A deal of 1994."}
    file.write_text(json.dumps([turn]), encoding="utf-8")
    result = run("ask", "Why did it collapse?", "--store", library, "--history", file)
    assert "Understood as: Why did the Agreed Framework collapse?" in result.stdout


def test_a_bad_history_exits_2_and_names_the_file(library: Path, tmp_path: Path) -> None:
    file = tmp_path / "history.json"
    file.write_text("{}", encoding="utf-8")
    result = run("ask", "Why?", "--store", library, "--history", file)
    assert result.exit_code == 2 and "history.json" in result.stderr


@pytest.mark.parametrize(
    ("question", "reason"), [("", "empty"), ("?", "empty"), ("a" * 4001, "4,001 characters")]
)
def test_a_bad_question_exits_2(library: Path, question: str, reason: str) -> None:
    result = run("ask", question, "--store", library)
    assert result.exit_code == 2 and reason in result.stderr


def test_a_restricted_question_cites_what_it_may(library: Path) -> None:
    options = ("--store", library, "--article", "collective-defence-in-law", "--since", "2020")
    result = run("ask", ARTICLE_4, *options)
    told = "Restricted to: article collective-defence-in-law; published since 2020"
    assert " ".join(result.stdout.split()).startswith(told)
    answer = json.loads(run("ask", ARTICLE_4, *options, "--json").stdout)
    shown = {item["article_id"] for item in (*answer["citations"], *answer["nearest"])}
    assert shown == {"collective-defence-in-law"} and list(answer) == ANSWER_KEYS


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--article", "none"), "no article 'none'"),
        (("--topic", "\x1b[31mnone"), r"no topic '\x1b[31mnone'"),
        (("--since", "yesterday"), "since 'yesterday' is no date"),
        (("--until", "1066"), "until 1066"),
    ],
)
def test_a_bad_restriction_exits_2_in_one_line(
    library: Path, options: tuple[str, str], reason: str
) -> None:
    result = run("ask", ARTICLE_4, "--store", library, *options)
    assert result.exit_code == 2 and reason in result.stderr and result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_no_library_exits_2_with_the_command_that_makes_one(tmp_path: Path) -> None:
    result = run("ask", "What?", "--store", tmp_path / "none")
    assert result.exit_code == 2 and "footnote ingest" in result.stderr


def test_an_empty_library_is_told_with_the_command_that_fills_it(empty_library: Path) -> None:
    told = (
        f"footnote: the library {empty_library} is empty; fill it: footnote ingest PATH --store "
        f"{empty_library}\n"
    )
    plain = run("ask", "What?", "--store", empty_library)
    assert (plain.exit_code, plain.stdout, plain.stderr) == (4, "", told)
    as_json = run("ask", "What?", "--store", empty_library, "--json")
    assert (as_json.exit_code, as_json.stderr) == (4, told)
    assert json.loads(as_json.stdout)["refused"]


def test_an_address_without_a_model_is_refused(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "http://me:secret@127.0.0.1:9/v1"
    for command in (("ask", "What?"), ("chat",), ("serve",), ("mcp",)):
        result = run(*command, "--store", library, "--model-url", url)
        assert result.exit_code == 2 and "secret" not in result.stderr
        assert "--model-url 127.0.0.1:9/v1 needs a model's name, too; add --model" in result.stderr
    # In the environment it waits for a model that is named.
    monkeypatch.setenv("FOOTNOTE_MODEL_URL", url)
    assert run("ask", ARTICLE_4, "--store", library).exit_code == 0


def test_no_escape_sequence_reaches_the_terminal(library: Path) -> None:
    result = run("ask", "\x1b[31mArticle 4\x1b]0;owned\x07 treaty", "--store", library)
    assert "\x1b" not in result.stdout and "\x07" not in result.stdout


def test_verify_accepts_a_true_answer(library: Path, answer_file: Path) -> None:
    result = run("verify", answer_file, "--store", library)
    assert result.exit_code == 0 and "quotes stand in their articles" in result.stdout


def test_verify_counts_one_quote_as_one(library: Path, answer_file: Path) -> None:
    answer = json.loads(answer_file.read_text("utf-8"))
    (text, *_), (citation, *_) = answer["sentences"], answer["citations"]
    answer |= {"text": f"{text['text']} [1]", "sentences": [text], "citations": [citation]}
    answer_file.write_text(json.dumps(answer), "utf-8")
    result = run("verify", answer_file, "--store", library)
    assert result.stdout == "1 of 1 quote stands in its article\n"


def test_verify_accepts_a_saved_talk_and_names_its_culprit(
    library: Path, answer_file: Path, tmp_path: Path
) -> None:
    true = json.loads(answer_file.read_text("utf-8"))
    false = json.loads(change_answer(answer_file, quote="An invented sentence.").read_text("utf-8"))
    talk = tmp_path / "talk.json"
    for answers, code in (([true, true], 0), ([true, false], 1)):
        turns = [{"answer": answer, "scope": ""} for answer in answers]
        talk.write_text(json.dumps({"id": "1", "title": "A talk", "turns": turns}), "utf-8")
        result = run("verify", talk, "--store", library)
        assert result.exit_code == code
    assert "the quote is not in the article" in result.stderr


def test_verify_reads_standard_input(library: Path, answer_json: str) -> None:
    assert run("verify", "-", "--store", library, stdin=answer_json).exit_code == 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"quote": "An invented sentence."}, "the quote is not in the article"),
        ({"start": 0, "end": 5}, "the quote is not at 0-5 but at"),
        ({"article_id": "no-such"}, "no such article"),
        ({"quote": ""}, "the quote is empty"),
        ({"text": "A claim. [9]"}, "[9]"),
    ],
)
def test_verify_names_the_culprit(
    library: Path, answer_file: Path, changes: dict[str, Any], reason: str
) -> None:
    result = run("verify", change_answer(answer_file, **changes), "--store", library)
    assert result.exit_code == 1 and reason in result.stderr


@pytest.mark.parametrize(
    "content",
    [
        "not json", "[]", "{}", '{"citations": [{}], "text": ""}',
        '{"turns": 1}', '{"turns": []}', '{"turns": [{}]}', '{"turns": [{"answer": 1}]}',
    ],
)  # fmt: skip
def test_verify_of_something_else_exits_2(library: Path, tmp_path: Path, content: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(content, encoding="utf-8")
    assert run("verify", path, "--store", library).exit_code == 2


def test_verify_of_a_missing_file_exits_2(library: Path, tmp_path: Path) -> None:
    assert run("verify", tmp_path / "none.json", "--store", library).exit_code == 2


def test_eval_prints_shares(library: Path, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    rows = [
        {"question": ARTICLE_4, "answer": "Article 51", "answerable": True,
         "articles": ["comprehensive-strategic-partnership-treaty", "collective-defence-in-law"]},
        {"question": ICELAND, "answer": "", "answerable": False, "articles": []},
    ]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    result = json.loads(run("eval", file, "--store", library).stdout)
    assert (result["questions"], result["right_article_first"], result["refused"]) == (2, 1, 1)
    assert result["wrongly_refused"] == 0 and result["key_words"] is not None


def test_eval_names_the_line_at_fault(library: Path, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "What?", "answerable": true}\n{"question": 1\n', "utf-8")
    result = run("eval", file, "--store", library)
    assert result.exit_code == 2 and "line 2" in result.stderr


def ask_cold(library: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Ask in a new process, as a shell does."""
    command = [sys.executable, *options, "-m", "bot", ARTICLE_4, "--store", str(library), "--json"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)


def test_two_processes_print_the_same_bytes(library: Path) -> None:
    texts = [ask_cold(library).stdout.split('"timings"')[0] for _ in range(2)]
    assert texts[0] == texts[1]


def test_a_cold_question_imports_no_heavy_library(library: Path) -> None:
    imported = ask_cold(library, "-X", "importtime").stderr
    loaded = {line.split("|")[-1].strip().split(".")[0] for line in imported.splitlines()}
    assert "onnxruntime" in loaded
    assert not loaded & {"torch", "transformers", "sentence_transformers", "chromadb", "gradio"}
