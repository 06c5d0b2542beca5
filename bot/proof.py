"""The proof of an answer, or of every answer of a conversation, from the library as it is now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.cite import Problem, verify
from ingest.store import Store


@dataclass(frozen=True, slots=True)
class Flaw:
    """A citation that does not hold; `turn` counts a conversation's answers from 1.

    `turn` is None for a lone answer.
    """

    turn: int | None
    problem: Problem

    def __str__(self) -> str:
        where = f"turn {self.turn}, " if self.turn else ""
        return f"{where}[{self.problem.number}] {self.problem.article_id}: {self.problem.reason}"

    def to_dict(self) -> dict[str, Any]:
        """Return the flaw as JSON types."""
        problem = self.problem
        return {
            "turn": self.turn,
            "number": problem.number,
            "article_id": problem.article_id,
            "reason": problem.reason,
        }


@dataclass(frozen=True, slots=True)
class Proof:
    """How many quotes were looked up, and which citations do not hold."""

    quotes: int
    flaws: tuple[Flaw, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the proof as JSON types."""
        return {"quotes": self.quotes, "problems": [flaw.to_dict() for flaw in self.flaws]}


def prove(data: object, store: Store) -> Proof:
    """Check an answer (as of `Answer.to_dict`) or a conversation (as `/save FILE.json` writes it).

    Raises ValueError for something that is neither.
    """
    flaws, quotes = [], 0
    for turn, answer in _list_answers(data):
        flaws += [Flaw(turn, problem) for problem in verify(answer, store)]
        quotes += len(answer["citations"]) + len(answer.get("nearest", ()))
    return Proof(quotes, tuple(flaws))


def _list_answers(data: object) -> Sequence[tuple[int | None, Mapping[str, Any]]]:
    """Return the answers with the numbers of their turns."""
    if not isinstance(data, Mapping):
        raise ValueError("neither an answer nor a conversation of footnote")
    if "turns" not in data:
        return [(None, data)]
    try:
        answers = [(number, dict(turn["answer"])) for number, turn in enumerate(data["turns"], 1)]
    except (KeyError, TypeError, ValueError) as error:
        told = f"no {error}" if isinstance(error, KeyError) else error
        raise ValueError(f"not a conversation of footnote: {told}") from error
    if not answers:
        raise ValueError("the conversation has no turn")
    return answers
