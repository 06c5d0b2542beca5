"""Find what a page shows as its article's that the extractor leaves out without a word."""

from collections.abc import Iterable
from typing import Any

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
# Headings in these are the site's.
_SITE = frozenset({"nav", "header", "footer"})
_BESIDE = ("aside", "footer")
_ARTICLES = frozenset({"article", "main"})
_MAX_LOST = 1000
_SEEN_TEXT = "descendant::text()[not(ancestor::script or ancestor::style or ancestor::noscript or "
_SEEN_TEXT += "ancestor::template or ancestor::button or ancestor::select or ancestor::textarea)]"


def list_texts(tree: Any) -> tuple[str, ...]:
    """Return the texts that are likely the article's: headings, and in an <article> or <main> all.

    Of these its paragraphs, and its <aside>s and <footer>s each as one.
    """
    read: set[Any] = set()
    texts = []
    for element in tree.iter(*_HEADINGS, *_BESIDE, "p"):
        above = set(element.iterancestors())
        if read.isdisjoint(above) and _is_articles(element.tag, {other.tag for other in above}):
            if element.tag in _BESIDE:
                read.add(element)
            joint = " " if element.tag in _BESIDE else ""
            texts.append(" ".join(joint.join(element.xpath(_SEEN_TEXT)).split()))
    return tuple(filter(None, texts))


def find_lost(texts: Iterable[str], kept: Iterable[str]) -> tuple[str, ...]:
    """Return those of the texts that are nowhere in what was kept, whatever gaps they have.

    The first thousand at most: a page may be made to be slow.
    """
    blocks = list(map(_squeeze, kept))
    known, whole = set(blocks), "".join(blocks)
    lost: dict[str, None] = {}
    end = 0
    for text in texts:
        squeezed = _squeeze(text)
        if squeezed in known:
            continue
        # Most follow one another there.
        start = whole.find(squeezed, end)
        start = whole.find(squeezed) if start < 0 else start
        if start < 0:
            lost[text] = None
            if len(lost) == _MAX_LOST:
                break
        else:
            end = start + len(squeezed)
    return tuple(lost)


def _is_articles(tag: str, above: set[str]) -> bool:
    if tag in _HEADINGS:
        return not above & _SITE
    return bool(above & _ARTICLES) and "nav" not in above


def _squeeze(text: str) -> str:
    return "".join(text.split())
