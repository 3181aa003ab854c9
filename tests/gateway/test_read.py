import pytest

from gateway.world import DOMAIN, SECRET, World, resource, scope_of
from tenantctl.errors import GatewayError
from tenantctl.model import (
    Address,
    Foreign,
    Identity,
    Ref,
    Scope,
    Sealed,
    Secret,
    Tenant,
    Text,
    Vault,
)
from tenantctl.sandbox import Hostility, Sandbox

WEB = Address("clients", "web-shop")
API = Address("resource_servers", "management-api")
SHOP = resource("clients.web-shop", name="Web Shop")
CUSTOMERS = resource("connections.customers", name="customers", strategy="auth0")
SYSTEM_API = resource("resource_servers.management-api")


@pytest.fixture
def world():
    return World()


def put_client(world, id, **fields):
    world.sandbox.put("clients", id, {"name": "Web Shop", **fields})


def scoped(address, identity, hint=""):
    return Scope({address: identity}, Tenant({}), {address: hint})


def test_only_what_the_scope_names_is_read(world):
    put_client(world, "c1")
    live = world.read(SHOP)
    assert list(live.resources) == [WEB]
    assert world.reads == ["GET /clients"]


def test_nothing_is_asked_of_the_tenant_for_an_empty_scope(world):
    assert len(world.read()) == 0
    assert world.sandbox.log == []


def test_a_read_takes_one_request_for_each_kind_and_one_for_each_association(world):
    wanted = [
        SHOP,
        resource("clients.app", name="App"),
        CUSTOMERS,
        resource("connection_clients.customers", clients=[]),
        resource("roles.clerk", name="clerk"),
        resource("role_permissions.clerk", permissions=[]),
        resource("tenant", friendly_name="x"),
        resource("branding", logo_url="x"),
        resource("email_templates.verify_email", template="verify_email"),
        resource("attack_protection.captcha"),
        SYSTEM_API,
    ]
    world.create(SHOP, CUSTOMERS, resource("roles.clerk", name="clerk"))
    world.sandbox.clear_log()
    world.read(*wanted)
    ids = [*world.sandbox.documents("connections"), *world.sandbox.documents("roles")]
    connection = next(id for id in ids if f"GET /connections/{id}/clients" in world.reads)
    (role,) = world.sandbox.documents("roles")
    assert sorted(world.reads) == sorted(
        [
            "GET /attack-protection/captcha",
            "GET /branding",
            "GET /clients",
            "GET /connections",
            f"GET /connections/{connection}/clients",
            "GET /email-templates/verify_email",
            "GET /resource-servers",
            "GET /roles",
            f"GET /roles/{role}/permissions",
            "GET /tenants/settings",
        ]
    )
    assert world.writes == []


SCIM = "connection_scim_configuration"


def provisioned(world, count):
    """Resources of as many connections, and those of their SCIM; the first has none live."""
    keys = [f"staff-{n}" for n in range(count)]
    options = {"domain": "staff.okta.com", "client_id": "a"}
    made = [
        resource(f"connections.{key}", name=key, strategy="okta", options=options) for key in keys
    ]
    scim = [resource(f"{SCIM}.{key}", user_id_attribute=key, mapping=[]) for key in keys]
    world.create(*made, *scim[1:])
    world.sandbox.clear_log()
    return [*made, *scim]


def test_what_many_owners_have_is_read_at_once_where_the_api_lists_it(world):
    wanted = provisioned(world, 6)
    live = world.read(*wanted)
    assert world.reads == ["GET /connections", "GET /connections-scim-configurations"]
    attributes = {a.key: r.fields["user_id_attribute"] for a, r in found(live, SCIM)}
    assert attributes == {f"staff-{n}": f"staff-{n}" for n in range(1, 6)}


def test_what_a_few_owners_have_is_read_one_by_one(world):
    wanted = provisioned(world, 4)
    live = world.read(*wanted)
    assert len(world.reads) == 1 + 4
    assert [address.key for address, _ in found(live, SCIM)] == ["staff-1", "staff-2", "staff-3"]


def found(live, kind):
    return [(a, r) for a, r in sorted(live.resources.items()) if a.kind == kind]


def test_what_is_absent_is_not_in_the_tenant(world):
    live = world.read(
        SHOP,
        resource("branding_theme"),
        resource("email_provider"),
        resource("universal_login_template"),
        resource("email_templates.verify_email", template="verify_email"),
        resource("prompt_custom_text.login/de"),
        resource("trigger_bindings.post-login"),
        resource("connection_clients.customers"),
    )
    assert len(live) == 0


def test_all_pages_are_read_even_if_the_tenant_gives_short_ones():
    for hostility in (None, Hostility(seed=1, page_cap=3), Hostility(seed=2, page_cap=100)):
        world = World(Sandbox(DOMAIN, hostility=hostility))
        shops = [resource(f"clients.shop-{n}", name=f"Shop {n}") for n in range(7)]
        roles = [resource(f"roles.role-{n}", name=f"role {n}") for n in range(7)]
        databases = [
            resource(f"connections.db-{n}", name=f"db-{n}", strategy="auth0") for n in range(7)
        ]
        world.create(*shops, *roles, *databases)
        assert len(world.read(*shops, *roles, *databases)) == 21


def test_two_hundred_and_fifty_clients_are_three_requests(world):
    for n in range(250):
        world.sandbox.put("clients", f"c{n}", {"name": f"Shop {n}"})
    shops = [resource(f"clients.shop-{n}", name=f"Shop {n}") for n in range(250)]
    assert len(world.read(*shops)) == 250
    assert world.reads == ["GET /clients"] * 3


def test_secrets_of_clients_are_not_even_asked_for(world):
    world.create(SHOP)
    assert "client_secret" not in world.read(SHOP).get(WEB).fields
    lists = [r.query for r in world.sandbox.log if r.path == "/clients" and r.method == "GET"]
    assert {(q["fields"], q["include_fields"]) for q in lists} == {
        ("client_secret,signing_keys", "false")
    }


def test_a_renamed_object_is_recognised_by_the_id_of_the_last_receipt(world):
    put_client(world, "c1", name="Renamed in the dashboard")
    scope = scoped(WEB, Identity(("Web Shop",)), hint="c1")
    assert world.read(scope=scope).get(WEB).fields["name"] == "Renamed in the dashboard"


def test_an_id_that_is_gone_does_not_keep_the_natural_key_from_matching(world):
    put_client(world, "c2")
    scope = scoped(WEB, Identity(("Web Shop",)), hint="c1")
    assert world.read(scope=scope).get(WEB) is not None


def test_a_pin_decides_between_objects_of_one_name(world):
    put_client(world, "c1", description="first")
    put_client(world, "c2", description="second")
    scope = scoped(WEB, Identity(("Web Shop",), pin="c2"))
    assert world.read(scope=scope).get(WEB).fields["description"] == "second"


def test_two_objects_of_one_name_are_ambiguous_only_where_an_address_meets_them(world):
    put_client(world, "c1")
    put_client(world, "c2")
    other = resource("clients.other", name="Other")
    assert len(world.read(other)) == 0
    with pytest.raises(GatewayError, match=r"clients\.web-shop fits 2 objects.*c1, c2") as error:
        world.read(SHOP)
    assert "pin one" in error.value.help


def test_a_pin_to_nothing_is_an_error(world):
    with pytest.raises(GatewayError, match="pinned to c9, which is not in the tenant"):
        world.read(scope=scoped(WEB, Identity(("Web Shop",), pin="c9")))


def test_a_departed_address_is_known_by_its_id_alone(world):
    put_client(world, "c2")
    assert world.read(scope=scoped(WEB, Identity(pin="c1"))).get(WEB) is None


def test_an_earlier_name_is_recognised(world):
    put_client(world, "c1", name="Old Shop")
    identity = Identity(("Web Shop",), was=("Old Shop",))
    assert world.read(scope=scoped(WEB, identity)).get(WEB).fields["name"] == "Old Shop"


def test_an_earlier_key_leads_to_the_id_that_the_receipt_has_for_it(world):
    put_client(world, "c1", name="Something else")
    scope = Scope(
        {WEB: Identity(("Web Shop",), was=("shop",))},
        Tenant({}),
        {Address("clients", "shop"): "c1"},
    )
    assert world.read(scope=scope).get(WEB) is not None


def test_no_object_is_two_addresses(world):
    put_client(world, "c1")
    old, new = Address("clients", "old"), Address("clients", "new")
    scope = Scope(
        {old: Identity(("Old Shop",)), new: Identity(("Web Shop",))}, Tenant({}), {old: "c1"}
    )
    assert list(world.read(scope=scope).resources) == [old]


def test_references_are_read_by_address_and_undeclared_ones_as_foreign(world):
    put_client(world, "c1")
    put_client(world, "c2", name="Undeclared")
    world.create(CUSTOMERS)
    (id,) = [
        i for i, d in world.sandbox.documents("connections").items() if d["name"] == "customers"
    ]
    enabled = resource("connection_clients.customers", clients=[Ref(WEB, "client_id")])
    world.create(SHOP, CUSTOMERS, enabled)
    world.job(lambda g: enable(g, id, "c2"))
    live = world.read(SHOP, CUSTOMERS, enabled).get(enabled.address)
    assert set(live.fields["clients"]) == {Ref(WEB, "client_id"), Foreign("clients", "c2")}


async def enable(gateway, connection, client):
    from tenantctl.gateway.routes import Route

    route = Route("PATCH", f"/connections/{connection}/clients", "PATCH")
    body = [{"client_id": client, "status": True}]
    await gateway._live.session.request(route, body=body)


def test_a_grant_is_matched_by_the_addresses_in_its_key(world):
    grant = resource(
        "client_grants.web-shop/management-api/client",
        client_id=Ref(WEB, "client_id"),
        audience=Ref(API, "identifier"),
        subject_type="client",
        scope=["read:users"],
    )
    world.create(SYSTEM_API, SHOP, grant)
    live = world.read(SYSTEM_API, SHOP, grant).get(grant.address)
    assert live.fields["client_id"] == Ref(WEB, "client_id")
    assert live.fields["scope"] == ["read:users"]


def test_a_live_value_that_equals_what_a_reference_means_is_read_as_it(world):
    audience = f"https://{DOMAIN}/api/v2/"
    wanted = resource(
        "clients.web-shop",
        name="Web Shop",
        callbacks=["https://a", Text(("https://b?aud=", Ref(API, "identifier")))],
        client_metadata={"api": Ref(API, "identifier"), "other": Ref(API, "identifier")},
    )
    put_client(
        world,
        "c1",
        callbacks=[f"https://b?aud={audience}", "https://c"],
        client_metadata={"api": audience, "other": "https://elsewhere"},
    )
    fields = world.read(SYSTEM_API, wanted).get(WEB).fields
    assert fields["callbacks"] == [Text(("https://b?aud=", Ref(API, "identifier"))), "https://c"]
    assert fields["client_metadata"] == {
        "api": Ref(API, "identifier"),
        "other": "https://elsewhere",
    }


def test_readable_secrets_are_sealed_and_hidden_ones_are_known_to_be_there(world):
    connection = resource(
        "connections.customers",
        name="customers",
        strategy="auth0",
        options={"configuration": {"KEY": Secret("TOKEN")}},
    )
    google = resource(
        "connections.google",
        name="google",
        strategy="google-oauth2",
        options={"client_id": "x", "client_secret": Secret("TOKEN")},
    )
    action = resource(
        "actions.claims",
        name="claims",
        supported_triggers=[{"id": "post-login", "version": "v3"}],
        code="exports",
        secrets=[{"name": "KEY", "value": Secret("TOKEN")}],
    )
    outcomes = world.create(connection, google, action)
    assert [o.status for o in outcomes] == ["applied"] * 3, outcomes
    live = world.read(connection, google, action)
    options = live.get(google.address).fields["options"]
    assert options["client_secret"] == Sealed(world.vault.seal(SECRET))
    assert live.get(connection.address).fields["options"]["configuration"] == {"KEY": Sealed(None)}
    assert live.get(action.address).fields["secrets"] == [{"name": "KEY", "value": Sealed(None)}]
    assert SECRET not in repr(live)


@pytest.mark.parametrize("bare", [True, False])
def test_a_secret_that_may_be_bare_or_in_parts_is_sealed_either_way(world, bare):
    key = "-----BEGIN PRIVATE KEY-----"
    held = key if bare else {"key": key, "cert": "a certificate"}
    document = {"id": "con_1", "name": "customers", "strategy": "samlp"}
    world.sandbox.put("connections", "con_1", {**document, "options": {"decryptionKey": held}})
    read = world.read(CUSTOMERS).get(CUSTOMERS.address).fields["options"]["decryptionKey"]
    sealed = Sealed(world.vault.seal(key))
    assert read == (sealed if bare else {"key": sealed, "cert": "a certificate"})


@pytest.mark.parametrize(("body", "same"), [("MAECAwQF", True), ("MAECAwQG", False)])
def test_a_certificate_that_is_shown_under_another_name_is_compared_with_that(world, body, same):
    def pem(text, end):
        return end.join(["-----BEGIN CERTIFICATE-----", text, "-----END CERTIFICATE-----", ""])

    document = {"id": "con_1", "name": "customers", "strategy": "pingfederate"}
    options = {"cert": pem("MAECAwQF", "\r\n"), "thumbprints": ["aa"]}
    world.sandbox.put("connections", "con_1", {**document, "options": options})
    declared = {"signingCert": pem(body, "\n")}
    wanted = resource(
        "connections.customers", name="customers", strategy="pingfederate", options=declared
    )
    read = world.read(wanted).get(wanted.address).fields["options"]["signingCert"]
    assert (read == declared["signingCert"]) is same
    assert not isinstance(read, Sealed)


def test_without_a_fingerprint_key_no_secret_can_be_compared():
    world = World(vault=Vault({"TOKEN": SECRET}))
    google = resource(
        "connections.google",
        name="google",
        strategy="google-oauth2",
        options={"client_id": "x", "client_secret": Secret("TOKEN")},
    )
    world.create(google)
    live = world.read(google).get(google.address)
    assert live.fields["options"]["client_secret"] == Sealed(None)


def test_declared_values_that_the_api_does_not_show_are_sealed_where_their_structure_is(world):
    provider = resource(
        "email_provider",
        name="ses",
        default_from_address="a@b.example",
        credentials={
            "accessKeyId": Secret("TOKEN"),
            "secretAccessKey": Secret("TOKEN"),
            "region": "eu-central-1",
        },
    )
    world.create(provider)
    credentials = world.read(provider).get(provider.address).fields["credentials"]
    assert credentials["secretAccessKey"] == Sealed(None)
    assert world.read(provider).get(provider.address).fields["name"] == "ses"


def test_a_secret_in_the_wrong_place_does_not_leave_the_gateway(world):
    put_client(world, "c1", description=f"token={SECRET}", client_metadata={"t": SECRET})
    fields = world.read(SHOP).get(WEB).fields
    assert fields["description"] == "token=(secret TOKEN)"
    assert fields["client_metadata"] == {"t": "(secret TOKEN)"}


def test_what_only_the_server_sets_is_not_part_of_a_resource(world):
    action = resource(
        "actions.claims",
        name="claims",
        code="exports",
        supported_triggers=[{"id": "post-login", "version": "v3"}],
        deployed=True,
    )
    world.create(action)
    fields = world.read(action).get(action.address).fields
    assert fields["deployed"] is True
    assert not fields.keys() & {"id", "created_at", "updated_at", "status", "deployed_version"}


def test_a_second_read_sees_what_has_changed_meanwhile(world):
    put_client(world, "c1")

    async def work(gateway):
        scope = scope_of([SHOP])
        first = await gateway.read(scope)
        assert gateway.id_of(WEB) == "c1"
        world.sandbox.edit("clients", "c1", {"name": "Renamed"})
        second = await gateway.read(scope)
        world.sandbox.drop("clients", "c1")
        third = await gateway.read(scope)
        return [t.get(WEB) and t.get(WEB).fields["name"] for t in (first, second, third)], (
            gateway.id_of(WEB)
        )

    assert world.job(work) == (["Web Shop", "Renamed", None], "")


def test_the_own_client_and_its_grants_are_named(world):
    id, _ = world.sandbox.credentials()
    name = world.sandbox.documents("clients")[id]["name"]
    tool = resource("clients.tool", name=name)
    grant = resource(
        "client_grants.tool/management-api/client",
        client_id=Ref(tool.address, "client_id"),
        audience=Ref(API, "identifier"),
        subject_type="client",
    )

    async def work(gateway):
        await gateway.read(scope_of([tool, SYSTEM_API, SHOP, grant]))
        return gateway.own()

    assert world.job(work) == {tool.address, grant.address}


def test_secrets_of_an_action_are_known_to_be_there_even_where_nobody_declares_them(world):
    action = resource(
        "actions.claims",
        name="claims",
        code="exports",
        supported_triggers=[{"id": "post-login", "version": "v3"}],
        secrets=[{"name": "KEY", "value": Secret("TOKEN")}],
    )
    world.create(action)
    live = world.read(scope=scoped(action.address, Identity(("claims",)))).get(action.address)
    assert live.fields["secrets"] == [{"name": "KEY", "value": Sealed(None)}]


def test_an_object_that_two_addresses_name_is_the_first_ones(world):
    put_client(world, "c1")
    one, other = Address("clients", "a"), Address("clients", "b")
    scope = Scope({other: Identity(("Web Shop",)), one: Identity(("Web Shop",))}, Tenant({}))
    assert list(world.read(scope=scope).resources) == [one]
