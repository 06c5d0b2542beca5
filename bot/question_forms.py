"""The forms of questions: which of them a statement answers, worded from its own words."""

import re
from collections.abc import Callable, Iterator

from bot.clauses import NAME_WORDS, PRESENT, Clause, cut_clause, is_plain
from bot.english import INSTITUTIONS, PREPOSITIONS, TITLES
from bot.phrases import DATE, find_phrases, is_function, is_plural
from bot.verb_forms import find_base, find_past

Asked = Iterator[tuple[str, str]]

_BE = frozenset({"is", "are", "was", "were"})
_HAVE = {"has": "does", "have": "do", "had": "did"}
_ROLE_TEXT = """
leader founder author actor actress singer writer poet painter scientist physicist engineer
architect politician lawyer officer official player footballer coach producer musician composer
historian economist journalist philosopher activist analyst researcher professor spokesperson head
commander monk priest bishop saint saxophonist pianist mathematician chemist biologist inventor
businessman businesswoman entrepreneur novelist dancer explorer diplomat adviser advisor aide fellow
chair co-chair owner manager dictator ruler guitarist drummer athlete swimmer wrestler artist
photographer editor teacher nurse doctor surgeon merchant dentist critic composer sister brother son
daughter wife husband
"""
_ROLES = frozenset(_ROLE_TEXT.split()) | TITLES - {
    "defence", "defense", "foreign", "vice", "deputy", "chief", "general", "justice", "dr",
}  # fmt: skip
_PERSON = re.compile(rf"\A{NAME_WORDS}\Z")
_AFTER_HEAD = re.compile(
    r"\s(?:of|for|at|in|on|from|to|and|with|since|until|under|between|who|by)\s"
)
_WHEN = re.compile(
    rf"\s(?:on|in)\s(?:early\s|late\s|mid-)?(?:{DATE.pattern})"
    r"(?=[.,;]|\Z|\s(?:by|at|as|when|after|and|with|for|to|because|but)\b)"
)
_AMOUNT = re.compile(r"(?i)\b(?:percent|million|billion|dollars?|per cent)\b|\d[.,]\d|%")
# They need no object; "the pact signed in Oslo" is no event without one.
_INTRANSITIVE_TEXT = """
open begin start end die arrive fall close stop happen become return resign collapse retire
disappear occur premiere expire surrender resume graduate
"""
_INTRANSITIVE = frozenset(_INTRANSITIVE_TEXT.split())
_SAYING_TEXT = """
say tell report announce warn argue claim declare confirm suggest believe explain
"""
_SAYING = frozenset(_SAYING_TEXT.split())
_IDLE = _SAYING | {"give", "put", "come", "go", "find", "think", "believe", "see", "show", "mean"}
_COUNT = re.compile(
    r"(?i)\A(?:(?:about|around|over|nearly|some|at least|more than|approximately|up to|roughly"
    r"|just over|exactly|a total of)\s)?(?:\d[\d,.]*(?:\s(?:million|billion|thousand))?"
    r"|(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty))\s"
    r"(?P<things>(?:(?:[a-z][a-z-]+|[A-Z][a-z]+)\s){0,2}[a-z][a-z-]+)(?P<after>.*)\Z"
)
_MEASURE = re.compile(
    r"\A(?:about|around|over|nearly|only|approximately|some|roughly|up to|just over)?\s?\d[\d,.]*"
    r"(?:\s(?:million|billion))?\s?[a-zé]+\s(?P<how>long|wide|high|tall|deep|old|thick)\b"
)
_COSTS = re.compile(r"(?:about|over|nearly|around|some|almost|more than)?\s?[$€£]?\d")
_UNIT_TEXT = """
percent per km kilometres kilometers metres meters miles feet inches years months weeks days hours
minutes seconds tonnes tons kilograms dollars euros pounds roubles rubles yen won degrees acres
hectares times points decades centuries cents grams litres liters millions billions thousands
"""
_UNITS = frozenset(_UNIT_TEXT.split())
_PLACE = re.compile(
    r"\A(?:(?:also|now|currently)\s)?(?P<how>located|situated|based|headquartered|held|born|buried"
    r"|signed|found|built)\s(?:in|at|on|near|along)\s(?:the\s)?(?=[A-Z])"
)
_NO_DEFINITION = re.compile(
    r"\A(?:an?|the)\s(?:\w+(?:st|nd|rd|th)|first|second|third|same|only|last|next|result|subject"
    r"|case|reason|least|most|more|best|fourth|fifth|key|main|major|important|good|great|matter"
    r"|formal|host|year|lead|largest|smallest)\b"
)
_USED = re.compile(
    r"used\s(?:to|for|as)\s|known\sfor\s|made\sof\s|named\safter\s|divided\sinto\s|composed\sof\s"
)
_ADJECTIVE = re.compile(r"(?:ian|ean|ese|ish|ic|ican)\Z")
# What these ask for is plain; "What does the bank describe?" leaves it open.
_CONTAINING_TEXT = """
require contain include govern prohibit forbid cover oppose regulate provide produce protect prevent
inhibit encode
"""
_CONTAINING = frozenset(_CONTAINING_TEXT.split())
_DOING_TEXT = """
publish replace invent discover propose introduce demand ban adopt create veto reject
condemn promise offer abolish destroy
"""
_DOING = frozenset(_DOING_TEXT.split())
_DOING_TO = re.compile(
    r"(?P<verb>voted|called|led|agreed|asked|fought)\s(?P<to>against|for|to)\s(?:an?|the|[A-Z])"
)
_MAKING_TEXT = """
founded wrote built invented discovered designed succeeded led created composed directed painted
established headed signed
"""
_MAKING = frozenset(_MAKING_TEXT.split())


def ask_clause(clause: Clause) -> Asked:
    """Yield (kind, question) for each form that a clause answers; its subject stands alone."""
    for ask in _FORMS:
        for kind, text in ask(clause):
            last = text.rstrip("?").rpartition(" ")[2].lower()
            if ask in {_ask_role, _ask_done} or last not in PREPOSITIONS | {
                "and",
                "or",
                "the",
                "a",
                "an",
            }:
                yield kind, text


def describes_person(description: str) -> bool:
    """Tell whether a description is a person's: "the foreign minister of Norway"."""
    head = _AFTER_HEAD.split(f"{description} ")[0]
    words = re.findall(r"[\w-]+", head.lower())
    return bool(words) and bool(_ROLES.intersection(words[-2:])) and words[-1] not in INSTITUTIONS


def is_person(name: str) -> bool:
    """Tell whether a name has the form of a person's."""
    words = name.lower().split()
    return bool(_PERSON.match(name)) and not (INSTITUTIONS | {"the"}).intersection(words)


def join_question(*parts: str) -> str:
    """Return a question of its parts, some of them empty."""
    return " ".join(part.strip() for part in parts if part.strip()).rstrip(" .,;") + "?"


def ask_count(clause: Clause) -> Asked:
    """Yield "How many documents were signed in Oslo?" for "Three documents were signed …".

    And "How many ships are there in Oslo?": the subject need not stand alone for either.
    """
    if clause.subject.lower() == "there" and clause.verb in _BE:
        counted = _COUNT.match(clause.rest)
        things, after = _cut_things(counted) if counted else ("", "")
        if things and re.search(r"\b[A-Z]", after) and is_plain(after):
            yield "how many", join_question("How many", things, clause.verb, "there", after)
        return
    counted, rest = _COUNT.match(clause.subject), cut_clause(clause.rest)
    if counted is None or counted["after"] or clause.is_dated or not is_plain(rest):
        return
    words = counted["things"].split()
    idle = _UNITS.intersection(words) or any(map(is_function, words)) or not is_plural(words[-1])
    if re.search(r"\b[A-Z]", rest) and not idle:
        yield "how many", join_question("How many", counted["things"], clause.verb, rest)


def _ask_when(clause: Clause) -> Asked:
    """Yield "When was X signed?" and "When did X open?"."""
    passive = clause.verb in {"was", "were"}
    participle, _, rest = clause.rest.partition(" ") if passive else ("", "", clause.rest)
    if clause.is_dated:
        between = cut_clause(rest)
    else:
        when = _WHEN.search(f" {rest}")
        between = rest[: max(0, when.start() - 1)] if when else "("
    if not is_plain(between) or _AMOUNT.search(between):
        return
    if passive and find_past(participle.rstrip(".,")):
        said = participle.rstrip(".,")
        yield "when", join_question("When", clause.verb, clause.subject, said, between)
    elif (base := find_base(clause.verb)) and _completes(base, between):
        yield "when", join_question("When did", clause.subject, base, between)


def _completes(base: str, between: str) -> bool:
    """Tell whether a verb has the object that it needs, and makes an event."""
    first = between.split()[0].lower() if between else ""
    has_object = bool(first) and first not in PREPOSITIONS | {"and", "to"}
    return base not in _IDLE and (base in _INTRANSITIVE or has_object)


def _ask_identity(clause: Clause) -> Asked:
    """Yield "Who was X?" and "What is X?" where the sentence says who or what X is."""
    rest = clause.rest
    if clause.verb == "has" and rest.startswith("been "):
        rest = rest.removeprefix("been ")
    elif clause.verb not in _BE or clause.is_dated:
        return
    complement = cut_clause(rest)
    if find_past(complement.partition(" ")[0]):
        return
    if is_person(clause.subject):
        verb = "was" if clause.verb == "was" and "has been" not in rest else "is"
        if describes_person(complement):
            yield "who", f"Who {verb} {clause.subject}?"
    elif clause.verb in _BE and _defines(clause.subject, complement):
        yield "what", f"What {clause.verb} {clause.subject}?"


def _defines(subject: str, complement: str) -> bool:
    words = complement.split()
    about_person = describes_person(complement) or _ROLES.intersection(subject.lower().split())
    if len(words) < 4 or words[0] not in {"a", "an", "the"} or about_person:
        return False
    return not _NO_DEFINITION.match(complement) and not re.search(
        r"\b(?:year|[mb]illion|percent)\b", subject
    )


def _ask_where(clause: Clause) -> Asked:
    found = _PLACE.match(clause.rest) if clause.verb in _BE else None
    if found and not DATE.match(clause.rest, found.end()):
        said = "" if found["how"] in {"located", "situated"} else found["how"]
        yield "where", join_question("Where", clause.verb, clause.subject, said)
    elif clause.verb == "lies" and re.match(r"(?:in|on|near|between)\s", clause.rest):
        yield "where", f"Where is {clause.subject}?"


def _ask_why(clause: Clause) -> Asked:
    what, because, _ = re.sub(r"\s(?:due|owing)\sto\s", " because ", clause.rest).partition(
        " because "
    )
    what = what.removesuffix(",")
    if not because or not is_plain(what) or clause.is_dated:
        return
    if clause.verb in _BE:
        yield "why", join_question("Why", clause.verb, clause.subject, what)
    elif base := find_base(clause.verb):
        yield "why", join_question("Why did", clause.subject, base, what)


def _ask_how_many(clause: Clause) -> Asked:
    """Yield "How many X does Y have?" and "How many X did Y send to Z?"."""
    rest, helper, base = clause.rest, _HAVE.get(clause.verb, ""), "have"
    if clause.verb in {"consists", "comprises"}:
        rest, helper = rest.removeprefix("of "), "does"
    elif clause.verb in {"contains", "includes", "covers"}:
        helper, base = "does", PRESENT[clause.verb]
    elif not helper and (past := find_base(clause.verb)) and past not in _IDLE - {"report"}:
        helper, base = "did", past
    counted = _COUNT.match(rest)
    if not helper or counted is None:
        return
    things, after = _cut_things(counted)
    if things and is_plain(after):
        yield "how many", join_question("How many", things, helper, clause.subject, base, after)


def _cut_things(counted: re.Match[str]) -> tuple[str, str]:
    """Return the plural noun that is counted, "" if it is none, and what follows in the clause."""
    words = counted["things"].split()
    places = [n for n, word in enumerate(words) if is_plural(word)]
    if not places or _UNITS.intersection(words) or any(map(is_function, words[: places[0]])):
        return "", ""
    after = " ".join([*words[places[0] + 1 :], counted["after"].strip()])
    after = "" if after.startswith(("and ", "of ")) else after
    if after and not re.match(rf"(?:{'|'.join(PREPOSITIONS - {'than'})})\b|[,.;:]", after):
        return "", ""
    return " ".join(words[: places[0] + 1]), cut_clause(f" {after}").strip()


def _ask_measure(clause: Clause) -> Asked:
    if clause.verb in _BE and (found := _MEASURE.match(clause.rest)):
        yield "how many", f"How {found['how']} {clause.verb} {clause.subject}?"
    elif clause.verb in {"cost", "costs"} and _COSTS.match(clause.rest):
        helper = "does" if clause.verb == "costs" else "did"
        yield "how many", f"How much {helper} {clause.subject} cost?"


def _ask_maker(clause: Clause) -> Asked:
    """Yield "Who founded X?" of "X was founded by NAME" and of "NAME founded X"."""
    if clause.verb in {"was", "were"}:
        made = re.match(
            rf"(?P<how>[a-z]+)(?P<rest>[^,.;]*?)\sby\s(?P<name>{NAME_WORDS})", clause.rest
        )
        past = find_past(made["how"]) if made else None
        if made and past and is_person(made["name"]) and is_plain(made["rest"]):
            yield "who", join_question("Who", past, clause.subject, made["rest"])
    elif clause.verb in _MAKING and is_person(clause.subject):
        what = cut_clause(clause.rest)
        if re.match(r"(?:the\s)?[A-Z]|the\s\w+\s\w+", what) and is_plain(what):
            yield "who", join_question("Who", clause.verb, what)


def _ask_contents(clause: Clause) -> Asked:
    base, first = PRESENT.get(clause.verb), clause.rest.partition(" ")[0]
    if base in _SAYING | {None, "consist", "lie", "occur", "cost", "play", "refer", "stand"}:
        return
    if first.islower() and first not in PREPOSITIONS and not _COUNT.match(clause.rest):
        kind = "what" if base in _CONTAINING else "did"
        yield kind, f"What does {clause.subject} {base}?"


def _ask_done(clause: Clause) -> Asked:
    """Yield "What did X publish?", "What caused X?" and "How can X be treated?"."""
    base, what = find_base(clause.verb), cut_clause(clause.rest)
    if base in _DOING and re.match(r"(?:an?|the|[A-Z]\S+)\s\S+\s\S", what):
        yield "did", f"What did {clause.subject} {base}?"
    elif found := _DOING_TO.match(f"{clause.verb} {clause.rest}"):
        if base := find_base(found["verb"]):
            yield "did", f"What did {clause.subject} {base} {found['to']}?"
    elif clause.verb in _BE and re.match(r"caused\sby\s", clause.rest):
        yield (
            "what",
            f"What {'causes' if clause.verb in {'is', 'are'} else 'caused'} {clause.subject}?",
        )
    elif clause.verb == "can" and (
        able := re.match(r"be\s([a-z]+ed)\s(?:by|with|using)\s", clause.rest)
    ):
        yield "what", f"How can {clause.subject} be {able[1]}?"


def _ask_said(clause: Clause) -> Asked:
    """Yield "What did NAME say about X?", X a name in what was said."""
    helper = "does" if clause.verb in PRESENT else "did"
    base = PRESENT.get(clause.verb) or find_base(clause.verb)
    if base not in _SAYING or len(clause.subject.split()) > 5:
        return
    before, that, said = clause.rest.partition("that ")
    if not that or cut_clause(before) != before:
        return
    for phrase in find_phrases(f"about {cut_clause(said)}")[:1]:
        *others, last = phrase.text.split()
        is_name = re.search(r"(?:\A|\s)[A-Z]", phrase.text) and others
        # "half of the shells Russia (uses)", "North Korean (has)"
        cut_short = last[0].isupper() and (
            _ADJECTIVE.search(last) or (others and others[-1].islower() and others[-1] != "the")
        )
        if is_name and not cut_short and is_plain(phrase.text):
            yield "said", f"What {helper} {clause.subject} say about {phrase.text}?"


def _ask_role(clause: Clause) -> Asked:
    """Yield "What role does X play in Y?" and "What is X used for?"."""
    played = re.match(r"an?\s[\w-]*\s?role\s(?P<rest>in\s.+)", clause.rest)
    if clause.verb == "plays" and played and is_plain(what := cut_clause(played["rest"])):
        yield "what", f"What role does {clause.subject} play {what}?"
    elif clause.verb in {"refers", "stands"} and re.match(r"(?:to|for)\s", clause.rest):
        yield "what", f"What does {clause.subject} {PRESENT[clause.verb]} {clause.rest.split()[0]}?"
    elif clause.verb in _BE and (used := _USED.match(clause.rest)):
        said = "used for" if used[0].startswith("used") else used[0].strip()
        yield "what", f"What {clause.verb} {clause.subject} {said}?"


_FORMS: tuple[Callable[[Clause], Asked], ...] = (
    _ask_why, _ask_how_many, _ask_measure, _ask_when, _ask_maker, _ask_identity, _ask_where,
    _ask_contents, _ask_role, _ask_done, _ask_said,
)  # fmt: skip
