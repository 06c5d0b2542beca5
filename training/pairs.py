"""Make training groups of question-passage pairs from the data sets, with mined and made negatives.

A group is one question: the passage that answers it, then passages that do not (high-ranked wrong
ones, the right one with its answer cut out) and changed questions that the passage does not answer.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ingest.chunk import split_sentences
from ingest.embed import Embedder
from ingest.words import WordIndex, stem_words
from training.perturb import perturb_question

MINED = 20
CROP_WORDS = 55


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and a passage; `spans` are (start, end) offsets of answers in it.

    `answerable` is None where the data do not say; `ranked` marks pairs that the ranking loss
    compares within the group (the first is the relevant one).
    """

    question: str
    title: str
    passage: str
    spans: tuple[tuple[int, int], ...] = ()
    answerable: bool | None = None
    ranked: bool = False


Group = tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A data set: passages, questions, and for each question the nearest wrong passages."""

    name: str
    texts: dict[str, str]
    titles: dict[str, str]
    questions: list[dict[str, Any]]
    gold: dict[str, list[str]]
    nearest: dict[str, list[str]] = field(default_factory=dict)


def read_lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def read_source(folder: Path) -> Source:
    """Read a folder of corpus.jsonl, queries.jsonl and qrels.jsonl."""
    corpus = read_lines(folder / "corpus.jsonl")
    gold: dict[str, list[str]] = {}
    for row in read_lines(folder / "qrels.jsonl"):
        if row["relevance"] > 0:
            gold.setdefault(row["query_id"], []).append(row["doc_id"])
    # Titles of posts and reviews name the site, not the subject.
    plain = not folder.name.endswith(("reddit", "amazon_reviews"))
    return Source(
        name=folder.name,
        texts={row["id"]: row["text"] for row in corpus},
        titles={row["id"]: row["title"] if plain else "" for row in corpus},
        questions=read_lines(folder / "queries.jsonl"),
        gold=gold,
    )


def hold_out_titles(source: Source, share: float, seed: int) -> set[str]:
    """Return the titles, a share of all, that training never sees."""
    titles = sorted(set(source.titles.values()))
    random.Random(seed).shuffle(titles)
    return set(titles[: round(share * len(titles))])


def mine_negatives(source: Source, embedder: Embedder | None) -> None:
    """Fill `nearest`: the best wrong passages by BM25 and, with an embedder, by vectors."""
    ids = list(source.texts)
    index = WordIndex(None)
    index.add((row, source.titles[key], "", source.texts[key]) for row, key in enumerate(ids))
    vectors = None
    if embedder is not None:
        vectors = embedder.encode([f"{source.titles[key]}\n{source.texts[key]}" for key in ids])
        asked = embedder.encode([item["text"] for item in source.questions])
    for number, item in enumerate(source.questions):
        rows = [row for row, _ in index.search(stem_words(item["text"]), MINED)]
        if vectors is not None:
            near = np.argsort(-(vectors @ asked[number]))[:MINED]
            rows = [row for pair in zip(rows, near.tolist(), strict=False) for row in pair]
        right = {item.get("context_id"), *source.gold.get(item["id"], ())}
        names = [ids[row] for row in dict.fromkeys(rows)]
        source.nearest[item["id"]] = [name for name in names if name not in right][:MINED]
        # Where the right passage stands among them says whether the question stands alone.
        item["rank"] = next((n for n, name in enumerate(names) if name in right), MINED)


def make_span_group(source: Source, item: dict[str, Any], chance: random.Random) -> Group:
    """Return the group of a question with answer spans."""
    key = item["context_id"]
    title, text = source.titles[key], source.texts[key]
    spans = [(start, start + len(answer)) for start, answer in item["spans"]]
    question = vary_question(item["text"], chance)
    # Mostly short, for speed; passages of one group are cut alike, or length would give it away.
    words = CROP_WORDS if chance.random() < 0.85 else 1_000
    passage, spans = crop_passage(text, spans, words, chance)
    pairs = [Pair(question, title, passage, tuple(spans), True, True)]
    stands_alone = item["rank"] <= (MINED if source.name.endswith("wiki") else 2)
    if stands_alone and source.nearest[item["id"]] and chance.random() < 0.85:
        wrong = _pick_near(source.nearest[item["id"]], chance)
        other, _ = crop_passage(source.texts[wrong], [], words, chance)
        pairs.append(Pair(question, source.titles[wrong], other, (), False, True))
    if chance.random() < 0.45:
        made: str | None = cut_answer(text, item["spans"], chance)
        if made:
            made, _ = crop_passage(made, [], words, chance)
            pairs.append(Pair(question, title, made, (), False, False))
    else:
        related = source.texts[_pick_near(source.nearest[item["id"]] or [key], chance)]
        changed = perturb_question(item["text"], passage, related, chance)
        if changed:
            pairs.append(Pair(vary_question(changed, chance), title, passage, (), False, False))
    return tuple(pairs)


def make_ranking_group(source: Source, item: dict[str, Any], chance: random.Random) -> Group:
    """Return the group of a question whose right passages are known, but no spans."""
    question = vary_question(item.get("rewrite") or item["text"], chance)
    near = source.nearest[item["id"]]
    answerable = item.get("answerable") if source.name.startswith(("clapnq", "mtrag")) else None
    if answerable is False:
        key = item.get("context_id")
        if key is None or not near:
            return ()
        return (Pair(question, source.titles[key], source.texts[key], (), False, False),)
    right = source.gold.get(item["id"])
    if not right or len(near) < 3:
        return ()
    key = chance.choice(right)
    pairs = [Pair(question, source.titles[key], source.texts[key], (), answerable, True)]
    for wrong in sorted({_pick_near(near, chance) for _ in range(2)}):
        known = False if answerable else None
        pairs.append(Pair(question, source.titles[wrong], source.texts[wrong], (), known, True))
    return tuple(pairs)


def make_title_groups(source: Source, chance: random.Random, count: int) -> Iterator[Group]:
    """Yield groups that take an abstract's title for its question, titles taken off."""
    ids = [key for key in source.texts if len(source.titles[key].split()) > 5]
    index = WordIndex(None)
    index.add((row, "", "", source.texts[key]) for row, key in enumerate(ids))
    for key in chance.sample(ids, min(count, len(ids))):
        question = vary_question(source.titles[key], chance)
        found = [ids[row] for row, _ in index.search(stem_words(question), 10)]
        wrong = [name for name in found if name != key]
        if len(wrong) >= 2:
            names = [key, *chance.sample(wrong, 2)]
            cropped = [crop_passage(source.texts[name], [], 80, chance)[0] for name in names]
            yield tuple(Pair(question, "", text, (), None, True) for text in cropped)


def vary_question(question: str, chance: random.Random) -> str:
    """Return the question as another hand might type it: small letters, no question mark."""
    question = " ".join(question.split())
    roll = chance.random()
    if roll < 0.12:
        return question.rstrip("?").lower()
    return question.rstrip("?") if roll < 0.18 else question


def crop_passage(
    text: str, spans: list[tuple[int, int]], words: int, chance: random.Random
) -> tuple[str, list[tuple[int, int]]]:
    """Return about `words` words of a text, whole sentences around the first span, and its spans.

    Without spans, around a sentence taken at random.
    """
    if len(text.split()) <= words:
        return text, spans
    sentences = list(split_sentences(text, 0, len(text), 10_000))
    if not sentences:
        return text, spans
    low, high = spans[0] if spans else (sentences[chance.randrange(len(sentences))][0],) * 2
    first = next((n for n, (_, end) in enumerate(sentences) if end > low), 0)
    last = next((n for n, (_, end) in enumerate(sentences) if end >= high), len(sentences) - 1)
    while first > 0 or last < len(sentences) - 1:
        begin, stop = sentences[first][0], sentences[last][1]
        if len(text[begin:stop].split()) >= words:
            break
        if last == len(sentences) - 1 or (first > 0 and chance.random() < 0.5):
            first -= 1
        else:
            last += 1
    begin, stop = sentences[first][0], sentences[last][1]
    kept = [(start - begin, end - begin) for start, end in spans if begin <= start and end <= stop]
    return (text[begin:stop], kept) if kept or not spans else (text, spans)


def cut_answer(text: str, spans: Sequence[tuple[int, str]], chance: random.Random) -> str | None:
    """Return the text without the sentences that hold an answer, None if little is left."""
    answers = {answer for _, answer in spans}
    sentences = [text[start:end] for start, end in split_sentences(text, 0, len(text), 10_000)]
    kept = [item for item in sentences if not any(answer in item for answer in answers)]
    cut = " ".join(kept)
    return cut if len(cut.split()) >= 25 and len(kept) < len(sentences) else None


def _pick_near(names: list[str], chance: random.Random) -> str:
    """Return one of the names, the first ones more often."""
    return names[min(int(chance.expovariate(0.35)), len(names) - 1)]
