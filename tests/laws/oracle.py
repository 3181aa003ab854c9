"""What is amiss in a tenant, by its database alone: no differ, no gateway, no kind is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from laws.drawn import SECRETS, World
from tenantctl.model import Secret
from tenantctl.sandbox import Sandbox

Json = Any
WEEK = 7 * 24
FRESH = {"clients": 3, "resource_servers": 1, "client_grants": 1, "connections": 2}
"""What every tenant has from its first day, the tool's own client and grant included."""

COUNTED = {
    "clients": "clients",
    "resource_servers": "resource_servers",
    "client_grants": "client_grants",
    "connections": "connections",
    "roles": "roles",
    "actions": "actions",
    "custom_domains": "custom_domains",
    "log_streams": "log_streams",
    "network_acls": "network_acls",
    "email_provider": "email_provider",
    "branding_theme": "branding_themes",
    "universal_login_template": "branding_universal_login_template",
}
"""Kinds that can be deleted, and the table in which the sandbox keeps them."""


@dataclass(frozen=True)
class Look:
    """The documents of a tenant."""

    sandbox: Sandbox

    def all(self, table: str) -> list[Json]:
        return list(self.sandbox.documents(table).values())

    def named(self, table: str, field: str, value: Json) -> Json:
        """The one document with this value; empty where there is none, or more."""
        found = [d for d in self.all(table) if d.get(field) == value]
        return found[0] if len(found) == 1 else {}


@dataclass(frozen=True)
class One:
    """One resource that *world* has, to be looked for."""

    look: Look
    world: World
    key: str
    fields: Json


def amiss(world: World, sandbox: Sandbox, foreign: Mapping[str, int] | None = None) -> list[str]:
    """Every way in which *sandbox* is not what *world* asks for; *foreign* objects may be there."""
    look = Look(sandbox)
    found = []
    for kind, table in COUNTED.items():
        declared = sum(address.partition(".")[0] == kind for address in world)
        wanted = declared + FRESH.get(table, 0) + (foreign or {}).get(table, 0)
        if (there := len(look.all(table))) != wanted:
            found.append(f"{there} {table} where {wanted} are wanted")
    for address, fields in world.items():
        kind, _, key = address.partition(".")
        found += [f"{address}: {what}" for what in SEEN[kind](One(look, world, key, fields))]
    return found + list(_gone(look, world))


def _gone(look: Look, world: World) -> Iterator[str]:
    """What cannot be deleted, but must have been emptied."""
    members = sum(len(world[a]["clients"]) for a in world if a.startswith("connection_clients."))
    if (there := len(look.all("connection_clients"))) != members + 1:
        yield f"{there} clients of connections where {members} and Auth0's own are wanted"
    granted = sum(
        len(scopes)
        for address in world
        if address.startswith("role_permissions.")
        for scopes in world[address]["permissions"].values()
    )
    if (there := len(look.all("role_permissions"))) != granted:
        yield f"{there} permissions of roles where {granted} are wanted"
    bound = len(world.get("trigger_bindings.post-login", {}))
    bindings = look.sandbox.documents("action_trigger_bindings").get("post-login", {})
    if (there := len(bindings.get("bindings", []))) != bound:
        yield f"{there} bindings where {bound} are wanted"
    for language in ("en", "de"):
        texts = look.sandbox.documents("prompt_custom_text").get(f"login/{language}", {})
        if texts and f"prompt_custom_text.login/{language}" not in world:
            yield f"texts are left in {language}: {texts}"


def _lacks(want: Json, have: Json, path: str = "") -> Iterator[str]:
    """Fields of *want* that *have* does not hold; null asks for absence, or emptiness."""
    if isinstance(want, Secret):
        want = SECRETS[want.name]
    if isinstance(want, dict) and isinstance(have, dict):
        for name, item in want.items():
            yield from _lacks(item, have.get(name), f"{path}.{name}")
    elif want is None or want == {}:
        if have not in (None, "", [], {}):
            yield f"{path} is {have!r}, not unset"
    elif want != have:
        yield f"{path} is {have!r}, not {want!r}"


def _bag(items: Json) -> Json:
    return Counter(map(repr, items or ()))


def _differs(what: str, want: Json, have: Json) -> Iterator[str]:
    if want != have:
        yield f"{what} is {have!r}, not {want!r}"


def _client(one: One) -> Iterator[str]:
    have = one.look.named("clients", "name", one.fields["name"])
    sets = {"callbacks", "allowed_logout_urls"}
    yield from _lacks({k: v for k, v in one.fields.items() if k not in sets}, have)
    yield from _differs(
        "client_metadata", one.fields["client_metadata"], have.get("client_metadata", {})
    )
    for name in sets:
        yield from _differs(name, _bag(one.fields[name]), _bag(have.get(name)))


def _api(one: One) -> Iterator[str]:
    have = one.look.named("resource_servers", "identifier", one.fields["identifier"])
    yield from _lacks({k: v for k, v in one.fields.items() if k != "scopes"}, have)
    scopes = {item["value"]: item.get("description") for item in have.get("scopes", [])}
    yield from _differs("scopes", one.fields["scopes"], scopes)


def _grant(one: One) -> Iterator[str]:
    client = _client_id(one, one.fields["client_id"])
    audience = one.world[f"resource_servers.{one.fields['audience']}"]["identifier"]
    fitting = [
        grant
        for grant in one.look.all("client_grants")
        if (grant["client_id"], grant["audience"]) == (client, audience)
    ]
    yield from _differs("the number of such grants", 1, len(fitting))
    for grant in fitting:
        yield from _differs("scope", _bag(one.fields["scope"]), _bag(grant["scope"]))


def _client_id(one: One, key: str) -> Json:
    name = one.world[f"clients.{key}"]["name"]
    return one.look.named("clients", "name", name).get("client_id")


def _name(one: One, key: str) -> str:
    """What the connection under *key* is called."""
    return str(one.world[f"connections.{key}"]["name"])


def _connection(one: One) -> Iterator[str]:
    have = one.look.named("connections", "name", one.fields["name"])
    yield from _lacks(one.fields, have)
    yield from _differs("metadata", one.fields["metadata"], have.get("metadata", {}))
    for name in ("customScripts", "configuration"):
        if name in one.fields["options"]:
            members = have.get("options", {}).get(name, {})
            yield from _differs(f"keys of {name}", set(one.fields["options"][name]), set(members))


def _members(one: One) -> Iterator[str]:
    connection = one.look.named("connections", "name", _name(one, one.key)).get("id")
    wanted = {f"{connection}/{_client_id(one, client)}" for client in one.fields["clients"]}
    links = one.look.sandbox.documents("connection_clients")
    there = {id for id in links if id.partition("/")[0] == connection}
    yield from _differs("clients", wanted, there)


def _role(one: One) -> Iterator[str]:
    yield from _lacks(one.fields, one.look.named("roles", "name", one.fields["name"]))


def _permissions(one: One) -> Iterator[str]:
    role = one.look.named("roles", "name", one.world[f"roles.{one.key}"]["name"]).get("id")
    rows = one.look.sandbox._store.rows("role_permissions", role)
    there = {
        (row.document["resource_server_identifier"], row.document["permission_name"])
        for row in rows
    }
    wanted = {
        (one.world[f"resource_servers.{api}"]["identifier"], scope)
        for api, scopes in one.fields["permissions"].items()
        for scope in scopes
    }
    yield from _differs("permissions", wanted, there)


def _action(one: One) -> Iterator[str]:
    have = one.look.named("actions", "name", one.fields["name"])
    deployed = have.get("deployed_version") or {}
    yield from _lacks({"name": one.fields["name"], "code": one.fields["code"]}, have)
    yield from _lacks({"all_changes_deployed": True}, have)
    yield from _lacks({"code": one.fields["code"]}, deployed, ".deployed_version")
    secrets = {name: SECRETS[secret.name] for name, secret in one.fields["secrets"].items()}
    for version in (have, deployed):
        kept = {item["name"]: item["value"] for item in version.get("secrets", [])}
        yield from _differs("secrets", secrets, kept)
        kept = {item["name"]: item["version"] for item in version.get("dependencies", [])}
        yield from _differs("dependencies", one.fields["dependencies"], kept)


def _bindings(one: One) -> Iterator[str]:
    have = one.look.sandbox.documents("action_trigger_bindings").get(one.key, {"bindings": []})
    names = {id: action["name"] for id, action in one.look.sandbox.documents("actions").items()}
    there = [names[binding["action_id"]] for binding in have["bindings"]]
    yield from _differs("order", [f"actions.{action}" for action in one.fields], there)


def _stream(one: One) -> Iterator[str]:
    have = one.look.named("log_streams", "name", one.fields["name"])
    yield from _lacks({k: v for k, v in one.fields.items() if k != "filters"}, have)
    yield from _differs("filters", _bag(one.fields["filters"]), _bag(have.get("filters")))


def _acl(one: One) -> Iterator[str]:
    have = one.look.named("network_acls", "description", one.fields["description"])
    yield from _lacks({k: v for k, v in one.fields.items() if k != "rule"}, have)
    rule = have.get("rule", {})
    yield from _lacks({k: v for k, v in one.fields["rule"].items() if k != "match"}, rule)
    codes = one.fields["rule"]["match"]["geo_country_codes"]
    there = rule.get("match", {}).get("geo_country_codes")
    yield from _differs("countries", _bag(codes), _bag(there))


def _single(table: str, sets: frozenset[str] = frozenset()) -> Callable[..., Iterator[str]]:
    def seen(one: One) -> Iterator[str]:
        documents = one.look.sandbox.documents(table.format(key=one.key))
        have = documents.get(one.key) or documents.get("") or next(iter(documents.values()), {})
        yield from _lacks({k: v for k, v in one.fields.items() if k not in sets}, have)
        for name in sets & one.fields.keys():
            yield from _differs(name, _bag(one.fields[name]), _bag(have.get(name)))

    return seen


def _tenant(one: One) -> Iterator[str]:
    """A lifetime of a week is what a tenant has that tells none: nobody needs to write it."""
    key = one.fields["default_directory"]
    fields = {**one.fields, "default_directory": _name(one, key) if key else None}
    (have,) = one.look.all("tenant_settings")
    if fields["session_lifetime"] == WEEK and "session_lifetime" not in have:
        del fields["session_lifetime"]
    yield from _single("tenant_settings", frozenset({"allowed_logout_urls"}))(
        One(one.look, one.world, "", fields)
    )


def _template(one: One) -> Iterator[str]:
    (have,) = one.look.all("branding_universal_login_template") or [{}]
    yield from _lacks({"body": one.fields["template"]}, have)


SEEN: Mapping[str, Callable[[One], Iterator[str]]] = {
    "tenant": _tenant,
    "clients": _client,
    "resource_servers": _api,
    "client_grants": _grant,
    "connections": _connection,
    "connection_clients": _members,
    "roles": _role,
    "role_permissions": _permissions,
    "actions": _action,
    "trigger_bindings": _bindings,
    "log_streams": _stream,
    "network_acls": _acl,
    "custom_domains": _single("custom_domains"),
    "universal_login_template": _template,
    "branding": _single("branding"),
    "branding_theme": _single("branding_themes"),
    "email_provider": _single("email_provider"),
    "email_templates": _single("email_templates"),
    "prompts": _single("prompts_settings"),
    "prompt_custom_text": _single("prompt_custom_text"),
    "attack_protection": _single("attack_protection_{key}", frozenset({"shields", "allowlist"})),
}
