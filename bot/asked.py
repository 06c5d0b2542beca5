"""What may be asked: a question with words in it, of a bearable length, after pairs of texts."""

from collections.abc import Sequence

from ingest.clean import clean_text

# The questions and answer texts of a conversation so far, oldest first.
History = Sequence[tuple[str, str]]
MAX_QUESTION_LETTERS = 4_000


class BadQuestion(ValueError):
    """A question that cannot be asked; the message says why."""


def check_question(question: str) -> str:
    """Return a question made safe. Raises BadQuestion for an empty or over-long one."""
    text = clean_text(question)
    if not any(char.isalnum() for char in text):
        raise BadQuestion("the question is empty; ask in words")
    if len(question) > MAX_QUESTION_LETTERS:
        raise BadQuestion(
            f"the question has {len(question):,} characters; ask it in {MAX_QUESTION_LETTERS:,}"
        )
    return text


def check_history(history: History) -> None:
    """Raise TypeError for turns that are no pairs of texts; a mapping's keys would pass for one."""
    for turn in history:
        is_pair = isinstance(turn, tuple | list) and len(turn) == 2
        if not (is_pair and all(isinstance(text, str) for text in turn)):
            raise TypeError(f"history holds {turn!r:.80}; give pairs: (question, answer text)")
