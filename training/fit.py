"""Fit the small models beside the reader: `python -m training.fit DATA RUN QUESTIONS... `.

They are logistic regressions over the features of bot/read.py: which passage is best, which
sentence is best, and how probable it is that the best sentence answers (Platt 1999). They are
fitted on questions that the reader was not trained on: held-out titles of the encyclopaedia, the
held-out parts of the ranking sets, and files of questions on corpus/. Unanswerable ones are made
of the answerable ones (a changed word, the right document taken away), come from another subject
altogether, or are in the data. Writes bot/weights/judges.json and prints how well each does on
folds that it was not fitted on.
"""

import argparse
import json
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from benchmarks.datasets import DataSet, Query, read_dataset
from benchmarks.library import locate_span, name_article, open_library
from bot.answer import Bot
from bot.evaluate import read_questions
from bot.judge import WEIGHTS, Judge, Judges
from bot.question import Question
from bot.read import ReadPassage, WordWeights, find_sentences, weigh_support
from bot.search import Search
from training.pairs import read_source
from training.perturb import perturb_question
from training.train import read_config, split_questions

READ = 8
PASSAGE_FEATURES = ("answers", "relevance", "nowhere", "fused", "cosine", "coverage")
SENTENCE_FEATURES = ("share", "span", "passage", "fused", "coverage", "context", "kind")
SUPPORT_FEATURES = (
    "best", "lead", "answers", "relevance", "nowhere", "span", "here", "cosine", "coverage",
    "context", "missing", "names", "numbers", "kind", "negated",
)  # fmt: skip
# Hardly any training question names an article; what such a name is worth is set by hand.
REFERRED = 2.0


@dataclass(frozen=True, slots=True)
class Example:
    """A question as it was read; `gold` are the places of its answer by article id.

    `answerable` says whether it has one in the passages read from; `weight` is what it counts.
    """

    kind: str
    group: str
    question: Question
    weights: WordWeights
    read: tuple[ReadPassage, ...]
    gold: Mapping[str, Sequence[tuple[int, int]]]
    answerable: bool
    weight: float


def read_example(
    bot: Bot, kind: str, group: str, text: str, gold: Any, answerable: bool, weight: float,
    without: Iterable[str] = (),
) -> Example:  # fmt: skip
    """Look a question up and read the passages found, those of the articles `without` left out."""
    search = Search(bot.parts, text)
    left_out = set(without)
    found = [item for item in search.retrieve(3 * READ)
             if item.stored.article.article_id not in left_out]  # fmt: skip
    read = tuple(search.read(search.question.text, found[:READ]))
    return Example(kind, group, search.question, search.weights, read, gold, answerable, weight)


def read_encyclopaedia(data: Path, run: Path, count: int, seed: int) -> Iterator[Example]:
    """Yield held-out questions: as they are, changed, without their document; and outsiders."""
    chance = random.Random(seed)
    folder = data / "squadshifts_new_wiki"
    dataset, source = read_dataset(folder), read_source(folder)
    _, held_out = split_questions(source, read_config())
    names = {item["id"] for item in held_out}
    queries = [query for query in dataset.queries if query.query_id in names]
    chance.shuffle(queries)
    outside = read_dataset(data / "squadshifts_amazon_reviews").queries
    with open_library(dataset.documents, run / "library-wiki") as bot:
        for number, query in enumerate(queries[:count]):
            gold = locate_gold(bot, dataset, query)
            title = source.titles[str(query.context_id)]
            yield read_example(bot, "plain", title, query.text, gold, True, 1.0)
            text = source.texts[str(query.context_id)]
            changed = perturb_question(query.text, text, text, chance)
            if changed and number % 2 == 0:
                yield read_example(bot, "changed", title, changed, {}, False, 1.0)
            elif number % 4 == 1:
                yield read_example(bot, "without", title, query.text, {}, False, 1.0, without=gold)
            if number % 6 == 0:
                other = chance.choice(outside).text
                yield read_example(bot, "outside", f"outside {number}", other, {}, False, 1.0)


def read_ranking_set(data: Path, run: Path, name: str) -> Iterator[Example]:
    """Yield the held-out questions of a set without spans; the right passage is the gold."""
    dataset, source = read_dataset(data / name), read_source(data / name)
    _, held_out = split_questions(source, read_config())
    names = {item["id"] for item in held_out}
    places = {item.document_id: place for place, item in enumerate(dataset.documents)}
    with open_library(dataset.documents, run / f"library-{name}") as bot:
        for query in dataset.queries:
            if query.query_id not in names or query.answerable is None:
                continue
            right = [name_article(places[key]) for key in query.relevant if key in places]
            gold = {key: [(0, 10**9)] for key in right}
            if query.answerable and not right:
                continue
            text = query.rewrite or query.text
            yield read_example(bot, name, query.query_id, text, gold, query.answerable, 1.0)


def read_question_file(file: Path, store: Path) -> Iterator[Example]:
    """Yield the questions of a file on the library `store`; the right articles are the gold."""
    with Bot.open(store) as bot:
        for number, item in enumerate(read_questions(file)):
            if item.history:
                continue
            gold = {key: [(0, 10**9)] for key in item.articles}
            yield read_example(
                bot, "own", f"{file.name} {number}", item.question, gold, item.answerable, 4.0
            )


def locate_gold(bot: Bot, dataset: DataSet, query: Query) -> dict[str, list[tuple[int, int]]]:
    """Return where the gold spans of a query stand in the stored article of its passage."""
    for place, document in enumerate(dataset.documents):
        if document.document_id == query.context_id:
            article = bot.store.get_article(name_article(place))
            if article is None:
                return {}
            return {article.article_id: [locate_span(article, document, *span)
                                         for span in query.spans]}  # fmt: skip
    return {}


def holds_gold(example: Example, article_id: str, start: int, end: int) -> bool:
    """Tell whether a place meets a gold span."""
    return any(low < end and start < high for low, high in example.gold.get(article_id, ()))


def fit_passages(examples: Sequence[Example]) -> Judge:
    """Fit the order of passages: which one holds the answer."""
    rows, labels, groups, weights = [], [], [], []
    for example in examples:
        if not example.answerable or not example.gold:
            continue
        for item in example.read:
            chunk = item.passage.stored.chunk
            rows.append([item.features[name] for name in PASSAGE_FEATURES])
            labels.append(holds_gold(example, chunk.article_id, chunk.start, chunk.end))
            groups.append(example.group)
            weights.append(example.weight)
    judge = fit(PASSAGE_FEATURES, rows, labels, groups, weights, "passage")
    return replace(judge, weights={**judge.weights, "referred": REFERRED})


def fit_sentences(examples: Sequence[Example], judges: Judges) -> Judge:
    """Fit the order of sentences: which one holds the answer. Only questions with spans count."""
    rows, labels, groups, weights = [], [], [], []
    for example in examples:
        if example.kind != "plain":
            continue
        for finding in find_sentences(
            judges.sentence, example.question, example.weights, example.read
        ):
            rows.append([finding.features[name] for name in SENTENCE_FEATURES])
            article = finding.passage.stored.article.article_id
            labels.append(holds_gold(example, article, finding.start, finding.end))
            groups.append(example.group)
            weights.append(example.weight)
    return fit(SENTENCE_FEATURES, rows, labels, groups, weights, "sentence")


def fit_support(examples: Sequence[Example], judges: Judges) -> tuple[Judge, list[Any]]:
    """Fit the probability that the best sentence answers the question."""
    rows, labels, groups, weights, kinds = [], [], [], [], []
    for example in examples:
        findings = find_sentences(judges.sentence, example.question, example.weights, example.read)
        if not findings:
            continue
        features = weigh_support(example.question, example.weights, example.read, findings)
        rows.append([features[name] for name in SUPPORT_FEATURES])
        labels.append(example.answerable)
        groups.append(example.group)
        weights.append(example.weight)
        kinds.append(example.kind)
    judge = fit(SUPPORT_FEATURES, rows, labels, groups, weights, "support")
    rated = rate_out_of_fold(rows, labels, groups, weights)
    return judge, list(zip(kinds, labels, rated, strict=True))


def fit(
    names: Sequence[str], rows: Any, labels: Any, groups: Any, weights: Any, title: str
) -> Judge:
    """Return a logistic regression as a Judge; print its AUC on folds it was not fitted on."""
    rated = rate_out_of_fold(rows, labels, groups, weights)
    figures = {"examples": len(labels), "positive": int(sum(labels))}
    print(json.dumps({title: {**figures, "auc": round(roc_auc_score(labels, rated), 4)}}))
    matrix = np.array(rows, dtype=float)
    mean, scale = matrix.mean(0), matrix.std(0) + 1e-9
    model = LogisticRegression(C=0.3, max_iter=2000)
    model.fit((matrix - mean) / scale, labels, sample_weight=weights)
    slopes = model.coef_[0] / scale
    constant = float(model.intercept_[0] - (slopes * mean).sum())
    return Judge({name: round(float(value), 4) for name, value in zip(names, slopes, strict=True)},
                 round(constant, 4))  # fmt: skip


def rate_out_of_fold(rows: Any, labels: Any, groups: Any, weights: Any) -> Any:
    """Return the logit of each row by a model fitted on the other folds; groups stay together."""
    matrix, answers = np.array(rows, dtype=float), np.array(labels)
    rated = np.zeros(len(answers))
    for train, test in GroupKFold(5).split(matrix, answers, groups):
        mean, scale = matrix[train].mean(0), matrix[train].std(0) + 1e-9
        model = LogisticRegression(C=0.3, max_iter=2000)
        model.fit((matrix[train] - mean) / scale, answers[train],
                  sample_weight=np.array(weights)[train])  # fmt: skip
        rated[test] = model.decision_function((matrix[test] - mean) / scale)
    return rated


def choose_threshold(rated: Sequence[Any]) -> float:
    """Return the probability at which as large a share is refused rightly as answered rightly.

    On the questions on corpus/ alone: their unanswerable ones are what people ask. Of thresholds
    that are equal in the sum of both shares the middle one.
    """
    own = [(label, 1 / (1 + np.exp(-logit))) for kind, label, logit in rated if kind == "own"]
    best: list[tuple[float, float]] = []
    for threshold in np.arange(0.05, 0.95, 0.01):
        kept = np.mean([value >= threshold for label, value in own if label])
        refused = np.mean([value < threshold for label, value in own if not label])
        best.append((round(float(kept + refused), 4), float(threshold)))
    top = max(value for value, _ in best)
    among = [threshold for value, threshold in best if value == top]
    return round(among[len(among) // 2], 2)


def report(rated: Sequence[Any]) -> None:
    """Print the AUC of the support model for each kind of unanswerable question."""
    by_kind: dict[str, list[tuple[bool, float]]] = {}
    for kind, label, logit in rated:
        by_kind.setdefault(kind, []).append((label, logit))
    plain = by_kind["plain"]
    for kind, items in by_kind.items():
        labels = {label for label, _ in items}
        pool = items if len(labels) == 2 else items + plain
        if len({label for label, _ in pool}) == 2:
            auc = roc_auc_score([label for label, _ in pool], [value for _, value in pool])
            print(json.dumps({kind: {"examples": len(items), "auc": round(auc, 4)}}), flush=True)


def collect(given: argparse.Namespace) -> list[Example]:
    """Read all examples: this is what takes time."""
    config = read_config()
    examples = list(read_encyclopaedia(given.data, given.run, given.count, config["seed"]))
    for name in ("clapnq_dev_a", "mtrag_a"):
        examples += read_ranking_set(given.data, given.run, name)
    for file in given.questions:
        examples += read_question_file(file, given.store)
    return examples


def main() -> None:
    """Read the command line, fit, and write the judges."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="folder of the data sets")
    parser.add_argument("run", type=Path, help="folder that keeps the libraries made")
    parser.add_argument("store", type=Path, help="library of corpus/")
    parser.add_argument("questions", type=Path, nargs="+", help="files of questions on it")
    parser.add_argument("--count", type=int, default=800, help="encyclopaedia questions")
    parser.add_argument("--out", type=Path, default=WEIGHTS / "judges.json")
    given = parser.parse_args()
    examples = collect(given)
    judges = Judges.load()
    judges = replace(judges, passage=fit_passages(examples))
    examples = [score_again(example, judges.passage) for example in examples]
    judges = replace(judges, sentence=fit_sentences(examples, judges))
    support, rated = fit_support(examples, judges)
    report(rated)
    threshold = choose_threshold(rated)
    models = {"passage": judges.passage, "sentence": judges.sentence, "support": support}
    written = {
        name: {"weights": model.weights, "constant": model.constant}
        for name, model in models.items()
    }
    text = json.dumps({**written, "threshold": threshold}, indent=2)
    given.out.write_text(text + "\n", encoding="utf-8")


def score_again(example: Example, judge: Judge) -> Example:
    """Return an example with its passages' scores by another judge."""
    read = tuple(replace(item, score=judge.rate(item.features)) for item in example.read)
    return replace(example, read=read)


if __name__ == "__main__":
    main()
