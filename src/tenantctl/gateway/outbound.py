"""The addresses that Auth0 calls from, as Auth0 publishes them; none of them stands in here."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tenantctl.errors import GatewayError, Unreachable

PUBLISHED = "https://cdn.auth0.com/ip-ranges.json"
"""Documented at auth0.com/docs/secure/security-guidance/data-security/allowlist."""

TIMEOUT = 30.0
LARGEST = 1_000_000
REGIONAL = re.compile(r"[a-z0-9-]+(?:\.([a-z0-9-]+))?\.auth0\.com")


@dataclass(frozen=True, slots=True)
class Move:
    """Addresses that came to a region, or left it, on a day: *action* is `add` or `remove`."""

    date: str
    region: str
    action: str
    cidrs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outbound:
    """Auth0's list: when it was *updated*, the addresses of each region, and what has changed."""

    updated: str
    regions: Mapping[str, tuple[str, ...]]
    moves: tuple[Move, ...] = ()


def region_of(domain: str) -> str:
    """The region that a domain of Auth0's says, in capitals; empty for any other domain.

    Without a region in it, it is of the United States: so are tenants older than June 2020.
    """
    found = REGIONAL.fullmatch(domain.lower())
    return (found[1] or "us").upper() if found else ""


def fetch() -> str:
    """The list as Auth0 publishes it today. Raises Unreachable."""
    import httpx

    help = f"download {PUBLISHED} elsewhere and give it with --from FILE"
    try:
        answer = httpx.get(PUBLISHED, timeout=TIMEOUT, follow_redirects=False)
    except httpx.HTTPError as error:
        said = type(error).__name__
        raise Unreachable(f"{PUBLISHED} cannot be read: {said}", help=help) from None
    if answer.status_code != 200:
        raise Unreachable(f"{PUBLISHED} answered {answer.status_code}", help=help)
    return answer.text


def parse(text: str, source: str) -> Outbound:
    """The list that *text* is; *source* is what messages call it.

    Raises GatewayError on anything else: an address that is none opens nothing, or too much.
    """
    try:
        return _parsed(text)
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        said = str(error) if type(error) is ValueError else "it has another form"
        raise GatewayError(
            f"{source} is not the list of Auth0's addresses: {said}",
            help=f"it is published at {PUBLISHED}",
        ) from None


def _parsed(text: str) -> Outbound:
    if len(text) > LARGEST:
        raise ValueError("it is too long")
    document = json.loads(text)
    regions = {
        str(name).upper(): _cidrs(region["ipv4_cidrs"])
        for name, region in document["regions"].items()
    }
    if not all(regions.values()) or not regions:
        raise ValueError("it has no addresses for some region, or no region")
    moves = tuple(_move(each) for each in document.get("changelog", ()))
    return Outbound(str(document["last_updated_at"]), regions, moves)


def _cidrs(found: Any) -> tuple[str, ...]:
    if not isinstance(found, list):
        raise TypeError
    networks = sorted({_network(each) for each in found})
    return tuple(map(str, networks))


def _network(text: Any) -> ipaddress.IPv4Network:
    """One block; the whole Internet, or half of it, is no such list's business."""
    if not isinstance(text, str):
        raise TypeError
    network = ipaddress.IPv4Network(text)
    if network.prefixlen < 8:
        raise ValueError(f"{network} is too wide")
    return network


def _move(each: Any) -> Move:
    region, action = str(each["region"]).upper(), str(each["action"])
    return Move(str(each["date"]), region, action, _cidrs(each["ipv4_cidrs"]))
