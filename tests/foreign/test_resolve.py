"""What is read of other tools' configurations becomes a draft that can be declared as it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from foreign.made_up import DOMAIN, LOGIN, ORDERS, WEB, item, source
from tenantctl.foreign import Made, MadeList, Named, resolve
from tenantctl.model import Address, Ref, Secret, Text, Var

KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\n-----END PRIVATE KEY-----\n"
LIVE = "3f9a0c7be2d14588a6b1c0d9e8f70213"


def ref(address: str, field: str = "id") -> Ref:
    return Ref(Address.parse(address), field)


def fields(draft, address: str) -> Any:
    return draft.resources[Address.parse(address)].fields


def said(draft) -> list[tuple[str, str]]:
    return [(note.level, note.message) for note in draft.notes]


# --- keys -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Keys:
    about: str
    items: tuple[Any, ...]
    addresses: tuple[str, ...]
    variables: dict[str, str] = field(default_factory=dict)


KEYS = (
    Keys("a key is made of the first name", (ORDERS,), ("resource_servers.orders-api",)),
    Keys(
        "names that make the same key are numbered in the order of the source",
        (item("clients", "My App"), item("clients", "my-app"), item("clients", "MY APP")),
        ("clients.my-app", "clients.my-app-2", "clients.my-app-3"),
    ),
    Keys(
        "a name of which nothing is left has a key all the same",
        (item("clients", "🚀"), item("clients", "!")),
        ("clients.unnamed", "clients.unnamed-2"),
    ),
    Keys(
        "what is made of a variable has the variable's name in its key, in every environment",
        (item("clients", Made.of("Shop Dev", Text(("Shop ", Var("stage"))))),),
        ("clients.shop-stage",),
    ),
    Keys(
        "the management API is known by the tenant's domain",
        (item("resource_servers", identifier=f"https://{DOMAIN}/api/v2/"),),
        ("resource_servers.management-api",),
    ),
    Keys(
        "the management API is known by its name in the dashboard",
        (item("resource_servers", identifier="Auth0 Management API"),),
        ("resource_servers.management-api",),
    ),
    Keys(
        "the client of the login page is the global one",
        (item("clients", "All Applications"),),
        ("clients.global",),
    ),
    Keys(
        "a grant is known by what it is between",
        (WEB, ORDERS, item("client_grants", client_id="Web", audience="https://orders", scope=[])),
        ("client_grants.web/orders-api/client", "clients.web", "resource_servers.orders-api"),
    ),
    Keys(
        "the management API is known by any other domain that is the tenant's",
        (item("resource_servers", identifier="https://login.shop.example/api/v2/"),),
        ("resource_servers.management-api",),
        {"host": "login.shop.example"},
    ),
    Keys(
        "an API of somebody else's is none of Auth0's, whatever its path",
        (item("resource_servers", "Shop", identifier="https://shop.example/api/v2/"),),
        ("resource_servers.shop",),
    ),
    Keys(
        "a grant to the management API of any domain of Auth0's is one to the tenant's own",
        (
            WEB,
            item(
                "client_grants",
                client_id="Web",
                audience="https://old.us.auth0.com/api/v2/",
                scope=[],
            ),
        ),
        ("client_grants.web/management-api/client", "clients.web"),
    ),
    Keys(
        "what is fixed has the keys that Auth0 gives",
        (
            item("guardian_factors", owners=["otp"], enabled=True),
            item("tenant", friendly_name="Shop"),
        ),
        ("guardian_factors.otp", "tenant"),
    ),
    Keys(
        "what hangs on a resource has its key",
        (
            item("roles", "Admin"),
            ORDERS,
            item("role_permissions", owners=["Admin"], permissions=[]),
        ),
        ("resource_servers.orders-api", "role_permissions.admin", "roles.admin"),
    ),
    Keys(
        "what a resource has several of is told apart by name",
        (
            WEB,
            item(
                "client_credentials", "Key 1", owners=["Web"], credential_type="public_key", pem="x"
            ),
            item(
                "client_credentials", "Key 2", owners=["Web"], credential_type="public_key", pem="y"
            ),
        ),
        ("client_credentials.web/key-1", "client_credentials.web/key-2", "clients.web"),
    ),
)


@pytest.mark.parametrize("case", KEYS, ids=lambda case: case.about)
def test_every_item_has_an_address(case):
    draft = resolve(source(*case.items, stage="dev", **case.variables))
    assert sorted(map(str, draft.resources)) == sorted(case.addresses)
    assert [note for note in draft.notes if note.level == "mistake"] == []


def test_fields_that_repeat_the_key_are_filled_in_and_those_of_system_objects_are_left_out():
    draft = resolve(
        source(
            item("guardian_factors", owners=["otp"], enabled=True),
            item("clients", "All Applications", custom_login_page="<html>"),
        )
    )
    assert fields(draft, "guardian_factors.otp") == {"name": "otp", "enabled": True}
    assert fields(draft, "clients.global") == {"custom_login_page": "<html>"}


# --- references -------------------------------------------------------------------------------


def test_names_become_references_and_stand_for_what_the_kind_says():
    draft = resolve(
        source(
            WEB,
            LOGIN,
            item("connections", "db", strategy="auth0"),
            item("tenant", default_directory="db"),
            item("connection_clients", owners=["db"], clients=["Web"]),
            item(
                "trigger_bindings",
                owners=["post-login"],
                bindings=[{"action": "Login", "display_name": "L"}],
            ),
        )
    )
    assert fields(draft, "tenant") == {"default_directory": ref("connections.db", "name")}
    assert fields(draft, "connection_clients.db") == {"clients": [ref("clients.web", "client_id")]}
    assert fields(draft, "trigger_bindings.post-login")["bindings"] == [
        {"action": ref("actions.login"), "display_name": "L"}
    ]


@dataclass(frozen=True)
class Lost:
    about: str
    items: tuple[Any, ...]
    address: str
    left: Any
    note: str
    level: str = "mistake"


LOST = (
    Lost(
        "a member of an association goes alone",
        (
            item("connections", "db", strategy="auth0"),
            WEB,
            item("connection_clients", owners=["db"], clients=["Web", "Gone"]),
        ),
        "connection_clients.db",
        {"clients": [ref("clients.web", "client_id")]},
        "connection_clients.db: clients[1] names Gone, which is not among clients",
    ),
    Lost(
        "a member with attributes goes whole",
        (
            item("roles", "Admin"),
            ORDERS,
            item(
                "role_permissions",
                owners=["Admin"],
                permissions=[
                    {"resource_server_identifier": "https://orders", "permission_name": "read"},
                    {"resource_server_identifier": "https://gone", "permission_name": "read"},
                ],
            ),
        ),
        "role_permissions.admin",
        {
            "permissions": [
                {
                    "resource_server_identifier": ref("resource_servers.orders-api", "identifier"),
                    "permission_name": "read",
                }
            ]
        },
        "role_permissions.admin: permissions[1].resource_server_identifier names https://gone,"
        " which is not among resource_servers",
    ),
    Lost(
        "a binding goes, and the others stay in their order",
        (
            LOGIN,
            item(
                "trigger_bindings",
                owners=["post-login"],
                bindings=[
                    {"action": "Gone", "display_name": "G"},
                    {"action": "Login", "display_name": "L"},
                ],
            ),
        ),
        "trigger_bindings.post-login",
        {"bindings": [{"action": ref("actions.login"), "display_name": "L"}]},
        "trigger_bindings.post-login: bindings[0].action names Gone, which is not among actions",
    ),
    Lost(
        "an optional field goes alone",
        (item("tenant", default_audience="https://gone", friendly_name="Shop"),),
        "tenant",
        {"friendly_name": "Shop"},
        "tenant: default_audience names https://gone, which is not among resource_servers",
    ),
    Lost(
        "a grant goes whole",
        (WEB, item("client_grants", client_id="Web", audience="https://gone", scope=[])),
        "client_grants.web/gone/client",
        None,
        "one of client_grants was left out: there is no https://gone among resource_servers",
    ),
    Lost(
        "what a create needs takes the resource along",
        (
            item(
                "token_exchange_profiles",
                "T",
                type="custom_authentication",
                subject_token_type="urn:x",
                action_id="Gone",
            ),
        ),
        "token_exchange_profiles.t",
        None,
        "token_exchange_profiles.t cannot be made: it has no action_id",
    ),
    Lost(
        "the client of the tool that deployed is no mistake",
        (
            item("connections", "db", strategy="auth0"),
            item("connection_clients", owners=["db"], clients=["auth0-deploy-cli-extension"]),
        ),
        "connection_clients.db",
        {"clients": []},
        "connection_clients.db: clients[0] names auth0-deploy-cli-extension,"
        " which is not among clients",
        "loss",
    ),
    Lost(
        "what hangs on nothing goes",
        (item("role_permissions", owners=["Gone"], permissions=[]),),
        "role_permissions.gone",
        None,
        "one of role_permissions was left out: there is no Gone among roles",
    ),
    Lost(
        "a trigger that Auth0 does not have goes",
        (item("trigger_bindings", owners=["pre-login"], bindings=[]),),
        "trigger_bindings.pre-login",
        None,
        "one of trigger_bindings was left out: Auth0 has no trigger pre-login",
    ),
)


@pytest.mark.parametrize("case", LOST, ids=lambda case: case.about)
def test_of_what_leads_nowhere_as_little_as_possible_is_left_out(case):
    draft = resolve(source(*case.items))
    there = draft.resources.get(Address.parse(case.address))
    assert (there and there.fields) == case.left
    assert (case.level, case.note) in said(draft)


def test_what_depends_on_something_left_out_goes_with_it():
    shaky = item("token_exchange_profiles", "T", type="custom_authentication", action_id="Login")
    broken = item("actions", "Login", code="//")  # which Auth0 makes for some trigger only
    bound = item(
        "trigger_bindings",
        owners=["post-login"],
        bindings=[{"action": "Login", "display_name": "L"}],
    )
    draft = resolve(source(broken, shaky, bound))
    assert list(map(str, draft.resources)) == ["trigger_bindings.post-login"]
    assert fields(draft, "trigger_bindings.post-login") == {"bindings": []}


def test_a_name_of_a_field_of_something_else_becomes_a_reference_wherever_it_stands():
    token = Named.of("auth0_client.web", "client_id")
    draft = resolve(
        source(
            item("clients", "Web", "auth0_client.web"),
            item(
                "organizations",
                "acme",
                metadata={
                    "whole": token,
                    "inside": Made.of("x-?", Text(("x-", token))),
                    "lost": Named.of("auth0_client.gone", "client_id"),
                },
            ),
        )
    )
    web = ref("clients.web", "client_id")
    assert fields(draft, "organizations.acme")["metadata"] == {
        "whole": web,
        "inside": Text(("x-", web)),
    }
    assert [note.level for note in draft.notes] == ["mistake"]


def test_what_has_the_name_of_something_of_another_kind_is_not_taken_for_it():
    draft = resolve(
        source(
            item(
                "actions", "Shop", code="//", supported_triggers=LOGIN.fields["supported_triggers"]
            ),
            item("clients", "Shop"),
            item("trigger_bindings", owners=["post-login"], bindings=[{"action": "Shop"}]),
            item("connections", "db", strategy="auth0"),
            item("connection_clients", owners=["db"], clients=["Shop"]),
        )
    )
    (binding,) = fields(draft, "trigger_bindings.post-login")["bindings"]
    assert binding["action"] == ref("actions.shop")
    clients = fields(draft, "connection_clients.db")["clients"]
    assert clients == [ref("clients.shop", "client_id")]


# --- twice ------------------------------------------------------------------------------------


def test_of_two_declarations_of_one_thing_the_later_one_counts_and_is_told():
    draft = resolve(
        source(
            item("roles", "Admin", description="a"), item("roles", "Admin", line=9, description="b")
        )
    )
    assert fields(draft, "roles.admin") == {"name": "Admin", "description": "b"}
    (note,) = draft.notes
    assert (note.level, note.line, note.message) == (
        "mistake",
        9,
        "roles.admin is declared twice: first at tenant.yaml:1:3",
    )


def test_an_address_without_a_scheme_is_told_and_stays():
    settings = {"support_url": "help.shop.example", "picture_url": "https://x.example"}
    draft = resolve(source(item("tenant", **settings)))

    assert fields(draft, "tenant") == settings
    assert [(each.level, each.message) for each in draft.notes] == [
        ("mistake", "tenant: support_url is help.shop.example, which has no scheme")
    ]


def test_no_list_at_all_is_an_empty_one_where_that_is_what_it_means():
    draft = resolve(source(item("trigger_bindings", owners=["post-login"], bindings=None)))
    assert fields(draft, "trigger_bindings.post-login") == {"bindings": []}


def test_parts_of_a_singleton_are_put_together_and_members_are_united():
    draft = resolve(
        source(
            WEB,
            item("clients", "Other"),
            item("connections", "db", strategy="auth0"),
            item("tenant", flags={"enable_sso": True}, friendly_name="a"),
            item("tenant", flags={"change_pwd_flow_v1": False}, friendly_name="b"),
            item("connection_clients", owners=["db"], clients=["Web"]),
            item("connection_clients", owners=["db"], clients=["Other", "Web"]),
        )
    )
    assert fields(draft, "tenant") == {
        "flags": {"enable_sso": True, "change_pwd_flow_v1": False},
        "friendly_name": "b",
    }
    assert len(fields(draft, "connection_clients.db")["clients"]) == 2
    assert draft.notes == ()


def test_two_that_claim_a_value_which_only_one_may_have_are_told_apart():
    rule = {"action": {"block": True}, "match": {"geo_country_codes": ["AQ"]}, "scope": "tenant"}
    acls = (
        item("network_acls", description=name, active=True, priority=1, rule=rule) for name in "ab"
    )
    draft = resolve(source(*acls))
    assert list(map(str, draft.resources)) == ["network_acls.a"]
    assert said(draft) == [("mistake", "network_acls.b and network_acls.a both have priority: 1")]


# --- variables --------------------------------------------------------------------------------


def test_variables_stand_where_values_did_and_only_those_that_are_used_are_kept():
    draft = resolve(
        source(
            item(
                "clients",
                Made.of("Web Dev", Text(("Web ", Var("stage")))),
                callbacks=MadeList.of(["https://a", "https://b"], Var("callbacks")),
                logo_uri=Made.of("https://a/logo", Text((Var("host"), "/logo"))),
            ),
            item("organizations", "acme", display_name=Made.of("Dev", Var("stage"))),
            stage="Dev",
            callbacks=["https://a", "https://b"],
            host="https://a",
            spare="x",
        )
    )
    assert fields(draft, "clients.web-stage") == {
        "name": Text(("Web ", Var("stage"))),
        "callbacks": Var("callbacks"),
        "logo_uri": Text((Var("host"), "/logo")),
    }
    assert draft.variables.keys() == {"stage", "callbacks", "host"}


def test_a_name_made_of_variables_is_found_by_its_value_and_leaves_no_variable_behind():
    audience = Made.of("https://orders", Var("audience"))
    draft = resolve(
        source(
            WEB,
            ORDERS,
            item("client_grants", client_id="Web", audience=audience, scope=[]),
            audience="https://orders",
        )
    )
    assert "client_grants.web/orders-api/client" in map(str, draft.resources)
    assert draft.variables == {}


# --- secrets ----------------------------------------------------------------------------------


def connection(**options: Any):
    return item(
        "connections",
        "corp",
        strategy="oidc",
        options={"client_id": "x", "type": "back_channel", **options},
    )


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (LIVE, Secret("CORP_CLIENT_SECRET")),
        ("_VALUE_NOT_SHOWN_", Secret("CORP_CLIENT_SECRET")),
        ("##OKTA_SECRET##", Secret("CORP_CLIENT_SECRET")),
        (12345, Secret("CORP_CLIENT_SECRET")),
        (Made.of(LIVE, Var("okta")), Secret("CORP_CLIENT_SECRET")),
        (Made.of(LIVE, Secret("OKTA")), Secret("OKTA")),
        (Secret("OKTA"), Secret("OKTA")),
    ],
)
def test_whatever_stands_in_the_place_of_a_secret_becomes_a_name(value, kept):
    draft = resolve(source(connection(client_secret=value), okta=LIVE))
    assert fields(draft, "connections.corp")["options"]["client_secret"] == kept
    assert LIVE not in repr(draft)


def test_an_empty_secret_is_none():
    draft = resolve(source(connection(client_secret="")))
    assert "client_secret" not in fields(draft, "connections.corp")["options"]


@dataclass(frozen=True)
class Exposed:
    about: str
    metadata: dict[str, Any]
    level: str
    note: str


EXPOSED = (
    Exposed(
        "a credential beside a telling name",
        {"api_token": LIVE},
        "mistake",
        "looks like a live credential",
    ),
    Exposed("a private key", {"anything": KEY}, "mistake", "holds a private key"),
    Exposed(
        "a secret of the source's own",
        {"x": Made.of(LIVE, Secret("X"))},
        "mistake",
        "holds a secret that everybody can read there",
    ),
    Exposed(
        "a secret inside a text",
        {"x": Made.of(LIVE, Text(("a", Secret("X"))))},
        "mistake",
        "holds a secret that everybody can read there",
    ),
    Exposed(
        "a placeholder",
        {"x": "##SOMETHING##"},
        "mistake",
        "is the placeholder ##SOMETHING##",
    ),
)


@pytest.mark.parametrize("case", EXPOSED, ids=lambda case: case.about)
def test_metadata_that_everybody_can_read_holds_no_secret(case):
    draft = resolve(
        source(item("clients", "Web", client_metadata={**case.metadata, "plan": "gold"}))
    )
    assert fields(draft, "clients.web")["client_metadata"] == {"plan": "gold"}
    (name,) = case.metadata
    assert said(draft) == [(case.level, f"clients.web: client_metadata.{name} {case.note}")]
    assert LIVE not in repr(draft)


@pytest.mark.parametrize(
    "metadata",
    [
        {"token_endpoint": "https://shop.example/oauth/token/1234567890"},
        {"password_hint": "ask the office on floor 3"},
        {"color": "a1b2c3d4e5f6a7b8c9d0e1f2"},
    ],
)
def test_metadata_that_is_no_secret_stays(metadata):
    draft = resolve(source(item("clients", "Web", client_metadata=metadata)))
    assert fields(draft, "clients.web")["client_metadata"] == metadata


def test_a_setting_is_no_credential_whatever_it_looks_like():
    given = item(
        "resource_servers", "A", identifier="https://a", token_dialect="rfc9068_profile_authz"
    )
    draft = resolve(source(given))
    assert fields(draft, "resource_servers.a")["token_dialect"] == "rfc9068_profile_authz"


def test_no_two_secrets_have_the_same_name_and_the_names_do_not_depend_on_values():
    items = (
        item(
            "connections", "a b", strategy="oidc", options={"client_secret": "1", "client_id": "x"}
        ),
        item(
            "connections", "a-b", strategy="oidc", options={"client_secret": "2", "client_id": "x"}
        ),
        item(
            "actions",
            "Mail",
            code="//",
            supported_triggers=[{"id": "post-login", "version": "v3"}],
            secrets=[
                {"name": "A_B_CLIENT_SECRET", "value": "3"},
                {"name": "KEY", "value": Secret("A_B_CLIENT_SECRET")},
            ],
        ),
    )
    draft = resolve(source(*items))
    names = [
        fields(draft, key)["options"]["client_secret"].name
        for key in ("connections.a-b", "connections.a-b-2")
    ]
    assert names == ["A_B_CLIENT_SECRET_2", "A_B_2_CLIENT_SECRET"]
    assert [each["value"].name for each in fields(draft, "actions.mail")["secrets"]] == [
        "MAIL_A_B_CLIENT_SECRET",
        "A_B_CLIENT_SECRET",
    ]


# --- what Auth0 takes -------------------------------------------------------------------------


@dataclass(frozen=True)
class Fits:
    about: str
    given: dict[str, Any]
    kept: dict[str, Any]
    notes: tuple[str, ...] = ()
    kind: str = "clients"


FITS = (
    Fits("a field that no request has", {"fancy": 1}, {}, ("clients.web has no field fancy",)),
    Fits(
        "one inside another",
        {"jwt_configuration": {"alg": "RS256", "fancy": 1}},
        {"jwt_configuration": {"alg": "RS256"}},
        ("clients.web has no field fancy in jwt_configuration",),
    ),
    Fits("a flag in words", {"oidc_conformant": "true"}, {"oidc_conformant": True}),
    Fits(
        "a number in quotes",
        {"jwt_configuration": {"lifetime_in_seconds": "3600"}},
        {"jwt_configuration": {"lifetime_in_seconds": 3600}},
    ),
    Fits(
        "one thing where several may be", {"callbacks": "https://a"}, {"callbacks": ["https://a"]}
    ),
    Fits(
        "a value that is none of those there are",
        {"organization_usage": "spaceship"},
        {},
        ("clients.web: organization_usage must be one of deny, allow, require",),
    ),
    Fits(
        "a list that is a map",
        {"callbacks": {"a": 1}},
        {},
        ("clients.web: callbacks must be a list",),
    ),
    Fits(
        "elements that are none between some that are",
        {"callbacks": [{}, "https://a", {}, "https://b"]},
        {"callbacks": ["https://a", "https://b"]},
        ("clients.web: callbacks[2] must be text", "clients.web: callbacks[0] must be text"),
    ),
    Fits(
        "what only Auth0 sets",
        {"signing_keys": [{"cert": "x"}], "client_metadata": {"a": "b"}},
        {"client_metadata": {"a": "b"}},
    ),
    Fits(
        "a field of another strategy",
        {"strategy": "google-oauth2", "options": {"client_id": "a", "import_mode": True}},
        {"strategy": "google-oauth2", "options": {"client_id": "a"}},
        ("connections.web has no field import_mode in options: strategy google-oauth2 has none",),
        "connections",
    ),
    Fits(
        "an element without what it is known by",
        {
            "identifier": "https://x",
            "scopes": [{"value": "read", "description": "r"}, {"description": "x"}, "write"],
        },
        {"identifier": "https://x", "scopes": [{"value": "read", "description": "r"}]},
        ("resource_servers.web: scopes must be a list, each element with its value",),
        "resource_servers",
    ),
    Fits(
        "a null that cannot be",
        {"strategy": "auth0", "options": None},
        {"strategy": "auth0"},
        (),
        "connections",
    ),
)


@pytest.mark.parametrize("case", FITS, ids=lambda case: case.about)
def test_what_auth0_does_not_take_is_put_right_or_left_out_with_a_word(case):
    draft = resolve(source(item(case.kind, "Web", **case.given)))
    assert fields(draft, f"{case.kind}.web") == {"name": "Web", **case.kept}
    assert said(draft) == [("loss", note) for note in case.notes]
