"""In what the environments of a tenant differ, and what of it nobody has declared. Pure.

A variable, an override, `$only` and a phase that is not released are how files say that an
environment differs. A topic that it declines, what it puts on hold and what it leaves unmanaged
make it another build than the others: that is declared only where a person has said why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from tenantctl.engine.compare import Terms, compare, only_domain
from tenantctl.engine.departures import managed_paths
from tenantctl.engine.diff import Known
from tenantctl.engine.merge import at
from tenantctl.engine.residual import Reason, Residue, Side, residue
from tenantctl.kinds import KINDS
from tenantctl.model import (
    ABSENT,
    Address,
    Path,
    Resource,
    Tenant,
    Update,
    Value,
    matches,
)
from tenantctl.model.neighbour import Remark

DECLARED, WAIVED, UNDECLARED = "declared", "waived", "undeclared"
DOUBTFUL = frozenset({"declined", "hold", "unmanaged"})
COUNTED = frozenset({"variable", "domain"})
"""Reasons of differences that nobody needs to see one by one."""


@dataclass(frozen=True, slots=True)
class Unlike:
    """In what an environment is built differently; *waived* says why somebody lets it."""

    environment: str
    remark: Remark
    waived: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that not all environments have alike; the resource as a whole without a path.

    *values* are in the order of the environments, ABSENT where nothing is said. *lacking* says of
    environments without the resource why that is. *status* is `declared`, `waived` or `undeclared`.
    """

    address: Address
    path: Path
    values: tuple[Value, ...]
    reasons: tuple[Reason, ...]
    lacking: Mapping[str, str] = field(default_factory=dict)
    status: str = DECLARED

    @property
    def counted(self) -> bool:
        """Whether it is no more than another value of a variable, or another domain."""
        words = {reason.word for reason in self.reasons}
        return self.status == DECLARED and bool(words) and words <= COUNTED


@dataclass(frozen=True, slots=True)
class LiveDifference:
    """What a look at the tenants has shown: *values* are in the order of *environments*.

    *said* is `drifted` (declared, then live, of one environment) or `unmanaged` (in no file).
    """

    said: str
    address: Address
    path: Path
    environments: tuple[str, ...]
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Parity:
    """In what *environments* of a *tenant* differ, in the order of promotion.

    *secrets* are the names of those that have a value in each. *live* is None where nobody looked.
    """

    tenant: str
    environments: tuple[str, ...]
    differences: tuple[Difference, ...]
    unlikes: tuple[Unlike, ...]
    secrets: tuple[str, ...] = ()
    live: tuple[LiveDifference, ...] | None = None
    notes: tuple[str, ...] = ()

    @property
    def undeclared(self) -> int:
        """How much differs that nobody has declared."""
        open = sum(not each.waived for each in self.unlikes)
        unexplained = sum(
            each.status == UNDECLARED and not each.reasons for each in self.differences
        )
        return open + unexplained + len(self.live or ())


def parity(sides: Sequence[Side], unlikes: Iterable[Unlike]) -> tuple[Difference, ...]:
    """What differs between environments, in the order of promotion, by address and field."""
    known = tuple(unlikes)
    reasons: dict[tuple[Address, Path], dict[Reason, None]] = {}
    for one, other in pairwise(sides):
        found: Residue = residue(one, other)
        for where, why in found.reasons.items():
            reasons.setdefault(where, {}).update(dict.fromkeys(why))
    return tuple(
        _difference(address, path, tuple(reasons[address, path]), sides, known)
        for address, path in sorted(reasons)
    )


def _difference(
    address: Address,
    path: Path,
    reasons: tuple[Reason, ...],
    sides: Sequence[Side],
    unlikes: Sequence[Unlike],
) -> Difference:
    values = tuple(_value(side.desired.tenant.get(address), path) for side in sides)
    lacking = {
        side.environment.name: side.desired.withheld.get(address, "")
        for side in sides
        if address not in side.desired.tenant.resources
    }
    without = {s.environment.name for s, v in zip(sides, values, strict=True) if v is ABSENT}
    places = (address, *KINDS[address.kind].owners(address))
    about = [
        unlike
        for unlike in unlikes
        if unlike.environment in without
        and (not unlike.remark.resource or _means(unlike.remark.resource, places))
    ]
    status = _status({reason.word for reason in reasons}, about)
    return Difference(address, path, values, reasons, lacking, status)


def _value(resource: Resource | None, path: Path) -> Value:
    if resource is None:
        return ABSENT
    return at(resource.fields, path) if path else True


def _means(glob: str, places: Sequence[Address]) -> bool:
    return any(matches(place, (glob,)) for place in places)


def _status(words: set[str], about: Sequence[Unlike]) -> str:
    let_go = "override" in words and any(unlike.remark.resource for unlike in about)
    if words and not words & DOUBTFUL and not let_go:
        return DECLARED
    return WAIVED if about and all(unlike.waived for unlike in about) else UNDECLARED


def drifted(side: Side, live: Tenant, known: Known) -> Iterator[LiveDifference]:
    """What a live tenant has otherwise than its files say; secrets as far as anybody can tell."""
    modes = {address: said.mode for address, said in side.desired.declarations.items()}
    name = side.environment.name
    for change in compare(side.desired.tenant, live, Terms("b", modes=modes, known=known)):
        if not isinstance(change, Update):
            yield LiveDifference("drifted", change.address, (), (name,), (True, ABSENT))
            continue
        for edit in change.edits:
            if not edit.unknown:
                values = edit.before, edit.after
                yield LiveDifference("drifted", change.address, edit.path, (name,), values)


def unmanaged(sides: Sequence[tuple[Side, Tenant]]) -> Iterator[LiveDifference]:
    """Fields that no file manages and that differ between the live tenants."""
    managed: dict[Address, set[Path]] = {}
    for side, _ in sides:
        for resource in side.desired.tenant:
            managed.setdefault(resource.address, set()).update(managed_paths(resource))
    found: dict[tuple[Address, Path], None] = {}
    for (one, a), (other, b) in pairwise(sides):
        domains = one.environment.domain, other.environment.domain
        for change in compare(a, b, Terms("both")):
            for edit in change.edits if isinstance(change, Update) else ():
                mine = managed.get(change.address, set())
                if not _covers(mine, edit.path) and not only_domain(edit, *domains):
                    found[change.address, edit.path] = None
    names = tuple(side.environment.name for side, _ in sides)
    for address, path in sorted(found):
        values = tuple(_value(live.get(address), path) for _, live in sides)
        yield LiveDifference("unmanaged", address, path, names, values)


def _covers(managed: Iterable[Path], path: Path) -> bool:
    """Whether something at, above or below *path* is managed."""
    return any(path[: len(m)] == m or m[: len(path)] == path for m in managed)
