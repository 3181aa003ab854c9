"""Reading a tenant as a whole: what there is, what it is called, and what cannot be read."""

import pytest

from gateway.world import DOMAIN, World, resource, scope_of
from tenantctl.engine.scopes import to_survey
from tenantctl.errors import Denied, GatewayError, Unreachable, UsageError
from tenantctl.gateway import Access
from tenantctl.kinds import KINDS
from tenantctl.model import Address, Foreign, Identity, Ref, Scope, Sealed, Secret, Tenant
from tenantctl.sandbox import Fault, Hostility, Sandbox

NOTHING = Scope({}, Tenant({}))
BORN = {
    "clients.default-app",
    "clients.global",
    "clients.tenantctl",
    "client_grants.tenantctl/management-api/client",
    "connections.google-oauth2",
    "connections.username-password-authentication",
    "connection_clients.username-password-authentication",
    "resource_servers.management-api",
}
"""What every tenant has that somebody could have made."""


@pytest.fixture
def world():
    return World()


def survey(world, scope=NOTHING, *kinds, access=None):
    return world.job(lambda gateway: gateway.survey(scope, kinds=kinds), access)


def names(found, *kinds):
    return {str(a) for a in found.tenant.resources if not kinds or a.kind in kinds}


def fields(found, address):
    return found.tenant.get(Address.parse(address)).fields


def test_a_fresh_tenant_has_what_it_was_born_with_and_its_settings(world):
    found = survey(world)
    assert names(found) >= BORN
    made = {name for name in names(found) if name.split(".")[0] in {n.split(".")[0] for n in BORN}}
    assert made == BORN
    assert not found.unread


def test_what_is_not_there_or_says_nothing_is_left_out(world):
    found = survey(world)
    absent = {
        "branding", "branding_theme", "custom_domain_default", "custom_signing_keys",
        "email_provider", "email_templates", "guardian_push_fcm", "prompt_custom_text",
        "prompt_partials", "prompt_rendering", "trigger_bindings", "universal_login_template",
    }  # fmt: skip
    assert not {address.kind for address in found.tenant.resources} & absent


@pytest.mark.parametrize(
    ("table", "id", "document", "address"),
    [
        ("clients", "c", {"name": "Web Shop"}, "clients.web-shop"),
        ("clients", "c", {"name": "  "}, "clients.clients"),
        ("clients", "c", {"name": "日本"}, "clients.clients"),
        ("clients", "c", {"name": "Global"}, "clients.global-2"),
        (
            "resource_servers",
            "r",
            {"name": "Orders", "identifier": "https://api.example/orders"},
            "resource_servers.orders",
        ),
        (
            "resource_servers",
            "r",
            {"identifier": "https://api.example/orders"},
            "resource_servers.api-example-orders",
        ),
        ("connections", "c", {"name": "Staff_AD", "strategy": "ad"}, "connections.staff_ad"),
        (
            "custom_domains",
            "d",
            {"domain": "login.shop.example", "status": "ready"},
            "custom_domains.login-shop-example",
        ),
        ("network_acls", "a", {"description": "No bots!"}, "network_acls.no-bots"),
        (
            "rate_limit_policies",
            "p",
            {
                "resource": "oauth_authentication_api",
                "consumer": "client",
                "consumer_selector": "third_party_clients",
            },
            "rate_limit_policies.third_party_clients",
        ),
    ],
)
def test_an_object_is_called_by_the_best_name_that_it_has(world, table, id, document, address):
    world.sandbox.put(table, id, document)
    assert address in names(survey(world, NOTHING, table))


@pytest.mark.parametrize("seed", range(4))
def test_keys_do_not_depend_on_the_order_in_which_a_tenant_lists_its_objects(seed):
    called = ["Shop", "shop", "SHOP!", "Shop 2", "Shop", "Web", "web"]
    documents = {f"c{n}": {"name": name} for n, name in enumerate(called)}
    found = []
    for order in (list(documents), list(documents)[::-1]):
        world = World(Sandbox(DOMAIN, hostility=Hostility(seed=seed, page_cap=2)))
        for id in order:
            world.sandbox.put("clients", id, documents[id])
        ids = survey(world, NOTHING, "clients").ids
        found.append({a.key: id for a, id in ids.items() if id in documents})
    assert found[0] == found[1]
    assert len(found[0]) == len(called)


def test_of_equal_names_the_ids_decide(world):
    for id in ("c3", "c1", "c2"):
        world.sandbox.put("clients", id, {"name": "Shop"})
    ids = survey(world, NOTHING, "clients").ids
    keys = ("shop", "shop-2", "shop-3")
    assert [ids[Address("clients", key)] for key in keys] == ["c1", "c2", "c3"]


def test_what_is_declared_keeps_its_address_and_nothing_else_gets_it(world):
    world.sandbox.put("clients", "c1", {"name": "Web Shop"})
    world.sandbox.put("clients", "c2", {"name": "Shop"})
    world.sandbox.put("clients", "c3", {"name": "Gone"})
    declared = scope_of([resource("clients.shop", name="Web Shop"), resource("clients.gone-by")])
    ids = survey(world, declared, "clients").ids
    assert ids[Address("clients", "shop")] == "c1"
    assert ids[Address("clients", "shop-2")] == "c2"
    assert ids[Address("clients", "gone")] == "c3"


@pytest.mark.parametrize(
    ("identity", "hints"),
    [
        (Identity(("Elsewhere",), pin="c1"), {}),
        (Identity(("Elsewhere",)), {Address("clients", "mine"): "c1"}),
        (Identity(("Elsewhere",), was=("Web Shop",)), {}),
    ],
    ids=["pin", "hint", "was"],
)
def test_what_is_declared_is_recognised_as_by_a_read(world, identity, hints):
    world.sandbox.put("clients", "c1", {"name": "Web Shop"})
    mine = Address("clients", "mine")
    found = survey(world, Scope({mine: identity}, Tenant({}), hints), "clients")
    assert found.ids[mine] == "c1"
    assert "clients.web-shop" not in names(found)


def test_system_objects_keep_their_keys_whatever_somebody_calls_an_object(world):
    world.sandbox.put("clients", "c1", {"name": "All Applications"})
    found = survey(world, NOTHING, "clients")
    assert found.ids[Address("clients", "all-applications")] == "c1"
    assert found.ids[Address("clients", "global")] != "c1"


def test_keys_of_several_parts_are_made_of_the_keys_of_what_they_name(world):
    world.sandbox.put("clients", "c1", {"name": "Web Shop"})
    world.sandbox.put("resource_servers", "r1", {"identifier": "https://orders.example"})
    world.sandbox.put(
        "client_grants",
        "cgr_1",
        {"client_id": "c1", "audience": "https://orders.example", "scope": ["read:all"]},
    )
    grant = "client_grants.web-shop/orders-example/client"
    found = survey(world, NOTHING, "client_grants")
    assert fields(found, grant)["client_id"] == Ref(Address("clients", "web-shop"), "client_id")
    assert found.ids[Address.parse(grant)] == "cgr_1"


def test_what_a_default_grant_is_for_tells_it_from_the_grants_of_clients(world):
    world.sandbox.put("resource_servers", "r1", {"identifier": "https://orders.example"})
    world.sandbox.put(
        "client_grants",
        "cgr_1",
        {"default_for": "third_party_clients", "audience": "https://orders.example", "scope": []},
    )
    found = survey(world, NOTHING, "client_grants", "default_client_grants")
    assert names(found) == {
        "client_grants.tenantctl/management-api/client",
        "default_client_grants.third_party_clients/orders-example/client",
    }
    assert world.reads.count("GET /client-grants") == 1


def test_what_a_reference_leads_to_is_foreign_where_nothing_is_known_of_it(world):
    world.sandbox.put("client_grants", "cgr_1", {"client_id": "lost", "audience": "x://Lost API"})
    found = fields(survey(world, NOTHING, "client_grants"), "client_grants.lost/lost-api/client")
    assert found["client_id"] == Foreign("clients", "lost")


def test_what_is_not_known_is_never_called_as_what_is(world):
    world.sandbox.put("clients", "c1", {"name": "Lost"})
    for n, id in enumerate(("c1", "lost")):
        world.sandbox.put("client_grants", f"cgr_{n}", {"client_id": id, "audience": "x"})
    found = survey(world, NOTHING, "client_grants")
    keys = {address.key: id for address, id in found.ids.items()}
    assert (keys["lost/x/client"], keys["lost-2/x/client"]) == ("cgr_0", "cgr_1")


def test_groups_are_found_as_far_as_others_name_them(world):
    world.sandbox.seed(
        {
            "groups": {
                "grp_1": {"name": "Engineers"},
                "grp_2": {"name": "Nobody"},
                "grp_3": {"name": "Doctors/Nurses"},
            },
            "roles": {"rol_1": {"name": "clerk"}},
            "group_roles": {
                f"grp_{n}/rol_1": {
                    "_parent": f"grp_{n}",
                    "group_id": f"grp_{n}",
                    "role_id": "rol_1",
                }
                for n in (1, 3)
            },
        }
    )
    found = survey(world, NOTHING, "role_groups")
    engineers, doctors = Ref(Address("groups", "Engineers")), Foreign("groups", "grp_3")
    assert names(found, "groups") == {"groups.Engineers"}
    groups = fields(found, "role_groups.clerk")["groups"]
    assert {str(each) for each in groups} == {str(engineers), str(doctors)}
    assert "GET /groups" not in world.reads


def test_some_kinds_are_read_with_what_leads_to_them_and_what_they_name(world):
    found = survey(world, NOTHING, "client_grants")
    assert names(found) == {"client_grants.tenantctl/management-api/client"}
    assert fields(found, "client_grants.tenantctl/management-api/client")["client_id"] == Ref(
        Address("clients", "tenantctl"), "client_id"
    )
    assert sorted(world.reads) == ["GET /client-grants", "GET /clients", "GET /resource-servers"]


def test_an_unknown_kind_is_a_mistake_of_who_asks(world):
    with pytest.raises(UsageError, match="no kind customers"):
        survey(world, NOTHING, "clients", "customers")
    assert world.sandbox.log == []


def test_a_second_survey_finds_the_same_and_forgets_what_has_gone(world):
    world.sandbox.put("clients", "c1", {"name": "Web Shop"})
    world.sandbox.put("clients", "c2", {"name": "Gone"})

    async def twice(gateway):
        first = await gateway.survey(NOTHING)
        world.sandbox.drop("clients", "c2")
        return first, await gateway.survey(NOTHING), gateway.id_of(Address("clients", "gone"))

    first, second, gone = world.job(twice)
    assert names(first) - names(second) == {"clients.gone"}
    assert gone == ""


def test_a_gateway_names_what_it_needs_itself(world):
    async def work(gateway):
        await gateway.survey(NOTHING)
        return gateway.own()

    assert {str(address) for address in world.job(work)} == {
        "clients.tenantctl",
        "client_grants.tenantctl/management-api/client",
    }


def test_the_key_that_a_gateway_signs_in_with_is_its_own_too(world):
    own, _ = world.sandbox.credentials()
    key = {"credential_type": "public_key", "name": "Ours", "alg": "RS256", "kid": "one"}
    world.sandbox.put("client_credentials", "cred_1", key, parent=own)

    async def work(gateway):
        await gateway.survey(NOTHING)
        return gateway.own()

    assert Address("client_credentials", "tenantctl/ours") in world.job(work)


def test_a_key_that_is_never_shown_is_sealed_so_that_somebody_supplies_it(world):
    world.sandbox.put("clients", "c1", {"name": "Worker"})
    for name, type in (("Key", "public_key"), ("Subject", "cert_subject_dn")):
        found = {"credential_type": type, "name": name, "subject_dn": "CN=x"}
        world.sandbox.put("client_credentials", name, found, parent="c1")
    found = survey(world, NOTHING, "client_credentials")
    assert fields(found, "client_credentials.worker/key")["pem"] == Sealed(None)
    assert "pem" not in fields(found, "client_credentials.worker/subject")


def test_a_secret_that_is_shown_is_never_in_a_survey(world):
    secret = Secret("TOKEN")
    options = {"client_id": "a", "client_secret": secret, "domain": "staff.okta.com"}
    world.create(resource("connections.staff", name="staff", strategy="okta", options=options))
    found = survey(world, NOTHING, "connections")
    assert isinstance(fields(found, "connections.staff")["options"]["client_secret"], Sealed)
    assert world.vault.values["TOKEN"] not in repr(found)


def allow(world, *without):
    own, _ = world.sandbox.credentials()
    ((id, grant),) = (
        (id, document)
        for id, document in world.sandbox.documents("client_grants").items()
        if document.get("client_id") == own
    )
    kept = [scope for scope in grant["scope"] if scope not in without]
    world.sandbox.edit("client_grants", id, {"scope": kept})


@pytest.mark.parametrize(
    ("scope", "kinds"),
    [
        ("read:roles", {"roles", "role_permissions", "role_groups"}),
        ("read:prompts", {"prompts", "prompt_custom_text", "prompt_partials", "prompt_rendering"}),
        ("read:email_templates", {"email_templates"}),
        ("read:scim_config", {"connection_scim_configuration"}),
        (
            "read:directory_provisionings",
            {"connection_directory_provisioning", "connection_synchronized_groups"},
        ),
        ("read:hooks", {"hooks", "hook_secrets"}),
    ],
)
def test_a_scope_that_the_token_lacks_is_said_and_the_rest_is_read(world, scope, kinds):
    allow(world, scope)
    found = survey(world)
    assert found.unread.keys() == kinds
    lacking = {reason for reason in found.unread.values() if "part of" not in reason}
    assert lacking == {f"the token lacks {scope}"}
    assert names(found) >= BORN


def test_a_kind_that_cannot_be_read_is_asked_for_once(world):
    allow(world, "read:prompts", "read:email_templates")
    survey(world)
    assert sum(read.startswith("GET /email-templates") for read in world.reads) == 1
    assert sum("/custom-text/" in read for read in world.reads) == 1


@pytest.mark.parametrize(
    ("feature", "missing"),
    [
        ("advanced_customizations", {"prompt_rendering"}),
        ("organizations", {
            "organizations",
            "organization_client_grants",
            "organization_clients",
            "organization_discovery_domains",
            "organization_enabled_connections",
            "organization_group_roles",
        }),
        ("page_templates", {"universal_login_template"}),
        ("tenant_acl", {"network_acls", "network_acl_keys"}),
        ("phone_provider_protection", {"attack_protection.phone_provider_protection"}),
    ],
)  # fmt: skip
def test_what_the_subscription_does_not_have_is_said_and_the_rest_is_read(world, feature, missing):
    world.sandbox.features = world.sandbox.features - {feature}
    found = survey(world)
    assert found.unread.keys() == missing
    said = {reason for reason in found.unread.values() if "part of" not in reason}
    assert all(reason.startswith("the subscription does not have it") for reason in said)
    assert names(found) >= BORN


def test_a_part_that_is_refused_says_nothing_of_the_other_parts(world):
    path = "/attack-protection/brute-force-protection"
    world.sandbox.faults = [Fault("status", "GET", path, status=403)]
    found = survey(world, NOTHING, "attack_protection")
    assert found.unread.keys() == {"attack_protection.brute_force_protection"}
    assert "attack_protection.captcha" in names(found)


@pytest.mark.parametrize("status", [404, 410, 501])
def test_what_a_tenant_does_not_have_any_more_is_said_and_the_rest_is_read(world, status):
    faults = [Fault("status", "GET", path, status=status) for path in ("/rules", "/hooks")]
    world.sandbox.faults = faults
    found = survey(world)
    assert found.unread.keys() == {"hooks", "hook_secrets", "rules"}
    assert found.unread["rules"].startswith("the tenant does not have it")
    assert [fault.matched for fault in faults] == [1, 1]


def test_a_name_that_an_older_tenant_does_not_know_is_left_out_alone(world):
    path = "/prompts/async-approval-flow/custom-text/en"
    world.sandbox.faults = [Fault("status", "GET", path, status=400)]
    assert survey(world).unread.keys() == {"prompt_custom_text.async-approval-flow/en"}


def test_an_object_that_has_no_such_thing_is_left_out_alone(world):
    world.sandbox.put("clients", "c1", {"name": "Strange"})
    world.sandbox.faults = [Fault("status", "GET", "/clients/c1/credentials", status=400)]
    assert survey(world).unread.keys() == {"client_credentials.strange"}


def test_reading_scopes_are_enough(world):
    own, _ = world.sandbox.credentials()
    grants = world.sandbox.documents("client_grants").values()
    (scopes,) = (each["scope"] for each in grants if each.get("client_id") == own)
    allow(world, *(scope for scope in scopes if scope not in to_survey(KINDS)))
    assert not survey(world).unread
    assert all(scope.startswith("read:") for scope in to_survey(KINDS))


def test_an_owner_that_goes_away_meanwhile_takes_its_own_along(world):
    world.sandbox.put("clients", "c1", {"name": "Going"})
    world.sandbox.faults = [Fault("status", "GET", "/clients/c1/credentials", status=404)]
    assert not survey(world).unread


@pytest.mark.parametrize(
    ("status", "error"), [(500, GatewayError), (503, GatewayError), (400, GatewayError)]
)
def test_a_tenant_that_fails_is_no_kind_that_it_lacks(world, status, error):
    world.sandbox.faults = [Fault("status", "GET", "/roles", status=status)]
    with pytest.raises(error):
        survey(world)


def test_a_tenant_that_does_not_answer_cannot_be_surveyed(world):
    world.sandbox.faults = [Fault("before", "GET", "/roles")]
    with pytest.raises(Unreachable):
        survey(world)


def test_wrong_credentials_are_no_kind_that_the_tenant_lacks(world):
    id, _ = world.sandbox.credentials()
    with pytest.raises(Denied):
        survey(world, access=Access(DOMAIN, id, client_secret="wrong"))


def test_of_what_every_tenant_has_only_what_may_be_set_is_found(world):
    found = survey(world, NOTHING, "clients", "resource_servers")
    assert fields(found, "resource_servers.management-api").keys() == {
        "token_lifetime",
        "skip_consent_for_verifiable_first_party_clients",
        "subject_type_authorization",
    }
    assert fields(found, "clients.global").keys() <= {"custom_login_page", "custom_login_page_on"}


def test_what_is_declared_of_a_system_object_is_found_all_the_same(world):
    scope = scope_of([resource("resource_servers.management-api", token_lifetime_for_web=7200)])
    found = survey(world, scope, "resource_servers")
    assert fields(found, "resource_servers.management-api")["token_lifetime_for_web"] == 7200
