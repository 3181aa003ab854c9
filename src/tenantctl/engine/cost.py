"""What jobs cost in requests, told from the files alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tenantctl.kinds import KINDS, Kind
from tenantctl.model import Plan, Tenant


@dataclass(frozen=True, slots=True, order=True)
class Request:
    """One request by its method and its path below /api/v2, in which `*` stands for what varies."""

    method: str
    path: str


def reads(tenant: Tenant) -> Iterator[Request]:
    """The requests that read *tenant*: listings of what is listed, one for everything else.

    Other objects of a listing, which nobody declares, can take more pages.
    """
    counts: dict[str, int] = {}
    for resource in tenant:
        counts[resource.address.kind] = counts.get(resource.address.kind, 0) + 1
    for name, count in sorted(counts.items()):
        yield from _reads(KINDS[name], count)


def _reads(kind: Kind, count: int) -> Iterator[Request]:
    listing = kind.wire.list
    if listing is None or not kind.key or kind.owned:
        path = kind.wire.read or (listing.path if listing else "")
        yield from [Request("GET", pattern(path))] * count if path else ()
        return
    pages = 1 if listing.paging == "none" else -(-count // listing.size)
    yield from [Request("GET", pattern(listing.path))] * pages
    if listing.brief:
        yield from [Request("GET", pattern(kind.wire.read))] * count


def writes(plan: Plan) -> Iterator[Request]:
    """The requests that carry *plan* out where nothing has to be waited for, the reads included."""
    for step in plan.steps:
        wire = KINDS[step.address.kind].wire
        operation = getattr(wire, step.change.verb) or wire.update or wire.create
        method, _, path = operation.partition(" ")
        reading = pattern(wire.read or (wire.list.path if wire.list else path))
        yield Request(method, pattern(path))
        yield from [Request("GET", reading)] * (step.requests - 1)


def pattern(path: str) -> str:
    """*path* with `*` for each of its placeholders."""
    return "/".join("*" if part.startswith("{") else part for part in path.split("/"))
