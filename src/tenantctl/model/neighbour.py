"""What files say beside the tenant that they ask for."""

from __future__ import annotations

from dataclasses import dataclass

from tenantctl.model.resource import Origin


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An environment among all of its tenant.

    *missing* are the variables and secrets that it uses and does not set, *custom_domain* is the
    first one that it declares.
    """

    name: str
    kind: str
    domain: str
    custom_domain: str = ""
    missing: tuple[str, ...] = ()
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd in a file: *name* says what, *resource* at which address."""

    name: str
    origin: Origin
    resource: str = ""
