"""An answer's HTML: numbers that lead to quotes, honest states, and nothing unescaped."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.cite import REFUSAL, Answer, Sentence, cite
from bot.page.answer import DOUBTFUL, render_answer, render_problem, render_question
from bot.page.strings import WORDS
from bot.web.link import link_to_quote
from tests.page_articles import ARTICLE, HOSTILE, make_answer

ENGLISH = WORDS["en"]


def render(answer: Answer, *, scope: str = "", whole: bool = True) -> str:
    return render_answer(answer, ENGLISH, scope=scope, whole=whole)


def test_each_number_links_to_its_quote() -> None:
    html = render(make_answer())
    assert 'The first sentence.<a class="cite"' in html
    assert f"/a/treaty?v={'0' * 12}#0-19" in html
    assert "The treaty › Lead" in html and "2024-06-19" in html


def test_the_exact_answer_is_bold() -> None:
    answer = make_answer()
    marked = replace(answer.citations[0], span=(4, 9))
    assert "The <b>first</b> sentence.<a" in render(replace(answer, citations=(marked,)))


def test_a_follow_up_shows_how_it_was_understood() -> None:
    answer = replace(make_answer(), asked="What <of> the treaty?")
    assert "Understood as: What &lt;of&gt; the treaty?" in render(answer)
    assert "Understood as" not in render(make_answer())


def test_it_says_where_the_words_come_from_once_it_is_whole() -> None:
    assert ENGLISH["own_words"].replace("'", "&#x27;") in render(make_answer())
    assert 'class="made"' not in render(make_answer(), whole=False)


def test_a_worded_answer_says_who_worded_it() -> None:
    said = (Sentence("One <b> is first.", (1,)),)
    html = render(replace(make_answer(), sentences=said, model="openai:<x>"))
    assert 'One &lt;b&gt; is first.<a class="cite"' in html and html.count('class="cite"') == 1
    assert "Worded by openai:&lt;x&gt;, checked against the articles." in html
    assert "<blockquote>The first sentence.</blockquote>" in html


def test_why_no_model_was_used_is_told() -> None:
    html = render(replace(make_answer(), note="The model <x> did not answer in time."))
    assert '<p class="hint">The model &lt;x&gt; did not answer in time.</p>' in html


@pytest.mark.parametrize(("confidence", "doubtful"), [(DOUBTFUL - 0.01, True), (DOUBTFUL, False)])
def test_low_confidence_is_said_in_words(confidence: float, doubtful: bool) -> None:
    html = render(replace(make_answer(), confidence=confidence))
    assert ('class="doubt"' in html) is doubtful


def test_a_refusal_looks_different_and_shows_the_nearest_passages() -> None:
    html = render(make_answer(refused=True))
    assert REFUSAL in html and 'class="answer refusal"' in html
    assert "<blockquote>The first sentence.</blockquote>" in html
    assert ENGLISH["own_words"] not in html


def test_a_restriction_is_told() -> None:
    assert "Asked only of: 2 &lt;articles&gt;" in render(make_answer(), scope="2 <articles>")


def test_an_answer_is_one_line_so_that_markdown_leaves_it_alone() -> None:
    article = replace(ARTICLE, text="One\n\ntwo three\u2028 four five.", title="A\nB")
    assert len(render(make_answer(article)).splitlines()) == 1


@pytest.mark.parametrize("refused", [False, True])
def test_hostile_words_are_escaped(refused: bool) -> None:
    article = replace(ARTICLE, title=HOSTILE, text=HOSTILE, author=HOSTILE, article_id='"><b>')
    html = render(make_answer(article, refused=refused), scope=HOSTILE)
    html += render_question(HOSTILE) + render_problem(HOSTILE)
    assert "<script" not in html and "<img" not in html and "<b>" not in html


def test_a_link_holds_id_version_and_offsets() -> None:
    parts = urlsplit(link_to_quote(cite(1, replace(ARTICLE, article_id="a/b c?"), 4, 9)))
    assert parts.path == "/a/a%2Fb%20c%3F" and parts.fragment == "4-9"
    assert parse_qs(parts.query) == {"v": ["0" * 12]}
