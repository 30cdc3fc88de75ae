"""Which network addresses may be fetched from: those that are routed everywhere."""

from __future__ import annotations

import ipaddress

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_PUBLIC = ipaddress.IPv6Network("2000::/3")  # all that was ever given out for use everywhere
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# An IPv4 address stands in the last four bytes: mapped, compatible, translated, both NAT64.
_HOLDING_IPV4 = (
    _MAPPED,
    ipaddress.IPv6Network("::/96"),
    ipaddress.IPv6Network("::ffff:0:0:0/96"),
    _NAT64,
    ipaddress.IPv6Network("64:ff9b:1::/48"),
)


def refuses(address: IPAddress, *, private: bool) -> bool:
    """Whether an address must not be fetched from. ``private`` allows all but senseless ones."""
    inner = _embedded(address)
    if inner is not None and refuses(inner, private=private):
        return True
    if address.is_multicast or address.is_unspecified:
        return True
    return not (private or _is_routed_everywhere(address))


def _is_routed_everywhere(address: IPAddress) -> bool:
    """By the library's judgement; of IPv6 also none that was never given out.

    A mapped address is the IPv4 address it holds, and one of NAT64 leads there.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global
    if address in _MAPPED or address in _NAT64:
        return True
    return address.is_global and address in _PUBLIC


def _embedded(address: IPAddress) -> IPAddress | None:
    """The IPv4 address that an IPv6 address leads to."""
    if isinstance(address, ipaddress.IPv4Address) or int(address) <= 1:  # :: and ::1 hold none
        return None
    if any(address in network for network in _HOLDING_IPV4):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour or (address.teredo or (None, None))[1]
