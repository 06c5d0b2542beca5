"""What one file may cost: its sizes, pages and passages, and the memory and time to parse it."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one file; sizes in megabytes, time in seconds."""

    file_mb: int = 100
    unpacked_mb: int = 300
    pages: int = 20_000
    passages: int = 20_000
    memory_mb: int = 2_000
    seconds: int = 120

    @classmethod
    def parse(cls, settings: Iterable[str]) -> Self:
        """Return the limits with some raised or lowered, as in "pages=50000".

        Raises ValueError that names the setting and what can be set.
        """
        limits = cls()
        names = {field.name.replace("_", "-"): field.name for field in fields(cls)}
        for setting in settings:
            name, _, number = setting.partition("=")
            if name not in names or not number.isdecimal() or not 0 < int(number) < 10**9:
                known = ", ".join(f"{known}=N" for known in names)
                raise ValueError(
                    f"--limit {setting}: write one of {known}; N is from 1 to 999999999"
                )
            limits = replace(limits, **{names[name]: int(number)})
        return limits

    def tell_excess(self, name: str, found: str) -> str:
        """Return the reason for a file that goes over a limit: what was `found`, and what to do."""
        option = name.replace("_", "-")
        unit = {"mb": " MB", "seconds": " s"}.get(option.rpartition("-")[2], "")
        limit = getattr(self, name)
        return f"{found}, over the limit of {limit:,}{unit}; raise it with --limit {option}=N"
