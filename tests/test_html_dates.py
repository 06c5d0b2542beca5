"""The date of a web page: what it tells of itself, not what its article is about."""

import pytest

from ingest.formats.html import parse_html
from tests.articles import make_html, make_text

PARAGRAPHS = make_text(1).split("\n\n")[1:]


def published(body: str = "", head: str = "") -> str | None:
    text = make_html("T", [PARAGRAPHS[0], f"</p>{body}<p>", PARAGRAPHS[1]], head)
    return parse_html(text).metadata.published


@pytest.mark.parametrize(
    "body",
    [
        "<p>The vote on 2019-06-12 was close.</p>",
        "<p>The vote of the council on 12.06.2019 was as close as those before it had been</p>",
        "<ul><li>On 12/06/2019 the bridge was opened.</li></ul>",
        "<p>It opens on <time datetime='2024-05-05'>5 May 2024</time> at nine, as ever.</p>",
        "<table><tr><th>Day</th><th>Vote</th></tr><tr><td>2019-06-12</td><td>no</td></tr></table>",
        "<dl><dt>Opened</dt><dd>2019-06-12</dd></dl>",
        "<p>We stopped charging fines on 1 July 2022.</p><p>Copyright 2019</p>",
        "<blockquote><p>Posted 2019-06-12</p></blockquote>",
    ],
)
def test_a_date_that_the_article_mentions_is_not_its_own(body: str) -> None:
    assert published(body) is None


@pytest.mark.parametrize(
    "body",
    [
        "<p>By Jane Doe <time datetime='2024-05-05'>Sunday</time></p>",
        "<p>By Jane Doe <time>2024-05-05</time></p>",
        "<time datetime='2024-05-05T10:00:00Z'>Sunday</time>",
        "<p>Posted on 2024-05-05</p>",
        "<p class='date'>5 May 2024</p>",
        "<ul class='meta'><li class='date'>5 May 2024</li></ul>",
        "<div><span class='post-date'>May 5, 2024</span></div>",
    ],
)
def test_a_line_of_its_own_tells_the_date(body: str) -> None:
    assert published(f"{body}<p>The vote on 2019-06-12 was close.</p>") == "2024-05-05"


@pytest.mark.parametrize(
    "head",
    [
        '<meta property="article:published_time" content="2024-11-02T09:00:00Z">'
        '<meta property="article:modified_time" content="2025-01-02T09:00:00Z">',
        '<meta name="date" content="2024-11-02">',
        '<meta name="dcterms.date" content="2 November 2024">',
        '<script type="application/ld+json">{"@type": "Article", "datePublished": "2024-11-02",'
        ' "dateModified": "2025-01-01"}</script>',
        '<link rel="canonical" href="https://example.org/2024/11/02/ministers">',
    ],
)
def test_the_head_of_a_page_tells_the_date(head: str) -> None:
    assert published("<p>The vote on 2019-06-12 was close.</p>", head) == "2024-11-02"
