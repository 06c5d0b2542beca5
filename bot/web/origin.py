"""Where a request comes from: a page of this site or another's, and whose address it is."""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit


def comes_from_here(headers: Mapping[str, str]) -> bool:
    """Return whether a request was made by this site's own page, or by no web page at all.

    As Go's net/http.CrossOriginProtection: Sec-Fetch-Site where there is one, else Origin's host.
    """
    fetched_by = headers.get("sec-fetch-site")
    if fetched_by is not None:
        return fetched_by in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


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
