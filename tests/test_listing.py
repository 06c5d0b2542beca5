"""Passages found and articles listed, as the doors give them."""

from bot.listing import ArticleEntry, Hits
from tests.libraries import ARTICLE_4, MakeBot

pytest_plugins = ["tests.library_fixtures"]


def test_hits_are_numbered_and_quote_their_passages(make_bot: MakeBot) -> None:
    bot = make_bot({"a.txt": "Article 4\n\nArticle 4 asks for help.", "b.txt": "Rain\n\nIt rains."})
    found = bot.search(ARTICLE_4)
    hits = Hits.of(ARTICLE_4, found)
    assert hits.question == ARTICLE_4
    assert [hit.passage.number for hit in hits.hits] == [*range(1, len(found) + 1)]
    for hit, passage in zip(hits.hits, found, strict=True):
        assert hit.score == passage.score and hit.passage.quote == passage.stored.text


def test_an_entry_is_an_article_without_its_text(make_bot: MakeBot) -> None:
    (article,) = make_bot({"a.txt": "Rain\n\nIt rains."}).store.list_articles()
    entry = ArticleEntry.of(article)
    assert (entry.article_id, entry.title) == (article.article_id, article.title)
    assert entry.letters == len(article.text)
