"""Count what the gate holds back of true sentences in natural words, and shows of false ones.

`python -m benchmarks.paraphrases` prints it as JSON; `told_instead` counts, of those held back, the
ones in whose place the sentence is quoted that they say otherwise. `paraphrases.jsonl` holds
sentences written by hand about articles of corpus/, true ones and, for most of them, a false one
like it, each with the beginning of that sentence. Half of them ("seen") were looked at when the
gate was made, the others ("kept") only counted. The second lot was written later than the first,
all of it before the gate's rules were changed again.
"""

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.library import report_progress
from benchmarks.lies import read_articles
from benchmarks.planted import cut_passages
from bot.aliases import Aliases, learn_aliases
from bot.gate import Gate, Support
from bot.retrieve import Passage

FILE = Path(__file__).with_suffix(".jsonl")
COUNTED = (
    "true", "true_held_back", "true_told_instead", "false", "false_shown", "false_told_instead",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Paraphrase:
    """A sentence as a model might write it, what it says otherwise, and whether it is true.

    That is the sentence that begins at `start` in the article of `passage`.
    """

    said: str
    passage: Passage
    start: int
    is_true: bool
    half: str
    lot: int


def read_paraphrases() -> tuple[list[Paraphrase], Aliases]:
    """Return the sentences with their passages, and the names that the articles teach."""
    articles = read_articles()
    passages = cut_passages(articles)
    rows = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    found = [
        Paraphrase(row["said"], *_find(row, passages), row["true"], row["half"], row["lot"])
        for row in rows
    ]
    return found, learn_aliases(article.text for article in articles)


def measure(paraphrases: list[Paraphrase], aliases: Aliases) -> dict[str, dict[str, int]]:
    """Return, for each lot and half, how many of each kind there are and the gate gets wrong."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    support = Support.load()
    gates: dict[int, Gate] = {}
    for item in paraphrases:
        gate = gates.setdefault(item.passage.stored.number, Gate([item.passage], aliases, support))
        reason = gate.check(item.said, (1,)).reason
        count = counts[f"{item.half} {item.lot}"]
        count["true" if item.is_true else "false"] += 1
        if item.is_true and reason:
            count["true_held_back"] += 1
        if not item.is_true and not reason:
            count["false_shown"] += 1
        said = gate.find_said(item.said, (1,)) if reason else ()
        if said and said[-1][1] == item.start:
            count["true_told_instead" if item.is_true else "false_told_instead"] += 1
        # What is counted only is not to be looked at.
        if item.half == "seen" and bool(reason) is item.is_true:
            report_progress(f"{'HELD' if reason else 'SHOWN'} {item.said}\n   {reason}")
    return {part: {name: count[name] for name in COUNTED} for part, count in counts.items()}


def _find(row: dict[str, Any], passages: list[Passage]) -> tuple[Passage, int]:
    """Return the passage of the sentence that a row names by its beginning, and where it begins."""
    for passage in passages:
        article = passage.stored.article
        for start, _ in passage.stored.chunk.sentences:
            if article.article_id == row["article"] and article.text.startswith(
                row["passage"], start
            ):
                return passage, start
    raise LookupError(f"{FILE}: no sentence of {row['article']} begins with {row['passage']!r}")


if __name__ == "__main__":
    print(json.dumps(measure(*read_paraphrases()), indent=2))
