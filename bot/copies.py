"""Put passages that repeat others behind those that say something else."""

from collections.abc import Sequence

from bot.retrieve import Passage
from ingest.words import stem_words

# Shared runs of so many words, as a share of the shorter passage's, make two passages copies.
_RUN, _SHARE = 3, 0.6


def find_copies(passages: Sequence[Passage]) -> list[Passage]:
    """Return the passages that are near copies of an earlier one, by shared runs of words.

    Shingles, as Broder 1997 has them. What the question refers to is no copy of anything.
    """
    kept: list[set[tuple[str, ...]]] = []
    copies = []
    for passage in passages:
        runs = _list_runs(passage.stored.text)
        if not passage.referred and any(
            _SHARE * min(len(runs), len(other)) < len(runs & other) for other in kept
        ):
            copies.append(passage)
        else:
            kept.append(runs)
    return copies


def put_copies_last(passages: Sequence[Passage]) -> list[Passage]:
    """Return passages in their order, the near copies of earlier ones after all others."""
    copies = find_copies(passages)
    numbers = {item.stored.number for item in copies}
    return [item for item in passages if item.stored.number not in numbers] + copies


def _list_runs(text: str) -> set[tuple[str, ...]]:
    words = stem_words(text)
    return set(zip(*(words[start:] for start in range(_RUN)), strict=False))
