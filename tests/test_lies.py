"""The gate on planted lies: a quick cut of `python -m benchmarks.lies`, on other lies than it."""

import pytest

from benchmarks.lies import check, read_articles
from benchmarks.planted import Case, Planter, cut_passages
from bot.aliases import Aliases, learn_aliases
from bot.gate import Gate, Support


@pytest.fixture(scope="module")
def planted() -> tuple[Planter, Aliases]:
    articles = read_articles()
    aliases = learn_aliases(article.text for article in articles)
    return Planter(cut_passages(articles), aliases, seed=7), aliases


def test_lies_are_the_same_each_time(planted: tuple[Planter, Aliases]) -> None:
    _, aliases = planted
    passages = cut_passages(read_articles())
    one, other = (Planter(passages, aliases, seed=3).make_lies(2) for _ in range(2))
    assert one == other and len(one) == 12
    assert len({case.kind for case in one}) == 6


def test_few_lies_pass_and_few_truths_are_held_back(planted: tuple[Planter, Aliases]) -> None:
    planter, aliases = planted

    def find(cases: list[Case], *, held: bool) -> list[str]:
        """Return the sentences that the gate holds back, or lets pass."""
        return [c.text for c in cases if bool(check(c, aliases)) is held]

    lies, truths = planter.make_lies(10), planter.make_truths(40)
    assert len(find(lies, held=False)) <= 2
    assert len(find(truths, held=True)) <= 2


@pytest.mark.parametrize("numbers", [(), (0,), (5,), (-1, 9)])
def test_numbers_that_are_no_passages(
    planted: tuple[Planter, Aliases], numbers: tuple[int, ...]
) -> None:
    planter, aliases = planted
    case = planter.make_truths(1)[0]
    gate = Gate(case.passages, aliases, Support.load())
    assert gate.check(case.source, numbers).reason.startswith(("there is no passage", "it names"))
