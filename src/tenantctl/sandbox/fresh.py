"""What a tenant has on its first day, and the tool's own client."""

from dataclasses import dataclass

from tenantctl.sandbox import identity
from tenantctl.sandbox.documents import filled
from tenantctl.sandbox.permissions import MANAGEMENT_SCOPES
from tenantctl.sandbox.resources.clients import CLIENTS
from tenantctl.sandbox.resources.connections import CONNECTIONS
from tenantctl.sandbox.resources.credentials import CREDENTIALS
from tenantctl.sandbox.store import Document
from tenantctl.sandbox.wire import Call, Collection, Tenant

TOOL = "tenantctl"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A client's id and secret; no secret where it signs assertions instead."""

    client_id: str
    client_secret: str | None


def furnish(tenant: Tenant, tool: Credentials) -> None:
    """Fills an empty store: clients, connections, the Management API, the tool's own grant."""
    _add(tenant, CLIENTS, {"name": "All Applications", "global": True})
    default = _add(tenant, CLIENTS, {"name": "Default App"})
    tenant.store.put(
        "resource_servers",
        server_id := identity.object_id(),
        {
            "id": server_id,
            "name": "Auth0 Management API",
            "identifier": tenant.audience,
            "allow_offline_access": False,
            "is_system": True,
            "scopes": [
                {"value": name, "description": _sentence(name)} for name in MANAGEMENT_SCOPES
            ],
            "signing_alg": "RS256",
            "skip_consent_for_verifiable_first_party_clients": False,
            "subject_type_authorization": {
                "client": {"policy": "require_client_grant"},
                "user": {"policy": "allow_all"},
            },
            "token_lifetime": 86400,
            "token_lifetime_for_web": 7200,
        },
    )
    database = _add(
        tenant, CONNECTIONS, {"name": "Username-Password-Authentication", "strategy": "auth0"}
    )
    _add(tenant, CONNECTIONS, {"name": "google-oauth2", "strategy": "google-oauth2"})
    link = {"client_id": default["client_id"]}
    id = f"{database['id']}/{default['client_id']}"
    tenant.store.put("connection_clients", id, link, database["id"])
    machine = {"name": TOOL, "client_id": tool.client_id, "client_secret": tool.client_secret}
    add_machine(tenant, machine, MANAGEMENT_SCOPES)


def add_machine(
    tenant: Tenant, client: Document, scopes: tuple[str, ...], public_key_pem: str | None = None
) -> Credentials:
    """A machine-to-machine client with a grant of these scopes of the Management API."""
    given = {"app_type": "non_interactive", "grant_types": ["client_credentials"], **client}
    made = _add(tenant, CLIENTS, given)
    if public_key_pem is not None:
        _attach_key(tenant, made, public_key_pem)
    grant = {
        "id": identity.prefixed("cgr_", 16)(),
        "client_id": made["client_id"],
        "audience": tenant.audience,
        "scope": list(scopes),
        "subject_type": "client",
    }
    tenant.store.put("client_grants", grant["id"], grant)
    secret = made["client_secret"] if public_key_pem is None else None
    return Credentials(made["client_id"], secret)


def _attach_key(tenant: Tenant, client: Document, pem: str) -> None:
    given = {"id": CREDENTIALS.mint(), "credential_type": "public_key", "pem": pem}
    credential = CREDENTIALS.complete(_call(tenant), given, {})
    tenant.store.put("client_credentials", credential["id"], credential, client["client_id"])
    methods = {"private_key_jwt": {"credentials": [{"id": credential["id"]}]}}
    tenant.store.put(
        "clients", client["client_id"], {**client, "client_authentication_methods": methods}
    )


def _add(tenant: Tenant, collection: Collection, given: Document) -> Document:
    document = collection.complete(
        _call(tenant), filled(given, {collection.id: collection.mint()}), {}
    )
    tenant.store.put(collection.name, document[collection.id], document)
    return document


def _call(tenant: Tenant) -> Call:
    return Call(tenant, "POST", {}, {}, None, frozenset())


def _sentence(scope: str) -> str:
    verb, _, noun = scope.partition(":")
    return f"{verb} {noun.replace('_', ' ')}".capitalize()
