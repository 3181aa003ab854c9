"""What comes with a client for express configuration: a grant of the Management API, made by Auth0.

Its scopes are those of recorded traffic.
"""

from tenantctl.sandbox import identity
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Call

_SCOPES = (
    "read:clients", "read:user_attribute_profiles", "read:connection_profiles",
    "read:organizations_summary", "read:connections", "create:connections",
    "update:connections", "read:connections_options", "update:connections_options",
    "read:organization_connections", "create:organization_connections",
    "update:organization_connections", "create:scim_config", "read:scim_token",
    "create:scim_token", "delete:scim_token",
)  # fmt: skip


def grant_express(call: Call, client: Document) -> None:
    """Adds the grant to a client of that type, unless it has one."""
    store, id = call.tenant.store, client["client_id"]
    if client.get("app_type") != "express_configuration":
        return
    if store.find("client_grants", "client_id", id) is not None:
        return
    grant = {
        "id": identity.prefixed("cgr_", 16)(),
        "client_id": id,
        "audience": call.tenant.audience,
        "scope": list(_SCOPES),
        "is_system": True,
        "subject_type": "client",
    }
    store.put("client_grants", grant["id"], grant)
