"""What a tenant of the older sort is asked for tells whether it is one.

Recorded traffic reaches back years, and a recording does not say how old it is. Its tenant is taken
for one of the older sort until a request names something that such a tenant does not know and would
refuse: from then on the tenant does as those of today do.
"""

from collections.abc import Iterator
from typing import Any, Final

from tenantctl.sandbox.wire import Call, Route

# By habit of the older tenants (subscriptions.OLD_TENANT): members of bodies, and paths, that only
# tenants know which have left it behind.
_MEMBERS: Final[dict[str, frozenset[str]]] = {
    "enabled_clients": frozenset({"synchronize_groups"}),
    "implied_subject_types": frozenset({"is_app_entitlement_active", "token_exchange"}),
    "unguarded_organizations": frozenset(
        {"is_app_entitlement_active", "owner_id"}
    ),
    "plain_connections": frozenset(
        {
            "api_enable_groups", "authentication", "connected_accounts",
            "cross_app_access_requesting_app", "cross_app_access_resource_app",
            "custom_password_hash", "default_method", "dpop_signing_alg", "email_otp",
            "id_token_session_expiry_supported", "id_token_signed_response_algs",
            "password_options", "phone_otp", "synchronize_groups",
            "token_endpoint_jwtca_aud_format",
        }
    ),
}  # fmt: skip
_PATHS: Final[dict[str, tuple[str, ...]]] = {
    "enabled_clients": ("/connections/{id}/directory-provisioning/synchronized-groups",),
    "implied_subject_types": (),
    "unguarded_organizations": ("/organizations/{organization}/clients",),
    "plain_connections": (
        "/connections/{id}/directory-provisioning",
        "/organizations/{organization}/connections",
    ),
}

HABITS: Final = frozenset(_MEMBERS)
PATHS: Final = frozenset(path for paths in _PATHS.values() for path in paths)


def outgrow(route: Route, call: Call) -> None:
    """Takes from the tenant the habits that tenants with what the call names do not have."""
    habits = call.tenant.features & HABITS
    if not habits:
        return
    named = frozenset(_names(call.body))
    for habit in habits:
        if route.path.startswith(_PATHS[habit]) or named & _MEMBERS[habit]:
            call.tenant.settings.features -= {habit}


def _names(value: Any, depth: int = 0) -> Iterator[str]:
    """The names of members at any depth, within reason."""
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from _names(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _names(item, depth + 1)


_DEEPEST: Final = 8
