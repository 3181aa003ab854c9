"""What a draft says, as a person would write it."""

from __future__ import annotations

import pytest

from tenantctl.drafts import Tag, write_down
from tenantctl.model import (
    Address,
    Draft,
    Foreign,
    Ref,
    Resource,
    Sealed,
    Secret,
    Text,
    Var,
)

DOMAIN = "shop-dev.eu.auth0.com"
WEB = Address("clients", "web")
LONG = "exports.onExecutePostLogin = async (event, api) => {\n  api.idToken;\n};\n"


def draft(*resources, **more):
    found = {address: Resource(address, fields) for address, fields in resources}
    return Draft(DOMAIN, found, **more)


CASES = {
    "a name that is the key goes without saying": (
        [(WEB, {"name": "web", "app_type": "spa"})],
        {WEB: {"app_type": "spa"}},
    ),
    "any other name is written": (
        [(WEB, {"name": "Web Shop"})],
        {WEB: {"name": "Web Shop"}},
    ),
    "a default goes without saying": (
        [(Address("roles", "r"), {"name": "r", "description": "Reads."})],
        {Address("roles", "r"): {"description": "Reads."}},
    ),
    "what is in every tenant and is as ever is left out": (
        [
            (Address("tenant"), {}),
            (Address("guardian_factors", "otp"), {}),
            (
                Address("attack_protection", "breached_password_detection"),
                {"enabled": False, "method": "standard"},
            ),
        ],
        {},
    ),
    "what is in every tenant and is otherwise is told": (
        [(Address("attack_protection", "brute_force_protection"), {"enabled": False})],
        {Address("attack_protection", "brute_force_protection"): {"enabled": False}},
    ),
    "a secret gets a name that tells where it belongs": (
        [
            (
                Address("connections", "google-oauth2"),
                {
                    "strategy": "google-oauth2",
                    "options": {"client_id": "1", "client_secret": Sealed(None)},
                },
            )
        ],
        {
            Address("connections", "google-oauth2"): {
                "strategy": "google-oauth2",
                "options": {
                    "client_id": "1",
                    "client_secret": Tag("secret", "GOOGLE_OAUTH2_CLIENT_SECRET"),
                },
            }
        },
    ),
    "variables and secrets inside texts, and a literal that looks like one": (
        [
            (
                WEB,
                {
                    "callbacks": [Text((Var("url"), "/cb")), "https://x/${y}"],
                    "logo_uri": Var("logo"),
                    "description": Text(("by ", Secret("WHO"))),
                },
            )
        ],
        {
            WEB: {
                "callbacks": ["${var.url}/cb", "https://x/$${y}"],
                "logo_uri": Tag("var", "logo"),
                "description": "by ${secret.WHO}",
            }
        },
    ),
    "the tenant's own domain is a variable inside a text": (
        [(WEB, {"callbacks": [f"https://{DOMAIN}/login/callback"]})],
        {WEB: {"callbacks": ["https://${var.tenant_domain}/login/callback"]}},
    ),
    "what refers to another is its key, and elsewhere a reference": (
        [
            (
                Address("trigger_bindings", "post-login"),
                {
                    "bindings": [
                        {
                            "action": Ref(Address("actions", "claims")),
                            "display_name": Ref(Address("actions", "claims"), "name"),
                        }
                    ]
                },
            ),
            (WEB, {"client_metadata": {"api": Ref(Address("resource_servers", "o"), "id")}}),
        ],
        {
            Address("trigger_bindings", "post-login"): {"claims": {}},
            WEB: {"client_metadata": {"api": Tag("ref", "resource_servers.o.id")}},
        },
    ),
    "an association stands inside its parent": (
        [
            (Address("connections", "users"), {"strategy": "auth0"}),
            (
                Address("connection_clients", "users"),
                {"clients": [Ref(WEB, "client_id")]},
            ),
        ],
        {Address("connections", "users"): {"strategy": "auth0", "clients": ["web"]}},
    ),
    "an association of which there is nothing is left out": (
        [
            (Address("connections", "users"), {"strategy": "auth0"}),
            (Address("connection_clients", "users"), {"clients": []}),
        ],
        {Address("connections", "users"): {"strategy": "auth0"}},
    ),
    "permissions are lists by API": (
        [
            (Address("roles", "r"), {"name": "r", "description": "x"}),
            (
                Address("role_permissions", "r"),
                {
                    "permissions": [
                        {
                            "resource_server_identifier": Ref(
                                Address("resource_servers", "o"), "identifier"
                            ),
                            "permission_name": "read:orders",
                        }
                    ]
                },
            ),
        ],
        {Address("roles", "r"): {"description": "x", "permissions": {"o": ["read:orders"]}}},
    ),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_draft_is_written_down(case):
    resources, bodies = CASES[case]

    assert write_down(draft(*resources)).bodies == bodies


def test_code_goes_into_a_file_and_a_line_of_it_stays():
    action = Address("actions", "claims")
    short = Address("actions", "none")
    fields = {"supported_triggers": [{"id": "post-login", "version": "v3"}]}

    written = write_down(
        draft((action, {"code": LONG, **fields}), (short, {"code": "// none", **fields}))
    )

    assert written.bodies[action]["code"] == Tag("file", "actions/claims.js")
    assert written.files == {"actions/claims.js": LONG}
    assert written.bodies[short]["code"] == "// none"


def test_code_with_a_variable_is_a_template_in_which_all_else_is_literal():
    action = Address("actions", "claims")
    code = Text(("const url = `${base}`;\nconst to = '", Var("url"), "';\n"))

    written = write_down(draft((action, {"code": code})))

    assert written.bodies[action]["code"] == Tag("template", "actions/claims.js")
    assert written.files["actions/claims.js"] == (
        "const url = `$${base}`;\nconst to = '${var.url}';\n"
    )


def test_two_codes_never_share_a_file():
    one, other = Address("actions", "a b"), Address("actions", "a-b")
    codes = {one: LONG, other: f"// other\n{LONG}"}

    written = write_down(draft(*((address, {"code": code}) for address, code in codes.items())))

    found = {address: written.bodies[address]["code"].text for address in codes}
    assert found == {one: "actions/a-b.js", other: "actions/a-b-2.js"}
    assert {address: written.files[file] for address, file in found.items()} == codes


def test_two_secrets_never_share_a_name():
    one, other = Address("connections", "a-b"), Address("connections", "a_b")
    fields = {"strategy": "oidc", "options": {"client_secret": Sealed(None)}}

    written = write_down(draft((one, fields), (other, fields)))

    assert set(written.secrets) == {"A_B_CLIENT_SECRET", "A_B_CLIENT_SECRET_2"}
    assert written.secrets["A_B_CLIENT_SECRET"] == "options.client_secret of connections.a-b"


def test_an_id_that_leads_nowhere_is_left_out_and_told():
    fields = {"clients": [Ref(WEB, "client_id"), Foreign("clients", "abc")]}
    users = Address("connections", "users")

    written = write_down(
        draft((users, {"strategy": "auth0"}), (Address("connection_clients", "users"), fields))
    )

    assert written.bodies[users]["clients"] == ["web"]
    assert [note.level for note in written.notes] == ["loss"]
    assert "abc" in written.notes[0].message


def test_an_element_that_is_known_by_such_an_id_goes_as_a_whole():
    shop = Address("organizations", "shop")
    members = [{"connection_id": Foreign("connections", "con_1"), "show_as_button": False}]

    written = write_down(
        draft(
            (shop, {"display_name": "Shop"}),
            (Address("organization_enabled_connections", "shop"), {"connections": members}),
        )
    )

    assert written.bodies[shop] == {"display_name": "Shop"}
    assert "con_1" in written.notes[0].message


def test_what_a_declaration_asks_for_anyway_is_told_where_it_is_not_so():
    action = Address("actions", "claims")
    fields = {"code": "// none", "deployed": False}

    written = write_down(draft((action, fields)))

    assert written.bodies[action] == {"code": "// none"}
    assert [(note.level, note.message) for note in written.notes] == [
        ("guess", "actions.claims has deployed: false")
    ]


def test_in_full_nothing_goes_without_saying():
    role = Address("connections", "users")
    fields = {"strategy": "auth0", "name": "users", "is_domain_connection": False}

    brief = write_down(draft((role, fields)))
    full = write_down(draft((role, fields)), full=True)

    assert "is_domain_connection" not in brief.bodies[role]
    assert full.bodies[role]["is_domain_connection"] is False
