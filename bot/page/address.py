"""The web address that an article says it comes from, made one that cannot deceive."""

import re
from urllib.parse import urlsplit

_HOST = re.compile(r"(?=.{1,253}\Z)[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|[0-9a-f:.]*:[0-9a-f:.]*")


def clean_address(url: str | None) -> str | None:
    """Return an http or https address without user name and fragment, its host in ASCII.

    The host is what stands between the second slash and the third, port included, and where a
    browser goes. None for anything else.
    """
    try:
        parts = urlsplit(url or "")
        port = f":{parts.port}" if parts.port is not None else ""
        host = (parts.hostname or "").encode("idna").decode().lower()
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        return None
    host = f"[{host}]" if ":" in host else host
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{host}{port}/{parts.path.removeprefix('/')}{query}"


def read_host(address: str) -> str:
    """Return the host, with its port, of an address that is clean."""
    return address.split("/")[2]
