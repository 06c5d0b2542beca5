"""Questions written on passages of the data sets: `written.jsonl`, beside this file.

Each line has a passage by its set and id, a question, and the words of the passage that answer it,
or null where it does not answer. Rules can swap a name or a number, but not ask what one would ask
next and the passage leaves open, nor ask in other words than the passage's.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from training.pairs import (
    Group,
    Pair,
    Source,
    crop_passage,
    hold_out_titles,
    read_lines,
    vary_question,
)

WRITTEN = Path(__file__).parent / "written.jsonl"
_CROP_WORDS = 55


def read_written(source: Source, file: Path = WRITTEN) -> Source:
    """Return a source with the questions written on its passages in place of its own.

    Raises ValueError for an answer that does not stand in its passage.
    """
    questions: list[dict[str, Any]] = []
    for number, row in enumerate(read_lines(file)):
        if row["set"] != source.name:
            continue
        text, answer = source.texts[row["passage"]], row["answer"]
        if answer is not None and answer not in text:
            raise ValueError(f"{file}, line {number + 1}: {answer!r} is not in its passage.")
        spans = [] if answer is None else [(text.index(answer), answer)]
        questions.append(
            {"id": f"written-{number}", "text": row["question"], "context_id": row["passage"],
             "spans": spans, "answerable": answer is not None}
        )  # fmt: skip
    return replace(source, questions=questions, gold={}, nearest={})


def split_written(
    source: Source, config: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the written questions to train on, and those on held-out titles to measure on."""
    if not source.name.endswith("wiki"):
        return source.questions, []
    out = hold_out_titles(source, config["held_out"], config["seed"])
    kept: list[dict[str, Any]] = []
    held: list[dict[str, Any]] = []
    for item in source.questions:
        (held if source.titles[item["context_id"]] in out else kept).append(item)
    return kept, held


def make_written_groups(
    source: Source, items: list[dict[str, Any]], chance: random.Random
) -> Iterator[Group]:
    """Yield a group a question: where it is answered, often with a wrong passage, near or far.

    Answered or not, passages are cut alike, or their length would tell which.
    """
    names = list(source.texts)
    for item in items:
        key = item["context_id"]
        spans = [(start, start + len(answer)) for start, answer in item["spans"]]
        words = _CROP_WORDS if chance.random() < 0.8 else 1_000
        passage, spans = crop_passage(source.texts[key], spans, words, chance)
        question, title = vary_question(item["text"], chance), source.titles[key]
        answered = item["answerable"]
        pairs = [Pair(question, title, passage, tuple(spans), answered, answered)]
        wrong = ""
        if answered and chance.random() < 0.6 and source.nearest[item["id"]]:
            wrong = chance.choice(source.nearest[item["id"]][:8])
        elif chance.random() < 0.25:
            wrong = chance.choice(names)
        if wrong and wrong != key:
            other, _ = crop_passage(source.texts[wrong], [], words, chance)
            pairs.append(Pair(question, source.titles[wrong], other, (), False, answered))
        yield tuple(pairs)
