"""Go on training the shipped reader on written questions: `python -m training.tune DATA RUN`.

Only the upper layers learn, for a few thousand questions could not teach the lower ones much but
their own words. Questions of the data sets are mixed in, so that what these taught is kept. The
result is exported as a trained one, `python -m training.export RUN FOLDER`.
"""

import argparse
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bot.reader import WEIGHTS
from training.model import ReaderModule
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


def freeze_lower(model: ReaderModule, layers: int) -> None:
    """Keep the first `layers` of the encoder as they are."""
    for layer in model.encoder.encoder.layer[:layers]:
        layer.requires_grad_(False)


def make_outside_groups(
    asked: Source, read: Source, count: int, chance: random.Random
) -> list[Group]:
    """Return questions of one source, each asked of two passages of another."""
    names = list(read.texts)
    groups = []
    for item in chance.sample(asked.questions, count):
        question = vary_question(item["text"], chance)
        passages = [
            (read.titles[key], crop_passage(read.texts[key], [], 75, chance)[0])
            for key in chance.sample(names, 2)
        ]
        groups.append(tuple(Pair(question, title, text, (), False) for title, text in passages))
    return groups


def make_tuning_epoch(
    written: Sequence[Source],
    sources: Mapping[str, Source],
    config: dict[str, Any],
    epoch: int,
) -> list[Group]:
    """Return one epoch: all the written questions to train on, and some of the data sets'.

    Without questions on other subjects the reader forgets that these are not answered, and without
    those of the ranking sets which passage is best.
    """
    chance = random.Random(config["seed"] + epoch)
    groups: list[Group] = []
    for source in written:
        groups += make_written_groups(source, split_written(source, config)[0], chance)
    encyclopaedia, ranking = sources[SPAN_SETS[0]], {name: sources[name] for name in RANKING_SETS}
    count = round(config["outside"] * len(groups))
    groups += make_outside_groups(sources[SPAN_SETS[1]], encyclopaedia, count, chance)
    groups += make_epoch(ranking, config, epoch)
    others = make_epoch({name: sources[name] for name in SPAN_SETS}, config, epoch)
    groups += chance.sample(others, min(len(others), round(config["replayed"] * len(groups))))
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
    model = load_shipped(WEIGHTS / "reader.onnx")
    freeze_lower(model, config["frozen_layers"])
    train(
        given.run,
        config,
        model,
        lambda epoch: make_tuning_epoch(written, sources, config, epoch),
    )


if __name__ == "__main__":
    main()
