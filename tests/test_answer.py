"""Bot: answers and refusals of the real library, odd questions, and the law for all of them."""

import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answer import Bot
from bot.asked import MAX_QUESTION_LETTERS, BadQuestion
from bot.choose import MAX_LISTED, choose_sentences
from bot.cite import REFUSAL, Answer, verify
from bot.language import ENGLISH_ONLY
from bot.question import understand
from ingest.store import NoLibrary, Store
from ingest.sync import sync
from tests.articles import WordEmbedder, make_html, make_pdf, write_articles, write_docx
from tests.libraries import (
    ARTICLE_4,
    HELP_CLAUSE,
    ICELAND,
    MakeBot,
    check_law,
    open_words_bot,
    write_texts,
)

pytest_plugins = ["tests.library_fixtures"]

ODD_QUESTIONS = {
    "capitals": "WHAT DOES ARTICLE 4 OF THE TREATY REQUIRE?",
    "typos": "wat dose artcle 4 off teh treety requir",
    "one word": "Kursk",
    "stop words": "what is it?",
    "300 words": "When did the troops arrive in Kursk? " * 43,
    "as long as allowed": "treaty " * (MAX_QUESTION_LETTERS // 7),
    "one endless word": "x" * MAX_QUESTION_LETTERS,
    "Russian": "Что требует статья 4 договора?",
    "Chinese": "条约第四条要求什么？",
    "markup": "<script>alert(1)</script> **Article 4** [1](javascript:x) &amp; {{7*7}} $x$",
    "query language": 'title:treaty AND (text:"Article 4"~2 OR *) -Kursk^9 \\ / [a TO z]',
    "SQL": "'; DROP TABLE articles; -- treaty",
    "emoji": "🇰🇵🤝🇷🇺 treaty 👩‍👩‍👧?",
    "NUL": "treaty\0 of 2024\0",
    "lone surrogate": "treaty \ud800 of 2024",
    "terminal escapes": "\x1b[31mtreaty\x1b[0m \x1b]0;title\x07 \x9b2J of 2024",
    "directions": "\u202etreaty\u202c \u2066of\u2069 2024",
    "many lines": "treaty\n\n\n\tof\r\n2024",
    "combining": "t" + "\u0301" * 500 + "reaty",
}


def test_article_4_is_quoted(real_answer: Answer, bot: Bot) -> None:
    quotes = [item for item in real_answer.citations if HELP_CLAUSE in item.quote]
    assert not real_answer.refused and quotes
    assert {item.article_id for item in quotes} <= {
        "comprehensive-strategic-partnership-treaty", "collective-defence-in-law",
    }  # fmt: skip
    assert verify(real_answer.to_dict(), bot.store) == []


def test_iceland_is_refused(bot: Bot) -> None:
    answer = bot.ask(ICELAND)
    assert answer.refused and answer.citations == ()
    assert answer.text == f"{REFUSAL} No article mentions Iceland."
    assert [item.number for item in answer.nearest] == [1, 2, 3]
    assert 0 <= answer.confidence < bot.threshold
    check_law(answer, bot.store)


def test_text_is_quotes_and_markers_in_order(real_answer: Answer) -> None:
    citations = real_answer.citations
    assert 1 <= len(citations) <= MAX_LISTED
    assert [item.number for item in citations] == list(range(1, len(citations) + 1))
    assert real_answer.text == " ".join(f"{item.quote} [{item.number}]" for item in citations)
    assert real_answer.nearest == () and 0 <= real_answer.confidence <= 1


def test_timings_are_milliseconds_by_stage(real_answer: Answer) -> None:
    timings = dict(real_answer.timings)
    total = timings.pop("total")
    assert timings and all(stage >= 0 for stage in timings.values())
    assert sum(timings.values()) <= total + 1


@pytest.mark.parametrize(
    "question", ["", " \n\t", "?!… —", "\0\x1b", "\u200b\u202e", "\ud800", "🤝"]
)
def test_an_empty_question_is_refused(bot: Bot, question: str) -> None:
    with pytest.raises(BadQuestion, match="empty"):
        bot.ask(question)


def test_an_endless_question_is_refused(bot: Bot) -> None:
    with pytest.raises(BadQuestion, match="4,001 characters"):
        bot.ask("a" * 4_001)


def test_no_library(tmp_path: Path) -> None:
    with pytest.raises(NoLibrary, match="footnote ingest"):
        Bot.open(tmp_path / "nothing")


@pytest.mark.parametrize("question", ODD_QUESTIONS.values(), ids=ODD_QUESTIONS)
def test_odd_questions_are_answered_or_refused(make_bot: MakeBot, question: str) -> None:
    bot = make_bot({"a.txt": "The treaty of 2024\n\nArticle 4 of the treaty asks for help. Kursk."})
    answer = bot.ask(question)
    check_law(answer, bot.store)
    assert verify(answer.to_dict(), bot.store) == []
    shown = answer.question + answer.text
    assert not set(shown) & {"\x1b", "\0", "\x07", "\x9b", "\ud800", "\u202e"}


def test_capitals_and_marks_change_nothing(bot: Bot, real_answer: Answer) -> None:
    odd = bot.ask(f"\u200b  {ARTICLE_4} \x1b")
    assert odd == replace(real_answer, timings=odd.timings)


def test_the_real_model_takes_odd_questions(bot: Bot) -> None:
    for name in ("typos", "300 words", "lone surrogate"):
        check_law(bot.ask(ODD_QUESTIONS[name]), bot.store)


@pytest.mark.parametrize("name", ["Russian", "Chinese"])
def test_other_languages_are_refused_in_words(bot: Bot, name: str) -> None:
    answer = bot.ask(ODD_QUESTIONS[name])
    assert answer.refused and answer.text == f"{REFUSAL} {ENGLISH_ONLY}"
    assert list(bot.stream(ODD_QUESTIONS[name]))[-1].refused


def test_the_exact_answer_is_marked(bot: Bot) -> None:
    marked = [
        citation.quote[citation.span[0] - citation.start : citation.span[1] - citation.start]
        for citation in bot.ask("When did the treaty of 2024 enter into force?").citations
        if citation.span
    ]
    assert marked and all(marked) and "4 December 2024" in marked[0]


def test_a_follow_up_is_made_to_stand_alone(bot: Bot) -> None:
    before = [("What was the Agreed Framework?", "The Agreed Framework was a deal of 1994.")]
    answer = bot.ask("Why did it collapse?", before)
    assert answer.question == "Why did it collapse?" and "Agreed Framework" in answer.asked
    assert answer.citations[0].article_id == "denuclearisation-diplomacy"
    alone = bot.ask("Where is Punggye-ri?", before)
    assert alone.asked == "Where is Punggye-ri?"


def test_turns_that_are_no_pairs_are_told_so(bot: Bot) -> None:
    for turn in ({"question": "a", "answer": "b"}, "ab", ("a", "b", "c"), ("a", None)):
        with pytest.raises(TypeError, match=r"history holds .*pairs"):
            bot.ask("And when?", [turn])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="limit is 0"):
        bot.search("When?", 0)


def test_a_history_of_500_turns_is_cut_with_a_note(bot: Bot) -> None:
    trace = bot.explain("When did it begin?", [("What is it?", "It is a bridge. [1]")] * 500)
    assert any("500" in note for note in trace.notes)


def test_both_sides_of_a_comparison_are_quoted(make_bot: MakeBot) -> None:
    bot = make_bot(
        {
            "riga.md": "# Riga\n\nThe harbour of Riga is 12 metres deep. It is old.",
            "oslo.md": "# Oslo\n\nThe harbour of Oslo is 9 metres deep. Ice closes it.",
            "soup.md": "# Soup\n\nBoil the harbour soup for 10 minutes.",
        }
    )
    answer = bot.ask("How do the harbour of Riga and the harbour of Oslo differ?")
    assert {"riga", "oslo"} <= {item.article_id for item in answer.citations[:2]}


def test_a_number_goes_straight_to_its_heading(make_bot: MakeBot) -> None:
    parts = "\n\n".join(
        f"## Section {number}\n\nThe keeper does the duty {number * 7} times."
        for number in range(1, 30)
    )
    answer = make_bot({"rules.md": f"# The rules\n\n{parts}"}).ask("What does section 4 say?")
    assert answer.citations[0].heading.endswith("Section 4")


def test_another_spelling_of_a_name_finds_it(make_bot: MakeBot) -> None:
    bot = make_bot(
        {
            "a.md": "The Harbour Safety Office (HSO) was founded in 1931. It has ten boats.",
            "b.md": "The office of the baker was founded in 1990.",
        }
    )
    assert bot.ask("When was the HSO founded?").citations[0].article_id == "a"


def test_one_article_of_one_sentence(make_bot: MakeBot) -> None:
    bot = make_bot({"one.md": "Oslo has a harbour."})
    answer = bot.ask("harbour")
    assert answer.text == "Oslo has a harbour. [1]"
    assert (answer.citations[0].start, answer.citations[0].end) == (0, 19)
    check_law(answer, bot.store)


def test_an_emptied_library_refuses(make_bot: MakeBot) -> None:
    """Also with a threshold that refuses nothing."""
    bot = make_bot({"one.md": "Oslo has a harbour."})
    folder = bot.store.path.parent / "articles"
    (folder / "one.md").unlink()
    sync([folder], bot.store.path, WordEmbedder(), remove_missing=True)
    answer = bot.ask("harbour")
    assert answer.refused and answer.text.startswith(REFUSAL) and not answer.nearest


def test_threshold(make_bot: MakeBot) -> None:
    texts = {"one.md": "Oslo has a harbour."}
    confidence = make_bot(texts).ask("harbour").confidence
    assert not make_bot(texts, threshold=confidence).ask("harbour").refused
    if confidence < 1:
        assert make_bot(texts, threshold=min(1, confidence + 0.001)).ask("harbour").refused


def test_explain_tells_what_was_kept(bot: Bot) -> None:
    trace = bot.explain(ARTICLE_4)
    assert all(item in trace.findings for item in trace.kept)
    assert len({item.passage.stored.number for item in trace.passages}) == len(trace.passages)
    assert choose_sentences(understand(ARTICLE_4), trace.findings) == list(trace.kept)
    assert [item.text for item in trace.kept] == [item.quote for item in trace.answer.citations]
    assert bot.explain("What is a xylophone?").missing_words == ("xylophon",)


@pytest.mark.parametrize("question", [ARTICLE_4, ICELAND])
def test_stream_ends_with_the_answer(bot: Bot, question: str) -> None:
    whole = bot.ask(question)
    *growing, last = list(bot.stream(question))
    assert last == replace(whole, timings=last.timings)
    assert len(growing) == max(0, len(whole.citations) - 1)
    for count, answer in enumerate(growing, 1):
        assert answer.citations == whole.citations[:count]
        assert whole.text.startswith(answer.text) and answer.text.endswith(f"[{count}]")


def test_stream_keeps_the_brackets_of_articles(make_bot: MakeBot) -> None:
    """Every step is a whole answer that verifies, though the quotes hold markers themselves."""
    bot = make_bot(
        {"a.md": "The bridge [7] was [3] opened. The bridge [2] is green. Bridge [1] ends."}
    )
    steps = list(bot.stream("bridge"))
    assert len(steps) == len(steps[-1].citations)
    for count, step in enumerate(steps, 1):
        assert step.text == " ".join(f"{item.quote} [{item.number}]" for item in step.citations)
        assert len(step.citations) == count and verify(step.to_dict(), bot.store) == []


def test_answers_while_new_articles_are_published(tmp_path: Path) -> None:
    """A thread that asks all the time sees each revision whole, then the newest."""
    folder, store = tmp_path / "articles", tmp_path / "library"
    write_articles(folder, 4)
    done = Event()
    with open_words_bot(folder, store) as bot, ThreadPoolExecutor(2) as threads:

        def ask_until_done() -> int:
            count = 0
            while not done.is_set() or not count:
                answer = bot.ask("Which committee met in Oslo on plan 305?")
                assert answer.citations
                count += 1
            return count

        asking = [threads.submit(ask_until_done) for _ in range(2)]
        try:
            for number in range(4):
                text = f"The lighthouse of Bergen\n\nLighthouse {number} stands in Bergen."
                write_texts(folder, {f"lighthouse-{number}.txt": text})
                write_articles(folder, 4, version=number)
                sync([folder], store, WordEmbedder())
        finally:
            done.set()
        assert all(thread.result() for thread in asking)
        assert "lighthouse-3" in {
            item.article_id for item in bot.ask("Where does lighthouse 3 stand?").citations
        }


SENTENCES = (
    st.lists(
        st.sampled_from(
            ["harbour", "treaty", "Riga", "1931", "[1]", "[12]", "“quoted”", "<b>", "&amp;", "*x*",
             "_y_", "U.S.", "Dr.", "café", "naïve", "e.g.", "$3.5", "100%", "a/b", "`code`", "§ 4",
             "(see", "above)", "Ab-\u00adcd", "it's", "|", "#", ">", "~", "1.", "-", "Ünïted"]
        ),
        min_size=3,
        max_size=14,
    )
    .map(lambda words: f"The {' '.join(words)} ended.")
)  # fmt: skip
PARAGRAPHS = st.lists(
    st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=4
)


def write_formats(folder: Path, title: str, paragraphs: list[str]) -> None:
    """Write the same article in five formats, each a little different so that all are kept."""
    folder.mkdir()
    kept = {kind: [*paragraphs, f"This is the {kind} copy of it."] for kind in "tmhpd"}
    (folder / "t.txt").write_text("\n\n".join([title, *kept["t"]]), encoding="utf-8")
    (folder / "m.md").write_text("\n\n".join([f"# {title}", *kept["m"]]), encoding="utf-8")
    (folder / "h.html").write_text(make_html(title, kept["h"]), encoding="utf-8")
    lines = [line.encode("latin-1", "replace").decode("latin-1") for line in kept["p"]]
    (folder / "p.pdf").write_bytes(make_pdf([lines], {"Title": "A title"}))
    write_docx(folder / "d.docx", title, kept["d"])


@settings(
    max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(paragraphs=PARAGRAPHS, title=SENTENCES, data=st.data())
def test_law_every_quote_stands_in_its_article(
    paragraphs: list[str], title: str, data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as name:
        write_formats(Path(name) / "articles", title, paragraphs)
        with open_words_bot(Path(name) / "articles", Path(name) / "library") as bot:
            articles = bot.store.list_articles()
            assert len(articles) >= 4
            for article in articles:
                words = [word for word in article.text.split() if any(map(str.isalnum, word))]
                chosen = data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=6))
                answer = bot.ask(" ".join(chosen))
                check_law(answer, bot.store)
                assert verify(answer.to_dict(), bot.store) == []


def test_search_and_ask_leave_the_library_as_it_is(
    library: Path, bot: Bot, real_answer: Answer
) -> None:
    with Store(library) as fresh:
        assert fresh.revision == bot.store.revision
        assert verify(real_answer.to_dict(), fresh) == []


def test_many_threads_get_the_same_answer(make_bot: MakeBot) -> None:
    bot = make_bot({"a.txt": "The treaty of 2024\n\nArticle 4 asks for help. Kursk lies west."})
    ask: Callable[[str], Answer] = bot.ask
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, ["What does Article 4 ask for?"] * 40))
    assert all(answer.citations == answers[0].citations for answer in answers)
