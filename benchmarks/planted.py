"""Plant lies: sentences as a model might write them, true and false ones, made from passages.

Every sentence is one of a passage, left as it is or said otherwise by rule, or made false by rule.
"""

import random
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.aliases import Aliases
from bot.retrieve import Passage
from bot.spelling import fold_name
from ingest.chunk import chunk_article
from ingest.clean import Article
from ingest.database import StoredPassage

SHOWN = 4
_PERSON = re.compile(
    r"(?:President|[Mm]inister|[Ll]eader|Ambassador|aide|official|Professor) "
    r"[A-Z][a-z]+ (?=[A-Z][a-z]+\b(?! [A-Z]))"
)
_WORDS = (8, 45)
_MONTH_TEXT = """
January February March April May June July August September October November December
"""
_MONTHS = _MONTH_TEXT.split()
_DATE = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)})(?: (\d{{4}}))?\b")
_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w-]|[.,]\d)")
_SPELT_TEXT = "two three four five six seven eight nine ten eleven twelve"
_SPELT = _SPELT_TEXT.split()
_NAME = re.compile(r"(?<=[\w,;] )[A-Z][a-z]+(?: [A-Z][a-z]+)*(?![\w-])")
_DAY_TEXT = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
_DAYS = frozenset(_MONTHS) | frozenset(_DAY_TEXT.split())
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|has|have|had|can|could|will|would|may|must|should|did|does)\b"
    r"(?! (?:not|no|never|neither)\b)"
)
_NOT = re.compile(r"\b(?:did|does|do) not |(?<= )not |(?<= )never ")
_OPPOSITE_TEXT = """
rose fell|increased decreased|grew shrank|began ended|started stopped|before after|over under
more less|first last|accepted rejected|approved rejected|supported opposed|opened closed|won lost
above below|largest smallest|highest lowest|early late|longer shorter|bought sold|sent received
imports exports|northern southern|eastern western|allowed banned|allows forbids|joined left
confirmed denied|expanded shrank|with without|always never
"""
_OPPOSITES = [
    pair.split() for line in _OPPOSITE_TEXT.split("\n") for pair in line.split("|") if pair
]
# Words of like meaning in most places.
_LIKE_TEXT = """
said stated declared|about around roughly|began started|showed demonstrated|large big|whole entire
made produced created|built constructed|often frequently|killed slain|many numerous|also likewise
because since|got obtained received|help assistance aid|used employed|became turned|mostly mainly
reached attained|asked requested|agreed consented|allowed permitted|happened occurred|near beside
almost nearly|main chief principal|important significant|called named|held kept|needed required
took seized|gave handed granted|sent dispatched|ended finished concluded|rose climbed increased
fell dropped declined|worth valued|counted numbered|put placed|told informed|wrote noted
saw witnessed|people persons|country nation|war conflict|town city|yearly annual|each every
usually typically
"""
_LIKE = {
    word: [other for other in group.split() if other != word]
    for group in _LIKE_TEXT.replace("\n", "|").split("|")
    for word in group.split()
}
# Sentences that might be said of anything; the second lot is to fit on.
HEARSAY = (
    "{name} is one of the most studied subjects of its kind in the world.",
    "{name} has a long and rich history that goes back many centuries.",
    "{name} was strongly influenced by its neighbours and by trade.",
    "Many experts believe that {name} will play a larger part in the future.",
    "{name} is widely regarded as a turning point.",
    "Critics have accused {name} of hiding the true costs.",
    "{name} lies at the heart of a debate that goes on to this day.",
    "The people around {name} were poor and lived from the land.",
    "{name} is known for its food, its music and its hospitality.",
    "In the end {name} paid a high price for it.",
)
OTHER_HEARSAY = (
    "{name} remains a popular destination for visitors.",
    "Scholars disagree about the true meaning of {name}.",
    "It is often said that {name} changed everything.",
    "{name} has inspired several books and a film.",
    "Much about {name} is still kept secret.",
    "Observers called {name} a reckless gamble.",
    "{name} was founded by a small group of friends.",
    "Few doubt that {name} was to blame.",
)


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence with its markers, the passages shown to the model, and what it is.

    `kind` is "true" or the kind of lie; `way` says how it was made, `source` from what.
    """

    kind: str
    way: str
    text: str
    passages: tuple[Passage, ...]
    source: str


def cut_passages(articles: Iterable[Article]) -> list[Passage]:
    """Return the passages of articles as a search hands them on."""
    chunks = [(article, chunk) for article in articles for chunk in chunk_article(article)]
    return [
        Passage(StoredPassage(number, article, chunk), 0.0, None, 0.0, None, 0.0)
        for number, (article, chunk) in enumerate(chunks, 1)
    ]


class Planter:
    """Makes true sentences and lies from passages, the same ones for the same seed."""

    def __init__(
        self,
        passages: Sequence[Passage],
        aliases: Aliases,
        seed: int = 0,
        hearsay: Sequence[str] = HEARSAY,
    ) -> None:
        self._hearsay = hearsay
        self._passages = passages
        self._aliases = aliases
        self._chance = random.Random(seed)
        self.truths: dict[str, Callable[[str], str | None]] = {
            "as it is": lambda sentence: sentence,
            "clause dropped": self._drop_clause,
            "numbers otherwise": self._write_numbers_otherwise,
            "dates otherwise": self._write_dates_otherwise,
            "names otherwise": self._write_names_otherwise,
            "words otherwise": self._write_words_otherwise,
        }
        self.lies: dict[str, Callable[[str, Passage], tuple[str, str] | None]] = {
            "number": self._change_number,
            "name": self._swap_name,
            "negation": self._flip,
        }

    def make_truths(self, count: int) -> list[Case]:
        """Return `count` true sentences, each way to say them as often as it can be."""
        return [self._make_truth(way) for way in self._repeat(list(self.truths), count)]

    def make_lies(self, count: int) -> list[Case]:
        """Return `count` lies of each of the six kinds."""
        kinds = [*self.lies, "citation", "unmarked", "outside"]
        return [self._make_lie(kind) for kind in self._repeat(kinds, count * len(kinds))]

    def _repeat(self, names: Sequence[str], count: int) -> list[str]:
        return [names[place % len(names)] for place in range(count)]

    def _make_truth(self, way: str) -> Case:
        while True:
            sentence, passage = self._draw()
            said = self.truths[way](sentence)
            if said and (said != sentence or way == "as it is"):
                shown, number = self._show(passage)
                return Case("true", way, f"{said} [{number}]", shown, sentence)

    def _make_lie(self, kind: str) -> Case:
        while True:
            sentence, passage = self._draw()
            shown, number = self._show(passage)
            if kind in self.lies:
                made = self.lies[kind](sentence, passage)
                if made:
                    return Case(kind, made[1], f"{made[0]} [{number}]", shown, sentence)
            elif kind == "unmarked":
                return Case(kind, "no marker", sentence, shown, sentence)
            elif kind == "citation":
                return self._cite_wrongly(sentence, shown, number)
            else:
                return self._tell_from_outside(passage, shown, number)

    def _draw(self) -> tuple[str, Passage]:
        while True:
            passage = self._chance.choice(self._passages)
            article = passage.stored.article
            start, end = self._chance.choice(passage.stored.chunk.sentences)
            sentence = " ".join(article.text[start:end].split())
            long = _WORDS[0] <= len(sentence.split()) <= _WORDS[1]
            if long and sentence[0].isupper() and sentence.endswith(".") and "[" not in sentence:
                return sentence, passage

    def _show(self, passage: Passage) -> tuple[tuple[Passage, ...], int]:
        """Return the passages that a model is shown, and the number of the one given."""
        place = self._passages.index(passage)
        beside = self._passages[place - 1 : place] or self._passages[place + 1 : place + 2]
        shown = [passage, *beside]
        while len(shown) < SHOWN:
            other = self._chance.choice(self._passages)
            if other not in shown:
                shown.append(other)
        self._chance.shuffle(shown)
        return tuple(shown), shown.index(passage) + 1

    def _drop_clause(self, sentence: str) -> str | None:
        ways = (
            (r" \([^()]*\)", ""),
            (r",? according to [^,]*(?=\.\Z|,)", ""),
            (r"\AAccording to [^,]*, (\w)", lambda match: match[1].upper()),
            (r", (?:which|who|where|while|but|and|because|although|as) [^,]*\.\Z", "."),
            (r", (?:which|who|where) [^,]*,", ""),
        )
        fitting = [way for way in ways if re.search(way[0], sentence)]
        if not fitting:
            return None
        form, instead = self._chance.choice(fitting)
        said = re.sub(form, instead, sentence, count=1)
        return said if len(said.split()) >= 6 else None

    def _write_numbers_otherwise(self, sentence: str) -> str | None:
        ways = (
            (r"(\d[\d.]*) (?:percent|per cent)\b", r"\1%"),
            (r"(\d[\d.]*)%", r"\1 per cent"),
            (r"(\d[\d.]*) (million|billion) (?:US )?dollars", r"$\1 \2"),
            (r"\b(\d{1,3}),(\d{3})\b(?!,)", r"\1 \2"),
            (r"\b(\d{2,3}),(\d{3})\b(?!,)", r"\1\2"),
            (r"\b(\d{1,3}),000\b(?!,)", r"\1 thousand"),
            (r"(?<![\d.])(\d+) million\b", r"\g<1>,000,000"),
            (r"(\d[\d.]*) million\b", r"\1m"),
            (
                rf"(?<!-)\b({'|'.join(_SPELT)})(?= [a-z]+s\b)(?! hundred)",
                lambda match: str(_SPELT.index(match[1]) + 2),
            ),
            (r"(?<![\w.,-])([2-9]|1[0-2])(?= [a-z]+s\b)", lambda match: _SPELT[int(match[1]) - 2]),
        )
        fitting = [way for way in ways if re.search(way[0], sentence)]
        if not fitting:
            return None
        form, instead = self._chance.choice(fitting)
        return re.sub(form, instead, sentence, count=1)

    def _write_dates_otherwise(self, sentence: str) -> str | None:
        def write(match: re.Match[str]) -> str:
            day, month, year = match.groups()
            number = _MONTHS.index(month) + 1
            long = [
                f"{month} {day}, {year}",
                f"{_shorten(month)} {day}, {year}",
                f"{int(day):02}.{number:02}.{year}",
                f"{year}-{number:02}-{int(day):02}",
            ]
            short = [f"{month} {day}", f"{_shorten(month)} {day}", f"{int(day):02}.{number:02}."]
            return self._chance.choice(long if year else short)

        return _DATE.sub(write, sentence)

    def _write_names_otherwise(self, sentence: str) -> str | None:
        ways = []
        for group in self._aliases.groups:
            for name in group:
                if name not in sentence:
                    continue
                found = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", sentence)
                others = [other for other in group if other != name]
                if found and others and (len(name) > 2 and name[0].isupper()):
                    other = self._chance.choice(others)
                    ways.append(sentence[: found.start()] + other + sentence[found.end() :])
        person = _PERSON.search(sentence)
        if person:
            title = person[0].split(" ")[0]
            ways.append(f"{sentence[: person.start()]}{title} {sentence[person.end() :]}")
        return self._chance.choice(ways) if ways else None

    def _write_words_otherwise(self, sentence: str) -> str | None:
        """Put up to three words of like meaning in the place of others."""
        found = [word for word in _LIKE if re.search(rf"(?<= ){word}\b", sentence)]
        self._chance.shuffle(found)
        for word in found[:3]:
            other = self._chance.choice(_LIKE[word])
            sentence = re.sub(rf"(?<= ){word}\b", other, sentence, count=1)
        return sentence if found else None

    def _change_number(self, sentence: str, passage: Passage) -> tuple[str, str] | None:
        found = list(_NUMBER.finditer(sentence))
        if not found:
            return None
        match = self._chance.choice(found)
        way = self._chance.choice(["of the passage", "of the sentence", "made up", "scale"])
        new = self._choose_number(sentence, match, passage, way)
        if new is None:
            return None
        if way == "of the sentence":
            return _exchange(sentence, match[0], new), way
        return sentence[: match.start()] + new + sentence[match.end() :], way

    def _choose_number(
        self, sentence: str, match: re.Match[str], passage: Passage, way: str
    ) -> str | None:
        """Return a number to stand for another: alike in length, so that it might be right."""
        old = match[0]
        pool = sentence if way == "of the sentence" else passage.stored.text
        others = [
            other for other in dict.fromkeys(_NUMBER.findall(pool))
            if other != old and len(other) == len(old)
            and (way == "of the sentence" or other not in sentence)
        ]  # fmt: skip
        if way == "scale":
            year = len(old) == 4 and "," not in old
            return None if year or "." in old else f"{old}0".replace(",", "")
        if way == "made up":
            place = self._chance.choice([n for n, char in enumerate(old) if char.isdigit()][-2:])
            digit = str((int(old[place]) + self._chance.randint(1, 8)) % 10)
            new = old[:place] + digit + old[place + 1 :]
            return None if new in passage.stored.text or new[0] == "0" else new
        return self._chance.choice(others) if others else None

    def _swap_name(self, sentence: str, passage: Passage) -> tuple[str, str] | None:
        mine = [match for match in _NAME.finditer(sentence) if match[0] not in _DAYS]
        if not mine:
            return None
        match = self._chance.choice(mine)
        way = self._chance.choice(["of the passage", "of the sentence", "of another article"])
        if way == "of the sentence":
            pool = sentence
        elif way == "of the passage":
            pool = passage.stored.text
        else:
            pool = self._chance.choice(self._passages).stored.text
        others = [
            other for other in dict.fromkeys(_NAME.findall(pool))
            if other not in _DAYS and self._differ(other, match[0])
            and (way == "of the sentence" or other not in sentence)
            and (way != "of another article" or other not in passage.stored.text)
        ]  # fmt: skip
        if not others:
            return None
        other = self._chance.choice(others)
        if way == "of the sentence":
            listed = _is_listed(sentence, match[0], other)
            return None if listed else (_exchange(sentence, match[0], other), way)
        return sentence[: match.start()] + other + sentence[match.end() :], way

    def _differ(self, one: str, other: str) -> bool:
        first, second = (fold_name(self._aliases.normalise(name)) for name in (one, other))
        return not set(first) & set(second) and first[0][:4] != second[0][:4]

    def _flip(self, sentence: str, passage: Passage) -> tuple[str, str] | None:
        way = self._chance.choice(["not added", "not taken out", "opposite"])
        if way == "not added":
            found = list(_AUXILIARY.finditer(sentence))
            if not found:
                return None
            match = self._chance.choice(found)
            word = self._chance.choice(["not", "not", "never"])
            return f"{sentence[: match.end()]} {word}{sentence[match.end() :]}", way
        if way == "not taken out":
            said = _NOT.sub("", sentence, count=1)
            return (said, way) if said != sentence else None
        pairs = [(a, b) for pair in _OPPOSITES for a, b in (pair, pair[::-1])]
        fitting = [(a, b) for a, b in pairs if re.search(rf"\b{a}\b", sentence)]
        if not fitting:
            return None
        one, other = self._chance.choice(fitting)
        return re.sub(rf"\b{one}\b", other, sentence, count=1), way

    def _cite_wrongly(self, sentence: str, shown: tuple[Passage, ...], number: int) -> Case:
        if self._chance.random() < 0.5:
            wrong, way = len(shown) + self._chance.randint(1, 9), "no such passage"
        else:
            others = [n for n in range(1, len(shown) + 1) if n != number]
            wrong, way = self._chance.choice(others), "another passage"
        return Case("citation", way, f"{sentence} [{wrong}]", shown, sentence)

    def _tell_from_outside(self, passage: Passage, shown: tuple[Passage, ...], number: int) -> Case:
        names = [name for name in _NAME.findall(passage.stored.text) if name not in _DAYS]
        if names and self._chance.random() < 0.5:
            said = self._chance.choice(self._hearsay).format(name=self._chance.choice(names))
            return Case("outside", "hearsay", f"{said} [{number}]", shown, "")
        while True:
            sentence, other = self._draw()
            if other not in shown and all(sentence not in item.stored.text for item in shown):
                return Case("outside", "another article", f"{sentence} [{number}]", shown, sentence)


def _shorten(month: str) -> str:
    return month if len(month) < 5 else f"{month[:3]}."


def _is_listed(sentence: str, one: str, other: str) -> bool:
    """Tell whether two names stand in one list, where their order says nothing."""
    first, last = sorted((one, other), key=sentence.index)
    between = sentence[sentence.index(first) + len(first) : sentence.index(last)]
    return bool(re.fullmatch(r"(?:(?:,|,? and|,? or) (?:the )?(?:[A-Z]\w+ ?)*)+", between))


def _exchange(sentence: str, one: str, other: str) -> str:
    """Return a sentence with two words of it in each other's place."""
    parts = re.split(rf"(?<![\w.,-])({re.escape(one)}|{re.escape(other)})(?![\w-])", sentence)
    swapped = {one: other, other: one}
    return "".join(swapped.get(part, part) for part in parts)
