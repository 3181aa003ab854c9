"""What a subscription includes: features, and how many requests it takes (rate-limit policy).

The buckets are Auth0's published ones (2026). Which plan includes which feature is sold rather than
documented, so a tenant has every feature until it is told its subscription or loses one.
"""

from types import MappingProxyType
from typing import Final

from tenantctl.sandbox.behaviour import Bucket
from tenantctl.sandbox.refusal import SandboxError

# The features that operations need, and what a tenant without one is told (OpenAPI, 403).
REFUSALS: Final[dict[str, str]] = {
    "advanced_customizations": "A paid subscription is required to use Advanced Customizations.",
    "bot_detection": "Please upgrade your subscription to use bot detection",
    "directory_provisioning": (
        "The inbound directory provisioning feature is not enabled for this tenant"
    ),
    "experimentation": "Tenant not entitled to this feature.",
    "tenant_acl": (
        "Entitlement is not enabled for this tenant."
        " Please upgrade your subscription to enable Tenant ACL Management."
    ),
    "custom_domains": "There must be a verified credit card on file to perform this operation.",
    "organizations": "Please upgrade your subscription to use organizations",
    "page_templates": "A paid subscription is required for this feature.",
    "phone_provider_protection": "Exponential backoff is not enabled for this tenant.",
    "rate_limit_policies": "Please upgrade your subscription to use rate limit policies",
    "risk_assessments": "Please upgrade your subscription to use risk assessments",
    "self_service": "Please upgrade your subscription to use self-service profiles",
    "supplemental_signals": "Please upgrade your subscription to use supplemental signals",
}
FEATURES: Final = frozenset(REFUSALS)
# Refused with 402, Payment Required, instead of 403.
UNPAID: Final = frozenset({"advanced_customizations", "page_templates"})
# What only older tenants do: a connection takes the clients that may use it (api-behaviour 2.2), an
# organization does not tell which clients of others it lets in (recorded traffic before 2026-07), a
# custom domain tells neither when it was made nor whether it is the default (before 2025-10), a
# theme says nothing of identifiers (before 2026), a connection nothing of what it is for (before
# 2025-09), a form takes what only its editor knows (before 2024-10), an API does not tell for which
# subjects it gives tokens until somebody says so (before 2025-03).
OLD_TENANT: Final = frozenset(
    {
        "editor_members", "enabled_clients", "implied_subject_types", "one_custom_domain",
        "plain_connections", "plain_themes",
        "unguarded_organizations",
    }
)  # fmt: skip

_SOLD_TO_ENTERPRISES = frozenset(
    {
        "bot_detection", "directory_provisioning", "experimentation", "tenant_acl",
        "phone_provider_protection", "rate_limit_policies", "risk_assessments",
        "supplemental_signals",
    }
)  # fmt: skip


def _minute(burst: int, per_minute: float, method: str, path: str, name: str) -> Bucket:
    return Bucket(burst, per_minute / 60, method, path, name)


def _written(burst: int, per_minute: float, path: str, name: str) -> tuple[Bucket, ...]:
    """One bucket for whatever does not GET."""
    return (_minute(burst, per_minute, "[!G]*", path, name),)


_SELF_SERVICE = (
    Bucket(10, 2.5),
    _minute(5, 100, "GET", "/clients", "Read clients"),
    _minute(5, 50, "GET", "/connections", "Read connections"),
    _minute(5, 50, "GET", "/organizations", "Read organizations"),
    _minute(20, 200, "GET", "/organizations/*", "Read organization"),
    *_written(5, 25, "/organizations*", "Write organizations"),
    _minute(10, 100, "GET", "/logs", "Read logs"),
    _minute(40, 500, "GET", "/users*", "Read users"),
    *_written(20, 200, "/users*", "Write users"),
    _minute(10, 50, "GET", "/email-templates*", "Read email templates"),
    *_written(5, 25, "/email-templates*", "Write email templates"),
    _minute(5, 25, "*", "/emails/provider", "Email provider"),
    _minute(5, 5, "POST", "/custom-domains/*/verify", "Verify custom domain"),
    _minute(5, 5, "GET", "/prompts/*/partials", "Read partials"),
    *_written(5, 5, "/prompts/*/partials", "Write partials"),
)
_ENTERPRISE = (
    _minute(10, 100, "GET", "/organizations", "Read organizations"),
    *_written(5, 150, "/organizations*", "Write organizations"),
    _minute(40, 500, "GET", "/organizations/*/members", "Read members"),
    _minute(15, 150, "GET", "/email-templates*", "Read email templates"),
    *_written(10, 100, "/email-templates*", "Write email templates"),
    _minute(15, 150, "GET", "/emails/provider", "Read email provider"),
    *_written(10, 100, "/emails/provider", "Write email provider"),
    _minute(5, 5, "GET", "/prompts/*/partials", "Read partials"),
    *_written(5, 5, "/prompts/*/partials", "Write partials"),
)
_FREE = (
    Bucket(2, 2),
    _minute(10, 50, "GET", "/email-templates*", "Read email templates"),
    *_written(5, 25, "/email-templates*", "Write email templates"),
    _minute(5, 25, "*", "/emails/provider", "Email provider"),
)


def _private(burst: int, rate: float, times: int) -> tuple[Bucket, ...]:
    return (
        Bucket(burst, rate),
        _minute(10 * times, 100 * times, "GET", "/organizations", "Read organizations"),
        *_written(5 * times, 150 * times, "/organizations*", "Write organizations"),
    )


BUCKETS: Final = MappingProxyType(
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


def included(subscription: str) -> tuple[frozenset[str], tuple[Bucket, ...]]:
    """The features and buckets of a subscription. Raises SandboxError where nobody knows it."""
    if subscription not in BUCKETS:
        known = ", ".join(BUCKETS)
        raise SandboxError(f"{subscription!r} is no subscription; write one of {known}")
    small = subscription in {"free", "essentials", "professional", "b2b"}
    left_out = _SOLD_TO_ENTERPRISES if small else frozenset()
    unpaid = UNPAID if subscription == "free" else frozenset()
    return FEATURES - left_out - unpaid, BUCKETS[subscription]
