"""Train the reader: `python -m training.train DATA RUN` writes checkpoints into the folder RUN.

Stopped, it goes on from the last checkpoint when called again. The learning rate is constant after
a warm-up and falls to nothing over the last steps; the weights kept are a running average.
"""

import argparse
import copy
import json
import random
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from ingest.embed import DEFAULT_MODEL, find_weights, load_embedder, model_folder
from training.model import ReaderModule, load_module
from training.pairs import (
    Group,
    Pair,
    Source,
    hold_out_titles,
    make_ranking_group,
    make_span_group,
    make_title_groups,
    mine_negatives,
    read_source,
)

SPAN_SETS = ("squadshifts_new_wiki", "squadshifts_reddit", "squadshifts_amazon_reviews")
RANKING_SETS = ("clapnq_dev_a", "mtrag_a", "scifact")
_EXCLUDED = -1e4


def read_config() -> dict[str, Any]:
    """Return config.toml beside this file."""
    return tomllib.loads((Path(__file__).parent / "config.toml").read_text(encoding="utf-8"))


def load_sources(data: Path, run: Path, config: dict[str, Any]) -> dict[str, Source]:
    """Return the data sets with mined negatives, kept in the folder `run` once mined."""
    embedder = load_embedder(DEFAULT_MODEL, model_folder(run, DEFAULT_MODEL))
    sources = {}
    for name in SPAN_SETS + RANKING_SETS:
        source = read_source(data / name)
        cache = run / f"{name}.mined.json"
        if cache.exists():
            mined = json.loads(cache.read_text(encoding="utf-8"))
            source.nearest.update(mined["nearest"])
            for item in source.questions:
                item["rank"] = mined["ranks"][item["id"]]
        else:
            dense = name in ("squadshifts_new_wiki", "clapnq_dev_a", "mtrag_a")
            mine_negatives(source, embedder if dense else None)
            ranks = {item["id"]: item["rank"] for item in source.questions}
            cache.write_text(json.dumps({"nearest": source.nearest, "ranks": ranks}))
        sources[name] = source
        print(
            f"{name}: {len(source.texts)} passages, {len(source.questions)} questions", flush=True
        )
    return sources


def split_questions(source: Source, config: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """Return the questions to train on and those to measure on."""
    if source.name.endswith("wiki"):
        out = hold_out_titles(source, config["held_out"], config["seed"])
        kept = [item for item in source.questions if source.titles[item["context_id"]] not in out]
        return kept, [item for item in source.questions if source.titles[item["context_id"]] in out]
    if source.name in SPAN_SETS:
        return source.questions, []
    questions = sorted(source.questions, key=lambda item: str(item["id"]))
    random.Random(config["seed"]).shuffle(questions)
    cut = round(config["ranking_share"] * len(questions))
    return questions[:cut], questions[cut:]


def make_epoch(sources: dict[str, Source], config: dict[str, Any], epoch: int) -> list[Group]:
    """Return one epoch's groups: new negatives and crops each time."""
    chance = random.Random(config["seed"] + epoch)
    groups: list[Group] = []
    for name, source in sources.items():
        questions, _ = split_questions(source, config)
        if name in SPAN_SETS:
            # Posts and reviews are many and less like articles: a third of them an epoch.
            share = 1.0 if name.endswith("wiki") else 0.35
            chosen = chance.sample(questions, round(share * len(questions)))
            groups += [make_span_group(source, item, chance) for item in chosen]
        else:
            groups += [make_ranking_group(source, item, chance) for item in questions]
            if name == "scifact":
                groups += make_title_groups(source, chance, 600)
    groups = [group for group in groups if group]
    chance.shuffle(groups)
    return groups


def cut_batches(groups: list[Group], size: int, seed: int) -> Iterator[list[Group]]:
    """Yield batches of groups of like length, in random order."""
    chance = random.Random(seed)
    batches = []
    for first in range(0, len(groups), size * 16):
        window = sorted(
            groups[first : first + size * 16],
            key=lambda group: max(len(pair.passage) for pair in group),
        )
        batches += [window[at : at + size] for at in range(0, len(window), size)]
    chance.shuffle(batches)
    yield from batches


class Batch:
    """Tensors of a batch of groups; spans are token positions, 0 stands for "no answer"."""

    def __init__(self, groups: list[Group], tokenizer: Tokenizer) -> None:
        pairs = [pair for group in groups for pair in group]
        self.groups = groups
        encoded = tokenizer.encode_batch([join_pair(pair) for pair in pairs])
        self.ids = torch.tensor([item.ids for item in encoded])
        self.types = torch.tensor([item.type_ids for item in encoded])
        self.mask = torch.tensor([item.attention_mask for item in encoded])
        self.answerable = torch.tensor(
            [-1.0 if pair.answerable is None else float(pair.answerable) for pair in pairs]
        )
        found = [find_tokens(pair, item) for pair, item in zip(pairs, encoded, strict=True)]
        self.start = torch.tensor([start for start, _ in found])
        self.end = torch.tensor([end for _, end in found])
        # Without spans there is nothing to learn of places, unless the place is "nowhere".
        self.placed = torch.tensor(
            [
                pair.answerable is False or bool(pair.spans and start)
                for pair, (start, _) in zip(pairs, found, strict=True)
            ]
        )
        # Positions that a span may take: the passage, and the first token for none.
        self.allowed = (self.types == 1) & (self.mask == 1)
        self.allowed[:, 0] = True


def join_pair(pair: Pair) -> tuple[str, str]:
    """Return the two texts that the tokenizer joins."""
    return pair.question, f"{pair.title}\n{pair.passage}" if pair.title else pair.passage


def find_tokens(pair: Pair, encoded: Any) -> tuple[int, int]:
    """Return the first and last token of the answer, (0, 0) for none or one that was cut off."""
    if not pair.spans:
        return 0, 0
    # Annotators differ: which one's span it is depends on the crop, so all are learnt from.
    low, high = pair.spans[len(pair.passage) % len(pair.spans)]
    shift = len(pair.title) + 1 if pair.title else 0
    low, high = low + shift, high + shift
    tokens = [
        at
        for at, ((begin, stop), kind) in enumerate(
            zip(encoded.offsets, encoded.type_ids, strict=True)
        )
        if kind == 1 and begin < stop and begin < high and stop > low
    ]
    return (tokens[0], tokens[-1]) if tokens else (0, 0)


def measure_loss(model: ReaderModule, batch: Batch) -> tuple[Tensor, dict[str, float]]:
    """Return the loss: place of the answer, whether there is one, and which passage is best."""
    start, end, judged = run_model(model, batch)
    places = torch.zeros(())
    if batch.placed.any():
        for logits, gold in ((start, batch.start), (end, batch.end)):
            allowed = logits.float().masked_fill(~batch.allowed, _EXCLUDED)[batch.placed]
            places = places + functional.cross_entropy(allowed, gold[batch.placed]) / 2
    known = batch.answerable >= 0
    answer = functional.binary_cross_entropy_with_logits(judged[known, 0], batch.answerable[known])
    losses = []
    at = 0
    for group in batch.groups:
        ranked = [at + n for n, pair in enumerate(group) if pair.ranked]
        if len(ranked) > 1:
            losses.append(-functional.log_softmax(judged[ranked, 1], dim=0)[0])
        at += len(group)
    ranking = torch.stack(losses).mean() if losses else torch.zeros(())
    parts = {"place": places.item(), "answer": answer.item(), "ranking": ranking.item()}
    return places + answer + 0.5 * ranking, parts


def run_model(model: ReaderModule, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Return the model's outputs; run in parts of like length, so that little is padding.

    Few different shapes, so that oneDNN finds the kernels that it has made already. Half precision
    only where the processor has it: elsewhere it is made up of slower steps.
    """
    half = torch.backends.cpu.get_cpu_capability() == "AVX512"
    width = batch.ids.shape[1]
    order = batch.mask.sum(1).argsort()
    outputs = []
    for rows in torch.split(order, 12):
        length = min(width, -(-int(batch.mask[rows].sum(1).max()) // 16) * 16)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
            start, end, judged = model(
                batch.ids[rows, :length], batch.types[rows, :length], batch.mask[rows, :length]
            )
        places = [functional.pad(item.float(), (0, width - length)) for item in (start, end)]
        outputs.append((*places, judged.float()))
    back = order.argsort()
    start, end, judged = (torch.cat(parts)[back] for parts in zip(*outputs, strict=True))
    return start, end, judged


def learning_rate(step: int, config: dict[str, Any]) -> float:
    """Return the share of the full learning rate: up, level, down."""
    left = (config["steps"] - step) / config["decay_steps"]
    return float(max(0.0, min(1.0, (step + 1) / config["warmup_steps"], left)))


def train(
    run: Path,
    config: dict[str, Any],
    model: ReaderModule,
    make_groups: Callable[[int], list[Group]],
) -> None:
    """Train on the groups of each epoch, from the last checkpoint in `run` if there is one."""
    torch.manual_seed(config["seed"])
    weights = Path(find_weights(DEFAULT_MODEL))
    tokenizer = make_tokenizer(weights / "tokenizer.json", config["max_tokens"])
    average = copy.deepcopy(model)
    trained = [item for item in model.parameters() if item.requires_grad]
    optimizer = torch.optim.AdamW(
        trained, lr=config["learning_rate"], weight_decay=config["weight_decay"]
    )
    learnt = {"model": model, "average": average, "optimizer": optimizer}
    step, epoch, skip = restore(run, learnt)
    started, sums = time.time(), {"place": 0.0, "answer": 0.0, "ranking": 0.0}
    while step < config["steps"]:
        groups = make_groups(epoch)
        for number, chosen in enumerate(
            cut_batches(groups, config["groups_per_batch"], config["seed"] + epoch)
        ):
            if number < skip:
                continue
            for part in optimizer.param_groups:
                part["lr"] = config["learning_rate"] * learning_rate(step, config)
            loss, parts = measure_loss(model, Batch(chosen, tokenizer))
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            step += 1
            blend(average, model, min(config["average_decay"], step / (step + 10)))
            sums = {key: sums[key] + value for key, value in parts.items()}
            if step % 25 == 0:
                shown = {key: round(value / 25, 3) for key, value in sums.items()}
                sums = dict.fromkeys(sums, 0.0)
                print(json.dumps({"step": step, "epoch": epoch, "s": round(time.time() - started),
                                  **shown}), flush=True)  # fmt: skip
            if step % 100 == 0 or step == config["steps"]:
                save(run, learnt, step, epoch, number + 1)
            if step >= config["steps"]:
                break
        epoch, skip = epoch + 1, 0


def save(run: Path, learnt: dict[str, Any], step: int, epoch: int, batch: int) -> None:
    """Write a checkpoint, whole or not at all; `batch` is the next one of the epoch."""
    states = {name: part.state_dict() for name, part in learnt.items()}
    place = {"step": step, "epoch": epoch, "batch": batch}
    torch.save({**states, **place}, run / "last.partial")
    (run / "last.partial").replace(run / "last.pt")


def restore(run: Path, learnt: dict[str, Any]) -> tuple[int, int, int]:
    """Load the last checkpoint, if there is one; return its step, epoch and next batch."""
    if not (run / "last.pt").exists():
        return 0, 0, 0
    saved = torch.load(run / "last.pt")
    for name, part in learnt.items():
        part.load_state_dict(saved[name])
    return saved["step"], saved["epoch"], saved["batch"]


def blend(average: ReaderModule, model: ReaderModule, decay: float) -> None:
    """Move the running average of the weights towards the model's."""
    with torch.no_grad():
        for mean, value in zip(average.parameters(), model.parameters(), strict=True):
            if value.requires_grad:
                mean.lerp_(value, 1 - decay)


def make_tokenizer(file: Path, max_tokens: int) -> Tokenizer:
    """Return the encoder's tokenizer, cutting the passage, never the question."""
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.enable_truncation(max_tokens, strategy="only_second")
    tokenizer.enable_padding()
    return tokenizer


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder of the data sets")
    parser.add_argument("run", type=Path, help="folder for checkpoints")
    parser.add_argument("--steps", type=int, help="in place of the configured number")
    given = parser.parse_args()
    config = read_config()
    if given.steps:
        config["steps"] = given.steps
    given.run.mkdir(parents=True, exist_ok=True)
    sources = load_sources(given.data, given.run, config)
    model = load_module(Path(find_weights(DEFAULT_MODEL)))
    train(given.run, config, model, lambda epoch: make_epoch(sources, config, epoch))


if __name__ == "__main__":
    main()
