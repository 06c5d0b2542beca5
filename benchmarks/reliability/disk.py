"""Row: a full disk, and one that fails at any write; the library stays as it was, and says why."""

import errno
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from benchmarks.reliability.contents import find_faults, read_texts
from benchmarks.reliability.ingester import FOR_GOOD, Fault, Ingester, NoCompiler, Outcome
from benchmarks.reliability.row import main_of
from ingest.store import NoLibrary, Store
from ingest.sync import sync
from tests.articles import WordEmbedder, write_articles

_SIZES = 20
_DISK_BYTES = 64_000_000
_MOST_ROOM = 1_500_000
_QUICK_CHANGES = 8
# What the message for a user must say of each error.
_SAID = {errno.ENOSPC: "disk is full", errno.EIO: "cannot be written: "}


@dataclass(slots=True)
class Tally:
    """What was tried, and what did not hold."""

    sizes: int = 0
    refused: int = 0
    changes: int = 0
    faults: int = 0
    reported: int = 0
    failures: list[str] = field(default_factory=list)


def run(quick: bool, seed: int) -> dict[str, object]:
    """Ingest onto disks with 20 amounts of room, and onto one that fails at each write."""
    tally = Tally()
    skipped = []
    with tempfile.TemporaryDirectory(prefix="disk-") as name:
        folder = Path(name).resolve()
        try:
            with Ingester() as ingester:
                template = Template.make(folder / "template", ingester)
                try:
                    fill_disks(template, folder / "disk", ingester, tally, 5 if quick else _SIZES)
                except subprocess.CalledProcessError as error:
                    skipped.append(f"disks of {_SIZES} sizes: {error.stderr.strip()}")
                numbers = list(range(1, template.changes + 1))
                if quick:
                    numbers = sorted(Random(seed).sample(numbers, _QUICK_CHANGES))
                fail_changes(template, folder / "work", ingester, tally, numbers)
        except NoCompiler as error:
            skipped.append(str(error))
    result: dict[str, object] = {
        "disk_sizes": tally.sizes,
        "ingests_refused_by_size": tally.refused,
        "changes_of_files_in_an_ingest": tally.changes,
        "failed_changes": tally.faults,
        "errors_told": tally.reported,
        "failures": tally.failures,
    }
    return result | ({"skipped": "; ".join(skipped)} if skipped else {})


@dataclass(frozen=True, slots=True)
class Template:
    """A library of the folder `old`, and the folder `new` that it is to be made equal to."""

    library: Path
    old: Path
    new: Path
    changes: int

    @classmethod
    def make(cls, folder: Path, ingester: Ingester) -> "Template":
        """Make both, and count the changes of files on the way from one to the other."""
        write_articles(folder / "old", 6)
        shutil.copytree(folder / "old", folder / "new")
        write_articles(folder / "new", 2, version=1)
        write_articles(folder / "more", 8)[7].rename(folder / "new" / "report-07.txt")
        (folder / "new" / "report-05.txt").unlink()
        # The same path while it is made of the old files, so that only what differs is new.
        folders = folder / "old", folder / "new", folder / "articles"
        old, new, articles = folders
        shutil.copytree(old, articles)
        sync([articles], folder / "library", WordEmbedder())
        shutil.rmtree(articles)
        shutil.copytree(new, articles)
        trial = shutil.copytree(folder / "library", folder / "trial")
        outcome = ingester.ingest(articles, trial)
        assert not outcome.error, outcome
        return cls(folder / "library", old, articles, outcome.changes)

    def texts(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return the texts before and after, by the path of the article."""
        old = {str(self.new / Path(path).name): text for path, text in read_texts(self.old).items()}
        return old, read_texts(self.new)


def fill_disks(
    template: Template, disk: Path, ingester: Ingester, tally: Tally, sizes: int
) -> None:
    """Ingest onto disks with more and more room; the first has none, the last enough."""
    for number in range(sizes):
        with mount_disk(disk, _DISK_BYTES):
            library = shutil.copytree(template.library, disk / "library")
            room = number * _MOST_ROOM // (sizes - 1)
            with (disk / "ballast").open("wb") as ballast:
                os.posix_fallocate(ballast.fileno(), 0, shutil.disk_usage(disk).free - room)
            # The room is found too small at once, or (a lie of the system) only while writing.
            for lies in (False, True):
                outcome = ingester.ingest(template.new, library, Fault(lies_of_room=lies))
                where = f"room for {room:,} bytes, {'told' if not lies else 'not told'}"
                tally.refused += bool(outcome.error)
                check_outcome(template, library, outcome, errno.ENOSPC, where, tally)
            (disk / "ballast").unlink()
            check_recovery(template, library, f"room for {room:,} bytes", tally)
            tally.sizes += 1


def fail_changes(
    template: Template, work: Path, ingester: Ingester, tally: Tally, numbers: Iterable[int]
) -> None:
    """Ingest onto a disk that is full from some change of a file on, or fails at that one."""
    tally.changes = template.changes
    for at in numbers:
        for error, lasts in ((errno.ENOSPC, FOR_GOOD), (errno.EIO, 1)):
            library = shutil.copytree(template.library, work)
            with Store(library) as reader:
                outcome = ingester.ingest(template.new, library, Fault(at, lasts, error))
                where = f"{errno.errorcode[error]} at change {at}"
                reader_faults = find_faults(reader, template.texts(), WordEmbedder())
            tally.failures += [f"{where}, open reader: {fault}" for fault in reader_faults]
            tally.faults += 1
            tally.reported += bool(outcome.error)
            check_outcome(template, library, outcome, error, where, tally)
            check_recovery(template, library, where, tally)
            shutil.rmtree(library)


def check_outcome(
    template: Template, library: Path, outcome: Outcome, error: int, where: str, tally: Tally
) -> None:
    """Check that an ingest is done or has left the library as it was and said why."""
    old, new = template.texts()
    if outcome.signal:
        tally.failures.append(f"{where}: died of signal {outcome.signal}")
    if outcome.error and (_SAID[error] not in outcome.error or str(library) not in outcome.error):
        tally.failures.append(f"{where}: {outcome.kind} says {outcome.error!r}")
    wanted = (old, new) if outcome.error else (new,)
    try:
        with Store(library) as store:
            faults = find_faults(store, wanted, WordEmbedder())
    except (NoLibrary, OSError) as opening:
        faults = [f"does not open: {opening}"]
    tally.failures += [f"{where}: {fault}" for fault in faults]


def check_recovery(template: Template, library: Path, where: str, tally: Tally) -> None:
    """Check that the same ingest works on a disk that does, and leaves nothing behind."""
    sync([template.new], library, WordEmbedder(), remove_missing=True)
    with Store(library, use_vector_index=True) as store:
        faults = find_faults(store, [template.texts()[1]], WordEmbedder())
    if len(list((library / "generations").iterdir())) != 1:
        faults.append("generations are left behind")
    tally.failures += [f"{where}, then again with room: {fault}" for fault in faults]


@contextmanager
def mount_disk(folder: Path, size: int) -> Iterator[None]:
    """Mount a disk in memory of `size` bytes. Raises CalledProcessError without the right to."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    subprocess.run(mount, check=True, capture_output=True, text=True)  # noqa: S603 - as written
    try:
        yield
    finally:
        # Chroma gives its files back a moment after it is told to.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607 - as written


if __name__ == "__main__":
    main_of(run, "disk")
