"""Questions written on two passages that are alike: `paired.jsonl`, beside this file.

Each line has a question that one passage answers and the other does not, the words that answer it,
and the question changed so that neither does. So the same question is answered here and not there,
and the same passage answers a question and not one much like it: what a question looks like tells
nothing, and the reader has to read both (contrast sets, Gardner et al. 2020).
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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

PAIRED = Path(__file__).parent / "paired.jsonl"
_CROP_WORDS = 55


@dataclass(frozen=True, slots=True)
class Paired:
    """A question answered by `passage`, not by `other`; `changed` is answered by neither."""

    passage: str
    other: str
    question: str
    answer: str
    changed: str


def read_paired(source: Source, file: Path = PAIRED) -> list[Paired]:
    """Return the questions written on pairs of a source's passages.

    Raises ValueError for an answer that does not stand in its passage.
    """
    items = []
    for number, row in enumerate(read_lines(file)):
        if row.pop("set") != source.name:
            continue
        item = Paired(**row)
        if item.answer not in source.texts[item.passage]:
            raise ValueError(f"{file}, line {number + 1}: {item.answer!r} is not in its passage.")
        items.append(item)
    return items


def split_paired(
    source: Source, items: list[Paired], config: Mapping[str, Any]
) -> tuple[list[Paired], list[Paired]]:
    """Return the questions to train on, and those on held-out titles to measure on."""
    if not source.name.endswith("wiki"):
        return items, []
    out = hold_out_titles(source, config["held_out"], config["seed"])
    held = [item for item in items if source.titles[item.passage] in out]
    return [item for item in items if source.titles[item.passage] not in out], held


def make_paired_groups(
    source: Source, items: list[Paired], chance: random.Random
) -> Iterator[Group]:
    """Yield a group a question: both passages, and the changed question of one of them.

    The changed question meets the very words that answer the other one, but for one time in four,
    when it meets the other passage.
    """
    for item in items:
        text, title = source.texts[item.passage], source.titles[item.passage]
        start = text.index(item.answer)
        words = _CROP_WORDS if chance.random() < 0.8 else 1_000
        passage, spans = crop_passage(text, [(start, start + len(item.answer))], words, chance)
        other, _ = crop_passage(source.texts[item.other], [], words, chance)
        question = vary_question(item.question, chance)
        changed = vary_question(item.changed, chance)
        near = (source.titles[item.other], other)
        yield (
            Pair(question, title, passage, tuple(spans), True, True),
            Pair(question, *near, (), False, True),
            Pair(changed, *(near if chance.random() < 0.25 else (title, passage)), (), False),
        )
