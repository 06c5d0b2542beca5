"""Go on training the shipped reader on written questions: `python -m training.tune DATA RUN`.

Most of them are those of `training.paired`. Only the upper layers learn, for a few thousand
questions could not teach the lower ones much but their own words. Questions of the data sets are
mixed in, so that what these taught is kept. The result is exported as a trained one,
`python -m training.export RUN FOLDER`.
"""

import argparse
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.reader import WEIGHTS
from ingest.words import WordIndex, stem_words
from training.model import ReaderModule
from training.paired import Paired, make_paired_groups, read_paired, split_paired
from training.pairs import Group, Pair, Source, crop_passage, mine_negatives, vary_question
from training.shipped import load_shipped
from training.train import (
    RANKING_SETS,
    SPAN_SETS,
    load_sources,
    make_epoch,
    read_config,
    train,
)
from training.written import make_written_groups, read_written, split_written

# Whose questions are asked of whose passages, which do not answer them, and how many for each
# paired question.
OUTSIDE = (
    ("squadshifts_reddit", "squadshifts_new_wiki", 0.14),
    ("squadshifts_reddit", "mtrag_a", 0.08),
    ("squadshifts_reddit", "scifact", 0.04),
    ("squadshifts_new_wiki", "scifact", 0.04),
)


def freeze_lower(model: ReaderModule, layers: int) -> None:
    """Keep the first `layers` of the encoder as they are."""
    for layer in model.encoder.encoder.layer[:layers]:
        layer.requires_grad_(False)


def make_outside_groups(
    asked: Source, read: Source, count: int, chance: random.Random
) -> list[Group]:
    """Return questions of one source, each asked of two passages of another: a near and a far one.

    The near one is among the first by BM25, as it is when the bot is asked about something else.
    """
    names = list(read.texts)
    index = WordIndex(None)
    index.add((row, read.titles[key], "", read.texts[key]) for row, key in enumerate(names))
    groups = []
    for item in chance.sample(asked.questions, count):
        question = vary_question(item["text"], chance)
        found = [row for row, _ in index.search(stem_words(item["text"]), 10)]
        rows = [chance.choice(found or range(len(names))), chance.randrange(len(names))]
        groups.append(
            tuple(
                Pair(question, read.titles[key], crop_passage(read.texts[key], [], 55, chance)[0],
                     (), False)
                for key in (names[row] for row in rows)
            )
        )  # fmt: skip
    return groups


def make_tuning_epoch(
    paired: Sequence[tuple[Source, list[Paired]]],
    written: Sequence[Source],
    sources: Mapping[str, Source],
    config: dict[str, Any],
    epoch: int,
) -> list[Group]:
    """Return one epoch: the paired questions, and shares of them of all the others.

    Without questions on other subjects the reader forgets that these are not answered, and without
    those of the ranking sets which passage is best.
    """
    chance = random.Random(config["seed"] + epoch)
    groups: list[Group] = []
    for source, items in paired:
        groups += make_paired_groups(source, items, chance)
    count = len(groups)

    def take(share: float, others: Sequence[Any]) -> list[Any]:
        return chance.sample(others, min(len(others), round(share * count)))

    asked = [(source, item) for source in written for item in split_written(source, config)[0]]
    for source, item in take(config["written"], asked):
        groups += make_written_groups(source, [item], chance)
    for asks, read, part in OUTSIDE:
        groups += make_outside_groups(sources[asks], sources[read], round(part * count), chance)
    for names, share in ((RANKING_SETS, "ranked"), (SPAN_SETS, "replayed")):
        others = make_epoch({name: sources[name] for name in names}, config, epoch)
        groups += take(config[share], others)
    chance.shuffle(groups)
    return groups


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder of the data sets")
    parser.add_argument("run", type=Path, help="folder for checkpoints")
    given = parser.parse_args()
    config = read_config()
    config |= config["tune"]
    given.run.mkdir(parents=True, exist_ok=True)
    sources = load_sources(given.data, given.run, config)
    written = [read_written(source) for source in sources.values()]
    for source in written:
        mine_negatives(source, None)
    paired = [
        (source, split_paired(source, read_paired(source), config)[0])
        for source in sources.values()
    ]
    model = load_shipped(WEIGHTS / "reader.onnx")
    freeze_lower(model, config["frozen_layers"])
    train(
        given.run,
        config,
        model,
        lambda epoch: make_tuning_epoch(paired, written, sources, config, epoch),
    )


if __name__ == "__main__":
    main()
