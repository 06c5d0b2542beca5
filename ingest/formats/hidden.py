"""Tell what a page hides from its readers, by an element's own attributes."""

import re
from collections.abc import Iterable, Mapping

# Elements that have no end, so nothing in them.
VOID_TAGS = frozenset(
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source",
        "track", "wbr",
    }
)  # fmt: skip
# What is struck through holds no more.
STRUCK_TAGS = frozenset({"del", "s", "strike"})
_HIDING_STYLE = re.compile(
    r"""(?ix) display\s*:\s*none | visibility\s*:\s*(?:hidden|collapse)
    | (?:font-size|(?<![-\w])opacity)\s*:\s*+(?=[.0])0*+\.?0*+(?![.\d]*[1-9])
    | (?<![-\w])color\s*:\s*transparent | text-indent\s*:\s*-\d{3,} | (?:left|top)\s*:\s*-\d{4,}
    """
)
_COLOUR = re.compile(r"(?i)(?<![-\w])color\s*:\s*([^;!]+)")
_BACKGROUND = re.compile(r"(?i)background(?:-color)?\s*:\s*([^;!]+)")
_WHITE = frozenset({"white", "#fff", "#ffffff", "rgb(255,255,255)"})


def is_hidden(
    attributes: Mapping[str, str | None], around: Iterable[Mapping[str, str | None]] | None = None
) -> bool:
    """Tell whether an element with these attributes is not to be seen, whatever it holds.

    `around` gives the attributes of the elements that it is in: white letters are hidden if none
    of them may have a background. `aria-hidden` counts: it marks icons and what is said twice.
    """
    if "hidden" in attributes:
        return (attributes["hidden"] or "").lower() != "until-found"
    if attributes.get("aria-hidden") == "true":
        return True
    style = attributes.get("style")
    if not style:
        return False
    if _HIDING_STYLE.search(style):
        return True
    colours = [_COLOUR.search(style), _BACKGROUND.search(style)]
    letters, ground = ("".join(found[1].lower().split()) if found else "" for found in colours)
    if ground or letters not in _WHITE or around is None:
        return bool(letters) and letters == ground
    return not any(map(_may_be_coloured, (attributes, *around)))


def _may_be_coloured(attributes: Mapping[str, str | None]) -> bool:
    """Tell whether an element may have a background: a style sheet can give one to a class."""
    named = any(name in attributes for name in ("class", "id", "bgcolor", "background"))
    return named or "background" in (attributes.get("style") or "")
