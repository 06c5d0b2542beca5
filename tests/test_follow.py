"""Follow-up questions made to stand alone, new topics noticed, any history survived."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.follow import (
    MAX_TURNS,
    NAMED_WEIGHT,
    NAMELESS_WEIGHT,
    REWRITTEN_WEIGHT,
    Standalone,
    Turn,
    make_standalone,
)
from ingest.embed import Embedder
from ingest.words import stem_words

TREATY = Turn("When was the friendship treaty of 2000 signed?", "On 9 February 2000. [1]")
MINISTER = Turn("Who is Norway's foreign minister?", "Espen Barth Eide. [1]")
FLEMING = Turn("Who discovered penicillin?", "Alexander Fleming discovered penicillin in 1928. [1]")
CLAUSE = Turn("What does Clause 7 of the lease say about rent?", "Clause 7 fixes the rent. [1]")
BRIDGE = Turn("What is the length of the bridge?", "The bridge is 850 metres long. [1]")
TROOPS = Turn("How many troops did Rome send to Gaul?", "About 10,000 troops were sent. [1]")
FINLAND = Turn("When did Finland join NATO?", "Finland joined NATO on 4 April 2023. [1]")
SUMMIT = Turn("Where did Carter and Sadat meet in September 1978?", "At Camp David. [1]")
VETO = Turn(
    "What did France veto in 1963?", "France vetoed the renewal of the Board of Trade's term."
)
COUNCIL = Turn("Did the council approve the budget?", "The council approved the budget. [1]")
TALKS = Turn("Why did the talks in Hanoi fail?", "They failed over sanctions. [1]")
SHIPS = Turn("Which ships sank?", "The Arendal, the Fram and the Vega sank on 3 May. [1]")
VISIT = Turn("When did Nixon visit Beijing?", "Nixon visited Beijing on 21 February 1972. [1]")

REWRITTEN = [
    # Pronouns
    (TREATY, "And when did it stop applying?",
     "When did the friendship treaty of 2000 stop applying?"),
    (MINISTER, "When was he born?", "When was Espen Barth Eide born?"),
    (MINISTER, "Who held the office before him?",
     "Who held the office (Norway's foreign minister) before Espen Barth Eide?"),
    (MINISTER, "Since when has he held that post?",
     "Since when has Espen Barth Eide held that post (Norway's foreign minister)?"),
    (FLEMING, "Did he get a prize for it?", "Did Alexander Fleming get a prize for penicillin?"),
    (BRIDGE, "Who built it?", "Who built the bridge?"),
    (BRIDGE, "What is its height?", "What is the bridge's height?"),
    (TROOPS, "How many of them died?", "How many of the troops died?"),
    (VETO, "When did its work end?", "When did the Board of Trade's work end?"),
    (SHIPS, "Were they insured?", "Were the Arendal, the Fram and the Vega insured?"),
    (SUMMIT, "When had they met before that?",
     "When had Carter and Sadat met before September 1978?"),
    (VISIT, "What did he sign there?", "What did Nixon sign in Beijing?"),
    (Turn("What is an account?", "It holds your data."), "How can I create one?",
     "How can I create an account?"),
    (Turn("Is Malta a member of the EU?", "Yes."), "When did it join?", "When did Malta join?"),
    (COUNCIL, "Isn't it in force yet?", "Isn't the council in force yet?"),
    (Turn("What was tested in 1957?", "A bomb was tested on 3 May."), "How strong was it?",
     "How strong was the bomb?"),
    # What is left to the last question
    (VETO, "Why did they do that?", "Why did France veto the Board of Trade in 1963?"),
    (COUNCIL, "When did it do so?", "When did the council approve the budget?"),
    (COUNCIL, "Did the senate?", "Did the senate approve the budget?"),
    (FINLAND, "Did Sweden too?", "When did Sweden join NATO?"),
    (Turn("Who supports the treaty?", "Chile supports it."), "Does Peru?",
     "Does Peru support the treaty?"),
    (Turn("Which states signed the pact?", "Peru signed it."), "Did Chile?",
     "Did Chile sign the pact?"),
    (Turn("Which states signed the pact?", "Peru signed it."), "When?",
     "When was it that states signed the pact?"),
    (Turn("How many lunar tests were there?", "Six lunar tests were made."),
     "When was the last one?", "When was the last lunar test?"),
    (Turn("When was the first lunar test?", "In 1957."), "And the last one?",
     "When was the last lunar test?"),
    (Turn("When was the first lunar test?", "In 1957."), "The second?",
     "When was the second lunar test?"),
    (Turn("When was the treaty signed?", "In 2000."), "No, I meant the 1961 one.",
     "When was the 1961 treaty signed?"),
    (Turn("When was the treaty signed?", "In 2000."), "I was asking about the treaty of 1961",
     "When was the treaty of 1961 signed?"),
    (Turn("How long is parental leave?", "26 weeks."), "And for adoptive parents?",
     "How long is parental leave for adoptive parents?"),
    # Noun phrases that point back
    (TREATY, "What did the treaty say about help?",
     "What did the friendship treaty of 2000 say about help?"),
    (TALKS, "Who attended those talks?", "Who attended the talks in Hanoi?"),
    (VISIT, "How did Japan react to this?", "How did Japan react to this (Nixon; Beijing)?"),
    # Fragments
    (CLAUSE, "What about Clause 9?", "What does Clause 9 of the lease say?"),
    (FINLAND, "And Sweden?", "When did Sweden join NATO?"),
    (FINLAND, "Why?", "Why did Finland join NATO?"),
    (MINISTER, "And Denmark's?", "Who is Denmark's foreign minister?"),
    (MINISTER, "Since when?", "Since when is Espen Barth Eide Norway's foreign minister?"),
    (TROOPS, "And to Britain?", "How many troops did Rome send to Britain?"),
    (TROOPS, "When?", "When did Rome send troops to Gaul?"),
    (VETO, "And in 1967?", "What did France veto in 1967?"),
    (FLEMING, "And insulin?", "Who discovered insulin?"),
    (FLEMING, "Where?", "Where was it that Alexander Fleming discovered penicillin?"),
    (COUNCIL, "Why not?", "Why didn't the council approve the budget?"),
    (COUNCIL, "By how many votes?", "By how many votes did the council approve the budget?"),
    (COUNCIL, "Who voted against?", "Who voted against (the council; the budget)?"),
    (BRIDGE, "Tell me more.", "Tell me more about the length of the bridge."),
    (Turn("What was the first article about?", "Coal."), "And the second one?",
     "What was the second article about?"),
    (Turn("What is the population of Iceland?", "390,000."), "And of Norway?",
     "What is the population of Norway?"),
    (Turn("WHEN WAS THE TREATY SIGNED?", "In 1961."), "WHO SIGNED IT?", "Who signed the treaty?"),
    # As people go on
    (TREATY, "What does Article 1 of it say?",
     "What does Article 1 of the friendship treaty of 2000 say?"),
    (Turn("Where did the Vega sail?", "She sailed from Riga."), "Who owns it?",
     "Who owns the Vega?"),
    (Turn("Which tariffs did the US impose in May 2024?", "On steel."), "And the EU?",
     "Which tariffs did the EU impose in May 2024?"),
    (Turn("How did Peru react to the pact of June 2024?", "It protested."), "And the US?",
     "How did the US react to the pact of June 2024?"),
    (Turn("How did Peru react to the pact of June 2024?", "It protested."), "And in 2025?",
     "How did Peru react to the pact of June 2024 in 2025?"),
    (Turn("What does Article 4 of the 2024 pact say?", "Help is due."), "Article 3?",
     "What does Article 3 of the 2024 pact say?"),
    (Turn("What does Article 4 of the 2024 pact say?", "Help is due."), "And 16?",
     "What does Article 16 of the 2024 pact say?"),
    (Turn("What does rule 5 on hygiene require?", "Gloves."), "And rule 6?",
     "What does rule 6 require?"),
    (Turn("What are the Geneva Talks?", "Talks of Peru, Chile and Bolivia."),
     "Who took part in them?", "Who took part in the Geneva Talks?"),
    (Turn("Who received Alan Carter in Oslo?", "Espen Eide received Alan Carter."),
     "What did Carter give him?", "What did Carter give Espen Eide?"),
    (Turn("How many builders came?", "Some 5,000 military builders came."),
     "Where did they work?", "Where did some 5,000 military builders work?"),
]  # fmt: skip

COMPLETE = [
    "Why did Russia use its veto?",
    "What did Lavrov say when he arrived?",
    "Who put their names to the pact of 1961?",
    "Which of their ties did China and Russia mark?",
    "Is it true that Iceland has an army?",
    "How many articles are there in the pact?",
    "How many seasons of the show are there?",
    "Who claimed that Washington had no choice?",
    "How long does it take to build a ship?",
    "Does the lease say when it ends?",
    "Who is Kim Yo Jong and what is her role?",
]


@pytest.mark.parametrize(("turn", "question", "expected"), REWRITTEN)
def test_a_follow_up_stands_alone(turn: Turn, question: str, expected: str) -> None:
    found = make_standalone(question, [turn])
    assert found.question == expected
    assert found.follows
    assert found.context_weight == REWRITTEN_WEIGHT
    assert expected in found.note


@pytest.mark.parametrize("question", COMPLETE)
def test_a_complete_question_is_left_alone(question: str) -> None:
    assert make_standalone(question, [CLAUSE]).question == question


def test_a_chain_of_fragments_keeps_the_first_question() -> None:
    history = [CLAUSE, Turn("What about Clause 9?", "It fixes the term. [1]")]
    found = make_standalone("And Clause 11?", history)
    assert found.question == "What does Clause 11 of the lease say?"


def test_a_pronoun_reaches_over_a_turn_without_its_like() -> None:
    history = [FLEMING, Turn("Where is the museum?", "In London. [1]")]
    assert (
        make_standalone("When did he die?", history).question == "When did Alexander Fleming die?"
    )


@pytest.mark.parametrize("said", ["Thanks", "Are you sure?", "Who says so?"])
def test_small_talk_leaves_what_was_spoken_of(said: str) -> None:
    turns = [BRIDGE, Turn(said, "The articles do not say.")]
    assert make_standalone("Who built it?", turns).question == "Who built the bridge?"


def test_a_label_is_no_new_topic() -> None:
    standalone = make_standalone("What does Article 4 say?", [TREATY])
    assert standalone.follows and "new topic" not in standalone.note


def test_a_refusal_names_nothing() -> None:
    history = [Turn("Who founded the museum?", "The articles do not say.")]
    assert make_standalone("When was it opened?", history).question == "When was the museum opened?"


def test_a_new_topic_drops_the_history() -> None:
    question = "What is the population of Iceland?"
    found = make_standalone(question, [MINISTER])
    assert found == Standalone(question, False, "", 0.0, 0, found.note)
    assert "new topic" in found.note


def test_the_same_topic_keeps_its_context() -> None:
    named = make_standalone("Which states border Finland in the east?", [FINLAND])
    assert named.follows
    assert named.context == FINLAND.question
    assert named.context_weight == NAMED_WEIGHT
    nameless = make_standalone("What did the parties agree to?", [TREATY])
    assert nameless.context_weight == NAMELESS_WEIGHT


def test_the_real_embedder_tells_topics_apart(embedder: Embedder) -> None:
    def similarity(one: str, other: str) -> float:
        vectors = embedder.encode([one, other])
        return float(vectors[0] @ vectors[1])

    bread = make_standalone("How do I bake sourdough bread?", [TREATY], similarity)
    assert not bread.follows
    related = make_standalone("Which pacts did the Kremlin end later?", [TREATY], similarity)
    assert related.follows


def test_without_history_nothing_changes() -> None:
    assert make_standalone("Why?", []) == Standalone("Why?", False, "", 0.0, 0, "")


def test_a_long_history_is_cut_with_a_note() -> None:
    found = make_standalone("When did it stop applying?", [MINISTER] * 499 + [TREATY])
    assert found.dropped == 500 - MAX_TURNS
    assert f"last {MAX_TURNS} of 500" in found.note
    assert "friendship treaty" in found.question


def test_the_question_keeps_its_own_words() -> None:
    for turn, question, _ in REWRITTEN:
        found = make_standalone(question, [turn])
        assert len(stem_words(found.question)) >= len(stem_words(question)) - 2


PIECES_TEXT = """
When was it he she their that the treaty What about and Why there then one of Kim Kim's Article 4
2000 before that those ? . , ' s’ 's [1] ( is did How many
"""
PIECES = PIECES_TEXT.split()
TEXT = st.text(max_size=80) | st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(TEXT, st.lists(st.tuples(TEXT, TEXT), max_size=3))
def test_no_text_breaks_it(question: str, history: list[tuple[str, str]]) -> None:
    found = make_standalone(question, [Turn(*item) for item in history])
    assert found.follows or (found.question == question and not found.context)
    assert bool(question) <= bool(found.question)
    assert 0 <= found.context_weight <= 1


@pytest.mark.parametrize(
    ("question", "turn"),
    [
        ("Why is it so?", Turn("a" * 10_000, "b" * 10_000)),
        ("it " * 3_000, Turn("Who is he? " * 1_000, "He is Ann Lee. " * 1_000)),
        ("When did they meet?", Turn("Kim and Putin and " * 600, "Kim, Putin, " * 900)),
        ("What about Article 5?", Turn("Article 4 of the Article " * 400, "(" * 10_000)),
        ("\x00\ud800 it?", Turn("\u202e the treaty \u0301\u0301", "\ufdfa" * 5_000)),
    ],
)
def test_many_turns_take_no_longer_than_a_few(question: str, turn: Turn) -> None:
    few, many = (min(_time(question, [turn] * count) for _ in range(5)) for count in (8, 5_000))
    assert many < 3 * few


def _time(question: str, history: list[Turn]) -> float:
    started = time.perf_counter()
    make_standalone(question, history)
    return time.perf_counter() - started
