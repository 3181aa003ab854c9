"""Clients: what Auth0 fills in, their credentials, what refers to them and what goes with them.

Facts come from recorded traffic (sections 4, 6, 8) and from the OpenAPI document.
"""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

EXPIRY = datetime(2033, 5, 13, 9, 33, 13, tzinfo=UTC)


def make_public_key():
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(serialization.Encoding.PEM, form).decode()


@pytest.fixture(scope="module")
def certificate():
    key = ec.generate_private_key(ec.SECP256R1())
    pairs = [(NameOID.COUNTRY_NAME, "NO"), (NameOID.COMMON_NAME, "hearth.example")]
    name = x509.Name([x509.NameAttribute(oid, value) for oid, value in pairs])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(EXPIRY - timedelta(days=4000))
        .not_valid_after(EXPIRY)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def make_client(api, **given):
    client = api.post("/clients", {"name": "shop", **given})
    return client, f"/clients/{client['client_id']}"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (
            {"token_endpoint_auth_method": "client_secret_post"},
            {"token_lifetime": 31557600, "idle_token_lifetime": 2592000},
        ),
        (
            {"app_type": "spa", "token_endpoint_auth_method": "none"},
            {"token_lifetime": 2592000, "expiration_type": "non-expiring"},
        ),
        (
            {"app_type": "spa", "token_endpoint_auth_method": "none", "is_first_party": False},
            {
                "rotation_type": "rotating",
                "expiration_type": "expiring",
                "infinite_token_lifetime": False,
                "infinite_idle_token_lifetime": False,
            },
        ),
    ],
)
def test_refresh_tokens_live_as_long_as_the_client_protects_them(api, given, expected):
    client, _ = make_client(api, **given)
    assert {name: client["refresh_token"][name] for name in expected} == expected


def test_an_express_configuration_client_brings_its_own_defaults(api):
    client, _ = make_client(api, app_type="express_configuration")
    assert client["callbacks"] == [
        "https://system-admin.okta.com/admin/app/generic/oauth20redirect"
    ]
    assert client["jwt_configuration"] == {"alg": "RS256", "secret_encoded": False}
    assert client["organization_usage"] == "require"
    assert client["client_authentication_methods"] == {"private_key_jwt": {"credentials": []}}


def test_a_strict_third_party_client_has_an_id_of_its_own_form(api):
    client, path = make_client(api, is_first_party=False, third_party_security_mode="strict")
    assert client["client_id"].startswith("tpc_")
    assert client["grant_types"] == ["authorization_code"]
    assert api.get(path)["name"] == "shop"


def test_session_transfer_is_filled_in_merged_and_unset(api):
    _, path = make_client(api, session_transfer={"enforce_cascade_revocation": False})
    api.patch(path, {"session_transfer": {"can_create_session_transfer_token": True}})
    assert api.get(path)["session_transfer"] == {
        "can_create_session_transfer_token": True,
        "allowed_authentication_methods": [],
        "enforce_device_binding": "ip",
        "allow_refresh_token": False,
        "enforce_online_refresh_tokens": True,
        "enforce_cascade_revocation": False,
    }
    api.patch(path, {"session_transfer": None})
    assert "session_transfer" not in api.get(path)


def test_add_ons_are_replaced_one_by_one(api):
    saml = {"audience": "urn:a", "logout": {"callback": "https://a.example"}}
    _, path = make_client(api, addons={"samlp": saml, "box": {}})
    api.patch(path, {"addons": {"samlp": {"audience": "urn:b"}}})
    assert api.get(path)["addons"] == {"samlp": {"audience": "urn:b"}, "box": {}}
    api.patch(path, {"addons": {"box": None}})
    assert api.get(path)["addons"] == {"samlp": {"audience": "urn:b"}}
    api.patch(path, {"addons": None})
    assert "addons" not in api.get(path)


def test_back_channel_logout_is_shown_under_its_older_name_as_well(api):
    urls = ["https://shop.example/logout"]
    client, _ = make_client(api, oidc_logout={"backchannel_logout_urls": urls})
    assert client["oidc_backchannel_logout"] == {"backchannel_logout_urls": urls}


def test_a_certificate_is_read_and_its_pem_never_shown(api, certificate):
    _, path = make_client(api)
    given = {"credential_type": "x509_cert", "pem": certificate}
    made = api.post(f"{path}/credentials", given)
    assert made["expires_at"] == "2033-05-13T09:33:13.000Z"
    assert len(made["thumbprint_sha256"]) == 43
    assert made.keys().isdisjoint({"pem", "kid", "alg"})
    given = {"credential_type": "cert_subject_dn", "pem": certificate}
    named = api.post(f"{path}/credentials", given)
    assert named["subject_dn"] == "C=NO\nCN=hearth.example"


def test_the_expiry_of_a_key_comes_from_its_certificate_or_from_the_caller(api, certificate):
    _, path = make_client(api)
    key = {"credential_type": "public_key", "pem": certificate, "parse_expiry_from_cert": True}
    made = api.post(f"{path}/credentials", key)
    assert (made["expires_at"], made["alg"]) == ("2033-05-13T09:33:13.000Z", "RS256")
    change = {"expires_at": "2050-05-13T11:33:13.535694+02:00"}
    later = api.patch(f"{path}/credentials/{made['id']}", change)
    assert later["expires_at"] == "2050-05-13T09:33:13.535Z"


def test_a_key_that_is_inlined_becomes_a_credential_of_its_own(api):
    credential = {"credential_type": "public_key", "pem": make_public_key(), "name": "k"}
    methods = {"private_key_jwt": {"credentials": [credential]}}
    made, path = make_client(api, client_authentication_methods=methods)
    (told,) = made["client_authentication_methods"]["private_key_jwt"]["credentials"]
    (shown,) = api.get(path)["client_authentication_methods"]["private_key_jwt"]["credentials"]
    (listed,) = api.get(f"{path}/credentials")
    assert told == listed
    assert shown == {"id": listed["id"]}
    assert "pem" not in listed
    assert len(listed["kid"]) == 43
    assert api.call("DELETE", f"{path}/credentials/{listed['id']}").status_code == 400
    api.patch(path, {"client_authentication_methods": {"private_key_jwt": {"credentials": []}}})
    assert api.call("DELETE", f"{path}/credentials/{listed['id']}").status_code == 204


def test_a_client_has_at_most_four_credentials_and_none_of_them_twice(api):
    _, path = make_client(api)
    keys = [make_public_key() for _ in range(5)]

    def add(pem):
        body = {"credential_type": "public_key", "pem": pem}
        return api.call("POST", f"{path}/credentials", body)

    assert add(keys[0]).status_code == 201
    assert "already exist" in add(keys[0]).json()["message"]
    assert [add(pem).status_code for pem in keys[1:4]] == [201, 201, 201]
    assert add(keys[4]).json()["message"] == "A client can have a maximum of 4 credentials."


def test_a_method_takes_two_credentials_of_this_client(api):
    _, path = make_client(api)
    _, other = make_client(api)

    def make(at):
        body = {"credential_type": "public_key", "pem": make_public_key()}
        return {"id": api.post(f"{at}/credentials", body)["id"]}

    def use(*credentials):
        methods = {"private_key_jwt": {"credentials": list(credentials)}}
        return api.call("PATCH", path, {"client_authentication_methods": methods})

    mine = [make(path) for _ in range(3)]
    assert use(*mine[:2]).status_code == 200
    assert "Array is too long (3), maximum 2" in use(*mine).json()["message"]
    assert use(make(other)).status_code == 400


@pytest.mark.parametrize(
    "credential",
    [
        {"credential_type": "public_key", "pem": "-----BEGIN PUBLIC KEY-----"},
        {"credential_type": "x509_cert", "pem": "no certificate"},
        {"credential_type": "cert_subject_dn"},
    ],
)
def test_what_is_no_key_is_refused(api, credential):
    _, path = make_client(api)
    assert api.call("POST", f"{path}/credentials", credential).status_code == 400


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"express_configuration": {"connection_profile_id": "cop_1234567890123456789012"}}, 400),
        (
            {
                "my_organization_configuration": {
                    "allowed_strategies": ["okta"],
                    "connection_deletion_behavior": "allow",
                    "invitation_landing_client_id": "nobody",
                }
            },
            404,
        ),
        (
            {
                "token_endpoint_auth_method": "none",
                "client_authentication_methods": {
                    "private_key_jwt": {"credentials": [{"credential_type": "public_key"}]}
                },
            },
            400,
        ),
    ],
)
def test_a_client_that_refers_to_nothing_or_contradicts_itself_is_refused(api, given, status):
    assert api.call("POST", "/clients", {"name": "shop", **given}).status_code == status


def test_what_hangs_on_a_client_goes_with_it(api):
    client, path = make_client(api)
    id = client["client_id"]
    api.post(f"{path}/credentials", {"credential_type": "public_key", "pem": make_public_key()})
    server = {"name": "a", "identifier": "urn:a"}
    api.post("/resource-servers", server)
    grant = api.post("/client-grants", {"client_id": id, "audience": "urn:a", "scope": []})
    connection = api.post("/connections", {"name": "db", "strategy": "auth0"})
    links = f"/connections/{connection['id']}/clients"
    api.patch(links, [{"client_id": id, "status": True}])
    assert api.get(f"{path}/connections")["connections"][0]["name"] == "db"
    assert api.call("DELETE", path).status_code == 204
    assert api.call("DELETE", path).status_code == 204
    assert api.call("GET", f"/client-grants/{grant['id']}").status_code == 404
    assert api.get(links) == {"clients": []}
    assert api.sandbox.documents("client_credentials") == {}


def test_a_client_described_by_its_own_document_is_registered_once(api):
    body = {"external_client_id": "https://wiki.example/client.json"}
    preview = api.post("/clients/cimd/preview", body)
    assert "client_id" not in preview
    first = api.call("POST", "/clients/cimd/register", body)
    assert (first.status_code, first.json()["mapped_fields"]) == (201, preview["mapped_fields"])
    id = first.json()["client_id"]
    api.patch(f"/clients/{id}", {"grant_types": ["authorization_code", "refresh_token"]})
    again = api.call("POST", "/clients/cimd/register", body)
    assert (again.status_code, again.json()["client_id"]) == (200, id)
    assert again.json()["mapped_fields"]["grant_types"] == ["authorization_code"]
    live = api.get(f"/clients/{id}")
    assert (live["external_metadata_type"], live["is_first_party"]) == ("cimd", False)


@pytest.mark.parametrize(
    "url", ["http://wiki.example/c.json", "https://wiki.example/", "https://["]
)
def test_an_address_that_can_hold_no_document_is_refused(api, url):
    answer = api.call("POST", "/clients/cimd/register", {"external_client_id": url})
    assert answer.status_code == 400


def test_clients_are_searched_without_their_secrets(api):
    make_client(api, app_type="spa")
    found = api.get("/clients/search", q="name:shop app_type:spa")["clients"]
    assert [client["name"] for client in found] == ["shop"]
    assert found[0].keys().isdisjoint({"client_secret", "signing_keys"})
