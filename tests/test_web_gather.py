"""Pages, feeds and sitemaps become articles; the second time only what changed is sent."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.pages import Gathered, list_pages
from ingest.store import Store
from ingest.sync import Report, sync
from ingest.web import gather as gather_module
from ingest.web.feed import is_feed, read_feed
from ingest.web.fetch import FetchError
from ingest.web.gather import gather_pages
from ingest.web.robots import Manners
from tests.articles import WordEmbedder, make_html, make_pdf
from tests.web_server import Reply, WebServer, redirect, serve_web

XML = "application/xml"


@pytest.fixture(scope="module")
def running() -> Iterator[WebServer]:
    with serve_web() as server:
        yield server


@pytest.fixture
def web(running: WebServer) -> WebServer:
    """A server without replies yet."""
    running.replies.clear()
    running.asked.clear()
    running.headers.clear()
    return running


def make_page(number: int, words: str = "opened", **headers: str) -> Reply:
    text = f"The harbour number {number} was {words} by the committee of the city in May."
    head = "<link rel='canonical' href='https://elsewhere.test/'>"
    body = make_html(f"Harbour {number}", [text, text.replace("harbour", "ferry")], head)
    return Reply(body.encode(), headers=headers)


def ingest(
    web: WebServer, library: Path, *paths: str, remove_missing: bool = False
) -> tuple[Gathered, Report]:
    gathered = gather_pages(map(web.url, paths), library, web.policy())
    report = sync(
        [], library, WordEmbedder(), gathered=gathered, remove_missing=remove_missing
    )  # fmt: skip
    return gathered, report


def test_a_page_is_cited_by_its_address(web: WebServer, tmp_path: Path) -> None:
    library = tmp_path / "library"
    web.replies |= {"/old": redirect("/news/first.html"), "/news/first.html": make_page(1)}
    _, report = ingest(web, library, "/old")
    assert (report.added, report.failed) == (1, ())
    with Store(library) as store:
        [article] = store.list_articles()
    assert article.title == "Harbour 1" and article.article_id.startswith("site-test-news-first-")
    assert article.source == article.url == web.url("/news/first.html")
    assert Path(article.path).parent == (library / "pages").resolve()


def test_what_has_not_changed_is_not_sent_again(web: WebServer, tmp_path: Path) -> None:
    library = tmp_path / "library"
    web.replies |= {
        "/a": make_page(1, ETag='"1"'),
        "/b": make_page(2, **{"Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}),
    }
    ingest(web, library, "/a", "/b")
    web.headers.clear()
    _, report = ingest(web, library, "/a", "/b")
    assert (report.unchanged, report.files) == (2, 2)
    sent = [item for item in web.headers if "if-none-match" in item or "if-modified-since" in item]
    assert [item.get("if-none-match") for item in sent] == ['"1"', None]
    assert sent[1]["if-modified-since"] == "Mon, 01 Jan 2024 00:00:00 GMT"
    web.replies["/a"] = make_page(1, "closed", ETag='"2"')
    _, report = ingest(web, library, "/a", "/b")
    assert (report.changed, report.unchanged, report.articles) == (1, 1, 2)
    # Its file is gone: it is asked for as if for the first time.
    Path(list_pages(library)[web.url("/b")].path).unlink()
    web.headers.clear()
    ingest(web, library, "/b")
    assert not any("if-modified-since" in item for item in web.headers)


def test_a_page_that_is_gone_is_told_and_removed_when_wished(
    web: WebServer, tmp_path: Path
) -> None:
    library = tmp_path / "library"
    web.replies |= {"/a": make_page(1), "/b": make_page(2)}
    ingest(web, library, "/a", "/b")
    web.replies["/a"] = Reply(status=410)
    gathered, report = ingest(web, library, "/a")
    assert [page.asked for page in gathered.gone] == [web.url("/a")]
    assert "gone" in report.failed[0].reason and report.articles == 2
    _, report = ingest(web, library, "/a", remove_missing=True)
    assert (report.removed, report.failed, report.articles) == (1, (), 1)
    assert list_pages(library).keys() == {web.url("/b")}
    gathered, _ = ingest(web, library, "/a", "/never")
    assert [reason for _, reason in gathered.failed] == ["gone (status 410)", "gone (status 404)"]


@pytest.mark.parametrize(
    "feed",
    [
        "<rss version='2.0'><channel><link>/</link><item><title>x</title><link> /a </link></item>"
        "<item><guid>{site}/b</guid></item><item><guid isPermaLink='false'>7</guid></item>"
        "</channel></rss>",
        "<feed xmlns='http://www.w3.org/2005/Atom'><link href='/'/><entry><link rel='self' "
        "href='/no'/><link href='a'/></entry><entry><link rel='alternate' href='b'/></entry>"
        "</feed>",
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
        "xmlns='http://purl.org/rss/1.0/'><item><link>/a</link></item><item><link>/b</link></item>"
        "</rdf:RDF>",
        "<?xml version='1.0'?><!-- - --><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
        "<url><loc>{site}/a</loc></url><url><loc>{site}/b</loc><lastmod>2024</lastmod></url>"
        "<url><loc>http://other.test/c</loc></url></urlset>",
    ],
)
def test_the_pages_of_a_feed_are_fetched(web: WebServer, tmp_path: Path, feed: str) -> None:
    body = feed.replace("{site}", web.url("")).encode()
    web.replies |= {"/feed": Reply(body, XML), "/a": make_page(1), "/b": make_page(2)}
    gathered, report = ingest(web, tmp_path / "library", "/feed", "/a")
    assert (report.added, gathered.failed) == (2, ())
    assert web.asked == ["/robots.txt", "/feed", "/a", "/b"]


def test_sitemaps_within_sitemaps_also_packed(web: WebServer, tmp_path: Path) -> None:
    index = (
        f"<sitemapindex><sitemap><loc>{web.url('/1.xml.gz')}</loc></sitemap>"
        f"<sitemap><loc>{web.url('/2.xml')}</loc></sitemap></sitemapindex>"
    )
    inner = f"<urlset><url><loc>{web.url('/a')}</loc></url></urlset>"
    web.replies |= {
        "/sitemap.xml": Reply(index.encode(), XML),
        "/1.xml.gz": Reply(gzip.compress(inner.encode()), "application/gzip"),
        "/2.xml": Reply(b"<urlset", XML),
        "/a": make_page(1),
    }
    gathered, report = ingest(web, tmp_path / "library", "/sitemap.xml")
    assert report.added == 1
    [(url, reason)] = gathered.failed
    assert url == web.url("/2.xml") and "not well-formed" in reason


def test_only_so_many_pages_are_fetched(
    web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gather_module, "MAX_PAGES", 1)
    items = "".join(f"<item><link>/{name}</link></item>" for name in "abc")
    web.replies |= {"/feed": Reply(f"<rss>{items}</rss>".encode(), XML), "/a": make_page(1)}
    _, report = ingest(web, tmp_path / "library", "/feed")
    assert report.added == 1
    assert report.warnings == (
        f"{web.url('/feed')} lists 3 pages: only the first 1 were fetched",
    )  # fmt: skip


@pytest.mark.parametrize(
    "dtd",
    [
        "<!DOCTYPE rss [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]>",
        "<!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/x.dtd'>",
        "<!DOCTYPE rss [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_feed_with_a_dtd_is_refused(dtd: str, encoding: str) -> None:
    feed = f"{dtd}<rss><item><link>/&b;&a;</link></item></rss>".replace("&b;", "")
    data = feed.replace("&a;", "&a;" if "ENTITY" in dtd else "").encode(encoding)
    assert is_feed(data)
    with pytest.raises(FetchError, match="DTD"):
        read_feed(data, "http://site.test/")


def test_robots_txt_is_kept_to(web: WebServer, tmp_path: Path) -> None:
    rules = "User-agent: other\nDisallow: /\n\nUser-agent: *\nDisallow: /private"
    web.replies |= {"/robots.txt": Reply(rules.encode(), "text/plain"), "/a": make_page(1),
                    "/in": redirect("/private/x"), "/private/x": make_page(2)}  # fmt: skip
    gathered, report = ingest(web, tmp_path / "library", "/a", "/in", "/private/y")
    assert report.added == 1
    assert {reason for _, reason in gathered.failed} == {
        f"{web.url('/private/x')}: its site's robots.txt does not allow it",
        "its site's robots.txt does not allow it",
    }
    assert not any(path.startswith("/private") for path in web.asked)
    web.replies["/robots.txt"] = Reply(b"User-agent: footnote-bot\nCrawl-delay: 2", "text/plain")
    pauses: list[float] = []
    manners = Manners(web.policy(), pauses.append)
    for _ in range(2):
        manners.check(web.url("/a"))
    assert pauses[0] == 0 and 1 < pauses[1] <= 2


@pytest.mark.parametrize(("status", "is_allowed"), [(404, True), (403, False), (503, False)])
def test_a_site_without_rules(web: WebServer, status: int, is_allowed: bool) -> None:
    web.replies["/robots.txt"] = Reply(status=status)
    manners = Manners(web.policy())
    if is_allowed:
        manners.check(web.url("/a"))
    else:
        with pytest.raises(FetchError, match=rf"robots\.txt cannot be read: status {status}"):
            manners.check(web.url("/a"))


def test_each_kind_of_page_and_what_is_none(web: WebServer, tmp_path: Path) -> None:
    library = tmp_path / "library"
    old = "<p>Grüße aus der Stadt am Hafen, in der es um den Handel geht.</p>" * 3
    web.replies |= {
        "/pdf": Reply(make_pdf([["A line on the harbour of Riga."]]), "application/pdf"),
        "/text": Reply(b"Title\n\nA text on the harbour of Oslo.", "text/plain"),
        "/old": Reply(old.encode("latin-1"), "text/html; charset=iso-8859-1"),
        "/picture": Reply(b"\x89PNG", "image/png"),
        "/data": Reply(b"<data/>", XML),
        "/empty": Reply(b"", "text/plain"),
    }
    paths = [*web.replies]
    gathered, report = ingest(web, library, *paths)
    assert report.added == 3
    assert dict(gathered.failed) == {
        web.url("/picture"): "image/png is no kind of article",
        web.url("/data"): "application/xml is no kind of article",
    }
    assert [failure.reason for failure in report.failed][2:] == ["the file is empty"]
    with Store(library) as store:
        assert any("Grüße" in article.text for article in store.list_articles())


def test_credentials_are_never_shown(web: WebServer, tmp_path: Path) -> None:
    gathered = gather_pages(["http://ann:secret@site.test/a"], tmp_path, web.policy())
    assert "secret" not in repr(gathered) and "user or password" in gathered.failed[0][1]


def test_pages_that_led_to_one_address_become_pages_of_their_own(
    web: WebServer, tmp_path: Path
) -> None:
    library = tmp_path / "library"
    web.replies |= {"/maint": make_page(0, ETag='"0"')}
    web.replies |= {f"/{name}": redirect("/maint") for name in "abc"}
    _, report = ingest(web, library, "/a", "/b", "/c")
    assert report.articles == 1
    web.replies |= {f"/{name}": make_page(n, ETag=f'"{n}"') for n, name in enumerate("ab", 1)}
    for _ in range(2):
        _, report = ingest(web, library, "/a", "/b", "/c", remove_missing=True)
        assert report.articles == 3
    web.replies["/c"] = make_page(3)
    _, report = ingest(web, library, "/a", "/b", "/c", remove_missing=True)
    with Store(library) as store:
        titles = sorted(article.title for article in store.list_articles())
    assert titles == ["Harbour 1", "Harbour 2", "Harbour 3"]


def test_what_is_no_address_is_named_and_the_rest_is_stored(web: WebServer, tmp_path: Path) -> None:
    feed = "<rss><channel><item><link>http://[x</link></item><item><link>/a</link></item>"
    web.replies |= {
        "/feed": Reply(f"{feed}</channel></rss>".encode(), XML),
        "/a": make_page(1, ETag='"caf\xe9"'),
        "/away": redirect("http://[x"),
        "/caf%C3%A9": make_page(2),
        "/raw": redirect("/café".encode().decode("latin-1")),
    }
    library = tmp_path / "library"
    for added in (2, 0):
        _, report = ingest(web, library, "/feed", "/away", "/raw")
        assert (report.added, report.articles) == (added, 2)
        reasons = [failure.reason for failure in report.failed]
        assert len(reasons) == 2 and all("address" in reason for reason in reasons), reasons


@pytest.mark.parametrize("charset", ["punycode", "unicode-escape", "idna", "nothing-known"])
def test_a_charset_that_is_none_is_not_used(web: WebServer, tmp_path: Path, charset: str) -> None:
    page = make_page(1)
    web.replies["/a"] = Reply(page.body, f"text/html; charset={charset}")
    _, report = ingest(web, tmp_path / "library", "/a")
    with Store(tmp_path / "library") as store:
        assert [article.title for article in store.list_articles()] == ["Harbour 1"]
    assert report.failed == ()
