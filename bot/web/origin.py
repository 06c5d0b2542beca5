"""Where a request comes from: a page of this site or another's, and whose address it is."""

import re
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*|[0-9a-f:.]*:[0-9a-f:.]*")


class BadOrigin(ValueError):
    """What is no origin of a site as browsers write it; the message says what to write."""


def read_origin(text: str) -> str:
    """Return the origin of a site, as the header `Origin` has it: https://example.org:8443.

    Raises BadOrigin for any other text, one that means the same site included: origins are
    compared letter for letter.
    """
    try:
        parts = urlsplit(text)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        scheme, host, port = "", "", None
    if scheme not in _DEFAULT_PORTS or not _HOST.fullmatch(host):
        raise BadOrigin(
            f"{text!r} is no site; write it as https://example.org or http://localhost:3000, one "
            "for each site, without wildcards, a name in other letters as browsers have it (xn--…)"
        )
    host = f"[{host}]" if ":" in host else host
    origin = f"{scheme}://{host}"
    if port is not None and port != _DEFAULT_PORTS[scheme]:
        origin += f":{port}"
    if text != origin:
        raise BadOrigin(f"{text!r} is not how browsers name a site; write {origin}")
    return origin


def comes_from_here(headers: Mapping[str, str]) -> bool:
    """Return whether a request was made by this site's own page, or by no web page at all.

    As Go's net/http.CrossOriginProtection: Sec-Fetch-Site where there is one, else Origin's host.
    """
    fetched_by = headers.get("sec-fetch-site")
    if fetched_by is not None:
        return fetched_by in {"same-origin", "none"}
    origin = headers.get("origin")
    if origin is None:
        return True
    try:
        return urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
    except ValueError:
        return False


def group_address(address: str) -> str:
    """Return an address; of IPv6 its /64, which is what one household has."""
    try:
        known = ip_address(address)
    except ValueError:
        return address[:64] or "unknown"
    if not isinstance(known, IPv6Address):
        return str(known)
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(ip_network((int(known), 64), strict=False))
