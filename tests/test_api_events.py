"""What each step of a streamed answer adds to the one before it."""

from dataclasses import replace

from bot.api.events import follow_growth
from bot.cite import Answer
from tests.page_articles import make_answer


def extend(answer: Answer, text: str, count: int) -> Answer:
    """Return an answer with `text` and so many citations."""
    [citation] = answer.citations
    cited = tuple(replace(citation, number=number + 1) for number in range(count))
    return replace(answer, text=text, citations=cited)


def test_an_answer_that_begins_anew_has_all_its_citations() -> None:
    begun = make_answer()
    steps = [
        ("One. [1]", 1),
        ("One. [1] Two. [2]", 2),
        ("Said. [1]", 1),
        ("Said. [1] Also. [2]", 2),
    ]
    growths = list(follow_growth(extend(begun, *step) for step in steps))
    said = [(growth.text, [item.number for item in growth.citations]) for growth in growths]
    assert said == [
        ("One. [1]", [1]), (" Two. [2]", [2]), ("\n\nSaid. [1]", [1]), (" Also. [2]", [2]),
    ]  # fmt: skip
