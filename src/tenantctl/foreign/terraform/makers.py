"""Resources that are not one item of one kind, each in a function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenantctl.foreign.item import Item
from tenantctl.foreign.terraform.translate import (
    Found,
    Make,
    Part,
    Translation,
    one,
    plain,
    renamed,
    with_,
    without,
)
from tenantctl.foreign.terraform.types import Type
from tenantctl.foreign.terraform.values import Unknown
from tenantctl.model import Value


def texts(value: Value) -> list[Value]:
    """A list as it is, anything else as a list of one; nothing where it is not there."""
    if value is None or isinstance(value, Unknown):
        return []
    return value if isinstance(value, list) else [value]


def owner(work: Translation, found: Found, name: str) -> str:
    """The alias of what *found* belongs to; empty, with a note, where it cannot be told."""
    value = found.values.get(name)
    if isinstance(value, str) and value:
        return value
    why = value.why if isinstance(value, Unknown) else "it is not there"
    work.note("loss", found, f"it is left out, because its {name} is not known: {why}")
    return ""


def members(work: Translation, found: Found, name: str) -> list[Value]:
    """The values of the list *name* that are known; a note tells of others."""
    kept: list[Value] = []
    value = found.values.get(name)
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, Unknown):
            work.note("loss", found, f"one of {name} is left out: {each.why}")
        elif each is not None:
            kept.append(each)
    return kept


def client(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """A client; an organization that is switched off is none."""
    values = found.values
    if one(values, "default_organization").get("disable"):
        values = without(values, "default_organization")
    yield from plain(work, Found(found.type, found.address, values, found.at), type)


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
    yield from plain(work, Found(found.type, found.address, values, found.at), grant)


def scopes(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """Scopes of an API that is declared elsewhere."""
    api = owner(work, found, type.owner)
    blocks = found.values.get("scopes")
    each = blocks if isinstance(blocks, list) else [without(found.values, type.owner, "id")]
    if isinstance(blocks, Unknown):
        work.note("loss", found, f"its scopes are left out: {blocks.why}")
        return
    rows = [renamed(row, {"scope": "value", "name": "value"}) for row in each]
    fields = work.fields(found, "resource_servers", {"scopes": rows})
    if api:
        yield Part("resource_servers", api, fields, found.at)


def connection(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """A connection, and the clients that older versions list in it."""
    from tenantctl.foreign.terraform.connections import options

    values = without(found.values, "enabled_clients", "validation", "options")
    written = one(found.values, "options")
    if isinstance(found.values.get("options"), Unknown):
        values = with_(values, {"options": found.values["options"]})
    if written:
        values = with_(values, {"options": options(written, values.get("strategy"))})
    item = [*plain(work, Found(found.type, found.address, values, found.at), type)]
    yield from item
    if item and found.values.get("enabled_clients") is not None:
        clients = members(work, found, "enabled_clients")
        yield Part("connection_clients", found.address, {"clients": clients}, found.at)


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
    item = [*plain(work, Found(found.type, found.address, values, found.at), type)]
    yield from item
    rows = texts(found.values.get("permissions"))
    if item and rows:
        permissions = _permissions(work, found, rows)
        yield Part("role_permissions", found.address, {"permissions": permissions}, found.at)


def permissions(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """Permissions of a role that is declared elsewhere."""
    of = owner(work, found, type.owner)
    rows = found.values.get("permissions")
    each = rows if isinstance(rows, list) else [found.values]
    if of:
        kept = _permissions(work, found, each)
        yield Part("role_permissions", of, {"permissions": kept}, found.at)


def bindings(work: Translation, found: Found, _type: Type) -> Iterator[Item | Part]:
    """What runs at a trigger: several actions in their order, or one more."""
    trigger = owner(work, found, "trigger")
    rows = found.values.get("actions")
    each = rows if isinstance(rows, list) else [renamed(found.values, {"action_id": "id"})]
    made: list[Value] = []
    for row in each:
        action, shown = row.get("id"), row.get("display_name")
        if isinstance(action, str):
            known = isinstance(shown, str) and shown
            made.append({"action": action, **({"display_name": shown} if known else {})})
        else:
            why = action.why if isinstance(action, Unknown) else "it has no id"
            work.note("loss", found, f"an action is left out: {why}")
    if trigger:
        yield Part("trigger_bindings", trigger, {"bindings": made}, found.at)


def hook(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """A hook and its secrets."""
    values = without(found.values, "secrets")
    item = [*plain(work, Found(found.type, found.address, values, found.at), type)]
    yield from item
    secrets = found.values.get("secrets")
    if item and isinstance(secrets, Mapping) and secrets:
        fields = work.fields(found, "hook_secrets", secrets)
        yield Part("hook_secrets", found.address, fields, found.at)


def client_credentials(work: Translation, found: Found, type: Type) -> Iterator[Item | Part]:
    """How a client proves who it is: fields of the client, and keys of its own."""
    of = owner(work, found, type.owner)
    method = found.values.get("authentication_method")
    if not of:
        return
    if method in {"none", "client_secret_post", "client_secret_basic"}:
        fields: dict[str, Value] = {"token_endpoint_auth_method": method}
    else:
        fields = {}
    secret = found.values.get("client_secret")
    if secret is not None:
        fields |= work.fields(found, "clients", {"client_secret": secret})
    yield Part("clients", of, fields, found.at)


def global_client(work: Translation, found: Found, _type: Type) -> Iterator[Item | Part]:
    """What the tenant's own client is there for: the classic login page."""
    kept = {k: v for k, v in found.values.items() if k.startswith("custom_login_page")}
    fields = work.fields(found, "clients", kept)
    names = ("All Applications", found.address)
    yield Item("clients", {"name": "All Applications", **fields}, found.at, names)


MAKERS: Mapping[str, Make] = {
    "": plain,
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
