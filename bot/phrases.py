"""Find the noun phrases and names of a question, by word lists and capitals: no tagger needed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from ingest.words import stem_words

MAX_PHRASE_WORDS = 12
TOKEN = re.compile(r"\w+(?:[-–.’'/](?=\w)\w+)*(?:(?<=s)[’'](?!\w))?|[^\w\s]")
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DATE = re.compile(
    rf"\b(?:\d{{1,2}}\s+)?(?:{_MONTHS})(?:\s+\d{{1,2}},)?(?:\s+\d{{4}})?\b|\b(?:1[5-9]|20)\d\d\b"
)
LABEL = re.compile(r"\b(?P<noun>[A-Za-z]+)\s+(?P<number>\d[\w.()]*|[IVX]+)(?!\w)")
NAME = re.compile(
    r"\b[A-Z][\w-]*(?:\.(?=\s[A-Z]))?(?:\s(?:(?:of|for)\s(?:the\s)?|the\s|de\s|von\s)?[A-Z][\w-]*)*"
)
POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])\Z")
WH_WORDS = frozenset({"what", "which", "who", "whom", "whose", "when", "where", "why", "how"})
_AUXILIARY_TEXT = """
am is are was were do does did has have had can could will would shall should may might must isn't
aren't wasn't weren't doesn't didn't don't hasn't haven't hadn't can't couldn't won't wouldn't
"""
AUXILIARIES = frozenset(_AUXILIARY_TEXT.split())
_DETERMINER_TEXT = (
    "the a an this that these those my your our his her its their each every some any"
)
DETERMINERS = frozenset(_DETERMINER_TEXT.split())
_PREPOSITION_TEXT = """
about above across after against along among around as at before behind below beside between beyond
by concerning despite down during except for from in inside into like near of off on onto out over
per regarding since than through throughout till to toward towards under until up upon via with
within without
"""
PREPOSITIONS = frozenset(_PREPOSITION_TEXT.split())
_FUNCTION_TEXT = """
actually again all already also although always and another anyone anything be because been being
both but doing either else even ever everything exactly few finally first got having he hello here
hers hi him however i if instead it itself just later least less let many maybe me mean meant mine
more most much myself neither never no none nor not nothing now often ok okay one ones only or
other others ours own perhaps please pls really same she so someone something soon sorry still such
thank thanks theirs them themselves then there they though today too u ur us very wd we well
whether while yes yet you yours
"""
FUNCTION_WORDS = (
    frozenset(_FUNCTION_TEXT.split()) | WH_WORDS | AUXILIARIES | DETERMINERS | PREPOSITIONS
)
_VERB_TEXT = """
accept add affect agree allow announce answer appear apply approve argue arrive ask ate attack
attend ban bear became become began begin begun believe belong bore born bring broke broken brought
build built burn buy call came cancel caught cause change check choose chose chosen claim close
collapse come compare compose condemn confirm consider consist contain continue cost create cross
cut dealt decide declare defeat define deliver demand deny deploy describe destroy develop die
differ discover discuss dissolve divorce do done draw drawn drew drove earn elect eliminate end
enter escape establish exist expect expire explain explore export fail fall fell felt fight find
finish fire fled flew flown follow force form fought found gain gave get give given go gone govern
grew grown happen hear heard held help hid hit hold host impose improve include increase influence
invent invest invite join keep kept kill knew know known laid last launch lead learn leave led left
lie live look lose lost made make manage marry matter mean measure meet met move need obtain occur
offer open operate oppose order organise organize own paid pass pay perform plan play precede
preside prevent prohibit promise propose protect provide publish purchase put rang ratify reach
read receive reduce refuse reign reject release remain remove replace reply report request require
resign respond restore result retire return rise rode rose rule run said sang sank sat saw say says
see seem seen sell send sent serve set shot show shown shrank shut sign sit sold sought speak spend
spent spoke spread stand start stay stole stood stop struck succeed suggest sunk supply support
suspend swore take taken talk teach tell terminate think thought threw thrown told took train
travel treat try turn understand update use veto view visit vote want watch went win withdraw
withdrawn withdrew won wore work write written wrote
"""
_VERBS = frozenset(stem_words(_VERB_TEXT))
_PLURAL_WORDS = frozenset({"people", "men", "women", "children", "police", "media", "data"})
# "The length of the bridge" is asked, but "it" is the bridge.
_ATTRIBUTE_TEXT = """
age aim amount area author benefit budget capacity capital cause chief content cost date definition
depth distance duration effect function goal head headquarters height history impact importance
leader length location main meaning member minister name number origin outcome population president
price purpose reason result role share size speed status structure text title use value weight
width
"""
_ATTRIBUTES = frozenset(stem_words(_ATTRIBUTE_TEXT))
_NOT_PERSON_TEXT = """
act agency agreement airport april army article assembly association august authority bank board
bridge bureau center central centre chapter city commission committee company conference convention
corporation cosmodrome council county court december department east february federation framework
fund great group institute island islands january july june kingdom korea lake law lower march may
ministry mountain nations new north november ocean october office organisation organization panel
party plan program programme project republic resolution river saint sea section september service
south states summit system treaty union united university upper war west
"""
_NOT_PERSON = frozenset(_NOT_PERSON_TEXT.split())
_ATTACHED = frozenset({"of", "at", "between", "for", "in", "with", "against"})
DO = frozenset({"do", "does", "did"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase; `before` is the preposition in front of it."""

    text: str
    head: str
    is_name: bool
    is_plural: bool
    is_determined: bool
    before: str = ""


def find_spots(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Return the spans of a pattern's matches, without a word that opens the sentence."""
    return [spot for match in pattern.finditer(text) if (spot := _trim_opening(match))]


def _trim_opening(match: re.Match[str]) -> tuple[int, int] | None:
    """Return the span of a name without the word that opens the sentence: "Did China"."""
    start, end = match.span()
    words = match[0].split()
    if start == 0 and words and (is_function(words[0].lower()) or is_verb(words[0])):
        start += len(words[0]) + 1
    if len(words) == 1 and is_function(words[0].lower()) and len(words[0]) == 1:
        return None
    return (start, end) if start < end else None


def find_persons(text: str) -> list[Phrase]:
    """Return the names in a text that may be a person's, the surest first."""
    names = []
    for start, end in find_spots(NAME, text):
        before = text[:start].lower().split()[-1:]
        name = text[start:end]
        phrase = Phrase(name, name, True, False, before == ["the"], "".join(before))
        is_place = phrase.before in {"in", "at", "near"}
        if may_be_person(phrase) and not is_place and text[end : end + 2] not in {"'s", "’s"}:
            names.append(phrase)
    # A name of several words is more surely a person's than a country's or an agency's.
    return sorted(names, key=lambda name: (name.before in PREPOSITIONS, " " not in name.text))


def skip_attribute(phrase: Phrase) -> Phrase:
    """Return "the bridge" of "the length of the bridge", "Iceland" of "Iceland's population"."""
    if not _ATTRIBUTES.intersection(stem_words(phrase.head)[-1:]) or phrase.head[:1].isupper():
        return phrase
    match = re.match(r"(?:the |an? )?[\w-]+(?: [\w-]+)? of (.+)\Z", phrase.text)
    match = match or re.match(r"(?:the )?([A-Z][\w -]*)['’]s? .+\Z", phrase.text)
    inner = find_phrases(f"of {match[1]}") if match else []
    return replace(inner[0], is_determined=True) if len(inner) == 1 else phrase


def find_inner_name(phrase: Phrase) -> Phrase:
    """Return the name in "the renewal of the Panel of Experts' mandate", which lives on."""
    match = re.search(r"\bof (the [A-Z][\w-]*(?: (?:of |for )?[A-Z][\w-]*)*)['’]s?\s", phrase.text)
    return replace(phrase, text=match[1], is_name=True) if match else phrase


@lru_cache(maxsize=256)
def find_phrases(text: str) -> tuple[Phrase, ...]:
    """Return the noun phrases of a text in order, dates left out."""
    tokens = list(TOKEN.finditer(text))
    dates = [match.span() for match in DATE.finditer(text)]
    phrases: list[Phrase] = []
    place = 0
    while place < len(tokens):
        if any(start <= tokens[place].start() < end for start, end in dates):
            place += 1
            continue
        end, head_end = _measure_phrase(tokens, place)
        if end == place:
            place += 1
            continue
        phrases.append(_make_phrase(text, tokens, place, end, head_end))
        place = end
    return tuple(_join_names(text, phrases))


def _measure_phrase(tokens: list[re.Match[str]], start: int) -> tuple[int, int]:
    """Return (end, end of the part with the head noun) of the phrase at a token.

    Where none begins, the end is the start.
    """
    place = start
    first = tokens[place][0]
    determined = first.lower() in DETERMINERS - {"that", "his", "her", "its", "their"}
    place += determined
    content = place
    while place < len(tokens) and _is_content(tokens, place, place > content or not determined):
        place += 1
    if place == content:
        return start, start
    head_end = place
    if place + 1 < len(tokens) and tokens[place][0] in _ATTACHED:
        loose = tokens[place][0] != "of"
        inner = place + 1
        end, _ = _measure_phrase(tokens, inner)
        named = any(token[0][0].isupper() for token in tokens[inner:end])
        if end > inner and (not loose or (determined and named)):
            return end, head_end
    return place, head_end


def _is_content(tokens: list[re.Match[str]], place: int, may_be_verb: bool) -> bool:
    """Return whether a token goes on with a noun phrase."""
    word = tokens[place][0]
    if not word[0].isalnum():
        return False
    small = word.lower()
    is_start = place == 0
    if word[0].isupper() and not is_start:
        return not (is_function(small) and small not in {"will", "may", "us", "who", "it"}) or (
            word.isupper() and len(word) > 1
        )
    if is_function(small) or small.endswith("ly"):
        return False
    if word[0].isupper():
        return not (is_verb(small) and len(tokens) > 1)
    return not (may_be_verb and is_verb(small))


def _make_phrase(
    text: str, tokens: list[re.Match[str]], start: int, end: int, head_end: int
) -> Phrase:
    """Return the phrase of the tokens from `start` to `end`, its head before `head_end`."""
    words = [token[0] for token in tokens[start:end]]
    shown = POSSESSIVE.sub("", text[tokens[start].start() : tokens[end - 1].end()])
    head_words = [token[0] for token in tokens[start:head_end]]
    owned = any(POSSESSIVE.search(word) for word in words[:-1])
    determined = words[0].lower() in DETERMINERS or owned
    content = head_words[1:] if words[0].lower() in DETERMINERS else head_words
    named = bool(content) and all(word[0].isupper() or word[0].isdigit() for word in content)
    if start == 0 and words[0][0].isupper() and len(content) == 1 and len(tokens) > 1:
        after = tokens[1][0]
        named = (named and not after[0].islower()) or is_function(after.lower())
    last = POSSESSIVE.sub("", head_words[-1])
    plural = not last[0].isupper() and is_plural(last.lower())
    before = tokens[start - 1][0].lower() if start else ""
    before = before if before in PREPOSITIONS else ""
    if words[0].lower() in DETERMINERS and not words[0].isupper():
        shown = shown[0].lower() + shown[1:]
    return Phrase(shown, last, named, plural, determined, before)


def _join_names(text: str, phrases: list[Phrase]) -> list[Phrase]:
    """Return phrases with "Kim" and "Putin" of "Kim and Putin" made one, of several."""
    joined: list[Phrase] = []
    small = text.lower()
    for phrase in phrases:
        before = joined[-1] if joined else None
        if before and _are_alike(before, phrase):
            for link in (" and ", ", ", ", and "):
                both = f"{before.text}{link}{phrase.text}"
                if both.lower() in small:
                    phrase = replace(before, text=both, is_plural=True)
                    joined.pop()
                    break
        joined.append(phrase)
    return joined


def _are_alike(one: Phrase, other: Phrase) -> bool:
    """Return whether two phrases can be joined by "and"."""
    if one.is_name != other.is_name:
        return False
    return one.is_name or (one.is_determined and other.is_determined)


def split_names(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Return the names of phrases one by one, those of "Kim and Putin" apart."""
    parts = []
    for phrase in phrases:
        for name in re.split(r", | and ", phrase.text) if phrase.is_plural else [phrase.text]:
            parts.append(replace(phrase, text=name))
    return parts


def is_function(word: str) -> bool:
    """Return whether a word, in small letters, carries no topic."""
    return word in FUNCTION_WORDS or word.replace("’", "'").partition("'")[0] in FUNCTION_WORDS


@lru_cache(maxsize=10_000)
def is_verb(word: str) -> bool:
    """Return whether a word is likely a verb where a noun phrase might end."""
    small = word.lower()
    if small.endswith("ed") and len(small) > 4:
        return True
    return bool(_VERBS.intersection(stem_words(small)))


def is_verb_or_function(word: str) -> bool:
    """Return whether a word keeps a fragment from being a noun phrase."""
    small = word.lower()
    if small in PREPOSITIONS or small in DETERMINERS or small in {"and", "or", "other"}:
        return False
    return is_function(small) or (word[0].islower() and is_verb(small))


def is_plural(word: str) -> bool:
    """Return whether a noun, in small letters, is likely a plural."""
    return word in _PLURAL_WORDS or (
        len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ics"))
    )


def may_be_person(phrase: Phrase) -> bool:
    """Return whether a name may be a person's: no known word for a place or body is in it."""
    words = [word.lower() for word in re.findall(r"\w+", phrase.text)]
    if not phrase.is_name or phrase.is_determined or any(word.isdigit() for word in words):
        return False
    return not _NOT_PERSON.intersection(words) and not (len(words) == 1 and phrase.text.isupper())


def split_words(text: str) -> list[str]:
    """Return the words of a text without its punctuation."""
    return [token for token in TOKEN.findall(text) if token[0].isalnum()]


def is_in(part: str, text: str) -> bool:
    """Return whether all words of a part stand in a text."""
    return set(stem_words(part)) <= set(stem_words(text))


def find_own_names(question: str) -> list[str]:
    """Return the names in a question, but for its first word, which has a capital anyway."""
    return [question[slice(*spot)] for spot in find_spots(NAME, question) if spot[0]]
