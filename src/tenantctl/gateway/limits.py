"""What a subscription permits: token buckets, from Auth0's published rate-limit policy (2026)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from types import MappingProxyType

from tenantctl.errors import UsageError
from tenantctl.model.environment import SUBSCRIPTIONS

MINUTE = 60.0
READ = ("GET",)
WRITE = ("POST", "PATCH", "PUT", "DELETE")
ANY = (*READ, *WRITE)
PRODUCTION_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Bucket:
    """*burst* requests at once and *rate* a second after that, for what it covers.

    *path* is a pattern over the path below /api/v2, in which `*` stands for anything.
    """

    burst: float
    rate: float
    methods: tuple[str, ...] = ANY
    path: str = "*"

    @property
    def name(self) -> str:
        """What people call it: `global`, or the methods and paths that it covers."""
        if self.path == "*":
            return "global"
        return self.path if self.methods == ANY else f"{'|'.join(self.methods)} {self.path}"

    def covers(self, method: str, path: str) -> bool:
        return method in self.methods and fnmatchcase(path, self.path)


@dataclass(frozen=True, slots=True)
class Limits:
    """The buckets of a tenant, and the share of each that we may use."""

    buckets: tuple[Bucket, ...] = ()
    share: float = 1.0


def _minute(burst: float, per_minute: float, methods: tuple[str, ...], path: str) -> Bucket:
    return Bucket(burst, per_minute / MINUTE, methods, path)


_SELF_SERVICE = (
    Bucket(10, 150 / MINUTE),
    _minute(5, 100, READ, "/clients"),
    _minute(5, 50, READ, "/connections*"),
    _minute(5, 50, READ, "/organizations"),
    _minute(5, 25, WRITE, "/organizations*"),
    _minute(10, 50, READ, "/email-templates*"),
    _minute(5, 25, WRITE, "/email-templates*"),
    _minute(5, 25, ANY, "/emails/provider"),
    _minute(5, 5, ("POST",), "/custom-domains/*/verify"),
    _minute(5, 5, READ, "/prompts/*/partials"),
    _minute(5, 5, WRITE, "/prompts/*/partials"),
)

_ENTERPRISE = (
    _minute(10, 100, READ, "/organizations"),
    _minute(5, 150, WRITE, "/organizations*"),
    _minute(15, 150, READ, "/email-templates*"),
    _minute(10, 100, WRITE, "/email-templates*"),
    _minute(15, 150, READ, "/emails/provider"),
    _minute(10, 100, WRITE, "/emails/provider"),
    _minute(5, 5, READ, "/prompts/*/partials"),
    _minute(5, 5, WRITE, "/prompts/*/partials"),
)

_FREE = (
    Bucket(2, 2),
    _minute(10, 50, READ, "/email-templates*"),
    _minute(5, 25, WRITE, "/email-templates*"),
    _minute(5, 25, ANY, "/emails/provider"),
)


def _private(burst: float, rate: float, times: float) -> tuple[Bucket, ...]:
    return (
        Bucket(burst, rate),
        _minute(10 * times, 100 * times, READ, "/organizations"),
        _minute(5 * times, 150 * times, WRITE, "/organizations*"),
    )


LIMITS: Mapping[str, tuple[Bucket, ...]] = MappingProxyType(
    {
        "free": _FREE,
        "essentials": _SELF_SERVICE,
        "professional": _SELF_SERVICE,
        "b2b": _SELF_SERVICE,
        "enterprise-production": (Bucket(50, 16), *_ENTERPRISE),
        "enterprise-nonproduction": (Bucket(10, 2), *_ENTERPRISE),
        "private-cloud-development": _private(20, 20, 1),
        "private-cloud-100": _private(50, 50, 1),
        "private-cloud-500": _private(250, 250, 5),
        "private-cloud-1500": _private(750, 750, 15),
        "private-cloud-3000": _private(1500, 1500, 30),
        "private-cloud-6000": _private(3000, 3000, 60),
        "private-cloud-10000": _private(5000, 5000, 100),
        "unlimited": (),
    }
)
"""The buckets of each subscription, the global one first; `unlimited` is the embedded tenant's."""
assert tuple(LIMITS) == SUBSCRIPTIONS


def limits_of(subscription: str, *, production: bool = False) -> Limits:
    """What a run may use of a subscription: all of it, or four fifths in production.

    Raises UsageError where nobody knows the subscription.
    """
    if subscription not in LIMITS:
        raise UsageError(
            f"no rate limits are known for the subscription {subscription!r}",
            help=f"write one of {', '.join(LIMITS)}",
        )
    return Limits(LIMITS[subscription], PRODUCTION_SHARE if production else 1.0)
