"""Which tenant, as whom, and how patiently."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tenantctl.errors import UsageError

_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+(:\d+)?")


@dataclass(frozen=True, slots=True)
class Access:
    """A tenant's domain and one client's credentials: a secret, or a private key as PEM.

    Raises UsageError where the domain is no host name or there is not exactly one credential.
    """

    domain: str
    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    private_key: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not _DOMAIN.fullmatch(self.domain):
            raise UsageError(f"{self.domain!r} is not a tenant domain", help="give the host alone")
        if bool(self.client_secret) == bool(self.private_key):
            raise UsageError(
                f"{self.domain} needs a client_secret or a private_key, and not both",
                help="write one of them into credentials: of the environment",
            )


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the gateway waits for what, in seconds; the lengths of the tuples bound the loops.

    *retries*: pauses between attempts of a request that failed. *builds*: between looks at an
    action that is being built or deployed. *verifies*: between verifications of a custom domain.
    *settles*: before looking for what a request of unknown fate has created. *limited*: the most
    that one request may wait for rate limits.
    """

    retries: tuple[float, ...] = (0.5, 1.0, 2.0)
    builds: tuple[float, ...] = (0.2, 0.3, 0.5, *(1.0,) * 9, *(2.0,) * 25)
    verifies: tuple[float, ...] = (2.0, 5.0)
    settles: tuple[float, ...] = (0.5, 2.0)
    limited: float = 300.0


@dataclass(slots=True)
class Stats:
    """What a gateway has done so far: counts of requests, seconds waited for rate limits."""

    requests: int = 0
    writes: int = 0
    limited: int = 0
    retried: int = 0
    waited: float = 0.0
