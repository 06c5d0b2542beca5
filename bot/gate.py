"""The gate: whether the passages that a language model cites support a sentence it wrote.

A sentence passes when every number, date and name of it stands in the cited passages, none stands
in the place of another, nothing is denied that they say or the other way round, and the support, a
probability by a model fitted on true and false sentences (`python -m benchmarks.fit_gate`), is high
enough.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Self

from bot.aliases import Aliases
from bot.claim import Item, read_claim, read_word, read_words
from bot.compare import list_new_words, measure_closeness, measure_cover, measure_order
from bot.flips import find_flip
from bot.judge import WEIGHTS, Features, Judge, to_probability
from bot.leaning import leans_on_before
from bot.missing import find_missing_fact
from bot.retrieve import Passage
from bot.roles import differ_in_voice
from bot.settle import settle_names, settle_words
from bot.swaps import find_swap

# A cited passage that holds less than this share of a sentence has nothing to do with it.
_LEAST_SHARE = 0.2
# A sentence that holds this share of a claim's words, by meaning, is what it says otherwise: of 312
# sentences written by hand and held back, this finds the right one for 297 (docs/models.md).
_SAID_SHARE = 0.4
# With fewer words that tell something it is a heading, or says too little to be known again.
_SAID_WORDS = 3
# A claim as close to a sentence (see `measure_closeness`) has its words from there.
_CLOSE = 0.68


@dataclass(frozen=True, slots=True)
class Support:
    """The model of how probable support is, and the least probability that passes."""

    judge: Judge
    threshold: float

    @classmethod
    def load(cls, folder: Path = WEIGHTS) -> Self:
        """Read the fitted model from `gate.json` in `folder`."""
        data = json.loads((folder / "gate.json").read_text(encoding="utf-8"))
        return cls(Judge(data["weights"], data["constant"]), data["threshold"])


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of a sentence: `reason` is why it is held back, empty if it passes.

    `quotes` are the sentences that support it, (number of the passage, start, end in its article),
    one for each cited passage that does. `features` are what support was judged by, none where it
    did not come to that.
    """

    reason: str
    quotes: tuple[tuple[int, int, int], ...] = ()
    features: Features | None = None


@dataclass(frozen=True)
class _Source:
    """A passage as the gate reads it; sentences are read when first needed."""

    passage: Passage
    aliases: Aliases

    @cached_property
    def sentences(self) -> list[list[Item]]:
        text = self.passage.stored.article.text
        spans = self.passage.stored.chunk.sentences
        return [read_claim(text[start:end], self.aliases) for start, end in spans]

    @cached_property
    def around(self) -> list[Item]:
        """What stands above the passage, which says what it is about and when."""
        article = self.passage.stored.article
        lead = f"{article.title}. {self.passage.stored.chunk.heading}"
        return read_claim(lead, self.aliases)

    @cached_property
    def plain(self) -> list[Item]:
        """The words as they stand, not as the library spells its names."""
        return read_words(self.passage.stored.text)

    @property
    def items(self) -> list[Item]:
        return [item for sentence in self.sentences for item in sentence]


class Gate:
    """Checks sentences against numbered passages, the first of which is 1."""

    def __init__(
        self,
        passages: Sequence[Passage],
        aliases: Aliases,
        support: Support | None = None,
    ) -> None:
        self._sources = [_Source(passage, aliases) for passage in passages]
        self._aliases = aliases
        self._support = support or Support.load()

    def check(self, text: str, numbers: Sequence[int]) -> Verdict:
        """Return whether the passages of these numbers support a sentence without markers.

        Numbers that no passage has are dropped; with none left the sentence names no passage.
        """
        if not numbers:
            return Verdict("it names no passage")
        known = [number for number in numbers if 1 <= number <= len(self._sources)]
        if not known:
            return Verdict(f"there is no passage {numbers[0]}")
        cited = {number: self._sources[number - 1] for number in dict.fromkeys(known)}
        claim = self._read(text, list(cited.values()))
        if not claim:
            return Verdict("it says nothing that can be checked")
        where = "passage " + " and ".join(map(str, cited))
        if reason := self._contradict(claim, list(cited.values()), where):
            return Verdict(reason)
        features = self._weigh(claim, list(cited.values()))
        support = to_probability(self._support.judge.rate(features))
        if support < self._support.threshold:
            return Verdict(f"{where} does not support it ({support:.2f})", (), features)
        return Verdict("", self._quote(claim, cited), features)

    def find_said(self, text: str, numbers: Sequence[int]) -> tuple[tuple[int, int, int], ...]:
        """Return the sentence that one which is held back says otherwise, as in `Verdict.quotes`.

        It is looked for in the passages of these numbers, then in the others; nothing if none is
        near. If it leans on the sentence before it, that one comes first.
        """
        sources = dict(enumerate(self._sources, 1))
        cited = {number: sources.pop(number) for number in sorted({*numbers} & {*sources})}
        return self._find_said(text, cited) or self._find_said(text, sources)

    def _find_said(
        self, text: str, sources: dict[int, _Source]
    ) -> tuple[tuple[int, int, int], ...]:
        listed = list(sources.values())
        claim = settle_words(self._read(text, listed), _list_words(listed))
        shares = {
            (number, place): measure_cover(claim, items)
            for number, source in sources.items()
            for place, items in enumerate(source.sentences)
        }
        if len(claim) < _SAID_WORDS or max(shares.values(), default=0.0) < _SAID_SHARE:
            return ()
        number, place = max(shares, key=lambda key: shares[key])
        stored = sources[number].passage.stored
        start, end = stored.chunk.sentences[place]
        first = place - 1 if leans_on_before(stored.article.text[start:end]) else place
        spans = stored.chunk.sentences[max(0, first) : place + 1]
        return tuple((number, *span) for span in spans)

    def _read(self, text: str, sources: Sequence[_Source]) -> list[Item]:
        """Return what a sentence says, its names spelt as the passages spell them."""
        claim = _lower_first(read_claim(text, self._aliases), sources)
        return settle_names(claim, _list_given(sources))

    def _weigh(self, claim: Sequence[Item], sources: Sequence[_Source]) -> Features:
        """Return the features that tell whether passages support a claim.

        Of what it tells, in the passages' words where these mean the same, they are the share that
        the best sentence holds, the share of words that are new, and how far their order is theirs.
        """
        sentences = [sentence for source in sources for sentence in source.sentences]
        given = _list_words(sources)
        telling = settle_words(claim, given)
        return {
            "sentence": max((measure_cover(telling, items) for items in sentences), default=0.0),
            "new": len(list_new_words(telling, given)) / len(telling) if telling else 0.0,
            "order": measure_order(telling, sentences),
        }

    def _contradict(self, claim: Sequence[Item], sources: Sequence[_Source], where: str) -> str:
        """Return what of a claim the passages do not say or say otherwise, in words."""
        given = _list_given(sources)
        if missing := find_missing_fact(claim, given):
            return f"“{missing.text}” does not stand in {where}"
        sentences = [sentence for source in sources for sentence in source.sentences]
        is_close = measure_closeness(claim, sentences) >= _CLOSE and not differ_in_voice(
            claim, sentences
        )
        if is_close:
            # Whoever keeps to the words would keep to the name.
            claim = [it if it.breaks or not it.start else replace(it, country="") for it in claim]
        if swap := find_swap(claim, sentences, is_close=is_close):
            return f"{where} has “{swap[1].text}” where it has “{swap[0].text}”"
        if flip := find_flip(claim, sentences, is_close=is_close):
            return f"{where} says the opposite of “{flip.text}”"
        return ""

    def _quote(
        self, claim: Sequence[Item], cited: dict[int, _Source]
    ) -> tuple[tuple[int, int, int], ...]:
        """Return the best sentence of each passage that has to do with a claim."""
        shares = {
            number: max(
                (measure_cover(claim, items), -place)
                for place, items in enumerate(source.sentences)
            )
            for number, source in cited.items()
        }
        best = max(shares.values())[0]
        least = min(best, _LEAST_SHARE)
        return tuple(
            (number, *cited[number].passage.stored.chunk.sentences[-place])
            for number, (share, place) in shares.items()
            if share >= least
        )


def _list_given(sources: Sequence[_Source]) -> list[Item]:
    return [item for source in sources for item in (*source.items, *source.around)]


def _list_words(sources: Sequence[_Source]) -> list[Item]:
    """Return what the passages say, both as the library spells its names and as it stands."""
    return [*_list_given(sources), *(item for source in sources for item in source.plain)]


def _lower_first(claim: list[Item], sources: Sequence[_Source]) -> list[Item]:
    """Return a claim whose first word is no name where the passages write it small."""
    if not claim or claim[0].kind != "name" or claim[0].start or " " in claim[0].key:
        return claim
    first = read_word(claim[0])
    words = {item.key for source in sources for item in source.items if item.kind == "word"}
    return [first, *claim[1:]] if first.key in words else claim
