"""References: sections by number, articles by position, title, author and date."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.aliases import learn_aliases
from bot.labels import find_places
from bot.refer import ReferenceIndex, resolve_references
from bot.reference import Reference, References
from ingest.clean import Article, join_blocks
from ingest.formats.block import Block
from ingest.store import Store
from tests.libraries import ROOT, open_words_bot

LEASE = """# 1. Parties
The owner lets the mill to the tenant.
# 2. Scope
The lease covers the mill and its pond.
## 2.1 The mill
The wheel belongs to the mill.
## 2.2 The pond
The pond is shared.
# 3. Duties
The tenant keeps the weir.
(a) The weir is cleaned each spring.
(b) The gates are painted each autumn.
(c) The meadow is mown.
# 14. Notice
Notice is given in writing."""
PACT = """The pact of Lima was signed in 1931.
# Article 4: fishing rights
Boats of both countries fish in the bay.
# Article 14: visas
Sailors need no visa.
# Article 42: disputes
Disputes go to a court in Lima.
# What followed
Under Article 5 of the pact of Lima, the lighthouse is shared. Article 7 lapsed."""
UNION = """The union of Riga was founded in 1952.
# Older pacts
Article IV of the pact of Lima is copied in the founding treaty.
# Its own law
Article IV of the Riga treaty sets the tariff for rye. The union's Article 5 bars other tariffs.
# Chapter III: courts
A court sits in Riga."""


def make_article(
    title: str, body: str, author: str | None = None, published: str | None = None
) -> Article:
    """Make an article of lines: "#" begins a heading, "-" a list item, others are paragraphs."""
    blocks = []
    for line in body.splitlines():
        level = len(line) - len(line.lstrip("#"))
        blocks.append(Block("heading" if level else "paragraph", line.lstrip("# "), level))
    text, headings = join_blocks(tuple(blocks))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    name = title.lower().replace(" ", "-")
    return Article(
        name, f"{name}.md", title, text, headings, sha256, sha256, author, published
    )  # fmt: skip


ARTICLES = (
    make_article("The lease of the mill", LEASE, "Anna Berg", "2023-05-02"),
    make_article("The pact of Lima", PACT, "Juan Pérez", "2024-03-09"),
    make_article("The union of Riga and its tariffs", UNION, "Anna Berg", "2024-11-30"),
    make_article("Rye harvests", "Rye grew well. Harvests were early.", "Ilze Ozola", "2022-01-01"),
)
INDEX = ReferenceIndex(ARTICLES)


def find_texts(question: str) -> list[str]:
    """Return the texts that a question refers to, the surest first."""
    texts = {article.article_id: article.text for article in ARTICLES}
    return [texts[item.article_id][item.start : item.end] for item in INDEX.resolve(question).spans]


def find_ids(question: str, order: tuple[str, ...] = ()) -> list[str]:
    return [item.article_id for item in INDEX.resolve(question, order).spans]


@pytest.mark.parametrize("label", ["Article 4", "Art. 4", "article four", "Article IV"])
def test_arabic_roman_and_written_numbers_are_equal(label: str) -> None:
    (text,) = find_texts(f"What does {label} of the pact of Lima allow?")
    assert text.startswith("Article 4: fishing rights") and "Article 14" not in text


def test_a_number_is_not_the_beginning_or_end_of_another() -> None:
    assert find_texts("What is in Article 42?")[0].startswith("Article 42: disputes")
    assert find_texts("What is in Article 14?")[0].startswith("Article 14: visas")
    assert find_texts("What is in Article 44?") == []
    assert find_texts("What is in Article 144?") == []


def test_the_document_named_beside_the_number_decides() -> None:
    assert find_texts("What does Article 4 of the Riga treaty set?") == [
        "Article IV of the Riga treaty sets the tariff for rye."
    ]
    assert find_texts("What is Article 5 of the pact of Lima about?") == [
        "Under Article 5 of the pact of Lima, the lighthouse is shared."
    ]
    assert find_texts("What does the union's Article 5 bar?")[0].startswith("The union's Article 5")


def test_without_a_heading_sentences_with_the_label_are_meant() -> None:
    assert find_texts("What happened to Article 7?") == ["Article 7 lapsed."]
    (found,) = INDEX.resolve("What happened to Article 7?").spans
    assert found.kind == "label" and 0 < found.weight < 1


def test_other_labels_than_articles() -> None:
    assert find_texts("Summarise chapter 3")[0].startswith("Chapter III: courts")
    assert find_texts("Summarise chapter 4") == []
    assert find_texts("What does section 2 cover?")[0].startswith("2. Scope")
    assert find_texts("What does § 14 say?")[0].startswith("14. Notice")


def test_a_section_reaches_to_the_next_heading_of_its_level() -> None:
    text = find_texts("What does section 2 cover?")[0]
    assert text.rstrip().endswith("The pond is shared.")


def test_sections_within_sections() -> None:
    assert find_texts("What does section 2.1 say?")[0].strip() == (
        "2.1 The mill\n\nThe wheel belongs to the mill."
    )
    assert find_texts("What does section 3(b) say?")[0].strip() == (
        "(b) The gates are painted each autumn."
    )
    assert find_texts("And section 3 (a)?")[0].strip() == "(a) The weir is cleaned each spring."


def test_lists_and_ranges_of_numbers() -> None:
    both = find_texts("Compare Articles 4 and 42 of the pact of Lima")
    assert {text.split(":")[0] for text in both} == {"Article 4", "Article 42"}
    starts = {text[:2] for text in find_texts("Explain sections 1 to 3")}
    assert starts == {"1.", "2.", "3."}


def test_letters_after_a_number_are_no_range() -> None:
    code = make_article("The code", "# Part 2-CIVIL PROCEDURE\nA court sits. See Part 1-ILL.")
    assert ReferenceIndex((code,)).resolve("What does Article 4 say?").spans == ()
    ReferenceIndex((code,)).resolve("What does Part 1-CIVIL say?")


def test_ranges_upon_ranges_are_not_all_spelt_out() -> None:
    article = make_article("The code", "See Article 1" + "–31–1" * 2000 + ".")
    assert len(list(find_places(0, article))) <= 60


def test_the_second_article_of_a_treaty_is_none_of_the_library() -> None:
    (text,) = find_texts("What does the fourth article of the pact of Lima allow?")
    assert text.startswith("Article 4: fishing rights")
    (text,) = find_texts("In the pact of Lima, what does the fourth article allow?")
    assert text.startswith("Article 4: fishing rights")


def test_the_last_article_of_a_document_has_its_highest_number() -> None:
    (text,) = find_texts("What does the last article of the pact of Lima say?")
    assert text.startswith("Article 42: disputes")
    (text,) = find_texts("What does the final article of the Riga treaty set?")
    assert text.startswith("Article IV of the Riga treaty")
    assert find_texts("What does the last article of the constitution say?") == []


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What does Article 1 of the treaty of 2000 say?", ("Article 1 of the treaty of 2000",)),
        ("What does the 1931 treaty's Article 1 say?", ("Article 1 of the 1931 treaty",)),
        ("In the treaty of 1931, what does Article 1 say?", ("Article 1 of the treaty of 1931",)),
        ("What does Article 1 of the constitution say?", ("Article 1 of the constitution",)),
        ("What does Article 1 of the 1961 agreement say?", ()),
        ("What does Article 1 of the deal say?", ()),
        ("What does Article 23 of the treaty of 1961 say?", ("Article 23 of the treaty of 1961",)),
        ("What does Article 23 of the 2024 treaty say?", ()),
    ],
)
def test_an_article_of_another_document_is_missing(question: str, missing: tuple[str, ...]) -> None:
    treaties = make_article(
        "Old and new treaties",
        "Article 1 of the 1961 treaty promises help. Article 1 of the 2024 treaty is a greeting. "
        "Under Article 23, the 2024 treaty runs without limit. Then Article 1 was read out.",
    )
    assert ReferenceIndex([treaties]).resolve(question).missing == missing


def test_articles_by_position() -> None:
    assert find_ids("What is the second article about?") == ["the-pact-of-lima"]
    assert find_ids("Summarise the last article") == ["rye-harvests"]
    assert find_ids("What does the third piece say?") == ["the-union-of-riga-and-its-tariffs"]
    assert find_ids("the 9th article") == []


def test_articles_by_position_as_the_reader_sees_them() -> None:
    order = ("rye-harvests", "gone", "the-lease-of-the-mill")
    assert find_ids("What does the second article say?", order) == ["the-lease-of-the-mill"]


@pytest.mark.parametrize(
    ("question", "article"),
    [
        ("What does the article on the mill say?", "the-lease-of-the-mill"),
        ("What did the piece about the Lima pact report?", "the-pact-of-lima"),
        ("What is in the story titled 'Rye harvests'?", "rye-harvests"),
        ("According to the Riga union article, who pays?", "the-union-of-riga-and-its-tariffs"),
        ("What does “Rye harvests” say?", "rye-harvests"),
        ("What does the piece by Juan Perez say?", "the-pact-of-lima"),
        ("What does Ozola say in the article by Ilze Ozola?", "rye-harvests"),
        ("What does the article of March 2024 say?", "the-pact-of-lima"),
        ("What does the article from 30 November 2024 say?", "the-union-of-riga-and-its-tariffs"),
        ("What does the 2022 article say?", "rye-harvests"),
        ("What does the article by Anna Berg on the mill say?", "the-lease-of-the-mill"),
        ("What does the newest article say?", "the-union-of-riga-and-its-tariffs"),
        ("What does the oldest article say?", "rye-harvests"),
    ],
)  # fmt: skip
def test_articles_by_title_author_and_date(question: str, article: str) -> None:
    assert find_ids(question) == [article]


def test_several_articles_by_one_author_are_less_sure() -> None:
    found = INDEX.resolve("What do the articles say? I mean the article by Anna Berg.").spans
    assert {item.article_id for item in found} == {
        "the-lease-of-the-mill", "the-union-of-riga-and-its-tariffs",
    }  # fmt: skip
    assert all(item.kind == "author" and item.weight < 0.9 for item in found)


@pytest.mark.parametrize(
    "question",
    [
        "Which article deals with visas?",
        "How many articles are there in the pact?",
        "What does the article say?",
        "What does the article on boats and wheels say?",
        "Does the article of faith matter?",
        "What are the two story lines of Riga?",
        "What is the Riga piece feature?",
        "Who wrote the third story line?",
        "What part did Lima play?",
        "Is article I read yesterday here?",
        "Who signed the pact of Lima?",
        "",
    ],
)
def test_what_refers_to_nothing(question: str) -> None:
    assert INDEX.resolve(question) == References()


def test_sections_by_their_subject() -> None:
    (text,) = find_texts("What does the section on disputes say?")
    assert text.startswith("Article 42: disputes")


def test_names_are_matched_under_other_spellings() -> None:
    aliases = learn_aliases([], [("Riga", "Rīga"), ("the union of Riga", "UR")])
    (found,) = resolve_references("What does the article on the UR say?", ARTICLES, aliases).spans
    assert found.article_id == "the-union-of-riga-and-its-tariffs"


def test_a_span_weighs_the_passages_that_it_meets() -> None:
    references = References((Reference("a", 10, 20, "label", "Article 4", 0.7),))
    assert references.weigh("a", 0, 11) == references.weigh("a", 19, 30) == 0.7
    assert references.weigh("a", 0, 10) == references.weigh("b", 10, 20) == 0.0


@given(st.text(max_size=200))
def test_any_question_gives_spans_within_articles(question: str) -> None:
    lengths = {article.article_id: len(article.text) for article in ARTICLES}
    for item in INDEX.resolve(question).spans:
        assert 0 <= item.start < item.end <= lengths[item.article_id]
        assert 0 < item.weight <= 1 and item.words


@given(
    st.sampled_from(["Article", "Art.", "article", "section", "§", "chapter", "clause"]),
    st.integers(1, 60),
    st.sampled_from(["", " of the pact of Lima", " of the Riga treaty", " of 1931"]),
)
def test_a_reference_never_leads_to_another_number(label: str, number: int, document: str) -> None:
    romans = {3: "III", 4: "IV"}
    for text in find_texts(f"What does {label} {number}{document} say?"):
        numbers = {str(number), romans.get(number, "-")}
        assert any(f" {form}" in f" {text}" for form in numbers)
        assert not text.startswith(
            (f"Article {number}0", f"Article {number}1", f"Article {number}2")
        )


def test_an_empty_library_and_one_without_headings_have_nothing_to_refer_to() -> None:
    for question in ("What does the article on Article 4 say?", "What does the last article say?"):
        assert ReferenceIndex(()).resolve(question).spans == ()
    plain = make_article("Plain", "Nothing is numbered here.")
    assert ReferenceIndex((plain,)).resolve("What does Article 4 say?").spans == ()


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("What does Article 44 say?", ("Article 44",)),
        ("What does Article 4 say?", ()),
        ("What is in clause 9 or in Article 42?", ("clause 9",)),
        ("What did the 14th amendment say?", ()),
        ("What is in Articles 4 and 99?", ()),
        ("What is in Article 42 (2017)?", ()),
    ],
)
def test_a_label_that_no_article_has_is_missing(question: str, missing: tuple[str, ...]) -> None:
    assert INDEX.resolve(question).missing == missing


def test_a_number_may_have_its_sign() -> None:
    index = ReferenceIndex((make_article("Rules", "Clause No. 7 is on noise."),))
    assert index.resolve("What does clause 7 say?").missing == ()


HANDBOOK = make_article(
    "The handbook",
    "# 3 Safety\n3.2 Wear no rings.\n\nThey catch in belts.\n\n3.3 Wear shoes.\n\n"
    "# Method\nStep 6. Cool it.\n\nStep 7. Spin it for five minutes.\n\n1. Weigh it.",
)


@pytest.mark.parametrize(
    ("question", "begins", "ends"),
    [
        ("What does rule 3.2 say?", "3.2 Wear no rings", "in belts."),
        ("What is done in step 7?", "Step 7. Spin", "minutes."),
        ("What is item 1 of the method?", "1. Weigh", "it."),
        ("What is in section 3?", "3 Safety", "shoes."),
    ],
)
def test_numbers_of_rules_steps_and_headings(question: str, begins: str, ends: str) -> None:
    found = ReferenceIndex((HANDBOOK,)).resolve(question).spans[0]
    text = HANDBOOK.text[found.start : found.end].strip()
    assert text.startswith(begins) and text.endswith(ends)


@pytest.fixture(scope="module")
def corpus_index(tmp_path_factory: pytest.TempPathFactory) -> ReferenceIndex:
    """The references of corpus/, with what its texts teach about names."""
    folder = tmp_path_factory.mktemp("refer") / "library"
    open_words_bot(ROOT / "corpus", folder).close()
    with Store(folder) as store:
        articles = store.list_articles()
    return ReferenceIndex(articles, learn_aliases(article.text for article in articles))


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("What does Article 3 of the 2024 treaty say?", "Article 3: consultation"),
        ("What does Article 16 of the 2024 treaty say?", "Article 16: unilateral"),
        ("What does NATO's Article 5 say?", "NATO's Article 5"),
        ("What does Article 5 of the 1961 treaty say?", "Article 5 of the 1961 treaty states"),
        ("And the second article of the 1961 treaty?", "Article 2 of the 1961 treaty forbids"),
        ("Article III of the US–South Korea treaty?", "Under Article III of the US–South Korea"),
        ("What does Chapter VII of the UN Charter say?", "The sanctions resolutions rest on"),
        ("What does the section on the limousine say?", "Gifts and the Aurus limousine"),
        ("What did the piece on the Pyongyang summit say?", "The Pyongyang summit was"),
    ],
)
def test_references_into_the_corpus(
    corpus_index: ReferenceIndex, question: str, start: str
) -> None:
    texts = {article.article_id: article.text for article in corpus_index.articles}
    first = corpus_index.resolve(question).spans[0]
    assert texts[first.article_id][first.start : first.end].startswith(start)
