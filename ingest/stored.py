"""What the library holds of each file, kept up to date while files are stored."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from ingest.clean import clean_text
from ingest.write import StoredFile


class StoredFiles:
    """The files of a library, found by path and by text, and the ids that are taken.

    Each look-up takes the same time however many files there are.
    """

    def __init__(self, files: Mapping[str, StoredFile]) -> None:
        self._files: dict[str, StoredFile] = {}
        self._paths: dict[str, dict[str, None]] = {}
        self._taken: Counter[str] = Counter()
        self._numbers: dict[str, int] = {}
        for path, file in files.items():
            self.put(path, file)

    def get(self, path: str) -> StoredFile | None:
        """Return what is held of the file at `path`."""
        return self._files.get(path)

    def put(self, path: str, file: StoredFile) -> None:
        """Hold `file` for `path`, in place of what was held."""
        if path in self._files:
            self.pop(path)
        self._files[path] = file
        self._paths.setdefault(file.sha256, {})[path] = None
        self._taken[file.article_id] += 1

    def pop(self, path: str) -> StoredFile:
        """Let go of the file at `path` and return it; raises KeyError where none is held."""
        file = self._files.pop(path)
        del self._paths[file.sha256][path]
        if not self._paths[file.sha256]:
            del self._paths[file.sha256]
        self._taken[file.article_id] -= 1
        return file

    def list_texts(self) -> set[str]:
        """Return the sha256 of each text that a file holds."""
        return set(self._paths)

    def find_text(self, sha256: str) -> str | None:
        """Return the path of the file held longest of those with this text."""
        return next(iter(self._paths.get(sha256, ())), None)

    def choose_article_id(self, path: Path) -> str:
        """Return an id for the article of a new file: its name, numbered if another one has it."""
        letters = "".join(char if char.isalnum() else "-" for char in clean_text(path.stem.lower()))
        name = "-".join(filter(None, letters.split("-"))) or "article"
        # Of a thousand files of one name not each one counts from the beginning.
        number = self._numbers.get(name, 1)
        candidate = name if number == 1 else f"{name}-{number}"
        while self._taken[candidate]:
            number += 1
            candidate = f"{name}-{number}"
        self._numbers[name] = number
        return candidate
