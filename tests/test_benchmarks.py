"""The benchmarks: data sets in all their forms, places of spans, measures, and the JSON."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from benchmarks import latency, reading, retrieval
from benchmarks.datasets import BadDataSet, DataSet, Document, read_dataset, sample_queries
from benchmarks.library import build_library, locate_span, locate_text, make_article
from benchmarks.metrics import find_best_f1, rate_ranking, rate_separation, rate_span
from bot.answer import Bot
from ingest.store import Store
from tests.articles import WordEmbedder

HARBOUR = "The harbour of Riga was dredged in 1931. Big ships came  soon.\n\nIt froze in winter."
CORPUS: list[dict[str, Any]] = [
    {"id": "a/b <::> é 1", "title": "The harbour", "text": HARBOUR},
    {"id": "2", "title": None, "text": "The railway to Lima climbs over a pass. It carries wool."},
    {"id": 3, "text": "The bakery sells rye bread. It opens at six in the morning."},
    {"id": "empty", "title": "", "text": None},
    {"id": "title only", "title": "A title without a text", "text": " "},
]
QUERIES: list[dict[str, Any]] = [
    {
        "id": "q<::>1", "text": "When was the harbour dredged?", "answers": ["in 1931", "1931"],
        "answerable": True, "context_id": "a/b <::> é 1", "spans": [[35, "1931"]],
    },
    {"id": "q2", "text": "Who sells bread?", "answers": ["The bakery"], "answerable": True},
    {"id": "q3", "text": "Who painted the moon?", "answers": None, "answerable": False},
    {"id": "q4", "text": "Which wool does the railway carry?", "answerable": None},
]  # fmt: skip
QRELS: list[dict[str, Any]] = [
    {"query_id": "q<::>1", "doc_id": "a/b <::> é 1", "relevance": 1},
    {"query_id": "q2", "doc_id": 3, "relevance": 2},
    {"query_id": "q4", "doc_id": "2", "relevance": 1},
    {"query_id": "q3", "doc_id": "2", "relevance": 0},
]
TURNS: list[dict[str, Any]] = [
    {
        "id": "q2",
        "turns": [
            {"speaker": "user", "text": "Is there a bakery?"},
            {"speaker": "agent", "text": "Yes,"},
            {"speaker": "agent", "text": "one."},
            {"speaker": "user", "text": "Who sells bread?"},
        ],
    },
    {"id": "q4", "turns": [{"speaker": "user", "text": "Which wool does the railway carry?"}]},
]
METHODS = ["bm25", "dense", "fused", "reread"]
RANKING_KEYS = {"ndcg@10", "recall@10", "mrr@10", "hit@1"}
READING_KEYS = {"sentence_accuracy", "span_f1", "auc", "best_f1"}


def write_dataset(folder: Path, **rows: list[dict[str, Any]]) -> Path:
    """Write a data set of the rows above; a keyword gives other rows to a file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, default in {"corpus": CORPUS, "queries": QUERIES, "qrels": QRELS}.items():
        rows.setdefault(name, default)
    for name, listed in rows.items():
        lines = [json.dumps(row, ensure_ascii=False) for row in listed]
        (folder / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def dataset(tmp_path: Path) -> DataSet:
    return read_dataset(write_dataset(tmp_path / "set"))


@pytest.fixture
def conversations(tmp_path: Path) -> DataSet:
    return read_dataset(write_dataset(tmp_path / "set", turns=TURNS))


@pytest.fixture
def words_bot(tmp_path: Path, dataset: DataSet) -> Iterator[Bot]:
    build_library(dataset.documents, tmp_path / "library", WordEmbedder())
    with Bot(Store(tmp_path / "library"), WordEmbedder(), threshold=0.0) as bot:
        yield bot


def test_missing_and_null_fields_are_read(dataset: DataSet) -> None:
    assert [document.document_id for document in dataset.documents][2] == "3"
    assert dataset.documents[3] == Document("empty", "", "")
    first, *_, last = dataset.queries
    assert first.spans == ((35, "1931"),) and first.relevant == {"a/b <::> é 1": 1}
    assert last.answers == () and last.answerable is None and last.context_id is None
    assert dataset.queries[2].relevant == {} and not dataset.has_turns


def test_turns_before_the_last_question_are_its_history(conversations: DataSet) -> None:
    histories = {query.query_id: query.history for query in conversations.queries}
    assert histories["q2"] == (("Is there a bakery?", "Yes, one."),)
    assert histories["q4"] == histories["q3"] == ()
    assert conversations.has_turns


def test_bad_rows_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadDataSet, match=r"qrels\.jsonl"):
        read_dataset(tmp_path)
    with pytest.raises(BadDataSet, match=r"corpus\.jsonl, line 1: not an object with id"):
        read_dataset(write_dataset(tmp_path, corpus=[{"text": "no id"}]))


def test_sample_is_the_same_for_a_seed(dataset: DataSet) -> None:
    def draw(limit: int | None, seed: int = 0) -> list[str]:
        found = sample_queries(dataset.queries, lambda query: bool(query.relevant), limit, seed)
        return [query.query_id for query in found]

    assert draw(None) == draw(3) == draw(9) == ["q<::>1", "q2", "q4"]
    assert draw(1) == draw(1) and len({*map(tuple, (draw(1, seed) for seed in range(20)))}) == 3


def test_documents_become_articles(dataset: DataSet) -> None:
    articles = [make_article(item, place) for place, item in enumerate(dataset.documents)]
    titles = [article.title for article in articles if article]
    assert titles == ["The harbour", "", "", "A title without a text"] and articles[3] is None


@pytest.mark.parametrize("title", ["Other words", "", "First line"])
def test_a_first_line_is_kept_beside_another_title(title: str) -> None:
    article = make_article(Document("1", title, "First line\nThe text goes on for a bit."), 0)
    assert article is not None
    assert "First line" in f"{article.title} {article.text}"
    assert article.title == (title or "First line")


@given(st.lists(st.text("ab .\n\té\u200b", max_size=30), min_size=1, max_size=4), st.data())
def test_located_span_has_the_letters_of_the_span(parts: list[str], data: st.DataObject) -> None:
    document = Document("1", "Title", "Xy. " + "\n\n".join(parts) + " and this is the last of it.")
    article = make_article(document, 0)
    assert article is not None
    start = data.draw(st.integers(0, len(document.text) - 1))
    text = document.text[start : data.draw(st.integers(start + 1, len(document.text)))]
    first, end = locate_span(article, document, start, text)
    wanted = "".join(text.replace("\u200b", "").split())
    assert "".join(article.text[first:end].split()) == wanted


def test_nearest_of_several_places_is_located() -> None:
    document = Document("1", "", "One  cat sat.\n\nOne cat ran. One cat slept.")
    article = make_article(document, 0)
    assert article is not None
    places = [document.text.index(word) - 4 for word in ("cat ran", "cat slept")]
    found = [locate_span(article, document, place, "One cat") for place in places]
    assert [article.text[start : end + 4] for start, end in found] == ["One cat ran", "One cat sle"]
    assert locate_span(article, document, 0, "No dog") == (0, 0)
    assert locate_text(article, "at") == [] and len(locate_text(article, "one".title())) == 3


def test_ranking_measures() -> None:
    assert rate_ranking(["a", "b"], {"a": 1}) == dict.fromkeys(RANKING_KEYS, 1.0)
    rating = rate_ranking(["x", "a", "y"], {"a": 1, "b": 1})
    assert rating["mrr@10"] == rating["recall@10"] == 0.5 and rating["hit@1"] == 0
    assert rating["ndcg@10"] == pytest.approx(0.6309 / 1.6309, abs=1e-4)
    assert rate_ranking([*"0123456789", "a"], {"a": 1}) == dict.fromkeys(RANKING_KEYS, 0.0)


@given(st.permutations("abcdefgh"), st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 3)))
def test_ranking_measures_are_shares(ranked: list[str], relevant: dict[str, int]) -> None:
    if relevant:
        assert all(0 <= value <= 1.000001 for value in rate_ranking(ranked, relevant).values())
        best = sorted(relevant, key=lambda name: -relevant[name])
        assert rate_ranking(best, relevant)["ndcg@10"] == pytest.approx(1)


def test_span_measure() -> None:
    assert rate_span("The 1931!", ["in 1931", "1931"]) == 1
    assert rate_span("in May 1931", ["1931"]) == 0.5
    assert rate_span("nothing", ["1931"]) == 0 == rate_span("", ["1931"]) == rate_span("a b", [])


Scores = st.lists(st.integers(0, 5).map(float), max_size=8)


@given(Scores, Scores)
def test_separation_counts_pairs(positive: list[float], negative: list[float]) -> None:
    found, f1 = rate_separation(positive, negative), find_best_f1(positive, negative)
    if not positive or not negative:
        assert found is None and f1 is None
        return
    won = sum((one > other) + (one == other) / 2 for one in positive for other in negative)
    assert found == pytest.approx(won / len(positive) / len(negative))
    f1s = []
    for threshold in {*positive, *negative}:
        true = sum(score >= threshold for score in positive)
        false = sum(score >= threshold for score in negative)
        f1s.append(2 * true / (true + false + len(positive)))
    assert f1 == pytest.approx(max(f1s))


def test_retrieval_of_each_method(words_bot: Bot, dataset: DataSet) -> None:
    queries = [query for query in dataset.queries if query.relevant]
    results = retrieval.measure(words_bot, dataset, queries)
    assert list(results) == METHODS
    assert all(set(values) == RANKING_KEYS for values in results.values())
    assert results["bm25"] == dict.fromkeys(RANKING_KEYS, 1.0)


def test_reading_of_each_measure(words_bot: Bot, dataset: DataSet) -> None:
    results = reading.measure(words_bot, dataset, dataset.queries)
    assert set(results) == READING_KEYS and None not in results.values()
    assert results["sentence_accuracy"] == 1.0
    one_class = reading.measure(words_bot, dataset, dataset.queries[:2])
    assert one_class["auc"] is None is one_class["best_f1"]


def test_conversations_are_measured_both_ways(words_bot: Bot, conversations: DataSet) -> None:
    queries = [query for query in conversations.queries if query.relevant]
    ranked = retrieval.measure(words_bot, conversations, queries)
    for way in ("last_turn", "with_history", "rewrite"):
        assert list(ranked[way]) == list(ranked["follow_ups"][way]) == METHODS
    assert ranked["follow_ups_with_rewrite"]["rewrite"]["fused"]["hit@1"] is None
    read = reading.measure(words_bot, conversations, queries)
    assert all(set(read[way]) == READING_KEYS for way in ("last_turn", "with_history"))
    assert set(read["follow_ups"]) == {"last_turn", "with_history"}


def test_gold_is_a_span_of_the_right_document(words_bot: Bot, dataset: DataSet) -> None:
    judge = reading.Judge(words_bot.store, dataset.documents)
    first, second, *_ = dataset.queries
    assert judge.locate_gold(first) == {"document-0": [(35, 39)]}
    assert judge.locate_gold(second) == {"document-2": [(0, 10)]}
    answer = words_bot.ask("Who carries wool over the pass?")
    assert judge.judge(first, answer).right_sentence is False


def test_a_kept_library_is_brought_up_to_date(tmp_path: Path, dataset: DataSet) -> None:
    embedder = WordEmbedder()
    build_library(dataset.documents, tmp_path, embedder)
    before = len(embedder.texts)
    build_library(dataset.documents, tmp_path, embedder)
    assert len(embedder.texts) == before
    build_library(dataset.documents[:2], tmp_path, embedder)
    with Store(tmp_path) as store:
        assert {item.article_id for item in store.list_articles()} == {"document-0", "document-1"}


def test_latency_by_stage(words_bot: Bot) -> None:
    measured = latency.measure(words_bot, ["Who sells bread?", "When was the harbour dredged?"])
    assert measured["passages"] == 4 and measured["questions"] == 2
    for times in measured["milliseconds"].values():
        assert 0 <= times["p50"] <= times["p95"]
    assert "whole" in measured["milliseconds"]


def test_large_library_is_made_of_real_sentences(words_bot: Bot, tmp_path: Path) -> None:
    sentences = latency.list_sentences(words_bot.store)
    assert "It carries wool." in sentences
    documents = list(latency.make_documents(sentences, 50))
    assert documents == list(latency.make_documents(sentences, 50))
    build_library(documents, tmp_path / "large", latency.RandomEmbedder())
    with Store(tmp_path / "large") as store:
        assert 40 <= store.count_passages() <= 70


@pytest.mark.parametrize("command", [retrieval.main, reading.main])
def test_command_prints_one_json(command: Any, tmp_path: Path, model_folder: Any) -> None:
    model_folder(tmp_path / "library")
    app = typer.Typer()
    app.command()(command)
    folder = write_dataset(tmp_path / "set")
    arguments = [str(folder), "--limit", "2", "--seed", "1", "--store", str(tmp_path / "library")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert isinstance(json.loads(result.stdout), dict) and "documents" in result.stderr
    missing = CliRunner().invoke(app, [str(tmp_path)], env={"COLUMNS": "400"})
    assert missing.exit_code == 2 and "qrels.jsonl" in missing.stderr
