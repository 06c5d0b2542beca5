"""The default embedding model in libraries that rows make: exported once for all of them."""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from ingest.embed import DEFAULT_MODEL, OnnxEmbedder, load_embedder, model_folder


def put_model(library: Path) -> OnnxEmbedder:
    """Put the model's export into the folder of a library, and load it from there."""
    folder = model_folder(library, DEFAULT_MODEL)
    if not folder.exists():
        shutil.copytree(_export_model(), folder)
    return load_embedder(DEFAULT_MODEL, folder)


@cache
def _export_model() -> Path:
    """Export the model, which takes seconds, into a folder that lasts as long as this process."""
    folder = Path(tempfile.mkdtemp(prefix="footnote-model-"))
    atexit.register(shutil.rmtree, folder)
    load_embedder(DEFAULT_MODEL, folder)
    return folder
