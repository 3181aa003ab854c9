"""Where a tenant lives, what may be done to it, and where its values come from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from tenantctl.model.address import Address
from tenantctl.model.value import Json

KINDS = ("development", "qa", "staging", "production", "sandbox")
SUBSCRIPTIONS = (
    "free",
    "essentials",
    "professional",
    "b2b",
    "enterprise-production",
    "enterprise-nonproduction",
    "private-cloud-development",
    "private-cloud-100",
    "private-cloud-500",
    "private-cloud-1500",
    "private-cloud-3000",
    "private-cloud-6000",
    "private-cloud-10000",
    "unlimited",
)
"""What Auth0 sells, as far as it limits requests; `unlimited` is an embedded tenant's."""
EMBEDDED = "sandbox.invalid"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a secret is kept: *scheme* `env`, `file`, `generated` or `literal`, and its *name*.

    `literal` is legal for things that are not secret only, such as a client_id.
    """

    scheme: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.scheme}:{self.name}" if self.name else self.scheme


@dataclass(frozen=True, slots=True)
class SecretSource:
    """A declared secret: where its value is kept and, if a person counts, its version."""

    source: Source
    version: str = ""


@dataclass(frozen=True, slots=True)
class Credentials:
    """How the tool itself signs in: by *client_secret* or by *private_key* (PEM)."""

    client_id: Source
    client_secret: Source | None = None
    private_key: Source | None = None


@dataclass(frozen=True, slots=True)
class Allow:
    """One violation that a person has permitted: *rule* at *address* (a glob), until *expires*."""

    rule: str
    address: str
    reason: str
    expires: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """How much one run may do. *max_deletes*, *max_changes*: a number, or a share such as 0.3.

    *rehearse* is `optional` or `required`. *soak* is how many seconds a definition has to have been
    in the environment before this one; *max_drift_age* how many may have passed since somebody saw
    that nobody had changed that one.
    """

    delete: str = "never"
    protect: tuple[str, ...] = ()
    max_deletes: int | float = 0.3
    max_changes: int | float | None = None
    approval: str = "auto"
    replace: tuple[str, ...] = ()
    allow: tuple[Allow, ...] = ()
    rehearse: str = "optional"
    soak: int = 0
    max_drift_age: int | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """Over which Git *remote* of the project receipts and leases are shared, and on which *branch*.

    *lease* is how many seconds an apply that gives no sign of life keeps others out. *sign* is
    where the private key is (Ed25519, PEM) that receipts are signed with; *trust* are public keys,
    of which one must have signed what a promotion goes by, if there are any.
    """

    remote: str = "origin"
    branch: str = "tenantctl/receipts"
    lease: int = 120
    sign: Source | None = None
    trust: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Environment:
    """One stop on the way to production.

    *operations* are what people say of how they watch over it: see `playbooks/scopes.yaml`.
    *receipts* is None where they stay on the machine that wrote them.
    """

    tenant: str
    name: str
    kind: str
    domain: str
    phases: tuple[int, ...] = (1,)
    embedded: bool = False
    promotes_from: str = ""
    subscription: str = ""
    credentials: Mapping[str, Credentials] = field(default_factory=dict)
    fingerprint_key: Source | None = None
    variables: Mapping[str, Json] = field(default_factory=dict)
    secrets: Mapping[str, SecretSource] = field(default_factory=dict)
    policy: Policy = Policy()
    gates: str = "report"
    hold: tuple[str, ...] = ()
    live: tuple[str, ...] = ()
    pins: Mapping[Address, str] = field(default_factory=dict)
    operations: Mapping[str, Json] = field(default_factory=dict)
    receipts: Shared | None = None

    @property
    def id(self) -> str:
        """`tenant/name`, as the command line takes it."""
        return f"{self.tenant}/{self.name}"


def matches(address: Address, globs: tuple[str, ...]) -> bool:
    """Whether *address* is meant by one of *globs*, such as `connections.*`."""
    return any(fnmatchcase(str(address), glob) for glob in globs)
