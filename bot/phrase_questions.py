"""Make questions of a passage: of its sentences, its heading, and the persons that it presents.

Rules, no model: few questions, but each of them grammatical English.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.clauses import (
    NAME_WORDS,
    READ_LETTERS,
    Topic,
    lower_first,
    read_topic,
    split_clause,
    stands_alone,
)
from bot.english import LABELS, WH_WORDS
from bot.phrases import find_phrases, is_verb
from bot.question_forms import (
    ask_clause,
    ask_count,
    describes_person,
    is_person,
)
from bot.retrieve import find_content_words
from ingest.chunk import Chunk
from ingest.clean import Article
from ingest.words import stem_words

MAX_LETTERS = 90
_MAX_SENTENCE = 320
_LABEL = rf"(?:{'|'.join(sorted(word.title() for word in LABELS))})\s(?:\d+\w?|[IVX]+)"
_LABELLED = re.compile(
    rf"\A(?:Under\s)?(?P<name>{_LABEL}\sof\s(?:the\s)?(?:[\w'’-]+\s){{0,4}}?[\w'’-]+)"
    r"(?=,|\s(?:[a-z]+s|is|was)\s)"
)
_HEADING_LABEL = re.compile(rf"\A(?P<label>{_LABEL})\b")
_APPOSED = re.compile(
    rf"(?P<name>{NAME_WORDS}),\s(?:the|an?|[A-Z][\w-]*(?:\s[A-Z][\w-]*){{0,2}}['’]s?)\s"
    r"(?P<role>[^,.;]{3,60})[,.;]"
)
_TITLED = re.compile(rf"(?P<role>\b[a-z]+)\s(?P<name>{NAME_WORDS})")

# "the Institute for the Study of War" is a whole name if it stands but once.
_WHOLE_NAME = re.compile(r"the(?: [A-Z][\w’'-]+| of| for| the)+ [A-Z][\w’'-]+\Z")

_ADJECTIVE = re.compile(r"(?:ian|ean|ese|ish|ic|ican)\Z")

_Drafted = Iterator[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Draft:
    """A question, its kind ("when", "who", …) and where its answer stands.

    `subject` is what it is about. `text[start:end]` of the article is the sentence that it was
    made of, or the passage under `heading`.
    """

    text: str
    kind: str
    subject: str
    article_id: str
    heading: str
    start: int
    end: int


def draft_questions(article: Article, chunk: Chunk) -> list[Draft]:
    """Return questions of at most MAX_LETTERS, those of the sentences in order, then the heading's.

    They are not yet known to be answered well.
    """
    topic = read_topic(article.text, article.title, chunk.heading)
    drafts = [
        Draft(text, kind, subject, article.article_id, chunk.heading, start, end)
        for start, end in chunk.sentences
        for kind, text, subject in _ask_sentence(article.text[start:end], topic)
    ]
    drafts += [
        Draft(text, kind, subject, article.article_id, chunk.heading, chunk.start, chunk.end)
        for kind, text, subject in _ask_heading(article, chunk, topic)
    ]
    return [draft for draft in drafts if len(draft.text) <= MAX_LETTERS]


def draft_names(article: Article, chunk: Chunk) -> list[Draft]:
    """Return questions about what a passage names and its article names again: a last resort."""
    topic = read_topic(article.text, article.title, chunk.heading)
    text = article.text[:READ_LETTERS]
    drafts = []
    for start, end in chunk.sentences:
        for phrase in find_phrases(article.text[start:end]):
            name = phrase.text
            first = name.removeprefix("the ").partition(" ")[0]
            if not 1 < name.count(" ") + 1 < 6 or first.islower() or "." in name:
                continue
            if text.count(name) < 2 and not _WHOLE_NAME.match(name):
                continue
            if stands_alone(name, topic) and not _is_cut_short(name):
                question = f"What do the articles say about {name}?"
                drafts.append(
                    Draft(question, "name", name, article.article_id, chunk.heading, start, end)
                )
    return drafts


def _is_cut_short(name: str) -> bool:
    """Tell whether words are missing: a noun after "the Korean", a verb after "shells Russia"."""
    *others, last = name.split()
    link = others[-1] if others and others[-1].islower() else "the"
    return last[0].isupper() and (
        bool(_ADJECTIVE.search(last)) or link not in {"the", "of", "in", "for", "and", "with"}
    )


def _ask_sentence(sentence: str, topic: Topic) -> _Drafted:
    """Yield (kind, question, subject) of what a sentence says."""
    line = re.sub(r"\s\([^)]*\)", "", " ".join(sentence.split()))
    line = re.sub(r"\s+(?=[.,;:])", "", line)
    if len(line) > _MAX_SENTENCE or not re.search(r"\.[\"”]?\Z", line) or re.search(r"[?!…]", line):
        return
    yield from _ask_person(line)
    if found := _LABELLED.match(line):
        yield "section", f"What does {found['name']} say?", found["name"]
    clause = split_clause(line)
    if clause is None:
        return
    for kind, text in ask_count(clause):
        yield kind, text, clause.subject
    if stands_alone(clause.subject, topic):
        clause = replace(clause, subject=lower_first(clause.subject, topic))
        for kind, text in ask_clause(clause):
            yield kind, text, clause.subject


def _ask_person(line: str) -> _Drafted:
    """Yield "Who is X?" for the persons whose office a sentence tells."""
    for pattern in (_APPOSED, _TITLED):
        for found in pattern.finditer(line):
            name = re.sub(r"['’]s?\Z", "", found["name"])
            if describes_person(found["role"]) and is_person(name):
                yield "who", f"Who is {name}?", name


def _ask_heading(article: Article, chunk: Chunk, topic: Topic) -> _Drafted:
    """Yield what can be asked of a section by its heading, or of an article by its title."""
    heading = chunk.heading.rpartition(" › ")[2]
    if heading.endswith("?") and WH_WORDS.intersection(heading.lower().split()[:1]):
        yield "asked", heading, heading
    elif label := _HEADING_LABEL.match(heading):
        title = lower_first(article.title.partition(":")[0], topic)
        yield "section", f"What does {label['label']} of {title} say?", label["label"]
    elif subject := _find_in_text(heading or article.title, article.text):
        yield "about", f"What do the articles say about {subject}?", subject
    elif stands_alone(heading, topic) and _may_be_told(
        heading, article.text[chunk.start : chunk.end]
    ):
        subject = lower_first(heading, topic)
        yield "about", f"What do the articles say about {subject}?", subject


def _find_in_text(name: str, text: str) -> str:
    """Return a title as the article writes it within a sentence, "" if it never does."""
    if not 2 < len(name) <= 50:
        return ""
    text = text[:READ_LETTERS]
    within = r"(?<=[a-z,] ){}(?![\w-])"
    inner = re.search(within.format(re.escape(name.lower())), text)
    inner = inner or re.search(rf"(?i){within.format(re.escape(name))}", text)
    if not inner:
        return ""
    count, with_the = (
        len(re.findall(rf"(?i)\b{article}{re.escape(inner[0])}\b", text))
        for article in ("", "the ")
    )
    return f"the {inner[0]}" if 3 * with_the >= count else inner[0]


def _may_be_told(heading: str, text: str) -> bool:
    """Tell whether a heading may stand after "about": a noun phrase that its section speaks of.

    None are sentences, words all in capitals, and "External links".
    """
    words = heading.split()
    in_title_case = len(words) > 3 and all(word[0].isupper() or len(word) < 4 for word in words)
    if len(words) < 2 or in_title_case or heading.isupper() or re.search(r"[?!.;:|]", heading):
        return False
    if any(is_verb(word) for word in words[:-1] if word.islower()):
        return False
    stems = set(find_content_words(heading))
    return 2 * len(stems.intersection(stem_words(text))) >= len(stems)
