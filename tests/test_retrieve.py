"""Finding passages: content words, both searches, their fusion."""

import numpy as np
import pytest

from bot.answer import Bot
from bot.retrieve import Passage, find_content_words, retrieve
from tests.libraries import MakeBot

pytest_plugins = ["tests.library_fixtures"]

TEXTS = {
    "harbour.txt": "The harbour\n\nThe harbour of Riga was dredged in 1931. Big ships came.",
    "railway.txt": "The railway\n\nThe railway to Lima climbs over a pass. It carries wool.",
    "bakery.txt": "The bakery\n\nThe bakery sells rye bread. It opens at six in the morning.",
}


def find(bot: Bot, question: str, limit: int = 10) -> list[str]:
    return [passage.stored.article.article_id for passage in bot.search(question, limit)]


def test_content_words_are_stems_without_question_words() -> None:
    assert find_content_words("Which harbours were dredged?") == ["harbour", "dredg"]


def test_a_country_is_no_stop_word() -> None:
    assert find_content_words("What did the US tell us?") == ["us", "us"]
    assert find_content_words("What did they tell us?") == ["what", "did", "they", "tell", "us"]


def test_only_question_words_are_kept() -> None:
    assert find_content_words("Who was it?") == ["who", "was", "it"]


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("When was the harbour dredged?", "harbour"),
        ("COPPER AND WOOL", "railway"),
        ("who sells breads", "bakery"),
    ],
)
def test_best_passage_comes_first(make_bot: MakeBot, question: str, article: str) -> None:
    assert find(make_bot(TEXTS), question)[0] == article


def test_scores_fall_and_say_what_found_each(make_bot: MakeBot) -> None:
    passages = make_bot(TEXTS).search("railway bread")
    scores = [passage.score for passage in passages]
    assert scores == sorted(scores, reverse=True) and all(0 <= score <= 1 for score in scores)
    for passage in passages:
        assert (passage.word_rank is None) == (passage.word_score == 0)
        assert passage.vector_rank is not None and -1.001 <= passage.cosine <= 1.001
    assert sorted(passage.vector_rank or 0 for passage in passages) == [1, 2, 3]


def test_limit(make_bot: MakeBot) -> None:
    bot = make_bot(TEXTS)
    assert [len(bot.search("harbour", limit)) for limit in (1, 2, 9)] == [1, 2, 3]
    assert find(bot, "harbour", 2) == find(bot, "harbour", 9)[:2]


def test_words_of_no_article_leave_the_vectors(make_bot: MakeBot) -> None:
    passages = make_bot(TEXTS).search("xylophone")
    assert len(passages) == 3 and all(passage.word_rank is None for passage in passages)


def retrieve_by_words(bot: Bot, question: str, **expansions: float) -> list[Passage]:
    """Retrieve with a vector that is like no passage."""
    vector = np.zeros(bot.parts.embedder.dimensions, dtype=np.float32)
    return retrieve(bot.store, question, vector, 10, expansions=expansions)


def test_expansions_are_searched_at_their_weight(make_bot: MakeBot) -> None:
    bot = make_bot(TEXTS)
    [plain, *_] = retrieve_by_words(bot, "the harbour")
    found = retrieve_by_words(bot, "the harbour", bread=2.0)
    assert plain.stored.article.article_id == "harbour"
    assert [item.stored.article.article_id for item in found][:2] == ["bakery", "harbour"]
    light = retrieve_by_words(bot, "the harbour", bread=0.2)
    assert light[0].stored.article.article_id == "harbour" and light[1].word_score > 0


def test_expansions_stand_for_a_question_that_says_nothing(make_bot: MakeBot) -> None:
    """Its own words, "and", "it" and "the", are in other articles too."""
    bot = make_bot(TEXTS)
    found = retrieve_by_words(bot, "And what of it?", wool=0.3)
    assert found[0].stored.article.article_id == "railway"
    assert found[1].word_score < found[0].word_score / 4


def test_best_passages_lend_their_words(make_bot: MakeBot) -> None:
    """The log has no word of the question, but a rare one of the passage that answers it."""
    texts = {**TEXTS, "log.txt": "The log\n\nNothing on that day but the name Riga in red ink."}
    found = {
        item.stored.article.article_id: item
        for item in retrieve_by_words(make_bot(texts), "When was the harbour dredged?")
    }
    assert found["harbour"].word_rank == 1 and found["log"].word_score > 0
    assert found["log"].word_score < found["harbour"].word_score / 4


def test_one_passage_is_found(make_bot: MakeBot) -> None:
    [passage] = make_bot({"one.txt": "One sentence stands here."}).search("sentence")
    assert passage.stored.text == "One sentence stands here."


def test_a_vector_that_matches_nothing_leaves_the_words(make_bot: MakeBot) -> None:
    bot = make_bot(TEXTS)
    vector = np.zeros(bot.parts.embedder.dimensions, dtype=np.float32)
    assert retrieve(bot.store, "wool", vector, 1)[0].stored.article.article_id == "railway"


def test_real_model_finds_by_meaning(bot: Bot) -> None:
    """None of the question's own words is in the passage that it wants."""
    found = find(bot, "Did Beijing comment on the alliance?", 5)
    assert "chinas-position" in found


def test_same_question_finds_the_same(bot: Bot) -> None:
    question = "How many troops went to Kursk?"
    assert bot.search(question) == bot.search(question)
