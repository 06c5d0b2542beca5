"""Follow-ups as people type them: half left out, in small letters, with slips of grammar."""

import pytest

from bot.follow import Turn, make_standalone

LEAVE = Turn("How long is maternity leave?", "Maternity leave is 24 weeks. [1]")
DAYS = Turn("How many days of annual leave do full-time employees get?", "They get 25 days. [1]")
PUMP = Turn("How much does the Aqua 300 cost?", "It costs 449 euros. [1]")
MARSH = Turn("Who did Elena Marsh marry?", "Elena Marsh married Lars Holm in Bergen. [1]")
ALDERN = Turn("Who built the Aldern?", "She was built by Burmeister & Wain in Oslo. [1]")
VISIT = Turn("Who visited Lima in June 1931?", "Ivanov visited Lima. [1]")
GOALS = Turn("How many goals did Jamal Okafor score?", "Okafor scored 24 goals. [1]")
NEWT = Turn("What is the saddled newt?", "It lives in Austria, Italy and Slovenia. [1]")
PEOPLE = Turn("How many people lived in Riga in 1850?", "Some 31,000 people. [1]")

REWRITTEN = [
    # Complete questions keep their own complements.
    (Turn("When was the treaty with Peru signed?", "In 1961."),
     "When was the treaty with Chile signed?", "When was the treaty with Chile signed?"),
    (Turn("What caused the war in Peru?", "A border."), "When did the war in Chile end?",
     "When did the war in Chile end?"),
    (Turn("How much is the fine for breaches of Section 3?", "50 euros."),
     "How much is the fine for breaches of Section 4?",
     "How much is the fine for breaches of Section 4?"),
    # Nouns that may be verbs
    (LEAVE, "and paternity leave?", "How long is paternity leave?"),
    (LEAVE, "how early do i have to announce it?",
     "How early do i have to announce maternity leave?"),
    (Turn("How often is sick leave refused?", "Never."), "how is it paid?",
     "How is sick leave paid?"),
    # In the place of its like
    (DAYS, "ok and for part-time staff", "How many days of annual leave do part-time staff get?"),
    (Turn("How much is a ticket?", "5 euros."), "and for kids?", "How much is a ticket for kids?"),
    (PUMP, "and the 500?", "How much does the Aqua 500 cost?"),
    (PEOPLE, "1910?", "How many people lived in Riga in 1910?"),
    (Turn("What was ES-11/4 about?", "Land."), "and ES-11/5", "What was ES-11/5 about?"),
    (Turn("What was the biggest win of the Rovers?", "6-0."), "and the heaviest defeat?",
     "What was the heaviest defeat of the Rovers?"),
    (Turn("What does the red light mean?", "Empty."), "and the orange one?",
     "What does the orange light mean?"),
    (Turn("How far did the Rovers get in the FA Cup?", "Far."), "and the League Cup?",
     "How far did the Rovers get in the League Cup?"),
    (Turn("How did China vote?", "No."), "same question for Japan", "How did Japan vote?"),
    (Turn("When did China join?", "In 1931."), "did Peru do it too?", "When did Peru join?"),
    (Turn("Where did Ann Lee work in 1950?", "In Oslo."), "and after that?",
     "Where did Ann Lee work after 1950?"),
    # In small letters
    (Turn("How did Japan vote on ES-11/1?", "No."), "and china?", "How did China vote on ES-11/1?"),
    (GOALS, "and prado?", "How many goals did Prado score?"),
    (Turn("who managed the rovers?", "Tony Beale managed the Rovers."), "who did he replace?",
     "Who did Tony Beale replace?"),
    # Asked anew
    (MARSH, "where was that", "Where did Elena Marsh marry Lars Holm?"),
    (Turn("How far in advance must annual leave be requested?", "Two weeks."),
     "where do I do that?", "Where must annual leave be requested?"),
    (ALDERN, "for whom?", "For whom was the Aldern built?"),
    (Turn("Did Peru send shells?", "No."), "how come?", "Why did Peru send shells?"),
    (Turn("Who signed the pact of 1931?", "Ivanov."), "who else?",
     "Who else signed the pact of 1931?"),
    (Turn("What did Elena Marsh study?", "She studied at the University of Leeds."), "where",
     "Where did Elena Marsh study?"),
    (Turn("can i carry leave over?", "Yes."), "how many days",
     "How many days can i carry leave over?"),
    (Turn("How many lunar tests were there?", "Six."), "when was the first?",
     "When was the first lunar test?"),
    # Who and what is meant
    (NEWT, "what do they eat", "What do the saddled newt eat"),
    (ALDERN, "when was she launched?", "When was the Aldern launched?"),
    (VISIT, "Has Eide been there as well?", "Has Eide been in Lima as well?"),
    (Turn("When did Finland join the EU?", "In 1995."), "when did it leave?",
     "When did Finland leave?"),
    (Turn("What does section 3 of the code say?", "It bars fires."), "who does it apply to?",
     "Who does section 3 of the code apply to?"),
    (Turn("What does section 2 of the code say?", "It bars fires."), "sec. 3",
     "What does section 3 of the code say?"),
    (Turn("Who is the mayor?", "Kim Berg is the mayor."), "whats her party?",
     "What's Kim Berg's party?"),
    (Turn("Is annual leave paid?", "Annual leave is paid."), "did she get help?",
     "Did she get help (annual leave)?"),
    # What was made to stand alone stays so.
    (LEAVE, "For fathers (maternity leave)?", "For fathers (maternity leave)?"),
]  # fmt: skip


@pytest.mark.parametrize(("turn", "question", "expected"), REWRITTEN)
def test_a_follow_up_says_what_was_meant(turn: Turn, question: str, expected: str) -> None:
    assert make_standalone(question, [turn]).question == expected


def test_there_is_no_new_topic() -> None:
    found = make_standalone("Has Eide been there as well?", [VISIT], lambda *_: 0.0)
    assert found.follows
