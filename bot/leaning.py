"""Tell whether a sentence leans on the one before it: "This was …", "In that case …"."""

import re

_LEANS = re.compile(
    r"(?i)\A(?:(?:However|But|And|Also|Then|In addition|Moreover|Instead|Later|There),? )?"
    r"(?:(?:This|That|These|Those|It|Its|He|His|Him|She|Her|They|Their|Them|Both|Such|The (?:former"
    r"|latter|same))\b(?! (?:is|was|are|were) (?:said|reported|believed|estimated) )"
    r"|(?:After|At|Before|By|For|From|In|On|Since|Under|With) (?:this|that|these|those|such)\b)"
)


def leans_on_before(sentence: str) -> bool:
    """Tell whether a sentence begins with a word for something that the one before it names."""
    return _LEANS.match(sentence) is not None
