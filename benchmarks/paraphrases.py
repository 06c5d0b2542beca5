"""Count what the gate holds back of true sentences in natural words, and shows of false ones.

`python -m benchmarks.paraphrases` prints it as JSON. `paraphrases.jsonl` holds sentences written by
hand about articles of corpus/, true ones and, for most of them, a false one like it, each with the
beginning of the sentence that it says otherwise. Half of them ("seen") were looked at when the gate
was made, the others ("kept") only counted. The second lot was written later than the first, all of
it before the gate's rules were changed again.
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


@dataclass(frozen=True, slots=True)
class Paraphrase:
    """A sentence as a model might write it, the passage it is about, and whether it is true."""

    said: str
    passage: Passage
    is_true: bool
    half: str
    lot: int


def read_paraphrases() -> tuple[list[Paraphrase], Aliases]:
    """Return the sentences with their passages, and the names that the articles teach."""
    articles = read_articles()
    passages = cut_passages(articles)
    rows = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    found = [
        Paraphrase(row["said"], _find(row, passages), row["true"], row["half"], row["lot"])
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
        # What is counted only is not to be looked at.
        if item.half == "seen" and bool(reason) is item.is_true:
            report_progress(f"{'HELD' if reason else 'SHOWN'} {item.said}\n   {reason}")
    return {
        part: {name: count[name] for name in ("true", "true_held_back", "false", "false_shown")}
        for part, count in counts.items()
    }


def _find(row: dict[str, Any], passages: list[Passage]) -> Passage:
    """Return the passage in which the sentence that a row names begins."""
    for passage in passages:
        article = passage.stored.article
        starts = (article.text[start:] for start, _ in passage.stored.chunk.sentences)
        if article.article_id == row["article"] and any(
            text.startswith(row["passage"]) for text in starts
        ):
            return passage
    raise LookupError(f"{FILE}: no sentence of {row['article']} begins with {row['passage']!r}")


if __name__ == "__main__":
    print(json.dumps(measure(*read_paraphrases()), indent=2))
