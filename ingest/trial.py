"""Try a vector index in a process of its own: a damaged one can end the process that opens it.

`python -m ingest.trial FOLDER VECTORS` says "sound", or what is wrong. What came of it is kept
beside the index, so that each generation is tried once.
"""

import json
import logging
import subprocess
import sys
from contextlib import closing, suppress
from importlib.metadata import version
from pathlib import Path

from ingest.child import run_child
from ingest.manifest import DamagedFile, ListedFile, check_hashes, read_manifest

RECORD_NAME = "tried"
# Far longer than any library takes; one that never ends is damaged, too.
_TIME_LIMIT = 600.0
_SAMPLE, _LEAST_FOUND = 32, 0.9
log = logging.getLogger(__name__)


def try_index(folder: Path, vectors: int, files: list[ListedFile]) -> bool:
    """Tell whether the vector index of a generation could be tried, and is sound.

    False if no process could be started. Raises DamagedFile for an index that is not sound.
    """
    mark = _read_mark(folder, files)
    with suppress(OSError, ValueError):
        kept = json.loads((folder / RECORD_NAME).read_text(encoding="utf-8"))
        if kept["mark"] == mark:
            return _judge(kept["verdict"])
    verdict = _run_trial(folder, vectors)
    if not verdict:
        return False
    # Without a record it is tried again.
    with suppress(OSError):
        record = json.dumps({"mark": mark, "verdict": verdict})
        (folder / RECORD_NAME).write_text(record, encoding="utf-8")
    return _judge(verdict)


def _judge(verdict: str) -> bool:
    if verdict != "sound":
        raise DamagedFile(verdict)
    return True


def _run_trial(folder: Path, vectors: int) -> str:
    """Return what the other process says of an index; nothing if it could not try."""
    try:
        done = run_child(__name__, str(folder), str(vectors), seconds=_TIME_LIMIT)
    except subprocess.TimeoutExpired:
        return f"{folder / 'vectors'} did not open in {_TIME_LIMIT:.0f} s"
    except OSError as error:
        log.warning("%s cannot be tried: %s", folder, error)
        return ""
    if done.returncode < 0:
        return f"{folder / 'vectors'} ended the process that opened it: signal {-done.returncode}"
    if done.returncode:
        told = done.stderr.strip().split("\n")[-1]
        log.warning("%s cannot be tried: %s", folder, told)
        return ""
    return done.stdout.strip().split("\n")[-1]


def _read_mark(folder: Path, files: list[ListedFile]) -> object:
    """Return what tells files that were changed, and another version of Chroma."""
    stats = [(file.name, (folder / file.name).stat()) for file in files]
    # Chroma's own database changes whenever it is opened.
    times = [[name, stat.st_mtime_ns] for name, stat in stats if not name.endswith(".sqlite3")]
    return [version("chromadb"), times]


def _examine_index(folder: Path, vectors: int) -> str:
    from ingest.vectors import VectorIndex

    try:
        files = read_manifest((folder / "held").read_bytes(), "")
        check_hashes(folder, files)
        with closing(VectorIndex(folder / "vectors")) as index:
            if len(index) != vectors:
                return f"{folder} has {len(index)} of {vectors} vectors"
            found = index.find_themselves(_SAMPLE)
    # Chroma raises errors of many kinds on damaged files; all mean the same here.
    except Exception as error:
        return f"{folder / 'vectors'} does not open: {error}".replace("\n", " ")
    if found < _LEAST_FOUND:
        return f"{folder / 'vectors'} finds {found:.0%} of its own vectors"
    return "sound"


if __name__ == "__main__":
    print(_examine_index(Path(sys.argv[1]), int(sys.argv[2])))
