"""Samples of organizations and what they use, of groups, of credentials and profiles."""

from gateway.sample import Sample
from gateway.world import resource
from tenantctl.model import Ref

WORKER = resource("clients.worker", name="Worker", app_type="non_interactive")
STAFF = resource("connections.staff", name="staff", strategy="auth0")
STOCK = resource("resource_servers.stock", identifier="https://stock", name="Stock")
GRANT = resource(
    "client_grants.worker/stock/client",
    client_id=Ref(WORKER.address, "client_id"),
    audience=Ref(STOCK.address, "identifier"),
    subject_type="client",
    scope=[],
    organization_usage="allow",
)
ACME = resource("organizations.acme", name="acme", display_name="Acme", metadata={"tier": "gold"})
PORTER = resource("roles.porter", name="porter", description="opens doors")
ENGINEERS = resource("groups.Engineers", id="grp_1111111111111111111111", name="Engineers")
EXCHANGE = resource(
    "actions.exchange",
    name="exchange",
    code="exports.a = 1;",
    runtime="node22",
    supported_triggers=[{"id": "custom-token-exchange", "version": "v1"}],
    deployed=True,
)

ORGANIZATIONS = (
    Sample(
        resource(
            "default_client_grants.third_party_clients/stock/user",
            default_for="third_party_clients",
            audience=Ref(STOCK.address, "identifier"),
            subject_type="user",
            scope=[],
        ),
        "organization_usage",
        "allow",
        (STOCK,),
    ),
    Sample(ACME, "display_name", "Acme Incorporated"),
    Sample(
        resource(
            "organization_enabled_connections.acme",
            connections=[{"connection_id": Ref(STAFF.address), "assign_membership_on_login": True}],
        ),
        "connections",
        [],
        (STAFF, ACME),
    ),
    Sample(
        resource("organization_client_grants.acme", grants=[Ref(GRANT.address)]),
        "grants",
        [],
        (WORKER, STOCK, GRANT, ACME),
    ),
    Sample(
        resource(
            "organization_discovery_domains.acme",
            domains=[{"domain": "acme.example", "status": "verified"}],
        ),
        "domains",
        [{"domain": "acme.example", "status": "pending"}],
        (ACME,),
    ),
    Sample(
        resource(
            "organization_clients.acme",
            clients=[
                {"client_id": Ref(WORKER.address, "client_id"), "use_for_member_access": True}
            ],
        ),
        "clients",
        [],
        (WORKER, ACME),
    ),
    Sample(
        resource("role_groups.porter", groups=[Ref(ENGINEERS.address)]),
        "groups",
        [],
        (PORTER,),
        given=(ENGINEERS,),
    ),
    Sample(
        resource("organization_group_roles.acme/Engineers", roles=[Ref(PORTER.address)]),
        "roles",
        [],
        (PORTER, ACME),
        given=(ENGINEERS,),
    ),
    Sample(
        resource(
            "client_credentials.worker/main",
            name="main",
            credential_type="cert_subject_dn",
            subject_dn="CN=worker",
            expires_at="2050-01-01T00:00:00.000Z",
        ),
        "expires_at",
        "2051-01-01T00:00:00.000Z",
        (WORKER,),
    ),
    Sample(
        resource(
            "client_profiles.registered",
            name="registered",
            apply_policy={
                "external_metadata_type": "cimd",
                "external_metadata_created_by": "client",
            },
            client_configuration={"organization_usage": {"default_value": "allow"}},
        ),
        "client_configuration",
        {"organization_usage": {"default_value": "deny"}},
    ),
    Sample(
        resource("agents.concierge", name="concierge", metadata={"team": "support"}),
        "metadata",
        {"team": "sales"},
    ),
    Sample(
        resource(
            "token_exchange_profiles.legacy",
            name="legacy",
            type="custom_authentication",
            subject_token_type="urn:shop:legacy",
            action_id=Ref(EXCHANGE.address),
        ),
        "subject_token_type",
        "urn:shop:old",
        (EXCHANGE,),
    ),
)
