"""Answers that stand in a heading, or are only understood below one."""

from collections.abc import Iterator

import pytest

from bot.answer import Bot
from bot.cite import REFUSAL
from bot.headings import list_headings
from ingest.embed import Embedder
from ingest.sync import sync
from tests.libraries import check_law

pytest_plugins = ["tests.library_fixtures"]

TEXTS = {
    "notes.md": """# Release notes of Plover

## Version 2.4 – 12 May 2025

- Search by tag.
- The export no longer drops the last row.

## Version 2.3 – 3 February 2025

- Dark mode.
- Faster start: 1.2 s instead of 4 s.

## Version 2.2 – 19 November 2024

- First version for Windows.
""",
    "minutes.md": """# Minutes of the council of Oakham

## Meeting of 4 March 2025

The council approved the budget of 2.1 million pounds by four votes to one; Sue Park was against.

## Meeting of 8 April 2025

The council put off the decision on the swimming pool. Tom Reed resigned as treasurer.
""",
    "contact.md": """# Contact

## Telephone: 01632 960 001

The line is busy in the mornings.

## 2.1 The office

Please call before you come.
""",
    "meals.md": """# Meals on journeys

The allowances hold from Monday to Sunday.

| City | Hotel per night | Full-day allowance |
|---|---|---|
| London | 185 pounds | 62 pounds |
| Paris | 170 pounds | 65 pounds |
| Zurich | 210 pounds | 84 pounds |

## What is never refunded

- Minibar and in-room films
- Fines for parking
""",
}


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Bot]:
    folder = tmp_path_factory.mktemp("headings")
    (folder / "articles").mkdir()
    for name, text in TEXTS.items():
        (folder / "articles" / name).write_text(text, encoding="utf-8")
    sync([folder / "articles"], folder / "library", embedder)
    with Bot.open(folder / "library", threshold=0.2) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("When was version 2.3 released?", "Version 2.3 – 3 February 2025"),
        ("What is the telephone number?", "Telephone: 01632 960 001"),
        ("Which version came out on 19 November 2024?", "Version 2.2 – 19 November 2024"),
        # A fragment, and what happened on a day, come after the heading.
        ("Which version brought dark mode?", "Version 2.3 – 3 February 2025 [1]\nDark mode. [2]"),
        ("When did Tom Reed resign?",
         "Meeting of 8 April 2025 [1]\nTom Reed resigned as treasurer. [2]"),
        ("Is the minibar refunded?",
         "What is never refunded [1]\nMinibar and in-room films [2]"),
        # The section that is named, and no other
        ("What is new in version 2.4?", "Version 2.4 – 12 May 2025 [1]\nSearch by tag. [2]"),
        # Of a table the row that is asked for
        ("full-day allowance Paris",
         "City | Hotel per night | Full-day allowance [1]\nParis | 170 pounds | 65 pounds [2]"),
    ],
)  # fmt: skip
def test_what_stands_in_or_below_a_heading(bot: Bot, question: str, text: str) -> None:
    answer = bot.ask(question)
    assert answer.text.startswith(text)
    check_law(answer, bot.store)


@pytest.mark.parametrize(
    ("question", "cell"),
    [
        ("full-day allowance Paris", "65 pounds"),
        ("How much is a hotel in Zurich?", "210 pounds"),
    ],
)
def test_the_cell_that_is_asked_for_is_marked(bot: Bot, question: str, cell: str) -> None:
    citations = bot.ask(question).citations
    article = bot.store.get_article(citations[0].article_id)
    marked = [article.text[slice(*item.span)] for item in citations if item.span and article]
    assert marked == [cell]


def test_a_sentence_with_its_date_needs_no_heading(bot: Bot) -> None:
    assert "Meeting" not in bot.ask("Who voted against the budget?").text


def test_a_version_that_no_heading_counts_is_told(bot: Bot) -> None:
    assert bot.ask("What is new in version 9.1?").text == (
        f"{REFUSAL} No article mentions version 9.1."
    )


def test_who_voted_on_a_budget_asks_for_no_money(bot: Bot) -> None:
    assert "Sue Park" in bot.ask("Who voted against the budget?").text


def test_a_number_alone_tells_nothing(bot: Bot) -> None:
    passages = bot.explain("Must I call the office?").passages
    headings = [item.stored.text for item in list_headings(item.passage for item in passages)]
    assert headings
    assert "2.1 The office" not in headings
