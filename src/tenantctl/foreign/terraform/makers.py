"""Resources that are not one item of one kind, each in a function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tenantctl.foreign.item import Item
from tenantctl.foreign.terraform import organizations, settings
from tenantctl.foreign.terraform.translate import (
    Found,
    Make,
    Part,
    Translation,
    blocks,
    made,
    members,
    one,
    owner,
    plain,
    renamed,
    with_,
    without,
)
from tenantctl.foreign.terraform.types import Type
from tenantctl.foreign.terraform.values import Unknown
from tenantctl.model import Value


def client(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """A client; an organization that is switched off is none."""
    values = found.values
    if one(values, "default_organization").get("disable"):
        values = without(values, "default_organization")
    yield from plain(work, replace(found, values=values), type)


def grant(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """A grant, of a client or by default; whose it is and of what makes it what it is."""
    names = ["audience"] if found.values.get("default_for") else ["client_id", "audience"]
    lost = [name for name in names if not owner(work, found, name)]
    if lost:
        return
    kind = "default_client_grants" if found.values.get("default_for") else type.kind
    subject = found.values.get("subject_type") or "client"
    values = with_(found.values, {"subject_type": subject})
    grant = Type(kind, names=(), rename=type.rename, computed=type.computed)
    yield from plain(work, replace(found, values=values), grant)


def scopes(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """Scopes of an API that is declared elsewhere."""
    api = owner(work, found, type.owner)
    several = "scopes" in found.values
    own = found.values["scopes"] if several else without(found.values, type.owner, "id")
    spelled = {"scope": "value", "name": "value"}
    rows = [renamed(row, spelled) for row in blocks(work, found, own)]
    fields = work.fields(found, "resource_servers", {"scopes": rows})
    if api:
        yield Part("resource_servers", api, fields, found.at)


def connection(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """A connection, and the clients that older versions list in it."""
    from tenantctl.foreign.terraform.connections import options

    values = with_(without(found.values, "enabled_clients", "options"), type.given)
    written = one(found.values, "options")
    if isinstance(found.values.get("options"), Unknown):
        values = with_(values, {"options": found.values["options"]})
    if type.given and not written:
        written = without(values, "id", *CONNECTION, *type.given)
        values = without(values, *written)
    if written:
        values = with_(values, {"options": options(written, values.get("strategy"))})
    item = [*plain(work, replace(found, values=values), type)]
    yield from item
    if item and found.values.get("enabled_clients") is not None:
        clients = members(work, found, "enabled_clients")
        yield Part("connection_clients", found.address, {"clients": clients}, found.at)


CONNECTION = (
    "authentication",
    "connected_accounts",
    "display_name",
    "is_domain_connection",
    "metadata",
    "name",
    "realms",
    "show_as_button",
)
"""What is said of a connection beside its options, in types that are of one strategy."""


def link(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """A connection and clients that may use it."""
    name = "enabled_clients" if "enabled_clients" in found.values else "client_id"
    connection = owner(work, found, type.owner)
    clients = members(work, found, name)
    if connection:
        yield Part("connection_clients", connection, {"clients": clients}, found.at)


def _permissions(work: Translation, found: Found, rows: list[Mapping[str, Value]]) -> list[Value]:
    kept: list[Value] = []
    for row in rows:
        api, name = row.get("resource_server_identifier"), row.get("name") or row.get("permission")
        missing = [each for each in (api, name) if not isinstance(each, str)]
        if missing:
            why = missing[0].why if isinstance(missing[0], Unknown) else "it is incomplete"
            work.note("loss", found, f"a permission is left out: {why}")
        else:
            kept.append({"resource_server_identifier": api, "permission_name": name})
    return kept


def role(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """A role, and the permissions that older versions list in it."""
    values = without(found.values, "permissions")
    item = [*plain(work, replace(found, values=values), type)]
    yield from item
    rows = blocks(work, found, found.values.get("permissions"))
    if item and rows:
        permissions = _permissions(work, found, rows)
        yield Part("role_permissions", found.address, {"permissions": permissions}, found.at)


def permissions(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """Permissions of a role that is declared elsewhere."""
    of = owner(work, found, type.owner)
    if of:
        rows = blocks(work, found, found.values.get("permissions", found.values))
        kept = _permissions(work, found, rows)
        yield Part("role_permissions", of, {"permissions": kept}, found.at)


def bindings(work: Translation, found: Found, _type: Type) -> Iterator[Item | Part]:
    """What runs at a trigger: several actions in their order, or one more."""
    trigger = owner(work, found, "trigger")
    rows = found.values.get("actions", renamed(found.values, {"action_id": "id"}))
    kept: list[Value] = []
    for row in blocks(work, found, rows):
        action, shown = row.get("id"), row.get("display_name")
        if isinstance(action, str):
            known = isinstance(shown, str) and shown
            kept.append({"action": action, **({"display_name": shown} if known else {})})
        else:
            why = action.why if isinstance(action, Unknown) else "it has no id"
            work.note("loss", found, f"an action is left out: {why}")
    if trigger:
        yield Part("trigger_bindings", trigger, {"bindings": kept}, found.at)


def hook(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """A hook and its secrets."""
    values = without(found.values, "secrets")
    item = [*plain(work, replace(found, values=values), type)]
    yield from item
    secrets = found.values.get("secrets")
    if item and isinstance(secrets, Mapping) and secrets:
        fields = work.fields(found, "hook_secrets", secrets)
        yield Part("hook_secrets", found.address, fields, found.at)


def client_credentials(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """How a client proves who it is: fields of the client, and keys of its own."""
    of = owner(work, found, type.owner)
    if not of:
        return
    fields: dict[str, Value] = {}
    method = found.values.get("authentication_method")
    if method in {"none", "client_secret_post", "client_secret_basic"}:
        fields["token_endpoint_auth_method"] = method
    secret = found.values.get("client_secret") or found.values.get("client_secret_wo")
    if secret is not None:
        fields |= work.fields(found, "clients", {"client_secret": secret})
    for name in METHODS:
        if block := one(found.values, name):
            keys = [*_keys(work, found, of, name, block)]
            yield from keys
            named = {"credentials": [{"id": key.names[-1]} for key in keys]}
            fields.setdefault("client_authentication_methods", {})[name] = named
    for name in ("signed_request_object", "token_vault_privileged_access"):
        if block := one(found.values, name):
            keys = [*_keys(work, found, of, name, block)]
            yield from keys
            rest = without(block, "credentials")
            said = work.fields(found, "clients", {name: rest}).get(name, {})
            fields[name] = {**said, "credentials": [{"id": key.names[-1]} for key in keys]}
    yield Part("clients", of, fields, found.at)


METHODS = ("private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth")


def _keys(
    work: Translation, found: Found, client: str, method: str, block: Mapping[str, Value]
) -> Iterator[Item]:
    """The keys in a block, each under a name of its own."""
    for number, key in enumerate(blocks(work, found, block.get("credentials"))):
        values = renamed(
            without(key, "id", "key_id", "created_at", "updated_at", "thumbprint_sha256"),
            {"algorithm": "alg"},
        )
        name = values.get("name")
        name = name if isinstance(name, str) and name else f"{method}-{number + 1}"
        if method == "self_signed_tls_client_auth":
            values = with_({"credential_type": "x509_cert"}, values)
        fields = work.fields(found, "client_credentials", with_(values, {"name": name}))
        alias = f"{found.address}.{method}.{number}"
        yield made("client_credentials", fields, found.at, (name, alias), (client,))


def global_client(work: Translation, found: Found, _type: Type) -> Iterator[Item | Part]:
    """What the tenant's own client is there for: the classic login page."""
    kept = {k: v for k, v in found.values.items() if k.startswith("custom_login_page")}
    fields = work.fields(found, "clients", kept)
    yield Part("clients", "All Applications", fields, found.at, born=True)


def api(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """An API; what is switched off in it is left to Auth0."""
    values = renamed(found.values, {"scopes.name": "value"})
    for name in ("authorization_details", "proof_of_possession", "token_encryption"):
        if one(values, name).get("disable"):
            values = without(values, name)
        elif one(values, name):
            kept = [without(each, "disable") for each in blocks(work, found, values[name])]
            values = with_(values, {name: kept})
    yield from plain(work, replace(found, values=values), type)


MAKERS: Mapping[str, Make] = {
    **settings.MAKERS,
    **organizations.MAKERS,
    "": plain,
    "api": api,
    "bindings": bindings,
    "client": client,
    "client_credentials": client_credentials,
    "connection": connection,
    "global_client": global_client,
    "grant": grant,
    "hook": hook,
    "link": link,
    "permissions": permissions,
    "role": role,
    "scopes": scopes,
}
