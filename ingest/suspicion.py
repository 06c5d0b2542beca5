"""Find in an article what is addressed to a language model rather than to its readers.

Nothing is taken out: an article on such texts quotes them too. The answers do not depend on it.
"""

import re

_SHOWN_LETTERS = 60
_WHOSE = r"(?:previous|prior|above|preceding|earlier|foregoing|all|any|your|system)"
_ORDERS = r"(?:instructions?|prompts?|rules|guidelines|directions|commands)\b"
_MODEL = r"(?:ai|llms?|language models?|chatbots?|ai assistants?|assistants?)\b"
# What an order begins with, in small letters and on one line, and how it goes on.
_BEGINNINGS = {
    **dict.fromkeys(
        ("ignore ", "disregard ", "forget ", "override ", "bypass "),
        rf"(?:\w{{1,20}} ){{0,3}}?{_WHOSE} (?:\w{{1,20}} ){{0,2}}?{_ORDERS}",
    ),
    **dict.fromkeys(
        ("reveal ", "print ", "repeat ", "show ", "output ", "leak "),
        r"(?:\w{1,20} ){0,2}?(?:system|hidden|initial) prompt",
    ),
    **dict.fromkeys(("dear ", "attention ", "note to "), rf"(?:the |any |all )?{_MODEL}"),
    "you are no": rf"(?:w| longer) (?:an? )?(?:\w{{1,20}} )?{_MODEL}",
    "you are now ": r"(?:an? |in )?(?:dan|developer mode|jailbroken|unrestricted)\b",
    "do not ": r"(?:tell|inform|mention this to|reveal this to) the (?:user|reader)\b",
    "new ": r"(?:system )?(?:instructions?|prompt):",
    "<|": r"[\w ]{2,30}\|>",
    "<\uff5c": r"[^<>]{2,40}\uff5c>",
    "<": r"(?:/?(?:system|assistant|document|passage|tool_call)|(?:start|end)_of_turn|</?sys>)>",
    "[inst]": "",
    "##": r"(?<!###)#{0,4} ?(?:system|instruction|assistant)s?:",
}
_PATTERNS = {start: re.compile(re.escape(start) + rest) for start, rest in _BEGINNINGS.items()}


def tell_orders(text: str) -> tuple[str, ...]:
    """Return a note on a text that gives orders to a language model, with the first of them."""
    line = " ".join(text.lower().split())
    found = sorted(
        (match.start(), match[0])
        for start, pattern in _PATTERNS.items()
        # Looking for plain letters first is some ten times as fast.
        if start in line
        for match in pattern.finditer(line)
    )
    if not found:
        return ()
    first = found[0][1]
    shown = first if len(first) <= _SHOWN_LETTERS else f"{first[:_SHOWN_LETTERS]}…"
    places = "1 place" if len(found) == 1 else f"{len(found)} places"
    return (f"it may give orders to a language model, in {places}: “{shown}”",)
