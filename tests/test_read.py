"""Reading passages: which sentences answer, and what each is worth."""

import pytest

from bot.judge import Features
from bot.read import WordWeights, rate_support, weigh_support
from bot.search import Search
from tests.libraries import MakeBot

pytest_plugins = ["tests.library_fixtures"]

TEXTS = {
    "bridge.txt": "The bridge\n\nThe bridge was opened on 3 May 1931. It is 412 metres long. "
    "Anna Berzina drew the plans. It is painted green.",
    "ferry.txt": "The ferry\n\nThe ferry sails at noon. The bridge took most of its passengers.",
}


def test_rare_words_weigh_more(make_bot: MakeBot) -> None:
    weights = WordWeights(make_bot(TEXTS).store, "the bridge, the noon and the xylophone")
    assert weights.missing == ["xylophon"]
    assert weights.weights["bridg"] < weights.weights["noon"] < weights.weights["xylophon"]
    assert weights.cover([]) == 0
    assert weights.cover(["bridg", "noon", "xylophon", "other"]) == pytest.approx(1)
    assert weights.cover(["noon", "noon"]) == weights.cover(["noon"])


def test_a_name_counts_under_another_spelling(make_bot: MakeBot) -> None:
    spellings = [("Noon Bridge", "NB")]
    weights = WordWeights(make_bot(TEXTS).store, "Who runs the Noon Bridge?", spellings)
    assert weights.cover(["nb"]) == weights.cover(["noon", "bridg"]) > weights.cover(["noon"])
    assert weights.cover(["nb", "run"]) == pytest.approx(1)


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
        assert all(0 <= finding.features[name] <= 1 for name in ("coverage", "context", "kind"))
        if finding.span:
            assert finding.start <= finding.span[0] < finding.span[1] <= finding.end


def test_every_sentence_of_a_small_library_is_read_once(make_bot: MakeBot) -> None:
    texts = [item.text for item in make_bot(TEXTS).explain("bridge").findings]
    assert len(texts) == len(set(texts)) == 6


def test_words_around_a_sentence_count(make_bot: MakeBot) -> None:
    """A sentence knows the heading it stands under and the sentence before it."""
    colours = "## Colours\n\nIt is painted green. Nobody knows why."
    text = f"# The bridge\n\n{colours}\n\n## Age\n\nIt is old."
    findings = make_bot({"bridge.md": text}).explain("What are the bridge's colours?").findings
    around = {finding.text: finding.features["context"] for finding in findings}
    assert around["It is painted green."] == pytest.approx(1)
    assert around["It is old."] < 1
    assert all(finding.features["coverage"] == 0 for finding in findings)


def test_much_text_is_read_only_in_part(make_bot: MakeBot) -> None:
    """Time for a question does not grow with the library: the likely passages are read."""
    text = "\n\n".join(f"Bridge number {number} stands here. " * 20 for number in range(60))
    trace = make_bot({"bridges.txt": text}).explain("Where is bridge number 7?")
    assert 1 <= len(trace.passages) <= 8


def test_no_more_is_read_than_is_needed(make_bot: MakeBot) -> None:
    """A sure answer or none in sight ends the reading; doubt and a question for all do not."""
    bot = make_bot({**TEXTS, **{f"{n}.txt": f"Bridge {n} is red. " * 20 for n in range(6)}})

    def count(question: str, threshold: float = 0.0) -> tuple[int, float]:
        search = Search(bot.parts, question)
        passages = search.retrieve(6)
        assert len(passages) == 6
        read = search.read_until_sure(passages, threshold)
        assert [item.passage for item in read] == passages[: len(read)]
        return len(read), search.judge(read)[1]

    read, confidence = count("When was the bridge opened?")
    assert read == 2 and confidence > 0.6
    read, confidence = count("What did the bridge cost?")
    assert read == 6 and confidence < 0.6
    doubtful, doubt = count("What did the bridge cost?", confidence)
    hopeless, _ = count("What did the bridge cost?", 1.0)
    assert doubtful == 6 and doubt == confidence and hopeless == 2
    assert count("List all bridges.", 1.0)[0] == 6


def test_what_speaks_against_an_answer(make_bot: MakeBot) -> None:
    """A negation, money that is not there, and that no passage is near, are told as features."""
    bot = make_bot(TEXTS)

    def weigh(question: str) -> Features:
        search = Search(bot.parts, question)
        read = search.read(search.question.text, search.retrieve(8))
        return weigh_support(search.question, read, search.judge(read)[0])

    plain, negated = weigh("When was the bridge opened?"), weigh("Which soup was never boiled?")
    assert (plain["negated"], negated["negated"]) == (0, 1)
    assert negated["far"] > plain["far"] and negated["top"] < plain["top"]
    assert plain["unpriced"] == 0 and weigh("What did the bridge cost?")["unpriced"] == 1


def test_support_is_a_probability(make_bot: MakeBot) -> None:
    bot = make_bot(TEXTS)
    search = Search(bot.parts, "When was the bridge opened?")
    read = search.read(search.question.text, search.retrieve(8))
    findings, confidence = search.judge(read)
    assert 0 < confidence < 1
    assert rate_support(bot.parts.judges.support, search.question, read, findings) == confidence
    assert rate_support(bot.parts.judges.support, search.question, [], []) == 0
