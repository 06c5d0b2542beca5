"""Which addresses of the network may be fetched from: public ones, in whatever form they come."""

import ipaddress

_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# IANA's registries of special-purpose addresses, told here because Python's own lists differ from
# version to version; and 168.63.129.16, by which Azure's machines reach their host.
_SPECIAL_IPV4 = tuple(
    map(
        ipaddress.IPv4Network,
        (
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
            "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "168.63.129.16/32",
        ),
    )
)  # fmt: skip
# All that is routed; within it Teredo and other protocols, documentation, and 6to4, which leads to
# an IPv4 address.
_GLOBAL_IPV6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL_IPV6 = tuple(
    map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
)
# Their last four bytes are an IPv4 address: that of the machine itself, or behind a NAT64 gateway.
_IPV4_INSIDE = tuple(map(ipaddress.IPv6Network, ("::ffff:0:0/96", "64:ff9b::/96")))


def is_public(address: str) -> bool:
    """Tell whether a numeric address is that of a machine on the public internet.

    Raises ValueError for what is no address.
    """
    known = ipaddress.ip_address(address)
    if isinstance(known, ipaddress.IPv4Address):
        return not any(known in network for network in _SPECIAL_IPV4)
    if any(known in network for network in _IPV4_INSIDE):
        return is_public(str(ipaddress.IPv4Address(int(known) & 0xFFFF_FFFF)))
    return known in _GLOBAL_IPV6 and not any(known in network for network in _SPECIAL_IPV6)
