"""Resolve references: "Article 4", "section 2(b)", "the second article", "the piece on the summit".

A reference goes to a section, a sentence or a whole article by number, position, title, author or
date, without any search.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain, islice

from bot.aliases import Aliases
from bot.labels import (
    ASKED_ORDINAL,
    KINDS,
    LAST,
    TOPIC_END,
    YEAR,
    Asked,
    Place,
    begins_label,
    cut_before,
    find_asked,
    find_places,
    is_part_of_document,
    read_document,
    read_ordinal,
)
from bot.places import (
    LEAD_LETTERS,
    SECTION_LETTERS,
    find_heading,
    find_section_end,
    find_sentence,
    find_span,
    is_numbered,
)
from bot.topics import (
    NAMED_ARTICLE,
    NAMED_SECTION,
    QUOTED,
    TOPIC_LETTERS,
    Description,
    Topics,
    ends_noun,
    is_author,
    stem_topic,
)
from ingest.clean import Article, Heading

MAX_REFERENCES = 8
# Labels, names and quotations that are looked up of one question, of each kind.
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
_AGE = re.compile(
    r"(?i)\b(?:(newest|latest|most recent)|(?:oldest|earliest))\s"
    r"(?:article|piece|story|essay|post|entry)\b"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """What a question refers to: `text[start:end]` of an article.

    `kind` is "heading" (a section by its number or name), "paragraph" (one with that number),
    "label" (a sentence that names it), "last" (where the highest number of a document stands),
    "title", "author", "date" or "position" (whole articles); `words` are those of the question;
    `weight`, 0 to 1, is how sure it is.
    """

    article_id: str
    start: int
    end: int
    kind: str
    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class References:
    """The references of a question, the surest first; none if it has none.

    `missing` are labels with numbers that no article has: "clause 9" of a lease of eight.
    """

    spans: tuple[Reference, ...] = ()
    missing: tuple[str, ...] = ()

    def weigh(self, article_id: str, start: int, end: int) -> float:
        """Return the weight of the surest reference that meets `text[start:end]`, 0 if none."""
        return max(
            (
                span.weight
                for span in self.spans
                if span.article_id == article_id and span.start < end and start < span.end
            ),
            default=0.0,
        )


def resolve_references(
    question: str, articles: Sequence[Article], aliases: Aliases | None = None
) -> References:
    """Return what a question refers to in articles; for many questions make a ReferenceIndex."""
    return ReferenceIndex(articles, aliases).resolve(question)


class ReferenceIndex:
    """The headings, labels, titles, authors and dates of articles, in the library's order.

    Indexed when first asked for. Any number of threads may resolve at once.
    """

    def __init__(self, articles: Sequence[Article], aliases: Aliases | None = None) -> None:
        self.articles = tuple(articles)
        self._aliases = aliases
        # The same titles, sentences and sections are weighed for question after question.
        self._stem = lru_cache(maxsize=4096)(lambda text: stem_topic(text, aliases))
        self._numbers = {item.article_id: number for number, item in enumerate(self.articles)}

    def resolve(self, question: str, order: Sequence[str] = ()) -> References:
        """Return what a question refers to, the surest first.

        `order` are the ids of articles as the reader sees them ("the second article"), for
        instance those cited last; without it the order of the library is meant.
        """
        found: dict[tuple[str, int, int], Reference] = {}
        labelled, missing = self._resolve_labels(question)
        parts = (
            labelled,
            self._resolve_articles(question, order),
            self._resolve_sections(question),
            self._resolve_quoted(question),
        )
        for item in chain.from_iterable(parts):
            key = (item.article_id, item.start, item.end)
            if key not in found or found[key].weight < item.weight:
                found[key] = item
        best = sorted(found.values(), key=lambda item: -item.weight)
        return References(tuple(best[:MAX_REFERENCES]), missing)

    @cached_property
    def _places(self) -> Mapping[tuple[str, str], tuple[Place, ...]]:
        """Where labels stand in the texts, by label and first number; "" is a number alone."""
        found: defaultdict[tuple[str, str], list[Place]] = defaultdict(list)
        for number, article in enumerate(self.articles):
            for label, place in find_places(number, article):
                found[label, place.number[0]].append(place)
        return {key: tuple(places) for key, places in found.items()}

    @cached_property
    def _topics(self) -> "Topics":
        return Topics(self.articles, self._aliases)

    def _resolve_labels(self, question: str) -> tuple[list[Reference], tuple[str, ...]]:
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
            if (heading := find_heading(self.articles[place.article], place.start)) is not None
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
                text = self.articles[place.article].text
                own = self._stem(read_document(text, place.start, place.end))
                found = self._weigh_place(last, place)
                if found and found[0] >= _LAST_SHARE and (own or found[1].kind != "label"):
                    return [replace(found[1], kind="last")]
        return []

    def _weigh_place(self, asked: Asked, place: Place) -> tuple[float, Reference] | None:
        """Return the share of its document's words and the reference, None if it is another's."""
        article = self.articles[place.article]
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
        own = self._stem(read_document(self.articles[place.article].text, place.start, place.end))
        return own | self._topics.read_names(place.article, place.start)

    def _share_document(self, asked: Asked, place: Place, span: tuple[int, int]) -> float:
        """Return how well a place's document is the one that the question names, 0 to 1."""
        if not asked.document:
            return 0.85
        article = self.articles[place.article]
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
        weights = {word: self._topics.weigh(word) for word in asked.document}
        lost = 0.0
        for word in missing:
            # A document's year tells it apart, and stands far from the label for many reasons.
            held_far = (0.7 if word in asked.years else 0.35) if word in far else 1.0
            lost += weights[word] * (0.2 if word in sentence else held_far)
        # "Of the Riga treaty" is asked, and this place is said to be "of the pact of Lima".
        differs = own - KINDS and asked.document - KINDS and own.isdisjoint(asked.document - KINDS)
        return (1 - lost / sum(weights.values())) * (0.6 if differs else 1.0)

    def _resolve_articles(self, question: str, order: Sequence[str]) -> Iterator[Reference]:
        """Yield whole articles named by position, age, topic, author or date."""
        yield from self._resolve_position(question, order)
        for match in islice(NAMED_ARTICLE.finditer(question), _LABELS_READ):
            if not ends_noun(question, match):
                continue
            described = Description.read(question, match)
            chosen, kind, weight = self._choose_articles(described)
            words = question[match.start() : described.end].strip()
            for number in chosen:
                yield self._refer(number, kind, words, weight)

    def _choose_articles(self, described: "Description") -> tuple[list[int], str, float]:
        """Return the articles that fit a description, what told them, and how sure it is."""
        fitting = [
            number
            for number, article in enumerate(self.articles)
            if (not described.author or is_author(described.author, article.author))
            and (article.published or "").startswith(described.date)
        ]
        kind = "author" if described.author else "date" if described.date else ""
        if described.topic:
            best = self._topics.find_article(described.topic, fitting if kind else None)
            if best is not None:
                return [best[0]], "title", best[1]
            # The words before "article" need not be a topic: "the long article by Anna Berg".
            if not kind or described.is_certain:
                return [], "", 0.0
        if not kind or len(fitting) > MAX_REFERENCES:
            return [], "", 0.0
        return fitting, kind, 0.95 if len(fitting) == 1 else 0.6

    def _resolve_position(self, question: str, order: Sequence[str]) -> Iterator[Reference]:
        numbers = [self._numbers[name] for name in order if name in self._numbers]
        numbers = numbers or list(range(len(self.articles)))
        for match in islice(ASKED_ORDINAL.finditer(question), _LABELS_READ):
            if is_part_of_document(question, match) or not ends_noun(question, match):
                continue
            ordinal = read_ordinal(match["ordinal"])
            if ordinal is not None and numbers and ordinal <= len(numbers):
                chosen = numbers[ordinal - 1] if ordinal else numbers[-1]
                yield self._refer(chosen, "position", match[0], 0.9 if order else 0.7)
        dated = [n for n in numbers if self.articles[n].published]
        for match in islice(_AGE.finditer(question), _LABELS_READ) if dated else ():
            pick = max if match[1] else min
            chosen = pick(dated, key=lambda n: self.articles[n].published or "")
            yield self._refer(chosen, "date", match[0], 0.8)

    def _resolve_sections(self, question: str) -> Iterator[Reference]:
        """Yield sections named by what they are about."""
        for match in islice(NAMED_SECTION.finditer(question), _LABELS_READ):
            topic = cut_before(question[match.end() :][:TOPIC_LETTERS], TOPIC_END)
            if found := self._topics.find_heading(topic):
                (number, heading), weight = found
                # "The article on X" is a section only where sections are called articles.
                labelled = begins_label(self.articles[number].text, heading.start)
                if labelled or match["noun"].lower() != "article":
                    words = question[match.start() : match.end() + len(topic)]
                    yield self._refer(number, "heading", words, weight, heading)

    def _resolve_quoted(self, question: str) -> Iterator[Reference]:
        """Yield the article or sections whose name stands in quotation marks."""
        for match in islice(QUOTED.finditer(question), _LABELS_READ):
            for number, heading in self._topics.find_exact(match[1]):
                kind, weight = ("heading", 0.95) if heading else ("title", 1.0)
                yield self._refer(number, kind, match[0], weight, heading)

    def _refer(
        self, number: int, kind: str, words: str, weight: float, heading: Heading | None = None
    ) -> Reference:
        """Return the reference to an article, or to the section of a heading in it."""
        article = self.articles[number]
        start, end = 0, len(article.text)
        if heading:
            start, end = heading.start, find_section_end(article, heading)
        return Reference(article.article_id, start, end, kind, words, round(weight, 3))


def _choose_labelled(found: list[tuple[float, Reference]]) -> list[Reference]:
    """Return the references for one label: those of the right document, headings first."""
    best = max((share for share, _ in found), default=0.0)
    fitting = [item for share, item in found if share >= best - 0.25]
    most = max((item.weight for item in fitting), default=0.0)
    near = most - _HEADING_LEAD
    headings = [item for item in fitting if item.kind == "heading" and item.weight >= near]
    sure = sorted(headings or fitting, key=lambda item: -item.weight)
    return [item for item in sure if item.weight >= max(_LEAST_WEIGHT, sure[0].weight - 0.3)]
