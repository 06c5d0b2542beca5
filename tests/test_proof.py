"""The proof of answers and conversations, and what is neither."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.cite import Answer
from bot.page.talk import Talk, Turn
from bot.proof import prove
from ingest.store import Store

pytest_plugins = ["tests.library_fixtures"]


def test_every_turn_is_checked(library: Path, real_answer: Answer) -> None:
    bent = replace(real_answer.citations[0], quote="Bent.", end=real_answer.citations[0].start + 5)
    wrong = replace(real_answer, citations=(bent, *real_answer.citations[1:]))
    talk = Talk("", "", (Turn(real_answer), Turn(wrong), Turn(real_answer)))
    with Store(library) as store:
        proof = prove(talk.to_dict(), store)
        assert proof.quotes == 3 * len(real_answer.citations)
        assert [(flaw.turn, flaw.problem.number) for flaw in proof.flaws] == [(2, 1)]
        assert str(proof.flaws[0]).startswith(f"turn 2, [1] {bent.article_id}: ")
        alone = prove(wrong.to_dict(), store)
        assert alone.to_dict() == {
            "quotes": len(wrong.citations),
            "problems": [
                {"turn": None, "number": 1, "article_id": bent.article_id,
                 "reason": "the quote is not in the article"}
            ],
        }  # fmt: skip
        with pytest.raises(ValueError, match="no turn"):
            prove(Talk().to_dict(), store)


@pytest.mark.parametrize(
    "data",
    [None, 1, "x", [], {}, {"turns": 1}, {"turns": [1]}, {"turns": [{}]}, {"turns": None},
     {"turns": [{"answer": 1}]}, {"turns": [{"answer": {}}]}],
)  # fmt: skip
def test_what_is_neither_is_refused(library: Path, data: object) -> None:
    with Store(library) as store, pytest.raises(ValueError, match="of footnote"):
        prove(data, store)
