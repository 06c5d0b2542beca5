"""Read a data set: its documents, its queries, and which documents are relevant to which."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class BadDataSet(ValueError):
    """A folder that holds no data set; the message names the file and what it lacks."""


@dataclass(frozen=True, slots=True)
class Document:
    """A row of the corpus; `document_id` may hold any characters."""

    document_id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Query:
    """A question with what is known of its answer.

    `relevant` maps documents to their relevance, above 0. `spans` are (start, text) in the text of
    the document `context_id`; `support` are sentences that hold the answer. `history` are the
    earlier (question, answer) pairs of a conversation. `answerable` None: not known.
    """

    query_id: str
    text: str
    relevant: dict[str, int]
    answers: tuple[str, ...] = ()
    answerable: bool | None = None
    context_id: str | None = None
    spans: tuple[tuple[int, str], ...] = ()
    support: tuple[str, ...] = ()
    rewrite: str | None = None
    history: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DataSet:
    """A corpus with queries; `has_turns` tells whether they come from conversations."""

    documents: tuple[Document, ...]
    queries: tuple[Query, ...]
    has_turns: bool


def read_dataset(folder: Path) -> DataSet:
    """Read corpus.jsonl, queries.jsonl, qrels.jsonl and, if there is one, turns.jsonl.

    Raises BadDataSet.
    """
    relevant: dict[str, dict[str, int]] = {}
    for row in _read_rows(folder / "qrels.jsonl", "query_id", "doc_id"):
        relevance = int(row["relevance"]) if row.get("relevance") is not None else 1
        if relevance > 0:
            relevant.setdefault(str(row["query_id"]), {})[str(row["doc_id"])] = relevance
    turns_file = folder / "turns.jsonl"
    turns = {
        str(row["id"]): row.get("turns") or []
        for row in (_read_rows(turns_file, "id") if turns_file.exists() else ())
    }
    documents = tuple(
        Document(str(row["id"]), str(row.get("title") or ""), str(row.get("text") or ""))
        for row in _read_rows(folder / "corpus.jsonl", "id")
    )
    queries = tuple(
        _make_query(row, relevant.get(str(row["id"]), {}), turns.get(str(row["id"]), []))
        for row in _read_rows(folder / "queries.jsonl", "id")
    )
    return DataSet(documents, queries, bool(turns))


def sample_queries(
    queries: Sequence[Query], keep: Callable[[Query], bool], limit: int | None, seed: int
) -> list[Query]:
    """Return the queries to keep, or `limit` of them by chance, in their order."""
    kept = [query for query in queries if keep(query)]
    if limit is None or limit >= len(kept):
        return kept
    # A sample to measure with: nothing secret is drawn.
    places = sorted(random.Random(seed).sample(range(len(kept)), limit))
    return [kept[place] for place in places]


def _make_query(row: dict[str, Any], relevant: dict[str, int], turns: list[Any]) -> Query:
    answerable = row.get("answerable")
    return Query(
        query_id=str(row["id"]),
        text=str(row.get("text") or ""),
        relevant=relevant,
        answers=tuple(str(answer) for answer in row.get("answers") or () if answer),
        answerable=bool(answerable) if answerable is not None else None,
        context_id=str(row["context_id"]) if row.get("context_id") is not None else None,
        spans=tuple((int(start), str(text)) for start, text in row.get("spans") or () if text),
        support=tuple(str(sentence) for sentence in row.get("support") or () if sentence),
        rewrite=str(row.get("rewrite") or "") or None,
        history=_pair_turns(turns),
    )


def _pair_turns(turns: list[Any]) -> tuple[tuple[str, str], ...]:
    """Return the (question, answer) pairs before the last turn of the user, which is the query."""
    pairs: list[tuple[str, str]] = []
    said = [(str(turn.get("speaker") or ""), str(turn.get("text") or "")) for turn in turns]
    last = max((place for place, (speaker, _) in enumerate(said) if speaker == "user"), default=0)
    for speaker, text in said[:last]:
        if speaker == "user":
            pairs.append((text, ""))
        elif pairs:
            question, answer = pairs[-1]
            pairs[-1] = (question, f"{answer} {text}".strip())
    return tuple(pairs)


def _read_rows(path: Path, *fields: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON Lines file, each with `fields` in it."""
    try:
        # Not splitlines: a text may hold U+2028, which JSON leaves as it is.
        lines = path.read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise BadDataSet(f"{path} cannot be read: {error.strerror}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise BadDataSet(f"{path}, line {number}: not JSON: {error}") from error
        if not isinstance(row, dict) or any(row.get(field) is None for field in fields):
            raise BadDataSet(f"{path}, line {number}: not an object with {', '.join(fields)}")
        yield row
