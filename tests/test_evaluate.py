"""The metrics, against their definitions, on outcomes made up and on a real library."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cite import Answer, cite
from bot.evaluate import Evaluation, Outcome, Question, _judge, evaluate, summarise
from tests.libraries import MakeBot
from tests.page_articles import ARTICLE, make_answer

pytest_plugins = ["tests.library_fixtures"]


def cite_articles(*names: str, took: float = 50.0) -> Answer:
    """Return an answer that cites articles of these names, a refusal without any."""
    citations = tuple(
        cite(number, replace(ARTICLE, article_id=name), 0, 19) for number, name in enumerate(names)
    )
    answer = make_answer(refused=not names)
    return replace(answer, citations=citations, timings={"total": took})


def judge(answer: Answer, *gold: str, answerable: bool = True, wanted: str = "") -> Outcome:
    return _judge(Question("What?", wanted, gold, answerable), answer, frozenset())


def test_every_metric_is_what_its_definition_says() -> None:
    outcomes = [
        judge(cite_articles("a", "b", "a"), "a", "c", wanted="The First of 7 May"),
        judge(cite_articles("x", "a"), "a"),
        judge(cite_articles(), "a", wanted="First"),
        judge(cite_articles("a")),  # No gold articles: neither right nor wrong.
        judge(cite_articles(), answerable=False),
        judge(cite_articles(), answerable=False),
        judge(cite_articles("a"), answerable=False, wanted="First"),
    ]
    result = summarise(outcomes)
    assert (result.questions, result.answerable, result.unanswerable) == (7, 4, 3)
    assert result.right_article_first == pytest.approx(1 / 3, abs=1e-3)
    assert result.citation_precision == 0.5
    assert result.citation_recall == 0.5  # 1/2, 1 and 0.
    assert result.refusal_precision == result.refusal_recall == pytest.approx(2 / 3, abs=1e-3)
    assert result.refused == result.refusal_recall and result.wrongly_refused == 0.25
    assert result.key_words == pytest.approx((2 / 4 + 0) / 2)  # "The" and "First".
    assert result.milliseconds_p50 == result.milliseconds_p95 == 50.0
    assert [item.verdict for item in outcomes] == [
        "key words missing", "wrong article first", "wrongly refused", "right", "rightly refused",
        "rightly refused", "should be refused",
    ]  # fmt: skip


def test_what_nothing_concerns_is_none() -> None:
    result = summarise([judge(cite_articles("a"), answerable=False)])
    assert result.right_article_first is result.citation_precision is result.key_words is None
    assert result.wrongly_refused is result.refusal_precision is None
    assert result.refusal_recall == 0.0


_NAMES = st.lists(st.sampled_from("abcd"), max_size=4)


@given(st.lists(st.tuples(_NAMES, _NAMES, st.booleans()), min_size=1, max_size=8))
def test_shares_are_from_0_to_1_in_any_order(rows: list[tuple[list[str], list[str], bool]]) -> None:
    outcomes = [judge(cite_articles(*cited), *gold, answerable=yes) for cited, gold, yes in rows]
    result = summarise(outcomes)
    shares = [
        getattr(result, name)
        for name in Evaluation.__dataclass_fields__
        if not name.startswith("milliseconds") and not name.endswith(("questions", "answerable"))
    ]
    assert all(share is None or 0 <= share <= 1 for share in shares)
    assert result == summarise(outcomes[::-1])


def test_a_bot_is_asked_with_the_history(make_bot: MakeBot) -> None:
    bot = make_bot({"bridge.md": "# Bridge\n\nThe Long Bridge opened in 1999 near Riverton.\n"})
    asked = [
        Question("When did the Long Bridge open?", "In 1999.", ("bridge",), answerable=True),
        Question(
            "Where is it?", "", ("bridge",), True, (("What is the Long Bridge?", "A bridge."),)
        ),
    ]
    result, outcomes = evaluate(bot, iter(asked))
    assert (result.right_article_first, result.citation_recall, result.key_words) == (1, 1, 1)
    assert outcomes[1].answer.asked != "Where is it?" and result.milliseconds_p95 > 0


def test_the_page_defines_every_metric() -> None:
    page = (Path(__file__).parent.parent / "docs" / "eval.md").read_text("utf-8")
    table = page.split("## The metrics")[1].split("\n## ")[0]
    counted = {"questions", "answerable", "unanswerable"}
    assert all(f"`{name}`" in table for name in set(Evaluation.__dataclass_fields__) - counted)
