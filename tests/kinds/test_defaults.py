"""
What goes without saying, against the embedded tenant, which has a knowledge of its own.

Objects are made of the least that makes them, and a tenant is looked at on its first day. What is
there although nobody said it either goes without saying, or stands in `filled_in.yaml` with the
reason why an export says it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from kinds.laws.ground import ground_of, prepare_states
from kinds.laws.table import Case, every_case
from support.largely import mostly
from tenantctl.kinds import KINDS, element_key, said, unsaid, variants, write_shape
from tenantctl.model import ABSENT, Address, Identity, Scope, Tenant

FILLED_IN = yaml.load(
    (Path(__file__).parent / "filled_in.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
)
ALL_OF_IT = {
    "client_credentials",
    "event_streams",
    "flow_vault_connections",
    "log_streams",
    "universal_login_template",
}
"""Kinds whose bodies cannot be cut by what their shapes require alone."""
TELLING = {"strategy", "app_type"}
CLIENTS = {
    **{sort: {"app_type": sort} for sort in ("spa", "native", "regular_web", "non_interactive")},
    "plain": {},
    "secret": {"token_endpoint_auth_method": "client_secret_post"},
    "public": {"token_endpoint_auth_method": "none"},
    "theirs": {"is_first_party": False},
    "theirs-public": {"is_first_party": False, "token_endpoint_auth_method": "none"},
    "theirs-strict": {"is_first_party": False, "third_party_security_mode": "strict"},
    "rotating": {"refresh_token": {"rotation_type": "rotating", "expiration_type": "expiring"}},
}
STRATEGIES = {name: {"strategy": name} for name in sorted(variants(KINDS["connections"]).names)}
SORTS = {"clients": CLIENTS, "connections": STRATEGIES}


def least(case: Case) -> Case:
    """The case with what a create requires, and what decides about the rest."""
    kind = case.kind
    if kind.members or kind.name in ALL_OF_IT:
        return case
    shape = write_shape(kind, Address(kind.name, case.key), "create")
    kept = {*shape.get("required", ()), *kind.key, *TELLING}
    return replace(case, fields={n: v for n, v in case.fields.items() if n in kept})


def least_cases(kind: str) -> Iterator[Case]:
    """One case of each sort that the tables have, and of what decides about the rest."""
    seen = set()
    for case in map(least, every_case()):
        sort = (case.key if case.kind.fixed else "", *sorted(case.fields))
        sort += tuple(str(case.fields.get(name)) for name in ("type", *sorted(TELLING)))
        if case.kind.name == kind and sort not in seen:
            seen.add(sort)
            yield case
    if kind in SORTS:
        bodies = {name: {"name": f"it-is-{name}", **body} for name, body in SORTS[kind].items()}
        first = next(iter(bodies))
        yield Case(KINDS[kind], "sorts", first, bodies.pop(first), kind, {kind: bodies})


def read(ground, addresses):
    """What the gateway reads at *addresses*."""

    async def job(gateway):
        return await gateway.read(Scope(addresses, Tenant({})))

    return ground._job(job, ground.vault(ground.load()))


def more(found, declared, path=()):
    """The paths at which *found* says something that *declared* does not mention."""
    if isinstance(found, dict) and isinstance(declared, dict):
        for key, value in found.items():
            if key in declared:
                yield from more(value, declared[key], (*path, key))
            else:
                yield from paths(value, (*path, key))
    elif isinstance(found, list) and isinstance(declared, list):
        by = next((k for k in ("name", "id", "value") if declared and k in declared[0]), "")
        pairs = {element_key(item, by): item for item in declared if by}
        for item in found if by else ():
            yield from more(item, pairs.get(element_key(item, by), item), (*path, "[]"))


def paths(value, path):
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from paths(item, (*path, key))
    else:
        yield path


def filled_in(kind, resource, declared=None):
    """The paths, with dots, that *resource* says of itself beyond what is *declared* of it."""
    words = said(kind, resource.address.key, resource.fields)
    return {".".join(path) for path in more(words, declared or {})}


@pytest.fixture(scope="module")
def first_day(tmp_path_factory):
    """A project that declares next to nothing, with a new tenant."""
    case = next(case for case in every_case() if case.kind.name == "roles")
    ground = ground_of(case, tmp_path_factory.mktemp("first"))
    ground.declare(None)
    yield ground
    ground.sandbox.close()


DECLARED = sorted(name for name, kind in KINDS.items() if not kind.given)


@pytest.mark.parametrize("name", mostly(DECLARED, fast=DECLARED[::8], rest=pytest.mark.thorough))
def test_what_is_there_unasked_goes_without_saying_or_is_said_for_a_reason(
    name, tmp_path, first_day
):
    kind, found = KINDS[name], set()
    for number, case in enumerate(least_cases(name)):
        ground = ground_of(case, tmp_path / str(number))
        prepare_states(ground)
        desired = ground.load().desired
        mine = {a: d.identity for a, d in desired.declarations.items() if a.kind == name}
        for resource in read(ground, mine):
            declared = desired.tenant.get(resource.address)
            found |= filled_in(kind, resource, dict(declared.fields))
        ground.sandbox.close()
    keys = kind.values if len(kind.parts) == 1 else [""] if kind.singleton else []
    for resource in read(first_day, {Address(name, key): Identity() for key in keys}):
        found |= filled_in(kind, resource)
    assert found == set(FILLED_IN.get(name, {}))


def test_every_reason_is_one():
    for name, reasons in FILLED_IN.items():
        assert name in KINDS
        assert all(len(reason.split()) >= 4 for reason in reasons.values())


REFRESH = {"rotation_type": "non-rotating", "expiration_type": "non-expiring"}
CASES = [
    ("clients", {"jwt_configuration": {"lifetime_in_seconds": 36000}}, {}),
    ("clients", {"jwt_configuration": {"lifetime_in_seconds": 1, "alg": "HS256"}}, None),
    ("clients", {"addons": {"samlp": {"signResponse": False}}}, {"addons": {"samlp": {}}}),
    ("clients", {"addons": {"wsfed": {}}}, None),
    ("clients", {"refresh_token": {**REFRESH, "leeway": 0}}, {}),
    ("clients", {"refresh_token": {**REFRESH, "leeway": 9}}, None),
    (
        "clients",
        {"refresh_token": REFRESH | {"token_lifetime": 2592000, "leeway": 9}},
        {"refresh_token": REFRESH | {"leeway": 9}},
    ),
    ("clients", {"callbacks": [], "client_metadata": {}, "description": ""}, {}),
    ("clients", {"client_metadata": {"a": "b"}}, None),
    ("connections", {"name": "A", "realms": ["A"]}, {"name": "A"}),
    ("connections", {"name": "A", "realms": ["A", "B"]}, None),
    ("connections", {"strategy": "oidc", "name": "A", "display_name": "A"}, {"display_name"}),
    ("connections", {"strategy": "auth0", "name": "A", "display_name": "A"}, None),
    ("connections", {"strategy": "auth0", "options": {"mfa": {"active": True}}}, {"options"}),
    ("connections", {"strategy": "samlp", "options": {"mfa": {"active": True}}}, None),
    ("tenant", {"flags": {"enable_sso": True, "other": False}}, {}),
    ("tenant", {"flags": {"enable_sso": False, "other": True}}, None),
    ("tenant", {"default_audience": ""}, {}),
    ("attack_protection.brute_force_protection", {"shields": ["user_notification", "block"]}, {}),
    ("attack_protection.brute_force_protection", {"shields": []}, None),
    ("attack_protection.breached_password_detection", {"shields": []}, {}),
    ("log_streams", {"isPriority": True, "filters": []}, None),
    ("log_streams", {"isPriority": False, "filters": []}, {}),
]
"""Kind (and key), fields, and what is left: None for all of it, or the fields that go."""


@pytest.mark.parametrize(("at", "fields", "left"), CASES)
def test_what_goes_without_saying_is_not_said(at, fields, left):
    name, _, key = at.partition(".")
    if left is None:
        left = fields
    elif isinstance(left, set):
        left = {field: value for field, value in fields.items() if field not in left}
    assert said(KINDS[name], key, fields) == left


@pytest.mark.parametrize("name", sorted(KINDS))
def test_what_a_create_requires_is_always_said(name):
    kind = KINDS[name]
    if kind.given or kind.members or kind.singleton or (kind.fixed and kind.immortal):
        return
    for key in kind.values or ("x",):
        required = write_shape(kind, Address(name, key), "create").get("required", ())
        for field in required:
            rules = [rule for rule in kind.rules if rule.at == (field,)]
            assert all(rule.default is ABSENT and rule.initial is ABSENT for rule in rules)
            assert unsaid(kind, key, {}, (field,)) is ABSENT
