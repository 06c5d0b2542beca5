"""Words of articles where Markdown is read: none of them becomes an image, a link or an element."""

import re

# What makes a link or an image of words in brackets, and what begins an element or an autolink.
_LIVE = re.compile(r"(?<=\])\(|<(?=[A-Za-z/!?])")
_INSTEAD = {"(": "（", "<": "‹"}


def defuse_markdown(text: str) -> str:
    """Return a text of the same length that Markdown makes no image, link or element of.

    An image would be fetched, from wherever an article says, without a click. Markers like [1]
    stay, and so do addresses, which lead somewhere only when clicked.
    """
    return _LIVE.sub(lambda match: _INSTEAD[match[0]], text)
