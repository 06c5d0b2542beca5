"""Files of questions: both forms say the same, and a fault is named with file and line."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.question_file import Question, read_question_file, read_questions

HEADER = "question,answer,articles,answerable"
_PIECES = st.text(st.characters(codec="utf-8", exclude_characters="\0;"), max_size=20)
_WORDS = _PIECES.map(str.strip)


def write(folder: Path, text: str, name: str = "questions.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


@given(
    st.lists(
        st.tuples(_WORDS, _WORDS, st.lists(_WORDS.filter(bool), max_size=3), st.booleans()),
        min_size=1,
        max_size=4,
    )
)
def test_csv_and_json_lines_say_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, list[str], bool]]
) -> None:
    folder = tmp_path_factory.mktemp("questions")
    lines, sheet = "", io.StringIO(newline="")
    writer = csv.writer(sheet)
    writer.writerow(["question", "answer", "articles", "answerable", "history"])
    for asked, answer, articles, answerable in rows:
        fields: dict[str, Any] = {
            "question": f"Who {asked}", "answer": answer, "articles": articles,
            "answerable": answerable, "history": [{"question": "a", "answer": asked}],
        }  # fmt: skip
        lines += json.dumps(fields) + "\n"
        cells = [fields["question"], answer, "; ".join(articles), "yes" if answerable else "No"]
        writer.writerow([*cells, json.dumps(fields["history"])])
    written = read_questions(write(folder, lines, "q.jsonl"))
    assert written == read_questions(write(folder, sheet.getvalue()))
    assert [(item.answer, list(item.articles)) for item in written] == [
        (answer, articles) for _, answer, articles, _ in rows
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_spreadsheet_may_separate_as_it_likes(tmp_path: Path, delimiter: str) -> None:
    rows = [
        ["Question", " articles", "answerable", "id"], [], ['Who "x"?', "a; b", "TRUE", "7"],
        ["Why,\nthen?", "", "0"],
    ]  # fmt: skip
    sheet = io.StringIO(newline="")
    csv.writer(sheet, delimiter=delimiter).writerows(rows)
    assert read_questions(write(tmp_path, "\ufeff" + sheet.getvalue())) == [
        Question('Who "x"?', "", ("a", "b"), answerable=True),
        Question("Why, then?", "", (), answerable=False),
    ]


def test_what_is_not_decided_is_skipped_and_counted(tmp_path: Path) -> None:
    path = write(
        tmp_path, "question,note,answerable\nWho?,not helpful,\nWhy?,,yes\nWhen?,checked,no\n"
    )
    found = read_question_file(path)
    assert [item.question for item in found.questions] == ["Why?", "When?"]
    assert found.skipped == 1
    with pytest.raises(ValueError, match="no questions in it; 1 are still to be decided"):
        read_questions(write(tmp_path, "question,note,answerable\nWho?,not helpful,\n"))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no questions in it"),
        (HEADER, "no questions in it"),
        ("question,answer\nWho?,x", "line 1: .*no column answerable"),
        ("question,question,answerable\n", "line 1: .*column question twice"),
        (f"{HEADER}\nWho?,x,,yes\n\nWhy?,x,,perhaps", "line 4: .*'perhaps' is neither yes nor no"),
        (f"{HEADER}\nWho?,x,,yes\nWhy?", "line 3: .*answerable is None"),
        (f"{HEADER}\n?,x,,yes", "line 2: .*the question is empty"),
        (f'{HEADER}\n"Who\nis it?",x,,yes\nWhy?,a,b,yes,d', "line 4: .*5 cells under 4 columns"),
        (f'{HEADER}\n"Who?,x,,yes', "line 2: .*unexpected end"),
        ("question,answerable,history\nWho?,yes,[", "line 2: .*history is not JSON"),
        ('{"question": "Who?", "answerable": true}\n{"question": 1', "line 2: .*not a question"),
        ('{"question": 1, "answerable": true}', "line 1: .*question is 1, not a str"),
        ('{"question": "Who?", "answerable": "false"}', "line 1: .*'false'; write true or false"),
        ('{"question": "Who?"}', "line 1: .*no 'answerable'"),
        ('{"question": "Who?", "answerable": true, "articles": "ab"}', "articles is 'ab', not a"),
        ('{"question": "Who?", "answerable": true, "articles": [1]}', "articles holds 1"),
        ('{"question": "Who?", "answerable": true, "history": [{}]}', "line 1: .*no 'question'"),
        ('{"question": "Who?", "answerable": true, "history": [1]}', "line 1: .*turn 1 is 1"),
        ('{"question": "%s", "answerable": true}' % ("x" * 4001), "line 1: .*4,001 characters"),
        ("{" + "[" * 100_000, "line 1: "),
        ('{"a": 1}\n[1]', "line 1: .*no 'answerable'"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as caught:
        read_questions(write(tmp_path, text))
    assert "questions.csv" in str(caught.value)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "questions.csv"
    path.write_bytes(HEADER.encode() + "\nWho is José?,x,,yes".encode("latin-1"))
    with pytest.raises(ValueError, match=r"questions.csv: not UTF-8.*save it as UTF-8"):
        read_questions(path)
