"""Addresses within this server: where a citation is read in its article."""

from urllib.parse import quote, urlencode

from bot.cite import Citation

_SHA_DIGITS = 12


def link_to_quote(citation: Citation) -> str:
    """Return the address of the article with the quote marked; it outlives changes of the text."""
    version = urlencode({"v": citation.sha256[:_SHA_DIGITS]})
    article = quote(citation.article_id, safe="")
    return f"/a/{article}?{version}#{citation.start}-{citation.end}"
