"""Choose questions to offer a reader, each tried on the bot first."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, zip_longest

from bot.answer import Bot
from bot.asked import MAX_QUESTION_LETTERS, History
from bot.cite import Answer, Citation
from bot.phrase_questions import Draft, draft_names, draft_questions
from bot.phrases import NAME, find_spots
from bot.retrieve import find_content_words
from ingest.chunk import PASSAGE_WORDS, Chunk, split_sections, split_sentences
from ingest.clean import PARAGRAPH_BREAK, Article
from ingest.words import stem_words

# Below this a question may well be answered by something else.
LEAST_CONFIDENCE = 0.6
_ASKS_PER_EXAMPLE = 4
_MAX_FOLLOW_UP_ASKS = 8
# Of an article, the letters that are read for examples, and on each side of a citation.
_READ_FIRST, _READ_AROUND = 8_000, 3_000
_MAX_NAMES, _PASSAGES_PER_NAME, _PASSAGES_ON_TOPIC = 6, 5, 6
# The kinds of questions, those that say most first; "about" is the last resort.
_KINDS = (
    "asked", "section", "why", "how many", "when", "who", "what", "where", "said", "did", "about",
    "name",
)  # fmt: skip
# Questions that share more of their words than this ask the same.
_SAME_WORDS = 0.7
# Drafts of which the next one is taken, so that kinds differ.
_WINDOW = 6

_Make = Callable[[Article, Chunk], list[Draft]]


def suggest_examples(bot: Bot, count: int = 6) -> list[str]:
    """Return up to `count` questions that the library answers, of many kinds and articles.

    Of one library they are always the same. At most four questions are asked for each one wanted.
    """
    bot.store.refresh()
    articles = bot.store.list_articles()
    sample = [articles[place] for place in _spread(len(articles), 4 * count)]
    chosen = _Chosen(bot.without_model(), count, asks=_ASKS_PER_EXAMPLE * count)
    # In a library of few articles one may give several questions.
    most = -(-count // max(1, len(articles)))
    titles = {article.article_id: set(stem_words(article.title)) for article in sample}
    for make in (draft_questions, draft_names):
        drafts = [draft for article in sample for draft in _draft_text(article, make)]
        drafts.sort(key=lambda draft: not _is_central(draft, titles[draft.article_id]))
        chosen.take_spread(drafts, most)
    return chosen.texts


def suggest_follow_ups(
    bot: Bot,
    answer: Answer,
    history: History = (),
    count: int = 3,
    asked: Collection[str] = (),
) -> list[str]:
    """Return up to `count` questions that the library answers and that go on from `answer`.

    They stand alone. None repeats what was asked (in `history`, or one of `asked`) or would show
    a sentence again. For a refusal they are made of the nearest passages. At most eight questions
    are asked.
    """
    chosen = _Chosen(bot.without_model(), count, asks=_MAX_FOLLOW_UP_ASKS)
    known = [answer.question, answer.asked, *asked, *(question for question, _ in history)]
    chosen.known = [set(find_content_words(text[:MAX_QUESTION_LETTERS])) for text in known]
    chosen.said = _flatten(" ".join(text for _, text in history))
    chosen.shown.update((item.article_id, item.start) for item in answer.citations)
    for drafts in _draft_follow_ups(bot, answer):
        chosen.take_varied(drafts)
    return chosen.texts


def _draft_follow_ups(bot: Bot, answer: Answer) -> Iterator[Iterator[Draft]]:
    """Yield drafts that go on from an answer, the best ones first; each when it is needed."""
    cited = answer.citations or answer.nearest
    near = list(_draft_near(bot, cited, draft_questions))
    close = (draft for draft in near if draft.kind != "about")
    pairs = zip_longest(close, _draft_named(bot, answer.citations))
    yield (draft for pair in pairs for draft in pair if draft)
    yield (draft for draft in near if draft.kind == "about")
    yield _draft_on_topic(bot, answer.asked)
    yield _draft_near(bot, cited, draft_names)


@dataclass(slots=True)
class _Chosen:
    """Questions chosen so far, and how many may yet be asked to find more.

    `known` are the words of questions not to repeat, `shown` the sentences (article, start) that
    the reader has before him, `said` the text of earlier answers.
    """

    bot: Bot
    count: int
    asks: int
    known: list[set[str]] = field(default_factory=list)
    said: str = ""
    shown: set[tuple[str, int]] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    articles: list[str] = field(default_factory=list)

    def is_full(self) -> bool:
        return len(self.texts) >= self.count or self.asks <= 0

    def take_spread(self, drafts: list[Draft], most: int) -> None:
        """Take the best of drafts, at most `most` of an article."""
        while drafts and not self.is_full():
            best = min(drafts, key=self.rate)
            self.take(best)
            drafts = [
                draft
                for draft in drafts
                if draft is not best and self.articles.count(draft.article_id) < most
            ]

    def rate(self, draft: Draft) -> tuple[int, ...]:
        """Return what orders drafts, the best first: new articles and kinds, then telling ones."""
        return (
            max(0, _KINDS.index(draft.kind) - _KINDS.index("said")),
            self.articles.count(draft.article_id),
            self.kinds.count(draft.kind),
            _KINDS.index(draft.kind),
        )

    def take_varied(self, drafts: Iterator[Draft]) -> None:
        """Take drafts in about their order, those of kinds not yet taken first."""
        window: list[Draft] = []
        while not self.is_full():
            new = (draft for draft in drafts if self._is_new(draft))
            window = [draft for draft in window if self._is_new(draft)]
            window += islice(new, _WINDOW - len(window))
            if not window:
                return
            self.take(min(window, key=lambda draft: self.kinds.count(draft.kind)))

    def take(self, draft: Draft) -> None:
        """Take a draft if it is new and the bot answers it surely, from where it was made."""
        if not self._is_new(draft):
            return
        self.asks -= 1
        self.known.append(set(find_content_words(draft.text)))
        answer = self.bot.ask(draft.text)
        if answer.refused or answer.confidence < LEAST_CONFIDENCE:
            return
        first = answer.citations[0]
        place = (first.article_id, first.start)
        if (
            place in self.shown
            or _flatten(first.quote) in self.said
            or not _comes_from(first, draft)
        ):
            return
        self.shown.add(place)
        self.texts.append(draft.text)
        self.kinds.append(draft.kind)
        self.articles.append(draft.article_id)

    def _is_new(self, draft: Draft) -> bool:
        words = set(find_content_words(draft.text))
        return (draft.article_id, draft.start) not in self.shown and not any(
            _are_alike(words, known) for known in self.known
        )


def _flatten(text: str) -> str:
    """Return a text on one line: history kept by a page has lost its line breaks."""
    return " ".join(text.split())


def _are_alike(one: set[str], other: set[str]) -> bool:
    return len(one & other) > _SAME_WORDS * len(one | other)


def _comes_from(citation: Citation, draft: Draft) -> bool:
    """Tell whether a citation is the draft's sentence, or one under the same heading."""
    if citation.article_id != draft.article_id:
        return False
    overlaps = citation.start < draft.end and draft.start < citation.end
    return (
        overlaps
        or draft.kind == "name"
        or (bool(draft.heading) and citation.heading == draft.heading)
    )


def _spread(total: int, limit: int) -> list[int]:
    """Return up to `limit` places of `total`, in an order in which any first few lie far apart."""
    places = [place * total // limit for place in range(limit)] if total > limit else range(total)
    return [place for first in (0, 2, 1, 3) for place in places[first::4]]


def _is_central(draft: Draft, title: set[str]) -> bool:
    """Tell whether a question is about what its article is about."""
    words = set(find_content_words(draft.subject))
    return 2 * len(words & title) >= len(words)


def _draft_text(
    article: Article, make: _Make, start: int = 0, end: int = _READ_FIRST
) -> list[Draft]:
    """Return the questions of the whole paragraphs in about `text[start:end]`."""
    return [draft for chunk in _cut_sections(article, start, end) for draft in make(article, chunk)]


def _draft_near(bot: Bot, citations: Sequence[Citation], make: _Make) -> Iterator[Draft]:
    """Yield the questions of the text around citations, the nearest first."""
    for citation in citations:
        article = bot.store.get_article(citation.article_id)
        if article is None:
            continue
        start, end = citation.start - _READ_AROUND, citation.end + _READ_AROUND
        drafts = _draft_text(article, make, start, end)
        drafts.sort(key=lambda draft: _measure_distance(draft, citation))
        yield from drafts


def _measure_distance(draft: Draft, citation: Citation) -> int:
    """Return how many letters lie between; a heading, and having no word in common, adds to it."""
    gap = max(draft.start - citation.end, citation.start - draft.end, 0)
    gap += _READ_AROUND * (draft.heading != citation.heading)
    shared = set(find_content_words(citation.quote)).intersection(find_content_words(draft.subject))
    return gap + _READ_AROUND * (not shared)


def _cut_sections(article: Article, start: int, end: int) -> Iterator[Chunk]:
    """Yield the sections of whole paragraphs in about `text[start:end]`, as passages of any length.

    A long article is not read as a whole.
    """
    text = article.text
    start, end = _find_paragraphs(text, max(0, start), min(end, len(text)))
    for first, last, heading in split_sections(article):
        first, last = max(first, start), min(last, end)
        sentences = tuple(split_sentences(text, first, last, PASSAGE_WORDS))
        if sentences:
            yield Chunk(article.article_id, first, last, heading, sentences)


def _find_paragraphs(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of the whole paragraphs around a span, of sentences where these are long."""
    before = text.rfind(PARAGRAPH_BREAK, max(0, start - _READ_FIRST), start)
    after = text.find(PARAGRAPH_BREAK, end, end + _READ_FIRST)
    if before < 0:
        before = 0 if start < _READ_FIRST else text.find(". ", start, end) + 1 or start
    return before, after if after >= 0 else min(len(text), end + _READ_FIRST)


def _draft_named(bot: Bot, citations: Sequence[Citation]) -> Iterator[Draft]:
    """Yield questions about what the cited sentences name, from other places than these."""
    quotes = [item.quote for item in citations]
    names = dict.fromkeys(
        quote[start:end].removeprefix("the ")
        for quote in quotes
        for start, end in find_spots(NAME, quote)
    )
    for name in islice(names, _MAX_NAMES):
        for draft in _draft_found(bot, stem_words(name), _PASSAGES_PER_NAME):
            if draft.subject.removeprefix("the ") == name:
                yield draft


def _draft_on_topic(bot: Bot, question: str) -> Iterator[Draft]:
    """Yield questions of other passages that hold the words of a question."""
    words = find_content_words(question[:MAX_QUESTION_LETTERS])
    for draft in _draft_found(bot, words, _PASSAGES_ON_TOPIC):
        if set(words).intersection(find_content_words(draft.text)):
            yield draft


def _draft_found(bot: Bot, words: Sequence[str], limit: int) -> Iterator[Draft]:
    found = [number for number, _ in bot.store.search_words(words, limit)]
    passages = bot.store.get_passages(found)
    for number in found:
        if number in passages:
            yield from draft_questions(passages[number].article, passages[number].chunk)
