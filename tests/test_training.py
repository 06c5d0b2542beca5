"""Training the reader: made negatives, crops, token spans, and a run of two steps to ONNX."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from bot.reader import WEIGHTS, OnnxReader, Text
from tests.libraries import ROOT
from training.paired import PAIRED, Paired, make_paired_groups, read_paired, split_paired
from training.pairs import (
    Pair,
    Source,
    crop_passage,
    cut_answer,
    hold_out_titles,
    make_span_group,
    mine_negatives,
    read_lines,
    read_source,
)
from training.perturb import perturb_question
from training.written import WRITTEN, make_written_groups, read_written, split_written

DATA = ROOT.parent / "shared" / "data"
PASSAGE = (
    "The bridge of Riga was opened by King Olaf in 1931. Anna Berzina drew the first plans. "
    "It is 412 metres long and painted green. In 1990 it was closed for two years. "
    "The ferry of Oslo carried people in the meantime. Tolls were never taken on it."
)
QUESTIONS = [
    ("Who opened the bridge of Riga in 1931?", "King Olaf"),
    ("When was the bridge closed?", "1990"),
    ("Who drew the first plans?", "Anna Berzina"),
]


def write_set(folder: Path, titles: tuple[str, ...] = ("Bridges", "Ferries", "Soup")) -> Path:
    """Write a small data set: a passage a title, three questions on each."""
    folder.mkdir(parents=True)
    corpus, queries, qrels = [], [], []
    for title in titles:
        text = PASSAGE.replace("bridge", title.lower()).replace("Riga", f"Riga {title}")
        corpus.append({"id": title, "title": title, "text": text})
        for number, (question, answer) in enumerate(QUESTIONS):
            key = f"{title}-{number}"
            spans = [[text.index(answer), answer]]
            queries.append({"id": key, "text": question, "answers": [answer], "answerable": True,
                            "context_id": title, "spans": spans})  # fmt: skip
            qrels.append({"query_id": key, "doc_id": title, "relevance": 1})
    for name, rows in (("corpus", corpus), ("queries", queries), ("qrels", qrels)):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return folder


@pytest.mark.parametrize("question", [question for question, _ in QUESTIONS])
def test_a_changed_question_is_another_one_and_much_alike(question: str) -> None:
    for seed in range(30):
        changed = perturb_question(question, PASSAGE, PASSAGE, random.Random(seed))
        assert changed is not None and changed != question
        same = set(changed.split()) & set(question.split())
        assert len(same) >= len(question.split()) - 3


@given(st.text(max_size=80), st.text(max_size=200), st.integers(0, 99))
def test_any_text_can_be_changed_or_not(question: str, passage: str, seed: int) -> None:
    changed = perturb_question(question, passage, passage, random.Random(seed))
    assert changed is None or changed != question


@given(st.integers(0, 200), st.integers(1, 40), st.integers(5, 60), st.integers(0, 99))
def test_law_a_crop_keeps_the_span(start: int, length: int, words: int, seed: int) -> None:
    span = (start, min(len(PASSAGE), start + length))
    text, spans = crop_passage(PASSAGE, [span], words, random.Random(seed))
    assert text in PASSAGE
    assert [text[low:high] for low, high in spans] == [PASSAGE[span[0] : span[1]]]


def test_the_answer_is_cut_out() -> None:
    text = PASSAGE + " " + PASSAGE.replace("King Olaf", "somebody")
    cut = cut_answer(text, [(39, "King Olaf")], random.Random(0))
    assert cut is not None and "King Olaf" not in cut and "Anna Berzina" in cut
    assert cut_answer("King Olaf came.", [(0, "King Olaf")], random.Random(0)) is None


def test_groups_have_a_right_pair_first(tmp_path: Path) -> None:
    source = read_source(write_set(tmp_path / "squadshifts_new_wiki"))
    mine_negatives(source, None)
    assert hold_out_titles(source, 0.34, 1) < set(source.texts)
    for seed in range(20):
        for item in source.questions:
            right, *wrong = make_span_group(source, item, random.Random(seed))
            assert right.answerable and right.ranked and right.spans
            assert all(pair.answerable is False and not pair.spans for pair in wrong)
            for low, high in right.spans:
                assert right.passage[low:high] == item["answers"][0]


def test_spans_are_found_among_the_tokens() -> None:
    from training.train import find_tokens, join_pair, make_tokenizer

    tokenizer: Tokenizer = make_tokenizer(WEIGHTS / "tokenizer.json", 64)
    start = PASSAGE.index("King Olaf")
    pair = Pair("Who opened it?", "The bridge", PASSAGE, ((start, start + 9),), True)
    encoded = tokenizer.encode(*join_pair(pair))
    first, last = find_tokens(pair, encoded)
    assert encoded.tokens[first : last + 1] == ["king", "olaf"]
    beyond = PASSAGE.index("Tolls")
    late = Pair("Was a toll taken?", "", PASSAGE * 3, ((beyond + 600, beyond + 605),), True)
    assert find_tokens(late, tokenizer.encode(*join_pair(late))) == (0, 0)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_two_steps_make_a_reader_that_reads(tmp_path: Path) -> None:
    """The whole way on made-up data: train, stop, go on, export, read, turn back."""
    import torch

    from ingest.embed import DEFAULT_MODEL, find_weights
    from training.export import export_reader
    from training.model import load_module
    from training.shipped import load_shipped
    from training.train import (
        RANKING_SETS,
        SPAN_SETS,
        load_sources,
        make_epoch,
        read_config,
        train,
    )

    for name in (*SPAN_SETS, *RANKING_SETS):
        write_set(tmp_path / "data" / name, ("Bridges", "Ferries", "Soup", "Towers", "Tunnels"))
    config = {**read_config(), "groups_per_batch": 4, "warmup_steps": 1, "decay_steps": 1}
    run = tmp_path / "run"
    run.mkdir()
    sources = load_sources(tmp_path / "data", run, config)
    for steps in (1, 2):
        model = load_module(Path(find_weights(DEFAULT_MODEL)))
        train(
            run,
            {**config, "steps": steps},
            model,
            lambda epoch: make_epoch(sources, config, epoch),
        )
    export_reader(run, tmp_path / "reader")
    reading = OnnxReader(tmp_path / "reader").read("Who drew it?", [Text("Bridges", PASSAGE)])[0]
    assert reading.find_span(0, len(PASSAGE)) is not None
    # What is shipped can be trained on: its weights come back but for what int8 took.
    saved = torch.load(run / "last.pt")["average"]
    shipped = load_shipped(tmp_path / "reader" / "reader.onnx").state_dict()
    assert shipped.keys() == saved.keys()
    for name, value in saved.items():
        step = value.abs().max() / 127
        assert (shipped[name] - value).abs().max() <= step
    tune_one_step(tmp_path, sources, {**config, **config["tune"], "steps": 1})


def tune_one_step(folder: Path, sources: dict[str, Source], config: dict[str, Any]) -> None:
    """Go on from the exported reader with written questions: only the upper layers change."""
    import torch

    from training.shipped import load_shipped
    from training.train import SPAN_SETS, train
    from training.tune import freeze_lower, make_tuning_epoch

    known = {"set": SPAN_SETS[0], "passage": "Soup"}
    rows = [{**known, "question": f"Who paid {n}?", "answer": None} for n in range(20)]
    source = sources[SPAN_SETS[0]]
    written = read_written(source, write_lines(folder / "written.jsonl", *rows))
    mine_negatives(written, None)
    pairs = [
        Paired("Soup", "Ferries", f"Who drew soup {n}?", "Anna Berzina", f"Who ate soup {n}?")
        for n in range(20)
    ]
    groups = make_tuning_epoch([(source, pairs)], [written], sources, config, 0)
    outside = [group for group in groups if not any(pair.ranked for pair in group)]
    assert len(groups) > 20 and any(len({pair.passage for pair in item}) > 1 for item in outside)
    model = load_shipped(folder / "reader" / "reader.onnx")
    before = {name: value.clone() for name, value in model.state_dict().items()}
    freeze_lower(model, config["frozen_layers"])
    (folder / "tuned").mkdir()
    train(folder / "tuned", config, model, lambda _: groups)
    after = torch.load(folder / "tuned" / "last.pt")["model"]
    layers = {
        int(name.split(".")[3])
        for name, value in after.items()
        if ".layer." in name and not torch.equal(value, before[name])
    }
    assert layers == set(range(config["frozen_layers"], 6))


def test_a_paired_question_is_answered_here_and_not_there(tmp_path: Path) -> None:
    source = read_source(write_set(tmp_path / "squadshifts_new_wiki"))
    row: dict[str, str | None] = {
        "set": source.name, "passage": "Soup", "other": "Ferries", "answer": "Anna Berzina",
        "question": "Who made the sketches of the soup?", "changed": "Who paid for the soup?",
    }  # fmt: skip
    file = write_lines(tmp_path / "paired.jsonl", row, {**row, "set": "another"})
    [item] = read_paired(source, file)
    changed_of = set()
    for seed in range(20):
        [group] = make_paired_groups(source, [item], random.Random(seed))
        right, near, changed = group
        [(low, high)] = right.spans
        assert right.passage[low:high] == "Anna Berzina" and right.answerable and right.ranked
        assert (right.title, near.title) == ("Soup", "Ferries") and near.ranked
        assert near.question == right.question and near.answerable is False
        assert "paid" in changed.question and changed.answerable is False and not changed.ranked
        changed_of.add(changed.title)
    assert changed_of == {"Soup", "Ferries"}
    write_lines(file, {**row, "answer": "Peter the Great"})
    with pytest.raises(ValueError, match="line 1: 'Peter the Great' is not in its passage"):
        read_paired(source, file)


@pytest.mark.skipif(not DATA.exists(), reason="the data sets are not beside the project")
def test_paired_questions_are_of_passages_there() -> None:
    from training.train import read_config

    config, counts = read_config(), []
    for name in ("squadshifts_new_wiki", "mtrag_a", "clapnq_dev_a"):
        source = read_source(DATA / name)
        learnt, held_out = split_paired(source, read_paired(source), config)
        counts.append((len(learnt), len(held_out)))
        seen = {key for item in learnt for key in (item.passage, item.other)}
        assert seen.isdisjoint(key for item in held_out for key in (item.passage, item.other))
        assert all(item.other in source.texts for item in learnt + held_out)
    assert counts[0][1] > 100 and sum(map(sum, counts)) == len(read_lines(PAIRED))


def write_lines(file: Path, *rows: dict[str, str | None]) -> Path:
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def test_a_written_question_makes_a_group_that_says_whether_it_is_answered(tmp_path: Path) -> None:
    source = read_source(write_set(tmp_path / "squadshifts_new_wiki"))
    known = {"set": source.name, "passage": "Soup"}
    file = write_lines(
        tmp_path / "written.jsonl",
        {**known, "question": "Who was the architect?", "answer": "Anna Berzina"},
        {**known, "question": "Who paid for it?", "answer": None},
        {**known, "set": "another", "question": "Who?", "answer": "Nobody"},
    )
    written = read_written(source, file)
    mine_negatives(written, None)
    assert len(written.questions) == 2
    for seed in range(20):
        groups = make_written_groups(written, written.questions, random.Random(seed))
        (right, *wrong), (open_one, *far) = groups
        [(low, high)] = right.spans
        assert right.passage[low:high] == "Anna Berzina" and right.answerable and right.ranked
        assert all(not pair.answerable and pair.ranked for pair in wrong)
        for pair in (open_one, *far):
            assert pair.answerable is False and not pair.ranked and not pair.spans
    write_lines(file, {**known, "question": "Who?", "answer": "Peter the Great"})
    with pytest.raises(ValueError, match="line 1: 'Peter the Great' is not in its passage"):
        read_written(source, file)


@pytest.mark.skipif(not DATA.exists(), reason="the data sets are not beside the project")
def test_written_questions_are_of_passages_there() -> None:
    from training.train import read_config

    config = read_config()
    counts = []
    for name in ("squadshifts_new_wiki", "mtrag_a", "clapnq_dev_a", "scifact"):
        learnt, held_out = split_written(read_written(read_source(DATA / name)), config)
        counts.append((len(learnt), len(held_out)))
        titles = {item["context_id"] for item in learnt}
        assert titles.isdisjoint(item["context_id"] for item in held_out)
    assert counts[0][1] > 500 and sum(map(sum, counts)) == len(read_lines(WRITTEN))
