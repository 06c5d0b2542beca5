"""Row: any order of changes, ingests, kills and restarts; the library is always the folder's.

Hypothesis draws the steps (`RuleBasedStateMachine`) and the parts are real: SQLite, tantivy and
Chroma, and processes that are killed at a change of a file or at any moment.
"""

import logging
import shutil
import tempfile
import traceback
from collections import Counter
from pathlib import Path

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from benchmarks.reliability.contents import find_disagreements, find_faults, read_texts
from benchmarks.reliability.ingester import Fault, Ingester, NoCompiler
from benchmarks.reliability.row import main_of
from ingest.store import NoLibrary, Store
from ingest.sync import Progress, sync
from tests.articles import WordEmbedder, make_text

EXAMPLES, STEPS = 1_000, 30
_QUICK_EXAMPLES = 6
_BATCH = 20
_READERS = 3
_NAMES = st.sampled_from([f"report-{letter}.txt" for letter in "abcdef"])
_TEXTS = st.integers(0, 11)
# An ingest of these libraries changes files about 500 times, and takes about this many seconds.
_CHANGES, _SECONDS = 560, 0.5


class _Interrupted(RuntimeError):
    """What stops an ingest from inside."""


class LibraryMachine(RuleBasedStateMachine):
    """A folder, its library, and readers of it; `texts` has the truth of each revision by path."""

    folder: Path
    ingester: Ingester | None
    counts: Counter[str]

    @initialize(files=st.dictionaries(_NAMES, _TEXTS))
    def begin(self, files: dict[str, int]) -> None:
        """Begin with a folder of some files and no library."""
        self.work = Path(tempfile.mkdtemp(dir=self.folder))
        self.articles, self.library = self.work / "articles", self.work / "library"
        self.articles.mkdir()
        self.texts: dict[int, dict[str, str]] = {}
        self.readers: list[Store] = []
        self.counts["examples"] += 1
        self.write_files(files)

    def teardown(self) -> None:
        """Let go of all files and remove them."""
        if hasattr(self, "work"):
            self.close_readers()
            shutil.rmtree(self.work)

    @rule(files=st.dictionaries(_NAMES, _TEXTS, min_size=1))
    def write_files(self, files: dict[str, int]) -> None:
        """Add files or change them; now and then to what another one or an earlier one was."""
        for name, number in files.items():
            (self.articles / name).write_text(make_text(number), encoding="utf-8")

    @rule(name=_NAMES)
    def delete_file(self, name: str) -> None:
        """Delete a file."""
        (self.articles / name).unlink(missing_ok=True)

    @rule(name=_NAMES, other=_NAMES)
    def rename_file(self, name: str, other: str) -> None:
        """Give a file another name, maybe in place of another file."""
        if (self.articles / name).exists():
            (self.articles / name).replace(self.articles / other)

    @rule(name=_NAMES, other=_NAMES)
    def exchange_files(self, name: str, other: str) -> None:
        """Let two files exchange their names."""
        first, second = self.articles / name, self.articles / other
        if first.exists() and second.exists() and name != other:
            self.counts["exchanges"] += 1
            text = first.read_bytes()
            second.replace(first)
            second.write_bytes(text)

    @rule()
    def ingest(self) -> None:
        """Make the library equal to the folder."""
        self.counts["ingests"] += 1
        sync([self.articles], self.library, WordEmbedder(), remove_missing=True)
        self.check_published(done=True)

    @rule(at=st.integers(0, 5))
    def ingest_interrupted(self, at: int) -> None:
        """Stop an ingest by an error before a file."""

        def stop(progress: Progress) -> None:
            if progress.done == at:
                raise _Interrupted

        try:
            sync(
                [self.articles],
                self.library,
                WordEmbedder(),
                remove_missing=True,
                on_progress=stop,
            )
        except _Interrupted:
            self.counts["interrupted"] += 1
            self.check_published(done=False)
        else:
            self.check_published(done=True)

    @precondition(lambda self: self.ingester is not None)
    @rule(at=st.integers(1, _CHANGES))
    def ingest_killed_at_change(self, at: int) -> None:
        """Kill an ingest in the middle of a change of a file."""
        self.ingest_killed(Fault(at=at))

    @precondition(lambda self: self.ingester is not None)
    @rule(after=st.floats(0, _SECONDS))
    def ingest_killed_at_any_moment(self, after: float) -> None:
        """Kill an ingest at a moment, while the readers read on."""
        self.ingest_killed(Fault(kill_after=after))

    def ingest_killed(self, fault: Fault) -> None:
        """Kill an ingest; until it is dead the readers show what they did or what it publishes."""
        assert self.ingester is not None
        self.texts[self.published() + 1] = read_texts(self.articles)
        self.ingester.begin(self.articles, self.library, fault)
        while not self.ingester.is_done(0.01):
            for reader in self.readers:
                reader.refresh()
            self.readers_are_right()
        outcome = self.ingester.finish()
        assert not outcome.error, outcome
        self.counts["killed" if outcome.signal else "not killed in time"] += 1
        self.check_published(done=not outcome.signal)

    # No precondition may look at the library: what a kill leaves is chance, and the same steps must
    # be open to Hypothesis after the same choices.
    @rule(indexed=st.booleans())
    def open_reader(self, indexed: bool) -> None:
        """Open a reader, which stays open over what follows."""
        if self.published() and len(self.readers) < _READERS:
            self.readers.append(Store(self.library, use_vector_index=indexed))

    @rule()
    def refresh_readers(self) -> None:
        """Let the readers move on: none is older than that then."""
        for reader in self.readers:
            reader.refresh()
            assert reader.revision == self.published(), (reader.revision, self.published())

    @rule()
    def close_readers(self) -> None:
        """Close all readers, as a restart does."""
        while self.readers:
            self.readers.pop().close()

    @invariant()
    def readers_are_right(self) -> None:
        """Every reader shows the whole of its own revision, as long as that is kept."""
        if not hasattr(self, "readers"):
            return
        for reader in self.readers:
            if reader.revision >= self.published() - 1:
                self.check_texts(reader)
            else:
                # Two revisions behind some passages are gone; searching must go on.
                reader.search_words([], 10)
                reader.search_vector(WordEmbedder().encode(["harbour"])[0], 10)
                reader.list_articles()

    def published(self) -> int:
        """Return the number of the revision that is published, 0 without one."""
        try:
            with Store(self.library) as store:
                # Before the first publication its name also tells how far the ingest is.
                return store.revision if store.version.isdigit() else 0
        except NoLibrary:
            return 0

    def check_published(self, *, done: bool) -> None:
        """Check what a reader sees that opens the library now; after a kill that is old or new."""
        self.counts["checks"] += 1
        revision = self.published()
        now = read_texts(self.articles)
        if done or (revision and revision not in self.texts):
            self.texts[revision] = now
        if not revision:
            self.check_staged()
            return
        for indexed in (False, True):
            with Store(self.library, use_vector_index=indexed) as store:
                self.check_texts(store)

    def check_staged(self) -> None:
        """Check what can be read before the first publication: some articles, each whole."""
        try:
            with Store(self.library) as store:
                faults = find_disagreements(store, WordEmbedder())
        except NoLibrary:
            return
        assert not faults, faults

    def check_texts(self, reader: Store) -> None:
        """Check that a reader shows what its revision should."""
        wanted = [self.texts[reader.revision]]
        faults = find_faults(reader, wanted, WordEmbedder())
        assert not faults, faults


class _NoWarning(logging.Handler):
    """Makes a failure of any warning of the store's: no index may ever be found damaged."""

    def emit(self, record: logging.LogRecord) -> None:
        raise AssertionError(record.getMessage())


def run(quick: bool, seed: int) -> dict[str, object]:
    """Try sequences of steps; the first that goes wrong is told step by step."""
    counts: Counter[str] = Counter()
    failures: list[str] = []
    skipped = ""
    examples = _QUICK_EXAMPLES if quick else EXAMPLES
    with tempfile.TemporaryDirectory(prefix="state-") as name:
        try:
            ingester = Ingester()
        except NoCompiler as error:
            ingester, skipped = None, f"kills: {error}"
        try:
            for first in range(0, examples, _BATCH):
                try_examples(
                    Path(name), ingester, counts, min(_BATCH, examples - first), seed + first
                )
        except Exception as error:
            failures.append("".join(traceback.format_exception(error)))
        finally:
            if ingester is not None:
                ingester.close()
    result: dict[str, object] = {"steps_each": STEPS, **counts, "failures": failures}
    return result | ({"skipped": skipped} if skipped else {})


def try_examples(
    folder: Path,
    ingester: Ingester | None,
    counts: Counter[str],
    examples: int,
    seed: int,
    steps: int = STEPS,
) -> None:
    """Try that many sequences of steps in a folder; raise what goes wrong, with the steps."""
    kind = type("Library", (LibraryMachine,), {
        "folder": folder, "ingester": ingester, "counts": counts,
    })  # fmt: skip
    hypothesis.seed(seed)(kind)
    handler = _NoWarning(logging.WARNING)
    logging.getLogger("ingest").addHandler(handler)
    try:
        run_state_machine_as_test(
            kind,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                # What is found is found by chance, of a kill: nothing to be made smaller by trying.
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        logging.getLogger("ingest").removeHandler(handler)


if __name__ == "__main__":
    main_of(run, "state")
