"""Put a page's markup into shapes that the extractor keeps: terms, captions, dates, powers."""

from typing import Any

from ingest.formats.raised import RAISED_NUMBER

# The extractor deletes these with what they say, although they stand in the middle of sentences.
_IN_SENTENCES = frozenset({"time", "label", "output"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SENTENCES = _HEADINGS | {"p", "li", "td", "th", "caption", "dt", "dd", "figcaption"}
# Where the extractor looks for the article, at its last try, before it takes a <main>.
_NAMED_MAIN = """boolean(.//main | .//*[self::article or self::div or self::section][
    starts-with(@class, 'main') or starts-with(@id, 'main') or starts-with(@role, 'main')])"""
_END_MARKS = frozenset(".!?:;,")


def reshape_page(tree: Any) -> None:
    """Change a page's tree so that the extractor does not lose or mix up what it says."""
    _drop_marks(tree)
    _free_inline(tree)
    _join_terms(tree)
    _move_captions(tree)
    _open_figures(tree)
    _part_raised_numbers(tree)
    _open_layouts(tree)


def _drop_marks(tree: Any) -> None:
    """Remove comments, for the rest of a paragraph with one is lost, and anchors."""
    from lxml.etree import Comment, ProcessingInstruction

    for comment in list(tree.iter(Comment, ProcessingInstruction)):
        comment.drop_tree()
    for anchor in tree.iter("a"):
        # A place that links lead to; a heading with one is taken for a list of links.
        if anchor.get("href") is None:
            anchor.tag = "span"


def _free_inline(tree: Any) -> None:
    """Move the text of dates and the like out of their elements, which the extractor deletes.

    The elements stay with their attributes: the date of a page may be told by one.
    """
    for element in list(tree.iter(*_IN_SENTENCES)):
        if any(above.tag in _SENTENCES for above in element.iterancestors()):
            text = element.text_content()
            element.set("datetime", element.get("datetime") or text.strip())
            for child in list(element):
                element.remove(child)
            element.text, element.tail = None, text + (element.tail or "")


def _join_terms(tree: Any) -> None:
    """Make one item of a term and what is said of it: "Hillcrest branch: Monday 12–19"."""
    for terms in list(tree.iter("dl")):
        for group in (terms, *terms.findall("div")):
            _join_group(list(group.iterchildren("dt", "dd")))
            group.attrib.clear()
        terms.tag = "ul"


def _join_group(children: list[Any]) -> None:
    item, last, mark = None, "", ""
    for child in children:
        tag, end = child.tag, child.text_content().rstrip()[-1:]
        if item is None or (tag == "dt" and last == "dd"):
            # What is said of no term is an item of its own.
            item = child if tag == "dt" else None
            child.tag = "li"
        else:
            joint = ", " if tag == "dt" else ": " if last == "dt" else "; "
            _append(item, child, " " if mark in _END_MARKS else joint)
        last, mark = tag, end


def _append(element: Any, other: Any, joint: str) -> None:
    """Move what is in another element to the end of one."""
    text = joint + (other.text or "").lstrip()
    end = next(element.iterchildren(reversed=True), None)
    if end is None:
        element.text = (element.text or "").rstrip() + text
    else:
        end.tail = (end.tail or "").rstrip() + text
    element.extend(list(other))
    other.getparent().remove(other)


def _move_captions(tree: Any) -> None:
    """Set the captions of tables before them; in them they are taken for a row."""
    for caption in list(tree.iter("caption")):
        table = caption.getparent()
        if table.tag == "table":
            _make_paragraph(caption)
            table.addprevious(caption)


def _open_figures(tree: Any) -> None:
    """Make plain what is in figures, captions and who is quoted; all of it would be deleted."""
    for figure in list(tree.iter("figure")):
        figure.attrib.clear()
        figure.tag = "div"
    for caption in list(tree.iter("figcaption")):
        _make_paragraph(caption)
    for footer in tree.xpath("//blockquote//footer"):
        _make_paragraph(footer)
    for menu in list(tree.iter("menu")):
        menu.tag = "ul"
    for element in tree.iter("p", "div", "span"):
        # The extractor deletes what is called a caption, for it takes no pictures.
        if any("caption" in (element.get(name) or "") for name in ("class", "id")):
            element.attrib.clear()


def _make_paragraph(element: Any) -> None:
    element.attrib.clear()
    element.tag = "div" if any(child.tag in _SENTENCES for child in element) else "p"


def _open_layouts(tree: Any) -> None:
    """Make plain a table that lays out a page: a cell of it has headings and paragraphs."""
    for cell in list(tree.iter("td")):
        table = next(cell.iterancestors("table"), None)
        if (
            table is not None
            and cell.find(".//p") is not None
            and next(cell.iter(*_HEADINGS), None) is not None
        ):
            for part in list(table.iter("thead", "tbody", "tfoot", "tr", "td", "th")):
                if next(part.iterancestors("table")) is table:
                    part.tag = "div"
            table.tag = "div"


def _part_raised_numbers(tree: Any) -> None:
    """Keep a raised number apart from the one that it follows: 10<sup>3</sup> is not 103."""
    for raised in tree.iter("sup"):
        text = raised.text_content().strip()
        if RAISED_NUMBER.fullmatch(text) and _text_before(raised)[-1:].isdigit():
            is_note = raised.find(".//a") is not None or raised.getparent().tag == "a"
            is_fraction = (raised.tail or "").lstrip()[:1] in ("/", "⁄")
            before, after = ("[", "]") if is_note else (" ", "") if is_fraction else ("^", "")
            for child in list(raised):
                raised.remove(child)
            raised.text = f"{before}{text}{after}"


def _text_before(element: Any) -> str:
    """Return the text that ends where an element begins, "" if another line does."""
    previous = element.getprevious()
    if previous is None:
        parent = element.getparent()
        return str(parent.text or (_text_before(parent) if parent.tag == "a" else ""))
    return str(previous.tail or previous.text_content())


def frame_body(tree: Any) -> None:
    """Move a page's body into a <main> if nothing is called so.

    Without one, and without an element that its name tells to be the article, the extractor makes
    one paragraph of all that is in a plain <div>, or leaves out the headings.
    """
    body = tree.find("body")
    if body is None or tree.xpath(_NAMED_MAIN):
        return
    main = body.makeelement("main")
    main.text, body.text = body.text, None
    main.extend(list(body))
    body.append(main)
