"""The addresses that a feed (RSS, Atom) or a sitemap lists."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import etree

from ingest.web.fetch import FetchError

_START = re.compile(rb"<(?:\w+:)?(rss|feed|RDF|urlset|sitemapindex)[\s>]")


@dataclass(frozen=True, slots=True)
class Links:
    """What was listed, in order and once: addresses of pages, or of further sitemaps."""

    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()


def is_feed(data: bytes) -> bool:
    """Tell a feed or sitemap from a page by its first element."""
    start = data[:4096].replace(b"\0", b"")  # Also of UTF-16.
    return bool(_START.search(start)) and b"<html" not in start.lower()


def read_feed(data: bytes, url: str) -> Links:
    """Return what the feed or sitemap at `url` lists. Raises FetchError.

    A sitemap speaks for its own host only; other addresses in it are left out.
    """
    # Entities and documents from outside are never loaded; whatever has a DTD is refused.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise FetchError(url, f"not well-formed XML: {error}") from None
    if root.getroottree().docinfo.doctype:
        raise FetchError(url, "a feed with a DTD is refused")
    match etree.QName(root).localname:
        case "urlset":
            return Links(pages=_keep_own(_find_texts(root, "url", "loc"), url))
        case "sitemapindex":
            return Links(sitemaps=_keep_own(_find_texts(root, "sitemap", "loc"), url))
        case "feed":
            return Links(pages=_join(url, map(_find_atom_link, root.iterfind("{*}entry"))))
        case "rss" | "RDF":
            return Links(pages=_join(url, map(_find_rss_link, root.iterfind(".//{*}item"))))
        case name:
            raise FetchError(url, f"neither a feed nor a sitemap: <{name}>")


def _find_texts(root: etree._Element, entry: str, name: str) -> list[str]:
    found = (element.findtext(f"{{*}}{name}") for element in root.iterfind(f"{{*}}{entry}"))
    return [text.strip() for text in found if text]


def _find_atom_link(entry: etree._Element) -> str:
    for link in entry.iterfind("{*}link"):
        if link.get("rel", "alternate") == "alternate" and link.get("href"):
            return str(link.get("href"))
    return ""


def _find_rss_link(item: etree._Element) -> str:
    """Return the address of an RSS item: its link, or its guid unless that is told to be none."""
    guid = item.find("{*}guid")
    permanent = guid is not None and guid.get("isPermaLink", "true") == "true"
    return item.findtext("link") or item.findtext("{*}link") or (
        guid.text or "" if guid is not None and permanent else ""
    )  # fmt: skip


def _join(url: str, links: "map[str]") -> tuple[str, ...]:
    stripped = filter(None, map(str.strip, links))
    return tuple(dict.fromkeys(_join_one(url, link) for link in stripped))


def _join_one(url: str, link: str) -> str:
    try:
        return urljoin(url, link)
    except ValueError:  # No address: it is named as such when it is to be fetched.
        return link


def _keep_own(links: list[str], url: str) -> tuple[str, ...]:
    host = urlsplit(url).netloc.lower()
    return tuple(dict.fromkeys(link for link in links if _find_host(link) in {host, None}))


def _find_host(link: str) -> str | None:
    try:
        return urlsplit(link).netloc.lower()
    except ValueError:  # As above.
        return None
