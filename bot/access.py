"""Who is let in to what `footnote serve` serves: decided before it listens."""

import os
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path

from bot.api.gate import is_loopback
from bot.api.keys import list_keys

# A name or an address of version 4 or 6, as `Host` has it, without brackets and port.
_NAME = re.compile(r"[\w-]+(\.[\w-]+)*|[0-9a-fA-F:]*:[0-9a-fA-F:.]*")


class BadAddress(ValueError):
    """A name or an address that no request can come by; the message says what to write."""


class TooOpen(ValueError):
    """A server that others could ask without being asked who they are; the message says more."""


@dataclass(frozen=True, slots=True)
class Passwords:
    """What readers and staff are asked for; None asks readers for none, and lets no staff in."""

    readers: str | None = field(default=None, repr=False)
    staff: str | None = field(default=None, repr=False)

    @classmethod
    def read(cls) -> "Passwords":
        """Return those of the environment."""
        names = ("FOOTNOTE_PASSWORD", "FOOTNOTE_ADMIN_PASSWORD")
        return cls(*(os.environ.get(name) or None for name in names))


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was said on the command line: where to listen, and whether keys are wanted, if said."""

    host: str
    proxies: Collection[str] = ()
    hostnames: Collection[str] = ()
    keys: bool | None = None
    open_to_all: bool = False
    has_page: bool = True


@dataclass(frozen=True, slots=True)
class Access:
    """Whether the API and MCP need a key, the names answered to (None: any), if there is a page."""

    needs_key: bool
    hosts: frozenset[str] | None
    has_page: bool


def decide_access(store: Path, wishes: Wishes, passwords: Passwords) -> Access:
    """Return who is let in. Raises BadAddress, TooOpen, and TooOpen where nobody could get in.

    On this machine's own address nobody is asked; where others get, through a proxy or by another
    name too, the API needs keys and the page a password, unless it was said in two words that it is
    open to all.
    """
    _check_addresses(wishes)
    local = is_loopback(wishes.host)
    # Whoever gives it a name of the network has something in front that passes others on.
    exposed = not local or bool(wishes.proxies or wishes.hostnames)
    place = f"{wishes.host} behind a proxy" if local and exposed else wishes.host
    guarded_page = wishes.has_page and bool(passwords.readers)
    needs_key = exposed or guarded_page if wishes.keys is None else wishes.keys
    if exposed and not needs_key and not wishes.open_to_all:
        raise TooOpen(
            f"--no-keys lets everyone who reaches {place} ask and read all; if that is meant, say "
            "so again: --open-to-all"
        )
    if needs_key and not guarded_page and not list_keys(store):
        # The one without the other is refused above.
        openly = " --open-to-all" if exposed and not wishes.open_to_all else ""
        password = "set FOOTNOTE_PASSWORD for the page, or " if wishes.has_page else ""
        raise TooOpen(
            f"{place} needs a key and there is none; make one: footnote keys add NAME --store "
            f"{store}, or {password}serve without: --no-keys{openly}"
        )
    # With a key, or open to all on purpose, the name that was asked by keeps nobody out.
    answers_to_any = not local and not wishes.hostnames
    hosts = None if answers_to_any else frozenset(map(str.lower, wishes.hostnames))
    return Access(needs_key, hosts, guarded_page or (wishes.has_page and not needs_key))


def _check_addresses(wishes: Wishes) -> None:
    """Refuse what would silently match no request: an address of the web, a proxy's name."""
    for name in wishes.hostnames:
        if not _NAME.fullmatch(name):
            raise BadAddress(
                f"--hostname {name}: write the name alone, without https:// and port, as "
                "kb.example.org"
            )
    for proxy in wishes.proxies:
        try:
            ip_network(proxy)
        except ValueError as error:
            raise BadAddress(
                f"--proxy {proxy}: {error}; write its address, as 127.0.0.1, or its network, as "
                "10.0.0.0/8"
            ) from error
