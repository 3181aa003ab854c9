"""Addresses to let through a firewall, and what they are let through to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tenantctl.engine.calls import Call
from tenantctl.model import Json
from tenantctl.report.escape import visible

SET = "auth0_outbound"


@dataclass(frozen=True, slots=True)
class Moved:
    """What came to a region or left it, and when."""

    date: str
    action: str
    cidrs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Allowed:
    """What there is to let through: *cidrs* of a *region*, by the list of *source*, *updated* then.

    *moves* are the changes of the list since it was *checked* for the environment. *line* is what
    to write down once a firewall has been compared with it.
    """

    environment: str
    domain: str
    region: str
    source: str
    updated: str
    cidrs: tuple[str, ...]
    calls: tuple[Call, ...]
    moves: tuple[Moved, ...]
    checked: str
    line: str


def plain(cidrs: Sequence[str]) -> str:
    """One block on each line, and nothing else."""
    return "\n".join(cidrs)


def nftables(allowed: Allowed) -> str:
    """A set for a ruleset of nftables, to be included and named by a rule of one's own."""
    elements = ",\n".join(f"    {each}" for each in allowed.cidrs)
    return (
        f"# Auth0, region {visible(allowed.region)}, list of {visible(allowed.updated)}\n"
        f"set {SET} {{\n  type ipv4_addr\n  flags interval\n  elements = {{\n{elements}\n  }}\n}}"
    )


def addresses_text(allowed: Allowed) -> str:
    """All of it, for people."""
    return "\n".join(_lines(allowed))


def _lines(allowed: Allowed) -> Iterator[str]:
    count = len(allowed.cidrs)
    region, updated = visible(allowed.region), visible(allowed.updated)
    yield f"{allowed.environment} ({allowed.domain}): Auth0 calls from {count} blocks of {region}"
    yield f"By {visible(allowed.source)}, updated {updated}:"
    yield from (f"  {each}" for each in allowed.cidrs)
    if allowed.moves:
        yield ""
        yield f"The list has changed since it was last compared, on {allowed.checked}:"
        for move in allowed.moves:
            yield f"  {visible(move.date)} {visible(move.action)} {', '.join(move.cidrs)}"
    yield ""
    yield from _called(allowed.calls)
    yield ""
    yield "Once the firewall lets exactly these through, write into the environment file:"
    yield f"  {allowed.line}"


def _called(calls: Sequence[Call]) -> Iterator[str]:
    if not calls:
        yield "The definition names no host that Auth0 would call."
        return
    yield "What Auth0 calls for this definition:"
    for call in calls:
        what = (
            visible(call.host) if call.host else f"wherever the secret {visible(call.secret)} says"
        )
        how = "" if call.sure else "named in code: "
        yield f"  {what}  ({how}{call.by} {visible(call.field)})"


def addresses_as_json(allowed: Allowed) -> Json:
    """As `addresses_text`, for machines."""
    return {
        "format": 1,
        "type": "addresses",
        "environment": allowed.environment,
        "domain": allowed.domain,
        "region": allowed.region,
        "source": allowed.source,
        "updated": allowed.updated,
        "addresses": list(allowed.cidrs),
        "changes": [
            {"date": m.date, "action": m.action, "addresses": list(m.cidrs)} for m in allowed.moves
        ],
        "checked": allowed.checked or None,
        "calls": [
            {
                "host": call.host or None,
                "secret": call.secret or None,
                "address": str(call.by),
                "field": call.field,
                "sure": call.sure,
            }
            for call in allowed.calls
        ],
        "write": allowed.line,
    }
