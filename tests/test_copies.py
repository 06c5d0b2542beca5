"""Many articles with one text do not drown another one."""

from dataclasses import replace

from bot.copies import find_copies, put_copies_last
from bot.search import Search
from tests.libraries import MakeBot

pytest_plugins = ["tests.library_fixtures"]

CRAMMED = "When was the bridge of Riga opened? The bridge of Riga was opened in 1999. "
TEXTS = {
    "true.md": "# History of Riga\n\nThe bridge of Riga was opened in 1931 by the mayor.",
    **{f"{n}.md": f"# The bridge of Riga opened {n}\n\n{CRAMMED * (n + 2)}" for n in range(8)},
}
QUESTION = "When was the bridge of Riga opened?"


def test_what_another_article_says_is_read_beside_its_copies(make_bot: MakeBot) -> None:
    bot = make_bot(TEXTS)
    read = [item.passage.stored.article.article_id for item in bot.explain(QUESTION).passages]
    assert "true" in read[:2]
    # Nothing is lost: copies come where there is nothing else.
    passages, copies = Search(bot.parts, QUESTION).retrieve_apart(6)
    assert len(passages) == 6 and copies


def test_what_is_named_is_no_copy(make_bot: MakeBot) -> None:
    bot = make_bot(TEXTS)
    found = Search(bot.parts, QUESTION).retrieve(9)
    copies = find_copies(found)
    assert copies and "true" not in {item.stored.article.article_id for item in copies}
    assert put_copies_last(found)[-len(copies) :] == copies
    named = [replace(item, referred=0.9) for item in found]
    assert find_copies(named) == [] and put_copies_last(named) == named
