"""Fit the small models beside the reader: `python -m training.fit DATA RUN LIBRARY QUESTIONS...`.

Which passage and which sentence of a question is best: logistic regressions on the differences
between the right ones and the others (Joachims 2002, with the logistic loss). How probable it is
that the best sentence answers: a logistic regression on all questions (Platt 1999). All are fitted
on questions that the reader was not trained on: held-out titles of the encyclopaedia, held-out
parts of the ranking sets, and files of questions on corpus/. Unanswerable ones are made of the
answerable ones (a changed word, the right document taken away), come from another subject
altogether, are in the data, or were written for it. Writes bot/weights/judges.json and prints how
well each does.
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
from bot.judge import WEIGHTS, Features, Judge, Judges, to_probability
from bot.question import Question
from bot.read import ReadPassage, WordWeights, find_sentences, weigh_support
from bot.search import Search
from training.pairs import read_source
from training.perturb import perturb_question
from training.train import read_config, split_questions
from training.written import read_written, split_written

READ = 6
PASSAGE_FEATURES = ("answers", "relevance", "nowhere", "fused")
SENTENCE_FEATURES = ("share", "span", "passage", "coverage", "context", "kind")
SUPPORT_FEATURES = ("top", "answers", "far", "negated", "unpriced")
# A question on corpus/ counts more: there are few, and they are what people ask.
OWN_WEIGHT = 2.0
# Written questions are all near misses, and another passage may answer one; they count little.
WRITTEN_WEIGHT = 0.1
# So many questions from outside the articles make the figure surer, not the judges stricter.
OUTSIDE_WEIGHT = 0.4
# Of the answerable questions on corpus/, the share that may be refused.
WRONGLY_REFUSED = 0.05
# Hardly any training question names an article; what such a name is worth is set by hand.
REFERRED = 2.0
# So few training questions ask for what is plainly lacking that this is set by hand, too: whatever
# speaks for an answer, it is refused.
LACKING = -3.0


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
            if number % 2 == 0:
                other, group = chance.choice(outside).text, f"outside {number}"
                yield read_example(bot, "outside", group, other, {}, False, OUTSIDE_WEIGHT)


def read_written_questions(data: Path, run: Path) -> Iterator[Example]:
    """Yield the questions written on held-out titles of the encyclopaedia.

    Answered or not goes by the passage that a question was written on; another may answer it.
    """
    folder = data / "squadshifts_new_wiki"
    dataset, source = read_dataset(folder), read_source(folder)
    _, held_out = split_written(read_written(source), read_config())
    with open_library(dataset.documents, run / "library-wiki") as bot:
        for item in held_out:
            spans = tuple((start, answer) for start, answer in item["spans"])
            query = Query(item["id"], item["text"], {}, spans=spans, context_id=item["context_id"])
            answerable = item["answerable"]
            gold = locate_gold(bot, dataset, query) if answerable else {}
            title = source.titles[item["context_id"]]
            yield read_example(bot, "written", title, query.text, gold, answerable, WRITTEN_WEIGHT)


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
                bot,
                "own",
                f"{file.name} {number}",
                item.question,
                gold,
                item.answerable,
                OWN_WEIGHT,
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
    lists = []
    for example in examples:
        if example.answerable:
            places = [item.passage.stored.chunk for item in example.read]
            right = [holds_gold(example, at.article_id, at.start, at.end) for at in places]
            lists.append(([item.features for item in example.read], right))
    judge = fit_order(PASSAGE_FEATURES, lists, "passage")
    return replace(judge, weights={**judge.weights, "referred": REFERRED})


def fit_sentences(examples: Sequence[Example], judges: Judges) -> Judge:
    """Fit the order of sentences: which one holds the answer. Only questions with spans count."""
    lists = []
    for example in examples:
        if example.answerable and example.kind in ("plain", "written"):
            findings = find_sentences(
                judges.sentence, example.question, example.weights, example.read
            )
            right = [
                holds_gold(example, item.passage.stored.article.article_id, item.start, item.end)
                for item in findings
            ]
            lists.append(([item.features for item in findings], right))
    return fit_order(SENTENCE_FEATURES, lists, "sentence")


def fit_order(
    names: Sequence[str], lists: Sequence[tuple[Sequence[Features], Sequence[bool]]], title: str
) -> Judge:
    """Return a model that puts the right ones of each list first; print how often it does."""
    rows, weights = [], []
    for features, labels in lists:
        right = [item for item, label in zip(features, labels, strict=True) if label]
        wrong = [item for item, label in zip(features, labels, strict=True) if not label]
        for one in right:
            rows += [[one[name] - other[name] for name in names] for other in wrong]
            weights += [1 / (len(right) * len(wrong)) for _ in wrong]
    matrix = np.array(rows, dtype=float)
    scale = matrix.std(0) + 1e-9
    model = LogisticRegression(fit_intercept=False, max_iter=2000)
    both = np.vstack([matrix / scale, -matrix / scale])
    labels_of_both = [True] * len(rows) + [False] * len(rows)
    model.fit(both, labels_of_both, sample_weight=weights + weights)
    judge = Judge(_round(names, model.coef_[0] / scale), 0.0)
    first = [
        labels[max(range(len(labels)), key=lambda place: judge.rate(features[place]))]
        for features, labels in lists
        if labels
    ]
    print(json.dumps({title: {"questions": len(first), "right first": round(np.mean(first), 4)}}))
    return judge


def fit_support(examples: Sequence[Example], judges: Judges) -> tuple[Judge, list[Any]]:
    """Fit the probability that the passages answer; return the model and what it rated.

    Each question is rated by a model fitted on the other folds: (kind, answerable, logit).
    """
    used = [example for example in examples if example.read]
    weighed = [
        weigh_support(
            item.question,
            item.read,
            find_sentences(judges.sentence, item.question, item.weights, item.read),
        )
        for item in used
    ]
    matrix = np.array([[features[name] for name in SUPPORT_FEATURES] for features in weighed])
    scale = matrix.std(0) + 1e-9
    matrix = matrix / scale
    labels = np.array([example.answerable for example in used])
    weights = np.array([example.weight for example in used])
    rated = np.zeros(len(used))
    for train, test in GroupKFold(5).split(matrix, labels, [item.group for item in used]):
        model = LogisticRegression(max_iter=2000)
        model.fit(matrix[train], labels[train], sample_weight=weights[train])
        rated[test] = model.decision_function(matrix[test])
    model = LogisticRegression(max_iter=2000).fit(matrix, labels, sample_weight=weights)
    slopes = {**_round(SUPPORT_FEATURES, model.coef_[0] / scale), "lacking": LACKING}
    kinds = [example.kind for example in used]
    rows = list(zip(kinds, labels.tolist(), rated.tolist(), strict=True))
    return Judge(slopes, round(float(model.intercept_[0]), 4)), rows


def _round(names: Sequence[str], values: Any) -> dict[str, float]:
    return {name: round(float(value), 4) for name, value in zip(names, values, strict=True)}


def choose_threshold(rated: Sequence[Any]) -> float:
    """Return the probability below which one in twenty answerable questions on corpus/ falls.

    A bot that refused more of what it knows would be of little use; how much it refuses of what it
    does not know follows from that.
    """
    logits = [logit for kind, label, logit in rated if kind == "own" and label]
    return round(to_probability(float(np.quantile(logits, WRONGLY_REFUSED))), 3)


def report(rated: Sequence[Any]) -> None:
    """Print the AUC of the support model for each kind of unanswerable question."""
    for kind in dict.fromkeys(kind for kind, _, _ in rated):
        pool = [item for item in rated if item[0] == kind]
        if all(not label for _, label, _ in pool):
            pool += [item for item in rated if item[0] == "plain"]
        if any(not label for _, label, _ in pool):
            auc = roc_auc_score([item[1] for item in pool], [item[2] for item in pool])
            print(json.dumps({kind: {"questions": len(pool), "auc": round(auc, 4)}}))


def collect(given: argparse.Namespace) -> list[Example]:
    """Read all examples: this is what takes time."""
    config = read_config()
    examples = list(read_encyclopaedia(given.data, given.run, given.count, config["seed"]))
    examples += read_written_questions(given.data, given.run)
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
