"""Raised numbers in a line of text: a power is not to be read as digits of the number before it."""

import re

RAISED_NUMBER = re.compile(r"[+−–-]?\d+")
# Around raised letters while a line is put together; no text has them.
_UP, _DOWN = "\ufff9", "\ufffb"
_AFTER_DIGIT = re.compile(rf"(?<=\d){_UP}\s*({RAISED_NUMBER.pattern})\s*{_DOWN}(\s*[/⁄])?")


def mark_raised(text: str) -> str:
    """Return a piece of a line with marks that it is raised, for `join_raised`."""
    return f"{_UP}{text}{_DOWN}"


def join_raised(line: str) -> str:
    """Return a line without marks: "^" before a raised number that follows a digit, 10^3.

    One that is the upper part of a fraction comes after a space: 1 1/2.
    """
    line = _AFTER_DIGIT.sub(
        lambda match: f"{' ' if match[2] else '^'}{match[1]}{match[2] or ''}",
        line.replace(f"{_DOWN}{_UP}", ""),
    )
    return line.replace(_UP, "").replace(_DOWN, "")
