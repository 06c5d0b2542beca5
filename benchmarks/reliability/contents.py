"""What a library must show: every way into it, compared with the texts that it should hold."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from ingest.embed import Embedder
from ingest.store import Store
from ingest.words import stem_words
from ingest.write import text_to_embed

# In the title of every article, so that a search for it must find all passages.
COMMON_WORD = "harbour"
_ALL = 100_000


def read_texts(folder: Path) -> dict[str, str]:
    """Return the texts of the files in a folder, as the library keeps them, by path."""
    return {
        str(file.resolve()): file.read_text(encoding="utf-8").strip()
        for file in sorted(folder.iterdir())
    }


def find_faults(store: Store, texts: Iterable[Mapping[str, str]], embedder: Embedder) -> list[str]:
    """Return what is wrong with an open library that should show one of some sets of texts by path.

    Articles, passages, offsets, words and vectors must all belong to the same of them. Files of the
    same text count once.
    """
    shown = {item.path: f"{item.title}\n\n{item.text}" for item in store.list_articles()}
    if not any(_is_same(shown, wanted) for wanted in texts):
        return [f"revision {store.revision} shows {len(shown)} articles, not those it should"]
    return find_disagreements(store, embedder)


def find_disagreements(store: Store, embedder: Embedder) -> list[str]:
    """Return where the ways into an open library disagree, whatever articles it shows."""
    faults = []
    own: dict[int, str] = {}
    for article in store.list_articles():
        passages = store.list_passages(article.article_id)
        own.update((item.number, text_to_embed(article, item.chunk)) for item in passages)
        covered = "".join("".join(item.text.split()) for item in passages)
        if covered != "".join(article.text.split()):
            faults.append(f"the passages of {article.path} are not its text")
        if store.get_article(article.article_id) != article:
            faults.append(f"{article.path} is not found by its id")
    some_vector = embedder.encode([COMMON_WORD])[0]
    found = {
        "counted": len(own) if store.count_passages() == len(own) else store.count_passages(),
        "by id": set(store.get_passages(own)),
        "by article": set(
            store.find_passages(item.article_id for item in store.list_articles()).tolist()
        ),
        "by words": {number for number, _ in store.search_words(stem_words(COMMON_WORD), _ALL)},
        "by vector": {number for number, _ in store.search_vector(some_vector, _ALL)},
    }
    for way, numbers in found.items():
        if numbers != (len(own) if way == "counted" else set(own)):
            faults.append(f"passages {way}: {numbers}, of {sorted(own)}")
    return faults + _find_strange_vectors(store, own, embedder)


def _find_strange_vectors(store: Store, texts: Mapping[int, str], embedder: Embedder) -> list[str]:
    vectors = embedder.encode(list(texts.values()))
    strange = []
    for number, vector in zip(texts, vectors, strict=True):
        nearest = store.search_vector(vector, len(texts))
        if not any(found == number and cosine > 0.9999 for found, cosine in nearest):
            strange.append(f"passage {number} has not the vector of its text")
    return strange


def _is_same(shown: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    """Tell whether articles are those wanted, where files of the same text make one article."""
    texts = list(shown.values())
    return (
        len(set(texts)) == len(texts)
        and set(texts) == set(wanted.values())
        and all(wanted.get(path) == text for path, text in shown.items())
    )
