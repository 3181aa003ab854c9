"""What a subscription includes: features, and how many requests it takes (rate-limit policy).

Which plan includes which feature is sold, not documented as data: a tenant has every feature
unless somebody takes one away.
"""

from typing import Final

# The features that a path needs, and what a tenant without one is told (OpenAPI, 403 responses).
REFUSALS: Final[dict[str, str]] = {
    "bot_detection": "Please upgrade your subscription to use bot detection",
    "directory_provisioning": (
        "The inbound directory provisioning feature is not enabled for this tenant"
    ),
    "experimentation": "Tenant not entitled to this feature.",
    "tenant_acl": (
        "Entitlement is not enabled for this tenant."
        " Please upgrade your subscription to enable Tenant ACL Management."
    ),
    "custom_domains": ("There must be a verified credit card on file to perform this operation."),
    "organizations": "Please upgrade your subscription to use organizations",
    "rate_limit_policies": "Please upgrade your subscription to use rate limit policies",
    "risk_assessments": "Please upgrade your subscription to use risk assessments",
    "self_service": "Please upgrade your subscription to use self-service profiles",
    "supplemental_signals": "Please upgrade your subscription to use supplemental signals",
}
FEATURES: Final = frozenset(REFUSALS)
