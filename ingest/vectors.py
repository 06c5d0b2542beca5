"""The vector index of a generation, by Chroma. The only file that knows it.

Embedded Chroma overwrites its graph files in place and is not safe against a kill meanwhile, so an
index is written once, flushed, frozen and then only read.
"""

import ctypes
import warnings
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import numpy as np

from ingest.embed import Vectors

COLLECTION = "passages"
BATCH_SIZE = 2_000
# Chroma keeps records in a log until this many are waiting: 2 flushes all, "never" freezes.
_FLUSH, _NEVER = 2, 1_000_000_000
# At 100,000 vectors: recall of random queries .59 at 400, .29 at Chroma's default of 100.
_EF_SEARCH = 400
# Cosine distance within which two vectors are the same.
_SAME = 1e-4


class VectorIndex:
    """A frozen Chroma collection of unit vectors, searched by cosine."""

    def __init__(self, folder: Path) -> None:
        self._client = _open_client(folder)
        with ExitStack() as on_error:
            # Chroma keeps what is not closed, its threads and files too.
            on_error.callback(self._client.close)
            self._collection = self._client.get_collection(COLLECTION, embedding_function=None)
            # Chroma counts row by row, which takes four times as long as a search; it is frozen.
            self._count = int(self._collection.count())
            on_error.pop_all()

    def search(self, vector: Vectors, limit: int) -> list[int]:
        """Return the ids of the nearest passages, about the best `limit`, in no sure order."""
        limit = min(limit, len(self))
        if not limit:
            return []
        found = self._collection.query(
            query_embeddings=[vector.tolist()], n_results=limit, include=[]
        )
        return [int(number) for number in found["ids"][0]]

    def find_themselves(self, sample: int) -> float:
        """Return the share of the first `sample` vectors that a search for them finds."""
        kept = self._collection.get(limit=sample, include=["embeddings"])["embeddings"]
        if not len(kept):
            return 1.0
        found = self._collection.query(query_embeddings=kept, n_results=1, include=["distances"])
        # Another passage of the same words may be found instead.
        near = [bool(row) and row[0] < _SAME for row in found["distances"]]
        return float(sum(near) / len(near))

    def __len__(self) -> int:
        return self._count

    def leave_to_parent(self) -> None:
        """Never free this in a forked process: Chroma would wait for threads that it has not."""
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(self))

    def close(self) -> None:
        """Give the files back."""
        self._client.close()


def write_vector_index(folder: Path, numbers: list[int], vectors: Vectors) -> None:
    """Write a frozen collection of `vectors` (rows of length 1) under `numbers` into `folder`."""
    with closing(_open_client(folder)) as client:
        collection = client.create_collection(
            COLLECTION,
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "ef_search": _EF_SEARCH}},
        )
        for first in range(0, len(numbers), BATCH_SIZE):
            batch = slice(first, first + BATCH_SIZE)
            ids = [str(number) for number in numbers[batch]]
            collection.add(ids=ids, embeddings=vectors[batch])
        # The threshold of an open collection is read once: reopen to flush, again to freeze.
        _set_threshold(collection, _FLUSH)
    with closing(_open_client(folder)) as client:
        collection = client.get_collection(COLLECTION, embedding_function=None)
        if numbers:
            probe = np.asarray(vectors[0], dtype=np.float32).tolist()
            collection.query(query_embeddings=[probe], n_results=1, include=[])
        _set_threshold(collection, _NEVER)


def _set_threshold(collection: Any, records: int) -> None:
    # Chroma 1.5 warns of its own stored "no embedding function" as a legacy form.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        collection.modify(configuration={"hnsw": {"sync_threshold": records}})


def _open_client(folder: Path) -> Any:
    # Imported here: it takes two seconds, which one question in a terminal should not wait for.
    from chromadb import PersistentClient
    from chromadb.config import Settings

    return PersistentClient(str(folder), Settings(anonymized_telemetry=False))
