"""Measure a bot on questions with gold answers: articles, key words, refusals, time.

No model judges: every metric is counted from what was cited, refused and asked for. With A the
answerable questions, U the others, "cited" the articles of an answer's citations, each once, and
"gold" a question's `articles`:

- right_article_first: of A with gold articles, the share whose first citation is of a gold one.
- citation_precision: of A with gold articles that got an answer, the mean share of cited articles
  that are gold.
- citation_recall: of A with gold articles, the mean share of gold articles that are cited; 0 for a
  refusal. Where each of several gold articles holds the answer, one would do, and this is too
  strict.
- key_words: of A with names, numbers or dates in the gold answer, the mean share of those that the
  quotes hold, compared by stems; 0 for a refusal.
- refusal_precision: of all refused questions, the share that is in U.
- refusal_recall, also called refused: of U, the share that was refused.
- wrongly_refused: of A, the share that was refused.
- milliseconds_p50, milliseconds_p95: time of one question, by linear interpolation.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import mean, quantiles

from bot.answer import Bot
from bot.cite import Answer
from bot.question_file import Question, read_questions
from ingest.words import stem_words

__all__ = ["Evaluation", "Outcome", "Question", "evaluate", "find_key_words", "read_questions"]

# The others are shares, better when higher.
BETTER_WHEN_LOWER = frozenset({"wrongly_refused", "milliseconds_p50", "milliseconds_p95"})
COUNTS = frozenset({"questions", "answerable", "unanswerable"})
_WORD = re.compile(r"\w[\w’'-]*(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one question went.

    `key_words` is the share of the gold answer's that were found, `precision` and `recall` are
    those of the cited articles; None where there is nothing to compare with.
    """

    question: Question
    answer: Answer
    right_article: bool
    key_words: float | None
    precision: float | None = None
    recall: float | None = None

    @property
    def verdict(self) -> str:
        """How it went in words; "right" and "rightly refused" are the good ones."""
        if not self.question.answerable:
            return "rightly refused" if self.answer.refused else "should be refused"
        if self.answer.refused:
            return "wrongly refused"
        if self.question.articles and not self.right_article:
            return "wrong article first"
        return "right" if self.key_words in {None, 1.0} else "key words missing"

    @property
    def is_good(self) -> bool:
        """Whether nothing went wrong."""
        return self.verdict in {"right", "rightly refused"}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Shares from 0 to 1 over the questions they concern (None: there are none), and times.

    This module's docstring defines them.
    """

    questions: int
    answerable: int
    unanswerable: int
    right_article_first: float | None
    key_words: float | None
    refused: float | None
    wrongly_refused: float | None
    milliseconds_p50: float
    milliseconds_p95: float
    citation_precision: float | None
    citation_recall: float | None
    refusal_precision: float | None
    refusal_recall: float | None


def evaluate(bot: Bot, questions: Iterable[Question]) -> tuple[Evaluation, list[Outcome]]:
    """Ask every question, at least one; return the metrics and each outcome."""
    lower_case = _find_lower_case_words(bot)
    outcomes = [
        _judge(question, bot.ask(question.question, question.history), lower_case)
        for question in questions
    ]
    return summarise(outcomes), outcomes


def summarise(outcomes: list[Outcome]) -> Evaluation:
    """Return the metrics of outcomes, of which there is at least one."""
    answerable = [item for item in outcomes if item.question.answerable]
    unanswerable = [item for item in outcomes if not item.question.answerable]
    with_gold = [item for item in answerable if item.question.articles]
    refused = [item for item in outcomes if item.answer.refused]
    refusal_recall = _share(item.answer.refused for item in unanswerable)
    # One question alone has percentiles too.
    times = quantiles([item.answer.timings["total"] for item in outcomes] * 2, n=100)
    return Evaluation(
        questions=len(outcomes),
        answerable=len(answerable),
        unanswerable=len(unanswerable),
        right_article_first=_share(item.right_article for item in with_gold),
        key_words=_share(item.key_words for item in answerable if item.key_words is not None),
        refused=refusal_recall,
        wrongly_refused=_share(item.answer.refused for item in answerable),
        milliseconds_p50=round(times[49], 1),
        milliseconds_p95=round(times[94], 1),
        citation_precision=_share(i.precision for i in with_gold if i.precision is not None),
        citation_recall=_share(item.recall for item in with_gold if item.recall is not None),
        refusal_precision=_share(not item.question.answerable for item in refused),
        refusal_recall=refusal_recall,
    )


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
    listed = [citation.article_id for citation in answer.citations]
    cited, gold = set(listed), set(question.articles)
    wanted = find_key_words(question.answer, lower_case) if question.answerable else set()
    found = set(stem_words(" ".join(citation.quote for citation in answer.citations)))
    return Outcome(
        question=question,
        answer=answer,
        right_article=bool(listed) and listed[0] in gold,
        key_words=len(wanted & found) / len(wanted) if wanted else None,
        precision=len(cited & gold) / len(cited) if cited and gold else None,
        recall=len(cited & gold) / len(gold) if gold else None,
    )


def _find_lower_case_words(bot: Bot) -> frozenset[str]:
    texts = (article.text for article in bot.store.list_articles())
    return frozenset(word for text in texts for word in re.findall(r"\b[a-z]+\b", text))


def _share(values: Iterable[float]) -> float | None:
    listed = list(values)
    return round(float(mean(listed)), 3) if listed else None
