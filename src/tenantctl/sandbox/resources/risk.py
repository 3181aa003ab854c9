"""Rate-limit policies, and where the assessment of risks is set up."""

from typing import Any

from tenantctl.sandbox import identity
from tenantctl.sandbox.refusal import Refusal
from tenantctl.sandbox.service import collection_routes, joined, singleton_routes
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Call, Collection, Paging, Singleton

_KEY = ("resource", "consumer", "consumer_selector")
_READ, _WRITE = "read:attack_protection", "update:attack_protection"


def _check_policy(call: Call, new: Document, old: Document) -> None:
    if old:
        return
    key = [new[name] for name in _KEY]
    for row in call.tenant.store.rows(POLICIES.name):
        if [row.document.get(name) for name in _KEY] == key:
            raise Refusal(
                409,
                "A rate limit policy with the same resource, consumer, and consumer_selector"
                " already exists.",
            )


def stamped(call: Call, new: Document, old: Document) -> Document:
    """The document with the times at which it was made and last changed."""
    now = identity.timestamp(call.tenant.clock())
    made: Any = old.get("created_at") or new.get("created_at", now)
    return {**new, "created_at": made, "updated_at": now}


POLICIES = Collection(
    name="rate_limit_policies",
    path="/rate-limit-policies",
    mint=identity.compact("rlp_"),
    noun="rate_limit_policies",
    paging=Paging("rate_limit_policies", "only_checkpoint"),
    missing=("The rate limit policy does not exist.", None),
    delete_missing=True,
    filters=tuple((name, name) for name in _KEY),
    sample=(
        ("resource", "oauth_authentication_api"),
        ("consumer", "client"),
        ("consumer_selector", "default"),
        ("configuration", {"action": "allow"}),
    ),
    feature="rate_limit_policies",
    check=_check_policy,
    complete=stamped,
)
RISKS = Singleton(
    name="risk_assessment_settings",
    path="/risk-assessments/settings",
    read=_READ,
    write=_WRITE,
    defaults={"enabled": False},
    feature="risk_assessments",
)
NEW_DEVICE = Singleton(
    name="risk_assessment_new_device",
    path="/risk-assessments/settings/new-device",
    read=_READ,
    write=_WRITE,
    defaults={"remember_for": 30},
    feature="risk_assessments",
)
SIGNALS = Singleton(
    name="supplemental_signals",
    path="/supplemental-signals",
    read=_READ,
    write=_WRITE,
    defaults={"akamai_enabled": False},
    feature="supplemental_signals",
)

ROUTES = joined(
    collection_routes(POLICIES),
    *(singleton_routes(singleton) for singleton in (RISKS, NEW_DEVICE, SIGNALS)),
)
