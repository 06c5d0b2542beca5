"""Which sentences make the answer."""

from dataclasses import replace

from bot.answer import Bot
from bot.choose import MAX_LISTED, MAX_SENTENCES, choose_sentences
from bot.question import understand
from bot.read import Finding
from tests.libraries import MakeBot

pytest_plugins = ["tests.library_fixtures"]

BRIDGE = "The bridge was opened by the king. It was closed for repair in May 1990. Ships passed."


def find(bot: Bot, question: str, scores: dict[str, float]) -> list[Finding]:
    """Return the findings of a question with scores of our own, by how a sentence begins."""
    findings = [
        replace(item, score=next((scores[key] for key in scores if item.text.startswith(key)), -9))
        for item in bot.explain(question).findings
    ]
    return sorted(findings, key=lambda item: -item.score)


def test_a_sentence_that_leans_brings_the_one_before(make_bot: MakeBot) -> None:
    question = "When was it closed for repair?"
    findings = find(make_bot({"bridge.md": BRIDGE}), question, {"It was": 3.0})
    chosen = [item.text for item in choose_sentences(understand(question), findings)]
    assert chosen == ["It was closed for repair in May 1990.", "The bridge was opened by the king."]


def test_sentences_far_behind_the_best_are_left_out(make_bot: MakeBot) -> None:
    question = "Did ships pass?"
    findings = find(make_bot({"bridge.md": BRIDGE}), question, {"Ships": 3.0, "The bridge": 2.9})
    chosen = [item.text for item in choose_sentences(understand(question), findings)]
    assert chosen == ["Ships passed.", "The bridge was opened by the king."]


def test_a_list_brings_more(make_bot: MakeBot) -> None:
    text = " ".join(f"Ship number {number} sailed." for number in range(9))
    bot = make_bot({"ships.md": text})
    scores = {f"Ship number {number}": 3.0 - number / 100 for number in range(9)}
    for question, count in (("Which ships sailed?", MAX_LISTED), ("Who sailed?", MAX_SENTENCES)):
        assert len(choose_sentences(understand(question), find(bot, question, scores))) == count


def test_each_side_has_its_sentence(make_bot: MakeBot) -> None:
    bot = make_bot({"a.md": "Riga is big. Oslo is small. Bergen is wet."})
    question = understand("How do Riga and Oslo differ?")
    riga = find(bot, "Riga", {"Riga": 1.0})
    oslo = find(bot, "Oslo", {"Oslo": 0.5})
    everything = find(bot, "wet", {"Bergen": 5.0})
    chosen = [item.text for item in choose_sentences(question, everything, [riga, oslo])]
    assert chosen[:2] == ["Riga is big.", "Oslo is small."]


def test_the_same_words_are_chosen_once(make_bot: MakeBot) -> None:
    same = "The harbour of Riga was dredged in 1931."
    bot = make_bot({"a.md": f"{same} Ships came.", "b.md": f"{same} Fish left."})
    findings = find(bot, "When was the harbour dredged?", {"The harbour": 2.0})
    assert [item.text for item in choose_sentences(understand("?"), findings)].count(same) == 1


def test_nothing_to_choose_from() -> None:
    assert choose_sentences(understand("Who?"), []) == []


def test_a_sentence_on_both_sides_comes_first(make_bot: MakeBot) -> None:
    bot = make_bot(
        {"a.md": "Riga is big. Oslo is small. Unlike Riga, Oslo has hills. Bergen is wet."}
    )
    question = understand("How do Riga and Oslo differ?")
    scores = {"Unlike": 1.0, "Riga": 2.0, "Oslo": 1.5, "Bergen": 2.5}
    findings = find(bot, question.text, scores)
    by_side = [find(bot, "Riga", {"Riga": 1.0}), find(bot, "Oslo", {"Oslo": 1.0})]
    chosen = [item.text for item in choose_sentences(question, findings, by_side)]
    assert chosen == ["Unlike Riga, Oslo has hills.", "Riga is big.", "Oslo is small."]
    far = [replace(item, score=item.score - 9 * ("Unlike" in item.text)) for item in findings]
    assert choose_sentences(question, far, by_side)[0].text == "Riga is big."
