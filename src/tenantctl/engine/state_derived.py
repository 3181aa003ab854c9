"""What checks read that no field says: it follows from several resources. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tenantctl.engine.certificates import days_left
from tenantctl.engine.checks import Item
from tenantctl.engine.state_fields import Naming, Sight, specs
from tenantctl.kinds import KINDS
from tenantctl.model import Address, Json, Origin, Ref, Value
from tenantctl.playbooks import scopes

Derived = tuple[Mapping[str, Json], Mapping[str, str]]
"""Fields, and those that are not known with the reason."""
HIDDEN = "its certificate is kept as a secret, or is none"
STRANGE = "it is enabled for an application that nobody declares"


def _of(name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = scopes()["relations"][name]
    return found


def _kind(name: str) -> str:
    """The kind that a scope is made of."""
    found: str = specs()[_of(name)["scope"]]["kind"]
    return found


def derive(found: Sight, names: Naming) -> Mapping[str, Derived]:
    """The derived fields of each item, by its name."""
    used = _used(found)
    made: dict[str, Derived] = {}
    for address, seen in found.items():
        if address.kind == _kind("connection"):
            made[str(address)] = _connection(address, seen.fields, used, found, names)
        elif address.kind == _kind("organization"):
            made[str(address)] = _organization(address, found)
        elif address.kind == _kind("action"):
            made[str(address)] = _action(address, found, names)
    return made


def _members(name: str, relation: str, key: str, found: Sight) -> list[Value]:
    """What hangs on a thing of a scope, as its elements, or what these are known by."""
    attached = specs()[_of(name)["scope"]]["attach"][_of(name)[relation]]
    kind = KINDS[attached["kind"]]
    seen = found.get(Address(kind.name, key))
    items = seen.fields.get(kind.members) or () if seen else ()
    return [item.get(kind.by) if kind.by and isinstance(item, Mapping) else item for item in items]


def _refs(values: Iterable[Value]) -> list[Address]:
    return [value.address for value in values if isinstance(value, Ref)]


def _used(found: Sight) -> Counter[Address]:
    """How many organizations have each connection."""
    kind = _kind("organization")
    keys = [address.key for address in found if address.kind == kind]
    return Counter(
        address
        for key in keys
        for address in set(_refs(_members("organization", "linked", key, found)))
    )


def _connection(
    address: Address,
    fields: Mapping[str, Value],
    used: Counter[Address],
    found: Sight,
    names: Naming,
) -> Derived:
    clients = _members("connection", "served", address.key, found)
    value: dict[str, Json] = {
        "_used_by_organizations": used[address],
        "_org_only": used[address] > 0 and not clients,
    }
    unknown: dict[str, str] = {}
    audience, sure = _audience(clients, found)
    if audience:
        value["_audience"] = audience
    if not sure:
        unknown["_audience"] = STRANGE
    options = fields.get(_of("connection")["options"]) or {}
    given = [options[name] for name in scopes()["relations"]["certificates"] if options.get(name)]
    plain = [names.plain(each) for each in given]
    days = days_left([each for each in plain if isinstance(each, str)], names.facts.now)
    if days is not None:
        value["_cert_days_left"] = days
    if any(not isinstance(each, str) for each in given) or (given and days is None):
        unknown["_cert_days_left"] = HIDDEN
    return value, unknown


def _audience(clients: Iterable[Value], found: Sight) -> tuple[str, bool]:
    """Whom a connection serves, and whether that is sure whoever else it is enabled for."""
    spec, said, strange = _of("client"), set[str](), False
    for client in clients:
        seen = found.get(client.address) if isinstance(client, Ref) else None
        strange = strange or seen is None
        if seen is not None:
            said.add(_inside(seen.fields, spec["audience"]) or spec["usual"])
    if len(said) > 1:
        return "mixed", True
    return next(iter(said), ""), not strange


def _inside(value: Value, path: Iterable[str]) -> str:
    for part in path:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value if isinstance(value, str) else ""


def _organization(address: Address, found: Sight) -> Derived:
    strategy = _of("connection")["strategy"]
    seen = _refs(_members("organization", "linked", address.key, found))
    strategies = [found[each].fields.get(strategy) for each in seen if each in found]
    lost = len(seen) - len(strategies)
    relations = scopes()["relations"]
    names = {"_enterprise_connections": "enterprise", "_database_connections": "database"}
    value = {
        name: sum(each in relations[word] for each in strategies) for name, word in names.items()
    }
    why = "it has a connection that nobody declares"
    return value, dict.fromkeys(names, why) if lost else {}


def _action(address: Address, found: Sight, names: Naming) -> Derived:
    spec = _of("action")
    triggers = specs()[spec["triggers"]]["kind"]
    bound = any(
        isinstance(ref := binding.get(spec["by"]), Ref) and ref.address == address
        for seen in found.values()
        if seen.address.kind == triggers
        for binding in seen.fields.get(spec["bound"]) or ()
    )
    project = names.facts.project
    library = project.parameters.get("library_actions", ()) if project else ()
    unknown = {} if project else {"_library": "the files were not read"}
    return {"_bound": bound, "_library": address.key in library}, unknown


def dangling(found: Sight, names: Naming) -> tuple[Item, ...] | str:
    """Permissions that no API declares; why that is not known, where nothing else is wrong."""
    apis = dict(_apis(found, names))
    lost = [*_roles(found, names), *_grants(found, names)]
    items: list[Item] = []
    unsure: dict[str, None] = {}
    for owner, api, permission, origin in lost:
        if (there := apis.get(api)) is None:
            unsure[api] = None
        elif permission not in there:
            name = f"{owner}: {permission}"
            value = {"name": name, "permission": permission, "resource_server": api}
            items.append(Item(value, f"{owner} has {permission} of {api}", origin))
    if unsure and not items:
        return f"the files do not say which permissions there are of {', '.join(unsure)}"
    return tuple(items)


Held = tuple[str, str, str, Origin | None]
"""Who has a permission, of which API, which one, and where that is written."""


def _apis(found: Sight, names: Naming) -> Iterator[tuple[str, frozenset[str] | None]]:
    """The permissions of each API by its identifier; None where nobody says."""
    spec, kind = _of("api"), KINDS[_kind("api")]
    for key in kind.system:
        system = names.key_of(Address(kind.name, key))
        yield str(system.get(spec["identifier"], key)), None
    for address, seen in found.items():
        if address.kind != kind.name or address.key in kind.system:
            continue
        named = seen.fields.get(spec["held"])
        said = frozenset(each.get(spec["name"]) for each in named) if named is not None else None
        yield names.name(Ref(address, spec["identifier"])), said


def _roles(found: Sight, names: Naming) -> Iterator[Held]:
    spec = _of("role")
    attached = specs()[spec["scope"]]["attach"][spec["held"]]
    for address, seen in found.items():
        if address.kind == attached["kind"]:
            owner = str(Address(_kind("role"), address.key))
            for item in seen.fields.get(attached["field"]) or ():
                api = names.plain(item.get(spec["api"]))
                yield owner, str(api), str(item.get(spec["name"])), seen.origin


def _grants(found: Sight, names: Naming) -> Iterator[Held]:
    """What clients are granted of APIs that are not Auth0's own."""
    spec, system = _of("grant"), KINDS[_kind("api")].system
    for address, seen in found.items():
        if address.kind != _kind("grant"):
            continue
        api = seen.fields.get(spec["api"])
        if isinstance(api, Ref) and api.address.key in system:
            continue
        for permission in seen.fields.get(spec["held"]) or ():
            yield str(address), str(names.plain(api)), str(permission), seen.origin
