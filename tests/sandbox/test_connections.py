"""Connections: options by strategy, metadata, clients, deletion, keys and provisioning.

Facts come from recorded traffic (sections 4, 6, 7, 8b) and from api-behaviour 2.1 and 2.2.
"""

import base64

import pytest

from tenantctl.sandbox import Sandbox
from tenantctl.sandbox.behaviour import Delays

ORIGIN = "https://idp.example"
CERTIFICATE = "MIIBszCCAVmgAwIBAgIUAAAA"
SAML = f"""
  <?xml version="1.0"?>
<EntityDescriptor entityID="{ORIGIN}" xmlns="urn:oasis:names:tc:SAML:2.0:metadata">
  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <KeyDescriptor use="signing">
      <KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>
        <X509Certificate>{CERTIFICATE}</X509Certificate>
      </X509Data></KeyInfo>
    </KeyDescriptor>
    <SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
                         Location="{ORIGIN}/out"/>
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
                         Location="{ORIGIN}/post"/>
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
                         Location="{ORIGIN}/in"/>
  </IDPSSODescriptor>
</EntityDescriptor>
"""
FEDERATION = f"""<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata"
    xmlns:fed="http://docs.oasis-open.org/wsfed/federation/200706"
    xmlns:wsa="http://www.w3.org/2005/08/addressing"><RoleDescriptor>
  <fed:PassiveRequestorEndpoint><wsa:EndpointReference>
    <wsa:Address>{ORIGIN}/wsfed</wsa:Address>
  </wsa:EndpointReference></fed:PassiveRequestorEndpoint>
</RoleDescriptor></EntityDescriptor>"""


def make(api, strategy, options=None, **given):
    body = {"name": f"a-{strategy}", "strategy": strategy, **given}
    made = api.post("/connections", body if options is None else {**body, "options": options})
    return made, f"/connections/{made['id']}"


@pytest.mark.parametrize(
    ("strategy", "options", "scope"),
    [
        ("github", {"email": True, "read_org": True, "repo": False}, ["user:email", "read:org"]),
        ("github", None, []),
        ("google-oauth2", None, ["email", "profile"]),
        (
            "google-oauth2",
            {"profile": True, "calendar": True, "youtube": False},
            ["profile", "https://www.googleapis.com/auth/calendar", "email"],
        ),
        ("facebook", {"email": True, "user_birthday": True}, "email,user_birthday"),
        ("facebook", None, ""),
        ("apple", {"name": True, "email": True}, "name email"),
        ("linkedin", {"strategy_version": 2}, ["r_liteprofile"]),
        ("linkedin", None, ["r_basicprofile"]),
        ("wordpress", {"scope": ["email", "openid"]}, ["profile"]),
        ("windowslive", None, []),
    ],
)
def test_scopes_are_worked_out_of_flags(api, strategy, options, scope):
    made, path = make(api, strategy, options)
    assert made["options"]["scope"] == scope
    assert api.get(path)["options"] == made["options"]


@pytest.mark.parametrize(
    ("strategy", "options", "expected"),
    [
        ("auth0", None, {"passwordPolicy": "good", "strategy_version": 2}),
        ("ad", None, {"ips": None, "brute_force_protection": True}),
        ("adfs", {"fedMetadataXml": FEDERATION}, {"signInEndpoint": f"{ORIGIN}/wsfed"}),
        ("waad", None, {"waad_protocol": "openid-connect", "use_wsfed": False}),
        (
            "oidc",
            {"discovery_url": f"{ORIGIN}/.well-known/openid-configuration", "issuer": "urn:mine"},
            {"issuer": "urn:mine", "token_endpoint": f"{ORIGIN}/oauth/token"},
        ),
        (
            "okta",
            {"domain": "shop.okta.com", "token_endpoint": None},
            {"type": "back_channel", "token_endpoint": "https://shop.okta.com/oauth2/v1/token"},
        ),
        ("pingfederate", {"pingFederateBaseUrl": ORIGIN}, {"signInEndpoint": ORIGIN}),
        (
            "samlp",
            {"metadataXml": SAML},
            {
                "signInEndpoint": f"{ORIGIN}/in",
                "signOutEndpoint": f"{ORIGIN}/out",
                "bindingMethod": "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
            },
        ),
    ],
)
def test_options_are_filled_in_by_strategy(api, strategy, options, expected):
    _, path = make(api, strategy, options)
    live = api.get(path)["options"]
    assert {name: live[name] for name in expected} == expected
    assert "metadataXml" not in live


def test_the_signing_certificate_is_taken_out_of_the_metadata(api):
    made, _ = make(api, "samlp", {"metadataXml": SAML})
    pem = base64.b64decode(made["options"]["signingCert"]).decode()
    assert pem.splitlines()[1] == CERTIFICATE


@pytest.mark.parametrize(
    "xml",
    [
        "no metadata",
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        "<EntityDescriptor>",
    ],
)
def test_metadata_that_is_broken_or_declares_entities_is_refused(api, xml):
    body = {"name": "a", "strategy": "samlp", "options": {"metadataXml": xml}}
    assert api.call("POST", "/connections", body).status_code == 400


def test_an_enterprise_connection_is_named_and_has_no_button(api):
    made, _ = make(api, "okta")
    assert (made["display_name"], made["show_as_button"]) == ("a-okta", False)
    assert "display_name" not in make(api, "github")[0]


def test_an_update_replaces_the_options_but_for_what_the_server_puts_back(api):
    _, path = make(api, "google-apps", {"domain": "shop.example", "tenant_domain": "a.example"})
    api.patch(path, {"options": {"domain": "shop.example", "ext_groups": True}})
    live = api.get(path)["options"]
    assert "tenant_domain" not in live
    assert (live["scope"], live["handle_login_from_social"]) == (["email", "profile"], True)
    assert live["api_enable_users"] is True


def test_an_update_without_options_leaves_them_alone(api):
    made, path = make(api, "auth0")
    api.patch(path, {"is_domain_connection": True})
    live = api.get(path)
    assert live["options"] == made["options"]
    assert live["is_domain_connection"] is True


def test_some_nulls_are_kept_and_some_are_only_echoed(api):
    options = {"authorizationURL": None, "tokenURL": None, "client_id": "x"}
    made, path = make(api, "twitter", options)
    assert made["options"] == options
    assert api.get(path)["options"] == {"client_id": "x"}
    _, path = make(api, "sms", {"messaging_service_sid": None})
    assert api.get(path)["options"]["messaging_service_sid"] is None


def test_a_secret_of_the_configuration_is_enciphered_anew_by_every_write(api):
    options = {"configuration": {"KEY": "secret"}}
    made, path = make(api, "auth0", options)
    later = api.patch(path, {"options": options})
    shown = {one["options"]["configuration"]["KEY"] for one in (made, later)}
    assert len(shown) == 2
    assert "secret" not in shown


def test_a_tenant_of_today_takes_clients_by_their_own_path_only(api):
    body = {"name": "db", "strategy": "auth0", "enabled_clients": ["x"]}
    answer = api.call("POST", "/connections", body)
    assert answer.json()["message"] == (
        "Payload validation error: 'Additional properties not allowed: enabled_clients'."
    )
    made, path = make(api, "auth0")
    assert made["enabled_clients"] == []
    assert "enabled_clients" not in api.get(path)
    assert api.call("PATCH", path, {"enabled_clients": []}).status_code == 400


def test_a_tenant_of_the_older_sort_takes_clients_with_the_connection(api):
    api.sandbox.reset({"ids": [], "reads": []})
    made, path = make(api, "auth0", enabled_clients=["one", "two"])
    assert set(made["enabled_clients"]) == {"one", "two"}
    api.patch(path, {"enabled_clients": ["two"]})
    assert api.get(path)["enabled_clients"] == ["two"]
    assert api.get(f"{path}/clients") == {"clients": [{"client_id": "two"}]}
    assert api.call("PATCH", path, {"enabled_clients": [7]}).status_code == 400


def test_a_deletion_runs_for_a_while_though_nobody_sees_the_connection_any_more(connect):
    now = [1_800_000_000.0]
    sandbox = Sandbox(
        "a-dev.sandbox.invalid",
        clock=lambda: now[0],
        delays=Delays(connection_delete_seconds=30),
    )
    api = connect(sandbox)
    _, path = make(api, "auth0")
    first = api.call("DELETE", path)
    assert (first.status_code, api.call("GET", path).status_code) == (202, 404)
    again = api.call("DELETE", path)
    assert (again.status_code, again.json()) == (202, first.json())
    now[0] += 31
    assert api.call("DELETE", path).status_code == 204


def test_deleting_a_connection_takes_all_that_hangs_on_it(api):
    made, path = make(api, "okta")
    api.post(f"{path}/scim-configuration")
    api.post(f"{path}/scim-configuration/tokens", {})
    assert api.call("DELETE", path).status_code == 202
    assert api.call("DELETE", path).status_code == 204
    for kind in ("connection_scim_configuration", "connection_scim_tokens"):
        assert api.sandbox.documents(kind) == {}
    assert api.call("GET", f"{path}/scim-configuration").json()["message"] == (
        "The connection does not exist"
    )
    assert make(api, "okta")[0]["id"] != made["id"]


def test_users_of_a_database_are_deleted_by_their_email(api):
    made, path = make(api, "auth0")
    for email in ("a@shop.example", "b@shop.example"):
        user = {"email": email, "password": "Tr0ub4dor&3!", "connection": made["name"]}
        api.post("/users", user)
    assert api.call("DELETE", f"{path}/users", email="a@shop.example").status_code == 204
    left = [user["email"] for user in api.sandbox.documents("users").values()]
    assert left == ["b@shop.example"]
    assert api.call("DELETE", f"{path}/users").status_code == 400
    _, path = make(api, "github")
    assert api.call("DELETE", f"{path}/users", email="a@b.example").status_code == 400


def test_scim_is_configured_once_with_the_mapping_of_the_strategy(api):
    made, path = make(api, "waad")
    path += "/scim-configuration"
    assert api.call("GET", path).json() == {
        "statusCode": 404,
        "error": "Not Found",
        "message": "Not Found",
    }
    scim = api.post(path)
    assert scim["mapping"][0] == {"scim": "userName", "auth0": "upn"}
    assert scim["user_id_attribute"] == "externalId"
    assert (scim["connection_name"], scim["tenant_name"]) == (made["name"], "hearthhollow-dev")
    assert api.call("POST", path, {}).status_code == 409
    change = {"user_id_attribute": "id", "mapping": [{"scim": "id", "auth0": "sub"}]}
    api.patch(path, change)
    live = api.get(path)
    assert {name: live[name] for name in change} == change
    assert api.get(f"{path}/default-mapping")["mapping"] == scim["mapping"]
    assert api.get("/connections-scim-configurations") == {"scim_configurations": [live]}
    assert [api.call("DELETE", path).status_code for _ in range(2)] == [204, 204]
    assert api.call("GET", path).status_code == 404


def test_a_strategy_without_scim_is_told_so(api):
    _, path = make(api, "auth0")
    answer = api.call("POST", f"{path}/scim-configuration", {})
    assert answer.status_code == 404
    assert "does not support SCIM" in answer.json()["message"]


def test_a_scim_token_is_told_once_and_there_are_two_at_most(api):
    _, path = make(api, "okta")
    api.post(f"{path}/scim-configuration")
    path += "/scim-configuration/tokens"
    made = api.post(path, {"scopes": ["get:users"], "token_lifetime": 3600})
    assert made["token"].startswith(made["token_id"])
    (listed,) = api.get(path)
    assert listed == {name: value for name, value in made.items() if name != "token"}
    api.post(path, {})
    refused = api.call("POST", path, {})
    assert (refused.status_code, refused.json()["message"]) == (
        409,
        "Maximum of 2 tokens already issued for this connection",
    )
    assert api.call("DELETE", f"{path}/{made['token_id']}").status_code == 204
    assert len(api.get(path)) == 1


def test_a_directory_is_provisioned_and_its_groups_are_chosen(api):
    _, path = make(api, "google-apps")
    path += "/directory-provisioning"
    made = api.post(path, {"synchronize_groups": "selected"})
    assert (made["synchronize_automatically"], made["strategy"]) == (False, "google-apps")
    assert api.call("POST", path, {}).status_code == 409
    groups = f"{path}/synchronized-groups"
    assert api.call("PUT", groups, {"groups": [{"id": "a"}, {"id": "b"}]}).status_code == 204
    assert api.call("POST", groups, {"groups": [{"id": "c"}]}).status_code == 204
    assert api.call("DELETE", groups, {"groups": [{"id": "a"}, {"id": "z"}]}).status_code == 204
    assert api.get(groups, take=50) == {"groups": [{"id": "b"}, {"id": "c"}]}
    assert api.get(groups, q="name:zzz*") == {"groups": []}
    started = api.call("POST", f"{path}/synchronizations")
    assert started.status_code == 201
    assert api.get(path)["last_synchronization_at"] >= made["created_at"]
    assert api.call("DELETE", path).status_code == 204
    assert api.call("GET", groups).status_code == 404
    assert api.sandbox.documents("connection_synchronized_groups") == {}


def test_the_keys_of_a_connection_are_rotated(api):
    options = {"token_endpoint_auth_method": "private_key_jwt"}
    _, path = make(api, "okta", options)
    path += "/keys"
    current, following = api.get(path)
    assert (current["current"], following["next"]) == (True, True)
    assert current["subject_dn"] == "/CN=a-okta"
    made = api.post(f"{path}/rotate")
    states = {
        key["kid"]: state
        for key in api.get(path)
        for state in ("current", "previous", "next")
        if key.get(state)
    }
    assert states == {
        following["kid"]: "current",
        current["kid"]: "previous",
        made["kid"]: "next",
    }
    assert api.call("POST", path, {}).status_code == 409


def test_a_connection_that_signs_nothing_has_no_keys(api):
    _, path = make(api, "auth0")
    assert api.get(f"{path}/keys") == []
    assert api.call("POST", f"{path}/keys", {}).status_code == 400
    assert api.call("POST", f"{path}/keys/rotate").status_code == 404


def test_the_status_of_a_connection_is_that_it_exists(api):
    _, path = make(api, "github")
    assert api.call("GET", f"{path}/status").status_code == 200
    assert api.call("GET", "/connections/con_0000000000000000/status").status_code == 404
