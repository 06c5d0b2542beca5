"""Understand a question by its form: what kind of answer it wants, how much of it, its sides."""

import re
from dataclasses import dataclass

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
)
_DATE = re.compile(rf"\b(?:1[0-9]\d\d|20\d\d|{_MONTHS})\b")
_NUMBER = re.compile(
    r"""(?ix)\d | \b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|half
    | percent|hundred|thousand|million|billion|twice|double|none|once)\b"""
)
_MONEY = re.compile(
    r"""(?ix)[$€£¥₩] | \b(?:dollars?|euros?|roubles?|rubles?|won|yen|pounds?|yuan|francs?|rupees?
    |pesos?|cents?|pence|penny|shillings?|percent|per\ cent|free)\b
    | \d[½¼¾]?\ ?[pds]\b
    | (?<![\d.])\d[\d,]*[.,]\d\d(?![\d.])"""
)
_NAME = re.compile(r"(?<=[\w,;:(“\"’] )[A-Z][\w’'-]+|\A[A-Z][\w’'-]+ [A-Z]")
_ASKS = {
    "date": re.compile(
        r"""(?ix)\b(?:when|since\ when|how\ long\ ago|what\ time
        | (?:what|which|whose)\ (?:dates?|days?|years?|months?|century|decade))\b"""
    ),
    "number": re.compile(
        r"""(?ix)\bhow\ (?:many|much|large|big|high|old|far|long|often|tall|wide|heavy|fast|deep
        | small)\b
        | \b(?:what|which)\ (?:\w+\ ){0,2}(?:number|share|percent(?:age)?|figures?|amount|total|rate
        | counts?|size|length|price|cost|population|distance|range|proportion|sum|age|height|weight
        | speed|temperature|area)\b"""
    ),
    "person": re.compile(r"\b(?:who|whom|whose)\b", re.IGNORECASE),
    "money": re.compile(
        r"""(?ix)\bhow\ much\ money\b
        | \bhow\ much\b.*\b(?:pay|pays|paid|charged?|spen[dt]|earn(?:ed)?|owed?|worth)\b
        | \b(?:what|how)\b.*\bcosts?\b
        # "Who voted against the budget?" asks for nobody's money.
        | \A(?!\W*(?:who|whom|whose|when|where|why)\b)
          .*\b(?:price|budget|wages?|salar(?:y|ies)|fees?|fares?|interest\ rate)\b"""
    ),
}
_HOLDS = {"date": _DATE, "number": _NUMBER, "person": _NAME, "money": _MONEY}
# "Which (other small) ships ...": a plural asks for all of them; "what does" and "which is" do not.
_ASKS_LIST = re.compile(
    r"""(?ix)\A(?:list|name|enumerate)\b
    | \b(?:which|what)\ (?:are\ |were\ )?
      (?:(?!(?:is|was|does|has|do|did|are|were|of|in|the|news)\b)\w+\ ){0,4}
      (?!(?:does|was|has|this|its|is|as|us|happens|means|says|news)\b)\w+[^\Wsui]s\b
    | \b(?:which|what)\ (?:\w+\ )?(?:people|women|men|children|data)\b
    | \bwho\ (?:are|were)\ (?:all\ )?the\ (?:\w+\ ){0,2}\w+[^\Wsui]s\b
    | \ball\ (?:of\ )?the\b | \bwhat\ (?:else|all)\b"""
)
_COMPARED = (
    # "How do A and B differ", "how does A compare with B"
    re.compile(
        r"(?i)\bhow (?:do|does|did|is|are|was|were) (?P<one>.+?) "
        r"(?:and|compared? (?:with|to)|differ(?:ent)? from) (?P<two>.+?)"
        r"(?: (?:differ|compare)\b(?P<rest>.*))?\?*\Z"
    ),
    # "the difference between A and B in C"
    re.compile(
        r"(?i)\b(?:differences?|similarit(?:y|ies)|comparison|compare)\b(?: between| of)? "
        r"(?P<one>.+?) (?:and|with|to) (?P<two>.+?)(?P<rest> (?:in|on|over|regarding|about) .+?)?"
        r"\?*\Z"
    ),
    # "Which was larger in 2022: A or B?"
    re.compile(r"(?P<rest>.+?)[:,;–—] ?(?P<one>[^:,;]+?),? or (?P<two>[^:;,]+?)\?*\Z"),
    # "Did A or B recognise it first?"
    re.compile(
        r"\A(?:Did|Does|Do|Was|Were|Is|Are|Has|Have) "
        r"(?P<one>(?:the )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*){0,3}) or "
        r"(?P<two>(?:the )?[A-Z][\w’'-]*(?: [A-Z][\w’'-]*){0,3}) (?P<rest>.+?)\?*\Z"
    ),
)
_COMPARES = re.compile(
    r"(?i)\b(?:differ\w*|compar\w*|similarit\w+|versus|vs\.?|or|than|against|lacked|contrast)\b"
)
_EXPLAINS = re.compile(
    r"(?i)\A(?:what|who)(?:['’]s| is| are| was| were) (?:the |an? )?"
    r"(?P<thing>[^?,;:]{2,60}?)\s*\?*\Z"
)
_MAX_THING_WORDS = 5
_ASKS_REASON = re.compile(
    r"(?i)\W*(?:why|how (?:do|does|did|is|are|was|were|can|could|has|have))\b"
)
_ASKS_STEPS = re.compile(r"(?i)\bhow (?:do|can|could|should|must|to)\b|\bsteps\b")
_COUNTS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|several"
# What happened to somebody does not say who that is: "was received by", "is in".
_COPULA = (
    r"(?:is|are|was|were|means?|has been|have been|stands for)\b"
    r"(?! (?:\w+ed|at|in|on|by|to|not|being|seen|held|taken|given|shown|told|sent|made|said)\b)"
)
# One word without a number that is no time: "treasurer", but not "Friday", "never" or "dawn".
_NO_TIME = re.compile(
    rf"(?i)(?!(?:{_MONTHS}|spring|summer|autumn|fall|winter|morning|noon|afternoon|evening|night|dawn"
    r"|today|yesterday|tomorrow|now|never|always|daily|weekly|monthly|yearly|annually|immediately"
    r"|once|easter|christmas|weekends?|weekdays?|holidays?)\b)[^\W\d]+"
)
_MAX_SIDES = 3
# A longer text is no plain comparison, and the forms take long to say so: its length to the third.
_MAX_COMPARED_LETTERS = 400
_NOT = re.compile(r"(?i)\b(?:not|never|neither|without|except)\b|n['’]t\b")


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what its form says of the answer.

    `kinds` are the things it asks for: "date", "number", "person", "money". `wants_all` is set
    when a list is asked for; `sides` are the questions to look up apart, none if it has but one
    side.
    """

    text: str
    kinds: frozenset[str]
    wants_all: bool
    sides: tuple[str, ...]
    negated: bool

    def lacks_money(self, sentence: str) -> bool:
        """Tell whether the question asks for money and a sentence holds none."""
        return "money" in self.kinds and not _MONEY.search(sentence)

    def lacks_date(self, sentence: str) -> bool:
        """Tell whether the question asks for a date and a sentence holds none."""
        return "date" in self.kinds and not _DATE.search(sentence)

    @property
    def explained(self) -> str:
        """What "What is the MSMT?" or "Who is …?" asks to explain, "" where nothing is."""
        asked = _EXPLAINS.match(self.text)
        is_short = asked is not None and len(asked["thing"].split()) <= _MAX_THING_WORDS
        return asked["thing"] if asked and is_short else ""

    @property
    def asks_how(self) -> bool:
        """Whether the question asks for the steps of doing something."""
        return _ASKS_STEPS.search(self.text) is not None

    def explains(self, sentence: str) -> bool:
        """Tell whether a sentence says what the thing is that is to be explained."""
        if not self.explained:
            return False
        said = rf"{re.escape(self.explained)}\)?(?: \([^()]{{1,60}}\))?,? {_COPULA}"
        return re.match(rf"(?i)(?:.{{0,80}}\W)?{said}", sentence) is not None

    def may_be_answered_by(self, words: str) -> bool:
        """Tell whether a few words can be the very answer: no reason is a mere name or date.

        Nor is a number what "Name all members" asks for, or "treasurer" when somebody resigned.
        """
        if "date" in self.kinds and _NO_TIME.fullmatch(words.strip()):
            return False
        if _ASKS_REASON.match(self.text):
            return any(word.islower() and word.isalpha() for word in words.split())
        is_count = re.fullmatch(rf"(?i)(?:\d[\d,.]*|{_COUNTS})", words.strip()) is not None
        return not (is_count and self.wants_all and "number" not in self.kinds)

    def match_kind(self, sentence: str) -> float:
        """Return 1 if a sentence holds the kinds of things asked for, 0 if none, .5 if none is."""
        held = [_HOLDS[kind].search(sentence) is not None for kind in self.kinds]
        return sum(held) / len(held) if held else 0.5


def understand(text: str) -> Question:
    """Return what the form of a question says."""
    kinds = {kind for kind, asks in _ASKS.items() if asks.search(text)}
    if "money" in kinds:
        # An amount of money is asked for, not just any number.
        kinds.discard("number")
    return Question(
        text=text,
        kinds=frozenset(kinds),
        wants_all=bool(_ASKS_LIST.search(text)),
        sides=split_sides(text),
        negated=bool(_NOT.search(text)),
    )


def split_sides(text: str) -> tuple[str, ...]:
    """Return a question for each side of a comparison, an empty tuple if there is none.

    "How do A and B differ in C?" gives "A in C" and "B in C".
    """
    if len(text) > _MAX_COMPARED_LETTERS or not _COMPARES.search(text):
        return ()
    for form in _COMPARED:
        found = form.search(text)
        if found is None:
            continue
        rest = (found.groupdict().get("rest") or "").strip(" ,:;?")
        sides = [*re.split(r", | and (?=[A-Z])", found["one"])[:_MAX_SIDES], found["two"]]
        named = [side.strip(" ,") for side in sides if side.strip(" ,")]
        if 2 <= len(named) <= _MAX_SIDES:
            named = _share_words(named)
            return tuple(" ".join(filter(None, (side, rest))) for side in named)
    return ()


def _share_words(sides: list[str]) -> list[str]:
    """Return sides with the words that are said for both but once.

    "Riga's" and "Oslo's harbours": the harbours are Riga's too; "line 4" and "5": line 5; "the old
    bridge" and "the new one": the new bridge.
    """
    first = sides[0].split()
    sides = [sides[0], *(re.sub(r"(?i)\bones?\Z", first[-1], side) for side in sides[1:])]
    last = sides[-1].split()
    if len(first) == 1 and first[0][0].isupper():
        named = next((n for n, word in enumerate(last) if not word[0].isupper()), len(last))
        return [f"{side} {' '.join(last[named:])}".strip() for side in sides[:-1]] + sides[-1:]
    if last[0][0].isdigit() and not first[0][0].isdigit():
        label = " ".join(word for word in first if not word[0].isdigit())
        return [*sides[:-1], f"{label} {sides[-1]}"]
    return sides
