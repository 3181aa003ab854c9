"""A tenant as a value. The desired tenant and the live one are the same type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tenantctl.model.address import Address
from tenantctl.model.resource import Origin, Origins, Resource
from tenantctl.model.value import Value


@dataclass(frozen=True, slots=True)
class Tenant:
    """Every known resource of one tenant, by address.

    *counts*: of a live tenant, how many objects of a kind there are, those that nobody declares
    included; kinds that were not listed as a whole are left out. *held*: who uses an object that
    is to be deleted, by address or, of what nobody declares, in words. *as_applied*: what was
    applied before, in the words of that, where these are others (see `Scope`). *renewed*: what is
    there under another id than the last receipt has.
    """

    resources: Mapping[Address, Resource]
    counts: Mapping[str, int] = field(default_factory=dict)
    held: Mapping[Address, tuple[str, ...]] = field(default_factory=dict)
    as_applied: Mapping[Address, Resource] = field(default_factory=dict)
    renewed: frozenset[Address] = frozenset()

    @classmethod
    def of(cls, resources: Iterable[Resource], counts: Mapping[str, int] | None = None) -> Tenant:
        return cls({resource.address: resource for resource in resources}, counts or {})

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.resources.values())

    def __len__(self) -> int:
        return len(self.resources)

    def get(self, address: Address) -> Resource | None:
        return self.resources.get(address)

    def count(self, kind: str) -> int:
        """How many objects of *kind* there are for all that is known."""
        known = sum(address.kind == kind for address in self.resources)
        return self.counts.get(kind, known)


@dataclass(frozen=True, slots=True)
class Identity:
    """How the live object of an address is recognised.

    *key* is the natural key, one value per key field of the kind, references by address; *was*
    holds earlier natural keys or stable keys; *pin* is an id that a person wrote down.
    """

    key: tuple[Value, ...] = ()
    was: tuple[str, ...] = ()
    pin: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What to read of a live tenant: these addresses, and nothing else.

    *desired* is what is asked for, so that a live value which equals what a reference or a text
    resolves to is read as that reference or text; of what was *applied* and is asked for otherwise
    now, the same is read in the words of that, too. *hints* are ids by the last receipt.
    """

    identities: Mapping[Address, Identity]
    desired: Tenant
    hints: Mapping[Address, str] = field(default_factory=dict)
    applied: Tenant = field(default_factory=lambda: Tenant({}))


@dataclass(frozen=True, slots=True)
class Declaration:
    """What was said about a resource beside its fields.

    *topics* are those that feed it, *home* is where the fragment stands that names it, *phase* the
    first of which a file feeds it, 0 where unknown. *mode* is `managed`, `additive` or `exclusive`
    and means something for associations only.
    """

    identity: Identity
    topics: tuple[str, ...]
    home: Origin
    protect: bool = False
    mode: str = "managed"
    phase: int = 0


@dataclass(frozen=True, slots=True)
class Desired:
    """The tenant that the files ask for in one environment, with everything said about it.

    *withheld* are addresses that the files declare but this environment does not have, each with
    the reason: `phase`, `only`, `declined` or `hold`. *digest* is the definition digest.
    """

    tenant: Tenant
    declarations: Mapping[Address, Declaration]
    origins: Mapping[Address, Origins]
    withheld: Mapping[Address, str] = field(default_factory=dict)
    digest: str = ""
