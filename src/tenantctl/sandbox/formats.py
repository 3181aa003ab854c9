"""The formats of Auth0's validator that say something a text must look like.

Names are those of the OpenAPI document. Formats it leaves to the imagination (`forms-expression`
and the like) are not here, so they permit everything.
"""

import ipaddress
import re
from collections.abc import Callable
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

_LABEL = r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)"
_HOSTNAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_ORGANIZATION = re.compile(r"[a-z0-9][a-z0-9_-]*")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_COLOR = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_HEX = re.compile(r"[0-9a-fA-F]+")


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


def _moment(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return "T" in text or " " in text


def _day(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _absolute(*schemes: str) -> Callable[[str], bool]:
    """A URI with a scheme, one of these where they are given, and a host."""

    def is_uri(text: str) -> bool:
        try:
            parts = urlsplit(text)
            host = parts.hostname
        except ValueError:
            return False
        known = parts.scheme in schemes if schemes else bool(parts.scheme)
        return known and (bool(host) or not schemes) and " " not in text

    return is_uri


def _or_empty(check: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: not text or check(text)


def _address(kind: type[ipaddress.IPv4Address | ipaddress.IPv6Address]) -> Callable[[str], bool]:
    return lambda text: _constructs(kind, text)


def _network(
    kind: type[ipaddress.IPv4Network | ipaddress.IPv6Network],
) -> Callable[[str], bool]:
    def is_network(text: str) -> bool:
        try:
            kind(text, strict=False)
        except ValueError:
            return False
        return True

    return is_network


def _constructs(kind: Callable[[str], object], text: str) -> bool:
    try:
        kind(text)
    except ValueError:
        return False
    return True


_EMAIL_CHECK = _matches(_EMAIL)
_COLOR_CHECK = _matches(_COLOR)

_ADDRESSES = (
    _address(ipaddress.IPv4Address),
    _address(ipaddress.IPv6Address),
    _network(ipaddress.IPv4Network),
    _network(ipaddress.IPv6Network),
)
FORMATS: Final[dict[str, Callable[[str], bool]]] = {
    "absolute-https-uri-or-empty": _or_empty(_absolute("https")),
    "absolute-uri-or-empty": _or_empty(_absolute()),
    "address-or-network": lambda text: any(check(text) for check in _ADDRESSES),
    "cidr": _network(ipaddress.IPv4Network),
    "date": _day,
    "date-time": _moment,
    "email": _EMAIL_CHECK,
    "email-or-empty": _or_empty(_EMAIL_CHECK),
    "hexadecimal": _matches(_HEX),
    "hostname": _matches(_HOSTNAME),
    "html-color": _COLOR_CHECK,
    "html-color-or-null": _COLOR_CHECK,
    "ipv4": _address(ipaddress.IPv4Address),
    "ipv6": _address(ipaddress.IPv6Address),
    "ipv6_cidr": _network(ipaddress.IPv6Network),
    "non-empty-string": bool,
    "organization-name": _matches(_ORGANIZATION),
    "strict-https-uri": _absolute("https"),
    "strict-https-uri-or-null": _absolute("https"),
    "strict-uri": _absolute(),
    "url": _absolute("http", "https"),
    "url-or-null": _absolute("http", "https"),
    "uuid": _matches(_UUID),
}
