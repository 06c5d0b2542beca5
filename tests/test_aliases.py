"""Aliases: what texts teach about spellings, questions expanded by them, the user's own file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.alias_patterns import find_pairs
from bot.aliases import Aliases, BadAliasFile, learn_aliases, read_alias_file
from ingest.store import Store
from tests.libraries import ROOT, open_words_bot


def pair(text: str) -> set[frozenset[str]]:
    """Return the pairs of names that a text teaches."""
    return {frozenset(found) for found in find_pairs(text)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The Harbour Rescue Service (HRS) was founded.", {"HRS", "Harbour Rescue Service"}),
        ("HRS (Harbour Rescue Service) was founded.", {"HRS", "Harbour Rescue Service"}),
        ("the Institute for the Study of Tides (IST)", {"IST", "Institute for the Study of Tides"}),
        ("the Department of Defense (DoD)", {"DoD", "Department of Defense"}),
        ("the Fishers' Union of Norway, or FUN, met", {"FUN", "Fishers' Union of Norway"}),
        ("an intercontinental ballistic missile (ICBM)",
         {"ICBM", "intercontinental ballistic missile"}),
        ("many remotely operated vehicles (ROVs)", {"ROV", "remotely operated vehicles"}),
        ("the port of Rajin (Najin)", {"Rajin", "Najin"}),
        ("Oleksandr Usyk (Olexandr Usik) won", {"Oleksandr Usyk", "Olexandr Usik"}),
        ("The 11th Corps, also called the Storm Corps, marched.", {"11th Corps", "Storm Corps"}),
        ("Burma is also known as Myanmar.", {"Burma", "Myanmar"}),
        ("Ann Lee, in full Ann Maria Lee, sings.", {"Ann Lee", "Ann Maria Lee"}),
        ("Istanbul, formerly Constantinople, grew.", {"Istanbul", "Constantinople"}),
        ("X Corp (formerly known as Twitter) said", {"X Corp", "Twitter"}),
        ("HRS stands for the Harbour Rescue Service.", {"HRS", "Harbour Rescue Service"}),
        ("SBU is the abbreviation for the Security Service of Ukraine.",
         {"SBU", "Security Service of Ukraine"}),
        ("JCS stands for the Joint Chiefs of Staff of Latvia.", {"JCS", "Joint Chiefs of Staff"}),
    ],
)  # fmt: skip
def test_a_text_teaches_other_names(text: str, names: set[str]) -> None:
    assert pair(text) == {frozenset(names)}


@pytest.mark.parametrize(
    "text",
    [
        "Mitch Brown (KPA) spoke.",
        "A general (Reconnaissance Bureau) spoke.",
        "resolution 1874 (2009)",
        "in the spring (March 2022)",
        "Korea (Korean) and Niger (Nigeria)",
        "Kim Jong Il (Kim Jong Un) led it.",
        "the launch on Monday (Tuesday in Tokyo)",
        "special forces of North Korea, also called the Storm Corps, marched",
        "Antony Blinken, formerly Secretary of State, spoke.",
        "Ann Lee, in full sail, left.",
        "HUR is the abbreviation for Ukraine's military intelligence.",
        "MPO-ANCA (P-ANCA) was found.",
        "he also called the Mayor",
        "a paper (AP)",
        "(ABC)",
        "( ) ()",
    ],
)
def test_what_is_no_other_name_is_not_learnt(text: str) -> None:
    assert pair(text) == set()


def test_an_acronym_of_two_things_is_not_learnt_unless_one_prevails() -> None:
    tides, tin = "the Institute for Tides (IFT). ", "the Indian Federation of Tin (IFT). "
    assert learn_aliases([tides, tin]).expand("What is the IFT?") == ()
    assert learn_aliases([tides * 3, tin]).expand("What is the IFT?") == ("Institute for Tides",)


def test_a_library_may_use_a_worldwide_acronym_for_something_else() -> None:
    aliases = learn_aliases(["The Women's Hockey Organisation (WHO) met. The WHO won."])
    assert aliases.expand("Who runs the WHO?") == ("Women's Hockey Organisation",)


TEXTS = (
    "The National Tide Service (NTS) measures tides. Erdoğan and Müller came from Rajin (Najin).",
    "Choe Son-hui met Kim Jong Un. The DPRK and the United States spoke; so did North Korea.",
    "The People’s Harbour Board met in Iceland, and the NTS saw it in Iceland.",
)
ALIASES = learn_aliases(TEXTS)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does the NTS measure?", ("National Tide Service",)),
        ("What does the NTS's head say?", ("National Tide Service",)),
        ("what does the nts measure?", ("National Tide Service",)),
        ("What is the National Tide Service?", ("NTS",)),
        ("Where is Najin?", ("Rajin",)),
        ("Who is Erdogan?", ("Erdoğan",)),
        ("Who is Mueller?", ("Müller",)),
        ("Who is Muller?", ("Müller",)),
        ("Who is Choe Sonhui?", ("Son hui",)),
        ("What did North Korea do?", ("DPRK",)),
        ("What did the US do?", ("United States",)),
        ("What did the U.S. do?", ("United States",)),
        ("Tell us what it is.", ()),
        ("Who is Kim Jong Un?", ()),
        ("WHO MET US IN SOUTH AMERICA?", ()),
        ("What happened in Latin America?", ()),
        ("How was denuclearisation checked?", ("denuclearization",)),
        ("Who promised to rise?", ()),
        ("", ()),
    ],
)
def test_questions_are_expanded_by_spellings_of_the_library(
    question: str, expected: tuple[str, ...]
) -> None:
    assert ALIASES.expand(question) == expected


def test_a_spelling_that_the_library_hardly_uses_is_not_offered() -> None:
    aliases = learn_aliases(["The DPRK spoke. " + "North Korea spoke. " * 20])
    assert aliases.expand("What did North Korea say?") == ()
    assert aliases.expand("What did the DPRK say?") == ("North Korea",)
    counts = {"defenc": 30, "defens": 1, "labor": 0, "labour": 2}
    assert ALIASES.expand("defence of labour", lambda stem: counts.get(stem, 0)) == ()
    assert ALIASES.expand("defense of labor", lambda stem: counts.get(stem, 0)) == (
        "defence", "labour",
    )  # fmt: skip


def test_a_name_with_dots_is_offered_where_the_library_writes_it_so() -> None:
    aliases = learn_aliases(["The U.S. Navy and the U.S. Army came."])
    assert "U.S." in aliases.expand("What did the US send?")


def test_normalised_texts_name_things_alike() -> None:
    one = ALIASES.normalise(
        "The National Tide Service's head met the Democratic People's Republic of Korea."
    )
    assert one == ALIASES.normalise("The NTS's head met the DPRK.")
    assert ALIASES.normalise("A plain text, “quoted”.") == "A plain text, “quoted”."


def test_governments_are_not_their_capitals() -> None:
    aliases = learn_aliases(["Moscow, Russia, Washington and the US, Beijing and China met."])
    for city in ("Moscow", "Washington", "Beijing"):
        assert not {"Russia", "US", "China"} & set(aliases.expand(f"What did {city} say?"))


@given(
    st.lists(
        st.sampled_from(("the", "NTS", "National Tide Service", "met", "US", "(", "Najin", "."))
    )
)
def test_normalising_twice_is_normalising_once(words: list[str]) -> None:
    once = ALIASES.normalise(" ".join(words))
    assert ALIASES.normalise(once) == once


@given(st.text(max_size=400))
def test_any_text_teaches_without_harm(text: str) -> None:
    aliases = learn_aliases([text])
    assert all(len(set(group)) > 1 for group in aliases.groups)


def test_a_file_of_names(tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_text("# ours\n\nNTS = the tide people  # nickname\nLima=Ciudad de los Reyes = CdR\n")
    groups = read_alias_file(file)
    assert groups == (("NTS", "the tide people"), ("Lima", "Ciudad de los Reyes", "CdR"))
    aliases = learn_aliases(TEXTS, groups)
    assert set(aliases.expand("Who are the tide people?")) == {"NTS", "National Tide Service"}
    assert set(aliases.expand("Where is Lima?")) == {"Ciudad de los Reyes", "CdR"}


@pytest.mark.parametrize("line", ["NTS", "NTS =", "= NTS", "NTS = = tides", "NTS = ?"])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "names.txt"
    file.write_text(f"A = B\n{line}\n")
    with pytest.raises(BadAliasFile, match=r"names\.txt:2: .*write: "):
        read_alias_file(file)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_bytes(b"\xff\xfe\x00A")
    with pytest.raises(BadAliasFile, match=r"names\.txt: not UTF-8"):
        read_alias_file(file)


@pytest.fixture(scope="module")
def corpus_aliases(tmp_path_factory: pytest.TempPathFactory) -> Aliases:
    """What the articles of corpus/ teach."""
    folder = tmp_path_factory.mktemp("names") / "library"
    open_words_bot(ROOT / "corpus", folder).close()
    with Store(folder) as store:
        texts = [article.text for article in store.list_articles()]
    return learn_aliases(texts)


@pytest.mark.parametrize(
    ("question", "spelling"),
    [
        ("What is the MSMT?", "Multilateral Sanctions Monitoring Team"),
        ("What is the Workers' Party of Korea?", "WPK"),
        ("What did the Democratic People's Republic of Korea sign?", "North Korea"),
        ("Where is Najin?", "Rajin"),
        ("What is the 11th Corps?", "Storm Corps"),
        ("Which intercontinental ballistic missile flew?", "ICBM"),
        ("Who is Choe Sonhui?", "Son Hui"),
        ("What is the NPT?", "Non-Proliferation Treaty"),
    ],
)
def test_the_corpus_teaches_its_names(
    corpus_aliases: Aliases, question: str, spelling: str
) -> None:
    assert spelling in corpus_aliases.expand(question)


def test_names_are_listed_with_their_other_spellings() -> None:
    aliases = learn_aliases(["The Harbour Rescue Service (HRS) was founded."])
    assert aliases.list_spellings("Who leads the HRS?") == [("HRS", "Harbour Rescue Service")]
    assert aliases.list_spellings("Who leads it?") == []


def test_a_slip_of_the_pen_is_near_a_name_of_the_library() -> None:
    aliases = learn_aliases(["He lives near Erasmus University, by the Koninginnebrug."])
    assert aliases.is_misspelt("Eramus University") and aliases.is_misspelt("Koninginne Bridge")
    assert not aliases.is_misspelt("Mongolia") and not aliases.is_misspelt("Erasmus")


@pytest.mark.parametrize(
    "text",
    ["the Aa" + "-a" * 60 + "1 (Bb)", "a " * 36 + "(X" + "A" * 11 + ")"],
)  # fmt: skip
def test_names_that_could_be_read_in_many_ways_are_read_once(text: str) -> None:
    # Each of these once took days.
    assert pair(text) == set()
