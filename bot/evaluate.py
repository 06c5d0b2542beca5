"""Measure a bot on a file of questions: right article, key words, refusals, time."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, quantiles

from bot.answer import Bot
from bot.cite import Answer
from ingest.words import stem_words

_WORD = re.compile(r"\w[\w’'-]*(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its gold answer; `articles` are the ids that hold it, any of them will do.

    `history` are the (question, answer) pairs that came before it.
    """

    question: str
    answer: str
    articles: tuple[str, ...]
    answerable: bool
    history: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one question went; `key_words` is the share of the gold answer's that were found."""

    question: Question
    answer: Answer
    right_article: bool
    key_words: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Shares from 0 to 1 over the questions they concern (None: there are none), and times."""

    questions: int
    answerable: int
    unanswerable: int
    right_article_first: float | None
    key_words: float | None
    refused: float | None
    wrongly_refused: float | None
    milliseconds_p50: float
    milliseconds_p95: float


def read_questions(path: Path) -> list[Question]:
    """Return the questions of a JSON Lines file. Raises ValueError naming the line at fault."""
    questions = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            questions.append(
                Question(
                    question=str(fields["question"]),
                    answer=str(fields.get("answer") or ""),
                    articles=tuple(fields.get("articles") or ()),
                    answerable=bool(fields["answerable"]),
                    history=tuple(
                        (str(turn["question"]), str(turn["answer"]))
                        for turn in fields.get("history") or ()
                    ),
                )
            )
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{path}, line {number}: not a question: {error!r}") from error
    if not questions:
        raise ValueError(f"{path}: no questions in it")
    return questions


def evaluate(bot: Bot, questions: Iterable[Question]) -> tuple[Evaluation, list[Outcome]]:
    """Ask every question; return the shares and each outcome."""
    lower_case = _find_lower_case_words(bot)
    outcomes = [
        _judge(question, bot.ask(question.question, question.history), lower_case)
        for question in questions
    ]
    answerable = [item for item in outcomes if item.question.answerable]
    unanswerable = [item for item in outcomes if not item.question.answerable]
    times = [item.answer.timings["total"] for item in outcomes] * 2
    evaluation = Evaluation(
        questions=len(outcomes),
        answerable=len(answerable),
        unanswerable=len(unanswerable),
        right_article_first=_share(item.right_article for item in answerable),
        key_words=_share(item.key_words for item in answerable if item.key_words is not None),
        refused=_share(item.answer.refused for item in unanswerable),
        wrongly_refused=_share(item.answer.refused for item in answerable),
        milliseconds_p50=round(quantiles(times, n=100)[49], 1),
        milliseconds_p95=round(quantiles(times, n=100)[94], 1),
    )
    return evaluation, outcomes


def find_key_words(answer: str, lower_case: frozenset[str]) -> set[str]:
    """Return the stems of an answer's numbers, names and dates.

    A capital at the start of a sentence makes no name of a word that the articles write small.
    """
    words = set()
    for match in _WORD.finditer(answer):
        before = answer[: match.start()].rstrip(" (“\"'")
        starts = not before or before[-1] in ".!?:;"
        word = match[0]
        if word[0].isdigit() or (word[0].isupper() and not (starts and word.lower() in lower_case)):
            words |= set(stem_words(word)) - {"s"}
    return words


def _judge(question: Question, answer: Answer, lower_case: frozenset[str]) -> Outcome:
    first = answer.citations[0].article_id if answer.citations else None
    wanted = find_key_words(question.answer, lower_case) if question.answerable else set()
    found = set(stem_words(" ".join(citation.quote for citation in answer.citations)))
    share = len(wanted & found) / len(wanted) if wanted else None
    return Outcome(question, answer, first in question.articles, share)


def _find_lower_case_words(bot: Bot) -> frozenset[str]:
    texts = (article.text for article in bot.store.list_articles())
    return frozenset(word for text in texts for word in re.findall(r"\b[a-z]+\b", text))


def _share(values: Iterable[float]) -> float | None:
    listed = list(values)
    return round(mean(listed), 3) if listed else None
