"""An article and answers on it, for the tests of the page's HTML."""

from bot.cite import REFUSAL, Answer, cite, quote_sentences
from ingest.clean import Article, Heading

TEXT = "The first sentence. The second one.\n\nArticle 4\n\nEach party helps."
ARTICLE = Article(
    article_id="treaty",
    path="/articles/treaty.md",
    title="The treaty",
    text=TEXT,
    headings=(Heading(37, 46, 2),),
    sha256="0" * 64,
    file_sha256="1" * 64,
    published="2024-06-19",
    sources=("example.org/treaty",),
)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


def make_answer(article: Article = ARTICLE, *, refused: bool = False) -> Answer:
    """Return an answer with one citation, or a refusal with one nearest passage."""
    citation = cite(1, article, 0, 19, "Lead")
    text = REFUSAL if refused else f"{citation.quote} [1]"
    cited, nearest = ((), (citation,)) if refused else ((citation,), ())
    said = quote_sentences(cited)
    return Answer("What?", "What?", text, refused, 0.9, cited, nearest, {}, said)
