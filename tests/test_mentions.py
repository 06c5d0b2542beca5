"""Names counted in texts that come and go."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.aliases import index_aliases, learn_aliases
from bot.mentions import Mentions

TEXTS = (
    "The Harbour Safety Office (HSO) keeps ten boats. The HSO is in Rajin (Najin).",
    "The Hanover Savings Order (HSO) was signed in Ping Pong City by the U.N. in Zürich.",
    "Rajin is a port. The Office, also called the Bureau, met the HSO in PingPong City.",
    "The Old Ferry Union (OFU) owns a ferry; OFU members came to Zurich, and to Zürich.",
)


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(4)), st.sets(st.integers(0, 3)))
def test_texts_that_came_and_went_leave_nothing(order: list[int], gone: set[int]) -> None:
    mentions = Mentions(TEXTS[number] for number in order)
    index_aliases(mentions)
    for number in gone:
        mentions.remove(TEXTS[number])
    left = [text for number, text in enumerate(TEXTS) if number not in gone]
    fresh = Mentions(left)
    assert (mentions.runs, mentions.inner, mentions.pairs) == (fresh.runs, fresh.inner, fresh.pairs)
    assert all(mentions.runs.values()) and all(mentions.pairs.values())
    assert index_aliases(mentions) == learn_aliases(left)
