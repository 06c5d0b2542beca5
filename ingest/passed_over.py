"""Tell in a line which files of a folder are no articles: how many, of which suffixes."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from ingest.counts import count_of

# So many kinds are told.
_MAX_SUFFIXES = 5


def tell_passed_over(files: Iterable[Path]) -> tuple[str, ...]:
    """Return the line for people, the most frequent suffixes first; none without files."""
    suffixes = Counter(file.suffix.lower() for file in files)
    if not suffixes:
        return ()
    ranked = sorted(suffixes, key=lambda suffix: (-suffixes[suffix], suffix))
    told = [f"{suffixes[suffix]} {suffix}" for suffix in ranked[:_MAX_SUFFIXES]]
    if others := sum(suffixes[suffix] for suffix in ranked[_MAX_SUFFIXES:]):
        told.append(count_of(others, "other"))
    named = "; a table is read if it is named" if {".csv", ".tsv"} & suffixes.keys() else ""
    total = count_of(suffixes.total(), "file")
    return (f"passed over {total} of other kinds: {', '.join(told)}{named}",)
