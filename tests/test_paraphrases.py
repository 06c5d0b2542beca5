"""Sentences in natural words: all name a sentence of an article, and lies stay few."""

from collections import Counter

from benchmarks.paraphrases import measure, read_paraphrases


def test_few_false_sentences_are_shown_and_no_fewer_true_ones_than_before() -> None:
    paraphrases, aliases = read_paraphrases()
    counts = measure(paraphrases, aliases)
    assert Counter(item.is_true for item in paraphrases) == {True: 203, False: 199}
    assert sum(part["false_shown"] for part in counts.values()) <= 6
    assert sum(part["true_held_back"] for part in counts.values()) <= 119


def test_what_is_held_back_is_told_in_the_articles_words() -> None:
    counts = measure(*read_paraphrases()).values()
    held = sum(part["true_held_back"] for part in counts)
    assert sum(part["true_told_instead"] for part in counts) >= 0.95 * held > 0
    lies = sum(part["false"] - part["false_shown"] for part in counts)
    assert sum(part["false_told_instead"] for part in counts) >= 0.9 * lies
