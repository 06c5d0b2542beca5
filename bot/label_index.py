"""Resolve labels with numbers: "Article 4 of the treaty of 1961", "section 2(b)", "version 2.4"."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice

from bot.labels import KINDS, LAST, YEAR, Asked, Place, find_asked, find_places, read_document
from bot.places import (
    LEAD_LETTERS,
    SECTION_LETTERS,
    find_heading,
    find_sentence,
    find_span,
    is_numbered,
)
from bot.reference import Reference
from bot.topics import Topics
from ingest.clean import Article

# Labels that are looked up of one question.
_LABELS_READ = 12
_LEAST_WEIGHT = 0.3
# So much of the words for a document must stand where its last article is.
_LAST_SHARE = 0.9
# Where fewer do at every place of a label, and one is another document's, none is of that one.
_OTHER_SHARE = 0.3
# A heading is meant rather than a paragraph or sentence, unless it fits so much worse.
_HEADING_LEAD = 0.08
_PLACES_WEIGHED = 5_000
_PLACES_READ = 60


class LabelIndex:
    """Where labels with numbers stand in articles. Indexed when first asked for.

    `stem` gives the stems of words by which documents are told apart, `topics` what the articles'
    titles and headings say.
    """

    def __init__(
        self,
        articles: Sequence[Article],
        stem: Callable[[str], frozenset[str]],
        topics: Callable[[], Topics],
    ) -> None:
        self._articles = articles
        self._stem = stem
        self._get_topics = topics

    def resolve(self, question: str) -> tuple[list[Reference], tuple[str, ...]]:
        """Return the places of the labels that a question names, and those that have none."""
        resolved: list[Reference] = []
        places_of: dict[str, bool] = {}
        for asked in islice(dict.fromkeys(find_asked(question, self._stem)), _LABELS_READ):
            if asked.number == (LAST,):
                resolved += self._resolve_last(asked)
                continue
            found = self._find_labelled(asked)
            resolved += _choose_labelled(found)
            shares = [share for share, _ in found]
            if asked.tells_document and 0.0 in shares and max(shares) < _OTHER_SHARE:
                # Others have such an article: the treaty of 1961, not that of 2000.
                places_of.setdefault(asked.full_words, False)
            # "The 14th amendment" may be spelt out; "Amendment 14" may not.
            elif asked.words.lower().startswith((asked.label, "§")):
                if asked.is_loose and not self._counts_by(asked.label):
                    continue
                # "2(b)" may be in a section 2 that does not name it.
                part = not asked.is_loose and (asked.label, asked.number[0]) in self._places
                stands = found or part
                places_of[asked.words] = places_of.get(asked.words, False) or bool(stands)
        return resolved, tuple(words for words, has_place in places_of.items() if not has_place)

    def _counts_by(self, label: str) -> bool:
        """Tell whether headings count by a label: "Version 2.4", "Version 2.3"."""
        places = (
            item for (name, _), items in self._places.items() if name == label for item in items
        )
        return any(
            heading.start == place.start
            for place in places
            if (heading := find_heading(self._articles[place.article], place.start)) is not None
        )

    def _find_labelled(self, asked: Asked) -> list[tuple[float, Reference]]:
        """Return the places of a label, with the share of its document's words that each has."""
        places = [
            place
            for label in (asked.label, "")
            for place in self._places.get((label, asked.number[0]), ())
        ]
        # Of the places in a large library only the likeliest are read.
        if len(places) > _PLACES_READ:
            places = places[:_PLACES_WEIGHED]
            places.sort(key=lambda place: -self._share_names(asked, place))
        weighed = (self._weigh_place(asked, place) for place in places[:_PLACES_READ])
        return [item for item in weighed if item is not None]

    def _resolve_last(self, asked: Asked) -> list[Reference]:
        """Return the place of the highest number that a label has in the document asked for."""
        numbers = {int(n) for label, n in self._places if label == asked.label and n.isdigit()}
        for number in sorted(numbers, reverse=True)[:_PLACES_READ] if asked.document else ():
            last = replace(asked, number=(str(number),))
            for place in self._places[asked.label, str(number)][:_PLACES_READ]:
                text = self._articles[place.article].text
                own = self._stem(read_document(text, place.start, place.end))
                found = self._weigh_place(last, place)
                if found and found[0] >= _LAST_SHARE and (own or found[1].kind != "label"):
                    return [replace(found[1], kind="last")]
        return []

    def _weigh_place(self, asked: Asked, place: Place) -> tuple[float, Reference] | None:
        """Return the share of its document's words and the reference, None if it is another's."""
        article = self._articles[place.article]
        heading = find_heading(article, place.start)
        span = find_span(article, place, heading, asked)
        if span is None:
            return None
        start, end, certainty = span
        share = self._share_document(asked, place, (start, end))
        same_style = 0.0 if asked.roman == place.roman else 0.05
        weight = (certainty - same_style) * (0.25 + 0.75 * share)
        kind = "heading" if heading is not None and heading.end > place.start else "label"
        if kind == "label" and is_numbered(article.text, place):
            kind = "paragraph"
        words = asked.words
        return share, Reference(article.article_id, start, end, kind, words, round(weight, 3))

    def _share_names(self, asked: Asked, place: Place) -> float:
        """Return the share of a document's words in a place's own words, heading and title."""
        known = self._read_near(place)
        return len(asked.document & known) / max(1, len(asked.document))

    def _read_near(self, place: Place) -> frozenset[str]:
        """Return the stems of a place's own "of the ... treaty", its heading and its title."""
        own = self._stem(read_document(self._articles[place.article].text, place.start, place.end))
        return own | self._get_topics().read_names(place.article, place.start)

    def _share_document(self, asked: Asked, place: Place, span: tuple[int, int]) -> float:
        """Return how well a place's document is the one that the question names, 0 to 1."""
        if not asked.document:
            return 0.85
        article = self._articles[place.article]
        text = article.text
        own = self._stem(read_document(text, place.start, place.end))
        own_years = frozenset(filter(YEAR.fullmatch, own))
        other_year = asked.years and own_years and asked.years.isdisjoint(own_years)
        if other_year or (own and own.isdisjoint(asked.document)):
            return 0.0
        missing = asked.document - self._read_near(place)
        sentence = self._stem(text[slice(*find_sentence(text, place.start))]) if missing else {}
        section = text[span[0] : min(span[1], span[0] + SECTION_LETTERS)]
        around = f"{section} {article.summary or ''} {text[:LEAD_LETTERS]}"
        far = self._stem(around) if missing.difference(sentence) else {}
        weights = {word: self._get_topics().weigh(word) for word in asked.document}
        lost = 0.0
        for word in missing:
            # A document's year tells it apart, and stands far from the label for many reasons.
            held_far = (0.7 if word in asked.years else 0.35) if word in far else 1.0
            lost += weights[word] * (0.2 if word in sentence else held_far)
        # "Of the Riga treaty" is asked, and this place is said to be "of the pact of Lima".
        differs = own - KINDS and asked.document - KINDS and own.isdisjoint(asked.document - KINDS)
        return (1 - lost / sum(weights.values())) * (0.6 if differs else 1.0)

    @cached_property
    def _places(self) -> Mapping[tuple[str, str], tuple[Place, ...]]:
        """Where labels stand in the texts, by label and first number; "" is a number alone."""
        found: defaultdict[tuple[str, str], list[Place]] = defaultdict(list)
        for number, article in enumerate(self._articles):
            for label, place in find_places(number, article):
                found[label, place.number[0]].append(place)
        return {key: tuple(places) for key, places in found.items()}


def _choose_labelled(found: list[tuple[float, Reference]]) -> list[Reference]:
    """Return the references for one label: those of the right document, headings first."""
    best = max((share for share, _ in found), default=0.0)
    fitting = [item for share, item in found if share >= best - 0.25]
    most = max((item.weight for item in fitting), default=0.0)
    near = most - _HEADING_LEAD
    headings = [item for item in fitting if item.kind == "heading" and item.weight >= near]
    sure = sorted(headings or fitting, key=lambda item: -item.weight)
    return [item for item in sure if item.weight >= max(_LEAST_WEIGHT, sure[0].weight - 0.3)]
