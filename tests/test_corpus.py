"""The shipped articles: complete front matter, own words, no fact from outside the fact sheet."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus"
SHARED = ROOT.parent / "shared"
FACTS = SHARED / "facts" / "facts.md"
ARTICLES = sorted(path for path in CORPUS.glob("*.md") if path.name != "README.md")

# A topic of the front matter -> the fact sheet's section that an article of this topic draws on.
TOPICS = {
    "Moscow talks 2024": 1,
    "2024 treaty": 2,
    "Pyongyang summit 2024": 3,
    "Vostochny summit 2023": 4,
    "Troops in Kursk": 5,
    "Arms transfers": 6,
    "Sanctions monitoring": 7,
    "UN sanctions": 8,
    "General Assembly votes": 9,
    "Donetsk and Luhansk": 10,
    "1961 treaty": 11,
    "2000 treaty and the 1990s": 12,
    "Korean War": 13,
    "Trade": 14,
    "Rail, port and bridges": 15,
    "Workers abroad": 16,
    "Nuclear and missile programme": 17,
    "Denuclearisation": 18,
    "China": 19,
    "South Korea": 20,
    "United States, NATO and Japan": 21,
    "People": 22,
    "Institutions": 23,
    "Collective defence": 24,
}
TREATY_PHRASES = (
    "get into a state of war due to an armed aggression",
    "shall immediately provide military and other assistance with all the means at its disposal",
)
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
# Long forms that the fact sheet abbreviates, and words that are capitals in English but no facts.
SAME_NAME = {
    "united": "us un uk",
    "states": "us",
    "nations": "un",
    "kingdom": "uk",
    "soviet": "ussr soviet",
    "union": "ussr eu union",
    "korea": "dprk rok korean koreas",
    "korean": "dprk rok korea koreas",
    "south": "rok south",
    "north": "dprk north",
    "american": "us america",
    "america": "us american",
    "britain": "uk british",
    "british": "uk britain",
    "russian": "russia",
    "european": "eu",
}
NUMBER_WORDS = {
    "eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15",
    "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19", "twenty": "20",
    "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70",
    "eighty": "80", "ninety": "90", "hundred": "00", "thousand": "000", "million": "million",
    "billion": "billion", "trillion": "trillion",
}  # fmt: skip
needs_facts = pytest.mark.skipif(not FACTS.exists(), reason="no fact sheet beside the project")


def read_article(path: Path) -> tuple[dict[str, object], str]:
    """Return the front matter and the body of one article."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), body


def word_runs(text: str, length: int = 12) -> set[tuple[str, ...]]:
    """Return every run of `length` words of a text, treaty phrases taken out."""
    text = text.lower().replace("\u2019", "'")
    for phrase in TREATY_PHRASES:
        text = text.replace(phrase, " | ")
    words = re.findall(r"[\w'|]+", text)
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)} - {
        run for run in (tuple(words[i : i + length]) for i in range(len(words))) if "|" in run
    }


def read_fact_sections() -> dict[int, str]:
    """Return the fact sheet's text by section number."""
    facts = FACTS.read_text(encoding="utf-8").split("\n## Full addresses")[0]
    parts = re.split(r"^## (\d+)\. ", facts, flags=re.M)
    return {int(parts[i]): parts[i + 1] for i in range(1, len(parts) - 1, 2)}


def known_facts(front: dict[str, object]) -> str:
    """Return the fact sheet's sections for an article's topics, as one text."""
    sections = read_fact_sections()
    topics = front["topics"]
    assert isinstance(topics, list)
    return "\n".join(sections[TOPICS[topic]] for topic in topics)


def _full_month(match: re.Match[str]) -> str:
    return next(month for month in MONTHS.split("|") if month.startswith(match[1][:3]))


def day_months(text: str) -> set[tuple[str, str]]:
    """Return every (day, month) that a text names, ranges and lists of days included."""
    found = set()
    text = re.sub(r"\b(Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\b\.?", _full_month, text)
    days = rf"(?<!\d)((?:\d{{1,2}}(?!\d)(?:\s*(?:[–-]|,|and|to|or)\s*)?)+)\s+({MONTHS})"
    for match in re.finditer(days, text):
        found |= {(day, match[2]) for day in re.findall(r"\d{1,2}", match[1])}
    return found


def unknown_names(body: str, facts: str) -> set[str]:
    """Return the capitalised words of an article that its facts do not hold.

    A word at the start of a sentence counts only if the corpus never writes it in lower case.
    """
    words = re.findall(r"[\w']+", facts.lower().replace("\u2019", "'"))
    known = set(words) | {word.removesuffix("'s").removesuffix("'") for word in words}
    everything = FACTS.read_text(encoding="utf-8") + "".join(
        path.read_text(encoding="utf-8") for path in ARTICLES
    )
    lower_case = set(re.findall(r"\b[a-z]+\b", everything))
    missing = set()
    for match in re.finditer(r"\b[A-Z][\w'\u2019]*", body):
        word = re.sub(r"['\u2019]s?$", "", match[0]).lower()
        before = body[: match.start()].rstrip(" \"'\u201c\u2018(#-*")
        at_start = not before or before[-1] in ".!?:\n" or body[match.start() - 1] == "\n"
        if word in known or word.rstrip("s") in known or (at_start and word in lower_case):
            continue
        if any(alias in known for alias in SAME_NAME.get(word, "").split()):
            continue
        missing.add(match[0])
    return missing - set(MONTHS.split("|"))


def unknown_numbers(body: str, facts: str) -> set[str]:
    """Return the numbers of an article, in digits or words, that its facts do not hold."""
    missing = {number for number in re.findall(r"\d[\d,.]*\d|\d", body) if number not in facts}
    for word, digits in NUMBER_WORDS.items():
        if re.search(rf"\b{word}\b", body.lower()) and not (
            word in facts.lower() or digits in facts.replace(",", "")
        ):
            missing.add(word)
    return missing


@pytest.fixture(params=ARTICLES, ids=lambda path: path.stem)
def article(request: pytest.FixtureRequest) -> Path:
    """One article of the corpus."""
    path = request.param
    assert isinstance(path, Path)
    return path


def test_front_matter_is_complete(article: Path) -> None:
    front, _ = read_article(article)
    assert set(front) == {"title", "date", "summary", "topics", "sources"}
    assert isinstance(front["date"], date) and date(2024, 1, 1) < front["date"] < date(2026, 1, 1)
    assert isinstance(front["topics"], list) and set(front["topics"]) <= set(TOPICS)
    assert isinstance(front["sources"], list) and front["sources"]
    assert all(re.fullmatch(r"[\w.-]+\.[a-z]+(/\S*)?", source) for source in front["sources"])
    assert str(front["title"]).strip() and str(front["summary"]).strip().endswith(".")


def test_has_lead_and_headed_sections(article: Path) -> None:
    _, body = read_article(article)
    lead, *sections = re.split(r"^## .+$", body, flags=re.M)
    assert len(lead.split()) >= 30
    assert len(sections) >= 3 and all(section.strip() for section in sections)
    assert not re.search(r"^# |https?://|\[\d", body, flags=re.M)


def test_questions_name_a_sentence_of_their_article() -> None:
    lines = (ROOT / "tests" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    texts = {path.stem: path.read_text(encoding="utf-8") for path in ARTICLES}
    assert len(questions) >= 60
    assert len({item["id"] for item in questions}) == len(questions)
    assert {"direct", "paraphrase", "numbers", "who-said", "compare", "unanswerable"} < {
        item["kind"] for item in questions
    }
    for item in questions:
        assert all(name in texts for name in item["articles"]), item["id"]
        if item["answerable"]:
            assert item["sentence"] in texts[item["articles"][0]], item["id"]
        else:
            assert not item["articles"], item["id"]


def test_all_24_articles_are_there() -> None:
    assert len(ARTICLES) == 24


def test_length_is_500_to_1100_words(article: Path) -> None:
    _, body = read_article(article)
    assert 500 <= len(body.split()) <= 1100


def test_shares_no_run_of_12_words_with_another_article(article: Path) -> None:
    own = word_runs(read_article(article)[1])
    for other in ARTICLES:
        if other != article:
            assert not own & word_runs(read_article(other)[1]), other.name


@pytest.mark.skipif(not SHARED.exists(), reason="the starting article is not beside the project")
def test_shares_no_run_of_12_words_with_the_starting_article(article: Path) -> None:
    own = word_runs(read_article(article)[1])
    for source in (SHARED / "articles").glob("*.txt"):
        assert not own & word_runs(source.read_text(encoding="utf-8"))


@needs_facts
def test_every_number_is_in_the_fact_sheet(article: Path) -> None:
    front, body = read_article(article)
    assert unknown_numbers(body, known_facts(front)) == set()


@needs_facts
def test_every_day_and_month_is_in_the_fact_sheet(article: Path) -> None:
    front, body = read_article(article)
    assert day_months(body) - day_months(known_facts(front)) == set()


@needs_facts
def test_every_name_is_in_the_fact_sheet(article: Path) -> None:
    front, body = read_article(article)
    assert unknown_names(body, known_facts(front)) == set()


@needs_facts
def test_every_source_is_in_the_fact_sheet(article: Path) -> None:
    front, _ = read_article(article)
    sheet = FACTS.read_text(encoding="utf-8")
    sources = front["sources"]
    assert isinstance(sources, list)
    assert [s for s in sources if s.split("/")[0].removeprefix("www.") not in sheet] == []
