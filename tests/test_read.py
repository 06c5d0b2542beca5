"""Reading passages: which sentences answer, and what each is worth."""

import pytest

from bot.read import WordWeights, match_kind
from tests.libraries import MakeBot

pytest_plugins = ["tests.library_fixtures"]

TEXTS = {
    "bridge.txt": "The bridge\n\nThe bridge was opened on 3 May 1931. It is 412 metres long. "
    "Anna Berzina drew the plans. It is painted green.",
    "ferry.txt": "The ferry\n\nThe ferry sails at noon. The bridge took most of its passengers.",
}


@pytest.mark.parametrize(
    ("question", "sentence", "kind"),
    [
        ("When was it opened?", "It was opened on 3 May 1931.", 1),
        ("When was it opened?", "It is painted green.", 0),
        ("How many came?", "Some 12,000 came.", 1),
        ("How many came?", "Half a dozen came.", 1),
        ("How many came?", "Nobody came.", 0),
        ("Who drew it?", "It was drawn by Anna Berzina.", 1),
        ("Who drew it?", "It was drawn by hand.", 0),
        ("Why is it green?", "It is green.", 0.5),
        ("Who came, and when?", "The guests came in 1931.", 0.5),
    ],
)
def test_kind_of_answer(question: str, sentence: str, kind: float) -> None:
    assert match_kind(question, sentence) == kind


def test_rare_words_weigh_more(make_bot: MakeBot) -> None:
    weights = WordWeights(make_bot(TEXTS).store, "the bridge, the noon and the xylophone")
    assert weights.missing == ["xylophon"]
    assert weights.weights["bridg"] < weights.weights["noon"] < weights.weights["xylophon"]
    assert weights.cover([]) == 0
    assert weights.cover(["bridg", "noon", "xylophon", "other"]) == pytest.approx(1)
    assert weights.cover(["noon", "noon"]) == weights.cover(["noon"])


def test_a_question_without_words_covers_nothing(make_bot: MakeBot) -> None:
    assert WordWeights(make_bot(TEXTS).store, "?").cover(["bridg"]) == 0


def test_findings_are_sentences_best_first(make_bot: MakeBot) -> None:
    findings = make_bot(TEXTS).explain("When was the bridge opened?").findings
    assert findings[0].text == "The bridge was opened on 3 May 1931."
    scores = [finding.score for finding in findings]
    assert scores == sorted(scores, reverse=True)
    for finding in findings:
        assert (finding.start, finding.end) in finding.passage.stored.chunk.sentences
        assert finding.text == finding.passage.stored.article.text[finding.start : finding.end]
        assert 0 <= finding.coverage <= 1 and 0 <= finding.context <= 1 and 0 <= finding.kind <= 1


def test_every_sentence_of_a_small_library_is_read_once(make_bot: MakeBot) -> None:
    texts = [item.text for item in make_bot(TEXTS).explain("bridge").findings]
    assert len(texts) == len(set(texts)) == 6


def test_words_around_a_sentence_count(make_bot: MakeBot) -> None:
    """A sentence knows the heading it stands under and the sentence before it."""
    colours = "## Colours\n\nIt is painted green. Nobody knows why."
    text = f"# The bridge\n\n{colours}\n\n## Age\n\nIt is old."
    findings = make_bot({"bridge.md": text}).explain("What are the bridge's colours?").findings
    around = {finding.text: finding.context for finding in findings}
    assert around["It is painted green."] == pytest.approx(1)
    assert around["It is old."] < 1
    assert all(finding.coverage == 0 for finding in findings)


def test_much_text_is_read_only_in_part(make_bot: MakeBot) -> None:
    """Time for a question does not grow with the passages: the likely sentences are embedded."""
    text = " ".join(f"Bridge number {number} stands here." for number in range(200))
    bot = make_bot({"bridges.txt": text})
    findings = bot.explain("Where is bridge number 77?").findings
    assert len(findings) < 60
