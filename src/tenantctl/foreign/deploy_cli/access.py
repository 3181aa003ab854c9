"""Clients, APIs, grants, roles and organizations in our words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenantctl.foreign.deploy_cli.asset import Asset, Gathered, Piece
from tenantctl.foreign.deploy_cli.words import (
    IDS,
    TIMES,
    listed,
    mapped,
    noted,
    text,
    texts,
    without,
)
from tenantctl.model import Json, Note

METHODS = ("private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth")
READ_ONLY = (
    *IDS,
    "callback_url_template",
    "config_route",
    "custom_login_page_preview",
    "external_metadata_created_by",
    "external_metadata_type",
    "global",
    "is_token_vault_enabled",
    "jwks_uri",
    "owners",
    "signing_keys",
    "tenant",
    "token_vault_privileged_access",
    "cross_origin_auth",
    "oidc_backchannel_logout",
)
"""What auth0-deploy-cli does not write either, and old names."""


def clients(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    """A client, and its credentials as items of their own."""
    fields = without(asset.fields, *READ_ONLY, "client_id", "client_secret")
    if asset.fields.get("external_client_id"):
        message = f"the client {asset.name} was registered by its metadata document"
        yield noted(asset, "loss", message, (), "it was left out: register it again")
        return
    if fields.get("custom_login_page") == "":
        del fields["custom_login_page"]  # Auth0 makes no client with an empty one
    if "cross_origin_auth" in asset.fields:
        fields.setdefault("cross_origin_authentication", asset.fields["cross_origin_auth"])
    if "oidc_backchannel_logout" in asset.fields:
        fields.setdefault("oidc_logout", asset.fields["oidc_backchannel_logout"])
    if asset.fields.get("client_secret"):
        message = f"the secret of the client {asset.name} stands in the file"
        help = "it was left out: Auth0 makes client secrets; rotate this one"
        yield noted(asset, "secret", message, ("client_secret",), help)
    credentials: list[Piece | Note] = []
    if mapped(fields.get("client_authentication_methods")):
        fields["client_authentication_methods"], credentials = _methods(asset, fields)
        fields.pop("token_endpoint_auth_method", None)
    names = (asset.fields["name"], *texts(asset.fields.get("client_id")))
    yield Piece("clients", fields, asset, names)
    yield from credentials


def _methods(asset: Asset, fields: Mapping[str, Json]) -> tuple[Json, list[Piece | Note]]:
    """How a client authenticates, with the names of its credentials; and these."""
    found: list[Piece | Note] = []
    methods = {k: dict(mapped(v)) for k, v in fields["client_authentication_methods"].items()}
    for method in METHODS:
        kept = []
        place = ("client_authentication_methods", method, "credentials")
        for number, each in enumerate(listed(methods.get(method, {}).get("credentials"))):
            name = text(each.get("name"))
            if name and (each.get("pem") or method == "tls_client_auth"):
                inside = (*place, str(number))
                born = without(each, *IDS, *TIMES, "thumbprint_sha256")
                found.append(
                    Piece("client_credentials", born, asset, (name,), (asset.name,), inside)
                )
                kept.append({"id": name})
            else:
                message = f"{asset.name}: a credential without its key"
                help = "it was left out: write name, credential_type and pem"
                found.append(noted(asset, "loss", message, (*place, str(number)), help))
        if method in methods:
            methods[method]["credentials"] = kept
    return {k: v for k, v in methods.items() if k not in METHODS or v.get("credentials")}, found


def resource_servers(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    """An API, by its name and its identifier."""
    if asset.fields.get("name") == "Auth0 Management API":
        help = "auth0-deploy-cli leaves it alone, too"
        yield noted(asset, "hint", "the Auth0 Management API is what it is", (), help)
        return
    fields = without(asset.fields, *IDS, "client_id", "is_system", "verificationKey")
    names = texts(asset.fields.get("name"), asset.fields.get("identifier"))
    if not names:
        yield noted(asset, "mistake", "an API has no identifier", (), "it was left out")
        return
    yield Piece("resource_servers", fields, asset, names)


def client_grants(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    """What a client may do with an API, or by default any third party."""
    fields = without(asset.fields, *IDS, "is_system")
    who = "default_for" if fields.get("default_for") else "client_id"
    for name in (who, "audience"):
        if not fields.get(name):
            message = f"the grant of {fields.get(who) or 'nobody'} has no {name}"
            yield noted(asset, "mistake", message, (name,), "it was left out")
            return
    fields.setdefault("subject_type", "client")
    if who == "default_for":
        yield Piece("default_client_grants", without(fields, "client_id"), asset)
    else:
        yield Piece("client_grants", without(fields, "default_for"), asset, (grant_alias(fields),))


def grant_alias(fields: Mapping[str, Json]) -> str:
    """By what organizations name a grant."""
    parts = (fields.get("client_id"), fields.get("audience"), fields.get("subject_type"))
    return " / ".join(str(part or "client") for part in parts)


def roles(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:  # noqa: ARG001
    """A role, and its permissions."""
    yield Piece("roles", without(asset.fields, *IDS, "permissions"), asset, texts(asset.name))
    permissions = [
        {name: each.get(name) for name in ("resource_server_identifier", "permission_name")}
        for each in listed(asset.fields.get("permissions"))
    ]
    if permissions:
        fields = {"permissions": permissions}
        place = ("permissions",)
        yield Piece("role_permissions", fields, asset, owners=(asset.name,), inside=place)


LINKS = {
    "clients": ("organization_clients", "clients", ("use_for_member_access",)),
    "connections": (
        "organization_enabled_connections",
        "connections",
        (
            "assign_membership_on_login",
            "is_enabled",
            "is_signup_enabled",
            "organization_access_level",
            "organization_connection_name",
            "show_as_button",
        ),
    ),
    "discovery_domains": (
        "organization_discovery_domains",
        "domains",
        ("domain", "status", "use_for_organization_discovery"),
    ),
}
"""What an organization uses: the kind, its members, and what those say of themselves."""
KNOWN_BY = {"clients": "client_id", "connections": "connection_id", "discovery_domains": "domain"}


def organizations(asset: Asset, gathered: Gathered) -> Iterator[Piece | Note]:
    """An organization, and what it uses."""
    fields = without(asset.fields, *IDS, *LINKS, "client_grants")
    yield Piece("organizations", fields, asset, (asset.name, *texts(asset.fields.get("id"))))
    for key, (kind, member, said) in LINKS.items():
        found = []
        for each in listed(asset.fields.get(key)):
            name = each.get(KNOWN_BY[key]) or each.get("name")
            found.append({KNOWN_BY[key]: name, **{k: each[k] for k in said if k in each}})
        if found:
            yield Piece(kind, {member: found}, asset, owners=(asset.name,), inside=(key,))
    grants = list(_grants(asset, gathered))
    members = [each for each in grants if isinstance(each, str)]
    yield from (each for each in grants if isinstance(each, Note))
    if members:
        fields = {"grants": list(dict.fromkeys(members))}
        kind, place = "organization_client_grants", ("client_grants",)
        yield Piece(kind, fields, asset, owners=(asset.name,), inside=place)


def _grants(asset: Asset, gathered: Gathered) -> Iterator[str | Note]:
    """The grants that an organization names by their client: of several the first, as there."""
    known = [each.fields for each in gathered.of("clientGrants") if each.fields.get("audience")]
    for number, each in enumerate(listed(asset.fields.get("client_grants"))):
        found = [
            fields
            for fields in known
            if fields.get("client_id") == each.get("client_id")
            and each.get("audience") in (None, fields.get("audience"))
        ]
        place = ("client_grants", str(number))
        if found:
            yield grant_alias({"subject_type": "client", **found[0]})
        else:
            message = f"{asset.name}: there is no grant of {each.get('client_id')}"
            yield noted(asset, "mistake", message, place, "it was left out")
        if len(found) > 1:
            message = f"{asset.name}: {each['client_id']} has several grants; the first was taken"
            yield noted(asset, "guess", message, place, f"it is for {found[0]['audience']}")
